"""From what each piece adds to a finding to the words that are marked on the page."""

import re
from collections.abc import Sequence

from nearer.cues.reading import Span

WORD = re.compile(r"\S+")
# Marked words carry this part of what speaks for the finding; fewer look arbitrary, more mark
# the whole reply. Looked at on our own training replies; nobody has rated the marks.
PART = 0.7
MARKS = 2


def marked_words(text: str, pieces: Sequence[Span], shares: Sequence[float]) -> tuple[Span, ...]:
    """Up to two runs of whole words that speak most for a finding.

    pieces, shares: where each piece stands in `text` and what it adds to the logit.
    """
    words = [Span(*match.span()) for match in WORD.finditer(text)] if pieces else []
    weights = _word_weights(words, pieces, shares)
    chosen = _heaviest(weights)
    runs = _runs(sorted(chosen))
    runs.sort(key=lambda run: -sum(weights[place] for place in run))
    marks = (_trimmed(text, words[run[0]].start, words[run[-1]].end) for run in runs[:MARKS])
    return tuple(sorted((mark for mark in marks if mark.end > mark.start), key=lambda m: m.start))


def _word_weights(
    words: Sequence[Span], pieces: Sequence[Span], shares: Sequence[float]
) -> list[float]:
    weights = [0.0] * len(words)
    place = 0
    for piece, share in zip(pieces, shares, strict=True):
        while place < len(words) - 1 and words[place].end <= piece.start:
            place += 1
        weights[place] += max(0.0, share)
    return weights


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
