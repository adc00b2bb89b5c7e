"""What belongs to one person: ratings, habits, drills, and everything to take along."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.http import Http404

from nearer.people.models import Person, Space
from nearer.practices import OwnWords
from nearer.practices.listening.models import (
    DrillTry,
    Habit,
    Keepsake,
    ListeningRound,
    ListeningTurn,
)
from nearer.practices.listening.prompts import Scene, scenes
from nearer.practices.listening.rules import Felt
from nearer.stage.queries import round_key, sittings_known_to
from nearer.stage.rules import Phones
from nearer.vault.fields import opened, opened_for, opened_with
from nearer.vault.keyring import Keyring
from nearer.vault.sealing import Pair, SpaceKey

IN_THE_PICTURE = 60
"""Ratings in one picture: about a year of weekly rounds."""


@dataclass(frozen=True, slots=True)
class Rating:
    """How one was listened to, at one time."""

    at: datetime
    felt: Felt


def ratings_of(person: Person, keyring: Keyring, space: Space) -> list[Rating]:
    """The newest ratings that this person gave in this bond, oldest first.

    Not those on the other's phone: nobody can tell who held it.
    """
    own_phone = Q(round__sitting__phones=Phones.TWO.value) | Q(round__sitting__first_seat=person.id)
    rows = ListeningTurn.objects.filter(
        own_phone, round__sitting__space=space, speaker=person.id, felt__isnull=False
    )
    return [
        Rating(row.at, Felt.read(opened_for(row, "felt", keyring.pair)))
        for row in reversed(rows.order_by("-at")[:IN_THE_PICTURE])
    ]


def habit_of(person: Person, keyring: Keyring) -> tuple[str, str, bool]:
    """(how the mind drifts, the plan against it, whether feedback is wanted)."""
    row = Habit.objects.filter(person=person).first()
    if row is None:
        return "", "", True
    space = person.private_space_id
    drift = opened_with(row, "drift", keyring, space)
    return drift, opened_with(row, "plan", keyring, space), row.wants_feedback


def wants_feedback(seat: UUID) -> bool:
    """As whoever writes wants it, on whichever phone; a guest has nothing to switch off."""
    return not Habit.objects.filter(person=seat, wants_feedback=False).exists()


def scene_of(scene_id: str) -> Scene:
    """
    Raises:
        Http404: there is no such scene.
    """
    found = next((scene for scene in scenes() if scene.id == scene_id), None)
    if found is None:
        raise Http404
    return found


def next_scene(person: Person, bond: str | None) -> Scene:
    """The scene met least lately; those that fit the bond come first."""
    met = list(
        DrillTry.objects.filter(person=person).order_by("at").values_list("scene", flat=True)
    )
    last = {scene: number for number, scene in enumerate(met)}
    return min(scenes(), key=lambda scene: (last.get(scene.id, -1), scene.bond != bond))


def own_words(person: Person, keyring: Keyring, space: Space) -> list[OwnWords]:
    """Everything this person wrote in this space, for an own export."""
    found: list[OwnWords] = []
    known = sittings_known_to(person, [space])
    rows = ListeningRound.objects.filter(sitting__in=known).select_related("sitting")
    typed_by_me = Q(is_paper=False) | Q(sitting__first_seat=person.id)
    for row in rows.filter(typed_by_me).order_by("sitting__opened_at"):
        found += _own_words_in(row, round_key(row.sitting, keyring), person, keyring.pair)
    return found


def own_private_words(person: Person, keyring: Keyring) -> list[OwnWords]:
    """Drills, and one's own plan against drifting."""
    drift, plan, _wants = habit_of(person, keyring)
    habit = [OwnWords(person.made_at, "drift", drift), OwnWords(person.made_at, "plan", plan)]
    return [*filter(_is_written, habit), *_own_tries(person, keyring)]


def _own_tries(person: Person, keyring: Keyring) -> list[OwnWords]:
    rows = DrillTry.objects.filter(person=person).order_by("at")
    space = person.private_space_id
    return [
        OwnWords(row.at, "drill", opened_with(row, "words", keyring, space), about=row.scene)
        for row in rows
    ]


def _own_words_in(row: ListeningRound, key: SpaceKey, person: Person, pair: Pair) -> list[OwnWords]:
    at, is_opener = row.sitting.opened_at, row.sitting.first_seat == person.id
    found = [OwnWords(at, "topic", opened(row, "topic", key) if is_opener else "")]
    for turn in row.turns_taken.prefetch_related("reflections"):
        found += _own_words_of_turn(turn, key, person, pair, is_paper=row.is_paper)
    kept = Keepsake.objects.filter(round=row, seat=person.id).first()
    if kept:
        found += [OwnWords(at, name, opened_for(kept, name, pair)) for name in ("line", "draft")]
        found.append(OwnWords(at, "draft", opened(kept, "round_draft", key)))
    on_other_phone = row.sitting.phones == Phones.ONE.value and not is_opener
    return [replace(each, is_on_other_phone=on_other_phone) for each in found if _is_written(each)]


def _own_words_of_turn(
    turn: ListeningTurn, key: SpaceKey, person: Person, pair: Pair, *, is_paper: bool
) -> list[OwnWords]:
    """On paper all of it was typed by the one who takes it along, whoever said it."""
    has_spoken = turn.speaker == person.id
    shared = ("said", "caught", "guess_answer") if has_spoken or is_paper else ("guess",)
    found = [OwnWords(turn.at, name, opened(turn, name, key)) for name in shared]
    if has_spoken:
        found.append(OwnWords(turn.at, "felt", opened_for(turn, "felt", pair)))
    what, column = ("missing", "missing") if has_spoken else ("reflection", "words")
    reflections = turn.reflections.all()
    return found + [OwnWords(turn.at, what, opened(each, column, key)) for each in reflections]


def _is_written(entry: OwnWords) -> bool:
    return bool(entry.words)
