"""Who lives in the house that is measured: two people with a long history, and many pairs.

The two come in by the real actions. Their thousands of rounds are made in bulk, with every word
sealed as the room seals it: 5,000 sessions tapped one by one would take an hour.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import models, transaction

from nearer.diary.models import Entry
from nearer.people.actions import NewPerson, sign_up
from nearer.people.bonds import NewBond, accept_invitation, invite, make_bond, open_invitation
from nearer.people.devices import open_device, unlock
from nearer.people.keys import keyring_of
from nearer.people.models import Grant, Membership, Person, Space
from nearer.people.queries import Bond, opened_bond
from nearer.people.rules import Kind
from nearer.practices.listening.actions.rounds import Opening, begin
from nearer.practices.listening.models import Keepsake, ListeningRound, ListeningTurn, Reflection
from nearer.practices.listening.rules import Felt, Mode, Step
from nearer.stage.actions import new_round_key
from nearer.stage.models import Sitting
from nearer.stage.rules import Phones
from nearer.vault.fields import seal, seal_for
from nearer.vault.keyring import Keyring
from nearer.vault.sealing import Pair, SpaceKey, granted, new_pair, new_secret

ENTRIES = 5_000
"""What platform.md asks for: some fifty years of two rounds a week."""
_WORDS = "What I heard is that the day was long, and that nobody asked how it went. " * 2
_LINE = "He counts the stairs."
_LEFT_BEHIND = (Sitting, ListeningRound, ListeningTurn, Reflection, Keepsake, Entry)
"""What one round writes, in an order that the database's references allow."""


@dataclass(frozen=True, slots=True)
class Someone:
    """One person with an unlocked browser."""

    person: Person
    pair: Pair
    cookie: str

    @property
    def keyring(self) -> Keyring:
        return keyring_of(self.person, self.pair)


@dataclass(frozen=True, slots=True)
class Lived:
    """The bond of 5,000 entries, and rounds that are open in it."""

    ana: Someone
    bo: Someone
    bond: Bond
    session: UUID
    """A finished one, in the middle."""
    open_rounds: list[UUID]


@dataclass(frozen=True, slots=True)
class Couple:
    """Two browsers in one bond."""

    space: UUID
    cookies: tuple[str, str]


def settle(now: datetime, *, open_rounds: int) -> Lived:
    ana, bo = _moved_in("Ana", now), _moved_in("Bo", now)
    space = _bound(ana, bo, now)
    bond = opened_bond(space, ana.person, ana.keyring)
    with transaction.atomic():
        sessions = _history(bond, ana, bo, now)
        opening = Opening(Mode.SAME_ROOM, Phones.TWO, 5, 2, i_speak_first=True, topic="")
        rounds = [begin(bond, ana.keyring, opening, now=now)[0].pk for _n in range(open_rounds)]
    return Lived(ana, bo, bond, sessions[len(sessions) // 2], rounds)


def _moved_in(name: str, now: datetime) -> Someone:
    new = NewPerson(
        name=name,
        pronouns="",
        login=name.lower(),
        passphrase=f"three herons over the mill pond {name}",
        language="en",
        time_zone="UTC",
    )
    person, pair, _code = sign_up(new, address="127.0.0.1", now=now)
    return Someone(person, pair, _cookie(person, pair, now))


def _cookie(person: Person, pair: Pair, now: datetime) -> str:
    here = unlock(open_device(now=now, label="Bench", person=person), pair)
    secret = base64.urlsafe_b64encode(here.secret.raw).decode()
    return f"nearer={here.device.id.hex}.{secret}"


def _bound(ana: Someone, bo: Someone, now: datetime) -> Space:
    new = NewBond(Kind.PARTNERS, other_name="Bo", is_long_distance=False)
    space = make_bond(ana.person, ana.keyring, new, now=now)
    _row, link = invite(space, ana.person, ana.keyring, now=now)
    found = open_invitation(link.letters, now=now)
    return accept_invitation(found, bo.person, bo.keyring, now=now)


def _history(bond: Bond, ana: Someone, bo: Someone, now: datetime) -> list[UUID]:
    """Finished rounds of two turns, each with all that a round can leave behind."""
    key = ana.keyring.newest(bond.id)
    made: dict[type[models.Model], list[Any]] = {kind: [] for kind in _LEFT_BEHIND}
    for number in range(ENTRIES):
        at = now - timedelta(hours=84 * (number + 1))
        for row in _round(bond, key, (ana, bo), at):
            made[type(row)].append(row)
    for kind in _LEFT_BEHIND:
        kind.objects.bulk_create(made[kind], batch_size=500)
    return [row.pk for row in made[Sitting]]


def _round(
    bond: Bond, bond_key: SpaceKey, people: tuple[Someone, Someone], at: datetime
) -> Iterator[models.Model]:
    key = new_round_key()
    sitting = _sitting(bond, bond_key, key, people, at)
    yield sitting
    row = ListeningRound(
        sitting=sitting,
        mode=Mode.SAME_ROOM.value,
        turn=2,
        first=sitting.first_seat,
        step=Step.DONE.value,
    )
    seal(row, key, topic="The stairs", minutes="5", turns="2")
    yield row
    yield from _turn(row, key, 1, people[0], people[1], at)
    yield from _turn(row, key, 2, people[1], people[0], at)
    yield Entry(space=bond.space, room="listening", what="round", at=at)


def _sitting(
    bond: Bond,
    bond_key: SpaceKey,
    key: SpaceKey,
    people: tuple[Someone, Someone],
    at: datetime,
) -> Sitting:
    first, second = (who.person.id for who in people)
    sitting = Sitting(
        id=uuid4(),
        space=bond.space,
        room="listening",
        first_seat=first,
        second_seat=second,
        phones=Phones.TWO.value,
        clock_started_at=at,
        clock_before=timedelta(),
        opened_at=at,
        ended_at=at,
    )
    seal(sitting, bond_key, round_key=key.secret.raw.hex())
    seal(sitting, key, names=json.dumps({str(first): ["Ana", ""], str(second): ["Bo", ""]}))
    return sitting


def _turn(
    row: ListeningRound,
    key: SpaceKey,
    number: int,
    speaker: Someone,
    listener: Someone,
    at: datetime,
) -> Iterator[models.Model]:
    turn = ListeningTurn(
        id=uuid4(),
        round=row,
        number=number,
        speaker=speaker.person.id,
        listener=listener.person.id,
        at=at,
    )
    felt = str(Felt(*(secrets.randbelow(4) + 5 for _part in range(3))))
    seal(turn, key, caught=_WORDS, guess=_LINE, guess_answer="right")
    seal_for(turn, bytes(speaker.person.public_key), felt=felt)
    yield turn
    reflection = Reflection(id=uuid4(), turn=turn, number=1)
    seal(reflection, key, words=_WORDS, answer="yes")
    yield reflection
    kept = Keepsake(id=uuid4(), round=row, seat=listener.person.id)
    seal_for(kept, bytes(listener.person.public_key), line=_LINE)
    yield kept


@transaction.atomic
def many_couples(count: int, now: datetime) -> list[Couple]:
    """Pairs with an unlocked browser each. They cannot sign in: Argon2 would take minutes."""
    return [_couple(now) for _n in range(count)]


def _couple(now: datetime) -> Couple:
    space = Space.objects.create(kind=Kind.FRIENDS.value, made_at=now)
    key = SpaceKey(1, new_secret())
    return Couple(space.id, (_member(space, key, now), _member(space, key, now)))


def _member(space: Space, key: SpaceKey, now: datetime) -> str:
    pair = new_pair()
    private = Space.objects.create(kind=Kind.PRIVATE.value, made_at=now)
    person = Person.objects.create(
        login_digest=secrets.token_bytes(32),
        verifier=b"",
        salt=b"",
        memory_kib=0,
        passes=0,
        lanes=0,
        public_key=pair.public,
        private_by_passphrase=b"",
        private_by_code=b"",
        private_space=private,
        made_at=now,
    )
    Membership.objects.create(space=space, person=person, joined_at=now)
    box = granted(key, pair.public, space=str(space.id), person=str(person.id))
    Grant.objects.create(space=space, person=person, version=1, box=box)
    return _cookie(person, pair, now)
