"""The listening room over HTTP, for the two, for a guest and for a stranger."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import NOON, Someone, client_of, signed_up
from nearer.people.bonds import accept_invitation, invite, open_invitation
from nearer.people.devices import hand_over, open_device, unlock
from nearer.people.models import Space
from nearer.practices.listening.models import ListeningRound, ListeningTurn, Reflection
from nearer.practices.listening.prompts import scenes
from nearer.practices.listening.rules import Step
from nearer.stage.models import Sitting
from nearer.vault.fields import taken_back

OPENING = {
    "mode": "same_room",
    "phones": "two",
    "first": "me",
    "minutes": "4",
    "turns": "2",
    "topic": "The attic stairs",
}


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"\s+value="([^"]*)"', page)
    assert found, f"no field {name}"
    return found[1]


def begun(who: Someone, space: Space, **changes: str) -> UUID:
    address = reverse("listening:begin", args=[space.id])
    response = who.client.post(address, OPENING | changes)
    assert response.status_code == 302, response.context["form"].errors
    row = ListeningRound.objects.get()
    return row.sitting_id


def stage(client: Client, round_id: UUID) -> str:
    return client.get(reverse("listening:stage", args=[round_id])).content.decode()


def tap(client: Client, round_id: UUID, move: str, **words: str) -> tuple[int, str]:
    page = stage(client, round_id)
    data = {"moment": hidden(page, "moment"), "by": hidden(page, "by"), "move_made": move} | words
    response = client.post(
        reverse("listening:move", args=[round_id]), data, headers={"HX-Request": "true"}
    )
    return response.status_code, response.content.decode()


def step_of(round_id: UUID) -> Step:
    return Step(ListeningRound.objects.get(pk=round_id).step)


def test_whole_turn_works_without_a_typed_word(ana: Someone, bo: Someone, space: Space) -> None:
    round_id = begun(ana, space)
    moves = [(ana, "ready"), (bo, "ready"), (ana, "spoke"), (bo, "aloud"), (ana, "yes")]
    moves += [(bo, "aloud"), (ana, "right")]
    for who, move in moves:
        assert tap(who.client, round_id, move)[0] == 200
    ratings = {"understood": "8", "valued": "7", "cared_for": "9"}
    assert tap(ana.client, round_id, "rated", **ratings)[0] == 200
    assert step_of(round_id) is Step.CHANGE


def test_two_ratings_of_three_are_asked_for_again(ana: Someone, bo: Someone, space: Space) -> None:
    round_id = begun(ana, space)
    for who, move in [(ana, "ready"), (bo, "ready"), (ana, "spoke"), (bo, "aloud"), (ana, "yes")]:
        tap(who.client, round_id, move)
    tap(bo.client, round_id, "skip")
    status, page = tap(ana.client, round_id, "rated", understood="8", valued="7")
    assert (status, "Set all three" in page) == (422, True)
    assert 'value="8"' in page


def test_late_tap_brings_the_page_of_now_and_the_words_back(
    ana: Someone, bo: Someone, space: Space
) -> None:
    round_id = begun(ana, space)
    for who, move in [(ana, "ready"), (bo, "ready"), (ana, "spoke")]:
        tap(who.client, round_id, move)
    page = stage(bo.client, round_id)
    tap(bo.client, round_id, "reflected", words="You were proud of the attic.")
    data = {"moment": hidden(page, "moment"), "by": hidden(page, "by")}
    response = bo.client.post(
        reverse("listening:move", args=[round_id]),
        data | {"move_made": "reflected", "words": "Something else entirely"},
        headers={"HX-Request": "true"},
    )
    assert response.status_code == 409
    assert "Something else entirely" in response.content.decode()
    assert Reflection.objects.count() == 1


def test_reflection_gets_private_feedback_before_it_is_sent(
    ana: Someone, bo: Someone, space: Space
) -> None:
    round_id = begun(ana, space)
    for who, move in [(ana, "ready"), (bo, "ready"), (ana, "spoke")]:
        tap(who.client, round_id, move)
    address = reverse("listening:feedback", args=[round_id])
    for headers in ({}, {"HX-Request": "true"}):
        response = bo.client.post(address, {"words": "You were proud of it."}, headers=headers)
        page = response.content.decode()
        assert ("Only you see this" in page, 'value="reflected"' in page) == (True, True)
        assert ("<html" in page) is not bool(headers)
    assert "You were proud" not in stage(ana.client, round_id)


def test_stranger_finds_no_round_at_any_address(
    ana: Someone, bo: Someone, cy: Someone, space: Space
) -> None:
    round_id = begun(ana, space)
    for name in ("round", "stage", "leave", "session", "guest_link"):
        assert cy.client.get(reverse(f"listening:{name}", args=[round_id])).status_code == 404
    for name in ("move", "feedback", "keep", "erase"):
        assert cy.client.post(reverse(f"listening:{name}", args=[round_id])).status_code == 404


def test_somebody_signed_out_is_sent_to_the_entrance(
    ana: Someone, bo: Someone, space: Space
) -> None:
    round_id = begun(ana, space)
    response = Client().get(reverse("listening:round", args=[round_id]))
    assert response.headers["Location"].startswith(reverse("people:sign_in"))


def test_phone_that_was_handed_over_opens_nothing_but_the_round(
    ana: Someone, bo: Someone, space: Space
) -> None:
    round_id = begun(ana, space, phones="one")
    assert "One phone" in stage(ana.client, round_id)
    for name in ("web:today", "web:us", "web:me", "listening:home", "people:devices"):
        location = ana.client.get(reverse(name)).headers["Location"]
        assert location.startswith(reverse("people:unlock"))


def test_one_phone_speaks_for_whoever_holds_it(ana: Someone, bo: Someone, space: Space) -> None:
    round_id = begun(ana, space, phones="one")
    for move in ("ready", "spoke", "aloud", "yes", "skip", "skip", "ready", "spoke", "aloud"):
        assert tap(ana.client, round_id, move)[0] == 200
    assert step_of(round_id) is Step.CONFIRM


def test_other_members_phone_cannot_speak_for_both(ana: Someone, bo: Someone, space: Space) -> None:
    round_id = begun(ana, space)
    page = stage(ana.client, round_id)
    data = {"moment": hidden(page, "moment"), "by": str(bo.person.id), "move_made": "ready"}
    response = ana.client.post(
        reverse("listening:move", args=[round_id]), data, headers={"HX-Request": "true"}
    )
    assert response.status_code == 422


def test_door_of_another_round_does_not_open(ana: Someone, bo: Someone, space: Space) -> None:
    first = begun(ana, space)
    key = ana.keyring.newest(space.id)
    hand_over(ana.here, door=f"/listening/round/{UUID(int=5)}/", key=key)
    response = client_of(ana.entered).get(reverse("listening:round", args=[first]))
    assert response.status_code == 302


def test_page_of_a_session_shows_what_was_caught_to_both(
    ana: Someone, bo: Someone, space: Space
) -> None:
    round_id = begun(ana, space)
    for who, move in [(ana, "ready"), (bo, "ready"), (ana, "spoke")]:
        tap(who.client, round_id, move)
    tap(bo.client, round_id, "reflected", words="You were proud of the attic.")
    tap(ana.client, round_id, "yes", words="That I built it alone.")
    tap(ana.client, round_id, "end")
    tap(bo.client, round_id, "skip")
    for who in (ana, bo):
        page = who.client.get(reverse("listening:session", args=[round_id])).content.decode()
        assert "You were proud of the attic." in page
        assert "That I built it alone." in page


def test_drill_answers_with_feedback_and_two_other_ways(ana: Someone) -> None:
    scene = scenes()[0]
    address = reverse("listening:scene", args=[scene.id])
    page = ana.client.post(address, {"words": "You miss it."}).content.decode()
    assert "Only you see this" in page
    assert all(example[:20].split("'")[0] in page for example in scene.examples)


def test_next_drill_is_one_not_met_yet(ana: Someone) -> None:
    seen = set()
    for _time in range(len(scenes())):
        address = ana.client.get(reverse("listening:drill")).headers["Location"]
        seen.add(address)
        ana.client.post(address, {"words": "I hear you."})
    assert len(seen) == len(scenes())


@pytest.mark.parametrize("words", ["", "   "])
def test_empty_reply_is_asked_for_again(ana: Someone, words: str) -> None:
    address = reverse("listening:scene", args=[scenes()[0].id])
    assert ana.client.post(address, {"words": words}).status_code == 422


def test_too_long_reply_says_so_and_keeps_it(ana: Someone) -> None:
    address = reverse("listening:scene", args=[scenes()[0].id])
    page = ana.client.post(address, {"words": "long " * 5000}).content.decode()
    assert "Nothing is lost" in page
    assert page.count("long long") > 2000


def test_round_on_paper_is_typed_in_afterwards(ana: Someone, bo: Someone, space: Space) -> None:
    address = reverse("listening:paper_result", args=[space.id])
    data = {"who": "spoke", "caught": "The stairs", "understood": "7", "valued": "7"}
    response = ana.client.post(address, data | {"cared_for": "8", "line": "Ask about the stairs"})
    own = ana.client.get(response.headers["Location"]).content.decode()
    theirs = bo.client.get(response.headers["Location"]).content.decode()
    assert ("The stairs" in own, "Ask about the stairs" in own) == (True, True)
    assert ("The stairs" in theirs, "Ask about the stairs" in theirs) == (True, False)


def test_new_account_in_place_of_a_lost_one_reads_what_was_caught(
    ana: Someone, bo: Someone, space: Space
) -> None:
    round_id = begun(ana, space)
    for who, move in [(ana, "ready"), (bo, "ready"), (ana, "spoke")]:
        tap(who.client, round_id, move)
    tap(bo.client, round_id, "reflected", words="You were proud of the attic.")
    tap(ana.client, round_id, "yes", words="That I built it alone.")
    tap(ana.client, round_id, "end")
    for who in (ana, bo):
        tap(who.client, round_id, "kept", words=f"For {who.name} alone")
    back = signed_up("Bobby")
    _row, link = invite(space, ana.person, ana.keyring, now=NOON)
    accept_invitation(open_invitation(link.letters, now=NOON), back.person, back.keyring, now=NOON)
    page = back.client.get(reverse("listening:session", args=[round_id])).content.decode()
    assert "That I built it alone." in page
    assert "alone</p>" not in page.replace("built it alone", "")


def test_guest_words_are_shown_only_once_the_guest_lets_them_stay(
    ana: Someone, alone: Space
) -> None:
    round_id = begun(ana, alone, phones="one")
    for move in ("ready", "spoke"):
        tap(ana.client, round_id, move)
    tap(ana.client, round_id, "reflected", words="You missed the train on purpose.")
    for move in ("yes", "end", "skip"):
        tap(ana.client, round_id, move)
    own = client_of(unlock(open_device(now=timezone.now(), label="", person=ana.person), ana.pair))
    address = reverse("listening:session", args=[round_id])
    assert "on purpose" not in own.get(address).content.decode()
    assert own.post(reverse("listening:keep", args=[round_id])).status_code == 404
    ana.client.post(reverse("listening:keep", args=[round_id]))
    assert "on purpose" in own.get(address).content.decode()


def test_guest_who_never_decides_is_taken_to_mean_no(ana: Someone, alone: Space) -> None:
    round_id = begun(ana, alone, phones="one")
    for move in ("ready", "spoke"):
        tap(ana.client, round_id, move)
    tap(ana.client, round_id, "reflected", words="You missed the train on purpose.")
    for move in ("yes", "end", "skip"):
        tap(ana.client, round_id, move)
    Sitting.objects.update(ended_at=timezone.now() - timedelta(days=1))
    own = client_of(unlock(open_device(now=timezone.now(), label="", person=ana.person), ana.pair))
    own.get(reverse("web:today"))
    assert taken_back(Reflection.objects.get(), "words")


def test_unlocked_phone_is_narrowed_before_a_round_on_one_phone_goes_on(
    ana: Someone, bo: Someone, space: Space
) -> None:
    round_id = begun(ana, space, phones="one")
    own = client_of(unlock(open_device(now=timezone.now(), label="", person=ana.person), ana.pair))
    address = reverse("listening:round", args=[round_id])
    assert "Go on here" in own.get(address).content.decode()
    assert own.get(reverse("listening:stage", args=[round_id])).status_code == 404
    own.post(reverse("listening:take_up", args=[round_id]))
    assert "One phone" in stage(own, round_id)
    assert own.get(reverse("web:me")).headers["Location"].startswith(reverse("people:unlock"))


def test_other_member_cannot_take_up_a_round_on_anas_phone(
    ana: Someone, bo: Someone, cy: Someone, space: Space
) -> None:
    round_id = begun(ana, space, phones="one")
    page = bo.client.get(reverse("listening:round", args=[round_id])).content.decode()
    assert "This round is on Ana" in page
    for who in (bo, cy):
        response = who.client.post(reverse("listening:take_up", args=[round_id]))
        assert response.status_code == 404


def test_shared_numbers_can_be_kept_to_oneself_again(
    ana: Someone, bo: Someone, space: Space
) -> None:
    round_id = begun(ana, space)
    for who, move in [(ana, "ready"), (bo, "ready"), (ana, "spoke"), (bo, "aloud"), (ana, "yes")]:
        tap(who.client, round_id, move)
    tap(bo.client, round_id, "skip")
    ratings = {"understood": "8", "valued": "7", "cared_for": "9", "shared": "on"}
    tap(ana.client, round_id, "rated", **ratings)
    tap(ana.client, round_id, "end")
    tap(bo.client, round_id, "skip")
    session = reverse("listening:session", args=[round_id])
    assert "What I meant got across" in bo.client.get(session).content.decode()
    turn = ListeningTurn.objects.get()
    share = reverse("listening:share", args=[round_id, turn.pk])
    assert bo.client.post(share, {"hide": "1"}).status_code == 404
    ana.client.post(share, {"hide": "1"})
    assert "What I meant got across" not in bo.client.get(session).content.decode()
