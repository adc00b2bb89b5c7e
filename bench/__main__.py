"""`python -m bench`: make a house with a long history, measure it, print the table."""

from __future__ import annotations

import os
import resource
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from nearer.web import environment as env

if TYPE_CHECKING:
    from bench.people import Couple, Lived

SOCKETS = 2_000
_SPARE_FILES = 200
_WIDE = 160
"""Columns of the table where it is written to a file."""


def main() -> None:
    console = Console() if Console().is_terminal else Console(width=_WIDE)
    began = time.perf_counter()
    _allow_files(2 * SOCKETS + _SPARE_FILES)
    with tempfile.TemporaryDirectory(prefix="nearer-bench-") as folder:
        _own_house(folder)
        with console.status("Two people move in, with 5,000 rounds behind them"):
            lived, couples = _people(Path(folder))
        _measure(lived, couples, console)
    load = os.getloadavg()[1]
    console.print(
        f"{time.perf_counter() - began:.0f} s in all; load over five minutes {load:.1f} "
        f"on {os.cpu_count()} cores. Times grow with the load, ratios hardly."
    )


def _allow_files(count: int) -> None:
    """Each socket is an open file, here and in the server, which inherits this.

    Raises:
        ValueError: this user may not open as many.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))


def _own_house(folder: str) -> None:
    """Nothing of a house that somebody lives in may be reached from here."""
    for setting in env.SETTINGS:
        os.environ.pop(setting.name, None)
    os.environ |= {env.DATA.name: folder, "DJANGO_SETTINGS_MODULE": "nearer.web.settings"}


def _people(folder: Path) -> tuple[Lived, list[Couple]]:
    from nearer.web.serving import set_up  # noqa: PLC0415 - settings read the folder at import

    set_up(folder)
    from bench.people import many_couples, settle  # noqa: PLC0415 - needs Django's models

    now = datetime.now(UTC)
    return settle(now, open_rounds=9), many_couples(SOCKETS // 2, now)


def _measure(lived: Lived, couples: list[Couple], console: Console) -> None:
    from bench import measures, pages, report  # noqa: PLC0415 - needs Django's models

    with console.status("Pages, one by one"):
        asked = pages.ask_all(lived)
    _let_go()
    with console.status("Under load"):
        rows = [
            *measures.hello(),
            measures.starting(),
            *measures.pages(lived),
            *measures.today_on_asgi(lived),
            *measures.writes(lived),
            measures.live(lived),
            *measures.memory(lived),
            *measures.many_sockets(couples),
        ]
    report.show(rows, console)
    pages.show(asked, lived, console)


def _let_go() -> None:
    """This process has asked its last question; the servers have the database to themselves."""
    from django.db import connection  # noqa: PLC0415 - settings read the folder at import

    connection.close()


if __name__ == "__main__":
    main()
