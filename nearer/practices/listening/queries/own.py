"""What belongs to one person: ratings, habits, drills, and everything to take along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.http import Http404

from nearer.people.models import Person, Space
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


def own_words(person: Person, keyring: Keyring, space: Space) -> list[dict[str, str]]:
    """Everything this person wrote in this space, for an own export."""
    found: list[dict[str, str]] = []
    known = sittings_known_to(person, [space])
    rows = ListeningRound.objects.filter(sitting__in=known).select_related("sitting")
    typed_by_me = Q(is_paper=False) | Q(sitting__first_seat=person.id)
    for row in rows.filter(typed_by_me).order_by("sitting__opened_at"):
        found += _own_words_in(row, round_key(row.sitting, keyring), person, keyring.pair)
    return found


def own_private_words(person: Person, keyring: Keyring) -> list[dict[str, str]]:
    """Drills, and one's own plan against drifting."""
    drift, plan, _wants = habit_of(person, keyring)
    habit = [
        _entry(person.made_at, *each) for each in (("drift", drift), ("plan", plan)) if each[1]
    ]
    return [*habit, *_own_tries(person, keyring)]


def _own_tries(person: Person, keyring: Keyring) -> list[dict[str, str]]:
    rows = DrillTry.objects.filter(person=person).order_by("at")
    space = person.private_space_id
    return [
        _entry(row.at, f"drill {row.scene}", opened_with(row, "words", keyring, space))
        for row in rows
    ]


def _own_words_in(
    row: ListeningRound, key: SpaceKey, person: Person, pair: Pair
) -> list[dict[str, str]]:
    is_opener = row.sitting.first_seat == person.id
    topic = opened(row, "topic", key) if is_opener else ""
    found = [_entry(row.sitting.opened_at, "topic", topic)]
    for turn in row.turns_taken.prefetch_related("reflections"):
        if turn.speaker == person.id:
            columns = ("said", "caught", "guess_answer")
            found += [_entry(turn.at, name, opened(turn, name, key)) for name in columns]
            found.append(_entry(turn.at, "felt", opened_for(turn, "felt", pair)))
        else:
            found.append(_entry(turn.at, "guess", opened(turn, "guess", key)))
        for reflection in turn.reflections.all():
            name = "reflection" if turn.listener == person.id else "missing"
            column = "words" if turn.listener == person.id else "missing"
            found.append(_entry(turn.at, name, opened(reflection, column, key)))
    kept = Keepsake.objects.filter(round=row, seat=person.id).first()
    if kept:
        for column in ("line", "draft"):
            found.append(_entry(row.sitting.opened_at, column, opened_for(kept, column, pair)))
    on_other_phone = row.sitting.phones == Phones.ONE.value and not is_opener
    where = " (on the other's phone)" if on_other_phone else ""
    return [entry | {"what": entry["what"] + where} for entry in found if entry["words"]]


def _entry(at: datetime, what: str, words: str) -> dict[str, str]:
    return {"at": at.isoformat(), "what": what, "words": words}
