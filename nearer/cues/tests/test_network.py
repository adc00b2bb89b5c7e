"""The arithmetic of the network, on small random weights: no training is needed to be right."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearer.cues.network import RUNS, SCALE, Floats, Network
from nearer.cues.ngrams import PLACES
from nearer.cues.pieces import Window

WORDS, WIDTH, INNER, KEYS, TOP, OUTPUTS = 50, 6, 8, 4, 5, 3
CLOSE = 1e-4
PIECES = st.lists(st.integers(0, WORDS - 1), max_size=9)
WINDOWS = st.lists(st.builds(Window, PIECES, PIECES, st.just([])), min_size=1, max_size=6)


def drawn(seed: int) -> Network:
    chance = np.random.default_rng(seed)

    def table(rows: int, columns: int) -> Floats:
        return chance.normal(0, 0.5, (rows, columns)).astype(np.float32)

    return Network(
        {
            "words.weight": table(WORDS, WIDTH),
            "first.weight": table(WIDTH, 3 * WIDTH),
            "first.bias": table(1, WIDTH)[0],
            "ask.weight": table(KEYS, WIDTH),
            "key.weight": table(KEYS, WIDTH),
            "join.weight": table(INNER, 4 * WIDTH + 2),
            "join.bias": table(1, INNER)[0],
            "again.weight": table(INNER, 3 * INNER),
            "again.bias": table(1, INNER)[0],
            "look.weight": table(OUTPUTS, INNER),
            "value.weight": table(OUTPUTS, INNER),
            "value.bias": table(1, OUTPUTS)[0],
            "top.weight": table(TOP, INNER + 2 * WIDTH),
            "top.bias": table(1, TOP)[0],
            "last.weight": table(OUTPUTS, TOP),
            RUNS: chance.integers(-100, 100, (PLACES, OUTPUTS), dtype=np.int8),
            RUNS + SCALE: np.full(OUTPUTS, 0.01, np.float32),
        }
    )


NETWORK = drawn(7)


@settings(deadline=None)
@given(WINDOWS)
def test_what_stands_beside_it_in_a_batch_changes_nothing(windows: list[Window]) -> None:
    alone = np.concatenate([NETWORK.logits([window]) for window in windows])
    assert NETWORK.logits(windows) == pytest.approx(alone, abs=CLOSE)


@settings(deadline=None)
@given(PIECES, PIECES)
def test_leaving_out_nothing_changes_nothing(line: list[int], message: list[int]) -> None:
    window = Window(line, message, [])
    nothing = np.zeros((1, max(1, len(line))), bool)
    if line:
        found = NETWORK.without(NETWORK.seen([window]), 0, nothing)
        assert found == pytest.approx(NETWORK.logits([window]), abs=CLOSE)


def test_the_words_of_a_window_weigh_the_same_beside_a_longer_one() -> None:
    short, long = Window([3, 4], [5], []), Window([1, 2, 3, 4, 5, 6], [5, 6, 7], [])
    words = np.array([[True, False], [False, True]])
    alone = NETWORK.without(NETWORK.seen([short]), 0, words)
    assert NETWORK.without(NETWORK.seen([long, short]), 1, words) == pytest.approx(alone, abs=CLOSE)


def test_leaving_out_every_piece_is_finite() -> None:
    seen = NETWORK.seen([Window([3, 4], [5], [])])
    found = NETWORK.without(seen, 0, np.array([[True, True], [True, False]]))
    assert np.isfinite(found).all()
    assert found.shape == (2, OUTPUTS)


def test_the_message_counts() -> None:
    line = [3, 4, 5]
    found = NETWORK.logits([Window(line, said, []) for said in ([3, 4, 5], [9, 8], [])])
    assert len({tuple(row) for row in found.round(3).tolist()}) == 3
