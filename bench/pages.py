"""How many questions each page asks the database, and what it costs without a server around it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.cookies import SimpleCookie
from statistics import median
from uuid import UUID

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rich.console import Console
from rich.table import Table

from bench.people import Lived

AT_MOST = 8
"""SQL per page (platform.md 2c)."""
_TIMES = 15


@dataclass(frozen=True, slots=True)
class Asked:
    """One page, opened by Ana."""

    path: str
    sql: int
    ms: float


def paths(lived: Lived) -> list[str]:
    """Every page that a person in a bond can open while a round is open there."""
    space, session, live = lived.bond.id, lived.session, lived.open_rounds[0]
    named: list[tuple[str, Sequence[UUID | str]]] = [
        *((f"web:{name}", []) for name in ("today", "practise", "us", "learn", "me", "safety")),
        *((f"people:{name}", []) for name in ("name", "house", "devices", "code", "new_bond")),
        ("people:bond", [space]),
        ("web:leave_bond", [space]),
        *((f"listening:{name}", []) for name in ("home", "habit", "paper")),
        *((f"listening:{name}", [space]) for name in ("picture", "paper_result")),
        ("listening:scene", ["cello-sold"]),
        ("listening:session", [session]),
        *((f"listening:{name}", [live]) for name in ("round", "stage")),
    ]
    return [reverse(name, args=args) for name, args in named]


def ask_all(lived: Lived) -> list[Asked]:
    client = Client(SERVER_NAME="localhost")
    client.cookies = SimpleCookie(lived.ana.cookie)
    return [_ask(client, path) for path in paths(lived)]


def _ask(client: Client, path: str) -> Asked:
    """
    Raises:
        ValueError: the page did not open.
    """
    if client.get(path).status_code != 200:
        raise ValueError(path)
    with CaptureQueriesContext(connection) as seen:
        client.get(path)
    sql = len(seen.captured_queries)  # the next request clears them
    times = []
    for _n in range(_TIMES):
        began = time.process_time()
        client.get(path)
        times.append((time.process_time() - began) * 1000)
    return Asked(path, sql, median(times))


def show(pages: list[Asked], lived: Lived, console: Console) -> None:
    table = Table(title=f"Questions to the database (bar: ≤ {AT_MOST} a page)")
    table.add_column("page")
    for name in ("SQL", "CPU ms, no server"):
        table.add_column(name, justify="right")
    table.add_column("")
    names = {str(lived.bond.id): "…", str(lived.session): "…", str(lived.open_rounds[0]): "…"}
    for page in pages:
        path = page.path
        for long, short in names.items():
            path = path.replace(long, short)
        verdict = "[green]met" if page.sql <= AT_MOST else "[red]not met"
        table.add_row(path, str(page.sql), f"{page.ms:.1f}", verdict)
    console.print(table)
