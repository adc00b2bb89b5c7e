"""Somebody on the same Wi-Fi who is slow on purpose does not stop the house for the others."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection

import pytest
from django.conf import settings

from nearer.web.asgi import BODY_WITHIN_SECONDS, THREADS
from tests.server import ROOT, House

ANSWERS_WITHIN_SECONDS = 2
PIPELINED = 20
_STATIC = ROOT / "nearer" / "web" / "static"
LARGEST = max((path.stat().st_size, path) for path in _STATIC.rglob("*.woff2"))[1]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("stalled") / "house") as started:
        yield started


def half_a_form(house: House) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", house.port))
    head = "POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"
    line.sendall(f"{head}login=".encode())
    return line


def unread_downloads(house: House) -> socket.socket:
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    line.connect(("127.0.0.1", house.port))
    path = LARGEST.relative_to(_STATIC).as_posix()
    line.sendall(f"GET /static/{path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() * PIPELINED)
    return line


def assert_answers(house: House) -> None:
    with closing(HTTPConnection("127.0.0.1", house.port, timeout=ANSWERS_WITHIN_SECONDS)) as line:
        line.request("GET", "/ready")
        assert line.getresponse().status == 200


@contextmanager
def each_thread_kept_busy(house: House) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        lines = [stack.enter_context(closing(half_a_form(house))) for _ in range(THREADS)]
        lines += [stack.enter_context(closing(unread_downloads(house))) for _ in range(THREADS)]
        time.sleep(0.5)
        yield lines


def test_house_answers_while_others_send_half_and_read_nothing(house: House) -> None:
    with each_thread_kept_busy(house):
        assert_answers(house)


def test_house_answers_after_those_who_read_nothing_have_gone(house: House) -> None:
    with each_thread_kept_busy(house):
        pass
    time.sleep(0.5)
    assert_answers(house)


def test_form_that_does_not_arrive_is_told_so_in_time(house: House) -> None:
    with closing(half_a_form(house)) as line:
        line.settimeout(BODY_WITHIN_SECONDS + 5)
        assert line.recv(4096).startswith(b"HTTP/1.1 408")


def test_more_than_two_megabytes_are_not_read(house: House) -> None:
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    head = f"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: {2 * most}\r\n\r\n"
    with closing(socket.create_connection(("127.0.0.1", house.port), timeout=30)) as line:
        line.sendall(head.encode() + b"x" * (most + 1))
        assert line.recv(4096).startswith(b"HTTP/1.1 413")


def test_largest_file_arrives_whole(house: House) -> None:
    with closing(HTTPConnection("127.0.0.1", house.port, timeout=30)) as line:
        line.request("GET", f"/static/{LARGEST.relative_to(_STATIC).as_posix()}")
        assert line.getresponse().read() == LARGEST.read_bytes()


def test_form_in_pieces_of_unknown_length_is_read(house: House) -> None:
    """Without a token it is refused by the form's check, and not for its length."""
    with closing(HTTPConnection("127.0.0.1", house.port, timeout=30)) as line:
        line.request("POST", "/sign-in/", iter([b"login=", b"ana"]), encode_chunked=True)
        assert line.getresponse().status == 403
