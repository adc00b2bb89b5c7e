"""The bonds of Ana as strangers would like to find them, and a deed for every address that acts.

A deed is a post that does something when it comes from whoever may: only then does it prove
anything that the same post does nothing from somebody else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from uuid import UUID

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import NOON, PASSPHRASE, Someone, client_of
from nearer.people.bonds import NewBond, invite, make_bond
from nearer.people.devices import open_device, unlock
from nearer.people.models import Guest, Space
from nearer.people.rules import Kind, groups_of
from nearer.practices.listening.models import DrillTry, ListeningTurn
from nearer.practices.listening.prompts import scenes
from tests.private_deeds import invited_to_a_round
from tests.rounds import (
    OPENING,
    RATINGS,
    LivedIn,
    begun,
    hidden,
    live_in,
    sit_down_as_guest,
    tap,
    words_like,
)
from tests.test_addresses import TOLD

MARK = "heron-%s-on-the-mill-pond"
ARGUMENT = re.compile(r"<\w+:(\w+)>")

Enters = Callable[[], Client]
"""A browser as it comes to the house, afresh each time."""


@dataclass(frozen=True, slots=True)
class Deed:
    """A post to one address, and somebody who may."""

    name: str
    path: str
    data: dict[str, str]
    by: Enters


@dataclass(frozen=True, slots=True)
class Bonded:
    """The bonds of Ana, full of words, and what their addresses are made of."""

    shared: Space
    """With Bo."""
    bonds: tuple[Space, ...]
    """All of Ana's."""
    words: dict[str, str]
    arguments: dict[str, list[str]]
    deeds: tuple[Deed, ...]

    def addresses(self) -> Iterator[str]:
        """Every address of the house, with each of these ids that fits into it."""
        for told in TOLD:
            names = ARGUMENT.findall(told.path)
            for chosen in product(*(self.arguments[name] for name in names)):
                values = iter(chosen)
                yield ARGUMENT.sub(lambda _found: next(values), told.path)  # noqa: B023 - used at once


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """Ana's bonds with people who have no account, each at another point."""

    space_of_over: Space
    over: UUID
    """A round that is done; its guest has not decided yet."""
    guest_of_over: Client
    waiting: UUID
    """A round with a guest, still open."""
    one_phone: UUID
    invited: UUID
    """Somebody else began it, and Ana has not come in."""
    free: Space
    """No round is open in it."""


def bonds_of(ana: Someone, bo: Someone, shared: Space) -> Bonded:
    words = words_like(MARK) | {"guest": MARK % "guest"}
    lived = live_in(ana.client, bo.client, shared.id, words)
    ana.person.refresh_from_db()  # she has another name now
    elsewhere = _elsewhere(ana, words)
    invite(shared, ana.person, ana.keyring, now=timezone.now())
    bonds = tuple(Space.objects.filter(memberships__person=ana.person).exclude(kind="private"))
    turn = ListeningTurn.objects.get(round=lived.session)
    arguments = {
        "space_id": [str(shared.id), str(elsewhere.space_of_over.id)],
        "round_id": [str(each) for each in (*lived.ids, elsewhere.over)],
        "turn_id": [str(turn.id)],
        "guest_id": [str(Guest.objects.get(space=elsewhere.space_of_over).id)],
        "device_id": [str(ana.entered.device.id), str(bo.entered.device.id)],
        "scene_id": [scenes()[0].id],
        "try_id": [str(each.id) for each in DrillTry.objects.all()],
    }
    at_round = _of_rounds(ana, bo, lived, elsewhere, turn)
    deeds = (*_of_people(ana, shared), *_of_the_room(ana, shared, elsewhere), *at_round)
    return Bonded(shared, bonds, words, arguments, deeds)


def _elsewhere(ana: Someone, words: dict[str, str]) -> _Elsewhere:
    over, waiting, handed, free = (_bond(ana, name) for name in ("Dee", "Fay", "Gus", "Hal"))
    guest = Client()
    done = sit_down_as_guest(ana.client, guest, over.id, name=words["guest"])
    for who, move in ((ana.client, "ready"), (guest, "ready"), (ana.client, "spoke")):
        tap(who, done, move)
    tap(guest, done, "reflected", words="You miss it.")
    for who, move in ((ana.client, "yes"), (guest, "end"), (ana.client, "skip")):
        tap(who, done, move)
    phone = client_of(
        unlock(open_device(now=timezone.now(), label="", person=ana.person), ana.pair)
    )
    return _Elsewhere(
        space_of_over=over,
        over=done,
        guest_of_over=guest,
        waiting=sit_down_as_guest(ana.client, Client(), waiting.id),
        one_phone=begun(phone, handed.id, mode="same_room", phones="one"),
        invited=invited_to_a_round(ana),
        free=free,
    )


def _bond(ana: Someone, name: str) -> Space:
    new = NewBond(Kind.FRIENDS, other_name=name, is_long_distance=False)
    return make_bond(ana.person, ana.keyring, new, now=NOON)


def _of_people(ana: Someone, shared: Space) -> Iterator[Deed]:
    secret = f"{PASSPHRASE} {ana.name}"
    asked = dict(zip(("first", "second"), groups_of(ana.code), strict=False))
    device, space = ana.entered.device.id, shared.id
    for name, argument, data in (
        ("web:export", (), {"passphrase": secret}),
        ("web:delete_account", (), {"passphrase": secret}),
        ("web:leave_bond", (space,), {}),
        ("people:keep_code", (), {"code": ana.code, "asked": "1,2", **asked}),
        ("people:code", (), {"passphrase": secret}),
        ("people:name", (), {"name": "Anna"}),
        ("people:house", (), {"language": "en", "time_zone": "Asia/Tokyo", "idle_minutes": "60"}),
        ("people:reminders", (), {"address": "ana@example.org"}),
        ("people:passphrase", (), {"old": secret, "new": "four owls under the old bridge"}),
        ("people:end_device", (device,), {}),
        ("people:new_bond", (), {"kind": "friends", "other_name": "Ivy"}),
        ("people:make_invitation", (space,), {}),
        ("people:withdraw_invitation", (space,), {}),
    ):
        yield _deed(name, argument, data, ana)


def _of_the_room(ana: Someone, shared: Space, elsewhere: _Elsewhere) -> Iterator[Deed]:
    scene = scenes()[0].id
    for name, argument, data in (
        ("listening:habit", (), {"drift": "I plan dinner", "plan": "Look up"}),
        ("listening:begin", (elsewhere.free.id,), OPENING | {"mode": "same_room"}),
        ("listening:scene", (scene,), {"words": "You miss it."}),
        ("listening:paper_result", (shared.id,), {"who": "spoke"}),
        ("listening:not_now", (elsewhere.invited,), {}),
        ("listening:remove_try", (DrillTry.objects.filter(person=ana.person)[0].id,), {}),
        ("listening:guest_link", (elsewhere.waiting,), {}),
        ("listening:take_up", (elsewhere.one_phone,), {}),
    ):
        yield _deed(name, argument, data, ana)


def _of_rounds(
    ana: Someone, bo: Someone, lived: LivedIn, elsewhere: _Elsewhere, turn: ListeningTurn
) -> Iterator[Deed]:
    """In the open one Ana has spoken, and it is Bo's move."""
    page = bo.client.get(f"/listening/round/{lived.round}/stage/").content.decode()
    now = {name: hidden(page, name) for name in ("moment", "by")} | RATINGS
    share, (open_one, over) = (lived.session, turn.id), (lived.round, elsewhere.over)
    guest = elsewhere.guest_of_over
    yield _deed("listening:share", share, {}, ana)
    taken = {"column": "said", "row": str(turn.id)}
    yield _deed("listening:take_back", (lived.session,), taken, ana)
    yield _deed("listening:draft", (open_one,), now | {"words": "You were"}, bo)
    yield _deed("listening:move", (open_one,), now | {"move_made": "aloud"}, bo)
    yield _deed("listening:feedback", (open_one,), {"words": "You were"}, bo)
    yield _deed("listening:leave", (open_one,), {"how": "end"}, ana)
    for name in ("listening:keep", "listening:erase"):
        path = reverse(name, args=[over])
        yield Deed(name, path, {}, lambda: again(guest))


def _deed(name: str, argument: tuple[object, ...], data: dict[str, str], who: Someone) -> Deed:
    return Deed(name, reverse(name, args=argument), data, lambda: client_of(who.entered))


def again(client: Client) -> Client:
    """The same browser, before anything that a request may do to its cookies."""
    fresh = Client()
    fresh.cookies.load({name: morsel.value for name, morsel in client.cookies.items()})
    return fresh
