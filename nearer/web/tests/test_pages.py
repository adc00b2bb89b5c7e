"""The pages of the shell: what each offers, and to whom."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import NOON, Someone
from nearer.diary.actions import note
from nearer.people.models import Space
from nearer.people.queries import opened_bond
from nearer.practices.listening.actions.own import keep_try
from nearer.practices.listening.actions.rounds import Opening, Paper, begin, record_paper
from nearer.practices.listening.prompts import scenes
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


def _done(page: str) -> list[tuple[str, str]]:
    """Each line about what was done: where it leads, and what it says."""
    list_ = page.split("What was done")[1].split("</section>")[0]
    lines = re.findall(r"<li.*?</li>", list_, re.DOTALL)
    leads = [re.search(r'href="([^"]+)"', line) for line in lines]
    told = [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", line)).split()) for line in lines]
    return [(found[1] if found else "", words) for found, words in zip(leads, told, strict=True)]


def test_tries_at_one_scene_on_one_day_are_one_line_that_leads_to_them(ana: Someone) -> None:
    first, second = scenes()[:2]
    for scene, hours in ((first, 0), (first, 1), (second, 2), (first, 3), (first, 24)):
        at = NOON + timedelta(hours=hours)
        keep_try(ana.person, ana.keyring, scene=scene.id, words="So you built it.", now=at)
    to_first, to_second = (reverse("listening:tries_at", args=[each.id]) for each in scenes()[:2])
    assert _done(page_of(ana.client, "us")) == [
        (to_first, f"A drill, alone {first.who} Sunday, 15 March"),
        (to_first, f"A drill, alone {first.who} Saturday, 14 March · 3 tries"),
        (to_second, f"A drill, alone {second.who} Saturday, 14 March"),
    ]
    assert "So you built it." in ana.client.get(to_first).content.decode()


def test_line_about_a_round_leads_both_to_its_page_and_no_stranger(
    ana: Someone, bo: Someone, cy: Someone, space: Space
) -> None:
    paper = Paper(i_spoke=True, caught="The stairs", felt=None, line="")
    row = record_paper(ana.bond(space), ana.keyring, paper, now=NOON)
    address = reverse("listening:session", args=[row.pk])
    assert _done(page_of(ana.client, "us")) == [(address, "A round with Bo Saturday, 14 March")]
    assert _done(page_of(bo.client, "us")) == [(address, "A round with Ana Saturday, 14 March")]
    assert _done(page_of(cy.client, "us")) == []


def test_line_whose_words_are_gone_leads_nowhere(ana: Someone) -> None:
    note(ana.person.private_space, room="listening", what="drill", at=NOON, person=ana.person)
    assert _done(page_of(ana.client, "us")) == [("", "A drill, alone Saturday, 14 March")]


def test_practise_leads_straight_to_a_round_a_drill_and_own_tries(
    ana: Someone, cy: Someone, space: Space
) -> None:
    page = page_of(ana.client, "practise")
    begin = reverse("listening:begin", args=[space.id])
    for address in (begin, *map(reverse, ("listening:drill", "listening:tries"))):
        assert f'href="{address}"' in page
    assert f'href="{begin}"' not in page_of(cy.client, "practise")


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


def test_request_for_another_host_is_refused_with_the_headers_of_every_page(db: None) -> None:
    response = Client(raise_request_exception=False).get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert response.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_me_reminds_of_a_recovery_code_that_was_never_written_down(ana: Someone) -> None:
    assert "no recovery code on paper yet" in page_of(ana.client, "me")
    ana.person.has_kept_code = True
    ana.person.save()
    assert "no recovery code on paper yet" not in page_of(ana.client, "me")


def test_pages_are_kept_by_no_cache(ana: Someone) -> None:
    for name in TABS:
        assert ana.client.get(reverse(f"web:{name}")).headers["Cache-Control"] == "no-store"
