"""A third person must not get in anywhere: every address, by every visitor who does not belong.

There is something that could leak: words stand in every field of the bond of Ana and Bo, and every
answer is searched for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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

from conftest import NOON, Someone, client_of, signed_up
from nearer.people.bonds import accept_invitation, invite, open_invitation
from nearer.people.devices import Here, open_device, unlock
from nearer.people.models import Device, Membership, Person, SlowDown, Space
from nearer.web.leaving import leave_and_take_back
from tests.deeds import Bonded, Deed, Enters, again, bonds_of
from tests.rounds import RATINGS, begun, live_in, sit_down_as_guest, words_like
from tests.test_addresses import TOLD, is_for_posts

_MARKED = re.compile(r"(?:heron|otter)-\w+-on-the-mill-pond")
_UNSAFE = ("post", "put", "patch", "delete")
_WAY_TO_THE_BOND = {
    "space_id": "space_id",
    "sitting_id": "sitting__space_id",
    "round_id": "round__sitting__space_id",
    "turn_id": "turn__round__sitting__space_id",
}
"""From a table's column to the bond that its rows belong to."""


@pytest.fixture
def bonded(ana: Someone, bo: Someone, space: Space) -> Bonded:
    return bonds_of(ana, bo, space)


@pytest.fixture
def signed_out() -> Enters:
    return Client


@pytest.fixture
def stranger(cy: Someone) -> Enters:
    return lambda: client_of(cy.entered)


@pytest.fixture
def guest_elsewhere(cy: Someone) -> Enters:
    """A guest at a round of Cy's."""
    return _guest_of(cy)


@pytest.fixture
def guest_of_ana(ana: Someone, bonded: Bonded) -> Enters:
    """A guest at another round of Ana's, in a bond that is none of those looked at."""
    del bonded
    return _guest_of(ana)


def _guest_of(host: Someone) -> Enters:
    made = host.client.post(reverse("people:new_bond"), {"kind": "friends", "other_name": "Eli"})
    space = UUID(made.headers["Location"].rstrip("/").rpartition("/")[2])
    guest = Client()
    own_round = sit_down_as_guest(host.client, guest, space)
    assert guest.get(f"/listening/round/{own_round}/").status_code == 200
    return lambda: again(guest)


@pytest.fixture
def handed_over(ana: Someone, alone: Space) -> Enters:
    """A phone of Ana's in somebody else's hand, for a round with Dee."""
    here = unlock(open_device(now=timezone.now(), label="Phone", person=ana.person), ana.pair)
    phone = client_of(here)
    own_round = begun(phone, alone.id, mode="same_room", phones="one")
    assert phone.get(f"/listening/round/{own_round}/").status_code == 200
    return lambda: again(phone)


@pytest.fixture
def locked(ana: Someone) -> Enters:
    """Ana's own phone after she locked it."""
    here = open_device(now=timezone.now(), label="Phone", person=ana.person)
    here.device.save()
    return lambda: client_of(here)


@pytest.fixture
def gone(bo: Someone, bonded: Bonded) -> Enters:
    """Bo, who has left the bond."""
    leave_and_take_back(bonded.shared, bo.person, now=timezone.now())
    return lambda: client_of(bo.entered)


@pytest.fixture
def bobby(ana: Someone, bonded: Bonded) -> Someone:
    """Bo with a new account, which has taken the place of the old one."""
    back = signed_up("Bobby")
    _row, link = invite(bonded.shared, ana.person, ana.keyring, now=timezone.now())
    opened = open_invitation(link.letters, now=timezone.now())
    accept_invitation(opened, back.person, back.keyring, now=timezone.now())
    return back


VISITORS = (
    "signed_out",
    "stranger",
    "guest_elsewhere",
    "guest_of_ana",
    "handed_over",
    "locked",
    "gone",
)


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


def _posts(bonded: Bonded) -> list[tuple[str, dict[str, str]]]:
    """Every deed, and what is in any of their forms at every other address."""
    everything = {"how": "end", "words": "Let me in", "who": "spoke", "move_made": "aloud"}
    everywhere = [(path, everything | RATINGS) for path in bonded.addresses()]
    return [(deed.path, deed.data) for deed in bonded.deeds] + everywhere


def _state(bonded: Bonded, ana: Someone) -> set[str]:
    """All that nobody but those who may is to change."""
    return _rows_of_person(ana) | _rows_of(bonded.bonds)


def _does_something(deed: Deed, bonded: Bonded, ana: Someone) -> bool:
    """Something is written, or handed out."""
    before = _state(bonded, ana)
    with transaction.atomic():
        answer: Any = deed.by().post(deed.path, deed.data)
        is_changed = _state(bonded, ana) != before
        transaction.set_rollback(True)
    return is_changed or "Content-Disposition" in answer.headers


@dataclass(frozen=True, slots=True)
class Gained:
    """What a visitor got out of the house by trying every address."""

    words: set[str]
    changed: set[str]
    """Addresses at which a post wrote something, or handed something out."""


def _gained_by(visitor: Enters, bonded: Bonded, ana: Someone) -> Gained:
    before = _state(bonded, ana)
    gained = Gained(set(), set())
    for path in bonded.addresses():
        gained.words.update(_leaks(_undone(visitor(), "get", path, {})))
    for path, data in _posts(bonded):
        with transaction.atomic():
            answer: Any = visitor().post(path, data)
            if _state(bonded, ana) != before or "Content-Disposition" in answer.headers:
                gained.changed.add(path)
            transaction.set_rollback(True)
        gained.words.update(_leaks(answer))
    return gained


def _rows_of(bonds: Iterable[Space]) -> set[str]:
    """Everything that is kept of these bonds, to the last column; not who was in them once."""
    ids = [each.id for each in bonds]
    rows = {
        _written(table, row)
        for table, way in _tables_of_a_bond()
        if table is not Membership
        for row in table._base_manager.filter(**{f"{way}__in": ids}).values_list()
    }
    members = Membership.objects.filter(space__in=ids, left_at=None).values_list()
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
    kept = [column.attname for column in Device._meta.concrete_fields if column.name != "seen_at"]
    phone = Device.objects.filter(pk=who.entered.device.id).values_list(*kept)
    accounts = {_written(Person, row) for row in account}
    return rows | accounts | {_written(Device, row) for row in phone}


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
    assert found == set(bonded.words.values())


def test_every_deed_does_something_when_whoever_may_does_it(bonded: Bonded, ana: Someone) -> None:
    """Else the tests below would prove nothing by its doing nothing."""
    idle = [deed.path for deed in bonded.deeds if not _does_something(deed, bonded, ana)]
    assert idle == []


def test_there_is_a_deed_for_every_guarded_address_that_takes_a_post(bonded: Bonded) -> None:
    guarded = {told.name for told in TOLD if told.who != "anybody" and is_for_posts(told)}
    assert {deed.name for deed in bonded.deeds} == guarded


@pytest.mark.parametrize("visitor", VISITORS, indirect=True)
def test_whoever_does_not_belong_gets_no_word_and_changes_nothing_anywhere(
    bonded: Bonded, visitor: Enters, ana: Someone
) -> None:
    assert len({row.partition(" ")[0] for row in _rows_of([bonded.shared])}) > 8
    assert _gained_by(visitor, bonded, ana) == Gained(words=set(), changed=set())


def test_replaced_account_changes_its_own_name_and_takes_its_words_back_and_no_more(
    bonded: Bonded, ana: Someone, bo: Someone, bobby: Someone
) -> None:
    gained = _gained_by(lambda: client_of(bo.entered), bonded, ana)
    leaving = reverse("web:leave_bond", args=[bonded.shared.id])
    assert gained.changed == {leaving, reverse("people:name")}


def test_replaced_account_gets_no_word_that_is_written_after_it(
    bonded: Bonded, ana: Someone, bo: Someone, bobby: Someone
) -> None:
    open_round = bonded.arguments["round_id"][-2]
    for _each in ("to the close", "over"):
        ana.client.post(f"/listening/round/{open_round}/leave/", {"how": "end"})
    words = words_like("otter-%s-on-the-mill-pond")
    lived = live_in(ana.client, bobby.client, bonded.shared.id, words)
    bonded.arguments["round_id"] += map(str, lived.ids)
    found = {
        mark
        for path in bonded.addresses()
        for mark in _leaks(_undone(client_of(bo.entered), "get", path, {}))
    }
    assert {mark.partition("-")[0] for mark in found} == {"heron"}


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
    """Where a code was shown, loading the page anew is refused too, and leads to a new code."""
    cookie = ana.client.cookies[settings.DEVICE_COOKIE].value
    taken = {}
    for address in bonded.addresses():
        client = Client(enforce_csrf_checks=True)
        client.cookies[settings.DEVICE_COOKIE] = cookie
        answer = _undone(client, method, address, {})
        if answer.status_code != 403 and answer.headers.get("Location") != reverse("people:code"):
            taken[address] = answer.status_code
    assert taken == {}


def test_invitation_of_another_bond_shows_who_invites_and_no_more(
    bonded: Bonded, ana: Someone, cy: Someone
) -> None:
    """Looking at an invitation is the one way in which a stranger sees a name, as it must be."""
    own = bonded.arguments["space_id"][1]
    space = next(each for each in bonded.bonds if str(each.id) == own)
    _row, link = invite(space, ana.person, ana.keyring, now=timezone.now())
    answer = cy.client.post(reverse("people:invitation"), {"letters": link.letters})
    assert _leaks(answer) == {bonded.words["name"]}
    assert open_invitation(link.letters, now=timezone.now()).row.closed_at is None


def test_cookie_of_a_made_up_device_opens_nothing(bonded: Bonded, ana: Someone) -> None:
    stolen = Here(ana.entered.device, open_device(now=NOON, label="").secret, None, None)
    leaks = {
        address: found
        for address in bonded.addresses()
        if (found := _leaks(_undone(client_of(stolen), "get", address, {})))
    }
    assert leaks == {}
