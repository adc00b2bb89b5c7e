"""docs/addresses.md: every address is there, and lets in whom the page says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from conftest import Someone
from nearer.people.models import Space
from nearer.practices.listening.prompts import scenes

ROOT = Path(__file__).parent.parent
_ROW = re.compile(
    r"^\| `(\w+:\w+)` \| `(/[^`]*)` \| (anybody|own phone|door)\b.* \|$", re.MULTILINE
)
_ARGUMENT = re.compile(r"<(\w+):(\w+)>")
_IN_TEMPLATE = re.compile(r"""{% url ["'](\w+:\w+)["']""")
ONLY_READ = {
    "people:bond",
    "people:devices",
    "people:round_over",
    "listening:home",
    "listening:drill",
}
"""Pages that answer a post as they answer a look."""
_METHOD_NOT_ALLOWED = 405
_REFUSED = 401
"""What a part of a page is answered where the whole page would lead to the entrance."""


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the page."""

    name: str
    path: str
    who: str


PAGE = (ROOT / "docs" / "addresses.md").read_text(encoding="utf-8")
TOLD = [Told(*row.groups()) for row in _ROW.finditer(PAGE)]


def _addresses(resolver: URLResolver, before: str = "/", space: str = "") -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for each in resolver.url_patterns:
        path = before + str(each.pattern)
        if isinstance(each, URLPattern):
            found.add((f"{space}:{each.name}", path))
        else:
            found |= _addresses(each, path, each.namespace or space)
    return found


KNOWN = _addresses(get_resolver())


def _at(told: Told, round_id: UUID) -> str:
    fitting = {"slug": scenes()[0].id, "uuid": round_id}
    return _ARGUMENT.sub(lambda found: str(fitting[found[1]]), told.path)


def is_for_posts(told: Told) -> bool:
    """A page that is for looking only refuses a post before it asks who comes."""
    answer = Client().post(_at(told, uuid4()))
    return told.name not in ONLY_READ and answer.status_code != _METHOD_NOT_ALLOWED


def _is_refused(client: Client, address: str) -> bool:
    """Whether the entrance is all that this browser gets there, by any method."""
    parts = {"HX-Request": "true"}
    answers = [client.get(address, headers=parts), client.post(address, headers=parts)]
    return _REFUSED in {answer.status_code for answer in answers}


@pytest.fixture
def handed_over(ana: Someone, space: Space) -> UUID:
    """The round for which Ana's phone was handed over."""
    opening = {"mode": "same_room", "phones": "one", "first": "me", "minutes": "4", "turns": "2"}
    response = ana.client.post(reverse("listening:begin", args=[space.id]), opening)
    return UUID(response.headers["Location"].rstrip("/").rpartition("/")[2])


def test_page_holds_every_address_and_no_other() -> None:
    assert {(told.name, told.path) for told in TOLD} == KNOWN


def test_signed_out_browser_gets_what_the_page_gives_to_anybody(db: None) -> None:
    open_to = {told.name for told in TOLD if not _is_refused(Client(), _at(told, uuid4()))}
    assert open_to == {told.name for told in TOLD if told.who == "anybody"}


def test_handed_over_phone_gets_its_door_and_no_other_guarded_page(
    ana: Someone, handed_over: UUID
) -> None:
    guarded = [told for told in TOLD if told.who != "anybody"]
    opened = {told.name for told in guarded if not _is_refused(ana.client, _at(told, handed_over))}
    assert opened == {told.name for told in guarded if told.who == "door"}


def test_own_phone_is_refused_nowhere(ana: Someone) -> None:
    guarded = [told for told in TOLD if told.who != "anybody" and told.name != "web:delete_account"]
    refused = [told.name for told in guarded if _is_refused(ana.client, _at(told, uuid4()))]
    assert refused == []


def test_every_address_that_a_template_names_exists() -> None:
    names = {name for name, _path in KNOWN}
    templates = (ROOT / "nearer").rglob("templates/**/*.*")
    named = {(t.name, n) for t in templates for n in _IN_TEMPLATE.findall(t.read_text("utf-8"))}
    assert {(template, name) for template, name in named if name not in names} == set()


def test_every_address_that_a_document_names_exists() -> None:
    names = {name for name, _path in KNOWN}
    pattern = re.compile(rf"\b(?:{'|'.join({name.partition(':')[0] for name in names})}):[a-z_]+\b")
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    named = {(d.name, n) for d in documents for n in pattern.findall(d.read_text("utf-8"))}
    assert {(document, name) for document, name in named if name not in names} == set()
