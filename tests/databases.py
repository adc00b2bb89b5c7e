"""A database of its own for each house: a file, or one on the server of the large run."""

from __future__ import annotations

import os
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

_NOT_THE_HOUSE_S = ("django_migrations", "sqlite_sequence")
Rows = dict[str, list[tuple[Any, ...]]]
"""By table, in the order of the first column."""


class Database(Protocol):
    """Made before a house starts, gone after it."""

    def create(self) -> dict[str, str]:
        """
        Returns:
            What the house must find in its environment.
        """
        ...

    def drop(self) -> None: ...

    def rows(self, folder: Path) -> Rows: ...

    def empty(self, table: str, folder: Path) -> None: ...


class InTheFolder:
    """SQLite needs no preparation."""

    def create(self) -> dict[str, str]:
        return {}

    def drop(self) -> None:
        """It goes with the folder."""

    def rows(self, folder: Path) -> Rows:
        with closing(sqlite3.connect(folder / "nearer.sqlite3")) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            return {
                name: connection.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall()  # noqa: S608 - a table's own name
                for (name,) in tables.fetchall()
                if name not in _NOT_THE_HOUSE_S
            }

    def empty(self, table: str, folder: Path) -> None:
        with closing(sqlite3.connect(folder / "nearer.sqlite3")) as connection, connection:
            connection.execute(f'DELETE FROM "{table}"')  # noqa: S608 - a table's own name


class OnTheServer:
    """A database with a new name on the PostgreSQL server that DATABASE_URL names."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._name = f"house_{secrets.token_hex(6)}"

    def create(self) -> dict[str, str]:
        self._say("CREATE DATABASE {}")
        return {"DATABASE_URL": self._address}

    def drop(self) -> None:
        self._say("DROP DATABASE {} WITH (FORCE)")

    def rows(self, folder: Path) -> Rows:
        del folder
        with psycopg.connect(self._address) as connection:
            tables = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            )
            return {
                name: connection.execute(
                    sql.SQL("SELECT * FROM {} ORDER BY 1").format(sql.Identifier(name))
                ).fetchall()
                for (name,) in tables.fetchall()
                if name not in _NOT_THE_HOUSE_S
            }

    def empty(self, table: str, folder: Path) -> None:
        del folder
        with psycopg.connect(self._address) as connection:
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))

    @property
    def _address(self) -> str:
        return urlunsplit(urlsplit(self._server)._replace(path=f"/{self._name}"))

    def _say(self, command: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(sql.SQL(command).format(sql.Identifier(self._name)))


def database_for_one_house() -> Database:
    server = os.environ.get("DATABASE_URL")
    return OnTheServer(server) if server else InTheFolder()
