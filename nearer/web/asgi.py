"""The server's doors: pages in two fixed pools of threads, sockets on Channels.

A thread is taken only for the making of a page. What a browser sends is read before, and what it
gets is sent after, on the event loop, where somebody who is slow or gone costs nobody a thread.
Measured against everything on ASGI this takes 25 to 45 % off a page (docs/decisions).
"""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nearer.web.settings")

from a2wsgi.wsgi import build_environ
from channels.security.websocket import AllowedHostsOriginValidator
from django.conf import settings
from django.core.wsgi import get_wsgi_application

http = get_wsgi_application()

from nearer.stage.live import Stage, refuse_another  # noqa: E402 - app ready: needs models
from nearer.web.alone import hold  # noqa: E402
from nearer.web.lines import has_given_way, room_for_sockets  # noqa: E402
from nearer.web.memory import keep_out_of_dumps  # noqa: E402
from nearer.web.refusal import Refusal  # noqa: E402

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

READING, WRITING = 2, 4
"""Threads. More that make pages only wait for each other: Python runs one of them at a time, and a
change of turn at each question to the database costs more than it gains (docs/decisions). Forms
have their own, since a passphrase takes a good part of a second and must hold up nobody's page."""
BODY_WITHIN_SECONDS = 10
"""A form is a few kilobytes; a phone that needs longer has lost its network."""

_reading = ThreadPoolExecutor(READING, thread_name_prefix="page")
_writing = ThreadPoolExecutor(WRITING, thread_name_prefix="form")
_ONLY_ASKS = ("GET", "HEAD")
_sockets = cast("App", AllowedHostsOriginValidator(Stage.as_asgi()))
"""There is one kind of socket, so there is nothing to route."""
_places = asyncio.Semaphore(room_for_sockets())
"""Nobody waits for one."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole one: the largest file of the house has some hundred kilobytes."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class _Gone(Exception):
    """The browser went away before it had said everything."""


class _TooLarge(Exception):
    """More than any form of the house."""


def _refusal(status: int, words: str) -> Answer:
    headers = {"content-type": "text/plain", "cache-control": "no-store", "connection": "close"}
    return Answer(status, [(k.encode(), v.encode()) for k, v in headers.items()], words.encode())


_TOO_SLOW = _refusal(408, "That took too long to arrive. Nothing was changed. Send it once more.")
_TOO_LARGE = _refusal(413, "That is more than fits. Nothing was changed. Send less at a time.")


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "websocket":
        await _socket(scope, receive, send)
    else:
        await _page(scope, receive, send)


async def _socket(scope: Scope, receive: Receive, send: Send) -> None:
    if _places.locked():
        await refuse_another(send)
        return
    async with _places:
        await _sockets(scope, receive, send)


async def _page(scope: Scope, receive: Receive, send: Send) -> None:
    try:
        async with asyncio.timeout(BODY_WITHIN_SECONDS):
            body = await _whole_body(receive)
    except _Gone:
        return
    except _TooLarge:
        answer = _TOO_LARGE
    except TimeoutError:
        answer = _TOO_SLOW
    else:
        loop, context = asyncio.get_running_loop(), copy_context()
        threads = _reading if scope["method"] in _ONLY_ASKS else _writing
        answer = await loop.run_in_executor(threads, context.run, _made, scope, body)
    start = {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
    await send(start)
    await send({"type": "http.response.body", "body": answer.body})


async def _whole_body(receive: Receive) -> bytes:
    """
    Raises:
        _Gone: the browser hung up.
        _TooLarge: it sends more than Django would read.
    """
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Gone
        body += message.get("body", b"")
        if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise _TooLarge
        if not message.get("more_body", False):
            return bytes(body)


def _made(scope: Scope, body: bytes) -> Answer:
    """In a thread: the page, with nobody to wait for. Nothing for whoever had to give way."""
    if has_given_way(scope):
        return _TOO_SLOW
    environ = cast("dict[str, Any]", build_environ(cast("Any", scope), cast("Any", None)))
    environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
    started: list[tuple[int, list[tuple[bytes, bytes]]]] = []

    def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        started.append((int(status.partition(" ")[0]), raw))

    with closing(cast("Any", http(environ, cast("Any", start)))) as parts:
        content = b"".join(parts)
    return Answer(*started[0], content)


async def _lifespan(receive: Receive, send: Send) -> None:
    keep_out_of_dumps()
    try:
        hold(settings.DATA_FOLDER, talks_to_others=bool(settings.REDIS_URL))
    except Refusal as refusal:
        await send({"type": "lifespan.startup.failed", "message": str(refusal)})
        return
    while True:
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"].endswith("shutdown"):
            return
