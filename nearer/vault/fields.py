"""Model columns that hold a sealed frame and never a readable word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models

from nearer.vault.keyring import Keyring
from nearer.vault.sealing import (
    Pair,
    Place,
    SpaceKey,
    opened_by,
    opened_field,
    sealed_field,
    sealed_for,
    version_of,
)

if TYPE_CHECKING:
    # Django's own class is not subscriptable when it runs; its stubs want to be told the types.
    Frames = models.BinaryField[bytes | None, bytes | None]
else:
    Frames = models.BinaryField


TAKEN_BACK = b""
"""Instead of a frame: somebody wrote here, and took it back. Pages can say so without a key."""


class SealedField(Frames):
    """A frame made by :func:`seal`; ``None`` while nothing was entered."""

    def __init__(self) -> None:
        super().__init__(null=True, editable=False)

    def deconstruct(self) -> tuple[str, str, list[object], dict[str, object]]:
        name, path, _args, _kwargs = super().deconstruct()
        return name, path, [], {}


class PersonalField(SealedField):
    """A box made by :func:`seal_for`, which only one person can open."""


def place_of(row: models.Model, column: str) -> Place:
    """The row must have its key before anything is sealed into it; ours are UUIDs made first."""
    return Place(row._meta.db_table, str(row.pk), column)


def seal(row: models.Model, key: SpaceKey, **words: str | None) -> None:
    """Seal each word into the row's column of that name; an empty or absent one clears it."""
    for column, text in words.items():
        frame = sealed_field(key, text, place_of(row, column)) if text else None
        setattr(row, column, frame)


def opened(row: models.Model, column: str, key: SpaceKey) -> str:
    """The words in that column, «» where nothing was entered or it was taken back."""
    frame = getattr(row, column)
    return opened_field(key, bytes(frame), place_of(row, column)) if frame else ""


def seal_for(row: models.Model, public: bytes, **words: str | None) -> None:
    """Seal words that only the owner of this public key will read, now or later."""
    for column, text in words.items():
        box = sealed_for(public, text, place_of(row, column)) if text else None
        setattr(row, column, box)


def opened_for(row: models.Model, column: str, pair: Pair) -> str:
    box = getattr(row, column)
    return opened_by(pair, bytes(box), place_of(row, column)) if box else ""


def opened_with(row: models.Model, column: str, keyring: Keyring, space: UUID) -> str:
    """As :func:`opened`, with whichever version of the space's key the frame names."""
    frame = getattr(row, column)
    return opened(row, column, keyring.version(space, version_of(bytes(frame)))) if frame else ""


def take_back(rows: models.QuerySet[Any], *columns: str) -> None:
    """The words in these columns go; where there were some, a mark stays."""
    for column in columns:
        rows.filter(**{f"{column}__isnull": False}).update(**{column: TAKEN_BACK})


def taken_back(row: models.Model, *columns: str) -> frozenset[str]:
    """Those of the columns in which words stood that were taken back."""
    frames = {column: getattr(row, column) for column in columns}
    return frozenset(
        column for column, frame in frames.items() if frame is not None and not bytes(frame)
    )
