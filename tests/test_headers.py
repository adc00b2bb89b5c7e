"""What stands around and inside every page: headers, cookies, and nothing that could run."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from html import escape
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import PASSPHRASE, Someone
from nearer.people.bonds import guest_link, seat_guest
from nearer.people.models import Space
from nearer.practices.listening.models import DrillTry, ListeningTurn
from nearer.practices.listening.prompts import scenes
from nearer.vault.sealing import SpaceKey, new_secret
from tests.rounds import LivedIn, live_in, words_like
from tests.test_addresses import TOLD

EVIL = "<i onx=1>\"'%s"
_ARGUMENT = re.compile(r"<\w+:(\w+)>")
_KEPT_BY_BROWSERS = {"web:worker": "no-cache"}
"""Everything else is gone when the page is."""


class Faults(HTMLParser):
    """Everything in a page that its content security policy, or we, would not have."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.found += [f"{tag} {name}" for name in given if _runs(name)]
        self.found += [f"{tag} {value}" for value in given.values() if _leads_astray(value)]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.found.append(f"inline {tag}")

    @staticmethod
    def of(page: str) -> list[str]:
        return Faults(page).found


def _runs(attribute: str) -> bool:
    return attribute.startswith(("on", "hx-on", "hx-vars")) or attribute == "style"


def _leads_astray(value: str | None) -> bool:
    return (value or "").strip().lower().startswith(("javascript:", "data:", "js:"))


@pytest.fixture
def lived(ana: Someone, bo: Someone, space: Space) -> LivedIn:
    return live_in(ana.client, bo.client, space.id, words_like(EVIL))


@pytest.fixture
def pages(lived: LivedIn, ana: Someone, space: Space) -> dict[str, Any]:
    """What Ana is shown at every address that can be looked at, by its name."""
    return dict(_answers(ana.client, _arguments(lived, ana, space)))


def _arguments(lived: LivedIn, ana: Someone, space: Space) -> dict[str, UUID | str]:
    return {
        "space_id": space.id,
        "round_id": lived.session,
        "turn_id": ListeningTurn.objects.filter(round=lived.session).get().id,
        "guest_id": UUID(int=7),
        "device_id": ana.entered.device.id,
        "scene_id": scenes()[0].id,
        "try_id": DrillTry.objects.filter(person=ana.person)[0].id,
    }


def _answers(client: Client, arguments: dict[str, UUID | str]) -> Iterator[tuple[str, Any]]:
    for told in TOLD:
        path = _ARGUMENT.sub(lambda found: str(arguments[found[1]]), told.path)
        yield told.name, client.get(path)


def _pages_with_words(lived: LivedIn, who: Someone, space: Space) -> list[str]:
    """Everywhere that something somebody entered can be read, or is given back after an error."""
    shown = [who.client.get(path) for path in _paths(lived, space)]
    bond = f"/bond/{space.id}/"
    entered = {"name": EVIL % "again", "pronouns": EVIL % "they", "words": EVIL % "sent"}
    too_long = {"name": (EVIL % "long") * 20, "other_name": (EVIL % "other") * 20}
    given_back = [
        who.client.post("/listening/drill/" + scenes()[0].id + "/", entered),
        who.client.post(f"/listening/round/{lived.round}/feedback/", entered),
        who.client.post(f"/listening/round/{lived.round}/move/", entered),
        who.client.post("/me/name/", too_long),
        who.client.post("/bond/new/", too_long),
        who.client.post(f"{bond}invite/"),
        Client().get("/sign-in/", {"next": "/" + EVIL % "next"}),
        Client().post("/sign-in/", {"login": EVIL % "login", "passphrase": "x"}),
        Client().post("/begin/", entered | {"is_adult": "on", "letters": EVIL % "letters"}),
        Client().post("/recover/", {"login": EVIL % "login", "code": EVIL % "code"}),
    ]
    return [answer.content.decode() for answer in [*shown, *given_back]]


def _paths(lived: LivedIn, space: Space) -> list[str]:
    sessions = [f"/listening/session/{each}/" for each in (lived.session, lived.aloud, lived.paper)]
    live = [f"/listening/round/{lived.round}/{part}" for part in ("", "stage/", "leave/")]
    own = ["/", "/us/", "/me/", "/me/name/", "/me/devices/", "/me/delete/", "/listening/"]
    at_bond = [f"/bond/{space.id}/", f"/bond/{space.id}/leave/", f"/listening/begin/{space.id}/"]
    others = [f"/listening/paper/{space.id}/", "/listening/habit/", "/listening/paper/"]
    return [*sessions, *live, *own, *at_bond, *others]


def test_every_page_has_the_headers_that_keep_it_to_itself(pages: dict[str, Any]) -> None:
    wanted = {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
    missing = {
        (name, header)
        for name, answer in pages.items()
        for header, value in wanted.items()
        if answer.headers.get(header) != value
    }
    assert missing == {(name, "Cache-Control") for name in _KEPT_BY_BROWSERS}


def test_every_page_allows_own_files_and_nothing_else_to_run(pages: dict[str, Any]) -> None:
    policies = {answer.headers["Content-Security-Policy"] for answer in pages.values()}
    assert len(policies) == 1
    rules = dict(rule.strip().split(" ", 1) for rule in policies.pop().split(";"))
    assert {rules[name] for name in ("default-src", "base-uri", "frame-ancestors")} == {"'none'"}
    assert {rules[name] for name in ("script-src", "style-src", "connect-src", "form-action")} == {
        "'self'"
    }
    assert not any("unsafe" in rule or "*" in rule or "http" in rule for rule in rules.values())


@pytest.mark.parametrize("path", ["/nowhere/", "/bond/not-an-id/", "/static/nowhere.css"])
def test_pages_about_what_went_wrong_have_the_same_headers(db: None, path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 404
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_no_page_carries_code_or_style_of_its_own(
    lived: LivedIn, ana: Someone, bo: Someone, space: Space
) -> None:
    pages = [page for who in (ana, bo) for page in _pages_with_words(lived, who, space)]
    assert [fault for page in pages for fault in Faults.of(page)] == []


@pytest.mark.parametrize(
    "page",
    [
        '<p style="color:red">',
        '<img onerror="x">',
        "<script>x</script>",
        "<style></style>",
        '<a href=" javascript:x">',
        '<p hx-on:click="x">',
    ],
)
def test_search_for_code_finds_some(page: str) -> None:
    assert Faults.of(page)


def test_every_word_that_was_entered_is_shown_as_words(
    lived: LivedIn, ana: Someone, bo: Someone, space: Space
) -> None:
    pages = [page for who in (ana, bo) for page in _pages_with_words(lived, who, space)]
    text = "\n".join(pages)
    assert EVIL.partition("%s")[0] not in text
    seen = {name for name, words in lived.words.items() if escape(words) in text}
    assert seen == set(lived.words) - {"reply"}


def test_export_shows_words_as_words(lived: LivedIn, ana: Someone) -> None:
    packed = ana.client.post(reverse("web:export"), {"passphrase": f"{PASSPHRASE} Ana"}).content
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        page = archive.read("my-words.html").decode()
        words = archive.read("my-words.json").decode()
    assert escape(lived.words["reply"]) in page
    assert Faults.of(page) == []
    assert lived.words["reply"] in json.dumps(json.loads(words), ensure_ascii=False).replace(
        '\\"', '"'
    )


def test_name_of_a_guest_is_shown_as_a_name(alone: Space) -> None:
    key = SpaceKey(1, new_secret())
    guest = seat_guest(alone, EVIL % "dee", key, door="/nowhere/")
    link = guest_link(guest, key, expires_at=timezone.now() + timedelta(hours=1))
    address = reverse("people:guest", args=[guest.id])
    page = Client().post(address, {"letters": link.letters}).content.decode()
    assert escape(EVIL % "dee") in page
    assert Faults.of(page) == []


@pytest.mark.parametrize("name", [settings.DEVICE_COOKIE, settings.CSRF_COOKIE_NAME])
def test_no_script_reads_a_cookie_and_no_other_site_sends_one(ana: Someone, name: str) -> None:
    client = Client()
    login = {"login": "ana", "passphrase": f"{PASSPHRASE} Ana"}
    client.get(reverse("people:sign_in"))
    client.post(reverse("people:sign_in"), login)
    cookie = client.cookies[name]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie["domain"] == ""


def test_signing_out_clears_what_the_browser_kept(ana: Someone) -> None:
    answer = ana.client.post(reverse("people:sign_out"))
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example/", "elsewhere", "/\\x"]
)
def test_way_on_after_signing_in_never_leads_to_another_house(ana: Someone, target: str) -> None:
    login = {"login": "ana", "passphrase": f"{PASSPHRASE} Ana", "next": target}
    answer = Client().post(reverse("people:sign_in"), login)
    assert answer.headers["Location"] == reverse("web:today")
