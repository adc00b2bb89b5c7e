"""One ciphertext file out of any stream of bytes, and back: the form in which a backup travels.

The layout is part of docs/protocol.md. It follows STREAM (Hoang, Reyhanitabar, Rogaway and Vizár,
2015): numbered chunks of which the last one says so, so that a file that was cut off, put in
another order, or made longer is refused. Pure: no Django, no clock, and never more than two
chunks in memory.
"""

from __future__ import annotations

import hmac
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from nearer.vault.sealing import KEY_BYTES, Secret, Stretch, new_salt, stretched

MAGIC = b"nearer\x1a\n"
"""The 0x1a and the line end show a file that a transfer as text has changed."""
FORMAT = 1
CHUNK_BYTES = 64 * 1024

_FIXED = struct.Struct(">8sBBIIB16s")
_SALT_BYTES = 16
_CHECK_BYTES = 32
_TAG_BYTES = 16
_MOST_KIB = 1024 * 1024
_MOST_PASSES = 16
_MOST_LANES = 16


class NotAnArchive(Exception):
    """The file does not begin as an archive that this program can read."""


class WrongPassphrase(Exception):
    """The passphrase or the house key is not the one this archive was made with."""


class ArchiveBroken(Exception):
    """The archive was changed, cut off, or made longer after it was written."""


class KeyKind(IntEnum):
    """What opens the archive."""

    PASSPHRASE = 1
    HOUSE_KEY = 2


@dataclass(frozen=True, slots=True)
class _Header:
    """The first 35 bytes. With a house key only the salt means something; the costs are 0."""

    kind: KeyKind
    stretch: Stretch

    def packed(self) -> bytes:
        cost = self.stretch
        fields = (MAGIC, FORMAT, self.kind, cost.memory_kib, cost.passes, cost.lanes, cost.salt)
        return _FIXED.pack(*fields)


@dataclass(frozen=True, slots=True)
class _FileKeys:
    """Made for one file alone: its salt is random, so that chunk numbers can serve as nonces."""

    cipher: AESGCM
    check: bytes
    label: bytes


def write_archive(
    source: BinaryIO, target: BinaryIO, *, key: Secret | str, stretch: Stretch | None = None
) -> None:
    """Seal everything that ``source`` still holds into ``target``.

    Args:
        key: a passphrase, which is stretched, or the 32-byte key of the house.
        stretch: salt (16 bytes, never used before) and cost of the Argon2id run for a passphrase;
            by default a new salt and the cost of a person's passphrase.

    Raises:
        ValueError: the salt has another length, or the passphrase holds half a character.
    """
    header = _new_header(key, stretch or Stretch(new_salt()))
    keys = _file_keys(header, key)
    target.write(keys.label + keys.check)
    for nonce, chunk in _numbered(source, CHUNK_BYTES):
        target.write(keys.cipher.encrypt(nonce, chunk, keys.label))


def read_archive(source: BinaryIO, target: BinaryIO, *, key: Secret | str) -> None:
    """Open the archive in ``source`` into ``target``.

    Each chunk is checked before it is written, but that the file was cut off shows only at its
    end: whatever ``target`` holds is to be thrown away when this raises.

    Raises:
        NotAnArchive: no archive, or one of a later format.
        WrongPassphrase: another key, or the first bytes of the archive were changed.
        ArchiveBroken: changed, cut off or made longer.
    """
    header = _read_header(source)
    check = _full(source, _CHECK_BYTES)
    if len(check) < _CHECK_BYTES:
        raise ArchiveBroken("the archive ends in its first line")
    keys = _file_keys(header, key)
    if not hmac.compare_digest(check, keys.check):
        raise WrongPassphrase("this key does not open the archive")
    for nonce, chunk in _numbered(source, CHUNK_BYTES + _TAG_BYTES):
        target.write(_opened(keys, nonce, chunk))


def _opened(keys: _FileKeys, nonce: bytes, chunk: bytes) -> bytes:
    try:
        return keys.cipher.decrypt(nonce, chunk, keys.label)
    except InvalidTag as error:
        raise ArchiveBroken("a part of the archive does not open") from error


def _new_header(key: Secret | str, stretch: Stretch) -> _Header:
    if len(stretch.salt) != _SALT_BYTES:
        raise ValueError(f"the salt of an archive has {_SALT_BYTES} bytes")
    if isinstance(key, Secret):
        return _Header(KeyKind.HOUSE_KEY, Stretch(stretch.salt, 0, 0, 0))
    return _Header(KeyKind.PASSPHRASE, stretch)


def _read_header(source: BinaryIO) -> _Header:
    raw = _full(source, _FIXED.size)
    if not raw.startswith(MAGIC):
        raise NotAnArchive("this file is not an archive of Nearer")
    if len(raw) < _FIXED.size:
        raise ArchiveBroken("the archive ends in its first line")
    _, form, kind, memory, passes, lanes, salt = _FIXED.unpack(raw)
    if form != FORMAT:
        raise NotAnArchive("this archive was made by another version of Nearer")
    header = _Header(_kind(kind), Stretch(salt, memory, passes, lanes))
    _refuse_odd_cost(header)
    return header


def _kind(number: int) -> KeyKind:
    if number not in set(KeyKind):
        raise NotAnArchive("this archive asks for a kind of key that this version does not know")
    return KeyKind(number)


def _refuse_odd_cost(header: _Header) -> None:
    """The cost comes from a file that anybody may have written: it must not eat the machine."""
    cost = header.stretch
    if header.kind is KeyKind.HOUSE_KEY:
        odd = (cost.memory_kib, cost.passes, cost.lanes) != (0, 0, 0)
    else:
        odd = not (
            1 <= cost.lanes <= _MOST_LANES
            and 1 <= cost.passes <= _MOST_PASSES
            and 8 * cost.lanes <= cost.memory_kib <= _MOST_KIB  # RFC 9106, section 3.1
        )
    if odd:
        raise NotAnArchive("this archive asks for more work than an archive of Nearer does")


def _file_keys(header: _Header, key: Secret | str) -> _FileKeys:
    label = header.packed()
    root = _root(header, key)
    info = b"nearer archive" + label
    both = HKDF(hashes.SHA256(), KEY_BYTES + _CHECK_BYTES, header.stretch.salt, info).derive(root)
    return _FileKeys(AESGCM(both[:KEY_BYTES]), both[KEY_BYTES:], label)


def _root(header: _Header, key: Secret | str) -> bytes:
    if isinstance(key, Secret):
        if header.kind is not KeyKind.HOUSE_KEY:
            raise WrongPassphrase("this archive was made with a passphrase, not with a house key")
        return key.raw
    if header.kind is not KeyKind.PASSPHRASE:
        raise WrongPassphrase("this archive was made with a house key, not with a passphrase")
    return stretched(key, header.stretch).kek.raw


def _numbered(source: BinaryIO, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Every chunk with its nonce: seven zeros, its number (4 bytes), and 1 for the last one."""
    number, chunk, final = 0, _full(source, size), False
    while not final:
        following = _full(source, size)
        final = not following
        yield struct.pack(">7xI?", number, final), chunk
        number, chunk = number + 1, following


def _full(source: BinaryIO, size: int) -> bytes:
    """As many bytes as asked for, unless the stream ends; a pipe gives them in small helpings."""
    parts: list[bytes] = []
    while size > 0 and (part := source.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
