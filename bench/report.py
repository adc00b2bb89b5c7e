"""The table, and whether a bar was met."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from bench.load import Times


@dataclass(frozen=True, slots=True)
class Bar:
    """What a figure may be at most, as docs/decisions and the issue set it."""

    figure: float
    at_most: float
    unit: str

    @property
    def is_met(self) -> bool:
        return self.figure <= self.at_most

    def __str__(self) -> str:
        return f"≤ {self.at_most:g} {self.unit}"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was measured."""

    what: str
    clients: str = ""
    times: Times | None = None
    also: str = ""
    bar: Bar | None = None


def show(rows: list[Row], console: Console) -> None:
    """Where the hello was measured with as many clients, a page is compared with it."""
    table = Table(title="Nearer on this machine", show_lines=False)
    for name in ("what", "clients"):
        table.add_column(name)
    for name in ("a second", "p50 ms", "p95 ms", "p99 ms", "CPU ms each", "/ hello"):
        table.add_column(name, justify="right")
    for name in ("also", "bar", ""):
        table.add_column(name)
    hello = {row.clients: row.times for row in rows if row.what == HELLO}
    for row in rows:
        table.add_row(
            row.what,
            row.clients,
            *_figures(row.times, hello.get(row.clients)),
            row.also,
            *_bar(row),
        )
    console.print(table)


HELLO = "bare ASGI hello"


def _figures(times: Times | None, hello: Times | None) -> list[str]:
    if times is None:
        return [""] * 6
    shares = [f"{times.at(share):.1f}" for share in (0.5, 0.95, 0.99)]
    ratio = f"{times.cpu_ms / hello.cpu_ms:.0f}" if hello and hello.cpu_ms and times.cpu_ms else ""
    return [f"{times.rate:.0f}", *shares, f"{times.cpu_ms:.2f}" if times.cpu_ms else "", ratio]


def _bar(row: Row) -> tuple[str, str]:
    if row.bar is None:
        return "", ""
    return str(row.bar), "[green]met" if row.bar.is_met else "[red]not met"
