"""What is measured, one function a line or two of the table."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from statistics import median

from django.urls import reverse

from bench.asks import drill_tries, page, pauses
from bench.load import Ask, Times, hammer, line_to
from bench.people import Couple, Lived
from bench.report import HELLO, Bar, Row
from bench.server import Server, opened, serving
from bench.sockets import from_tap_to_other_phone, hold
from nearer.web.serving import HOUSE

SECONDS = 6.0
CLIENTS = (1, 8)
_STARTS = 3
_TAPS = 150

PAGE_MS = {1: 20.0, 8: 80.0}
WRITE_MS, FAN_OUT_MS, KIB_EACH, START_SECONDS, RSS_MIB = 150.0, 25.0, 40.0, 1.5, 80.0
"""The bars of platform.md 2c, on a quiet machine with two cores."""

Asks = Callable[[int], Iterator[Ask]]


def hello() -> list[Row]:
    with serving("bench.hello:application") as server:
        return [
            Row(HELLO, str(clients), _load(server, lambda _n: page("/", ""), clients))
            for clients in CLIENTS
        ]


def starting() -> Row:
    """The command that people run, on a folder that exists, to the first page."""
    walls, cpus = [], []
    for _n in range(_STARTS):
        with opened() as server:
            walls.append(server.started_in)
            cpus.append(server.cpu)
    bar = Bar(median(walls), START_SECONDS, "s")
    return Row(
        "start to first page (median of 3)",
        also=f"{median(walls):.2f} s, {median(cpus):.2f} s CPU",
        bar=bar,
    )


def pages(lived: Lived) -> list[Row]:
    """Reading, on the server as it is meant to run."""
    named = {
        "Today": reverse("web:today"),
        "a session's page": reverse("listening:session", args=[lived.session]),
        "Us": reverse("web:us"),
        "picture over time (a part of Today and Us)": reverse(
            "listening:picture", args=[lived.bond.id]
        ),
    }
    with serving(HOUSE) as server:
        rows = [
            _page_row(server, what, path, lived, clients)
            for what, path in named.items()
            for clients in CLIENTS
        ]
        return [*rows, Row("RSS after reading", also=_memory(server))]


def today_on_asgi(lived: Lived) -> list[Row]:
    with serving("bench.everything_on_asgi:application") as server:
        rows = [
            _page_row(server, "Today, everything on ASGI", "/", lived, clients)
            for clients in CLIENTS
        ]
        return [*rows, Row("RSS after that", also=_memory(server))]


def writes(lived: Lived) -> list[Row]:
    with serving(HOUSE) as server:
        moves = _load(server, lambda n: pauses(lived, n + 1), 8)
        tries = _load(server, lambda _n: drill_tries(lived), 8)
    return [
        Row("a move", "8", moves, bar=Bar(moves.at(0.95), WRITE_MS, "ms p95")),
        Row("a drill try, with feedback", "8", tries, bar=Bar(tries.at(0.95), WRITE_MS, "ms p95")),
    ]


def memory(lived: Lived) -> list[Row]:
    with serving(HOUSE) as server:
        _load(server, lambda _n: page("/", lived.ana.cookie), 1, seconds=1.0)
        before = server.rss_kib / 1024
        asyncio.run(_once(server, next(drill_tries(lived))))
        after = server.rss_kib / 1024
    bar = Bar(before, RSS_MIB, "MiB")
    return [
        Row("RSS before a reply is read", also=f"{before:.0f} MiB", bar=bar),
        Row("RSS with the cue model", also=f"{after:.0f} MiB (+{after - before:.0f})"),
    ]


def live(lived: Lived) -> Row:
    with serving(HOUSE) as server:
        times = asyncio.run(from_tap_to_other_phone(server, lived, _TAPS))
    return Row("from a tap to the other phone's socket", "1", times)


def many_sockets(couples: list[Couple]) -> list[Row]:
    with serving("bench.fanout:application") as server:
        held = asyncio.run(hold(server, couples))
    count = 2 * len(couples)
    fan_out = held.times
    also = f"{held.lost} lost; connected in {held.connected_in:.0f} s"
    return [
        Row(
            f"{count:,} sockets held",
            also=f"{held.kib_each:.0f} KiB each",
            bar=Bar(held.kib_each, KIB_EACH, "KiB"),
        ),
        Row(
            "fan-out among them",
            "100/s",
            fan_out,
            also,
            Bar(fan_out.at(0.95), FAN_OUT_MS, "ms p95"),
        ),
    ]


def _page_row(server: Server, what: str, path: str, lived: Lived, clients: int) -> Row:
    times = _load(server, lambda _n: page(path, lived.ana.cookie), clients)
    return Row(what, str(clients), times, bar=Bar(times.at(0.95), PAGE_MS[clients], "ms p95"))


def _memory(server: Server) -> str:
    return f"{server.rss_kib / 1024:.0f} MiB, {server.own_kib / 1024:.0f} not of files"


def _load(server: Server, asks: Asks, clients: int, *, seconds: float = SECONDS) -> Times:
    return asyncio.run(hammer(server, asks, clients=clients, seconds=seconds))


async def _once(server: Server, ask: Ask) -> None:
    async with line_to(server) as line:
        await line.ask(ask)
