"""All rows of the house as lines of text, and back, at the schema they were written in.

Values go through the tables as the migrations of that moment describe them, so that an older dump
is read by a newer program, and one of SQLite by PostgreSQL. Each value is written as Django's own
fields write themselves to a string, which loses nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

from nearer.web.schema import Model

ROWS_AT_ONCE = 500

_SNAPSHOT = {
    "sqlite": "BEGIN",
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}
"""One moment of the house, while others go on writing: Django's own would shut them out."""


@contextmanager
def snapshot() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(_SNAPSHOT[connection.vendor])
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def lines_of(tables: list[Model]) -> Iterator[bytes]:
    """Per table one line with its name and columns, then one line per row."""
    for table in tables:
        columns = table._meta.concrete_fields
        yield _line({"table": table._meta.label_lower, "columns": [c.attname for c in columns]})
        for row in table._base_manager.order_by("pk").iterator(ROWS_AT_ONCE):
            yield _line([text_of(column, row) for column in columns])


def text_of(column: models.Field[Any, Any], row: models.Model) -> object:
    """What JSON can hold of one value; :func:`value_of` gives the same value back."""
    empty = column.value_from_object(row) is None
    return None if empty else column.value_to_string(row)


def value_of(column: models.Field[Any, Any], text: object) -> object:
    return None if text is None else column.to_python(text)


class Loading:
    """Takes the lines of a dump one by one and writes their rows. Call inside one transaction."""

    def __init__(self, tables: list[Model]) -> None:
        self._tables = {table._meta.label_lower: table for table in tables}
        self._table: Model  # from the first line on
        self._columns: list[models.Field[Any, Any]] = []
        self._waiting: list[models.Model] = []
        for table in tables:
            table._base_manager.all().delete()  # what a migration has put there itself

    def take(self, line: bytes) -> None:
        content = json.loads(line)
        if isinstance(content, dict):
            self._flush()
            self._turn_to(content["table"], content["columns"])
        else:
            self._add(content)

    def finish(self) -> None:
        """Write what is left, and let new rows be numbered after the old ones."""
        self._flush()
        with connection.cursor() as cursor:
            tables = list(self._tables.values())
            for command in connection.ops.sequence_reset_sql(no_style(), tables):
                cursor.execute(command)

    def _turn_to(self, table: str, columns: list[str]) -> None:
        self._table = self._tables[table]
        by_name = {column.attname: column for column in self._table._meta.concrete_fields}
        self._columns = [by_name[name] for name in columns]

    def _add(self, texts: list[object]) -> None:
        pairs = zip(self._columns, texts, strict=True)
        values = {column.attname: value_of(column, text) for column, text in pairs}
        self._waiting.append(self._table(**values))
        if len(self._waiting) == ROWS_AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            self._table._base_manager.bulk_create(self._waiting)
        self._waiting = []


def _line(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
