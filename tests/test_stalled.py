"""Somebody on the same Wi-Fi who is slow on purpose does not stop the house for the others."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from uvicorn import Config
from uvicorn.server import ServerState

from nearer.web.asgi import BODY_WITHIN_SECONDS, READING, WRITING, application
from nearer.web.lines import HEAD_BYTES, LINES_AT_ONCE, Line
from tests.server import ROOT, House

ANSWERS_WITHIN_SECONDS = 2
PIPELINED = 20
MANY = LINES_AT_ONCE + 50
HER_PHONE, HIS_PHONE = "127.0.0.2", "127.0.0.1"
FORM = b"login=" + b"a" * 1000
_STATIC = ROOT / "nearer" / "web" / "static"
LARGEST = max((path.stat().st_size, path) for path in _STATIC.rglob("*.woff2"))[1]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("stalled") / "house") as started:
        yield started


def silence(house: House) -> socket.socket:
    return socket.create_connection(("127.0.0.1", house.port))


def half_a_head(house: House) -> socket.socket:
    line = silence(house)
    line.sendall(b"GET /ready HTTP/1.1\r\nHost: local")
    return line


def half_a_form(house: House, phone: str = HIS_PHONE) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", house.port), source_address=(phone, 0))
    head = f"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(FORM)}\r\n\r\n"
    line.sendall(head.encode() + FORM[:6])
    return line


def unread_downloads(house: House) -> socket.socket:
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    line.connect(("127.0.0.1", house.port))
    path = LARGEST.relative_to(_STATIC).as_posix()
    line.sendall(f"GET /static/{path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() * PIPELINED)
    return line


def assert_answers(house: House, *, within: float = ANSWERS_WITHIN_SECONDS) -> None:
    with closing(HTTPConnection("127.0.0.1", house.port, timeout=within)) as line:
        line.request("GET", "/ready")
        assert line.getresponse().status == 200


@contextmanager
def each_thread_kept_busy(house: House) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        lines = [stack.enter_context(closing(half_a_form(house))) for _ in range(READING + WRITING)]
        lines += [
            stack.enter_context(closing(unread_downloads(house))) for _ in range(READING + WRITING)
        ]
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


@pytest.mark.parametrize("held", [silence, half_a_head, half_a_form, unread_downloads])
def test_house_answers_while_somebody_holds_hundreds_of_connections(
    house: House, held: Callable[[House], socket.socket]
) -> None:
    with ExitStack() as stack:
        for _ in range(MANY):
            stack.enter_context(closing(held(house)))
        assert_answers(house, within=30)  # after the downloads that they asked for


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="one loopback address elsewhere")
def test_whoever_holds_hundreds_of_connections_hangs_up_on_nobody_else(house: House) -> None:
    with closing(half_a_form(house, HER_PHONE)) as hers, ExitStack() as stack:
        for _ in range(MANY):
            stack.enter_context(closing(silence(house)))
        assert_answers(house)
        hers.sendall(FORM[6:])
        assert hers.recv(4096).startswith(b"HTTP/1.1 403"), "it is read, and has no token"


def test_head_without_end_is_not_kept(house: House) -> None:
    with closing(silence(house)) as line:
        line.settimeout(ANSWERS_WITHIN_SECONDS)
        line.sendall(b"GET /ready HTTP/1.1\r\nX-More: ")
        with pytest.raises(ConnectionError):
            line.sendall(b"a" * HEAD_BYTES * 100)


async def test_page_is_not_made_for_a_connection_that_gave_way() -> None:
    line = Line(Config("nearer.web.asgi:application"), ServerState(), {})
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "path": "/static/web/base.css",
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
        "state": {"line": line},
    }
    for gave_way, status in ((False, 200), (True, 408)):
        line.has_given_way = gave_way
        asked: Any = ApplicationCommunicator(application, scope)  # type: ignore[no-untyped-call]
        await asked.send_input({"type": "http.request"})
        assert (await asked.receive_output(ANSWERS_WITHIN_SECONDS))["status"] == status


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
