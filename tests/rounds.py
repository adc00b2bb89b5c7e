"""A bond that has been lived in: words in every field that the house has, entered over HTTP."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

OPENING = {"phones": "two", "first": "me", "minutes": "4", "turns": "2"}
RATINGS = {"understood": "8", "valued": "7", "cared_for": "9"}
WORDS = (
    "topic",
    "said",
    "first_try",
    "missing",
    "second_try",
    "caught",
    "line_of_ana",
    "line_of_bo",
    "guess",
    "draft",
    "reply",
    "drift",
    "plan",
    "paper",
    "paper_line",
    "name",
    "pronouns",
    "other_name",
)
"""Every field for words, by what is entered there."""


class Answer(Protocol):
    """What this module needs to know of an answer."""

    @property
    def status_code(self) -> int: ...
    @property
    def content(self) -> bytes: ...
    @property
    def headers(self) -> Any: ...


class Browser(Protocol):
    """Django's test client, or somebody at a real house (:class:`tests.load.Visitor`)."""

    def get(self, path: str, /) -> Any: ...
    def post(self, path: str, data: dict[str, str], /, *, headers: dict[str, str]) -> Any: ...


@dataclass(frozen=True, slots=True)
class LivedIn:
    """Where the words of a bond are."""

    session: UUID
    """Finished, in writing."""
    aloud: UUID
    """Finished, with a guess as its only written words."""
    paper: UUID
    round: UUID
    """Still open: Ana has spoken, Bo has begun to write and sent nothing."""
    words: dict[str, str]

    @property
    def ids(self) -> tuple[UUID, ...]:
        return (self.session, self.aloud, self.paper, self.round)


def words_like(pattern: str) -> dict[str, str]:
    """For each field its own words, «%s» standing for the field's name."""
    return {name: pattern % name for name in WORDS}


def live_in(ana: Browser, bo: Browser, space: UUID, words: dict[str, str]) -> LivedIn:
    """Ana and Bo do everything once that puts words into a bond, and Ana what she does alone."""
    _alone(ana, words)
    return LivedIn(
        session=_in_writing(ana, bo, space, words),
        aloud=said_aloud(ana, bo, space, words),
        paper=_on_paper(ana, space, words),
        round=_left_open(ana, bo, space, words),
        words=words,
    )


def begun(who: Browser, space: UUID, **changes: str) -> UUID:
    """
    Raises:
        AssertionError: the form was not taken.
    """
    return _led_to(_send(who, f"/listening/begin/{space}/", {**OPENING, **changes}))


def tap(who: Browser, round_id: UUID, move: str, **brought: str) -> None:
    """One move from the page of now.

    Raises:
        AssertionError: it did not count.
    """
    page = who.get(f"/listening/round/{round_id}/stage/").content.decode()
    data = {"moment": hidden(page, "moment"), "by": hidden(page, "by"), "move_made": move}
    _send(who, f"/listening/round/{round_id}/move/", data | brought, {"HX-Request": "true"})


def begin_to_write(who: Browser, round_id: UUID, words: str) -> None:
    """What a page sends by itself while somebody types.

    Raises:
        AssertionError: it was not taken.
    """
    page = who.get(f"/listening/round/{round_id}/stage/").content.decode()
    data = {"moment": hidden(page, "moment"), "by": hidden(page, "by"), "words": words}
    _send(who, f"/listening/round/{round_id}/draft/", data)


def sit_down_as_guest(
    host: Browser, guest: Browser, space: UUID, *, name: str = "Eli", **changes: str
) -> UUID:
    """The host begins a round with somebody who has no account; the guest follows the link."""
    begun_round = begun(host, space, **{"mode": "same_room", **changes})
    shown = _send(host, f"/listening/guest/{begun_round}/", {}).content.decode()
    found = re.search(r"(/guest/[0-9a-f-]{36}/)#([a-z2-7]+)", shown)
    assert found, shown
    _send(guest, found[1], {"letters": found[2], "name": name})
    return begun_round


def hidden(page: str, name: str) -> str:
    """The value of a page's hidden field."""
    found = re.search(rf'name="{name}"\s+value="([^"]*)"', page)
    assert found, f"no field {name} in {page}"
    return found[1]


def _alone(ana: Browser, words: dict[str, str]) -> None:
    _send(ana, "/me/name/", {"name": words["name"], "pronouns": words["pronouns"]})
    _send(ana, "/bond/new/", {"kind": "friends", "other_name": words["other_name"]})
    habit = {"drift": words["drift"], "plan": words["plan"], "wants_feedback": "on"}
    _send(ana, "/listening/habit/", habit)
    scene = ana.get("/listening/drill/").headers["Location"]
    _send(ana, scene, {"words": words["reply"]})


def _in_writing(ana: Browser, bo: Browser, space: UUID, words: dict[str, str]) -> UUID:
    session = begun(ana, space, mode="in_writing", topic=words["topic"])
    tap(ana, session, "ready")
    tap(bo, session, "ready")
    tap(ana, session, "spoke", words=words["said"])
    tap(bo, session, "reflected", words=words["first_try"])
    tap(ana, session, "partly", words=words["missing"])
    tap(bo, session, "reflected", words=words["second_try"])
    tap(ana, session, "yes", words=words["caught"])
    tap(ana, session, "rated", **RATINGS)
    tap(bo, session, "end")
    tap(ana, session, "kept", words=words["line_of_ana"])
    tap(bo, session, "kept", words=words["line_of_bo"])
    return session


def _on_paper(ana: Browser, space: UUID, words: dict[str, str]) -> UUID:
    result = {"who": "spoke", "caught": words["paper"], "line": words["paper_line"]}
    return _led_to(_send(ana, f"/listening/paper/{space}/", result | RATINGS))


def said_aloud(ana: Browser, bo: Browser, space: UUID, words: dict[str, str]) -> UUID:
    """A finished session with one turn, in which a guess is all that is written."""
    session = begun(ana, space, mode="same_room")
    tap(ana, session, "ready")
    tap(bo, session, "ready")
    tap(ana, session, "spoke")
    tap(bo, session, "aloud")
    tap(ana, session, "yes")
    tap(bo, session, "guessed", words=words["guess"])
    tap(ana, session, "right")
    tap(ana, session, "rated", shared="on", **RATINGS)
    tap(bo, session, "end")
    tap(ana, session, "skip")
    return session


def _left_open(ana: Browser, bo: Browser, space: UUID, words: dict[str, str]) -> UUID:
    open_round = begun(ana, space, mode="same_room")
    tap(ana, open_round, "ready")
    tap(bo, open_round, "ready")
    tap(ana, open_round, "spoke")
    begin_to_write(bo, open_round, words["draft"])
    return open_round


def _send(
    who: Browser, path: str, data: dict[str, str], headers: dict[str, str] | None = None
) -> Answer:
    answer: Answer = who.post(path, data, headers=headers or {})
    assert answer.status_code in (200, 204, 302), f"{path}: {answer.content.decode()}"
    return answer


def _led_to(answer: Answer) -> UUID:
    return UUID(answer.headers["Location"].rstrip("/").rpartition("/")[2])
