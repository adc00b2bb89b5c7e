"""What stands where somebody's words stood, once that person has gone."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.urls import reverse

from conftest import PASSPHRASE, Someone
from nearer.people.models import Space
from nearer.practices.listening.models import Keepsake, ListeningTurn
from tests.rounds import RATINGS, WORDS, LivedIn, begun, live_in, tap

_MARK = re.compile(r"</svg>\s*([^<]*?)\s*Taken back\.")

WORDS_OF = {
    "Ana": ("topic", "said", "missing", "caught", "paper"),
    "Bo": ("first_try", "second_try", "guess"),
}
"""What each wrote, and the other could read."""

Goes = Callable[[Someone], None]


@pytest.fixture(params=["leaves", "deletes the account"])
def goes(request: pytest.FixtureRequest, space: Space) -> Goes:
    """Both ways to go."""

    def leaves(who: Someone) -> None:
        address = reverse("web:leave_bond", args=[space.id])
        assert who.client.post(address).status_code == 302

    def deletes(who: Someone) -> None:
        said = {"passphrase": f"{PASSPHRASE} {who.name}"}
        answer = who.client.post(reverse("web:delete_account"), said)
        assert "It is done" in answer.content.decode()

    return leaves if request.param == "leaves" else deletes


@pytest.fixture
def lived(ana: Someone, bo: Someone, space: Space) -> LivedIn:
    words = {name: f"heron {name} pond" for name in WORDS} | {"name": "Ana"}
    return live_in(ana.client, bo.client, space.id, words)


def _page(who: Someone, round_id: UUID) -> str:
    answer = who.client.get(reverse("listening:session", args=[round_id]))
    assert answer.status_code == 200
    return answer.content.decode()


def _marks(who: Someone, round_id: UUID) -> list[str]:
    return _MARK.findall(_page(who, round_id))


def _words_shown(who: Someone, lived: LivedIn) -> set[str]:
    shown = "".join(_page(who, each) for each in (lived.session, lived.aloud, lived.paper))
    return {name for of in WORDS_OF.values() for name in of if lived.words[name] in shown}


def test_nothing_is_marked_while_both_are_there(lived: LivedIn, ana: Someone, bo: Someone) -> None:
    assert [_marks(who, each) for who in (ana, bo) for each in lived.ids[:3]] == [[]] * 6
    assert _words_shown(ana, lived) == _words_shown(bo, lived) == {*sum(WORDS_OF.values(), ())}


def test_each_delivered_word_of_the_speaker_leaves_a_mark_where_it_stood(
    lived: LivedIn, ana: Someone, bo: Someone, goes: Goes
) -> None:
    goes(ana)
    assert _marks(bo, lived.session) == [
        "What it was about:",
        "What Ana wrote:",
        "What was missing for Ana:",
        "What Bo caught that mattered:",
    ]
    assert _marks(bo, lived.aloud) == ["How it was to be heard, in three numbers:"]
    assert _marks(bo, lived.paper) == ["What Bo caught that mattered:"]
    assert _words_shown(bo, lived) == set(WORDS_OF["Bo"])


def test_each_delivered_word_of_the_listener_leaves_a_mark_where_it_stood(
    lived: LivedIn, ana: Someone, bo: Someone, goes: Goes
) -> None:
    goes(bo)
    assert _marks(ana, lived.session) == ["", ""]
    assert _page(ana, lived.session).count("gave back") == 2
    assert _marks(ana, lived.aloud) == ["A guess about face and voice:"]
    assert _marks(ana, lived.paper) == []
    assert _words_shown(ana, lived) == set(WORDS_OF["Ana"])


def test_list_of_past_rounds_says_that_a_topic_was_taken_back(
    lived: LivedIn, ana: Someone, bo: Someone, goes: Goes
) -> None:
    goes(ana)
    page = bo.client.get(reverse("listening:home")).content.decode()
    assert page.count("A topic that was taken back") == 1, "three rounds never had one"
    assert lived.words["topic"] not in page


@pytest.mark.parametrize("leaver", ["ana", "bo"])
def test_what_was_said_aloud_is_not_called_taken_back(
    ana: Someone, bo: Someone, space: Space, goes: Goes, leaver: str
) -> None:
    spoken = begun(ana.client, space.id, mode="same_room")
    moves = [(ana, "ready"), (bo, "ready"), (ana, "spoke"), (bo, "aloud"), (ana, "partly")]
    moves += [(bo, "aloud"), (ana, "yes"), (bo, "aloud"), (ana, "right"), (ana, "skip")]
    for who, move in [*moves, (bo, "end"), (ana, "skip")]:
        tap(who.client, spoken, move)
    gone, left = (ana, bo) if leaver == "ana" else (bo, ana)
    goes(gone)
    assert "taken back" not in _page(left, spoken).lower()
    assert _page(left, spoken).count("Said aloud.") == 2


def test_words_that_the_other_never_had_vanish_without_a_mark(
    ana: Someone, bo: Someone, space: Space, goes: Goes
) -> None:
    """What was caught, and shared numbers, are read when the round is over; it was not."""
    unfinished = begun(ana.client, space.id, mode="same_room")
    for who, move in [(ana, "ready"), (bo, "ready"), (ana, "spoke"), (bo, "aloud")]:
        tap(who.client, unfinished, move)
    tap(ana.client, unfinished, "yes", words="That I built it alone.")
    tap(bo.client, unfinished, "skip")
    tap(ana.client, unfinished, "rated", shared="on", **RATINGS)
    goes(ana)
    assert "taken back" not in _page(bo, unfinished).lower()
    turn = ListeningTurn.objects.get()
    assert (turn.caught, turn.felt, turn.felt_shared) == (None, None, None)


def _kept(who: Someone) -> list[tuple[bytes, bytes]]:
    rows = Keepsake.objects.filter(seat=who.person.id).order_by("pk")
    return [(bytes(row.line or b""), bytes(row.draft or b"")) for row in rows]


@pytest.mark.parametrize("leaver", ["ana", "bo"])
def test_drafts_and_kept_lines_go_with_their_writer_and_nobody_elses_do(
    lived: LivedIn, ana: Someone, bo: Someone, goes: Goes, leaver: str
) -> None:
    gone, left = (ana, bo) if leaver == "ana" else (bo, ana)
    before = _kept(left)
    assert any(line for line, _draft in before)
    assert any(line for line, _draft in _kept(gone))
    assert any(draft for _line, draft in _kept(bo))
    goes(gone)
    assert _kept(gone) == []
    # With the bond its open round is over, so that nothing waits to be sent any more.
    assert _kept(left) == [(line, b"") for line, _draft in before]
