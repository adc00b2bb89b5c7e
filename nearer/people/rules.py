"""What a bond, a user name and a passphrase may be: plain Python, no storage."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum

MIN_PASSPHRASE = 12
MAX_PASSPHRASE = 256
INVITATION_LASTS = timedelta(days=7)
DEVICE_LASTS = timedelta(days=30)
SHARED_DEVICE_LASTS = timedelta(hours=12)
"""Browsers that reopen their tabs bring back cookies that were meant to go with them."""
IDLE_MINUTES = (15, 30, 60, 120)
"""What may be chosen. Not below the longest turn of a round, which nobody should touch."""
SHARED_IDLE_MINUTES = 15
FREE_MISSES = 4
"""With one user name, from one address."""
FREE_MISSES_OF_AN_ADDRESS = 20
"""With whatever user names: a whole home may share one address."""
LONGEST_WAIT = timedelta(seconds=60)
LAST_MISS = 30
"""From here on misses need not be counted: either wait is at its longest."""
ACCOUNTS_AT_ONCE = 10
ONE_MORE_ACCOUNT_AFTER = timedelta(minutes=6)
"""From one address: ten at once, and then ten an hour."""

CODE_GROUPS = 8
_LOOK_ALIKES = str.maketrans("018", "OIB")
_ENOUGH_GUESSES = 10**8
"""Below this many guesses (zxcvbn's estimate, its score 3) a passphrase counts as common.

Source: Wheeler, zxcvbn: low-budget password strength estimation, USENIX Security 2016.
"""
_READ = 32
_READ_OF_MANY_SIGNS = 16
"""zxcvbn's time grows with the square of the length and with each sign that could be a letter:
72 characters full of them took 3.8 s. A beginning that is hard to guess is enough."""
_SIGNS = frozenset("4@8({[<3691!|705$+%2")
_MANY_SIGNS = 8
_FEWEST_DIFFERENT = 5


class Kind(StrEnum):
    """What kind of space; the four bonds choose the wording."""

    PRIVATE = "private"
    PARTNERS = "partners"
    FRIENDS = "friends"
    SIBLINGS = "siblings"
    FAMILY = "family"


BONDS = (Kind.PARTNERS, Kind.FRIENDS, Kind.SIBLINGS, Kind.FAMILY)


class Weak(StrEnum):
    """Why a passphrase is refused."""

    SHORT = "short"
    LONG = "long"
    COMMON = "common"


def normal_login(login: str) -> str:
    """The form in which user names are compared."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def weakness(passphrase: str, *, about: list[str]) -> Weak | None:
    """Why this passphrase will not do; ``about`` are words close to the person, as the name."""
    from zxcvbn import zxcvbn  # noqa: PLC0415 - slow import: 30,000 words, needed once a person

    if len(passphrase) < MIN_PASSPHRASE:
        return Weak.SHORT
    if len(passphrase) > MAX_PASSPHRASE:
        return Weak.LONG
    if len(set(passphrase)) < _FEWEST_DIFFERENT:
        return Weak.COMMON
    known = [word for word in about if word]
    guesses = zxcvbn(_beginning(passphrase), user_inputs=[*known, "nearer"])["guesses"]
    return Weak.COMMON if guesses < _ENOUGH_GUESSES else None


def _beginning(passphrase: str) -> str:
    """As much of it as can be judged in some hundredths of a second."""
    read = passphrase[:_READ]
    return read if len(_SIGNS.intersection(read)) <= _MANY_SIGNS else read[:_READ_OF_MANY_SIGNS]


def groups_of(code: str) -> list[str]:
    """A recovery code's eight groups of four."""
    return code.split("-")


def same_letters(typed: str, group: str) -> bool:
    """Whether what somebody copied from paper is that group; forgiving as the code itself is."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    return letters.translate(_LOOK_ALIKES) == group


def wait_after(misses: int, *, free: int) -> timedelta:
    """How long the next try waits: nothing for the first few, then doubling, never a lock-out."""
    if misses < free:
        return timedelta()
    return min(timedelta(seconds=2 ** (min(misses, LAST_MISS) - free)), LONGEST_WAIT)


def is_idle(seen_at: datetime, now: datetime, *, idle_minutes: int) -> bool:
    return now - seen_at > timedelta(minutes=idle_minutes)
