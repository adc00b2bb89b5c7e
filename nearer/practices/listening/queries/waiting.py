"""Rounds that are not over, as Today and the room show them to one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from nearer.people.models import Person
from nearer.people.queries import Bond
from nearer.practices.listening.models import Keepsake, ListeningRound
from nearer.practices.listening.rules import Step
from nearer.stage.models import Sitting
from nearer.stage.queries import open_sittings
from nearer.stage.rules import GUEST_STAYS, GUEST_WAITS, Phones


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open round, without its topic."""

    id: UUID
    name: str
    """What the other is called."""
    is_invitation: bool
    """An invitation to a round: the other opened it, and this person has not taken part."""
    is_set_aside: bool


def waiting_rounds(bonds: list[Bond], person: Person) -> list[Waiting]:
    """The newest first. What was set aside is among them; Today leaves it out."""
    names = {bond.id: bond.other_name for bond in bonds}
    put_aside = Keepsake.objects.filter(round=OuterRef("pk"), seat=person.id, is_set_aside=True)
    sittings = open_sittings([bond.space for bond in bonds], person)
    rows = (
        ListeningRound.objects.filter(sitting__in=sittings)
        .annotate(is_set_aside=Exists(put_aside))
        .select_related("sitting")
        .order_by("-sitting__opened_at")
    )
    found = [(row, is_invitation(row, person)) for row in rows]
    return [
        # Whoever came in after all has a round of their own that waits.
        Waiting(row.pk, names[row.sitting.space_id], is_asked, is_asked and row.is_set_aside)
        for row, is_asked in found
    ]


def is_invitation(row: ListeningRound, person: Person) -> bool:
    """Whether this person is asked, and has not come in.

    A round on one phone asks nobody elsewhere: the two are together.
    """
    is_asked = row.sitting.second_seat == person.id and row.sitting.phones == Phones.TWO.value
    has_come = row.step != Step.SETTLE.value or str(person.id) in row.done
    return is_asked and not has_come


def undecided_guests(*, now: datetime) -> QuerySet[Sitting]:
    """Sessions whose guest has not said in time whether own words may stay."""
    is_over = Q(ended_at__lt=now - GUEST_STAYS)
    since = now - GUEST_WAITS
    has_not_moved = Q(clock_stopped_at=None) | Q(clock_stopped_at__lt=since)
    stands = has_not_moved & Q(ended_at=None, clock_started_at__lt=since)
    return Sitting.objects.filter(
        is_over | stands,
        is_with_guest=True,
        listening__guest_keeps=None,
        listening__is_paper=False,
    )
