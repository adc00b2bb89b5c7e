"""Read a reply: cut it, run the network, calibrate, find the words."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nearer.cues.network import Network
    from nearer.cues.ngrams import Ngrams

from nearer.cues.calibration import COMPLEX, OUTPUTS, REFLECTS, Scale, load_scales
from nearer.cues.evidence import marked_words
from nearer.cues.pieces import Cutter, Window
from nearer.cues.reading import REFLECTIONS, Cue, Finding, Reading, Span

FOLDER = Path(__file__).parent
WEIGHTS, THRESHOLDS = FOLDER / "weights.npz", FOLDER / "thresholds.toml"
# Words are marked only for what is at least more likely than not.
MARKED_FROM = 0.5


@dataclass(frozen=True, slots=True)
class Evidence:
    """One output of the network: its logit, and what each piece of its window adds to it."""

    logit: float
    pieces: Sequence[Span]
    shares: Sequence[float]


@dataclass(frozen=True, slots=True)
class Reader:
    """Everything that is loaded once."""

    cutter: Cutter
    network: "Network"
    ngrams: "Ngrams"
    scales: Mapping[str, Scale]

    def evidence(self, text: str, context: str | None) -> dict[str, Evidence]:
        """Per output, the window of the reply that speaks most for it."""
        best: dict[str, Evidence] = {}
        for window in self.cutter.windows(text, context):
            scores = self.network.scores(window)
            logits = scores.logits + self.ngrams.logits(_text_of(window, text))
            for place, output in enumerate(OUTPUTS):
                logit = float(logits[place])
                if output not in best or logit > best[output].logit:
                    best[output] = Evidence(logit, window.spans, scores.shares[:, place].tolist())
        return best


def read(text: str, context: str | None = None) -> Reading:
    """What a reply does, as far as this model can tell.

    text: the reply. context: the message it answers; without it, no reflection can be told from
    a reflection of something else. Reads about the first 200 words. Never raises on any text.
    """
    reader = _reader()
    evidence = reader.evidence(text, context)
    return Reading(text, tuple(_findings(text, evidence, reader.scales)))


@cache
def _reader() -> Reader:
    # Its matrices are small: several threads only wait for each other, 91 ms a reply against 17.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from nearer.cues.network import Network, load  # noqa: PLC0415 - slow import
    from nearer.cues.ngrams import Ngrams  # noqa: PLC0415 - slow import

    stored = load(WEIGHTS)
    return Reader(
        Cutter(stored.vocabulary),
        Network(stored.weights),
        Ngrams(stored.weights),
        load_scales(THRESHOLDS),
    )


def _text_of(window: Window, text: str) -> str:
    return text[window.spans[0].start : window.spans[-1].end] if window.spans else ""


def _findings(
    text: str, evidence: Mapping[str, Evidence], scales: Mapping[str, Scale]
) -> Iterator[Finding]:
    sure = {
        name: scale.probability(evidence[name].logit) if text.strip() else 0.0
        for name, scale in scales.items()
    }
    yield from _reflections(text, evidence[REFLECTS], sure, scales[REFLECTS])
    for cue in Cue:
        if cue not in REFLECTIONS:
            yield _finding(
                text, evidence[cue], cue, sure[cue], is_sure=scales[cue].is_sure(sure[cue])
            )


def _reflections(
    text: str, evidence: Evidence, probabilities: Mapping[str, float], scale: Scale
) -> Iterator[Finding]:
    whole, complex_part = probabilities[REFLECTS], probabilities[COMPLEX]
    split = {
        Cue.REFLECTS_SIMPLE: whole * (1 - complex_part),
        Cue.REFLECTS_COMPLEX: whole * complex_part,
    }
    likelier = max(split, key=lambda cue: split[cue])
    for cue, probability in split.items():
        is_sure = cue is likelier and scale.is_sure(whole)
        yield _finding(text, evidence, cue, probability, is_sure=is_sure)


def _finding(
    text: str, evidence: Evidence, cue: Cue, probability: float, *, is_sure: bool
) -> Finding:
    is_marked = is_sure or probability >= MARKED_FROM
    spans = marked_words(text, evidence.pieces, evidence.shares) if is_marked else ()
    return Finding(cue, probability, spans, is_sure)
