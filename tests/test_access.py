"""A third person must not get in anywhere: every address, by every visitor who does not belong.

There is something that could leak: words stand in every field of the bond of Ana and Bo, and every
answer is searched for them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import NOON, Someone, client_of
from nearer.people.bonds import invite, open_invitation
from nearer.people.devices import Here, open_device, unlock
from nearer.people.models import Device, Guest, Membership, Person, SlowDown, Space
from nearer.practices.listening.models import DrillTry, ListeningTurn
from nearer.practices.listening.prompts import scenes
from nearer.web.leaving import leave_and_take_back
from tests.rounds import (
    RATINGS,
    LivedIn,
    begun,
    hidden,
    live_in,
    sit_down_as_guest,
    words_like,
)
from tests.test_addresses import TOLD

MARK = "heron-%s-on-the-mill-pond"
_MARKED = re.compile(r"heron-\w+-on-the-mill-pond")
_ARGUMENT = re.compile(r"<\w+:(\w+)>")
_UNSAFE = ("post", "put", "patch", "delete")
_WAY_TO_THE_BOND = {
    "space_id": "space_id",
    "sitting_id": "sitting__space_id",
    "round_id": "round__sitting__space_id",
    "turn_id": "turn__round__sitting__space_id",
}
"""From a table's column to the bond that its rows belong to."""


@dataclass(frozen=True, slots=True)
class Bonded:
    """The bond of Ana and Bo, full of words, and what its addresses are made of."""

    space: Space
    lived: LivedIn
    arguments: dict[str, list[str]]

    def addresses(self) -> Iterator[str]:
        """Every address of the house, with every id of this bond that fits into it."""
        for told in TOLD:
            names = _ARGUMENT.findall(told.path)
            for chosen in product(*(self.arguments[name] for name in names)):
                values = iter(chosen)
                yield _ARGUMENT.sub(lambda _found: next(values), told.path)  # noqa: B023 - used at once


Enters = Callable[[], Client]
"""A browser as it comes to the house, afresh each time."""


@pytest.fixture
def bonded(ana: Someone, bo: Someone, space: Space) -> Bonded:
    lived = live_in(ana.client, bo.client, space.id, words_like(MARK))
    dee = Space.objects.exclude(pk=space.pk).exclude(kind="private").get()
    sit_down_as_guest(ana.client, Client(), dee.id)
    invite(space, ana.person, ana.keyring, now=timezone.now())
    turn = ListeningTurn.objects.filter(round=lived.session).get()
    arguments = {
        "space_id": [str(space.id), str(dee.id)],
        "round_id": [str(each) for each in lived.ids],
        "turn_id": [str(turn.id)],
        "guest_id": [str(Guest.objects.get().id)],
        "device_id": [str(ana.entered.device.id), str(bo.entered.device.id)],
        "scene_id": [scenes()[0].id],
        "try_id": [str(each.id) for each in DrillTry.objects.all()],
    }
    return Bonded(space, lived, arguments)


def _again(client: Client) -> Client:
    """The same browser, before anything that a request may do to its cookies."""
    fresh = Client()
    fresh.cookies[settings.DEVICE_COOKIE] = client.cookies[settings.DEVICE_COOKIE].value
    return fresh


@pytest.fixture
def signed_out() -> Enters:
    return Client


@pytest.fixture
def stranger(cy: Someone) -> Enters:
    return lambda: client_of(cy.entered)


@pytest.fixture
def guest_elsewhere(cy: Someone) -> Enters:
    """A guest at a round of Cy's."""
    cy.client.post(reverse("people:new_bond"), {"kind": "friends", "other_name": "Eli"})
    space = Space.objects.filter(memberships__person=cy.person).exclude(kind="private").get()
    guest = Client()
    own_round = sit_down_as_guest(cy.client, guest, space.id)
    assert guest.get(f"/listening/round/{own_round}/").status_code == 200
    return lambda: _again(guest)


@pytest.fixture
def handed_over(ana: Someone, alone: Space) -> Enters:
    """A phone of Ana's in somebody else's hand, for a round with Dee."""
    here = unlock(open_device(now=timezone.now(), label="Phone", person=ana.person), ana.pair)
    phone = client_of(here)
    own_round = begun(phone, alone.id, mode="same_room", phones="one")
    assert phone.get(f"/listening/round/{own_round}/").status_code == 200
    return lambda: _again(phone)


@pytest.fixture
def locked(ana: Someone) -> Enters:
    """Ana's own phone after she locked it."""
    here = open_device(now=timezone.now(), label="Phone", person=ana.person)
    here.device.save()
    return lambda: client_of(here)


@pytest.fixture
def gone(bo: Someone, bonded: Bonded) -> Enters:
    """Bo, who has left the bond."""
    leave_and_take_back(bonded.space, bo.person, now=timezone.now())
    return lambda: client_of(bo.entered)


VISITORS = ("signed_out", "stranger", "guest_elsewhere", "handed_over", "locked", "gone")


@pytest.fixture
def visitor(request: pytest.FixtureRequest, bonded: Bonded) -> Enters:
    """Whichever of the visitors the test names; the bond has its words before they come."""
    del bonded
    entering: Enters = request.getfixturevalue(request.param)
    return entering


def _undone(client: Client, method: str, address: str, data: dict[str, str]) -> Any:
    """The answer to a request that leaves nothing behind."""
    with transaction.atomic():
        answer = getattr(client, method)(address, data)
        transaction.set_rollback(True)
    return answer


def _leaks(answer: Any) -> set[str]:
    headers = " ".join(f"{name}: {value}" for name, value in answer.items())
    return set(_MARKED.findall(answer.content.decode(errors="replace") + headers))


def _attempts(bonded: Bonded, ana: Someone) -> dict[str, str]:
    """A post that would do something everywhere, if it were let in."""
    page = ana.client.get(f"/listening/round/{bonded.lived.round}/stage/").content.decode()
    found = {name: hidden(page, name) for name in ("moment", "by")}
    opening = {"mode": "same_room", "phones": "two", "first": "me", "minutes": "4", "turns": "2"}
    acting = {"move_made": "aloud", "how": "end", "words": "Let me in", "who": "spoke"}
    return found | opening | acting | RATINGS


def _rows_of(space: Space) -> set[str]:
    """Everything that is kept of this bond, to the last column; not who was in it once."""
    rows = {
        _written(table, row)
        for table, way in _tables_of_a_bond()
        if table is not Membership
        for row in table._base_manager.filter(**{way: space.id}).values_list()
    }
    members = Membership.objects.filter(space=space, left_at=None).values_list()
    return rows | {_written(Membership, row) for row in members}


def _rows_of_person(who: Someone) -> set[str]:
    """The account, what is private to it, and the phone that the test signed in with."""
    tables = [table for table in apps.get_models() if table is not Device]
    rows = {
        _written(table, row)
        for table in tables
        if "person_id" in {column.attname for column in table._meta.concrete_fields}
        for row in table._base_manager.filter(person_id=who.person.id).values_list()
    }
    account = Person.objects.filter(pk=who.person.id).values_list()
    phone = Device.objects.filter(pk=who.entered.device.id).values_list()
    return rows | {_written(Person, *account), _written(Device, *phone)}


def _tables_of_a_bond() -> Iterator[tuple[type[Model], str]]:
    for table in apps.get_models():
        columns = {column.attname for column in table._meta.concrete_fields}
        ways = [way for column, way in _WAY_TO_THE_BOND.items() if column in columns]
        if ways:
            yield table, ways[0]


def _all_rows() -> set[str]:
    """The whole house, but not when which browser was last seen."""
    tables = [table for table in apps.get_models() if table not in (Device, SlowDown)]
    return {_written(table, row) for table in tables for row in table._base_manager.values_list()}


def _written(table: type[Model], row: tuple[Any, ...]) -> str:
    plain = [bytes(value) if isinstance(value, memoryview) else value for value in row]
    return f"{table._meta.label} {plain}"


def test_every_word_of_the_bond_is_to_be_found_by_the_two(
    bonded: Bonded, ana: Someone, bo: Someone
) -> None:
    """Else the tests below would search for what is nowhere."""
    found: set[str] = set()
    for who, address in product((ana, bo), bonded.addresses()):
        found |= _leaks(_undone(client_of(who.entered), "get", address, {}))
    assert found == set(bonded.lived.words.values())


@pytest.mark.parametrize("visitor", VISITORS, indirect=True)
def test_whoever_does_not_belong_gets_no_word_of_the_bond_anywhere(
    bonded: Bonded, visitor: Enters, ana: Someone
) -> None:
    data = _attempts(bonded, ana)
    leaks = {
        (method, address): found
        for address, method in product(bonded.addresses(), ("get", "post"))
        if (found := _leaks(_undone(visitor(), method, address, data)))
    }
    assert leaks == {}


@pytest.mark.parametrize("visitor", VISITORS, indirect=True)
def test_whoever_does_not_belong_changes_nothing_of_it_and_nothing_of_ana(
    bonded: Bonded, visitor: Enters, ana: Someone
) -> None:
    data = _attempts(bonded, ana)
    before = _rows_of(bonded.space), _rows_of_person(ana)
    assert len({row.partition(" ")[0] for row in before[0]}) > 8
    changed = []
    for address in bonded.addresses():
        with transaction.atomic():
            visitor().post(address, data)
            if (_rows_of(bonded.space), _rows_of_person(ana)) != before:
                changed.append(address)
            transaction.set_rollback(True)
    assert changed == []


def test_looking_changes_nothing(bonded: Bonded, ana: Someone) -> None:
    before = _all_rows()
    changed = []
    for address in bonded.addresses():
        with transaction.atomic():
            client_of(ana.entered).get(address)
            if _all_rows() != before:
                changed.append(address)
            transaction.set_rollback(True)
    assert changed == []


@pytest.mark.parametrize("method", _UNSAFE)
def test_nothing_is_taken_without_the_token_of_a_form(
    bonded: Bonded, ana: Someone, method: str
) -> None:
    cookie = ana.client.cookies[settings.DEVICE_COOKIE].value
    taken = {}
    for address in bonded.addresses():
        client = Client(enforce_csrf_checks=True)
        client.cookies[settings.DEVICE_COOKIE] = cookie
        answer = _undone(client, method, address, {})
        if answer.status_code != 403:
            taken[address] = answer.status_code
    assert taken == {}


def test_invitation_of_another_bond_shows_who_invites_and_no_more(
    bonded: Bonded, ana: Someone, cy: Someone
) -> None:
    """Looking at an invitation is the one way in which a stranger sees a name, as it must be."""
    space = Space.objects.get(pk=UUID(bonded.arguments["space_id"][1]))
    _row, link = invite(space, ana.person, ana.keyring, now=timezone.now())
    answer = cy.client.post(reverse("people:invitation"), {"letters": link.letters})
    assert _leaks(answer) == {bonded.lived.words["name"]}
    assert open_invitation(link.letters, now=timezone.now()).row.closed_at is None


def test_cookie_of_a_made_up_device_opens_nothing(bonded: Bonded, ana: Someone) -> None:
    stolen = Here(ana.entered.device, open_device(now=NOON, label="").secret, None, None)
    leaks = {
        address: found
        for address in bonded.addresses()
        if (found := _leaks(_undone(client_of(stolen), "get", address, {})))
    }
    assert leaks == {}
