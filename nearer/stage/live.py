"""The one socket: it only ever says «changed»; the phone then asks over HTTP."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings
from django.http import parse_cookie
from django.utils import timezone

from nearer.people.devices import Here, here_of
from nearer.people.models import Membership

RECHECK_SECONDS = 60
SOCKETS_OF_A_DEVICE = 32
"""Per process. Each open live page has one; one that lost its network lasts for some seconds."""
_DEVICE = "device."
_held: Counter[str] = Counter()
"""Open sockets of each device, by the name of its group."""


class Stage(AsyncJsonWebsocketConsumer):
    """Joins the groups of what this browser may see, and asks again every minute whether it may."""

    groups_joined: frozenset[str] = frozenset()
    recheck: asyncio.Task[None] | None = None

    async def __call__(self, *of_the_server: Any) -> None:
        try:
            await super().__call__(*of_the_server)
        finally:  # however it ended
            await self._part()

    async def connect(self) -> None:
        groups = await self._groups()
        if any(_held[group] >= SOCKETS_OF_A_DEVICE for group in groups):
            await refuse_another(self.base_send)
            return
        await self._join(groups)
        # Asked again: what happened while it was joining, no group has told.
        if not groups or await self._groups() != groups:
            await self._part()
            await self.close(code=4403)
            return
        await self.accept()
        self.recheck = asyncio.create_task(self._recheck())

    async def disconnect(self, code: int) -> None:
        recheck, self.recheck = self.recheck, None
        if recheck:
            recheck.cancel()
        await self._part()

    async def receive_json(self, content: Any, **_kwargs: Any) -> None:
        """Phones have nothing to say here; moves are ordinary posts."""

    async def changed(self, event: dict[str, Any]) -> None:
        await self.send_json({"sitting": event["sitting"], "taps": event["taps"]})

    async def ended(self, _event: dict[str, Any]) -> None:
        await self.close(code=4403)

    async def _recheck(self) -> None:
        """However this ends, the socket ends with it: one that is not asked again must not hear."""
        try:
            while True:
                await asyncio.sleep(RECHECK_SECONDS)
                if await self._groups() != self.groups_joined:
                    return
        finally:
            if self.recheck:
                await self.close(code=4403)

    async def _join(self, groups: frozenset[str]) -> None:
        self.groups_joined = groups
        _held.update(filter(_is_device, groups))
        for group in groups:
            await self.channel_layer.group_add(group, self.channel_name)

    async def _part(self) -> None:
        groups, self.groups_joined = self.groups_joined, frozenset()
        for own in filter(_is_device, groups):
            _held[own] -= 1
            if not _held[own]:
                del _held[own]
        for group in groups:
            await self.channel_layer.group_discard(group, self.channel_name)

    async def _groups(self) -> frozenset[str]:
        cookies = dict(self.scope["headers"]).get(b"cookie", b"").decode("latin-1")
        cookie = parse_cookie(cookies).get(settings.DEVICE_COOKIE, "")
        return await database_sync_to_async(groups_of)(cookie)


async def refuse_another(send: Callable[[Any], Awaitable[None]]) -> None:
    """To a page that wants a socket. It asks again by itself, and has a slow poll meanwhile."""
    headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
    start = {"type": "websocket.http.response.start", "status": 503, "headers": headers}
    await send(start)
    words = b"Too many live pages are open. Close some that you do not need."
    await send({"type": "websocket.http.response.body", "body": words})


def _is_device(group: str) -> bool:
    return group.startswith(_DEVICE)


def groups_of(cookie: str) -> frozenset[str]:
    """What this cookie's browser may be told about; nothing for a locked or unknown one."""
    here = here_of(cookie, now=timezone.now())
    if here is None:
        return frozenset()
    own = f"{_DEVICE}{here.device.id}"
    rooms = _spaces(here) if here.is_open else _door(here)
    return frozenset({own, *rooms}) if rooms else frozenset()


def _spaces(here: Here) -> list[str]:
    rows = Membership.objects.filter(person=here.person, left_at=None, replaced_at=None)
    return [f"space.{space}" for space in rows.values_list("space_id", flat=True)]


def _door(here: Here) -> list[str]:
    """The last part of a door's address is the session it leads to."""
    if here.pass_key is None:
        return []
    return [f"sitting.{here.door.rstrip('/').rpartition('/')[2]}"]
