"""Ana and Bo share a bond; Cy is a stranger and must get nothing."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from hypothesis import settings as hypothesis_settings

from nearer.people.actions import NewPerson, sign_up
from nearer.people.bonds import NewBond, accept_invitation, invite, make_bond, open_invitation
from nearer.people.devices import Here, open_device, unlock
from nearer.people.keys import keyring_of
from nearer.people.models import Person, Space
from nearer.people.queries import Bond, opened_bond
from nearer.people.rules import Kind
from nearer.practices.listening.actions.leaving import erase_undecided_once
from nearer.vault.keyring import Keyring
from nearer.vault.sealing import Pair

# How long one example takes says more about the machine than about the rule.
hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.load_profile("house")

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
PASSPHRASE = "three herons over the mill pond"


@pytest.fixture(autouse=True)
def _an_hour_later() -> None:
    """What the house erases once an hour is due anew in every test."""
    erase_undecided_once.cache_clear()


@dataclass(frozen=True, slots=True)
class Someone:
    """A person of the tests, with an own browser."""

    name: str
    person: Person
    pair: Pair
    code: str
    client: Client
    entered: Here

    @property
    def keyring(self) -> Keyring:
        return keyring_of(self.person, self.pair)

    @property
    def here(self) -> Here:
        """As a request made now would find it, with the keys that were granted since."""
        return replace(self.entered, keyring=self.keyring)

    def bond(self, space: Space) -> Bond:
        return opened_bond(space, self.person, self.keyring)


def signed_up(name: str) -> Someone:
    new = NewPerson(
        name=name,
        pronouns="",
        login=name.lower(),
        passphrase=f"{PASSPHRASE} {name}",
        language="en",
        time_zone="UTC",
    )
    person, pair, code = sign_up(new, address="127.0.0.1", now=NOON)
    here = unlock(open_device(now=timezone.now(), label="Test", person=person), pair)
    return Someone(name, person, pair, code, client_of(here), here)


def client_of(here: Here) -> Client:
    client = Client()
    secret = base64.urlsafe_b64encode(here.secret.raw).decode()
    client.cookies[settings.DEVICE_COOKIE] = f"{here.device.id.hex}.{secret}"
    return client


@pytest.fixture
def ana(db: None) -> Someone:
    return signed_up("Ana")


@pytest.fixture
def bo(db: None) -> Someone:
    return signed_up("Bo")


@pytest.fixture
def cy(db: None) -> Someone:
    return signed_up("Cy")


@pytest.fixture
def alone(ana: Someone) -> Space:
    """Ana's bond with somebody who has no account."""
    new = NewBond(Kind.FRIENDS, other_name="Dee", is_long_distance=False)
    return make_bond(ana.person, ana.keyring, new, now=NOON)


@pytest.fixture
def space(ana: Someone, bo: Someone) -> Space:
    """The bond that Ana and Bo share."""
    new = NewBond(Kind.PARTNERS, other_name="Bo", is_long_distance=False)
    made = make_bond(ana.person, ana.keyring, new, now=NOON)
    _row, link = invite(made, ana.person, ana.keyring, now=NOON)
    later = NOON + timedelta(minutes=5)
    found = open_invitation(link.letters, now=later)
    return accept_invitation(found, bo.person, bo.keyring, now=later)
