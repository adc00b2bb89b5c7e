"""One's own words: read again, removed, and taken back one by one."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conftest import NOON, Someone
from nearer.diary.models import Entry
from nearer.people.models import Space
from nearer.practices.listening.actions.leaving import take_back
from nearer.practices.listening.actions.own import keep_try
from nearer.practices.listening.models import DrillTry, ListeningTurn, Reflection
from nearer.practices.listening.prompts import scenes
from nearer.practices.listening.queries import tries
from tests.rounds import begun, tap

MOST_QUERIES = 8
MARK = "Taken back."
TRIES = reverse("listening:tries")
_OLDER = re.compile(r'href="(\?before=[0-9a-f-]{36})"')
_SHOWN = re.compile(r'<p class="own">([^<]*)</p>')

WRITTEN = {
    "topic": ("ana", "The attic"),
    "said": ("ana", "I built the stairs alone."),
    "words": ("bo", "You were proud of it."),
    "missing": ("ana", "That nobody came to look."),
    "guess": ("bo", "Your voice went up."),
    "caught": ("ana", "That I did it alone."),
}
"""All that a session in writing shows to both, and who wrote it."""


def _tried(who: Someone, count: int, *, scene: int = 0) -> None:
    for number in range(count):
        at = NOON + timedelta(hours=number // 2)
        words = f"Reply {number}"
        keep_try(who.person, who.keyring, scene=scenes()[scene].id, words=words, now=at)


@pytest.fixture
def session(ana: Someone, bo: Someone, space: Space) -> UUID:
    words = {column: said for column, (_who, said) in WRITTEN.items()}
    found = begun(ana.client, space.id, mode="on_a_call", topic=words["topic"])
    for who, move, brought in (
        *((ana, "ready", ""), (bo, "ready", ""), (ana, "spoke", words["said"])),
        *((bo, "reflected", words["words"]), (ana, "partly", words["missing"])),
        *((bo, "reflected", "Once more"), (ana, "yes", words["caught"])),
        *((bo, "guessed", words["guess"]), (ana, "right", ""), (ana, "skip", "")),
        *((ana, "end", ""), (ana, "kept", "A line of Ana"), (bo, "kept", "A line of Bo")),
    ):
        tap(who.client, found, move, words=brought)
    return found


def _page(who: Someone, session: UUID) -> str:
    answer = who.client.get(reverse("listening:session", args=[session]))
    return html.unescape(answer.content.decode()) if answer.status_code == 200 else ""


def _row(session: UUID, column: str) -> UUID:
    turn = ListeningTurn.objects.get(round=session)
    if column in ("words", "missing"):
        return Reflection.objects.get(turn=turn, number=1).pk
    return session if column in ("topic", "line") else turn.pk


def _taken_back(who: Someone, session: UUID, column: str, row: UUID | None = None) -> int:
    words = {"column": column, "row": str(row or _row(session, column))}
    return who.client.post(reverse("listening:take_back", args=[session]), words).status_code


def test_every_try_can_be_read_again_newest_first(ana: Someone) -> None:
    _tried(ana, 2)
    _tried(ana, 1, scene=1)
    page = ana.client.get(TRIES).content.decode()
    assert sorted(_SHOWN.findall(page)) == ["Reply 0", "Reply 0", "Reply 1"]
    assert all(html.escape(each.who) in page for each in scenes()[:2])
    at_one = ana.client.get(reverse("listening:tries_at", args=[scenes()[1].id]))
    assert _SHOWN.findall(at_one.content.decode()) == ["Reply 0"]


def test_tries_are_leafed_through_to_the_first_at_little_cost(
    ana: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tries, "ON_A_PAGE", 3)
    _tried(ana, 7)
    pages, address = [], TRIES
    while address:
        with CaptureQueriesContext(connection) as asked:
            page = ana.client.get(address).content.decode()
        assert len(asked) <= MOST_QUERIES
        pages.append(_SHOWN.findall(page))
        older = _OLDER.search(page)
        address = TRIES + older[1] if older else ""
    assert [len(page) for page in pages] == [3, 3, 1]
    assert pages[0][0] in ("Reply 6",)
    assert {words for page in pages for words in page} == {f"Reply {n}" for n in range(7)}


def test_drill_says_that_tries_are_kept_and_where(ana: Someone) -> None:
    page = ana.client.get(reverse("listening:scene", args=[scenes()[0].id])).content.decode()
    assert "kept for you alone" in page
    assert f'href="{TRIES}"' in page


def test_removed_try_is_gone_from_the_tables_and_from_the_diary(ana: Someone) -> None:
    _tried(ana, 3)
    newest = DrillTry.objects.order_by("-at")[0]
    gone = ana.client.post(reverse("listening:remove_try", args=[newest.pk]))
    assert gone.status_code == 302
    assert _SHOWN.findall(ana.client.get(TRIES).content.decode()) in (
        ["Reply 1", "Reply 0"],
        ["Reply 0", "Reply 1"],
    )
    assert DrillTry.objects.count() == Entry.objects.filter(what="drill").count() == 2
    assert not Entry.objects.filter(at=newest.at).exists()


def test_nobody_removes_or_reads_the_tries_of_somebody_else(
    ana: Someone, bo: Someone, cy: Someone, space: Space
) -> None:
    _tried(ana, 1)
    row = DrillTry.objects.get()
    for who in (bo, cy):
        assert who.client.post(reverse("listening:remove_try", args=[row.pk])).status_code == 404
        assert _SHOWN.findall(who.client.get(TRIES).content.decode()) == []
        assert who.client.get(f"{TRIES}?before={row.pk}").status_code == 404
    assert DrillTry.objects.get() == row


@pytest.mark.parametrize("before", ["nonsense", str(UUID(int=1)), "\x00"])
def test_there_are_no_tries_before_one_that_does_not_exist(ana: Someone, before: str) -> None:
    assert ana.client.get(TRIES, {"before": before}).status_code == 404


@pytest.mark.parametrize("column", WRITTEN)
def test_one_thing_is_taken_back_and_all_else_stays(
    ana: Someone, bo: Someone, session: UUID, column: str
) -> None:
    writer = {"ana": ana, "bo": bo}[WRITTEN[column][0]]
    assert all(words in _page(bo, session) for _who, words in WRITTEN.values())
    assert _taken_back(writer, session, column) == 302
    for who in (ana, bo):
        page = _page(who, session)
        shown = {name for name, (_who, words) in WRITTEN.items() if words in page}
        assert shown == set(WRITTEN) - {column}
        assert (page.count(MARK), "Once more" in page) == (1, True)


@pytest.mark.parametrize("column", WRITTEN)
def test_words_of_the_other_are_not_to_be_taken_back(
    ana: Someone, bo: Someone, cy: Someone, session: UUID, column: str
) -> None:
    writer = WRITTEN[column][0]
    others = [cy, bo if writer == "ana" else ana]
    assert [_taken_back(who, session, column) for who in others] == [404, 404]
    assert WRITTEN[column][1] in _page(ana, session)


def test_taking_back_leaves_the_mark_that_leaving_leaves(
    ana: Someone, bo: Someone, session: UUID, space: Space
) -> None:
    for column, (who, _words) in WRITTEN.items():
        if who == "ana":
            _taken_back(ana, session, column)
    by_hand = _marks(_page(bo, session))
    take_back(space, ana.person.id)
    assert by_hand == _marks(_page(bo, session))
    assert len(by_hand) == 4


def _marks(page: str) -> list[str]:
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    return re.findall(r"([\w ]+:) Taken back\.", text)


def test_own_line_goes_without_a_mark(ana: Someone, bo: Someone, session: UUID) -> None:
    assert _taken_back(ana, session, "line") == 302
    assert "A line of Ana" not in _page(ana, session)
    assert MARK not in _page(ana, session) + _page(bo, session)
    assert "A line of Bo" in _page(bo, session)


def test_each_is_offered_to_take_back_what_is_theirs_and_nothing_else(
    ana: Someone, bo: Someone, session: UUID
) -> None:
    offered = [
        sorted(re.findall(r'name="column" value="(\w+)"', _page(who, session))) for who in (ana, bo)
    ]
    assert offered == [
        ["caught", "line", "missing", "said", "topic"],
        ["guess", "line", "words", "words"],
    ]


def test_round_on_paper_is_taken_back_by_whoever_typed_it_in(
    ana: Someone, bo: Someone, space: Space
) -> None:
    address = reverse("listening:paper_result", args=[space.id])
    typed = ana.client.post(address, {"who": "listened", "caught": "The stairs"})
    found = UUID(typed.headers["Location"].rstrip("/").rpartition("/")[2])
    assert _taken_back(bo, found, "caught") == 404
    assert _taken_back(ana, found, "caught") == 302
    assert "The stairs" not in _page(bo, found)


@pytest.mark.parametrize("column", ["round", "felt", "minutes", "answer", "", "said__in"])
def test_nothing_but_words_can_be_taken_back(
    ana: Someone, bo: Someone, session: UUID, column: str
) -> None:
    before = _page(bo, session)
    assert _taken_back(ana, session, column, _row(session, "said")) == 404
    assert _marks(before) == _marks(_page(bo, session))


def test_nothing_is_taken_back_from_a_round_that_goes_on(
    ana: Someone, bo: Someone, space: Space
) -> None:
    found = begun(ana.client, space.id, mode="in_writing", topic="The attic")
    assert _taken_back(ana, found, "topic", found) == 404
