"""The channel layer for one process: many sockets on one loop, and views in other threads."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from channels.layers import InMemoryChannelLayer

_SWEEP_SECONDS = 30


class OneProcessLayer(InMemoryChannelLayer):
    """Channels' own in-memory layer, made fit for this house in two ways.

    It looks through all sockets for expired messages at each send: at 2,000 sockets that took most
    of a second, so here it does so every thirty seconds.

    And it is made for one event loop. A view runs in a thread of its own and would put a message
    into a queue that the sockets' loop is reading: that loop is not woken, and a message that
    arrives while the queue is being thrown away is lost. So a send hops to the sockets' loop.
    """

    _next_sweep = 0.0
    _home: asyncio.AbstractEventLoop | None = None
    """Where the sockets live; nothing before the first one opened."""

    async def group_add(self, group: str, channel: str) -> None:
        self._home = asyncio.get_running_loop()
        await super().group_add(group, channel)

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        home = self._home
        if home is None or group not in self.groups:
            return
        sending = super().group_send(group, message)
        if home is asyncio.get_running_loop():
            await sending
        else:
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(sending, home))

    def _clean_expired(self) -> None:
        if time.monotonic() >= self._next_sweep:
            self._next_sweep = time.monotonic() + _SWEEP_SECONDS
            super()._clean_expired()  # type: ignore[misc]  # missing in the stubs
