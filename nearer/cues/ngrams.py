"""Runs of one, two and three word pieces, hashed into a fixed number of places.

A linear reading of them stands beside the network: it knows turns of phrase, and no list of them
has to be shipped. Import it lazily: numpy is slow to import.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PLACES = 1 << 16
LONGEST = 3
# Multiplicative hashing (Knuth, The Art of Computer Programming 3, 6.4): odd numbers near
# 2^64 / golden ratio, one for each length of run; the upper bits are the mixed ones.
_MIX = np.uint64(0x9E3779B97F4A7C15)
_STEP = np.uint64(1_000_003)
_LENGTHS = (np.uint64(11), np.uint64(29), np.uint64(47))
_UPPER = np.uint64(64 - 16)


@dataclass(frozen=True, slots=True)
class Runs:
    """All runs of a line, the single pieces first.

    places: [runs]. first, length: [runs], which pieces of the line each covers.
    """

    places: NDArray[np.int64]
    first: NDArray[np.int64]
    length: NDArray[np.int64]


def runs(ids: Sequence[int]) -> Runs:
    """3 * pieces - 3 of them for a line of two pieces or more."""
    pieces = np.asarray(ids, dtype=np.uint64)
    mixed, places, counts = pieces, [], []
    for length, salt in zip(range(1, LONGEST + 1), _LENGTHS, strict=True):
        if length > 1:
            mixed = mixed[: len(pieces) - length + 1] * _STEP + pieces[length - 1 :]
        places.append(((mixed + salt) * _MIX) >> _UPPER)
        counts.append(len(places[-1]))
    first = np.concatenate([np.arange(count) for count in counts])
    length_of = np.repeat(np.arange(1, LONGEST + 1), counts)
    return Runs(np.concatenate(places).astype(np.int64), first, length_of)
