"""From what each word adds to a finding to the words that are marked on the page."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

from nearer.cues.reading import Span

WORD = re.compile(r"\S+")
# Marked words carry this part of what speaks for the finding; fewer look arbitrary, more mark
# the whole line. Looked at on our own training lines; nobody has rated the marks.
PART = 0.7
MARKS = 2


def words_in(text: str, pieces: Sequence[Span]) -> list[Span]:
    """The whole words of the text that the pieces lie in."""
    if not pieces:
        return []
    words = [Span(*match.span()) for match in WORD.finditer(text)]
    first, last = pieces[0].start, pieces[-1].end
    return [word for word in words if word.end > first and word.start < last]


def pieces_of(words: Sequence[Span], pieces: Sequence[Span]) -> "NDArray[np.bool_]":
    """[words, pieces]: which pieces begin in each word."""
    import numpy as np  # noqa: PLC0415 - slow import

    starts = np.array([piece.start for piece in pieces], dtype=int)
    begins = np.array([word.start for word in words], dtype=int)[:, None]
    ends = np.array([word.end for word in words], dtype=int)[:, None]
    return (begins <= starts) & (starts < ends)


def marked_words(text: str, words: Sequence[Span], weights: Sequence[float]) -> tuple[Span, ...]:
    """Up to two runs of whole words that speak most for a finding.

    words, weights: the words that were read, in order, and what each adds to the logit.
    """
    chosen = _heaviest([max(0.0, weight) for weight in weights])
    runs = _runs(sorted(chosen))
    runs.sort(key=lambda run: -sum(weights[place] for place in run))
    marks = (_trimmed(text, words[run[0]].start, words[run[-1]].end) for run in runs[:MARKS])
    return tuple(sorted((mark for mark in marks if mark.end > mark.start), key=lambda m: m.start))


def _heaviest(weights: Sequence[float]) -> list[int]:
    goal, reached, chosen = PART * sum(weights), 0.0, []
    for place in sorted(range(len(weights)), key=lambda place: -weights[place]):
        if reached >= goal:
            break
        chosen.append(place)
        reached += weights[place]
    return chosen


def _runs(places: Sequence[int]) -> list[list[int]]:
    """Neighbouring places together; a gap of one or two words is closed."""
    runs: list[list[int]] = []
    for place in places:
        if runs and place - runs[-1][-1] <= 3:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _trimmed(text: str, start: int, end: int) -> Span:
    """Without punctuation at the rims."""
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return Span(start, end)
