"""What lines of the diary are about: the scene of a drill, the page of a session."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from nearer.people.models import Person
from nearer.practices.listening.models import DrillTry
from nearer.practices.listening.prompts import scenes
from nearer.stage.models import Sitting

Known = dict[tuple[UUID, datetime], "Done"]
"""By space and time, which is all that the diary knows of it."""


@dataclass(frozen=True, slots=True)
class Done:
    """Something that was done, as one can go back to it."""

    address: str
    about: str = ""


def done_at(person: Person, spaces: Collection[UUID], times: Collection[datetime]) -> Known:
    """Whoever may read the diary of these spaces may read their sessions."""
    return _drills(person, times) | _sessions(spaces, times)


def _drills(person: Person, times: Collection[datetime]) -> Known:
    told = {each.id: each.who for each in scenes()}
    rows = DrillTry.objects.filter(person=person, at__in=times).values_list("scene", "at")
    return {
        (person.private_space_id, at): Done(
            reverse("listening:tries_at", args=[scene]), told.get(scene, "")
        )
        for scene, at in rows
    }


def _sessions(spaces: Collection[UUID], times: Collection[datetime]) -> Known:
    rows = Sitting.objects.filter(space__in=spaces, room="listening", ended_at__in=times)
    return {
        (space, at): Done(reverse("listening:session", args=[pk]))
        for space, at, pk in rows.values_list("space_id", "ended_at", "pk")
        if at
    }
