"""Who sits where in a live session, and when a tap counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

GUEST_STAYS = timedelta(hours=12)
"""How long after its end a guest can still come back to a session, to let words stay or erase."""

GUEST_WAITS = timedelta(days=7)
"""How long a session with a guest may stand still before it ends by itself: as long as an
invitation is open. Nobody would ask the guest otherwise, and what was said would stay for good."""


class Phones(StrEnum):
    """How many screens the two have between them."""

    TWO = "two"
    ONE = "one"


class Tap(StrEnum):
    """What a tap is, compared with where the session stands."""

    NEW = "new"
    AGAIN = "again"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Tapped:
    """One tap: the moment that the page showed, who tapped, and what, as a keyed digest."""

    moment: str
    seat: UUID
    digest: bytes
    """Of the move and what came with it: a second tab's other words are not the same tap."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Time in the present step; it stands still while the session is paused."""

    started_at: datetime
    stopped_at: datetime | None = None
    before: timedelta = timedelta()

    def elapsed(self, now: datetime) -> timedelta:
        return self.before + ((self.stopped_at or now) - self.started_at)

    def paused(self, now: datetime) -> Clock:
        return self if self.stopped_at else Clock(self.started_at, now, self.before)

    def resumed(self, now: datetime) -> Clock:
        if self.stopped_at is None:
            return self
        return Clock(now, None, self.before + (self.stopped_at - self.started_at))


def judged(tap: Tapped, *, moment: str, earlier: Tapped | None) -> Tap:
    """Whether a tap counts, where the session stands at ``moment``.

    Args:
        earlier: the tap of the same seat at the same moment that counted already, if any. A
            double tap or a sending repeated after a lost connection is that tap once more.
    """
    if earlier is not None:
        return Tap.AGAIN if tap == earlier else Tap.LATE
    return Tap.NEW if tap.moment == moment else Tap.LATE
