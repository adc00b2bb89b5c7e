"""What is taken back, erased or ended when somebody goes: a member, a guest, a whole bond."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from nearer.people.bonds import end_guest_links
from nearer.people.devices import end_passes
from nearer.people.models import Guest, Space
from nearer.practices.listening.actions.rounds import NO_DRAFT
from nearer.practices.listening.models import (
    Keepsake,
    ListeningRound,
    ListeningTurn,
    Reflection,
)
from nearer.practices.listening.queries.rounds import (
    door_of,
)
from nearer.practices.listening.queries.waiting import undecided_guests
from nearer.practices.listening.rules import Step
from nearer.stage.actions import (
    changed,
)
from nearer.stage.models import Sitting
from nearer.stage.queries import Place, clock_of
from nearer.stage.rules import GUEST_STAYS
from nearer.vault.fields import take_back as mark_taken_back
from nearer.vault.journal import empty_journal


@transaction.atomic
def take_back(space: Space, seat: UUID) -> None:
    """Words of this seat go; where the other had them, a visible mark stays.

    Called when somebody leaves the bond, deletes the account, or, as a guest, erases own words.
    """
    rounds = ListeningRound.objects.filter(sitting__space=space)
    spoken = _spoken(rounds, seat)
    spoken.update(felt=None, guess_answer=None)
    spoken.exclude(round__in=_shown_after(rounds, seat)).update(caught=None, felt_shared=None)
    Reflection.objects.filter(turn__in=spoken).update(answer=None)
    for column, rows in _written(rounds, seat).items():
        mark_taken_back(rows, column)
    mark_taken_back(spoken, "felt_shared")
    Keepsake.objects.filter(round__in=rounds, seat=seat).delete()
    empty_journal()


@transaction.atomic
def take_back_one(place: Place, column: str, row_id: UUID) -> bool:
    """One written thing of a finished session goes, with the mark that leaving makes.

    Nobody is told: the other's page says that something stood there, not when it went. It is
    the person's own to do, so not for a phone that was passed, nor for an account that another
    took the place of.

    Returns:
        Whether this person wrote such a thing there.
    """
    is_over = ListeningRound.objects.filter(pk=place.sitting.id, step=Step.DONE.value)
    found = _written(is_over, place.own).get(column) if place.own else None
    rows = found.filter(pk=row_id, **{f"{column}__isnull": False}) if found is not None else None
    if rows is None or not rows.exists():
        return False
    mark_taken_back(rows, column)
    empty_journal()
    return True


@transaction.atomic
def remove_line(place: Place) -> bool:
    """One's own line of a session goes. Nobody else ever had it, so no mark stays."""
    if place.own is None:
        return False
    Keepsake.objects.filter(round_id=place.sitting.id, seat=place.own).update(line=None)
    empty_journal()
    return True


def _spoken(rounds: QuerySet[ListeningRound], seat: UUID) -> QuerySet[ListeningTurn]:
    """Turns in which the speaker's part is this seat's.

    What stands in a round on paper was typed by whoever opened it, whoever said it.
    """
    turns = ListeningTurn.objects.filter(round__in=rounds)
    on_paper = Q(round__is_paper=True, round__sitting__first_seat=seat)
    return turns.filter(Q(speaker=seat, round__is_paper=False) | on_paper)


def _written(rounds: QuerySet[ListeningRound], seat: UUID) -> dict[str, QuerySet[Any]]:
    """Column by column, the rows where what stands for both to read was written by this seat."""
    spoken = _spoken(rounds, seat)
    heard = ListeningTurn.objects.filter(round__in=rounds, listener=seat)
    return {
        "topic": rounds.filter(sitting__first_seat=seat),
        "said": spoken,
        "caught": spoken,
        "guess": heard,
        "words": Reflection.objects.filter(turn__in=heard),
        "missing": Reflection.objects.filter(turn__in=spoken),
    }


def _shown_after(rounds: QuerySet[ListeningRound], seat: UUID) -> QuerySet[ListeningRound]:
    """Rounds of which the other could read what stands only on the page afterwards."""
    undecided = Q(sitting__is_with_guest=True, sitting__second_seat=seat, guest_keeps=None)
    return rounds.filter(sitting__ended_at__isnull=False).exclude(undecided, is_paper=False)


@transaction.atomic
def keep_guest(place: Place) -> None:
    """A guest lets own words stay in the bond."""
    ListeningRound.objects.filter(pk=place.sitting.id).update(guest_keeps=True)
    end_guest_links([place.sitting.second_seat])


@transaction.atomic
def erase_guest(sitting: Sitting) -> None:
    """A guest decided that nothing of theirs stays, the name included; or never decided."""
    take_back(sitting.space, sitting.second_seat)
    ListeningRound.objects.filter(pk=sitting.id).update(guest_keeps=False)
    Guest.objects.filter(pk=sitting.second_seat).update(name=None)
    end_guest_links([sitting.second_seat])
    end_passes(door_of(sitting.id))


def erase_undecided(*, now: datetime) -> None:
    """A guest who never said whether own words may stay is taken to mean no.

    A round that was left standing ends first: nobody would ever be asked. Needs no key, so
    whoever opens the house next does it for everybody.
    """
    _drop_lines_of_guests(now=now)
    waiting = undecided_guests(now=now)
    if not waiting.exists():  # Most often, and it keeps the page from waiting for the writers.
        return
    with transaction.atomic():
        for sitting in waiting.select_for_update(of=("self",)):
            _close(sitting, now=now)
            erase_guest(sitting)


@lru_cache(maxsize=1)
def erase_undecided_once(hour: datetime) -> None:
    """Once an hour is soon enough for what waited for days, and spares most pages the look."""
    del hour
    erase_undecided(now=timezone.now())


def _drop_lines_of_guests(*, now: datetime) -> None:
    """Nobody but the guest was ever shown them, and the guest's way in has closed."""
    rows = Keepsake.objects.filter(guest_line__isnull=False)
    rows = rows.filter(round__sitting__ended_at__lt=now - GUEST_STAYS)
    if rows.exists():
        rows.update(guest_line=None)
        empty_journal()


@transaction.atomic
def end_all(space: Space, *, now: datetime) -> None:
    """The bond has ended: no session of it stays open, on no phone and for no guest."""
    for sitting in Sitting.objects.filter(space=space, room="listening"):
        _close(sitting, now=now)


def _close(sitting: Sitting, *, now: datetime) -> None:
    end_passes(door_of(sitting.id))
    Keepsake.objects.filter(round_id=sitting.id).update(**NO_DRAFT)
    if sitting.ended_at is None:
        changed(sitting, clock_of(sitting).paused(now), ended_at=now)
    ListeningRound.objects.filter(pk=sitting.id).update(step=Step.DONE.value)
