"""People who write in a real house until it is killed, and afterwards look for what they wrote."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from itertools import count
from uuid import UUID

from tests.load import Reply, Visitor
from tests.rounds import OPENING, RATINGS, hidden

_TITLE = re.compile(r"Ana &amp; (\d+-\d+)")
_MARK = re.compile(r"heron-\d+-\w+-on-the-pond")
_PART_OF_A_PAGE = {"HX-Request": "true"}
_GONE = (OSError, HTTPException)


class BondMaker:
    """Makes one bond after the other, each with a name of its own, as long as the house answers."""

    def __init__(self, number: int, visitor: Visitor) -> None:
        self.visitor = visitor
        self.acknowledged: list[str] = []
        self._begun = 0
        self._names = (f"{number}-{each}" for each in count())

    def write(self) -> None:
        """Until the house does not answer any more; that last bond may be there or not."""
        while True:
            name = next(self._names)
            self._begun += 1
            try:
                reply = self.visitor.post("/bond/new/", {"kind": "friends", "other_name": name})
            except _GONE:
                return
            assert reply.status_code == 302, reply.content
            self.acknowledged.append(name)

    def look(self) -> None:
        """
        Raises:
            AssertionError: something that was acknowledged is not there, or not once.
        """
        page = self.visitor.get("/us/").content.decode()
        there = Counter(_TITLE.findall(page))
        assert set(self.acknowledged) - set(there) == set()
        assert [name for name, times in there.items() if times > 1] == []
        assert len(there) <= self._begun


@dataclass(frozen=True, slots=True)
class _Tap:
    """One post, kept until it was answered; a phone sends it again as it was."""

    who: Visitor
    path: str
    data: Mapping[str, str]
    headers: Mapping[str, str]


_ROUND = (
    ("ana", "ready", ""),
    ("bo", "ready", ""),
    ("ana", "spoke", "said"),
    ("bo", "reflected", "heard"),
    ("ana", "partly", "missing"),
    ("bo", "reflected", "heard_again"),
    ("ana", "yes", "caught"),
    ("ana", "rated", ""),
    ("bo", "end", ""),
    ("ana", "kept", "line_of_ana"),
    ("bo", "kept", "line_of_bo"),
)
"""Who does what, and what is written on the way; after the last it begins anew."""


class RoundOfTwo:
    """Ana and Bo go through one session in writing after the other, and write in each step."""

    def __init__(self, ana: Visitor, bo: Visitor, space: str) -> None:
        self.acknowledged: list[str] = []
        self._phones = {"ana": ana, "bo": bo}
        self._space = space
        self._rounds: list[UUID] = []
        self._done = len(_ROUND)
        self._waiting: _Tap | None = None

    def write(self) -> None:
        """Until the house does not answer; what was not answered is sent again the next time."""
        try:
            while True:
                self._step()
        except _GONE:
            return

    def look(self) -> None:
        """
        Raises:
            AssertionError: a word or a rating that was acknowledged is not there, or not once.
        """
        while self._done < len(_ROUND) or self._waiting:
            self._step()
        for number, each in enumerate(self._rounds, start=1):
            for name, phone in self._phones.items():
                page = phone.get(f"/listening/session/{each}/").content.decode()
                others_line = {"ana": "line_of_bo", "bo": "line_of_ana"}[name]
                fields = [field for _who, _move, field in _ROUND if field not in ("", others_line)]
                assert sorted(_MARK.findall(page)) == sorted(_mark(number, f) for f in fields)
                assert page.count(f"{RATINGS['understood']} of 10") == (name == "ana")

    def _step(self) -> None:
        self._waiting = self._waiting or self._next()
        tap = self._waiting
        reply = tap.who.post(tap.path, tap.data, headers=tap.headers)
        assert reply.status_code in (200, 302), reply.content
        self._waiting = None
        self._note(tap, reply)

    def _next(self) -> _Tap:
        if self._done == len(_ROUND):
            opening = OPENING | {"mode": "in_writing"}
            return _Tap(self._phones["ana"], f"/listening/begin/{self._space}/", opening, {})
        name, move, field = _ROUND[self._done]
        who, path = self._phones[name], f"/listening/round/{self._rounds[-1]}/"
        page = who.get(f"{path}stage/").content.decode()
        word = _mark(len(self._rounds), field) if field else ""
        data = {each: hidden(page, each) for each in ("moment", "by")}
        data |= {"move_made": move, "words": word} | (RATINGS if move == "rated" else {})
        return _Tap(who, f"{path}move/", data, _PART_OF_A_PAGE)

    def _note(self, tap: _Tap, reply: Reply) -> None:
        if self._done == len(_ROUND):
            self._rounds.append(_round_of(reply))
            self._done = 0
            return
        self._done += 1
        self.acknowledged.append(tap.data["moment"])


def _round_of(reply: Reply) -> UUID:
    """Where a round led to; sent a second time, the house says that one is open already."""
    text = f"{reply.headers['Location']} {reply.content.decode()}"
    found = re.search(r"/listening/round/([0-9a-f-]{36})/", text)
    assert found, text
    return UUID(found[1])


def _mark(number: int, field: str) -> str:
    return f"heron-{number}-{field}-on-the-pond"
