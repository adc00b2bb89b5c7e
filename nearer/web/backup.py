"""The whole house in one ciphertext file, and back on an empty machine.

In the file, under nearer.vault.archive: a first line with the migrations and the house's secret,
then the rows (nearer.web.rows). Nothing of it ever lies readable on a disk: a restore reads the
file twice, once to see that it is whole, once to write its rows in one transaction.
"""

from __future__ import annotations

import io
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.db.utils import DatabaseError, OperationalError

from nearer.vault.archive import ArchiveBroken, NotAnArchive, read_archive, write_archive
from nearer.vault.sealing import KEY_BYTES, Secret
from nearer.web import environment as env
from nearer.web import schema
from nearer.web.refusal import Refusal
from nearer.web.rows import Loading, lines_of, snapshot

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

FORM = 1
COPIES_KEPT = 5
ENDING = ".nearer"
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC

Key = Secret | str
"""The house's own backup key, or a person's passphrase."""


@dataclass(frozen=True, slots=True)
class Head:
    """The first line: what the rows after it need to be read and opened."""

    migrations: schema.Migrations
    house_secret: str

    def line(self) -> bytes:
        seen = sorted(map(list, self.migrations))
        content = {"form": FORM, "migrations": seen, "house_secret": self.house_secret}
        return json.dumps(content).encode() + b"\n"


def head_of(line: bytes) -> Head:
    """
    Raises:
        Refusal: a later form of backup, or of a newer house.
    """
    content = json.loads(line)
    if content["form"] != FORM:
        raise Refusal("This backup was made by a newer Nearer. Update the program, then try again.")
    migrations = frozenset((app, name) for app, name in content["migrations"])
    schema.refuse_newer(migrations)
    return Head(migrations, content["house_secret"])


def back_up(path: Path, key: Key) -> None:
    """Write the house as it is now into a new file; the house may go on being used meanwhile.

    Raises:
        Refusal: there is no house, there is such a file already, or one cannot be read or the
            other written.
    """
    if not schema.opened():
        raise Refusal(no_house_in(settings.DATA_FOLDER))
    if path.exists():
        raise Refusal(
            f"{path} is already there, and Nearer does not write over a backup. "
            "Choose another name."
        )
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        with os.fdopen(os.open(unfinished, _NEW_FILE, 0o600), "wb") as file:
            write_archive(io.BufferedReader(_LineSource(_house())), file, key=key)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except DatabaseError as error:
        raise schema.unreadable(error) from error
    except OSError as error:
        raise Refusal(
            f"{path} cannot be written ({error.strerror}). Choose another place, or make room."
        ) from error
    finally:
        with suppress(OSError):
            unfinished.unlink()


def find_house(folder: Path) -> None:
    """Before Django makes a new one there.

    Raises:
        Refusal: none was ever opened in this folder, or the folder is closed to us.
    """
    of_sqlite = () if env.value(env.DATABASE) else (env.DATABASE_FILE,)
    try:
        is_there = all((folder / name).is_file() for name in (env.SECRET_FILE, *of_sqlite))
    except OSError as error:
        raise Refusal(
            f"{folder} cannot be read ({error.strerror}). Nothing was backed up, nothing is lost. "
            "Give yourself the right to read it, or name another folder in NEARER_DATA."
        ) from error
    if not is_there:
        raise Refusal(no_house_in(folder))


def no_house_in(folder: Path) -> str:
    return (
        f"There is no house in {folder}, so nothing was backed up; nothing is lost. "
        "Look for a slip in NEARER_DATA or DATABASE_URL."
    )


def restore(path: Path, folder: Path, key: Key, *, replace: bool, now: datetime) -> None:
    """Make this house the one in the file, brought up to what this program knows.

    Raises:
        Refusal: no whole backup, or of a newer house; or this house is not empty and is not to be
            replaced. In each case nothing was changed.
        WrongPassphrase: another key; nothing was changed.
    """
    schema.refuse_newer(schema.opened())
    inhabited = is_inhabited()
    if inhabited and not replace:
        raise Refusal(
            "This house is not empty. To put the backup in its place, add --replace; "
            "what is here now is kept as a copy beside the database first."
        )
    head = _checked(path, key)
    if inhabited:
        keep_copy(folder, now)
    schema.clear()
    schema.build(head.migrations)
    env.write_whole(folder / env.SECRET_FILE, head.house_secret.encode(), 0o600)
    settings.SECRET_KEY = head.house_secret
    _fill(path, key, head, now)
    call_command("migrate", verbosity=0, interactive=False)


def is_inhabited() -> bool:
    tables = schema.models_at(schema.applied())
    return any(table._base_manager.exists() for table in tables)


def keep_copy(folder: Path, now: datetime) -> Path:
    """A backup beside the database, under the house's own backup key; only the last few stay.

    Raises:
        Refusal: it cannot be written.
    """
    copies = folder / "backups"
    copies.mkdir(mode=0o700, exist_ok=True)
    path = copies / f"{now:%Y-%m-%dT%H%M%S.%f}{ENDING}"
    back_up(path, house_backup_key(folder))
    for old in sorted(copies.glob(f"*{ENDING}"))[:-COPIES_KEPT]:
        old.unlink()
    return path


def house_backup_key(folder: Path) -> Secret:
    """What opens the copies that the house makes by itself; made when it is first needed."""
    path = folder / "backup.key"
    if not path.exists():
        env.write_whole(path, secrets.token_bytes(KEY_BYTES), 0o600)
    return Secret(path.read_bytes())


def _house() -> Iterator[bytes]:
    migrations = schema.applied()
    yield Head(migrations, settings.SECRET_KEY).line()
    with snapshot():
        yield from lines_of(schema.models_at(migrations))


def _checked(path: Path, key: Key) -> Head:
    """Read the whole file once, so that nothing is touched for one that is cut off."""
    heads: list[bytes] = []

    def keep_first(number: int, line: bytes) -> None:
        if number == 0:
            heads.append(line)

    _read(path, key, keep_first)
    return head_of(heads[0])


def _fill(path: Path, key: Key, head: Head, now: datetime) -> None:
    tables = schema.models_at(head.migrations)
    try:
        with transaction.atomic():
            loading = Loading(tables)
            _read(path, key, lambda number, line: loading.take(line) if number else None)
            loading.finish()
            _close_old_doors(tables, now)
    except OperationalError as error:
        raise Refusal(
            f"The database did not take all rows ({error}), so none were kept and this house is "
            f"empty now. {path} is whole: make room, then restore it again."
        ) from error


def _close_old_doors(tables: list[schema.Model], now: datetime) -> None:
    """Words come back, ways in do not: what was ended or used after the backup stays ended."""
    rows = {table._meta.label_lower: table._base_manager for table in tables}
    rows["people.device"].all().delete()
    rows["people.slowdown"].all().delete()
    rows["people.invitation"].filter(closed_at=None).update(closed_at=now)
    rows["people.guest"].update(wrapped_key=None, expires_at=None)


def _read(path: Path, key: Key, each: Callable[[int, bytes], None]) -> None:
    """Hand over each line with its number, from 0.

    Raises:
        Refusal: the file is not there, not a backup, or not whole.
        WrongPassphrase: another key.
    """
    try:
        with path.open("rb") as file:
            read_archive(file, _LineSink(each), key=key)
    except NotAnArchive as error:
        raise Refusal(f"{path} is no backup that this Nearer can read. Nothing changed.") from error
    except ArchiveBroken as error:
        raise Refusal(
            f"{path} is damaged or was cut off on its way. Nothing was changed. "
            "Fetch it again, or take an earlier backup."
        ) from error
    except OSError as error:
        raise Refusal(f"{path} cannot be read ({error.strerror}). Nothing was changed.") from error


class _LineSource(io.RawIOBase):
    """Lines that are made as somebody reads them, so that the house is never whole in memory."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, room: WriteableBuffer) -> int:
        self._rest = self._rest or next(self._lines, b"")
        view = memoryview(room)
        count = min(len(view), len(self._rest))
        view[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


class _LineSink(io.BytesIO):
    """Keeps nothing: gives whole lines on, with their number, as the bytes come in."""

    def __init__(self, each: Callable[[int, bytes], None]) -> None:
        super().__init__()
        self._each = each
        self._number = 0
        self._rest = b""

    def write(self, part: ReadableBuffer) -> int:
        *whole, self._rest = (self._rest + bytes(part)).split(b"\n")
        for line in whole:
            self._each(self._number, line)
            self._number += 1
        return memoryview(part).nbytes
