"""When a socket is closed by itself, and what happens when telling the others fails."""

from __future__ import annotations

from typing import Any, cast
from uuid import uuid4

import pytest
from channels.db import database_sync_to_async
from channels.layers import channel_layers, get_channel_layer
from channels_redis.pubsub import RedisPubSubChannelLayer  # type: ignore[import-untyped]
from django.conf import settings
from django.db import DatabaseError

from conftest import Someone
from nearer.stage import live
from nearer.stage.actions import announce
from nearer.stage.models import Sitting
from tests import sockets
from tests.sockets import is_refused, listening

pytestmark = pytest.mark.django_db(transaction=True)


async def failing(*_given: object) -> None:
    raise ConnectionError("gone")


NO_REDIS = "redis://127.0.0.1:1"


def cookie_of(who: Someone) -> str:
    return who.client.cookies[settings.DEVICE_COOKIE].value


@pytest.fixture
def asked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "RECHECK_SECONDS", 0.05)


async def test_socket_that_cannot_be_asked_whether_it_may_listen_is_hung_up(
    ana: Someone, asked_at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_cookie: str) -> frozenset[str]:
        raise DatabaseError("database is locked")

    async with listening(ana.client) as socket:
        monkeypatch.setattr(live, "groups_of", broken)
        assert await socket.is_hung_up()


async def test_phone_that_was_locked_while_its_socket_joined_is_refused(
    ana: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups = await database_sync_to_async(live.groups_of)(cookie_of(ana))
    answers = iter([groups, frozenset()])
    monkeypatch.setattr(live, "groups_of", lambda _cookie: next(answers))
    assert await is_refused(ana.client)


async def test_closed_socket_leaves_its_place_to_the_next(
    ana: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "SOCKETS_OF_A_DEVICE", 1)
    async with listening(ana.client):
        assert await is_refused(ana.client)
    async with listening(ana.client):
        pass


async def test_socket_that_failed_while_it_joined_leaves_its_place(
    ana: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "SOCKETS_OF_A_DEVICE", 1)
    with monkeypatch.context() as broken:
        broken.setattr(type(get_channel_layer()), "group_add", failing, raising=False)
        broken.setattr(sockets, "WITHIN_SECONDS", 0.5)
        with pytest.raises(ConnectionError):
            await is_refused(ana.client)
    async with listening(ana.client):
        pass


def test_change_stands_when_the_others_cannot_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(channel_layers.backends, "default", RedisPubSubChannelLayer([NO_REDIS]))
    announce(Sitting(id=uuid4(), space_id=uuid4(), taps=1))


async def test_odd_cookie_of_another_program_does_not_keep_the_socket_out(ana: Someone) -> None:
    """Browsers send cookies of every program on this host, whatever their port."""
    stage = live.Stage()
    cookies = f"theirs[0]={{odd}}; {settings.DEVICE_COOKIE}={cookie_of(ana)}"
    stage.scope = cast("Any", {"headers": [(b"cookie", cookies.encode())]})
    assert await stage._groups() == await database_sync_to_async(live.groups_of)(cookie_of(ana))
