"""How a line and its message become windows."""

from hypothesis import given, settings
from hypothesis import strategies as st

from nearer.cues.pieces import (
    LINE_PIECES,
    MESSAGE_PIECES,
    UNKNOWN,
    WINDOWS,
    Cutter,
    window_end,
)

WORDS = [UNKNOWN, *"abcdefghijklmnopqrstuvwxyz.?", "so", "they", "said", "no", "yes"]
CUTTER = Cutter(WORDS)
TEXTS = st.lists(st.sampled_from(["so", "no", "said.", "yes?", "q"]), max_size=400).map(" ".join)


def test_a_window_is_the_line_and_the_message() -> None:
    ((window,),) = CUTTER.many([("So they said no.", "They said no")])
    assert [WORDS[row] for row in window.line] == ["so", "they", "said", "no", "."]
    assert [WORDS[row] for row in window.message] == ["they", "said", "no"]
    assert [(span.start, span.end) for span in window.spans][-2:] == [(13, 15), (15, 16)]


def test_without_a_message_that_side_is_empty() -> None:
    ((window,),) = CUTTER.many([("so", None)])
    assert ([WORDS[row] for row in window.line], window.message) == (["so"], [])


@settings(deadline=None)
@given(TEXTS)
def test_windows_follow_one_another_and_never_grow_too_long(text: str) -> None:
    (windows,) = CUTTER.many([(text, text)])
    assert 1 <= len(windows) <= WINDOWS
    spans = [span for window in windows for span in window.spans]
    assert spans == sorted(spans, key=lambda span: span.start)
    assert all(len(window.line) == len(window.spans) <= LINE_PIECES for window in windows)
    assert all(len(window.message) <= MESSAGE_PIECES for window in windows)
    assert text[: spans[0].end].strip() if spans else not text


@settings(deadline=None)
@given(st.lists(st.tuples(TEXTS, st.none() | TEXTS), max_size=5))
def test_many_are_cut_like_one(pairs: list[tuple[str, str | None]]) -> None:
    assert CUTTER.many(pairs) == [CUTTER.many([pair])[0] for pair in pairs]


def test_a_long_line_is_cut_after_a_sentence() -> None:
    tokens = ["so"] * 40 + ["."] + ["no"] * 60
    assert window_end(tokens, 0) == 41
    assert window_end(tokens, 41) == 101
    assert window_end(["so"] * 200, 0) == LINE_PIECES
