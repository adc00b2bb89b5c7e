"""What is written alone: a habit and its plan, and tries in the drill."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from nearer.diary.actions import forget, note
from nearer.people.models import Person
from nearer.practices.listening.models import (
    DrillTry,
    Habit,
)
from nearer.vault.fields import seal
from nearer.vault.journal import empty_journal
from nearer.vault.keyring import Keyring


def set_habit(
    person: Person, keyring: Keyring, *, drift: str, plan: str, wants_feedback: bool
) -> Habit:
    habit = Habit.objects.filter(person=person).first() or Habit(person=person)
    seal(habit, keyring.newest(person.private_space_id), drift=drift, plan=plan)
    habit.wants_feedback = wants_feedback
    habit.save()
    return habit


@transaction.atomic
def keep_try(
    person: Person, keyring: Keyring, *, scene: str, words: str, now: datetime
) -> DrillTry:
    row = DrillTry(id=uuid4(), person=person, scene=scene, at=now)
    seal(row, keyring.newest(person.private_space_id), words=words)
    row.save()
    note(person.private_space, room="listening", what="drill", at=now, person=person)
    return row


@transaction.atomic
def remove_try(person: Person, try_id: UUID) -> bool:
    """One's own try goes, and with it the line about it in one's own diary.

    Returns:
        Whether there was such a try of this person.
    """
    row = DrillTry.objects.filter(pk=try_id, person=person).first()
    if row is None:
        return False
    forget(person.private_space, room="listening", what="drill", at=row.at)
    row.delete()
    empty_journal()
    return True
