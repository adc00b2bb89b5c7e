"""Runs of pieces and the places they are hashed to."""

from hypothesis import given
from hypothesis import strategies as st

from nearer.cues.ngrams import LONGEST, PLACES, runs

PIECES = st.lists(st.integers(0, 40_000), max_size=80)


@given(PIECES)
def test_every_run_of_up_to_three_pieces_is_there_once(pieces: list[int]) -> None:
    found = runs(pieces)
    covered = list(zip(found.first.tolist(), found.length.tolist(), strict=True))
    wanted = [
        (first, length)
        for length in range(1, LONGEST + 1)
        for first in range(len(pieces) - length + 1)
    ]
    assert covered == wanted
    assert all(0 <= place < PLACES for place in found.places.tolist())


@given(PIECES, PIECES, st.lists(st.integers(0, 40_000), min_size=3, max_size=3))
def test_a_run_has_one_place_wherever_it_stands(
    before: list[int], after: list[int], run: list[int]
) -> None:
    alone, within = runs(run), runs([*before, *run, *after])
    at = (within.first == len(before)) & (within.length == LONGEST)
    assert within.places[at].tolist() == [alone.places[-1]]


def test_order_and_length_matter() -> None:
    assert runs([5, 7]).places[-1] != runs([7, 5]).places[-1]
    assert len(set(runs([5, 5, 5]).places.tolist())) == LONGEST


def test_places_are_spread_evenly() -> None:
    """A thousand runs in 65,536 places collide now and then, not often (birthday problem: 8)."""
    places = runs(range(1000)).places[:1000]
    assert len(set(places.tolist())) > 980
