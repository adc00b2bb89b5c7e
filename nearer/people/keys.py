"""From a passphrase to open words: making, opening and passing on a person's keys."""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.conf import settings
from nacl.public import PrivateKey

from nearer.people.models import Grant, Membership, Person, Space
from nearer.people.rules import normal_login
from nearer.vault.keyring import Keyring
from nearer.vault.sealing import (
    Pair,
    Root,
    Secret,
    SpaceKey,
    Stretch,
    derived,
    fingerprint,
    granted,
    key_from_code,
    new_recovery_code,
    new_salt,
    new_secret,
    stretched,
    unwrapped,
    wrapped,
)

_AT_ONCE = threading.BoundedSemaphore(2)
"""An Argon2 run takes 64 MiB: more than two at a time would let sign-ins eat the memory."""
_IN_LINE = threading.BoundedSemaphore(3)
"""Those that run and the one that may wait: of the threads that take forms, one stays free."""
_WAIT_SECONDS = 5.0

WORDS_TO_COMPARE = 6


class NotNow(Exception):
    """Nothing was tried; the same words may be sent again later."""


class Busy(NotNow):
    """Others are signing in; in a moment it is one's turn."""


@dataclass(frozen=True, slots=True)
class Link:
    """The secret half of an invitation, as letters for a link."""

    letters: str = field(repr=False)

    def key(self, purpose: str) -> Secret:
        return key_from_code(self.letters, purpose=purpose)


def new_link() -> Link:
    return Link(new_recovery_code().replace("-", "").lower())


def proof_of(letters: str, *, purpose: str) -> bytes:
    """What the house keeps to know a link again; the key does not follow from it."""
    return hashlib.sha256(derived(key_from_code(letters, purpose=purpose), "proof").raw).digest()


def login_digest(login: str) -> bytes:
    """User names are found by this and never stored readable."""
    key = derived(_house_secret(), "login").raw
    return hmac.digest(key, normal_login(login).encode(), "sha256")


def house_key() -> SpaceKey:
    """For the one thing the house must read by itself: where a reminder goes."""
    return SpaceKey(1, derived(_house_secret(), "house"))


def _house_secret() -> Secret:
    return Secret(hashlib.sha256(settings.SECRET_KEY.encode()).digest())


def new_stretch() -> Stretch:
    return Stretch(new_salt(), settings.ARGON2_MEMORY_KIB, settings.ARGON2_PASSES, lanes=1)


def root_of(passphrase: str, stretch: Stretch) -> Root:
    """
    Raises:
        Busy: too many others are at it.
    """
    with _a_place(_IN_LINE, seconds=0), _a_place(_AT_ONCE, seconds=_WAIT_SECONDS):
        return stretched(passphrase, stretch)


@contextmanager
def _a_place(places: threading.BoundedSemaphore, *, seconds: float) -> Iterator[None]:
    if not places.acquire(timeout=seconds):
        raise Busy
    try:
        yield
    finally:
        places.release()


def stretch_of(person: Person) -> Stretch:
    return Stretch(bytes(person.salt), person.memory_kib, person.passes, person.lanes)


def pair_of(private: Secret) -> Pair:
    """The pair with the public half that follows from the private one, whatever a row says."""
    return Pair(bytes(PrivateKey(private.raw).public_key), private)


def set_passphrase(person: Person, pair: Pair, passphrase: str) -> None:
    """Wrap the private key anew; no word has to be rewritten for that."""
    stretch = new_stretch()
    root = root_of(passphrase, stretch)
    person.salt, person.memory_kib = stretch.salt, stretch.memory_kib
    person.passes, person.lanes = stretch.passes, stretch.lanes
    person.verifier = root.verifier
    person.private_by_passphrase = wrapped(
        pair.private, under=root.kek, purpose="passphrase", owner=str(person.id)
    )


def set_new_code(person: Person, pair: Pair) -> str:
    """A fresh recovery code, on nobody's paper yet; the one before opens nothing any more."""
    code = new_recovery_code()
    key = key_from_code(code, purpose="recovery")
    person.private_by_code = wrapped(
        pair.private, under=key, purpose="recovery", owner=str(person.id)
    )
    person.has_kept_code = False
    return code


def pair_by_passphrase(person: Person, passphrase: str) -> Pair | None:
    """The person's pair, or nothing for a wrong passphrase."""
    root = root_of(passphrase, stretch_of(person))
    if not hmac.compare_digest(root.verifier, bytes(person.verifier)):
        return None
    private = unwrapped(
        bytes(person.private_by_passphrase),
        under=root.kek,
        purpose="passphrase",
        owner=str(person.id),
    )
    return pair_of(private)


def pair_by_code(person: Person, code: str) -> Pair:
    """
    Raises:
        ValueError: not the letters of a code.
        SealBroken: another code's letters.
    """
    private = unwrapped(
        bytes(person.private_by_code),
        under=key_from_code(code, purpose="recovery"),
        purpose="recovery",
        owner=str(person.id),
    )
    return pair_of(private)


def waste_a_try(passphrase: str) -> None:
    """Take as long as a real try, so that nobody learns which user names exist."""
    root_of(passphrase, new_stretch())


def waste_a_code(code: str) -> None:
    """The same for a recovery code.

    Raises:
        ValueError: not the letters of a code.
        SealBroken: always, for letters that could be one.
    """
    under = key_from_code(code, purpose="recovery")
    unwrapped(bytes(60), under=under, purpose="recovery", owner=str(uuid4()))


def keyring_of(person: Person, pair: Pair) -> Keyring:
    boxes: dict[UUID, dict[int, bytes]] = defaultdict(dict)
    for space, version, box in Grant.objects.filter(person=person).values_list(
        "space_id", "version", "box"
    ):
        boxes[space][version] = bytes(box)
    return Keyring(person.id, pair, boxes)


def grant(key: SpaceKey, *, space: Space, person: Person) -> Grant:
    box = granted(key, bytes(person.public_key), space=str(space.id), person=str(person.id))
    row, _made = Grant.objects.update_or_create(
        space=space, person=person, version=key.version, defaults={"box": box}
    )
    return row


def first_key(space: Space, person: Person) -> SpaceKey:
    """Make the space's first key and give it to its first member."""
    key = SpaceKey(1, new_secret())
    grant(key, space=space, person=person)
    return key


def turn_key(space: Space) -> SpaceKey:
    """A new version for those who are still there; new words are sealed with it from now on."""
    space.key_version += 1
    space.save(update_fields=["key_version"])
    key = SpaceKey(space.key_version, new_secret())
    staying = Membership.objects.filter(
        space=space, left_at=None, replaced_at=None, person__isnull=False
    )
    for member in staying.select_related("person"):
        if member.person:
            grant(key, space=space, person=member.person)
    return key


def bundled(keys: Iterable[SpaceKey], link: Link, *, owner: str) -> dict[str, str]:
    """Every version of a space's key under a link's secret."""
    under = link.key("invitation")
    return {
        str(key.version): base64.b64encode(
            wrapped(key.secret, under=under, purpose=f"space {key.version}", owner=owner)
        ).decode()
        for key in keys
    }


def unbundled(bundle: dict[str, str], link: Link, *, owner: str) -> list[SpaceKey]:
    """The keys of a bundle, oldest first.

    Raises:
        SealBroken: another link's letters, or the bundle was changed.
    """
    under = link.key("invitation")
    keys = [
        SpaceKey(
            int(version),
            unwrapped(
                base64.b64decode(frame), under=under, purpose=f"space {version}", owner=owner
            ),
        )
        for version, frame in bundle.items()
    ]
    return sorted(keys, key=lambda key: key.version)


def words_to_compare(own: Pair, other_public: bytes, *, space: UUID) -> tuple[str, ...]:
    """Six words, the same on both phones if nobody sits in between.

    The own half comes from the own private key: two public keys out of one changed database
    would always agree.
    """
    from mnemonic import Mnemonic  # noqa: PLC0415 - slow import: reads a word list

    bits = int.from_bytes(fingerprint(own.public, other_public, space=str(space)), "big")
    words = Mnemonic("english").wordlist
    shifts = [256 - 11 * (i + 1) for i in range(WORDS_TO_COMPARE)]
    return tuple(words[(bits >> shift) & 0x7FF] for shift in shifts)
