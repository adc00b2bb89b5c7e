"""The pages of the shell: what each offers, and to whom."""

from __future__ import annotations

from datetime import datetime
from html import unescape

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from conftest import NOON, Someone
from nearer.people.models import Space
from nearer.people.queries import opened_bond
from nearer.practices.listening.actions.rounds import Opening, begin
from nearer.practices.listening.rules import Mode
from nearer.stage.rules import Phones
from nearer.web.views.pages import _greeting

TABS = ("today", "practise", "us", "learn", "me")


def page_of(client: Client, name: str) -> str:
    return client.get(reverse(f"web:{name}")).content.decode()


def title_of(page: str) -> str:
    return page.split("<title>")[1].split("</title>")[0].strip()


@pytest.mark.parametrize(
    ("hour", "words"),
    [(4, "Good evening"), (5, "Good morning"), (12, "Good afternoon"), (18, "Good evening")],
)
def test_greeting_follows_the_clock(hour: int, words: str) -> None:
    assert _greeting(datetime(2026, 3, 14, hour, tzinfo=NOON.tzinfo)) == words


def test_front_door_welcomes_somebody_who_is_signed_out(db: None) -> None:
    assert "A quiet room for the two of you" in page_of(Client(), "today")


@pytest.mark.parametrize("name", TABS[1:])
def test_rooms_of_the_shell_send_somebody_signed_out_to_the_entrance(db: None, name: str) -> None:
    location = Client().get(reverse(f"web:{name}")).headers["Location"]
    assert location.startswith(reverse("people:sign_in"))


def test_safety_can_be_read_signed_out_and_leaves_nothing_but_the_key_of_its_form(
    db: None,
) -> None:
    response = Client().get(reverse("web:safety"))
    assert (response.status_code, list(response.cookies)) == (200, ["nearer-form"])


def test_today_offers_a_drill_to_somebody_alone(ana: Someone) -> None:
    assert reverse("listening:drill") in page_of(ana.client, "today")


def test_today_offers_a_turn_to_two(ana: Someone, space: Space) -> None:
    assert reverse("listening:begin", args=[space.id]) in page_of(ana.client, "today")


def test_today_leads_back_to_an_open_round_both_of_them_and_nobody_else(
    ana: Someone, bo: Someone, cy: Someone, space: Space
) -> None:
    opening = Opening(Mode.SAME_ROOM, Phones.TWO, 4, 2, i_speak_first=True, topic="")
    bond = opened_bond(space, ana.person, ana.keyring)
    row, _key = begin(bond, ana.keyring, opening, now=timezone.now())
    address = reverse("listening:round", args=[row.pk])
    shown = [address in page_of(who.client, "today") for who in (ana, bo, cy)]
    assert shown == [True, True, False]


def test_practise_lists_only_rooms_that_are_built(ana: Someone) -> None:
    page = page_of(ana.client, "practise")
    assert page.count('class="card hue room') == 1
    assert reverse("listening:home") in page


def test_us_shows_a_bond_to_those_in_it_and_to_no_stranger(
    ana: Someone, cy: Someone, space: Space
) -> None:
    address = reverse("people:bond", args=[space.id])
    assert address in page_of(ana.client, "us")
    assert address not in page_of(cy.client, "us")


def test_neutral_name_is_in_every_tab_once_chosen(ana: Someone) -> None:
    assert "· Nearer</title>" in " ".join(page_of(ana.client, "us").split()).replace(
        " </title", "</title"
    )
    ana.client.post(
        reverse("people:house"),
        {"language": "en", "time_zone": "UTC", "idle_minutes": "30", "is_discreet": "on"},
    )
    for name in TABS:
        title = page_of(ana.client, name).split("<title>")[1].split("</title>")[0]
        assert title.strip() == "Notes"
    assert "Nearer" not in page_of(ana.client, "manifest")


@pytest.mark.parametrize(
    "name",
    [
        *("web:safety", "web:export", "web:delete_account"),
        *("people:recover", "people:code", "people:passphrase"),
    ],
)
def test_history_does_not_show_what_somebody_thought_of_doing(ana: Someone, name: str) -> None:
    assert title_of(ana.client.get(reverse(name)).content.decode()) == "Nearer"


def test_history_does_not_show_that_somebody_thought_of_leaving(ana: Someone, space: Space) -> None:
    page = ana.client.get(reverse("web:leave_bond", args=[space.id]))
    assert title_of(page.content.decode()) == "Nearer"


def test_what_goes_and_what_stays_is_said_above_the_button_that_leaves(
    ana: Someone, space: Space
) -> None:
    page = unescape(ana.client.get(reverse("web:leave_bond", args=[space.id])).content.decode())
    said = (
        "What goes",
        "Everything you wrote in this bond, also where Bo has read it.",
        "Your ratings and the lines you kept.",
        "What stays",
        "What Bo wrote stays with ",
        "What was read cannot be unread.",
        "Take my words along first",
        "Leave now",
    )
    at = [page.index(each) for each in said]
    assert at == sorted(at)


def test_what_goes_is_said_for_each_bond_above_the_button_that_deletes(
    ana: Someone, space: Space, alone: Space
) -> None:
    page = unescape(page_of(ana.client, "delete_account"))
    said = [f"You leave the bond with {name}: your words go" for name in ("Bo", "Dee")]
    said += ["Your private pages and your keys go.", "Take my words along first"]
    assert max(map(page.index, said)) < page.index("Delete everything of mine")


def test_request_for_another_host_is_refused_with_the_headers_of_every_page(db: None) -> None:
    response = Client(raise_request_exception=False).get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert response.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["today", "me"])
def test_code_that_was_never_confirmed_is_said_plainly_with_the_way_to_a_new_one(
    ana: Someone, name: str
) -> None:
    page = page_of(ana.client, name)
    assert "Your recovery code was not confirmed." in page
    assert f'href="{reverse("people:code")}">Make a new one, on paper' in page
    ana.person.has_kept_code = True
    ana.person.save()
    assert "was not confirmed" not in page_of(ana.client, name)


def test_me_locks_at_once_and_stays_signed_in(ana: Someone) -> None:
    page = page_of(ana.client, "me")
    form = page.split(f'action="{reverse("people:lock")}"')[-1].split("</form>")[0]
    assert "Lock now" in form
    assert 'name="leave"' not in form
    assert ana.client.post(reverse("people:lock")).headers["Location"] == reverse("people:unlock")
    assert (
        ana.client.get(reverse("web:me")).headers["Location"].startswith(reverse("people:unlock"))
    )


def test_me_speaks_of_a_language_only_where_there_is_one_to_choose(ana: Someone) -> None:
    assert "Language" not in page_of(ana.client, "me")
    with override_settings(LANGUAGES=[("en", "English"), ("de", "Deutsch")]):
        assert "Language, time zone, locking" in page_of(ana.client, "me")


def test_pages_are_kept_by_no_cache(ana: Someone) -> None:
    for name in TABS:
        assert ana.client.get(reverse(f"web:{name}")).headers["Cache-Control"] == "no-store"
