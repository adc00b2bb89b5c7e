"""Past rounds, page after page, back to the first."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import chain
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conftest import NOON, Someone
from nearer.people.models import Space
from nearer.practices.listening.actions import rounds as acts
from nearer.practices.listening.models import ListeningRound, ListeningTurn
from nearer.practices.listening.queries import rounds
from nearer.practices.listening.rules import Mode, Step
from nearer.stage.rules import Phones
from nearer.vault.fields import seal

MOST_QUERIES = 8
_OLDER = re.compile(r'href="(/listening/older/[0-9a-f-]{36}/)"')
_SHOWN = re.compile(r">(Round \d+)</b>")


def _live_long(ana: Someone, space: Space, count: int) -> None:
    """So many finished rounds, two of them always begun in the same moment."""
    bond, keyring = ana.bond(space), ana.keyring
    opening = acts.Opening(Mode.SAME_ROOM, Phones.TWO, 4, 2, i_speak_first=True, topic="")
    for number in range(count):
        at = NOON + timedelta(days=number // 2)
        row, key = acts.begin(bond, keyring, opening, now=at)
        seal(row, key, topic=f"Round {number}")
        row.step = Step.DONE.value
        row.save()
        row.sitting.ended_at = at
        row.sitting.save()
        seats = {"speaker": row.sitting.first_seat, "listener": row.sitting.second_seat}
        ListeningTurn.objects.create(round=row, number=1, at=at, **seats)


def _leafed_through(who: Someone) -> list[list[str]]:
    """What each page shows, from the newest to the last."""
    address, pages = reverse("listening:home"), []
    while address:
        page = who.client.get(address).content.decode()
        pages.append(_SHOWN.findall(page))
        older = _OLDER.search(page)
        address = older[1] if older else ""
    return pages


@pytest.mark.parametrize("count", [3, 4, 7])
def test_every_round_is_on_one_page_and_the_first_can_be_reached(
    ana: Someone, bo: Someone, space: Space, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "RECENT", 2)
    _live_long(ana, space, count)
    pages = _leafed_through(bo)
    assert [len(page) for page in pages] == [2] * (count // 2) + [1] * (count % 2)
    assert sorted(chain.from_iterable(pages)) == [f"Round {number}" for number in range(count)]
    assert "Round 0" in pages[-1] + pages[-2]


def test_page_of_older_rounds_asks_the_database_little_and_reads_no_more_than_it_shows(
    ana: Someone, bo: Someone, space: Space
) -> None:
    _live_long(ana, space, rounds.RECENT + 3)
    page = ana.client.get(reverse("listening:home")).content.decode()
    older = _OLDER.search(page)
    assert older
    with CaptureQueriesContext(connection) as asked:
        shown = _SHOWN.findall(ana.client.get(older[1]).content.decode())
    assert len(shown) == 3
    assert len(asked) <= MOST_QUERIES
    (read,) = [query["sql"] for query in asked if "listening_listeninground" in query["sql"]][1:]
    assert f"LIMIT {rounds.RECENT + 1}" in read


def test_stranger_gets_nothing_before_any_round(
    ana: Someone, bo: Someone, cy: Someone, space: Space
) -> None:
    _live_long(ana, space, 3)
    for row in ListeningRound.objects.all():
        answer = cy.client.get(reverse("listening:older", args=[row.pk]))
        assert (answer.status_code, "Round" in answer.content.decode()) == (404, False)
    assert _leafed_through(cy) == [[]]


def test_there_is_nothing_before_a_round_that_does_not_exist(ana: Someone) -> None:
    assert ana.client.get(reverse("listening:older", args=[uuid4()])).status_code == 404
