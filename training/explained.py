"""Whether the marked words are those that a finding rests on, checked by leaving them out."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from nearer.cues.calibration import REFLECTS
from nearer.cues.evidence import WORD
from nearer.cues.reader import Reader
from nearer.cues.reading import REFLECTIONS, Finding, Reading, Span
from training.answers import ACTS, chances_of
from training.examples import Example
from training.figures import Interval, by_scene

DRAWS = 5
"""Random choices of as many words, whose mean change is what the marked ones have to beat."""


@dataclass(frozen=True, slots=True)
class Case:
    """A shown finding, the line without its words, and the line without as many others."""

    example: Example
    act: str
    chance: float
    without: str
    others: tuple[str, ...]


def by_deletion(lines: Sequence[Example], reader: Reader, seed: int = 0) -> Interval:
    """Part of the shown findings whose chance changes more without the marked words than without
    as many words drawn at random. Findings that mark every word are left out: there is no other
    choice of words.
    """
    cases = list(_cases(lines, reader, random.Random(seed)))  # noqa: S311 - no secret
    marked = _changes(reader, cases, [case.without for case in cases])
    drawn = [_changes(reader, cases, [case.others[at] for case in cases]) for at in range(DRAWS)]
    more = marked > np.mean(drawn, axis=0)
    return by_scene([case.example for case in cases], lambda rows: float(more[rows].mean()))


def _cases(lines: Sequence[Example], reader: Reader, chance: random.Random) -> Iterator[Case]:
    for line in lines:
        reading = reader.read(line.line, line.message)
        for finding in reading.sure:
            words = [Span(*match.span()) for match in WORD.finditer(line.line)]
            marked = _marked(words, finding.spans)
            if 0 < len(marked) < len(words):
                yield _case(line, reading, finding, words, marked, chance)


def _case(
    line: Example,
    reading: Reading,
    finding: Finding,
    words: Sequence[Span],
    marked: set[int],
    chance: random.Random,
) -> Case:
    draws = (set(chance.sample(range(len(words)), len(marked))) for _ in range(DRAWS))
    act = REFLECTS if finding.cue in REFLECTIONS else finding.cue
    before = float(chances_of([reading])[0, ACTS.index(act)])
    without = _without(line.line, words, marked)
    others = tuple(_without(line.line, words, drawn) for drawn in draws)
    return Case(line, act, before, without, others)


def _marked(words: Sequence[Span], spans: Sequence[Span]) -> set[int]:
    return {
        at
        for at, word in enumerate(words)
        if any(word.start < span.end and span.start < word.end for span in spans)
    }


def _without(text: str, words: Sequence[Span], left_out: set[int]) -> str:
    kept = (word for at, word in enumerate(words) if at not in left_out)
    return " ".join(text[word.start : word.end] for word in kept)


def _changes(reader: Reader, cases: Sequence[Case], texts: Sequence[str]) -> np.ndarray:
    pairs = [(text, case.example.message) for case, text in zip(cases, texts, strict=True)]
    found = chances_of(list(reader.read_some(pairs)))
    after = found[np.arange(len(cases)), [ACTS.index(case.act) for case in cases]]
    return np.abs(np.array([case.chance for case in cases]) - after)
