"""Connections: how many there may be at once, and who gives way when there are too many.

A browser is refused nothing because somebody else holds connections open: the one that has gone
longest without an answer, among those of whoever holds the most, is hung up. Browsers that lose an
idle connection open another one by themselves.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LINES_AT_ONCE = 256
"""Per process. With at most 2 MB each (settings) this bounds the memory that others can make the
house take."""
SOCKETS_AT_ONCE = 4096
"""Per process; twice what the benchmark holds."""
_LINE = "line"
HEAD_BYTES = 64 * 1024
"""Most that may come before the body of a request; browsers send a few kilobytes."""
_OTHER_FILES = 128
"""Databases, libraries, and connections that are not through their TLS handshake yet."""

_lines: dict[Line, None] = {}
"""The one that was answered last is the last."""


class Line(HttpToolsProtocol):
    """A connection on which a browser asks for pages; once it is a socket it is none any more."""

    has_given_way = False
    _is_in_head = False
    _head_bytes = 0

    @property
    def host(self) -> str:
        return self.client[0] if self.client else ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        _lines[self] = None
        if len(_lines) > LINES_AT_ONCE:
            _one_gives_way()

    def connection_lost(self, exc: Exception | None) -> None:
        _lines.pop(self, None)
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        _lines.pop(self, None)
        super().handle_websocket_upgrade()

    def on_response_complete(self) -> None:
        if self in _lines:
            _lines[self] = _lines.pop(self)
        super().on_response_complete()

    def on_message_begin(self) -> None:
        self._is_in_head, self._head_bytes = True, 0
        super().on_message_begin()
        self.scope["state"][_LINE] = self

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_in_head:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES:
                self.transport.abort()


def has_given_way(scope: MutableMapping[str, Any]) -> bool:
    """Whether the connection of this request was hung up to make room for others."""
    line = scope.get("state", {}).get(_LINE)
    return isinstance(line, Line) and line.has_given_way


def _one_gives_way() -> None:
    [(host, _count)] = Counter(line.host for line in _lines).most_common(1)
    stillest = next(line for line in _lines if line.host == host)
    del _lines[stillest]
    stillest.has_given_way = True
    stillest.transport.abort()  # to close it would wait until everything has been read


def room_for_sockets() -> int:
    """How many sockets fit beside the lines; first lets this process open as many files."""
    if sys.platform == "win32":
        return SOCKETS_AT_ONCE
    import resource  # noqa: PLC0415 - exists on Unix only

    others = LINES_AT_ONCE + _OTHER_FILES
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    soft, hard = (sys.maxsize if n == resource.RLIM_INFINITY else n for n in limits)
    wanted = min(SOCKETS_AT_ONCE + others, hard)
    if soft < wanted:
        with suppress(OSError, ValueError):  # some systems allow less than they say
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, limits[1]))
            soft = wanted
    return max(1, min(SOCKETS_AT_ONCE, soft - others))
