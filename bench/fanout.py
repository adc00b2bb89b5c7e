"""The house with one more address, that only sends to a group: fan-out without a move's writing."""

from __future__ import annotations

from typing import cast

from channels.layers import BaseChannelLayer, get_channel_layer

from bench.hello import Receive, Scope, Send, say
from nearer.web.asgi import application as house

SEND = "/bench/send/"
"""Followed by the space and a running number."""


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http" and scope["path"].startswith(SEND):
        space, number = scope["path"].removeprefix(SEND).split("/")
        layer = cast("BaseChannelLayer", get_channel_layer())
        message = {"type": "changed", "sitting": space, "taps": int(number)}
        await layer.group_send(f"space.{space}", message)
        await say(send, b"sent")
    else:
        await house(scope, receive, send)
