"""What holds for every room, and what one page may cost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conftest import Someone
from nearer.catalogue import PRACTICES
from nearer.people.models import Space
from nearer.practices.listening.actions.leaving import erase_undecided_once
from nearer.practices.listening.prompts import scenes
from tests.rounds import begun, said_aloud, tap

NEARER = Path(__file__).parent.parent / "nearer"
TEMPLATES = sorted(
    path for path in NEARER.rglob("templates/**/*") if path.suffix in (".html", ".webmanifest")
)
MAY_KNOW = ("vault", "people", "diary", "stage")
MOST_QUERIES = 8

_INCLUDED = re.compile(r"""{% (?:include|extends) ["']([^"']+)["']""")
_TRANSLATED = re.compile(r"{% blocktranslate.*?{% endblocktranslate %}", re.DOTALL)
_COMMENT = re.compile(r"{% comment %}.*?{% endcomment %}|{#.*?#}", re.DOTALL)
_TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
_WORDS = re.compile(r"[A-Za-z]{2,}")
_SPOKEN = ("aria-label", "alt", "title", "placeholder")
"""Attributes that somebody reads or hears."""
_NAMES = {"nearer", "Nearer"}
"""What needs no translation."""
_FOR_PROGRAMS = re.compile(r"{% block (?:hue|stage_socket) %}.*?{% endblock(?: \w+)? %}")


class Untranslated(HTMLParser):
    """Words of a template that stand outside of any translation."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._skips = 0
        for machinery in (_COMMENT, _TRANSLATED, _FOR_PROGRAMS, _TAG):
            source = machinery.sub("", source)
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skips += tag in ("script", "style")
        self.found |= {
            word for name, value in attrs if name in _SPOKEN for word in _WORDS.findall(value or "")
        } - _NAMES

    def handle_endtag(self, tag: str) -> None:
        self._skips -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._skips:
            self.found |= set(_WORDS.findall(data)) - _NAMES


def _folders() -> set[str]:
    return {path.parent.name for path in (NEARER / "practices").glob("*/__init__.py")}


def _tables_of_rooms() -> Iterator[type[Model]]:
    for practice in PRACTICES:
        yield from apps.get_app_config(practice.slug).get_models()


def test_every_folder_of_a_room_is_in_the_table_of_contents() -> None:
    assert {practice.slug for practice in PRACTICES} == _folders()


def test_every_room_in_the_table_of_contents_has_a_first_page() -> None:
    assert all(reverse(practice.home) for practice in PRACTICES)


@pytest.mark.parametrize("table", list(_tables_of_rooms()), ids=lambda table: table.__name__)
def test_table_of_a_room_points_only_at_itself_and_at_the_floors_below(table: type[Model]) -> None:
    own = table._meta.app_label
    targets = {
        column.related_model._meta.app_label
        for column in table._meta.get_fields()
        if column.concrete and isinstance(column.related_model, type)
    }
    assert targets <= {own, *MAY_KNOW}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_template_that_a_template_names_exists(path: Path) -> None:
    for name in _INCLUDED.findall(path.read_text("utf-8")):
        try:
            get_template(name)
        except TemplateDoesNotExist as error:
            pytest.fail(f"{path.name} names {error}")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_word_of_a_template_can_be_translated(path: Path) -> None:
    source = path.read_text("utf-8")
    if path.suffix == ".html":
        assert Untranslated(source).found == set()


@pytest.mark.parametrize(
    "source",
    ["<p>Hello</p>", '<p aria-label="Main">', "{% if x %}Then{% endif %}", "<b>{{ n }} left</b>"],
)
def test_search_for_untranslated_words_finds_some(source: str) -> None:
    assert Untranslated(source).found


PAGES: dict[str, Callable[[Space, str], str]] = {
    "Today": lambda _space, _round: "/",
    "Practise": lambda _space, _round: "/practise/",
    "Us": lambda _space, _round: "/us/",
    "Learn": lambda _space, _round: "/learn/",
    "Me": lambda _space, _round: "/me/",
    "the bond": lambda space, _round: f"/bond/{space.id}/",
    "listening": lambda _space, _round: "/listening/",
    "the picture over time": lambda space, _round: f"/listening/picture/{space.id}/",
    "older rounds": lambda _space, done: f"/listening/older/{done}/",
    "a session": lambda _space, done: f"/listening/session/{done}/",
    "an open round": lambda _space, _round: "/listening/round/{open}/",
    "the stage": lambda _space, _round: "/listening/round/{open}/stage/",
    "own tries": lambda _space, _round: "/listening/tries/",
    "a drill": lambda _space, _round: f"/listening/drill/{scenes()[0].id}/",
}


def _session(ana: Someone, bo: Someone, space: Space) -> str:
    words = {"guess": "That it hurt"}
    return str(said_aloud(ana.client, bo.client, space.id, words))


def _open_round(ana: Someone, bo: Someone, space: Space) -> UUID:
    """One in which a reflection waits for an answer."""
    found = begun(ana.client, space.id, mode="same_room")
    for who, move in ((ana, "ready"), (bo, "ready"), (ana, "spoke"), (bo, "aloud")):
        tap(who.client, found, move)
    return found


def _queries(ana: Someone, address: str) -> list[str]:
    erase_undecided_once.cache_clear()  # the first page of an hour asks most
    with CaptureQueriesContext(connection) as asked:
        answer = ana.client.get(address)
    assert answer.status_code == 200, address
    return [query["sql"] for query in asked.captured_queries]


def _asked(ana: Someone, bo: Someone, space: Space) -> dict[str, list[str]]:
    """What each page asks of the database; afterwards there are two more finished sessions."""
    session, waiting = _session(ana, bo, space), _open_round(ana, bo, space)
    pages = {name: at(space, session).format(open=waiting) for name, at in PAGES.items()}
    asked = {name: _queries(ana, page) for name, page in pages.items()}
    for who, move in ((ana, "end"), (bo, "skip")):
        tap(who.client, waiting, move)
    return asked


def test_beginning_asks_the_database_little(ana: Someone, space: Space) -> None:
    assert len(_queries(ana, f"/listening/begin/{space.id}/")) <= MOST_QUERIES


def test_no_page_asks_the_database_much_and_none_asks_more_as_the_history_grows(
    ana: Someone, bo: Someone, space: Space
) -> None:
    after_one, after_three = _asked(ana, bo, space), _asked(ana, bo, space)
    much = {name: sql for name, sql in after_three.items() if len(sql) > MOST_QUERIES}
    assert much == {}
    assert {n: len(sql) for n, sql in after_one.items()} == {
        n: len(sql) for n, sql in after_three.items()
    }
