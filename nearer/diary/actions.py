"""Noting that something was done."""

from __future__ import annotations

from datetime import datetime

from nearer.diary.models import Entry
from nearer.people.models import Person, Space


def note(
    space: Space, *, room: str, what: str, at: datetime, person: Person | None = None
) -> Entry:
    return Entry.objects.create(space=space, person=person, room=room, what=what, at=at)


def forget(space: Space, *, room: str, what: str, at: datetime) -> None:
    """What was done alone at that time goes with the last that was left of it."""
    row = Entry.objects.filter(space=space, room=room, what=what, at=at).first()
    if row:
        row.delete()
