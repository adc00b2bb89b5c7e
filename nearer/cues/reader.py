"""Read lines: cut them, run the network, calibrate, find the words."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nearer.cues.network import Floats, Network, Seen

from nearer.cues.calibration import COMPLEX, OUTPUTS, REFLECTS, Scale, load_scales
from nearer.cues.evidence import marked_words, pieces_of, words_in
from nearer.cues.pieces import Cutter, Window
from nearer.cues.reading import REFLECTIONS, Cue, Finding, Reading, Span

FOLDER = Path(__file__).parent
WEIGHTS, THRESHOLDS = FOLDER / "weights.npz", FOLDER / "thresholds.toml"
# Words are marked only for what is at least more likely than not.
MARKED_FROM = 0.5
AT_ONCE, LETTERS, ROWS = 1024, 1 << 18, 64
"""Lines that are sorted by length together, fewer where they have more letters than this; and
windows that are computed together.
"""
_NOTHING: Mapping[str, float] = dict.fromkeys(OUTPUTS, 0.0)
"""What a line says that holds no letter the network knows of."""

Pair = tuple[str, str | None]


def read(text: str, context: str | None = None) -> Reading:
    """What a line does, as far as this model can tell.

    text: the line. context: the message it answers; without it, no reflection can be told from
    a reflection of something else. Reads about the first 200 words. Never raises on any text.
    """
    return _reader().read(text, context)


def read_many(lines: Iterable[str | Pair]) -> Iterator[Reading]:
    """What each line does, in order; a line may come with the message it answers.

    Holds up to a thousand lines at a time, however many there are. No words are marked.
    """
    for some in _batches((line, None) if isinstance(line, str) else line for line in lines):
        yield from _reader().read_some(some)


@dataclass(frozen=True, slots=True)
class Reader:
    """Everything that is loaded once."""

    cutter: Cutter
    network: "Network"
    scales: Mapping[str, Scale]

    def read(self, text: str, context: str | None) -> Reading:
        (windows,) = self.cutter.many([(text, context)])
        if not windows[0].line:
            return Reading(text, tuple(_findings(_NOTHING, self.scales)))
        seen = self.network.seen(windows)
        logits = self.network.logits_of(seen)[:, : len(OUTPUTS)]
        found = _findings(self._chances(logits.max(0)), self.scales)
        marks = _Marks(self.network, text, seen, logits)
        return Reading(text, tuple(marks.on(finding) for finding in found))

    def read_some(self, pairs: Sequence[Pair]) -> Iterator[Reading]:
        cut = self.cutter.many(pairs)
        logits = self.logits([window for windows in cut for window in windows])
        start = 0
        for (text, _), windows in zip(pairs, cut, strict=True):
            highest = logits[start : start + len(windows), : len(OUTPUTS)].max(0)
            start += len(windows)
            chances = self._chances(highest) if windows[0].line else _NOTHING
            yield Reading(text, tuple(_findings(chances, self.scales)))

    def logits(self, windows: Sequence[Window]) -> "Floats":
        """[windows, all outputs of the network]; those of one length go together, so that little
        is padding.
        """
        order = sorted(range(len(windows)), key=lambda at: _size(windows[at]))
        parts = [order[at : at + ROWS] for at in range(0, len(order), ROWS)]
        rows = (self.network.logits([windows[at] for at in part]) for part in parts)
        by_place = dict(zip(order, (row for part in rows for row in part), strict=True))
        return _stacked([by_place[at] for at in range(len(windows))])

    def _chances(self, logits: "Floats") -> dict[str, float]:
        both = zip(OUTPUTS, logits.tolist(), strict=True)
        return {output: self.scales[output].probability(logit) for output, logit in both}


@dataclass(frozen=True, slots=True)
class _Marks:
    """Finds the words that a finding rests on: those without which its logit would be lower."""

    network: "Network"
    text: str
    seen: "Seen"
    logits: "Floats"
    found: dict[int, tuple[list[Span], "Floats"]] = field(default_factory=dict)
    """For each window that was asked about: its words, and what the logits lose without each."""

    def on(self, finding: Finding) -> Finding:
        if not finding.is_sure and finding.probability < MARKED_FROM:
            return finding
        spans = self._spans(REFLECTS if finding.cue in REFLECTIONS else finding.cue)
        return Finding(finding.cue, finding.probability, spans, finding.is_sure)

    def _spans(self, output: str) -> tuple[Span, ...]:
        place = OUTPUTS.index(output)
        best = int(self.logits[:, place].argmax())
        if best not in self.found:
            self.found[best] = self._losses(best)
        words, losses = self.found[best]
        return marked_words(self.text, words, losses[:, place].tolist())

    def _losses(self, row: int) -> "tuple[list[Span], Floats]":
        spans = self.seen.windows[row].spans
        words = words_in(self.text, spans)
        without = self.network.without(self.seen, row, pieces_of(words, spans))
        return words, self.logits[row] - without[:, : len(OUTPUTS)]


def reader_of(weights: Path, thresholds: Path) -> Reader:
    """A reader out of a weight file and its thresholds; takes a quarter of a second."""
    # Its matrices are small: several threads only wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from nearer.cues.network import Network, load  # noqa: PLC0415 - slow import

    stored = load(weights)
    return Reader(Cutter(stored.vocabulary), Network(stored.weights), load_scales(thresholds))


def _batches(pairs: Iterable[Pair]) -> Iterator[list[Pair]]:
    some: list[Pair] = []
    letters = 0
    for pair in pairs:
        some.append(pair)
        letters += sum(len(text or "") for text in pair)
        if len(some) >= AT_ONCE or letters >= LETTERS:
            yield some
            some, letters = [], 0
    if some:
        yield some


@cache
def _reader() -> Reader:
    return reader_of(WEIGHTS, THRESHOLDS)


def _findings(chances: Mapping[str, float], scales: Mapping[str, Scale]) -> Iterator[Finding]:
    yield from _reflections(chances, scales[REFLECTS])
    for cue in Cue:
        if cue not in REFLECTIONS:
            yield Finding(cue, chances[cue], (), scales[cue].is_sure(chances[cue]))


def _reflections(chances: Mapping[str, float], scale: Scale) -> Iterator[Finding]:
    whole, complex_part = chances[REFLECTS], chances[COMPLEX]
    split = {
        Cue.REFLECTS_SIMPLE: whole * (1 - complex_part),
        Cue.REFLECTS_COMPLEX: whole * complex_part,
    }
    likelier = max(split, key=lambda cue: split[cue])
    for cue, probability in split.items():
        yield Finding(cue, probability, (), cue is likelier and scale.is_sure(whole))


def _size(window: Window) -> tuple[int, int]:
    return len(window.line), len(window.message)


def _stacked(rows: Sequence["Floats"]) -> "Floats":
    import numpy as np  # noqa: PLC0415 - slow import

    return np.stack(rows)
