"""The live side: from a tap to the other phone, and many phones at once."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from bench.asks import pauses
from bench.fanout import SEND
from bench.load import Ask, Times, line_to
from bench.people import Couple, Lived
from bench.server import Server

_AT_ONCE = 16
_A_SECOND = 100
_SENT = 1_000
_LATE_AFTER_SECONDS = 3.0


@dataclass(slots=True)
class Held:
    """Many open sockets, and when each message came to them."""

    kib_each: float = 0.0
    connected_in: float = 0.0
    lost: int = 0
    ms: list[float] = field(default_factory=list)
    sent: dict[int, float] = field(default_factory=dict)

    @property
    def times(self) -> Times:
        return Times(sorted(self.ms), _SENT / _A_SECOND, cpu_ms=0.0)

    async def listen(self, socket: ClientConnection) -> None:
        async for message in socket:
            number = json.loads(message)["taps"]
            self.ms.append((time.perf_counter() - self.sent[number]) * 1000)


@asynccontextmanager
async def socket_of(cookie: str, server: Server) -> AsyncIterator[ClientConnection]:
    address = f"127.0.0.1:{server.port}"
    async with connect(
        f"ws://{address}/stage/",
        origin=Origin(f"http://{address}"),
        additional_headers={"Cookie": cookie},
        compression=None,
        ping_interval=None,
        open_timeout=60,
    ) as socket:
        yield socket


async def from_tap_to_other_phone(server: Server, lived: Lived, count: int) -> Times:
    """Ana taps «pause» and «go on» in turn; Bo's socket hears of it."""
    taps, ms = pauses(lived, 0), []
    began = time.perf_counter()
    async with socket_of(lived.bo.cookie, server) as phone, line_to(server) as line:
        for _n in range(count):
            tapped = time.perf_counter()
            answer = asyncio.create_task(line.ask(next(taps)))
            await phone.recv()
            ms.append((time.perf_counter() - tapped) * 1000)
            await answer
    return Times(sorted(ms), time.perf_counter() - began, cpu_ms=0.0)


async def hold(server: Server, couples: list[Couple]) -> Held:
    """Open two sockets for each couple, then send to a hundred couples a second."""
    held = Held()
    async with AsyncExitStack() as stack:
        warm = [await _opened(server, couple, stack) for couple in couples[:10]]
        before, began = server.rss_kib, time.perf_counter()
        rest = await _all_opened(server, couples[10:], stack)
        held.connected_in = time.perf_counter() - began
        held.kib_each = (server.rss_kib - before) / (2 * len(rest))
        sockets = [socket for pair in [*warm, *rest] for socket in pair]
        listeners = [asyncio.create_task(held.listen(socket)) for socket in sockets]
        await _send(server, couples, held)
        await asyncio.sleep(_LATE_AFTER_SECONDS)
        held.lost = 2 * _SENT - len(held.ms)
        for listener in listeners:
            listener.cancel()
    return held


async def _all_opened(
    server: Server, couples: list[Couple], stack: AsyncExitStack
) -> list[list[ClientConnection]]:
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(couple: Couple) -> list[ClientConnection]:
        async with gate:
            return await _opened(server, couple, stack)

    return await asyncio.gather(*(one(couple) for couple in couples))


async def _opened(server: Server, couple: Couple, stack: AsyncExitStack) -> list[ClientConnection]:
    return [await stack.enter_async_context(socket_of(cookie, server)) for cookie in couple.cookies]


async def _send(server: Server, couples: list[Couple], held: Held) -> None:
    """At a steady pace, whether or not the server keeps up with it."""
    began = time.perf_counter()
    async with line_to(server) as line:
        for number in range(_SENT):
            await asyncio.sleep(max(0.0, began + number / _A_SECOND - time.perf_counter()))
            couple = couples[number % len(couples)]
            held.sent[number] = time.perf_counter()
            await line.ask(Ask.get(f"{SEND}{couple.space}/{number}"))
