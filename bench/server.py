"""A server in its own process, and what the kernel says it used."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parent.parent
_START_WITHIN_SECONDS = 30
_STOP_WITHIN_SECONDS = 10
_TICKS = os.sysconf("SC_CLK_TCK")


class NotServing(Exception):
    """The server did not answer in time, or ended."""


@dataclass(frozen=True, slots=True)
class Server:
    """One that answers."""

    process: subprocess.Popen[bytes]
    port: int
    started_in: float
    """Seconds from the command to the first answer."""

    @property
    def cpu(self) -> float:
        """Seconds of processor time so far, all threads."""
        fields = (
            Path(f"/proc/{self.process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        )
        return (int(fields[11]) + int(fields[12])) / _TICKS

    @property
    def rss_kib(self) -> int:
        return self._kib("VmRSS")

    @property
    def own_kib(self) -> int:
        """Without what is only mapped, as SQLite's file is once for each connection."""
        return self._kib("RssAnon")

    def _kib(self, name: str) -> int:
        lines = Path(f"/proc/{self.process.pid}/status").read_text("ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


@contextmanager
def serving(app: str) -> Iterator[Server]:
    """That ASGI app, as `nearer serve` runs the house."""
    port = _free_port()
    with running(["-m", "bench.served", app, str(port)], port) as server:
        yield server


@contextmanager
def opened() -> Iterator[Server]:
    """The whole command that people start."""
    port = _free_port()
    words = ["-m", "nearer", "serve", "--no-browser", "--port", str(port)]
    with running(words, port) as server:
        yield server


@contextmanager
def running(words: Sequence[str], port: int) -> Iterator[Server]:
    """
    Raises:
        NotServing: no answer within half a minute.
    """
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - this Python, with words written in this file
        [sys.executable, *words], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    try:
        _wait_for_answer(process, port)
        yield Server(process, port, time.perf_counter() - began)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(_STOP_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for_answer(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + _START_WITHIN_SECONDS
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > end:
            raise NotServing(" ".join(map(str, process.args)))  # type: ignore[arg-type]
        time.sleep(0.01)


def _answers(port: int) -> bool:
    """Whether the first page comes; the welcome needs no cookie."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port
