"""Files of lines to read, and of what was read: JSONL, CSV, or one line of text a message.

One row after the other, so that a file of any length fits.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, TextIO

from nearer.cues.pieces import HALF_A_LETTER
from nearer.cues.reading import Cue, Reading

TEXT, CONTEXT, CUES, SURE = "text", "context", "cues", "sure"
LARGEST_FIELD = 16 * 1024 * 1024
"""Letters of one field of a CSV file; Python's own limit is 131,072."""
_TAKEN = frozenset({CUES, SURE, *Cue})
PLACES_KEPT = 4
"""Of a probability; the model is not surer than that."""


class Format(StrEnum):
    """What a file is written in."""

    JSONL = "jsonl"
    CSV = "csv"
    TEXT = "txt"


@dataclass(frozen=True, slots=True)
class Row:
    """One line to read, with whatever else stood beside it."""

    text: str
    context: str | None = None
    rest: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that could not be read. line: where it ends in the file, from 1."""

    line: int
    why: str


class UnusableTable(ValueError):
    """The first line of the table does not say where the lines are."""


def format_of(path: Path) -> Format | None:
    """By the end of its name; None if that says nothing."""
    ends = {
        ".jsonl": Format.JSONL,
        ".ndjson": Format.JSONL,
        ".csv": Format.CSV,
        ".txt": Format.TEXT,
    }
    return ends.get(path.suffix.lower())


def opened(path: Path) -> TextIO:
    """What is no UTF-8 is carried along, so that the row it stands in can be told."""
    return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")


def rows_in(file: TextIO, written_in: Format) -> Iterator[Row | Unread]:
    """
    Raises:
        UnusableTable: a CSV file without a column `text`, or with two of one name.
    """
    read = {Format.JSONL: _of_jsonl, Format.CSV: _of_csv, Format.TEXT: _of_text}[written_in]
    for number, row in read(file):
        why = _why_unread(row) if isinstance(row, Row) else None
        yield Unread(number, why) if why else row


def write_jsonl(found: Iterable[tuple[Row, Reading]], out: TextIO) -> None:
    for row, reading in found:
        context = {} if row.context is None else {CONTEXT: row.context}
        whole = (
            row.rest | {TEXT: row.text} | context | {CUES: _chances(reading), SURE: _sure(reading)}
        )
        out.write(json.dumps(whole, ensure_ascii=False) + "\n")


def write_csv(found: Iterable[tuple[Row, Reading]], out: TextIO) -> None:
    """The columns of the first row, then one for each cue, then those that are sure."""
    writer = None
    for row, reading in found:
        context = {CONTEXT: row.context or ""}
        whole = {TEXT: row.text} | context | row.rest | _chances(reading)
        whole[SURE] = " ".join(_sure(reading))
        if writer is None:
            writer = csv.DictWriter(out, list(whole), extrasaction="ignore", restval="")
            writer.writeheader()
        writer.writerow(whole)


def _of_text(file: TextIO) -> Iterator[tuple[int, Row | Unread]]:
    for number, line in enumerate(file, 1):
        if line.strip():
            yield number, Row(line.rstrip("\r\n"))


def _of_jsonl(file: TextIO) -> Iterator[tuple[int, Row | Unread]]:
    for number, line in enumerate(file, 1):
        if line.strip():
            yield number, _object(number, line)


def _object(number: int, line: str) -> Row | Unread:
    try:
        values = json.loads(line, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return Unread(number, "is not JSON")
    if not isinstance(values, dict) or not isinstance(values.get(TEXT), str):
        return Unread(number, f"has no field «{TEXT}» that is a text")
    if not isinstance(values.get(CONTEXT), str | None):
        return Unread(number, f"has a field «{CONTEXT}» that is no text")
    return Row(values.pop(TEXT), values.pop(CONTEXT, None), values)


def _of_csv(file: TextIO) -> Iterator[tuple[int, Row | Unread]]:
    csv.field_size_limit(LARGEST_FIELD)
    reader = csv.DictReader(file, strict=True)
    columns = _columns(reader)
    if TEXT not in columns:
        raise UnusableTable(
            f"The first line names no column «{TEXT}». Give the column of lines that name."
        )
    if len(set(columns)) < len(columns):
        raise UnusableTable("The first line names two columns alike. Give each a name of its own.")
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield (
                reader.reader.line_num,
                Unread(reader.reader.line_num, f"is no row of a CSV file ({error})"),
            )
            continue
        yield reader.line_num, _table_row(reader, values)


def _columns(reader: "csv.DictReader[str]") -> Sequence[str]:
    try:
        return reader.fieldnames or ()
    except csv.Error as error:
        raise UnusableTable(f"The first line is no row of a CSV file ({error}).") from error


def _table_row(reader: "csv.DictReader[str]", values: dict[str | Any, Any]) -> Row | Unread:
    # DictReader puts None where fields are missing, and under None what is too many.
    if None in values or None in values.values():
        return Unread(reader.line_num, "has more or fewer fields than the first line names")
    text, context = values.pop(TEXT), values.pop(CONTEXT, None)
    return Row(text, context or None, values)


def _why_unread(row: Row) -> str | None:
    if any(map(HALF_A_LETTER.search, _texts(row))):
        return "holds signs that are not UTF-8"
    if taken := _TAKEN.intersection(row.rest):
        return f"has a field «{min(taken)}» already, where the answer would stand"
    return None


def _texts(row: Row) -> Iterator[str]:
    """Every text in it, however deep, names of fields too. Bytes that are no UTF-8 come along in
    them, and so may half a letter out of a JSON escape.
    """
    waiting: list[Any] = [row.text, row.context, row.rest]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            waiting += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            waiting += value


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number in JSON")


def _chances(reading: Reading) -> dict[str, float]:
    return {f.cue.value: round(f.probability, PLACES_KEPT) for f in reading.findings}


def _sure(reading: Reading) -> list[Cue]:
    return [finding.cue for finding in reading.sure]
