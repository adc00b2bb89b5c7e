"""A real house for tests: the command that people start, in a process and a folder of its own."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

from tests.databases import Rows, database_for_one_house

ROOT = Path(__file__).parent.parent
START_WITHIN_SECONDS = 30
STOP_WITHIN_SECONDS = 5


class NotServing(AssertionError):
    """The house did not start or did not stop; the message holds what it printed."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


class House:
    """`nearer serve` on a free port. The same folder and port serve again after a stop or a kill.

    With ``lan_name`` it is served over HTTPS under that name of a home network, which a browser
    has to be told lies on this machine. With ``starts`` off it is an empty machine until somebody
    starts it.
    """

    def __init__(self, folder: Path, *, lan_name: str = "", starts: bool = True) -> None:
        self.folder = folder
        self.lan_name = lan_name
        self.starts = starts
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._database = database_for_one_house()

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            self.environment = own_environment(self.folder) | self._database.create()
            stack.callback(self._database.drop)
            if self.lan_name:
                self.environment["NEARER_HOSTS"] = self.lan_name
            if self.starts:
                self.start()
            self._afterwards = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        self._afterwards.close()

    @property
    def url(self) -> str:
        return f"https://{self.lan_name}:{self.port}" if self.lan_name else self._loopback

    def rows(self) -> Rows:
        """All that the database holds, but not when which migration ran."""
        return self._database.rows(self.folder)

    def forget_the_rush(self) -> None:
        """Nobody has to wait for all the accounts that were made from this address before."""
        self._database.empty("people_slowdown", self.folder)

    @property
    def output(self) -> str:
        """Everything it has printed since the test began."""
        return self._log.read_text(encoding="utf-8")

    @property
    def authority(self) -> Path:
        """What a phone of this house trusts; only with ``lan_name``."""
        return self.folder / "certificates" / "authority.crt"

    @property
    def server_certificate(self) -> Path:
        return self.folder / "certificates" / "server.pem"

    def start(self) -> None:
        """Start it and wait until it answers."""
        lan = ["--lan"] if self.lan_name else []
        words = ["serve", "--no-browser", "--port", str(self.port), *lan]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own words
                [sys.executable, "-m", "nearer", *words],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait_until_ready(self._process)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end, as a service manager does, or Ctrl-C.

        Returns:
            Its exit code.

        Raises:
            NotServing: it takes longer than five seconds.
        """
        process = self._running()
        process.send_signal(number)
        try:
            return process.wait(STOP_WITHIN_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise NotServing(
                f"it still runs after {STOP_WITHIN_SECONDS} s: {self.output}"
            ) from error

    def kill(self) -> None:
        """As a power cut would, all its processes at once; nothing happens if it has ended."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def command(
        self, *words: str, module: str = "nearer", said: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Another command for the same house, with what is piped into it."""
        return subprocess.run(  # noqa: S603 - our own words
            [sys.executable, "-m", module, *words],
            cwd=ROOT,
            env=self.environment,
            input=said,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    @property
    def _loopback(self) -> str:
        return f"{'https' if self.lan_name else 'http'}://127.0.0.1:{self.port}"

    @property
    def _log(self) -> Path:
        return self.folder / "output.txt"

    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "this house was never started"
        return self._process

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + START_WITHIN_SECONDS
        while not (self.is_ready() and process.poll() is None):
            if process.poll() is not None or time.monotonic() > end:
                self.kill()
                raise NotServing(f"it does not answer; it printed: {self.output}")
            time.sleep(0.05)

    def is_ready(self) -> bool:
        """Over HTTPS the certificate is verified, as a phone would."""
        try:
            trust = ssl.create_default_context(cafile=self.authority) if self.lan_name else None
            with urlopen(  # noqa: S310 - our own address
                f"{self._loopback}/ready", timeout=5, context=trust
            ) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False


def own_environment(folder: Path) -> dict[str, str]:
    """The machine's, less whatever its owner has set for a house of their own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NEARER_")}
    workers = os.environ.get("NEARER_WORKERS", "1")
    return kept | {
        "NEARER_DATA": str(folder),
        "NEARER_WORKERS": workers,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "CI": "true",
    }
