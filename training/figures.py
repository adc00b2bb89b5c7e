"""The measures that are reported, per cue and over cues."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score  # type: ignore[import-untyped]  # ships no types

from nearer.cues.reading import REFLECTIONS
from training.examples import CUES, Example

Floats = NDArray[np.float64]
Truth = NDArray[np.bool_]
SAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with the middle 95 % of its bootstrap samples."""

    value: float
    low: float
    high: float


def truth(examples: Sequence[Example]) -> Truth:
    """[examples, cues]."""
    return np.array([[cue in example.labels for cue in CUES] for example in examples])


def any_reflection(table: Truth) -> Truth:
    """[examples]: one of the two kinds is there."""
    simple, complex_ = (CUES.index(cue) for cue in REFLECTIONS)
    return table[:, simple] | table[:, complex_]


def average_precision(is_there: Truth, scores: Floats) -> float:
    """Area under precision and recall (not interpolated); 0 where there is nothing to find."""
    return float(average_precision_score(is_there, scores)) if is_there.any() else 0.0


def f1(is_there: Truth, said: Truth) -> float:
    both = int((is_there & said).sum())
    return 2 * both / max(1, int(is_there.sum()) + int(said.sum()))


def precision(is_there: Truth, said: Truth) -> float:
    """Part of what was said that is there; 1 where nothing was said."""
    return int((is_there & said).sum()) / int(said.sum()) if said.any() else 1.0


def recall(is_there: Truth, said: Truth) -> float:
    return int((is_there & said).sum()) / max(1, int(is_there.sum()))


def best_f1_threshold(is_there: Truth, scores: Floats) -> float:
    """The score from which saying yes gives the best F1 (lowest of equals)."""
    return float(max(np.unique(scores), key=lambda at: (f1(is_there, scores >= at), -at)))


def precision_threshold(
    is_there: Truth, scores: Floats, wanted: float, at_least: int
) -> float | None:
    """Lowest score from which precision is `wanted` with `at_least` cases said; None if never."""
    for at in np.unique(scores):
        said = scores >= at
        if said.sum() < at_least:
            return None
        if precision(is_there, said) >= wanted:
            return float(at)
    return None


def macro_ap(table: Truth, scores: Floats) -> float:
    """Mean average precision over cues; both [examples, cues]."""
    cues = range(table.shape[1])
    return float(np.mean([average_precision(table[:, cue], scores[:, cue]) for cue in cues]))


def macro_f1(table: Truth, said: Truth) -> float:
    """Mean F1 over cues; both [examples, cues]."""
    return float(np.mean([f1(table[:, cue], said[:, cue]) for cue in range(table.shape[1])]))


def by_scene(
    examples: Sequence[Example],
    measure: Callable[[NDArray[np.intp]], float],
    seed: int = 0,
) -> Interval:
    """A measure of row numbers with a bootstrap over scenes (replies of one scene go together)."""
    scenes = sorted({example.scene for example in examples})
    rows: dict[str, list[int]] = {scene: [] for scene in scenes}
    for row, example in enumerate(examples):
        rows[example.scene].append(row)
    blocks = [np.array(rows[scene]) for scene in scenes]
    chance = np.random.default_rng(seed)
    draws = (chance.integers(len(blocks), size=len(blocks)) for _ in range(SAMPLES))
    values = [measure(np.concatenate([blocks[place] for place in draw])) for draw in draws]
    low, high = np.percentile(values, [2.5, 97.5])
    return Interval(measure(np.arange(len(examples))), float(low), float(high))
