"""The other's socket: what it is told, what it is never told, and when it is hung up.

The socket of a phone says only «changed». Still, that it says so tells that somebody did something
just now; so while Ana does every private thing there is, Bo's socket must stay silent.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from conftest import Someone, client_of
from nearer.people.devices import Here, lock, open_device
from nearer.people.models import Space
from tests.private_deeds import PRIVATE_DEEDS, TOLD_TO_THE_OTHER, guest_of, other_device
from tests.rounds import RATINGS, begun, tap
from tests.sockets import Socket, is_refused, listening
from tests.test_addresses import TOLD, is_for_posts

pytestmark = pytest.mark.django_db(transaction=True)


async def _is_told(socket: Socket, round_id: UUID) -> None:
    """It hears of that round now; whatever else was said meanwhile would come first."""
    message = await socket.hears()
    assert set(message) == {"sitting", "taps"}
    assert message["sitting"] == str(round_id)


@pytest.fixture
def round_id(ana: Someone, bo: Someone, space: Space) -> UUID:
    """Ana has spoken, and Bo is to give it back; then they change places, and Ana is to.

    Another session was on paper, and Ana typed it in.
    """
    paper = {"who": "listened", "caught": "The stairs", "line": "Ask about them"}
    assert ana.client.post(f"/listening/paper/{space.id}/", paper).status_code == 302
    found = begun(ana.client, space.id, mode="same_room")
    for who, move in ((ana, "ready"), (bo, "ready"), (ana, "spoke"), (bo, "aloud"), (ana, "yes")):
        tap(who.client, found, move)
    tap(bo.client, found, "skip")
    tap(ana.client, found, "rated", **RATINGS)
    for move in ("ready", "spoke"):
        tap(bo.client, found, move)
    return found


@pytest.fixture
def posted_to(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of the addresses to which anybody posts."""
    posted: set[str] = set()
    post = Client.post

    def noted(self: Client, path: str, *args: Any, **kwargs: Any) -> Any:
        posted.add(resolve(path).view_name)
        return post(self, path, *args, **kwargs)

    monkeypatch.setattr(Client, "post", noted)
    return posted


def test_every_address_that_takes_a_post_is_private_or_told_for_a_reason() -> None:
    private = {name for each in PRIVATE_DEEDS.values() for name in each.posts}
    assert private & set(TOLD_TO_THE_OTHER) == set()
    takes_a_post = {told.name for told in TOLD if is_for_posts(told)}
    assert private | set(TOLD_TO_THE_OTHER) == takes_a_post


@pytest.mark.parametrize("deed", PRIVATE_DEEDS)
async def test_while_ana_does_something_private_the_socket_of_bo_receives_nothing(
    ana: Someone, bo: Someone, round_id: UUID, deed: str, posted_to: set[str]
) -> None:
    private = PRIVATE_DEEDS[deed]
    async with listening(bo.client) as socket:
        await database_sync_to_async(private.do)(ana, round_id)
        assert set(private.posts) <= posted_to
        assert await socket.hears_nothing()
        await database_sync_to_async(tap)(ana.client, round_id, "aloud")
        await _is_told(socket, round_id)


async def test_no_line_that_is_kept_or_left_is_told(
    ana: Someone, bo: Someone, space: Space
) -> None:
    round_id = await database_sync_to_async(_at_the_close)(ana, bo, space)
    async with listening(ana.client) as hers, listening(bo.client) as his:
        await database_sync_to_async(tap)(ana.client, round_id, "kept", words="Ask about the attic")
        assert await his.hears_nothing()
        await database_sync_to_async(tap)(bo.client, round_id, "skip")
        assert await hers.hears_nothing()


def _at_the_close(ana: Someone, bo: Someone, space: Space) -> UUID:
    """Both have spoken and been heard."""
    round_id = _at_the_rating(ana, bo, space)
    moves = [(ana, "skip"), (bo, "ready"), (bo, "spoke"), (ana, "aloud"), (bo, "yes")]
    for who, move in [*moves, (ana, "skip"), (bo, "skip")]:
        tap(who.client, round_id, move)
    return round_id


async def test_rating_and_no_rating_sound_the_same(ana: Someone, bo: Someone, space: Space) -> None:
    """That the round goes on must be told; whether and how Ana rated must not."""
    heard = []
    for move, ratings in (("rated", RATINGS), ("skip", {})):
        round_id = await database_sync_to_async(_at_the_rating)(ana, bo, space)
        async with listening(bo.client) as socket:
            await database_sync_to_async(tap)(ana.client, round_id, move, **ratings)
            heard.append((await socket.hears())["taps"])
            assert await socket.hears_nothing()
        await database_sync_to_async(_closed)(ana, bo, round_id)
    assert heard[0] == heard[1]


def _at_the_rating(ana: Someone, bo: Someone, space: Space) -> UUID:
    round_id = begun(ana.client, space.id, mode="same_room")
    for who, move in ((ana, "ready"), (bo, "ready"), (ana, "spoke"), (bo, "aloud"), (ana, "yes")):
        tap(who.client, round_id, move)
    tap(bo.client, round_id, "skip")
    return round_id


def _closed(ana: Someone, bo: Someone, round_id: UUID) -> None:
    for who, move in ((bo, "end"), (ana, "skip")):
        tap(who.client, round_id, move)


async def test_both_phones_are_told_of_a_move(ana: Someone, bo: Someone, round_id: UUID) -> None:
    async with listening(ana.client) as hers, listening(bo.client) as his:
        await database_sync_to_async(tap)(ana.client, round_id, "pause")
        await _is_told(hers, round_id)
        await _is_told(his, round_id)


async def test_stranger_and_guest_of_another_round_hear_nothing(
    ana: Someone, cy: Someone, round_id: UUID
) -> None:
    guest, _round = await database_sync_to_async(guest_of)(cy)
    async with listening(cy.client) as stranger, listening(guest) as elsewhere:
        await database_sync_to_async(tap)(ana.client, round_id, "aloud")
        assert await stranger.hears_nothing()
        assert await elsewhere.hears_nothing()


async def test_phone_that_was_handed_over_hears_of_its_round_only(
    ana: Someone, bo: Someone, round_id: UUID, alone: Space
) -> None:
    def handed_over() -> tuple[Client, UUID]:
        client = client_of(other_device(ana))
        return client, begun(client, alone.id, mode="same_room", phones="one")

    client, own_round = await database_sync_to_async(handed_over)()
    async with listening(client) as socket:
        await database_sync_to_async(tap)(ana.client, round_id, "aloud")
        assert await socket.hears_nothing()
        await database_sync_to_async(tap)(client, own_round, "ready")
        await _is_told(socket, own_round)


def _locked(who: Someone) -> Client:
    here = other_device(who)
    lock(here.device)
    return client_of(here)


async def test_locked_phone_is_refused(bo: Someone) -> None:
    assert await is_refused(await database_sync_to_async(_locked)(bo))


async def test_browser_without_a_cookie_is_refused(db: None) -> None:
    assert await is_refused(Client())


@pytest.mark.parametrize("cookie", ["", "x", "x.y", f"{UUID(int=1).hex}.AAAA", "é" * 40])
async def test_cookie_that_is_none_is_refused(cookie: str) -> None:
    client = Client()
    client.cookies[settings.DEVICE_COOKIE] = cookie
    assert await is_refused(client)


async def test_cookie_with_the_wrong_secret_is_refused(bo: Someone) -> None:
    device = bo.entered.device
    made_up = Here(device, open_device(now=timezone.now(), label="").secret, None, None)
    assert await is_refused(client_of(made_up))


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "http://localhost.example", ""])
async def test_page_of_another_site_is_refused(bo: Someone, origin: str) -> None:
    assert await is_refused(bo.client, origin=origin)


@pytest.mark.parametrize("leaving", ["/sign-out/", "/lock/"])
async def test_socket_is_hung_up_with_its_browser(bo: Someone, leaving: str) -> None:
    async with listening(bo.client) as socket:
        await database_sync_to_async(bo.client.post)(leaving)
        assert await socket.is_hung_up()


async def test_socket_is_hung_up_when_its_session_is_ended_from_another_device(
    bo: Someone,
) -> None:
    elsewhere = await database_sync_to_async(other_device)(bo)
    address = f"/me/devices/{elsewhere.device.id}/end/"
    async with listening(client_of(elsewhere)) as socket:
        await database_sync_to_async(bo.client.post)(address)
        assert await socket.is_hung_up()


async def test_whoever_has_left_hears_of_the_bond_no_more(
    ana: Someone, bo: Someone, space: Space
) -> None:
    async with listening(bo.client) as socket:
        await database_sync_to_async(bo.client.post)(f"/bond/{space.id}/leave/")
        assert await socket.is_hung_up()
    async with listening(bo.client) as again:
        await database_sync_to_async(ana.client.post)(
            f"/listening/paper/{space.id}/", {"who": "spoke"}
        )
        assert await again.hears_nothing()


async def test_phone_has_nothing_to_say_on_its_socket(
    ana: Someone, bo: Someone, round_id: UUID
) -> None:
    async with listening(bo.client) as his, listening(ana.client) as hers:
        await his.says({"type": "changed", "sitting": str(round_id), "taps": 99})
        assert await hers.hears_nothing()
        assert await his.hears_nothing()
