"""Which words are marked."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from nearer.cues.evidence import MARKS, WORD, marked_words, pieces_of, words_in
from nearer.cues.reading import Span


def marks(text: str, *shares: float) -> list[str]:
    pieces = [Span(*match.span()) for match in WORD.finditer(text)]
    return [text[mark.start : mark.end] for mark in marked_words(text, pieces, shares)]


def test_the_words_that_speak_most_are_marked() -> None:
    assert marks("well, at least you tried", 0, 3, 3, 0.1, 0) == ["at least"]


def test_a_small_gap_is_closed_and_stops_at_the_rims_are_left_out() -> None:
    assert marks("(what) was that like?", 2, 0, 0, 2) == ["what) was that like"]


def test_far_words_are_marked_apart_in_reading_order() -> None:
    assert marks("no a b c d yes", 2, 0, 0, 0, 0, 3) == ["no", "yes"]


def test_nothing_is_marked_where_nothing_speaks_for_it() -> None:
    assert marks("so they said", -1, -2, 0) == []
    assert marked_words("so", [], []) == ()


def test_a_face_alone_is_not_marked() -> None:
    assert marks("\N{GRINNING FACE} \N{GRINNING FACE}", 2, 2) == []


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=30))
def test_marks_are_few_and_in_order(shares: list[float]) -> None:
    text = " ".join("word" for _ in shares)
    pieces = [Span(*match.span()) for match in WORD.finditer(text)]
    found = marked_words(text, pieces, shares)
    assert len(found) <= MARKS
    assert all(before.end < after.start for before, after in pairwise(found))


def test_pieces_belong_to_the_word_they_begin_in() -> None:
    text = "so unbelievable, they said"
    pieces = [Span(0, 2), Span(3, 8), Span(8, 15), Span(15, 16)]
    words = words_in(text, pieces)
    assert [text[word.start : word.end] for word in words] == ["so", "unbelievable,"]
    assert pieces_of(words, pieces).tolist() == [
        [True, False, False, False],
        [False, True, True, True],
    ]


def test_a_line_of_no_pieces_has_no_words() -> None:
    assert words_in(" \n", []) == []
    assert pieces_of([], []).shape == (0, 0)
