"""Own words to take along: a page that a person can read, and a file for programs."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.template.defaultfilters import date
from django.urls import reverse
from django.utils import timezone

from conftest import NOON, PASSPHRASE, Someone
from nearer.people.models import Space
from nearer.practices.listening.actions.own import keep_try
from nearer.practices.listening.prompts import scenes
from tests.rounds import WORDS, begun, live_in, tap

_TAGS = re.compile(r"<[^>]+>")
_SPACES = re.compile(r"\s+")
LABELS = {
    "drift": "When I notice",
    "plan": "then I will",
    "drill": "Practised alone",
    "topic": "What the round was about",
    "said": "What you wrote when you spoke",
    "caught": "What was caught that mattered",
    "guess_answer": "Your answer to the guess about face and voice",
    "felt": "How it was to be heard",
    "guess": "Your guess about face and voice",
    "reflection": "What you gave back",
    "missing": "What was missing for you",
    "line": "The line you kept",
    "draft": "Written, and not sent",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """What is in the zip."""

    data: dict[str, Any]
    page: str
    """As somebody reads it, without the markup."""

    @property
    def entries(self) -> list[dict[str, Any]]:
        rooms = [self.data["private"], *(bond["rooms"] for bond in self.data["bonds"])]
        return [entry for room in rooms for entry in room["listening"]]


def _taken(who: Someone) -> Taken:
    said = {"passphrase": f"{PASSPHRASE} {who.name}"}
    packed = who.client.post(reverse("web:export"), said).content
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        raw = archive.read("my-words.html").decode()
        page = html.unescape(_SPACES.sub(" ", _TAGS.sub(" ", raw)))
        return Taken(json.loads(archive.read("my-words.json")), page)


@pytest.fixture
def both(ana: Someone, bo: Someone, space: Space) -> list[Taken]:
    """Ana's words and Bo's, after they did everything once."""
    words = {name: f"heron {name.replace('_', ' ')} pond" for name in WORDS} | {"name": "Ana"}
    live_in(ana.client, bo.client, space.id, words)
    return [_taken(ana), _taken(bo)]


def test_page_says_in_plain_words_what_each_entry_is(both: list[Taken]) -> None:
    assert {entry["what"] for taken in both for entry in taken.entries} == set(LABELS)
    for taken in both:
        told = {LABELS[entry["what"]] for entry in taken.entries}
        assert {label for label in told if f"· {label} " in taken.page} == told


def test_page_has_no_names_from_inside_and_no_times_for_programs(both: list[Taken]) -> None:
    inside = re.compile(r"guess_answer|\d{4}-\d\d-\d\d|T\d\d:|[a-z]+-[a-z]+-\d|\b\d+ \d+ \d+\b|_")
    assert [inside.findall(taken.page) for taken in both] == [[], []]


def test_page_has_dates_as_the_other_pages_have_them(both: list[Taken]) -> None:
    assert date(timezone.localtime(), "l, j F Y") in both[0].page


def test_page_tells_ratings_and_answers_in_words(both: list[Taken]) -> None:
    told = "What I meant got across: 8 of 10 What I said had weight: 7 of 10"
    assert f"{told} I felt warmth from the other: 9 of 10" in both[0].page
    assert f"{LABELS['guess_answer']} It fitted." in both[0].page


def test_reply_of_a_drill_stands_beside_what_was_said(ana: Someone) -> None:
    scene = scenes()[0]
    keep_try(ana.person, ana.keyring, scene=scene.id, words="So you built it.", now=NOON)
    message = _SPACES.sub(" ", scene.message)
    assert f"“{message}” You: So you built it." in _taken(ana).page


def test_drill_to_a_scene_that_is_told_no_longer_keeps_its_reply(ana: Someone) -> None:
    keep_try(ana.person, ana.keyring, scene="gone", words="So you built it.", now=NOON)
    assert "You: So you built it." in _taken(ana).page


def test_file_for_programs_has_names_and_times_that_programs_read(both: list[Taken]) -> None:
    (drill,) = [entry for entry in both[0].entries if entry["what"] == "drill"]
    assert drill["about"] in {scene.id for scene in scenes()}
    assert all(datetime.fromisoformat(entry["at"]).tzinfo for entry in both[0].entries)
    felt = {entry["words"] for entry in both[0].entries if entry["what"] == "felt"}
    assert felt == {"8 7 9"}


def test_page_says_what_was_tapped_on_the_others_phone(
    ana: Someone, bo: Someone, space: Space
) -> None:
    passed = begun(ana.client, space.id, mode="same_room", phones="one")
    for move in ("ready", "spoke"):
        tap(ana.client, passed, move)
    tap(ana.client, passed, "reflected", words="You missed the train.")
    taken = _taken(bo)
    assert [entry["is_on_other_phone"] for entry in taken.entries] == [True]
    assert "What you gave back · on the other's phone You missed the train." in taken.page
