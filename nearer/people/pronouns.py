"""The words that stand for somebody's name, from what they wrote about themselves.

Only in the form they chose: who wrote nothing, or something else than a pair, is called by name.
"""

from __future__ import annotations

from dataclasses import dataclass

_KNOWN = {"they": "them", "she": "her", "he": "him"}
"""Whoever writes «she», or «she/they», is spoken of as she and her."""


@dataclass(frozen=True, slots=True)
class Pronouns:
    """As in «they asked» and «ask them». Verbs beside ``they`` have to fit any of them: «she wrote»
    and «they wrote» both do, «writes» does not."""

    they: str
    them: str


def pronouns_of(name: str, written: str) -> Pronouns:
    """
    >>> pronouns_of("Noor", "She/her")
    Pronouns(they='she', them='her')
    """
    first, _slash, rest = written.strip().lower().partition("/")
    second = rest.partition("/")[0].strip()
    first = first.strip()
    if first in _KNOWN:
        return Pronouns(first, _KNOWN[first])
    return Pronouns(first, second) if first and second else Pronouns(name, name)
