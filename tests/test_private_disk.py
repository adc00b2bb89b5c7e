"""Whoever takes the disk reads no word, name or number that somebody entered."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from tests.load import Visitor
from tests.rounds import RATINGS, WORDS, hidden, live_in, words_like
from tests.server import House

PASSPHRASE = "seventeen swifts above the tannery"
LOGIN = "anastasia.wren"
ADDRESS = "wren.anastasia@example.org"
GUEST = "Theodora of the ferry"
ZONE = "Europe/Lisbon"
"""A choice from a list; it is kept as it is, and shows that the search below can find something."""
BEGINNING = 16
"""Letters; so many do not stand on a disk by chance, nor in our own texts."""
_LINK = re.compile(r"#([a-z2-7]{32})")


def test_no_word_that_was_entered_stands_on_the_disk(tmp_path: Path) -> None:
    with House(tmp_path / "house") as house:
        entered = _lived_in(house)
        disk = b"\n".join(_everything(house))
        house.stop()
        at_rest = b"\n".join(_everything(house))
    for kept in (disk, at_rest):
        assert [what for what, word in entered.items() if _stands_in(kept, word)] == []
        assert _stands_in(kept, ZONE)


def _lived_in(house: House) -> dict[str, str]:
    """Two people do everything once.

    Returns:
        All that they typed, and all that was shown to them as a secret, by what it is.
    """
    ana, bo = Visitor(house), Visitor(house)
    codes = [_signed_up(ana, LOGIN), _signed_up(bo, f"{LOGIN}.2")]
    bond = ana.post("/bond/new/", {"kind": "siblings", "other_name": "Beauregard Finch"})
    path = bond.headers["Location"]
    letters = _link_in(ana.post(f"{path}invite/", {}).content)
    bo.post("/invitation/", {"letters": letters, "answer": "accept"})
    words = words_like("heron-%s-on-the-mill-pond")
    live_in(ana, bo, UUID(path.split("/")[2]), words)
    ana.post("/me/reminders/", {"address": ADDRESS})
    return words | {
        "login": LOGIN,
        "passphrase": PASSPHRASE,
        "code": codes[0],
        "code without lines": codes[0].replace("-", ""),
        "reminder": ADDRESS,
        "letters": letters,
        "letters of a guest": _guest_round(ana),
        "guest": GUEST,
        "ratings": " ".join(RATINGS.values()),
        "first name of the other": "Beauregard Finch",
    }


def _signed_up(who: Visitor, login: str) -> str:
    """
    Returns:
        The recovery code.
    """
    you = {"name": "Anastasia Wren", "pronouns": "she/her/wren", "is_adult": "on"}
    account = {"login": login, "passphrase": PASSPHRASE, "language": "en", "time_zone": ZONE}
    page = who.post("/begin/account/", you | account).content.decode()
    return hidden(page, "code")


def _guest_round(ana: Visitor) -> str:
    """Ana begins a round with somebody who has no account, and makes a link."""
    path = ana.post("/bond/new/", {"kind": "friends", "other_name": GUEST}).headers["Location"]
    opening = {"mode": "same_room", "phones": "two", "first": "me", "minutes": "4", "turns": "2"}
    begun = ana.post(f"/listening/begin/{path.split('/')[2]}/", opening)
    return _link_in(ana.post(begun.headers["Location"], {}).content)


def _link_in(page: bytes) -> str:
    found = _LINK.search(page.decode())
    assert found, page
    return found[1]


def _everything(house: House) -> Iterator[bytes]:
    """Every byte of the data folder, the database and its log among them, and every column."""
    for path in sorted(house.folder.rglob("*")):
        if path.is_file():
            yield path.read_bytes()
    for rows in house.rows().values():
        for row in rows:
            yield from (_raw(value) for value in row)


def _raw(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def _stands_in(disk: bytes, word: str) -> bool:
    """Whether it is there, or its beginning: what was cut off can be read all the same."""
    return any(shape in disk for shape in _shapes(word[:BEGINNING].encode()))


def _shapes(word: bytes) -> Iterator[bytes]:
    """As it is, in two letter cases, in hex, and in base64 wherever it may begin."""
    yield from (word, word.lower(), word.upper())
    yield from (word.hex().encode(), word.hex().upper().encode())
    for before, begins in enumerate((0, 2, 3)):
        whole = (before + len(word)) * 8 // 6
        core = base64.b64encode(bytes(before) + word)[begins:whole]
        yield from (core, core.replace(b"+", b"-").replace(b"/", b"_"))


@pytest.mark.parametrize("before", [b"", b"a", b"ab", b"abc"])
@pytest.mark.parametrize("name", WORDS)
def test_search_finds_words_in_any_of_its_shapes(before: bytes, name: str) -> None:
    word = f"heron-{name}-on-the-mill-pond"
    inside = before + word.encode() + b" and more"
    for disk in (inside, inside.hex().encode(), base64.b64encode(inside)):
        assert _stands_in(disk, word)
        assert not _stands_in(disk, "heron-of-nowhere-else")
