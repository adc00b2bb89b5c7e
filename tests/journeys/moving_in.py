"""The part of :mod:`tests.journeys.neighbours` that runs inside the house."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from nearer.people.actions import NewPerson, sign_up
from nearer.people.bonds import NewBond, accept_invitation, invite, make_bond, open_invitation
from nearer.people.devices import Here, open_device, unlock
from nearer.people.keys import keyring_of
from nearer.people.models import Person, Space
from nearer.people.queries import opened_bond
from nearer.people.rules import Kind
from nearer.practices.listening.actions.rounds import Brought, Opening, begin, make_move
from nearer.practices.listening.queries.rounds import seen_at
from nearer.practices.listening.rules import Mode, Move
from nearer.stage.queries import place_at
from nearer.stage.rules import Phones
from nearer.vault.keyring import Keyring
from nearer.vault.sealing import Pair
from tests.journeys.neighbours import (
    CAUGHT,
    HEARD,
    LINE,
    PASSPHRASE,
    Home,
    Neighbour,
    cookie_of,
)


@dataclass(frozen=True, slots=True)
class Dweller:
    """A neighbour while moving in."""

    person: Person
    pair: Pair
    as_neighbour: Neighbour
    entered: Here

    @property
    def keyring(self) -> Keyring:
        return keyring_of(self.person, self.pair)

    @property
    def here(self) -> Here:
        return Here(self.entered.device, self.entered.secret, self.keyring, pass_key=None)


def home_of(number: str, *, now: datetime) -> Home:
    ana, bo, cy = (_moved_in(name, number, now) for name in ("Ana", "Bo", "Cy"))
    space = _bonded(ana, bo, now)
    with_dee = NewBond(Kind.FRIENDS, "Dee", is_long_distance=False)
    return Home(
        ana=ana.as_neighbour,
        bo=bo.as_neighbour,
        cy=cy.as_neighbour,
        space=str(space.id),
        with_dee=str(make_bond(ana.person, ana.keyring, with_dee, now=now).id),
        session=_finished_session(space, ana, bo, now),
    )


def _moved_in(name: str, number: str, now: datetime) -> Dweller:
    login = f"{name.lower()}-{number}"
    new = NewPerson(name, "", login, f"{PASSPHRASE} {name}", "en", "Europe/Lisbon")
    # More people move in than may from one address.
    person, pair, code = sign_up(new, address=login, now=now)
    here = unlock(open_device(now=timezone.now(), label="Phone", person=person), pair)
    cookie = cookie_of(here.device.id, here.secret.raw)
    return Dweller(person, pair, Neighbour(name, login, cookie, code), here)


def _bonded(ana: Dweller, bo: Dweller, now: datetime) -> Space:
    new = NewBond(Kind.PARTNERS, "Bo", is_long_distance=False)
    space = make_bond(ana.person, ana.keyring, new, now=now)
    _row, link = invite(space, ana.person, ana.keyring, now=now)
    opened = open_invitation(link.letters, now=now)
    return accept_invitation(opened, bo.person, bo.keyring, now=now)


def _finished_session(space: Space, ana: Dweller, bo: Dweller, now: datetime) -> str:
    opening = Opening(Mode.SAME_ROOM, Phones.TWO, 4, 2, i_speak_first=True, topic="Sunday")
    bond = opened_bond(space, ana.person, ana.keyring)
    row, _key = begin(bond, ana.keyring, opening, now=now)
    session = row.sitting_id
    moves = (
        (ana, Move.READY, ""),
        (bo, Move.READY, ""),
        (ana, Move.SPOKE, ""),
        (bo, Move.REFLECTED, HEARD),
        (ana, Move.YES, CAUGHT),
        (bo, Move.END, ""),
        (ana, Move.SKIP, ""),
        (bo, Move.KEPT, LINE),
    )
    for who, move, words in moves:
        place = place_at(who.here, session, room="listening")
        moment = seen_at(place).moment
        make_move(place, move, seat=who.person.id, moment=moment, brought=Brought(words), now=now)
    return str(session)
