"""Going: at once, alone, with one's own words and none of the other's."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from conftest import NOON, PASSPHRASE, Someone
from nearer.people.models import Grant, Membership, Person, Space
from nearer.people.queries import opened_bond
from nearer.practices.listening.actions.own import keep_try
from nearer.practices.listening.actions.rounds import Brought, Opening, begin, make_move
from nearer.practices.listening.models import DrillTry, ListeningRound, Reflection
from nearer.practices.listening.queries import rounds
from nearer.practices.listening.rules import Mode, Move
from nearer.stage.queries import place_at
from nearer.stage.rules import Phones
from nearer.vault.fields import taken_back

HEARD, CAUGHT = "You were proud of the attic.", "That I built it alone."


def practised(ana: Someone, bo: Someone, space: Space) -> ListeningRound:
    """A round in which Bo gave back something and Ana said what was caught."""
    bond = opened_bond(space, ana.person, ana.keyring)
    opening = Opening(Mode.SAME_ROOM, Phones.TWO, 4, 2, i_speak_first=True, topic="")
    row, _key = begin(bond, ana.keyring, opening, now=NOON)
    steps = [(ana, Move.READY, ""), (bo, Move.READY, ""), (ana, Move.SPOKE, "")]
    for who, move, words in [*steps, (bo, Move.REFLECTED, HEARD), (ana, Move.YES, CAUGHT)]:
        place = place_at(who.here, row.pk, room="listening")
        make_move(
            place,
            move,
            seat=who.person.id,
            moment=rounds.seen_at(place).moment,
            brought=Brought(words),
            now=NOON,
        )
    return row


def exported(who: Someone) -> tuple[dict[str, Any], str]:
    said = {"passphrase": f"{PASSPHRASE} {who.name}"}
    packed = who.client.post(reverse("web:export"), said).content
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        page = archive.read("my-words.html").decode()
        return json.loads(archive.read("my-words.json")), page


def test_export_holds_own_words_to_read_and_for_programs(
    ana: Someone, bo: Someone, space: Space
) -> None:
    practised(ana, bo, space)
    keep_try(ana.person, ana.keyring, scene="attic", words="So you built it.", now=NOON)
    data, page = exported(ana)
    assert [entry["words"] for entry in data["bonds"][0]["rooms"]["listening"]] == [CAUGHT]
    assert data["private"]["listening"][0]["words"] == "So you built it."
    assert all(words in page for words in (CAUGHT, "So you built it."))


def test_export_holds_nothing_the_other_wrote(ana: Someone, bo: Someone, space: Space) -> None:
    practised(ana, bo, space)
    data, page = exported(ana)
    assert HEARD not in json.dumps(data) + page


def test_leaving_takes_own_words_along_and_leaves_a_mark(
    ana: Someone, bo: Someone, space: Space
) -> None:
    row = practised(ana, bo, space)
    assert bo.client.post(reverse("web:leave_bond", args=[space.id])).status_code == 302
    ListeningRound.objects.filter(pk=row.pk).update(step="done")
    page = ana.client.get(reverse("listening:session", args=[row.pk])).content.decode()
    assert ("Taken back" in page, HEARD in page, "That I built it alone." in page) == (
        True,
        False,
        True,
    )


def shown(who: Someone, name: str, *args: object) -> str:
    return " ".join(who.client.get(reverse(name, args=args)).content.decode().split())


def test_leave_page_says_what_leaving_does(ana: Someone, bo: Someone, space: Space) -> None:
    row = practised(ana, bo, space)
    page = shown(bo, "web:leave_bond", space.id)
    assert "Everything you wrote in this bond, also where Ana has read it." in page
    assert "Ana is told that you left, and on which day." in page
    bo.client.post(reverse("web:leave_bond", args=[space.id]))
    assert taken_back(Reflection.objects.get(turn__round=row), "words")
    assert "Bo left on" in shown(ana, "people:bond", space.id)


def test_who_stays_reads_who_left_and_what_stays(ana: Someone, bo: Someone, space: Space) -> None:
    practised(ana, bo, space)
    bo.client.post(reverse("web:leave_bond", args=[space.id]))
    space.refresh_from_db()
    assert space.ended_at
    day = date_format(timezone.localtime(space.ended_at), "j F Y")
    page = shown(ana, "people:bond", space.id)
    assert f"Bo left on {day}. What Bo wrote is gone;" in page
    assert "What you wrote, your ratings and the lines you kept stay here for you." in page
    assert "stays readable" not in page
    assert "You can leave at any time" not in page
    assert "Nobody but you is in this bond." in page


def test_pages_of_who_stays_look_forward_to_nothing_with_who_left(
    ana: Someone, bo: Someone, space: Space
) -> None:
    bo.client.post(reverse("web:leave_bond", args=[space.id]))
    today = shown(ana, "web:today")
    assert "Ana &amp; Bo" not in today
    assert reverse("listening:picture", args=[space.id]) not in today
    assert reverse("people:new_bond") in today
    assert "Bo left on" in shown(ana, "web:us")
    assert shown(ana, "listening:picture", space.id) == ""
    assert "Make a bond first." in shown(ana, "listening:home")


def test_picture_of_a_bond_that_goes_on_begins_even_with_nothing_in_it(
    ana: Someone, bo: Someone, space: Space
) -> None:
    assert "a picture begins here" in shown(ana, "listening:picture", space.id)


def test_pages_of_who_left_know_nothing_of_the_bond(
    ana: Someone, bo: Someone, space: Space
) -> None:
    bo.client.post(reverse("web:leave_bond", args=[space.id]))
    for name in ("web:today", "web:us"):
        page = shown(bo, name)
        assert "Bo &amp; Ana" not in page
        assert str(space.id) not in page


def test_last_one_is_told_that_the_whole_bond_goes(ana: Someone, bo: Someone, space: Space) -> None:
    bo.client.post(reverse("web:leave_bond", args=[space.id]))
    page = shown(ana, "web:leave_bond", space.id)
    assert "The whole bond, for good" in page
    assert "Bo is told" not in page


def test_somebody_who_left_opens_nothing_of_the_bond(
    ana: Someone, bo: Someone, space: Space
) -> None:
    row = practised(ana, bo, space)
    bo.client.post(reverse("web:leave_bond", args=[space.id]))
    for name in ("listening:round", "listening:session"):
        assert bo.client.get(reverse(name, args=[row.pk])).status_code == 404
    assert not Grant.objects.filter(space=space, person=bo.person).exists()


def test_other_one_gets_a_new_key_and_keeps_reading(
    ana: Someone, bo: Someone, space: Space
) -> None:
    bo.client.post(reverse("web:leave_bond", args=[space.id]))
    space.refresh_from_db()
    assert ana.keyring.newest(space.id).version == space.key_version == 2
    assert opened_bond(space, ana.person, ana.keyring).other_name == "Bo"


def test_stranger_cannot_end_a_bond(cy: Someone, ana: Someone, bo: Someone, space: Space) -> None:
    assert cy.client.post(reverse("web:leave_bond", args=[space.id])).status_code == 404
    assert Membership.objects.filter(space=space, left_at=None).count() == 2


def test_looking_at_the_leave_page_changes_nothing(bo: Someone, space: Space) -> None:
    bo.client.get(reverse("web:leave_bond", args=[space.id]))
    assert Membership.objects.filter(space=space, left_at=None).count() == 2


def test_deleted_account_leaves_no_row_and_no_word(ana: Someone, bo: Someone, space: Space) -> None:
    practised(ana, bo, space)
    keep_try(bo.person, bo.keyring, scene="attic", words="So you built it.", now=NOON)
    response = bo.client.post(reverse("web:delete_account"), {"passphrase": f"{PASSPHRASE} Bo"})
    assert "It is done" in response.content.decode()
    assert "storage" in response.headers["Clear-Site-Data"]
    assert not Person.objects.filter(pk=bo.person.pk).exists()
    assert not DrillTry.objects.exists()
    assert taken_back(Reflection.objects.get(), "words")


@pytest.mark.parametrize("passphrase", ["", f"{PASSPHRASE} Bo"])
@pytest.mark.parametrize("name", ["web:export", "web:delete_account"])
def test_unlocked_phone_alone_gives_no_words_away_and_deletes_nobody(
    ana: Someone, name: str, passphrase: str
) -> None:
    response = ana.client.post(reverse(name), {"passphrase": passphrase})
    assert response.headers["Content-Type"].startswith("text/html")
    assert Person.objects.filter(pk=ana.person.pk).exists()


def test_export_is_asked_for_on_a_page_of_its_own(ana: Someone) -> None:
    assert 'name="passphrase"' in ana.client.get(reverse("web:export")).content.decode()


def test_last_one_who_leaves_takes_the_bond_along(ana: Someone, bo: Someone, space: Space) -> None:
    for who in (bo, ana):
        who.client.post(reverse("web:leave_bond", args=[space.id]))
    assert not Space.objects.filter(pk=space.pk).exists()
