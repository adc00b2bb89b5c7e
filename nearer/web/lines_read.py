"""`nearer cues FILE`: reads a file of lines and writes what each does, one after the other."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TextIO

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from nearer.cues import Reading, read_many
from nearer.cues.files import (
    Format,
    Row,
    Unread,
    UnusableTable,
    opened,
    rows_in,
    write_csv,
    write_jsonl,
)
from nearer.web.refusal import Refusal

_TOLD = 20
"""Bad rows that are told one by one; the others are counted."""
_ROWS = 500
"""Of one table on the screen."""
_NOTHING_LOST = "The file itself is as it was."


class Shown(StrEnum):
    """How the answer is written."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"


def read_file(path: Path, written_in: Format, shown: Shown, output: Path | None) -> None:
    """
    Raises:
        Refusal: the file cannot be read, or the answer cannot be written there.
    """
    try:
        with opened(path) as file, _place_for(output) as out:
            left_out = _read(file, written_in, shown, out)
    except BrokenPipeError:
        return  # whoever took the answer has had enough of it
    except OSError as error:
        place = error.filename or output or "The screen"
        raise Refusal(f"{place}: {error.strerror}. {_NOTHING_LOST}") from error
    except UnusableTable as error:
        raise Refusal(f"{error} {_NOTHING_LOST}") from error
    if left_out:
        rows = "row was" if left_out == 1 else "rows were"
        typer.echo(f"{left_out} {rows} left out. {_NOTHING_LOST}", err=True)


def _read(file: TextIO, written_in: Format, shown: Shown, out: TextIO) -> int:
    """The number of rows that were left out."""
    left_out = 0
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
        size = os.fstat(file.fileno()).st_size if file.seekable() else None
        task = progress.add_task("Reading", total=size)

        def rows() -> Iterator[Row]:
            nonlocal left_out
            for row in rows_in(file, written_in):
                if isinstance(row, Row):
                    yield row
                else:
                    left_out += 1
                    if left_out <= _TOLD:
                        _tell(row)
                if size is not None:
                    progress.update(task, completed=file.buffer.tell())

        writers = {Shown.TABLE: _write_tables, Shown.JSONL: write_jsonl, Shown.CSV: write_csv}
        writers[shown](_found(rows()), out)
    return left_out


def _found(rows: Iterator[Row]) -> Iterator[tuple[Row, Reading]]:
    """Each row with its reading; as many rows wait as are read at once."""
    waiting: deque[Row] = deque()

    def pairs() -> Iterator[tuple[str, str | None]]:
        for row in rows:
            waiting.append(row)
            yield row.text, row.context

    for reading in read_many(pairs()):
        yield waiting.popleft(), reading


def _tell(row: Unread) -> None:
    typer.echo(f"The row that ends in line {row.line} {row.why}. It is left out.", err=True)


def _write_tables(found: Iterator[tuple[Row, Reading]], out: TextIO) -> None:
    console = Console(file=out)
    while some := list(islice(found, _ROWS)):
        table = Table("line", "what it does, where that is sure")
        for row, reading in some:
            sure = ", ".join(f"{f.cue} {f.probability:.2f}" for f in reading.sure)
            table.add_row(Text(_printable(row.text)), sure)
        console.print(table)


def _printable(text: str) -> str:
    """Signs that would move the terminal's cursor, or colour it, are left out."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


@contextmanager
def _place_for(output: Path | None) -> Iterator[TextIO]:
    """The screen, or a file that is not there yet; UTF-8 either way."""
    if output is None:
        with open(sys.stdout.fileno(), "w", encoding="utf-8", newline="", closefd=False) as out:
            yield out
        return
    with output.open("x", encoding="utf-8", newline="") as out:
        try:
            yield out
        except UnusableTable:
            output.unlink()
            raise
