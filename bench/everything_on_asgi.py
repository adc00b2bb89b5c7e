"""The other way to serve the house, for comparison: pages as well as sockets on the event loop."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import cast

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings_on_asgi"

from django.core.asgi import get_asgi_application

from bench.hello import Receive, Scope, Send, live

pages = cast("Callable[[Scope, Receive, Send], Awaitable[None]]", get_asgi_application())

from nearer.web.asgi import application as house  # noqa: E402 - app ready: it imports models


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await live(receive, send)
    elif scope["type"] == "http":
        await pages(scope, receive, send)
    else:
        await house(scope, receive, send)
