"""The house opens, or says in one sentence why not; and it closes when it is told to."""

from __future__ import annotations

import errno
import http.client
import os
import signal
import socket
import ssl
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin

from nearer.web import lan, serving
from nearer.web.environment import DATA, HOSTS, REDIS, WORKERS
from nearer.web.refusal import Refusal
from tests.qr import modules_in, text_in
from tests.server import House

NOBODY = 65534


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path / "house") as started:
        yield started


@contextmanager
def as_somebody_else() -> Iterator[None]:
    """Root may write everywhere; the owner of an ordinary account may not."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_the_data_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    serving.prepare_folder(tmp_path / "deep" / "house")
    assert (tmp_path / "deep" / "house").stat().st_mode & 0o077 == 0


def test_a_data_folder_that_cannot_be_written_is_said_in_one_sentence(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    for folder in (tmp_path.parent.parent, tmp_path.parent, tmp_path):
        folder.chmod(folder.stat().st_mode | 0o055)
    locked.chmod(0o555)
    with as_somebody_else(), pytest.raises(Refusal, match="cannot write to its data folder"):
        serving.prepare_folder(locked)
    with as_somebody_else(), pytest.raises(Refusal, match=DATA.name):
        serving.prepare_folder(locked / "inside")


def test_a_full_disk_is_said_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(Refusal, match=r"is full\..* Make room"):
        serving.prepare_folder(tmp_path)


def test_a_taken_port_names_the_next_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(Refusal, match=f"Port {port} is taken.*--port {port + 1}"):
            serving.open_on_loopback(port)


@pytest.mark.parametrize("text", ["0", "-1", "two", ""])
def test_a_number_of_workers_is_a_number(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(WORKERS.name, text)
    with pytest.raises(Refusal, match="no number of processes"):
        serving.worker_count()


def test_more_than_one_worker_is_refused_without_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(WORKERS.name, "2")
    monkeypatch.delenv(REDIS.name, raising=False)
    with pytest.raises(Refusal, match="REDIS_URL"):
        serving.worker_count()
    monkeypatch.setenv(REDIS.name, "redis://127.0.0.1:1/0")
    assert serving.worker_count() == 2


def test_plain_http_is_for_this_machine_alone() -> None:
    door = serving.open_on_loopback(0)
    with closing(door.listener):
        assert door.listener.getsockname()[0] == "127.0.0.1"
        assert door.address.startswith("http://127.0.0.1:")


def test_a_browser_is_opened_only_for_somebody_in_front_of_a_screen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("CI", "SSH_CONNECTION", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert serving.has_browser()
    for name in ("CI", "SSH_CONNECTION"):
        with monkeypatch.context() as away:
            away.setenv(name, "1")
            assert not serving.has_browser()


@pytest.mark.parametrize("name", ["Ana's laptop", "under_score", "", "laptop.example.org"])
def test_a_machine_of_any_name_gets_names_that_a_certificate_can_carry(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: name)
    expected = ["laptop.local", "laptop.lan", "laptop.home.arpa"] if "." in name else []
    assert lan.home_names() == expected


def test_names_of_the_wide_world_never_get_into_the_house_s_certificate() -> None:
    hosts = lan.home_hosts("nearer.example.org, House.lan,8.8.8.8,192.168.7.7")
    assert {"house.lan", "192.168.7.7", "localhost", "127.0.0.1"} <= set(hosts)
    assert {"nearer.example.org", "8.8.8.8", ""}.isdisjoint(hosts)


def test_the_house_closes_on_a_signal_at_once_and_quietly(house: House) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        before = len(house.output)
        assert house.stop(number) == 0
        assert "Traceback" not in house.output[before:]
        house.start()


def test_open_sockets_and_half_sent_requests_do_not_hold_the_house_open(house: House) -> None:
    settled = house.command("settle", module="tests.dwellers")
    half = socket.create_connection(("127.0.0.1", house.port))
    half.sendall(b"POST /people/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf")
    kept = http.client.HTTPConnection("127.0.0.1", house.port)
    kept.request("GET", "/ready")
    kept.getresponse().read()
    address = house.url.replace("http", "ws") + "/stage/"
    cookie = {"Cookie": f"nearer={settled.stdout}"}
    stage = connect(address, additional_headers=cookie, origin=Origin(house.url))
    with closing(half), closing(kept), stage:
        began = time.monotonic()
        assert house.stop() == 0
        assert time.monotonic() - began < 5
        with pytest.raises(ConnectionClosed) as closed:
            stage.recv(timeout=5)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012, "the phone is told to come back"


def test_a_killed_house_opens_again_on_the_same_port(house: House) -> None:
    house.kill()
    house.start()


def test_a_second_house_on_the_same_port_leaves_the_first_alone(
    house: House, tmp_path: Path
) -> None:
    with House(tmp_path / "second", starts=False) as second:
        told = second.command("serve", "--no-browser", "--port", str(house.port))
        assert told.returncode == 1
        assert f"Port {house.port} is taken" in told.stderr
        assert house.is_ready()
        assert not (second.folder / "nearer.sqlite3").exists()


def test_a_house_for_the_phones_around_speaks_https_and_nothing_else(tmp_path: Path) -> None:
    with House(tmp_path / "house", lan_name="house.lan") as house:
        with pytest.raises((URLError, ConnectionError)):
            urlopen(f"http://127.0.0.1:{house.port}/ready", timeout=5)
        said = house.output
    assert "/trust/" in said
    assert "https://" in said
    assert "http://" not in said
    fingerprint = said.partition("(SHA-256): ")[2].split()[0]
    assert len(fingerprint) == 95


def answer_on_this_machine(house: House, address: str) -> bytes:
    """As if the home network had led that address here; the certificate has to vouch for it."""
    place = urlsplit(address)
    host, port = str(place.hostname), place.port
    trust = ssl.create_default_context(cafile=house.authority)
    with (
        socket.create_connection(("127.0.0.1", port), timeout=5) as plain,
        trust.wrap_socket(plain, server_hostname=host) as line,
    ):
        line.sendall(f"GET {place.path}ready HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode())
        return line.recv(4096)


def test_the_code_that_phones_scan_leads_to_the_house(tmp_path: Path) -> None:
    with House(tmp_path / "house", lan_name="house.lan") as house:
        drawn = [line for line in house.output.splitlines() if line and not line.strip(" ▀▄█")]
        scanned = text_in(modules_in("\n".join(drawn)))
        assert f"open at {scanned} " in house.output
        assert answer_on_this_machine(house, scanned).startswith(b"HTTP/1.1 200")


def test_a_damaged_certificate_is_said_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(HOSTS.name, raising=False)
    (tmp_path / "certificates").mkdir()
    (tmp_path / "certificates" / "authority.pem").write_text("half a certi")
    with pytest.raises(Refusal, match=r"is damaged\. Delete it"):
        serving.open_on_lan(0, tmp_path)
