"""One listening session as pure functions: a round and a move make the next round.

The order of steps follows active listening as it is taught and tested: speak, reflect, be
confirmed, and only then change places. Sources are in prompts/en.toml and on the Learn page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import fmean, stdev
from uuid import UUID

MINUTES = range(2, 11)
RATINGS = range(11)
TURNS = (2, 4)


class Mode(StrEnum):
    """Where the two are."""

    SAME_ROOM = "same_room"
    ON_A_CALL = "on_a_call"
    IN_WRITING = "in_writing"


class Step(StrEnum):
    """What happens now."""

    SETTLE = "settle"
    SPEAK = "speak"
    REFLECT = "reflect"
    CONFIRM = "confirm"
    NOTICE = "notice"
    NOTICED = "noticed"
    FELT = "felt"
    CHANGE = "change"
    CLOSE = "close"
    DONE = "done"


class Move(StrEnum):
    """What somebody can do."""

    READY = "ready"
    SPOKE = "spoke"
    REFLECTED = "reflected"
    YES = "yes"
    PARTLY = "partly"
    NOT_YET = "not_yet"
    GUESSED = "guessed"
    RIGHT = "right"
    NOT_QUITE = "not_quite"
    RATED = "rated"
    KEPT = "kept"
    SKIP = "skip"
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"


class OutOfTurn(Exception):
    """That move is not theirs to make now."""


@dataclass(frozen=True, slots=True)
class Round:
    """Where a session stands. ``first`` speaks in the odd turns, ``second`` in the even ones."""

    first: UUID
    second: UUID
    mode: Mode
    turns: int = 2
    turn: int = 1
    step: Step = Step.SETTLE
    tries: int = 0
    """Reflections given in this turn."""
    done: frozenset[UUID] = frozenset()
    """Who is ready at settle; at close, of whom nothing is asked any longer."""
    is_paused: bool = False
    paused_by: UUID | None = None
    ended_by: UUID | None = None
    """Who ended it before its last turn was over; nobody, where it came to its end."""
    is_one_phone: bool = False

    @property
    def speaker(self) -> UUID:
        return self.first if self.turn % 2 else self.second

    @property
    def listener(self) -> UUID:
        return self.second if self.turn % 2 else self.first

    @property
    def has_begun(self) -> bool:
        """Whether anything was said that could be kept."""
        return self.turn > 1 or self.step not in (Step.SETTLE, Step.SPEAK)

    @property
    def is_over(self) -> bool:
        """Nothing is between the two any longer; each may still keep a line, or leave it."""
        return self.step in (Step.CLOSE, Step.DONE)

    def may_resume(self, seat: UUID) -> bool:
        """A pause belongs to whoever asked for it; the other can wait or end the round."""
        is_theirs = self.paused_by in (None, seat) or self.is_one_phone
        return self.is_paused and is_theirs


_BY_SPEAKER = (Step.SPEAK, Step.CONFIRM, Step.NOTICED, Step.FELT)
_BY_LISTENER = (Step.REFLECT, Step.NOTICE, Step.CHANGE)
"""At «change», the listener is the one who will speak next."""
_TYPED = (Step.REFLECT, Step.CONFIRM, Step.NOTICE, Step.CLOSE)
"""Steps with a field for words in every mode."""

_NEXT = {
    (Step.SPEAK, Move.SPOKE): Step.REFLECT,
    (Step.REFLECT, Move.REFLECTED): Step.CONFIRM,
    (Step.CONFIRM, Move.YES): Step.NOTICE,
    (Step.CONFIRM, Move.PARTLY): Step.REFLECT,
    (Step.CONFIRM, Move.NOT_YET): Step.REFLECT,
    (Step.CONFIRM, Move.SKIP): Step.NOTICE,
    (Step.REFLECT, Move.SKIP): Step.NOTICE,
    (Step.NOTICE, Move.GUESSED): Step.NOTICED,
    (Step.NOTICE, Move.SKIP): Step.FELT,
    (Step.NOTICED, Move.RIGHT): Step.FELT,
    (Step.NOTICED, Move.NOT_QUITE): Step.FELT,
    (Step.NOTICED, Move.SKIP): Step.FELT,
    (Step.FELT, Move.RATED): Step.CHANGE,
    (Step.FELT, Move.SKIP): Step.CHANGE,
    (Step.CHANGE, Move.READY): Step.SPEAK,
}


def awaited(round_: Round) -> tuple[UUID, ...]:
    """Whose move it is; on one phone always one person, who holds it."""
    if round_.step in _BY_SPEAKER:
        return (round_.speaker,)
    if round_.step in _BY_LISTENER:
        return (round_.listener,)
    if round_.step is Step.DONE:
        return ()
    open_seats = tuple(seat for seat in (round_.first, round_.second) if seat not in round_.done)
    return open_seats[:1] if round_.is_one_phone else open_seats


def may_type(round_: Round, seat: UUID) -> bool:
    """Whether this step has a field for words, and it waits for this person to fill it."""
    speaks_in_writing = round_.step is Step.SPEAK and round_.mode is Mode.IN_WRITING
    return (round_.step in _TYPED or speaks_in_writing) and seat in awaited(round_)


def advance(round_: Round, move: Move, by: UUID) -> Round:
    """
    Raises:
        OutOfTurn: this move is not possible here, or not by this person.
    """
    if by not in (round_.first, round_.second):
        raise OutOfTurn(f"{move} at {round_.step}")
    if round_.is_over:
        return _afterwards(round_, move, by)
    if move in (Move.PAUSE, Move.RESUME):
        return _paused(round_, move, by)
    if move is Move.END:
        return _ended(round_, by)
    if round_.is_paused or by not in awaited(round_):
        raise OutOfTurn(f"{move} at {round_.step}")
    if round_.step is Step.SETTLE:
        return _settled(round_, move, by)
    return _onward(round_, move)


def _paused(round_: Round, move: Move, by: UUID) -> Round:
    if move is Move.PAUSE:
        return round_ if round_.is_paused else replace(round_, is_paused=True, paused_by=by)
    if round_.is_paused and not round_.may_resume(by):
        raise OutOfTurn("the other asked for this pause")
    return replace(round_, is_paused=False, paused_by=None)


def _onward(round_: Round, move: Move) -> Round:
    after = _NEXT.get((round_.step, move))
    is_first_try = round_.step is Step.REFLECT and round_.tries == 0
    if after is None or (move is Move.SKIP and is_first_try):
        raise OutOfTurn(f"{move} at {round_.step}")
    if after is Step.CONFIRM:
        return replace(round_, step=after, tries=round_.tries + 1)
    if after is Step.NOTICE and round_.mode is Mode.IN_WRITING:
        return replace(round_, step=Step.FELT)
    if after is Step.CHANGE and round_.turn == round_.turns:
        return replace(round_, step=Step.CLOSE)
    if round_.step is Step.CHANGE:
        return replace(round_, step=after, turn=round_.turn + 1, tries=0)
    return replace(round_, step=after)


def _settled(round_: Round, move: Move, by: UUID) -> Round:
    """It begins when both are ready; on one phone one tap is for both."""
    if move is not Move.READY:
        raise OutOfTurn(f"{move} at {round_.step}")
    done = round_.done | {by}
    if done != {round_.first, round_.second} and not round_.is_one_phone:
        return replace(round_, done=done)
    return replace(round_, step=Step.SPEAK, done=frozenset())


def _ended(round_: Round, by: UUID) -> Round:
    """Over at once and for both. Whoever ends is asked nothing more; the other may keep a line."""
    over = replace(round_, is_paused=False, paused_by=None, ended_by=by)
    if not round_.has_begun:
        return replace(over, step=Step.DONE, done=frozenset())
    return replace(over, step=Step.CLOSE, done=frozenset({by}))


def _afterwards(round_: Round, move: Move, by: UUID) -> Round:
    """A line or none, of each for themselves; to end what is over is to keep none."""
    if move not in (Move.KEPT, Move.SKIP, Move.END):
        raise OutOfTurn(f"{move} at {round_.step}")
    done = round_.done | {by}
    if round_.step is Step.DONE or done == {round_.first, round_.second}:
        return replace(round_, step=Step.DONE, done=frozenset())
    return replace(round_, done=done)


LONG = timedelta(minutes=5)
"""A wait after which a page says that nothing may come. Long for a reply, short for an evening."""


def has_waited_long(round_: Round, elapsed: timedelta, minutes: int) -> bool:
    """Whether whoever waits is offered to stop. Time alone decides, never what the other does."""
    speaking = timedelta(minutes=minutes) if round_.step is Step.SPEAK else timedelta()
    return not round_.is_over and not round_.is_paused and elapsed >= LONG + speaking


@dataclass(frozen=True, slots=True)
class Felt:
    """How it was to be listened to: three ratings, 0 to 10.

    Understood, valued and cared for are the three parts of perceived partner responsiveness
    (Reis, Clark and Holmes, 2004).
    """

    understood: int
    valued: int
    cared_for: int

    def __post_init__(self) -> None:
        if not {self.understood, self.valued, self.cared_for} <= set(RATINGS):
            raise ValueError("ratings go from 0 to 10")

    def __str__(self) -> str:
        return f"{self.understood} {self.valued} {self.cared_for}"

    @classmethod
    def read(cls, text: str) -> Felt:
        understood, valued, cared_for = (int(part) for part in text.split())
        return cls(understood, valued, cared_for)

    @property
    def mean(self) -> float:
        return (self.understood + self.valued + self.cared_for) / 3


WINDOW = 5
"""Ratings that one point of the picture rests on."""
ENOUGH = 3
"""Below three ratings nothing is drawn: two say nothing about how much they vary."""
_T_95 = {3: 4.303, 4: 3.182, 5: 2.776}
"""Two-sided 95 % points of Student's t with n - 1 degrees of freedom, by n."""
_ROUNDING_SD = 12**-0.5
"""A rating is a whole number; rounding alone gives this standard deviation."""


class Direction(StrEnum):
    """What the ratings say, and no more."""

    NOT_ENOUGH = "not_enough"
    EARLY = "early"
    NO_CLEAR_CHANGE = "no_clear_change"
    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class Point:
    """The mean of the latest ratings at one time, and how sure one can be of it."""

    at: datetime
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Trend:
    """Ratings over time as a line with a band."""

    points: tuple[Point, ...]
    direction: Direction
    count: int


def felt_over_time(ratings: Sequence[tuple[datetime, int]]) -> Trend:
    """The trailing mean of up to five ratings with its 95 % interval, within 0 and 10.

    A direction is only named when the first and the last interval rest on different ratings and
    do not overlap, which is stricter than a test of their difference.
    """
    points = tuple(
        _point(ratings[max(0, end - WINDOW) : end]) for end in range(ENOUGH, len(ratings) + 1)
    )
    return Trend(points, _direction(points, len(ratings)), len(ratings))


def _point(window: Sequence[tuple[datetime, int]]) -> Point:
    values = [value for _at, value in window]
    spread = max(stdev(values), _ROUNDING_SD)
    half = _T_95[len(values)] * spread / len(values) ** 0.5
    mean = fmean(values)
    return Point(window[-1][0], mean, max(0.0, mean - half), min(10.0, mean + half))


def _direction(points: Sequence[Point], count: int) -> Direction:
    if not points:
        return Direction.NOT_ENOUGH
    if count < 2 * WINDOW:
        return Direction.EARLY
    early, late = points[WINDOW - ENOUGH], points[-1]
    if late.low > early.high:
        return Direction.HIGHER
    return Direction.LOWER if late.high < early.low else Direction.NO_CLEAR_CHANGE
