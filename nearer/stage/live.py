"""The one socket: it only ever says «changed»; the phone then asks over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings
from django.http import parse_cookie
from django.utils import timezone

from nearer.people.devices import Here, here_of
from nearer.people.models import Membership

RECHECK_SECONDS = 60


class Stage(AsyncJsonWebsocketConsumer):
    """Joins the groups of what this browser may see, and asks again every minute whether it may."""

    groups_joined: frozenset[str] = frozenset()
    recheck: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        groups = await self._groups()
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
        for group in groups:
            await self.channel_layer.group_add(group, self.channel_name)

    async def _part(self) -> None:
        groups, self.groups_joined = self.groups_joined, frozenset()
        for group in groups:
            await self.channel_layer.group_discard(group, self.channel_name)

    async def _groups(self) -> frozenset[str]:
        cookies = dict(self.scope["headers"]).get(b"cookie", b"").decode("latin-1")
        cookie = parse_cookie(cookies).get(settings.DEVICE_COOKIE, "")
        return await database_sync_to_async(groups_of)(cookie)


def groups_of(cookie: str) -> frozenset[str]:
    """What this cookie's browser may be told about; nothing for a locked or unknown one."""
    here = here_of(cookie, now=timezone.now())
    if here is None:
        return frozenset()
    own = f"device.{here.device.id}"
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
