"""What the benchmark measures is the house as it is served."""

from __future__ import annotations

import socket
from contextlib import ExitStack, closing

from bench.server import Server, serving
from nearer.web.lines import LINES_AT_ONCE


def held(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=5)


def test_benchmark_keeps_the_limits_of_the_house() -> None:
    with serving("bench.hello:application") as server, ExitStack() as stack:
        first = stack.enter_context(closing(held(server)))
        for _ in range(LINES_AT_ONCE):
            stack.enter_context(closing(held(server)))
        assert first.recv(1) == b"", "it is hung up"
