"""How Nearer seals words: pure functions over bytes, no Django, no clock, no storage.

The protocol, its reasons and its test vectors are in docs/protocol.md; each constant here is
part of it. Nothing in this file decides who may read: it only makes sure that whoever lacks the
key, or holds a frame that was moved or changed, gets ``SealBroken`` and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import struct
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, field

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

KEY_BYTES = 32
NONCE_BYTES = 12
ALG_AES_256_GCM = 1
PAD_BYTES = 32
"""Plain texts are padded to a multiple of this, so that «10» and «9» look alike on the disk."""

_HEADER = struct.Struct(">HB")
_LAST_VERSION = 0xFFFF
_RECOVERY_BYTES = 20
_CODE_LETTERS = 32
_BASE32 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
_COMPARE_KIB = 19 * 1024
_COMPARE_PASSES = 2


class SealBroken(Exception):
    """The frame does not open: wrong key, or it was moved or changed."""


@dataclass(frozen=True, slots=True)
class Secret:
    """Key bytes that do not print themselves into a log or an error page."""

    raw: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.raw) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Cost and salt of one person's Argon2id run; stored with the person.

    The defaults (64 MiB, 3 passes, 1 lane) are the second choice of RFC 9106, section 4, with
    one lane; about 0.2 s of one core.
    """

    salt: bytes
    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 1


@dataclass(frozen=True, slots=True)
class Root:
    """What a passphrase turns into: a verifier to keep and a key to forget."""

    verifier: bytes = field(repr=False)
    kek: Secret


@dataclass(frozen=True, slots=True)
class Pair:
    """A person's X25519 key pair."""

    public: bytes
    private: Secret


@dataclass(frozen=True, slots=True)
class SpaceKey:
    """One version, counted from 1, of the key that the members of a space share."""

    version: int
    secret: Secret

    def __post_init__(self) -> None:
        if not 1 <= self.version <= _LAST_VERSION:
            raise ValueError(f"a key's version is between 1 and {_LAST_VERSION}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value lives; a frame opens nowhere else."""

    table: str
    row: str
    column: str


def new_salt() -> bytes:
    return secrets.token_bytes(16)


def new_secret() -> Secret:
    return Secret(secrets.token_bytes(KEY_BYTES))


def new_pair() -> Pair:
    return pair_of(new_secret())


def pair_of(private: Secret) -> Pair:
    """The pair of a private key; a public key that was swapped in the database stays outside."""
    return Pair(bytes(PrivateKey(private.raw).public_key), private)


def stretched(passphrase: str, stretch: Stretch) -> Root:
    """Argon2id over the NFKC form, then one key per use (RFC 9106; RFC 5869).

    Raises:
        ValueError: the passphrase holds half a character (a lone surrogate).
    """
    raw = hash_secret_raw(
        _utf8(unicodedata.normalize("NFKC", passphrase)),
        stretch.salt,
        time_cost=stretch.passes,
        memory_cost=stretch.memory_kib,
        parallelism=stretch.lanes,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )
    root = Secret(raw)
    return Root(derived(root, "auth").raw, derived(root, "kek"))


def derived(key: Secret, purpose: str, *parts: str, salt: bytes | None = None) -> Secret:
    """HKDF-SHA256 with a purpose, so that no key is ever used for two things."""
    info = _joined("nearer", purpose, *parts)
    return Secret(HKDF(hashes.SHA256(), KEY_BYTES, salt, info).derive(key.raw))


def wrapped(inner: Secret, *, under: Secret, purpose: str, owner: str) -> bytes:
    """Seal one key under another, bound to its purpose and owner."""
    return _sealed(under, inner.raw, _joined("wrap", purpose, owner))


def unwrapped(frame: bytes, *, under: Secret, purpose: str, owner: str) -> Secret:
    return Secret(_after(b"", _opened(under, frame, _joined("wrap", purpose, owner)), KEY_BYTES))


def granted(key: SpaceKey, to_public: bytes, *, space: str, person: str) -> bytes:
    """A sealed box with the space's key for one member.

    Sealed boxes have no associated data, so who and what it is for is inside and checked. Nor do
    they say who made them: whoever can write the database can make one (docs/threat-model.md).

    Raises:
        ValueError: ``to_public`` is no public key.
    """
    inside = _joined("grant", space, str(key.version), person) + key.secret.raw
    return _boxed(to_public, inside)


def ungranted(box: bytes, pair: Pair, *, space: str, version: int, person: str) -> SpaceKey:
    inside = _unboxed(box, pair)
    label = _joined("grant", space, str(version), person)
    return SpaceKey(version, Secret(_after(label, inside, KEY_BYTES)))


def sealed_field(key: SpaceKey, text: str, place: Place, *, pad_to: int = PAD_BYTES) -> bytes:
    """``version(2) | alg(1) | nonce(12) | ciphertext and tag``, bound to its place.

    Raises:
        ValueError: the text holds half a character (a lone surrogate).
    """
    body = _sealed(key.secret, _padded(_utf8(text), pad_to), _field_label(key.version, place))
    return _HEADER.pack(key.version, ALG_AES_256_GCM) + body


def opened_field(key: SpaceKey, frame: bytes, place: Place) -> str:
    if version_of(frame) != key.version:
        raise SealBroken("sealed under another version of the key")
    return _text(_opened(key.secret, frame[_HEADER.size :], _field_label(key.version, place)))


def version_of(frame: bytes) -> int:
    """The key version that a sealed field names in its head."""
    if len(frame) <= _HEADER.size + NONCE_BYTES:
        raise SealBroken("too short to be a sealed field")
    version, alg = _HEADER.unpack_from(frame)
    if alg != ALG_AES_256_GCM:
        raise SealBroken("sealed in a way this program does not know")
    return int(version)


def sealed_for(to_public: bytes, text: str, place: Place, *, pad_to: int = PAD_BYTES) -> bytes:
    """Seal something that only one person can open later, without that person being here.

    Raises:
        ValueError: ``to_public`` is no public key, or the text holds half a character.
    """
    return _boxed(to_public, _person_label(place) + _padded(_utf8(text), pad_to))


def opened_by(pair: Pair, box: bytes, place: Place) -> str:
    return _text(_after(_person_label(place), _unboxed(box, pair)))


def new_recovery_code() -> str:
    """160 random bits as eight groups of four base32 letters."""
    letters = base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode()
    return "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))


def key_from_code(code: str, *, purpose: str) -> Secret:
    """The key in a recovery code or an invitation; forgiving about case, blanks and 0, 1, 8.

    Raises:
        ValueError: the code has not 32 letters of the base32 alphabet.
    """
    letters = "".join(c for c in code.upper() if c.isalnum()).translate(str.maketrans("018", "OIB"))
    if len(letters) != _CODE_LETTERS or not _BASE32.issuperset(letters):
        raise ValueError("not a code of Nearer")
    raw = base64.b32decode(letters)
    return derived(Secret(hashlib.sha256(raw).digest()), purpose)


def fingerprint(*publics: bytes, space: str) -> bytes:
    """What two people compare aloud: the same for both, whichever order the keys come in.

    66 bits are shown (six of 2,048 words). Whoever can put a key of their own in one place must
    try 2^66 of them; in both places, so that only the two results have to meet, 2^33. Argon2id
    (19 MiB, 2 passes, about 0.02 s of one core) makes the second dear too: some eleven core years.

    Raises:
        ValueError: one of them has not the length of a public key.
    """
    if any(len(public) != KEY_BYTES for public in publics):
        raise ValueError(f"a public key has {KEY_BYTES} bytes")
    label = _joined("compare", space)
    return hash_secret_raw(
        b"".join(sorted(publics)),
        hashlib.sha256(label).digest(),
        time_cost=_COMPARE_PASSES,
        memory_cost=_COMPARE_KIB,
        parallelism=1,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )


def _sealed(key: Secret, plain: bytes, label: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key.raw).encrypt(nonce, plain, label)


def _opened(key: Secret, frame: bytes, label: bytes) -> bytes:
    try:
        return AESGCM(key.raw).decrypt(frame[:NONCE_BYTES], frame[NONCE_BYTES:], label)
    except (InvalidTag, ValueError) as error:
        raise SealBroken("the frame does not open here") from error


def _boxed(to_public: bytes, inside: bytes) -> bytes:
    try:
        return SealedBox(PublicKey(to_public)).encrypt(inside)
    except CryptoError as error:
        raise ValueError("not a public key of a person") from error


def _unboxed(box: bytes, pair: Pair) -> bytes:
    try:
        return SealedBox(PrivateKey(pair.private.raw)).decrypt(box)
    except CryptoError as error:
        raise SealBroken("the box is for somebody else, or was changed") from error


def _after(label: bytes, inside: bytes, length: int | None = None) -> bytes:
    rest = inside[len(label) :]
    if not inside.startswith(label) or (length is not None and len(rest) != length):
        raise SealBroken("the box was made for another place")
    return rest


def _joined(*parts: str) -> bytes:
    """Length-prefixed, so that («ab», «c») and («a», «bc») differ."""
    raws = [_utf8(part) for part in parts]
    return b"".join(struct.pack(">I", len(raw)) + raw for raw in raws)


def _field_label(version: int, place: Place) -> bytes:
    return _joined("field", str(version), place.table, place.row, place.column)


def _person_label(place: Place) -> bytes:
    return _joined("person", place.table, place.row, place.column)


def _padded(plain: bytes, multiple: int) -> bytes:
    """ISO/IEC 7816-4 padding: a 0x80, then zeros up to the multiple."""
    return plain + b"\x80" + b"\0" * (-(len(plain) + 1) % multiple)


def _unpadded(plain: bytes) -> bytes:
    body, mark, zeros = plain.rpartition(b"\x80")
    if not mark or zeros.strip(b"\0"):
        raise SealBroken("the padding is not as it was made")
    return body


def _utf8(text: str) -> bytes:
    """Python's own error carries the whole text, and would bring it into a log; ours does not."""
    with suppress(UnicodeEncodeError):
        return text.encode()
    raise ValueError("the text holds half a character (a lone surrogate) and cannot be kept")


def _text(padded: bytes) -> str:
    """Anybody can make a box for a person, so what is inside may be anything at all."""
    body = _unpadded(padded)
    with suppress(UnicodeDecodeError):
        return body.decode()
    raise SealBroken("what was sealed is not text")
