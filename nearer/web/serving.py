"""Opening the house: everything that can be wrong is said in one sentence before it is served."""

from __future__ import annotations

import errno
import os
import socket
import sys
import tempfile
import threading
import webbrowser
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import django
import uvicorn
from django.core.management import call_command
from uvicorn.supervisors import Multiprocess

from nearer.web import environment as env
from nearer.web import schema
from nearer.web.backup import keep_copy
from nearer.web.certificate import CertificateFiles, CertificateUnreadable, ensure_certificates
from nearer.web.lan import home_addresses, home_hosts, home_names
from nearer.web.lines import Line
from nearer.web.memory import keep_out_of_dumps
from nearer.web.refusal import Refusal

STOP_WITHIN_SECONDS = 3
"""Open pages get this long to finish after Ctrl-C; sockets are told at once to come back later."""
HOUSE = "nearer.web.asgi:application"
_PHONES_SAY_NOTHING = 1024
"""Most bytes of one socket message: moves are ordinary posts."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where the house is reached: a socket that already listens, and how others write it."""

    listener: socket.socket
    address: str
    certificates: CertificateFiles | None = None


def prepare_folder(folder: Path) -> None:
    """Make the data folder, readable by its owner only, and try that it can be written.

    Raises:
        Refusal: it cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)  # one that was there before
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(b"nearer")
            trial.flush()
            os.fsync(trial.fileno())
    except OSError as error:
        raise Refusal(_why_not_written(folder, error)) from error


def _why_not_written(folder: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            f"The disk that holds {folder} is full. Nothing was changed, nothing is lost. "
            "Make room, then start again."
        )
    if error.errno in (errno.EEXIST, errno.ENOTDIR):
        return (
            f"{folder} is not a folder, so no house can be in it. Nothing was changed, nothing is "
            "lost. Name a folder in NEARER_DATA."
        )
    return (
        f"Nearer cannot write to its data folder {folder} ({error.strerror}). Nothing was changed, "
        "nothing is lost. Give yourself the right to write there, or name another folder in "
        "NEARER_DATA."
    )


def worker_count() -> int:
    """
    Raises:
        Refusal: no number, or more processes than the layer between them can serve.
    """
    text = env.value(env.WORKERS)
    if not text.isdecimal() or int(text) < 1:
        raise Refusal(
            f"NEARER_WORKERS is «{text}», which is no number of processes. "
            "Nothing was changed, nothing is lost. Set it to 1, then start again."
        )
    if int(text) > 1 and not env.value(env.REDIS):
        raise Refusal(
            f"NEARER_WORKERS is {text}, but processes cannot talk to each other without Redis, "
            "and taps would get lost. Set REDIS_URL, or leave NEARER_WORKERS at 1."
        )
    return int(text)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; 0 takes a port that is free.

    Raises:
        Refusal: the port is taken, or not for ordinary programs.
    """
    try:
        return socket.create_server((host, port), backlog=2048)
    except OSError as error:
        raise Refusal(_why_not_listening(port, error)) from error


def _why_not_listening(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is taken, perhaps by a Nearer that already runs. "
            f"Use that one, or start with another port: --port {port + 1}"
        )
    return f"Port {port} cannot be used ({error.strerror}). Start with another one: --port 8000"


def open_on_loopback(port: int) -> Door:
    """Plain HTTP, for this machine alone."""
    listener = listen("127.0.0.1", port)
    return Door(listener, f"http://127.0.0.1:{listener.getsockname()[1]}/")


def open_on_lan(port: int, folder: Path) -> Door:
    """HTTPS for every phone in the home. Must come before Django reads its settings.

    Raises:
        Refusal: the port is taken, or a certificate file is damaged.
    """
    hosts = home_hosts(env.value(env.HOSTS))
    try:
        certificates = ensure_certificates(folder / "certificates", hosts, datetime.now(UTC))
    except CertificateUnreadable as error:
        raise Refusal(str(error)) from error
    listener = listen("0.0.0.0", port)  # noqa: S104 - what --lan asks for, and HTTPS only
    os.environ[env.HTTPS.name] = "1"
    os.environ[env.HOSTS.name] = ",".join([env.value(env.HOSTS), *hosts])
    host = next(iter([*home_addresses(), *home_names()]), "localhost")
    return Door(listener, f"https://{host}:{listener.getsockname()[1]}/", certificates)


def set_up(folder: Path) -> None:
    """Django with its tables as this code knows them; a copy is kept before they change.

    Raises:
        Refusal: the database does not open, is damaged, or a newer program has changed it.
    """
    django.setup()
    seen = schema.opened()
    schema.refuse_newer(seen)
    if schema.is_behind():
        if seen:
            keep_copy(folder, datetime.now(UTC))
        call_command("migrate", verbosity=0, interactive=False)


def serve(door: Door, workers: int, app: str = HOUSE) -> None:
    """Serve until Ctrl-C or SIGTERM, then close every door.

    Args:
        app: another ASGI application under the same limits, to compare the house with.

    Raises:
        KeyboardInterrupt: when it has closed; with several workers it just returns.
    """
    keep_out_of_dumps()
    config = uvicorn.Config(
        app,
        http=Line,
        workers=workers,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=env.is_on(env.PROXY),
        forwarded_allow_ips="127.0.0.1",
        timeout_graceful_shutdown=STOP_WITHIN_SECONDS,
        ws_max_size=_PHONES_SAY_NOTHING,
        ssl_certfile=door.certificates.server if door.certificates else None,
    )
    if workers > 1:
        Multiprocess(config, sockets=[door.listener]).run()
    else:
        uvicorn.Server(config).run(sockets=[door.listener])


def open_browser(address: str) -> None:
    """Beside the server: the browser may wait, since the socket already listens."""
    if has_browser():
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def has_browser() -> bool:
    """Whether a person sits in front of a screen that belongs to this machine."""
    here = os.environ
    if here.get("CI") or here.get("SSH_CONNECTION") or not sys.stdout.isatty():
        return False
    has_screen = here.get("DISPLAY") or here.get("WAYLAND_DISPLAY")
    return bool(has_screen) or not sys.platform.startswith("linux")
