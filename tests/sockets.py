"""One phone's socket, spoken to as the server does.

Channels' own tester imports a server that this house does not have.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from asgiref.testing import ApplicationCommunicator
from django.test import Client

from nearer.web.asgi import application

HOME = "http://localhost"
WITHIN_SECONDS = 5
SILENT_SECONDS = 0.3


class Socket:
    """What the house says to one browser, message by message."""

    def __init__(self, client: Client, *, origin: str = HOME) -> None:
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        given = {"host": "localhost", "origin": origin, "cookie": cookie}
        headers = [(name.encode(), value.encode()) for name, value in given.items() if value]
        scope = {"type": "websocket", "path": "/stage/", "headers": headers, "subprotocols": []}
        self._house: Any = ApplicationCommunicator(application, scope)  # type: ignore[no-untyped-call]

    async def is_let_in(self) -> bool:
        await self._house.send_input({"type": "websocket.connect"})
        answer = await self._house.receive_output(WITHIN_SECONDS)
        return bool(answer["type"] == "websocket.accept")

    async def hears(self) -> dict[str, Any]:
        """The next message."""
        said = await self._house.receive_output(WITHIN_SECONDS)
        assert said["type"] == "websocket.send", said
        message: dict[str, Any] = json.loads(said["text"])
        return message

    async def hears_nothing(self) -> bool:
        return bool(await self._house.receive_nothing(SILENT_SECONDS))

    async def is_hung_up(self) -> bool:
        said = await self._house.receive_output(WITHIN_SECONDS)
        return bool(said == {"type": "websocket.close", "code": 4403})

    async def says(self, message: dict[str, Any]) -> None:
        text = json.dumps(message)
        await self._house.send_input({"type": "websocket.receive", "text": text})

    async def closes(self) -> None:
        await self._house.send_input({"type": "websocket.disconnect", "code": 1000})
        await self._house.wait(WITHIN_SECONDS)


@asynccontextmanager
async def listening(client: Client) -> AsyncIterator[Socket]:
    """The open socket of this browser.

    Raises:
        AssertionError: the house refuses it.
    """
    socket = Socket(client)
    assert await socket.is_let_in()
    try:
        yield socket
    finally:
        await socket.closes()


async def is_refused(client: Client, *, origin: str = HOME) -> bool:
    return not await Socket(client, origin=origin).is_let_in()
