"""The pages of the shell: what each offers, and to whom."""

from __future__ import annotations

import html
import re
import tomllib
from datetime import date, datetime, timedelta
from html import unescape
from importlib.resources import files
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

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


SAFETY = tomllib.loads(
    files("nearer.web.content").joinpath("safety.en.toml").read_text(encoding="utf-8")
)
LINES = [(country, line) for country in SAFETY["help"]["country"] for line in country["line"]]


def test_staying_safe_begins_with_a_way_to_the_help_lines(db: None) -> None:
    page = page_of(Client(), "safety")
    assert page.index('href="#help"') < page.index('class="card"') < page.index('id="help"')


@pytest.mark.parametrize(("country", "line"), LINES)
def test_each_help_line_can_be_tapped_and_says_whom_it_is_for_and_where_it_was_read(
    db: None, country: dict[str, Any], line: dict[str, Any]
) -> None:
    page = page_of(Client(), "safety")
    for number in (*country["emergency"], line["number"]):
        assert f'href="tel:{number.replace(" ", "")}"' in page
    assert f"For {escape(line['for_whom'])}." in page
    assert (line["source"], line["checked"]) > ("", date(2026, 1, 1))


def test_each_country_has_a_line_for_somebody_who_may_want_to_die() -> None:
    despair = {country["code"] for country, line in LINES if line.get("for_despair")}
    assert despair == {country["code"] for country in SAFETY["help"]["country"]}
    assert "findahelpline.com" in SAFETY["help"]["anywhere"]


def test_lines_for_those_who_hurt_somebody_are_marked_and_their_countries_named(db: None) -> None:
    marked = {country["name"] for country, line in LINES if line.get("also_hurting")}
    named = SAFETY["when_not"]["also_you"]
    assert {each["name"] for each in SAFETY["help"]["country"] if each["name"] in named} == marked
    assert page_of(Client(), "safety").count("Talks with people who hurt somebody") == sum(
        bool(line.get("also_hurting")) for _country, line in LINES
    )


def test_staying_safe_is_reached_from_every_page(ana: Someone, space: Space) -> None:
    opening = Opening(Mode.SAME_ROOM, Phones.TWO, 4, 2, i_speak_first=True, topic="")
    bond = opened_bond(space, ana.person, ana.keyring)
    row, _key = begin(bond, ana.keyring, opening, now=timezone.now())
    inside = [reverse(f"web:{name}") for name in TABS]
    inside += [reverse("listening:home"), reverse("listening:round", args=[row.pk])]
    inside += [reverse("listening:leave", args=[row.pk]), reverse("people:bond", args=[space.id])]
    pages = [ana.client.get(path) for path in inside]
    pages += [ana.client.get(reverse("listening:drill"), follow=True)]
    pages += [Client().get(path) for path in ("/", reverse("people:sign_in"), "/offline/")]
    link = f'href="{reverse("web:safety")}"'
    assert [page.content.decode().count(link) for page in pages] == [1] * len(pages)


def test_the_way_out_has_one_name_and_a_round_no_other_that_sounds_like_it(
    ana: Someone, space: Space
) -> None:
    opening = Opening(Mode.SAME_ROOM, Phones.TWO, 4, 2, i_speak_first=True, topic="")
    bond = opened_bond(space, ana.person, ana.keyring)
    row, _key = begin(bond, ana.keyring, opening, now=timezone.now())
    page = ana.client.get(reverse("listening:round", args=[row.pk])).content.decode()
    assert "Leave or end" in page
    assert not re.search(r">\s*Leave\s*<", page)
    for name in ("safety", "learn"):
        assert "quick exit" not in page_of(ana.client, name).lower()


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
