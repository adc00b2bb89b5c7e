"""What a view says in its own thread reaches every socket, at once and once."""

from __future__ import annotations

import asyncio
import time

from asgiref.sync import async_to_sync

from nearer.stage.layer import OneProcessLayer

THREADS = 4
EACH = 100


async def _shouted(layer: OneProcessLayer) -> None:
    """As many views at a time as the server has threads, each saying «changed» again and again."""

    def shout(thread: int) -> None:
        for number in range(EACH):
            message = {"type": "changed", "number": (thread, number), "at": time.perf_counter()}
            async_to_sync(layer.group_send)("round", message)

    await asyncio.gather(*(asyncio.to_thread(shout, thread) for thread in range(THREADS)))


async def test_every_message_from_a_thread_arrives_once_and_soon() -> None:
    layer = OneProcessLayer()
    channel = await layer.new_channel()
    await layer.group_add("round", channel)
    heard: list[tuple[int, int]] = []
    slowest = 0.0

    async def listen() -> None:
        nonlocal slowest
        while len(heard) < THREADS * EACH:
            message = await layer.receive(channel)
            slowest = max(slowest, time.perf_counter() - message["at"])
            heard.append(message["number"])

    async with asyncio.timeout(20):
        await asyncio.gather(listen(), _shouted(layer))
    assert sorted(heard) == [(t, n) for t in range(THREADS) for n in range(EACH)]
    assert slowest < 1


async def test_saying_something_to_nobody_is_no_work() -> None:
    layer = OneProcessLayer()
    await layer.group_send("round", {"type": "changed"})
    assert layer.channels == {}
