"""What people do with their accounts: sign up, sign in, lose and find keys."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import F

from nearer.people.devices import end_devices
from nearer.people.keys import (
    NotNow,
    first_key,
    house_key,
    login_digest,
    pair_by_code,
    pair_by_passphrase,
    set_new_code,
    set_passphrase,
    waste_a_code,
    waste_a_try,
)
from nearer.people.models import Device, Membership, Person, SlowDown, Space
from nearer.people.queries import bonds_of
from nearer.people.rules import (
    ACCOUNTS_AT_ONCE,
    FREE_MISSES,
    FREE_MISSES_OF_AN_ADDRESS,
    LAST_MISS,
    ONE_MORE_ACCOUNT_AFTER,
    Kind,
    wait_after,
)
from nearer.vault.fields import place_of, seal
from nearer.vault.keyring import Keyring
from nearer.vault.sealing import Pair, SealBroken, new_pair, sealed_field

_FORGET_MISSES_AFTER = timedelta(minutes=30)
_PASSPHRASE_COLUMNS = (
    "salt",
    "memory_kib",
    "passes",
    "lanes",
    "verifier",
    "private_by_passphrase",
)
_CODE_COLUMNS = ("private_by_code", "has_kept_code")


class LoginTaken(Exception):
    """Somebody in this house has that user name."""


class WrongPassphrase(Exception):
    """No account opens with these words."""


class WrongCode(Exception):
    """This recovery code opens nothing here."""


class TooSoon(NotNow):
    """After several misses the next try has to wait."""

    def __init__(self, wait: timedelta) -> None:
        self.seconds = max(1, int(wait.total_seconds()))
        super().__init__(f"wait {self.seconds} s")


class TooManyAccounts(TooSoon):
    """The next account from this address has to wait."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What somebody says about themselves at sign-up."""

    name: str
    pronouns: str
    login: str
    passphrase: str = field(repr=False)
    language: str
    time_zone: str


def sign_up(new: NewPerson, *, address: str, now: datetime) -> tuple[Person, Pair, str]:
    """Make the person, the pair and the private space.

    Returns:
        The person, the unlocked pair and the recovery code, which is nowhere kept.

    Raises:
        LoginTaken: the user name is in use here.
        TooManyAccounts: from this address, lately; taken user names count as well.
        Busy: others are at it.
    """
    _count_an_account(address, now)
    if Person.objects.filter(login_digest=login_digest(new.login)).exists():
        raise LoginTaken
    person, pair, code = _person_with_keys(new, now)
    _settle_in(person, new, now)
    return person, pair, code


def _person_with_keys(new: NewPerson, now: datetime) -> tuple[Person, Pair, str]:
    """Not saved yet: the slow part comes before the database is held."""
    pair = new_pair()
    person = Person(
        id=uuid4(),
        login_digest=login_digest(new.login),
        public_key=pair.public,
        language=new.language,
        time_zone=new.time_zone,
        made_at=now,
    )
    set_passphrase(person, pair, new.passphrase)
    return person, pair, set_new_code(person, pair)


@transaction.atomic
def _settle_in(person: Person, new: NewPerson, now: datetime) -> None:
    space = Space.objects.create(kind=Kind.PRIVATE.value, made_at=now)
    person.private_space = space
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as error:
        raise LoginTaken from error
    Membership.objects.create(space=space, person=person, joined_at=now)
    seal(person, first_key(space, person), login=new.login, name=new.name, pronouns=new.pronouns)
    person.save(update_fields=["login", "name", "pronouns"])


def sign_in(login: str, passphrase: str, *, address: str, now: datetime) -> tuple[Person, Pair]:
    """
    Raises:
        TooSoon: too many misses from here lately.
        Busy: others are at it.
        WrongPassphrase: the user name or the passphrase is not right.
    """
    digest = login_digest(login)
    person = Person.objects.filter(login_digest=digest).first()
    with _patience(_limits(digest, address), now):
        if person is None:
            waste_a_try(passphrase)
            raise WrongPassphrase
        return person, _pair_of(person, passphrase)


def unlock_with(person: Person, passphrase: str, *, address: str, now: datetime) -> Pair:
    """As :func:`sign_in`, where it is known who this is: made-up names do not slow it."""
    with _patience(_limits(bytes(person.login_digest), address)[:1], now):
        return _pair_of(person, passphrase)


def recover(
    login: str, code: str, passphrase: str, *, address: str, now: datetime
) -> tuple[Person, Pair, str]:
    """Open everything with the recovery code and set a new passphrase and a new code.

    Raises:
        TooSoon: too many misses from here lately.
        Busy: others are at it.
        WrongCode: the user name or the code is not right.
    """
    digest = login_digest(login)
    with _patience(_limits(digest, address), now):
        person, pair = _by_code(digest, code)
    set_passphrase(person, pair, passphrase)
    new_code = set_new_code(person, pair)
    with transaction.atomic():
        person.save(update_fields=[*_PASSPHRASE_COLUMNS, *_CODE_COLUMNS])
        end_devices(Device.objects.filter(person=person))
    return person, pair, new_code


def change_passphrase(person: Person, pair: Pair, passphrase: str, *, keep: UUID) -> None:
    """Wrap the same keys under the new passphrase; every device but ``keep`` is signed out."""
    set_passphrase(person, pair, passphrase)
    with transaction.atomic():
        person.save(update_fields=_PASSPHRASE_COLUMNS)
        end_devices(Device.objects.filter(person=person).exclude(pk=keep))


def renew_code(person: Person, pair: Pair) -> str:
    code = set_new_code(person, pair)
    person.save(update_fields=_CODE_COLUMNS)
    return code


def keep_code(person: Person, code: str) -> None:
    """Note that this code is on paper, after trying it on the lock itself.

    Raises:
        WrongCode: a newer code was made meanwhile, or it never was one.
    """
    try:
        pair_by_code(person, code)
    except (ValueError, SealBroken) as error:
        raise WrongCode from error
    person.has_kept_code = True
    person.save(update_fields=["has_kept_code"])


@transaction.atomic
def rename(person: Person, keyring: Keyring, *, name: str, pronouns: str) -> None:
    """A new name, in the private space and in every bond."""
    seal(person, keyring.newest(person.private_space_id), name=name, pronouns=pronouns)
    person.save(update_fields=["name", "pronouns"])
    for member in bonds_of(person, keyring):
        seal(member, keyring.newest(member.space_id), name=name, pronouns=pronouns)
        member.save(update_fields=["name", "pronouns"])


def set_reminder_address(person: Person, address: str) -> None:
    """Sealed under the house key: a reminder goes out while nobody is unlocked."""
    place = place_of(person, "reminder_address")
    person.reminder_address = sealed_field(house_key(), address, place) if address else None
    person.save(update_fields=["reminder_address"])


def _pair_of(person: Person, passphrase: str) -> Pair:
    pair = pair_by_passphrase(person, passphrase)
    if pair is None:
        raise WrongPassphrase
    return pair


def _by_code(digest: bytes, code: str) -> tuple[Person, Pair]:
    person = Person.objects.filter(login_digest=digest).first()
    try:
        if person is not None:
            return person, pair_by_code(person, code)
        waste_a_code(code)
    except (ValueError, SealBroken) as error:
        raise WrongCode from error
    raise WrongCode


@dataclass(frozen=True, slots=True)
class _Limit:
    """One row that counts misses, and how many of them cost no time."""

    key: bytes
    free: int


def _limits(about: bytes, address: str) -> list[_Limit]:
    """Per account and address; and per address, since made-up names are all different."""
    return [
        _Limit(_key(about, address), FREE_MISSES),
        _Limit(_key(b"anybody", address), FREE_MISSES_OF_AN_ADDRESS),
    ]


def _key(about: bytes, address: str) -> bytes:
    return hashlib.sha256(about + address.encode()).digest()


@contextmanager
def _patience(limits: list[_Limit], now: datetime) -> Iterator[None]:
    """Tries slow down, and nobody is ever locked out.

    A try counts as a miss before it is made, so that many at the same moment do not slip through;
    one that was right, or was not made after all, is taken off again.
    """
    _count_a_try(limits, now)
    try:
        yield
    except NotNow:
        _take_off(limits, now)
        raise
    SlowDown.objects.filter(pk=limits[0].key).delete()
    _take_off(limits[1:], now)


def _take_off(limits: list[_Limit], now: datetime) -> None:
    rows = SlowDown.objects.filter(pk__in=[limit.key for limit in limits])
    rows.update(misses=F("misses") - 1, wait_until=now)


@transaction.atomic
def _count_a_try(limits: list[_Limit], now: datetime) -> None:
    _forget_old_rows(now)
    rows = [_row(limit.key, now) for limit in limits]
    wait = max(row.wait_until for row in rows) - now
    if wait > timedelta():
        raise TooSoon(wait)
    for row, limit in zip(rows, limits, strict=True):
        row.misses = min(row.misses + 1, LAST_MISS)
        row.wait_until = now + wait_after(row.misses, free=limit.free)
        row.save()


@transaction.atomic
def _count_an_account(address: str, now: datetime) -> None:
    """Each one moves the row's time on; when it lies too far ahead, the next has to wait."""
    _forget_old_rows(now)
    row = _row(_key(b"sign-up", address), now)
    row.wait_until = max(row.wait_until, now) + ONE_MORE_ACCOUNT_AFTER
    wait = row.wait_until - now - ACCOUNTS_AT_ONCE * ONE_MORE_ACCOUNT_AFTER
    if wait > timedelta():
        raise TooManyAccounts(wait)
    row.save()


def _row(key: bytes, now: datetime) -> SlowDown:
    """Held until the transaction ends."""
    rows = SlowDown.objects.select_for_update()
    return rows.get_or_create(pk=key, defaults={"wait_until": now})[0]


def _forget_old_rows(now: datetime) -> None:
    SlowDown.objects.filter(wait_until__lt=now - _FORGET_MISSES_AFTER).delete()
