"""A linear reading of short strings, beside the network: it knows turns of phrase.

On training folds the two together found more than either alone (training/README.md). Strings are
hashed into a fixed number of places, so that no list of them has to be shipped.
Import it lazily: numpy is slow to import.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
PLACES = 1 << 16
WORD = re.compile(r"\w+|\?")
LETTERS = (3, 4, 5)


def features(text: str) -> dict[int, float]:
    """Place -> 1 + log(count), for words and pairs of words, and 3 to 5 letters of a word."""
    lowered = text.lower()
    words = WORD.findall(lowered)
    counts = Counter(_place("w", string) for string in (*words, *_pairs(words)))
    counts.update(_place("l", string) for string in _letters(lowered))
    return {place: 1 + float(np.log(count)) for place, count in counts.items()}


class Ngrams:
    """Immutable.

    rarity: [PLACES], how much a place counts. weight: [labels, PLACES]. bias: [labels].
    """

    def __init__(self, stored: Mapping[str, Floats]) -> None:
        self._rarity = stored["ngrams.rarity"]
        self._weight = stored["ngrams.weight"]
        self._bias = stored["ngrams.bias"]

    def logits(self, text: str) -> Floats:
        """[labels]; what is to be added to the logits of the network."""
        found = features(text)
        if not found:
            return self._bias
        places = np.fromiter(found, dtype=np.intp)
        values = np.fromiter(found.values(), dtype=np.float32) * self._rarity[places]
        length = np.float32(max(float(np.sqrt((values * values).sum())), 1e-6))
        out: Floats = self._weight[:, places] @ (values / length) + self._bias
        return out


def _place(kind: str, string: str) -> int:
    return crc32(f"{kind}{string}".encode(errors="replace")) % PLACES


def _pairs(words: list[str]) -> Iterator[str]:
    return (f"{first} {second}" for first, second in pairwise(words))


def _letters(text: str) -> Iterator[str]:
    for word in text.split():
        edged = f" {word} "
        for size in LETTERS:
            yield from (edged[at : at + size] for at in range(max(0, len(edged) - size + 1)))
