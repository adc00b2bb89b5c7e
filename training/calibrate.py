"""Probabilities and thresholds from lines of writers that the network did not learn from."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]  # ships no types

from nearer.cues.calibration import COMPLEX, OUTPUTS, REFLECTS, Scale
from nearer.cues.reading import Cue
from training.examples import CUES, Example
from training.figures import Floats, precision_threshold
from training.lessons import targets_of, weights_of

# How often what is shown has to be right. A reflection that is praised but is none teaches the
# wrong thing, so it asks for more. The other cues only ever lead to a guess or a question.
WANTED = {REFLECTS: 0.85}
WANTED_OTHERWISE = 0.80
SHOWN_FROM_AT_LEAST = 0.5  # nothing is said that is less likely than not
SHOWN_AT_LEAST = 20  # fewer cases say nothing about a precision


def scales_from(examples: Sequence[Example], logits: Floats) -> dict[str, Scale]:
    """logits: [examples, outputs], each from a network that had not seen the example's scene."""
    targets = np.array([targets_of(example) for example in examples])
    known = np.array([weights_of(example) for example in examples]) > 0
    return {
        output: _scale(output, targets[known[:, place], place], logits[known[:, place], place])
        for place, output in enumerate(OUTPUTS)
    }


def probabilities(logits: Floats, scales: Mapping[str, Scale]) -> Floats:
    """[examples, cues] as nearer.cues.reader computes them."""
    column = {
        output: np.array([scales[output].probability(float(value)) for value in logits[:, place]])
        for place, output in enumerate(OUTPUTS)
    }
    split = {
        Cue.REFLECTS_SIMPLE: column[REFLECTS] * (1 - column[COMPLEX]),
        Cue.REFLECTS_COMPLEX: column[REFLECTS] * column[COMPLEX],
    }
    return np.stack([split[cue] if cue in split else column[cue] for cue in CUES], axis=1)


def as_toml(scales: Mapping[str, Scale]) -> str:
    """The text of nearer/cues/thresholds.toml."""
    return _HEAD + "\n".join(_section(output, scale) for output, scale in scales.items())


def _scale(output: str, target: NDArray[np.float64], logit: Floats) -> Scale:
    is_there = target > 0.5
    line = LogisticRegression(C=1e4).fit(logit[:, None], is_there)
    slope, offset = float(line.coef_[0, 0]), float(line.intercept_[0])
    scale = Scale(round(1 / slope, 4), round(offset / slope, 4), None)
    if output == COMPLEX:
        return scale
    chances = np.array([scale.probability(float(value)) for value in logit])
    wanted = WANTED.get(output, WANTED_OTHERWISE)
    found = precision_threshold(is_there, chances, wanted, SHOWN_AT_LEAST)
    shown_from = None if found is None else round(max(found, SHOWN_FROM_AT_LEAST), 4)
    return Scale(scale.temperature, scale.offset, shown_from)


def _section(output: str, scale: Scale) -> str:
    lines = [
        f"[{output}]",
        f"temperature = {scale.temperature}",
        f"offset = {scale.offset}",
    ]
    if scale.shown_from is not None:
        lines.append(f"shown_from = {scale.shown_from}")
    return "\n".join(lines) + "\n"


_HEAD = f"""\
# Written by `python -m training.train`; read by nearer/cues/calibration.py.
#
# temperature and offset make a probability of a logit: sigmoid((logit + offset) / temperature).
# shown_from: the lowest probability from which what was said was right often enough, on training
# replies of writers the network had not seen: {WANTED[REFLECTS]:.0%} for reflects (a reflection \
that is praised
# but is none teaches the wrong thing), {WANTED_OTHERWISE:.0%} otherwise, with at least \
{SHOWN_AT_LEAST} replies shown, and never below {SHOWN_FROM_AT_LEAST}.
# No shown_from: that was not reached, so the cue is never shown.
# complex_if_reflects is never shown: people are not told simple from complex (MODEL_CARD.md).

"""
