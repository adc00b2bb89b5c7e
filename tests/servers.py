"""PostgreSQL and Redis for the large run, on free ports and without a service manager."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import redis

from tests.server import free_port

START_WITHIN_SECONDS = 60
HOW_TO_INSTALL = (
    "The large run needs PostgreSQL and Redis. "
    "Debian and Ubuntu: apt install postgresql redis-server. No service has to run."
)
_UNPRIVILEGED = "postgres"
"""PostgreSQL refuses to run as root; this user comes with its package."""


class NoServer(Exception):
    """A server is not installed or did not start; the message says what to do."""


@contextmanager
def large_house() -> Iterator[dict[str, str]]:
    """Both servers while the block runs.

    Yields:
        What a house, and a test, must find in its environment.

    Raises:
        NoServer: one of them is missing or does not start.
    """
    user = _UNPRIVILEGED if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="nearer-large-") as name:
        folder = Path(name)
        if user is not None:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        with _postgres(folder, user) as database, _redis(folder, user) as cache:
            yield {"DATABASE_URL": database, "REDIS_URL": cache, "NEARER_WORKERS": "2"}


@contextmanager
def _postgres(folder: Path, user: str | None) -> Iterator[str]:
    programs, data, port = _postgres_programs(), folder / "data", free_port()
    initdb = [
        str(programs / "initdb"),
        "-D",
        str(data),
        "-A",
        "trust",
        "-U",
        "nearer",
        "-E",
        "UTF8",
    ]
    subprocess.run(  # noqa: S603 - our own words
        initdb, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL
    )
    settings = (
        f"port={port}",
        "listen_addresses=127.0.0.1",
        f"unix_socket_directories={folder}",
        "fsync=off",  # nothing here has to survive the machine
        "max_connections=200",
    )
    words = [str(programs / "postgres"), "-D", str(data)]
    words += [word for setting in settings for word in ("-c", setting)]
    address = f"postgresql://nearer@127.0.0.1:{port}/postgres"
    with _running(words, folder, user, stop_with=signal.SIGINT):
        _wait_for(lambda: psycopg.connect(address).close(), psycopg.OperationalError)
        yield address


@contextmanager
def _redis(folder: Path, user: str | None) -> Iterator[str]:
    program, port = shutil.which("redis-server"), free_port()
    if program is None:
        raise NoServer(HOW_TO_INSTALL)
    words = [
        program,
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        str(folder),
    ]
    client = redis.Redis(host="127.0.0.1", port=port)
    with _running(words, folder, user, stop_with=signal.SIGTERM):
        _wait_for(client.ping, redis.ConnectionError)
        client.close()
        yield f"redis://127.0.0.1:{port}/0"


def _postgres_programs() -> Path:
    """The newest installed; Debian keeps them off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=_version)
    named = shutil.which("postgres")
    if not found and named is None:
        raise NoServer(HOW_TO_INSTALL)
    return found[-1].parent if found else Path(str(named)).parent


def _version(program: Path) -> int:
    return int(program.parent.parent.name)


@contextmanager
def _running(
    words: list[str], folder: Path, user: str | None, *, stop_with: signal.Signals
) -> Iterator[None]:
    with (folder / "output.txt").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own words
            words, user=user, cwd=folder, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield
    finally:
        process.send_signal(stop_with)
        process.wait(START_WITHIN_SECONDS)


def _wait_for(try_it: Callable[[], object], refusal: type[Exception]) -> None:
    end = time.monotonic() + START_WITHIN_SECONDS
    while True:
        try:
            try_it()
        except refusal as error:
            if time.monotonic() > end:
                raise NoServer(f"a server did not start: {error}") from error
            time.sleep(0.1)
        else:
            return
