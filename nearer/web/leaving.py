"""What every room does when somebody takes their words along or goes.

Only the shell knows all rooms, so it asks each of them; a new room adds itself to ``ROOMS``.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction
from django.template.loader import render_to_string

from nearer.people.bonds import delete_person, leave
from nearer.people.models import Membership, Person, Space
from nearer.people.queries import opened_bonds, own_login, own_name, reminder_address
from nearer.practices import OwnWords, Practice
from nearer.practices.listening.about import PRACTICE as LISTENING
from nearer.practices.listening.actions import leaving as listening_leaving
from nearer.practices.listening.queries import own as listening_own
from nearer.vault.keyring import Keyring


class Writes(Protocol):
    """What a room can do for somebody who goes."""

    def take_back(self, space: Space, seat: Any) -> None: ...
    def end_all(self, space: Space, *, now: datetime) -> None: ...


class Reads(Protocol):
    """What a room can tell somebody about their own words."""

    def own_words(self, person: Person, keyring: Keyring, space: Space) -> list[OwnWords]: ...
    def own_private_words(self, person: Person, keyring: Keyring) -> list[OwnWords]: ...


@dataclass(frozen=True, slots=True)
class Room:
    """One practice, as far as leaving is concerned."""

    practice: Practice
    writes: Writes
    reads: Reads


ROOMS = (Room(LISTENING, listening_leaving, listening_own),)


def export_of(person: Person, keyring: Keyring, *, now: datetime) -> bytes:
    """A zip with own words only: nothing that somebody else wrote is in it."""
    found = _gathered(person, keyring) | {"made_at": now}
    plain = json.dumps(found, ensure_ascii=False, indent=1, default=_for_programs)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("my-words.json", plain)
        archive.writestr("my-words.html", render_to_string("web/export.html", {"export": found}))
    return packed.getvalue()


def _for_programs(value: datetime | OwnWords) -> str | dict[str, Any]:
    return value.isoformat() if isinstance(value, datetime) else asdict(value)


def _gathered(person: Person, keyring: Keyring) -> dict[str, Any]:
    name = own_name(person, keyring)
    private = {room.practice.slug: room.reads.own_private_words(person, keyring) for room in ROOMS}
    bonds = [
        {
            "with": bond.other_name,
            "kind": bond.kind.value,
            "rooms": {
                room.practice.slug: room.reads.own_words(person, keyring, bond.space)
                for room in ROOMS
            },
        }
        for bond in opened_bonds(person, keyring)
    ]
    return {
        "name": name.name,
        "pronouns": name.pronouns,
        "user_name": own_login(person, keyring),
        "reminder_address": reminder_address(person),
        "private": private,
        "bonds": bonds,
    }


@transaction.atomic
def leave_and_take_back(space: Space, person: Person, *, now: datetime) -> None:
    """Undelivered words vanish; delivered ones leave a visible «taken back»."""
    for room in ROOMS:
        room.writes.take_back(space, person.id)
    leave(space, person, now=now)
    # Somebody whose place was taken by a new account leaves without ending the bond of the two.
    if Space.objects.filter(pk=space.pk, ended_at__isnull=False).exists():
        for room in ROOMS:
            room.writes.end_all(space, now=now)


@transaction.atomic
def delete_everything(person: Person, *, now: datetime) -> None:
    """By the same rule as leaving, for every bond, and then the account."""
    rows = Membership.objects.filter(person=person, left_at=None).select_related("space")
    for member in rows:
        if member.space.is_bond:
            leave_and_take_back(member.space, person, now=now)
    delete_person(person)
