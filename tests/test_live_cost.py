"""What the live pages ask of the database, at every step, for everybody at the round."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conftest import Someone
from nearer.people.models import Space
from nearer.practices.listening.actions.own import set_habit
from nearer.practices.listening.models import ListeningRound
from nearer.practices.listening.rules import Step
from tests.rounds import RATINGS, begin_to_write, begun, sit_down_as_guest, tap
from tests.test_rooms import MOST_QUERIES

WORDS = {"words": "The garden was hers"}
PAGES = ("", "stage/")

SPEAKER, LISTENER = 0, 1
Moves = list[tuple[int, str, dict[str, str]]]
TURN: Moves = [
    (SPEAKER, "spoke", WORDS),
    (LISTENER, "reflected", WORDS),
    (SPEAKER, "partly", WORDS),
    (LISTENER, "reflected", WORDS),
    (SPEAKER, "yes", WORDS),
    (LISTENER, "guessed", WORDS),
    (SPEAKER, "right", {}),
    (SPEAKER, "rated", RATINGS | {"shared": "on"}),
]
"""With everything that can be in it."""


def _turn(speaker: int, mode: str) -> Moves:
    moves = [each for each in TURN if mode != "in_writing" or each[1] not in ("guessed", "right")]
    return [(who ^ speaker, move, brought) for who, move, brought in moves]


def _session(mode: str, *, is_one_phone: bool) -> Moves:
    ready: Moves = [(SPEAKER, "ready", {}), (LISTENER, "ready", {})]
    close: Moves = [(SPEAKER, "kept", WORDS), (LISTENER, "kept", WORDS)]
    change: Moves = [(LISTENER, "ready", {})]
    return [*ready[is_one_phone:], *_turn(0, mode), *change, *_turn(1, mode), *close]


@dataclass
class Walk:
    """A round whose pages are counted at every step, before and after words stand in a field."""

    phones: tuple[Client, ...]
    round_id: UUID
    much: dict[str, int] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    typed: set[str] = field(default_factory=set)

    @property
    def step(self) -> str:
        return ListeningRound.objects.get(pk=self.round_id).step

    def through(self, moves: Moves) -> None:
        self.count()
        for who, move, brought in moves:
            phone = self.phones[who]
            if "<textarea" in self._look(phone, "stage/", "before typing"):
                begin_to_write(phone, self.round_id, "Begun")
                assert "Begun" in self._look(phone, "", "with a draft")
                self.typed.add(self.step)
                self.count()
            tap(phone, self.round_id, move, **brought)
            self.count()

    def paused(self) -> None:
        tap(self.phones[0], self.round_id, "pause")
        self.count()
        tap(self.phones[0], self.round_id, "resume")

    def count(self) -> None:
        self.seen.add(self.step)
        for number, phone in enumerate(dict.fromkeys(self.phones)):
            for path in PAGES:
                self._look(phone, path, f"phone {number}")

    def _look(self, phone: Client, path: str, how: str) -> str:
        with CaptureQueriesContext(connection) as asked:
            answer = phone.get(f"/listening/round/{self.round_id}/{path}")
        assert answer.status_code == 200
        if len(asked) > MOST_QUERIES:
            self.much[f"{self.step} {path} {how}"] = len(asked)
        return str(answer.content.decode())


def _walked(phones: tuple[Client, Client], round_id: UUID, mode: str) -> Walk:
    walk = Walk(phones, round_id)
    walk.paused()
    walk.through(_session(mode, is_one_phone=phones[0] is phones[1]))
    return walk


def _is_cheap_everywhere(walk: Walk, mode: str) -> bool:
    left_out = {"notice", "noticed"} if mode == "in_writing" else set()
    here = "speak" if mode == "in_writing" else "notice"
    assert walk.much == {}
    assert walk.seen == {step.value for step in Step} - left_out
    return walk.typed == {"reflect", "confirm", "close", here}


@pytest.fixture(autouse=True)
def _plans(request: pytest.FixtureRequest, ana: Someone) -> None:
    people = [ana] + [request.getfixturevalue("bo")] * ("bo" in request.fixturenames)
    for who in people:
        set_habit(who.person, who.keyring, drift="dinner", plan="look up", wants_feedback=True)


@pytest.mark.parametrize("mode", ["same_room", "on_a_call", "in_writing"])
def test_no_step_of_a_round_asks_the_database_much_of_either(
    ana: Someone, bo: Someone, space: Space, mode: str
) -> None:
    round_id = begun(ana.client, space.id, mode=mode, topic="The garden")
    assert _is_cheap_everywhere(_walked((ana.client, bo.client), round_id, mode), mode)


@pytest.mark.parametrize("mode", ["same_room", "in_writing"])
def test_no_step_of_a_round_asks_the_database_much_on_a_phone_that_is_passed(
    ana: Someone, bo: Someone, space: Space, mode: str
) -> None:
    round_id = begun(ana.client, space.id, mode=mode, topic="The garden", phones="one")
    assert _is_cheap_everywhere(_walked((ana.client, ana.client), round_id, mode), mode)


@pytest.mark.parametrize("mode", ["same_room", "in_writing"])
@pytest.mark.parametrize("is_passed", [True, False], ids=["one phone", "two phones"])
def test_no_step_of_a_round_with_a_guest_asks_the_database_much(
    ana: Someone, alone: Space, mode: str, *, is_passed: bool
) -> None:
    guest = ana.client if is_passed else Client()
    if is_passed:
        round_id = begun(ana.client, alone.id, mode=mode, topic="The garden", phones="one")
    else:
        round_id = sit_down_as_guest(ana.client, guest, alone.id, mode=mode, topic="The garden")
    assert _is_cheap_everywhere(_walked((ana.client, guest), round_id, mode), mode)
