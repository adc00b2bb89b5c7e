"""Every setting that the environment can change, in one place; docs/settings.md lists the same."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import platformdirs


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its default as text, and what it is for."""

    name: str
    default: str
    what: str


DATA = Setting("NEARER_DATA", "", "Folder for the database, keys and certificates.")
DATABASE = Setting("DATABASE_URL", "", "A postgres:// address, once SQLite is outgrown.")
REDIS = Setting("REDIS_URL", "", "A redis:// address; needed for more than one worker.")
WORKERS = Setting("NEARER_WORKERS", "1", "How many server processes.")
HOSTS = Setting("NEARER_HOSTS", "", "More host names this house answers to, by commas.")
HTTPS = Setting("NEARER_HTTPS", "", "1 when the house is reached over HTTPS (--lan sets it).")
PROXY = Setting("NEARER_BEHIND_PROXY", "", "1 when an own reverse proxy sets X-Forwarded-Proto.")
EXIT = Setting("NEARER_EXIT", "https://www.wikipedia.org/", "Where «Leave fast» goes.")
DEBUG = Setting("NEARER_DEBUG", "", "1 shows error details; never with real words.")

SECRET_FILE = "house.secret"  # noqa: S105 - where it lies, not what it is
DATABASE_FILE = "nearer.sqlite3"
SETTINGS = (DATA, DATABASE, REDIS, WORKERS, HOSTS, HTTPS, PROXY, EXIT, DEBUG)


def value(setting: Setting) -> str:
    return os.environ.get(setting.name, setting.default)


def is_on(setting: Setting) -> bool:
    return value(setting) == "1"


def data_folder() -> Path:
    """Outside of any clone: deleting the program never deletes a word."""
    return Path(value(DATA) or platformdirs.user_data_dir("nearer", appauthor=False))


def house_secret(folder: Path) -> str:
    """The house's own secret, made at the first start and readable by its owner only.

    Raises:
        OSError: the data folder cannot be written.
    """
    path = folder / SECRET_FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(path, secrets.token_urlsafe(48).encode("ascii"), 0o600)
    return path.read_text(encoding="ascii").strip()


def write_whole(path: Path, content: bytes, mode: int) -> None:
    """Whole or not at all, even if the power goes, and never readable by more than ``mode`` says.

    Raises:
        OSError: the folder cannot be written.
    """
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
