"""How a reply and its message become windows."""

from hypothesis import given, settings
from hypothesis import strategies as st

from nearer.cues.pieces import (
    BREAK,
    MESSAGE_PIECES,
    REPLY_PIECES,
    START,
    UNKNOWN,
    WINDOWS,
    Cutter,
    window_end,
)

WORDS = [UNKNOWN, START, BREAK, *"abcdefghijklmnopqrstuvwxyz.?", "so", "they", "said", "no", "yes"]
CUTTER = Cutter(WORDS)


def test_a_window_is_the_reply_then_the_message() -> None:
    (window,) = CUTTER.windows("So they said no.", "They said no")
    assert [WORDS[row] for row in window.ids] == (
        [START, "so", "they", "said", "no", ".", BREAK, "they", "said", "no", BREAK]
    )
    assert window.sides == [0] * 7 + [1] * 4
    assert [(span.start, span.end) for span in window.spans][-2:] == [(13, 15), (15, 16)]


def test_words_said_on_both_sides_are_marked_but_not_stops() -> None:
    (window,) = CUTTER.windows("So they said no.", "They said yes.")
    assert window.echoes == [0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0]


def test_without_a_message_the_second_side_is_empty() -> None:
    (window,) = CUTTER.windows("so", None)
    assert [WORDS[row] for row in window.ids] == [START, "so", BREAK, BREAK]


@settings(deadline=None)
@given(st.lists(st.sampled_from(["so", "no", "said.", "yes?", "q"]), max_size=400))
def test_windows_follow_one_another_and_never_grow_too_long(words: list[str]) -> None:
    reply = " ".join(words)
    windows = list(CUTTER.windows(reply, reply))
    assert 1 <= len(windows) <= WINDOWS
    spans = [span for window in windows for span in window.spans]
    assert spans == sorted(spans, key=lambda span: span.start)
    assert all(len(window.spans) <= REPLY_PIECES for window in windows)
    assert all(sum(window.sides) <= MESSAGE_PIECES + 1 for window in windows)
    assert reply[: spans[0].end].strip() if spans else not reply


def test_a_long_reply_is_cut_after_a_sentence() -> None:
    tokens = ["so"] * 40 + ["."] + ["no"] * 60
    assert window_end(tokens, 0) == 41
    assert window_end(tokens, 41) == 101
    assert window_end(["so"] * 200, 0) == REPLY_PIECES
