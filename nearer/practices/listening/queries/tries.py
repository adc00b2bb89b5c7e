"""Replies written alone, as their writer may read them again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404

from nearer.people.models import Person
from nearer.practices.listening.models import DrillTry
from nearer.practices.listening.prompts import Scene, scenes
from nearer.vault.fields import opened_with
from nearer.vault.keyring import Keyring

ON_A_PAGE = 30
"""Tries on one page."""


@dataclass(frozen=True, slots=True)
class Try:
    """One reply, opened."""

    id: UUID
    at: datetime
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AtScene:
    """Replies to one scene, newest first."""

    id: str
    scene: Scene | None
    """None once the house does not tell it any longer."""
    tries: list[Try]


@dataclass(frozen=True, slots=True)
class Tries:
    """A page of replies: the scene met last comes first."""

    scenes: list[AtScene]
    older: UUID | None
    """The try before which the next page begins; ``None`` on the last one."""


def tries_of(person: Person, keyring: Keyring, *, scene: str = "", before: str = "") -> Tries:
    """
    Raises:
        Http404: there is no such try of this person.
    """
    rows = DrillTry.objects.filter(person=person)
    if before:
        rows = rows.filter(_before(rows, before))
    if scene:
        rows = rows.filter(scene=scene)
    found = list(rows.order_by("-at", "-pk")[: ON_A_PAGE + 1])
    page = found[:ON_A_PAGE]
    older = page[-1].pk if len(found) > ON_A_PAGE else None
    return Tries(_by_scene(page, person, keyring), older)


def _before(rows: QuerySet[DrillTry], try_id: str) -> Q:
    try:
        row = rows.get(pk=try_id)
    except (DrillTry.DoesNotExist, ValidationError) as missing:
        raise Http404 from missing
    return Q(at__lt=row.at) | Q(at=row.at, pk__lt=row.pk)


def _by_scene(rows: list[DrillTry], person: Person, keyring: Keyring) -> list[AtScene]:
    """In the order in which a scene is met first."""
    order = {row.scene: number for number, row in reversed(list(enumerate(rows)))}
    told = {each.id: each for each in scenes()}
    grouped = groupby(sorted(rows, key=lambda row: order[row.scene]), lambda row: row.scene)
    return [
        AtScene(name, told.get(name), [_opened(row, person, keyring) for row in at_scene])
        for name, at_scene in grouped
    ]


def _opened(row: DrillTry, person: Person, keyring: Keyring) -> Try:
    return Try(row.pk, row.at, opened_with(row, "words", keyring, person.private_space_id))
