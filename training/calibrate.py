"""Probabilities and thresholds from lines of writers that the network did not learn from."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]  # ships no types

from nearer.cues.calibration import COMPLEX, OUTPUTS, REFLECTS, Scale
from nearer.cues.reading import Cue
from training.answers import ACTS
from training.examples import Example
from training.figures import Floats, Truth, precision_threshold
from training.held_back import FALSE_REFLECTIONS
from training.lessons import targets_of, weights_of

# How often what is shown has to be right, on lines that are hard on purpose. A reflection that is
# named but is none teaches the wrong thing, and a warning about kind words hurts; the other cues
# only ever lead to a guess or a question. Whether a reflection is of the right thing cannot be told
# (docs/decisions/0017): lines written as a reflection of something else do not count here, and what
# is said of a reflection leaves that open.
WANTED = dict.fromkeys(
    (
        REFLECTS,
        Cue.JUDGES,
        Cue.MINIMISES,
        Cue.CRITICISES,
        Cue.CONTEMPT,
        Cue.DEFENDS,
        Cue.SHUTS_DOWN,
    ),
    0.90,
)
WANTED_OTHERWISE = 0.85
SHOWN_FROM_AT_LEAST = 0.5  # nothing is said that is less likely than not
SHOWN_AT_LEAST = 20  # fewer cases say nothing about a precision


def scales_from(examples: Sequence[Example], logits: Floats) -> dict[str, Scale]:
    """logits: [examples, outputs], each from a network that had not seen the example's scene."""
    targets = np.array([targets_of(example) for example in examples])
    known = np.array([weights_of(example) for example in examples]) > 0
    counted = np.array([example.kind not in FALSE_REFLECTIONS for example in examples])
    return {
        output: _scale(
            output,
            targets[told, place],
            logits[told, place],
            counted[told] if output == REFLECTS else np.ones(int(told.sum()), dtype=bool),
        )
        for place, (output, told) in enumerate(zip(OUTPUTS, known.T, strict=True))
    }


def chances(logits: Floats, scales: Mapping[str, Scale]) -> Floats:
    """[lines, ACTS] as nearer.cues.reader computes them."""
    return np.stack(
        [
            [scales[act].probability(float(value)) for value in logits[:, OUTPUTS.index(act)]]
            for act in ACTS
        ],
        axis=1,
    )


def as_toml(scales: Mapping[str, Scale]) -> str:
    """The text of nearer/cues/thresholds.toml."""
    return _HEAD + "\n".join(_section(output, scale) for output, scale in scales.items())


def _scale(output: str, target: NDArray[np.float64], logit: Floats, counted: Truth) -> Scale:
    """counted: [lines], whether a line has a say in the threshold."""
    is_there = target > 0.5
    line = LogisticRegression(C=1e4).fit(logit[:, None], is_there)
    slope, offset = float(line.coef_[0, 0]), float(line.intercept_[0])
    scale = Scale(round(1 / slope, 4), round(offset / slope, 4), None)
    if output == COMPLEX:
        return scale
    chances = np.array([scale.probability(float(value)) for value in logit])
    wanted = WANTED.get(output, WANTED_OTHERWISE)
    found = precision_threshold(is_there[counted], chances[counted], wanted, SHOWN_AT_LEAST)
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
# replies of writers the network had not seen: {WANTED[REFLECTS]:.0%} for {", ".join(WANTED)};
# {WANTED_OTHERWISE:.0%} for the others; with at least {SHOWN_AT_LEAST} replies shown, and never \
below {SHOWN_FROM_AT_LEAST}.
# For reflects, lines written as a reflection of something else do not count: no model of ours
# tells them (docs/decisions/0017).
# No shown_from: that was not reached, so the cue is never shown.
# complex_if_reflects is never shown: people are not told simple from complex (MODEL_CARD.md).

"""
