"""Clients that ask again as soon as they are answered, each on one connection."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

from bench.server import Server

_FORM = "application/x-www-form-urlencoded"


class BadAnswer(Exception):
    """A request was not answered as it should be, so its time means nothing."""


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of every answer, sorted, and what they cost the server."""

    ms: list[float]
    seconds: float
    cpu_ms: float
    """Server processor time for one request."""

    def at(self, share: float) -> float:
        """The time within which that share of requests was answered (nearest rank)."""
        return self.ms[max(0, int(len(self.ms) * share + 0.5) - 1)]

    @property
    def rate(self) -> float:
        return len(self.ms) / self.seconds


@dataclass(frozen=True, slots=True)
class Ask:
    """One request as it goes over the wire."""

    raw: bytes

    @classmethod
    def get(cls, path: str, cookie: str = "") -> Ask:
        return cls(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode())

    @classmethod
    def post(cls, path: str, cookie: str, token: str, **fields: str) -> Ask:
        """As htmx sends a form; ``token`` is the value of the form cookie."""
        body = urlencode(fields)
        lines = (
            f"POST {path} HTTP/1.1",
            "Host: localhost",
            f"Cookie: {cookie}; nearer-form={token}",
            f"X-CSRFToken: {token}",
            "HX-Request: true",
            f"Content-Type: {_FORM}",
            f"Content-Length: {len(body)}",
        )
        return cls("\r\n".join([*lines, "", body]).encode())


@dataclass(frozen=True, slots=True)
class Line:
    """An open connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, ask: Ask) -> bytes:
        """
        Raises:
            BadAnswer: anything but 200.
        """
        self.writer.write(ask.raw)
        head = await self.reader.readuntil(b"\r\n\r\n")
        body = await self.reader.readexactly(_length(head))
        if not head.startswith(b"HTTP/1.1 200"):
            raise BadAnswer(head.partition(b"\r\n")[0].decode("latin-1"))
        return body


@asynccontextmanager
async def line_to(server: Server) -> AsyncIterator[Line]:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=2**20)
    try:
        yield Line(reader, writer)
    finally:
        writer.close()


async def hammer(
    server: Server, asks: Callable[[int], Iterator[Ask]], *, clients: int, seconds: float
) -> Times:
    """``clients`` at once; ``asks`` gives each its endless requests."""
    await _burst(server, asks, clients, 0.5)  # warm: imports, connections, templates
    cpu, began = server.cpu, time.perf_counter()
    ms = await _burst(server, asks, clients, seconds)
    spent = time.perf_counter() - began
    return Times(sorted(ms), spent, (server.cpu - cpu) * 1000 / len(ms))


async def _burst(
    server: Server, asks: Callable[[int], Iterator[Ask]], clients: int, seconds: float
) -> list[float]:
    end = time.perf_counter() + seconds
    parts = await asyncio.gather(*(_one(server, asks(n), end) for n in range(clients)))
    return [each for part in parts for each in part]


async def _one(server: Server, asks: Iterator[Ask], end: float) -> list[float]:
    ms = []
    async with line_to(server) as line:
        while (began := time.perf_counter()) < end:
            await line.ask(next(asks))
            ms.append((time.perf_counter() - began) * 1000)
    return ms


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _colon, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise BadAnswer("an answer without a length")
