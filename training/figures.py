"""The measures that are reported."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score  # type: ignore[import-untyped]  # ships no types

from training.examples import Example

Floats = NDArray[np.float64]
Truth = NDArray[np.bool_]
Rows = NDArray[np.intp]
SAMPLES = 1000
BINS = 10


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with the middle 95 % of its bootstrap samples."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}]"


def average_precision(is_there: Truth, scores: Floats) -> float:
    """Area under precision and recall (not interpolated); 0 where there is nothing to find."""
    return float(average_precision_score(is_there, scores)) if is_there.any() else 0.0


def f1(is_there: Truth, said: Truth) -> float:
    both = int((is_there & said).sum())
    return 2 * both / max(1, int(is_there.sum()) + int(said.sum()))


def macro_f1(table: Truth, said: Truth) -> float:
    """Mean F1 over columns; both [lines, labels]."""
    return float(np.mean([f1(table[:, at], said[:, at]) for at in range(table.shape[1])]))


def precision(is_there: Truth, said: Truth) -> float:
    """Part of what was said that is there; 1 where nothing was said."""
    return int((is_there & said).sum()) / int(said.sum()) if said.any() else 1.0


def recall(is_there: Truth, said: Truth) -> float:
    return int((is_there & said).sum()) / max(1, int(is_there.sum()))


def calibration_error(is_there: Truth, chances: Floats) -> float:
    """Expected calibration error, ten bins of equal width (Guo and others 2017)."""
    bins = np.minimum((chances * BINS).astype(int), BINS - 1)
    gaps = [
        abs(float(is_there[bins == at].mean() - chances[bins == at].mean()))
        * int((bins == at).sum())
        for at in range(BINS)
        if (bins == at).any()
    ]
    return sum(gaps) / len(chances)


def best_f1_threshold(is_there: Truth, scores: Floats) -> float:
    """The score from which saying yes gives the best F1 (the highest of equals)."""
    cuts, right, said = _counted(is_there, scores)
    return float(cuts[int((2 * right / (said + max(1, int(is_there.sum())))).argmax())])


def precision_threshold(
    is_there: Truth, scores: Floats, wanted: float, at_least: int
) -> float | None:
    """Lowest score from which precision is `wanted` with `at_least` cases said; None if never."""
    cuts, right, said = _counted(is_there, scores)
    good = np.flatnonzero((right / said >= wanted) & (said >= at_least))
    return float(cuts[good[-1]]) if len(good) else None


def _counted(is_there: Truth, scores: Floats) -> tuple[Floats, Rows, Rows]:
    """For each different score, from high to low: how many are right and how many are said from it
    on.
    """
    order = np.argsort(-scores)
    ranked = scores[order]
    ends = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True))
    return ranked[ends], np.cumsum(is_there[order], dtype=np.intp)[ends], ends + 1


def higher(first: Floats, second: Floats) -> float:
    """How often the first of two is higher; a tie is half (Mann-Whitney)."""
    return float(np.mean((first > second) + (first == second) / 2))


def by_scene(
    examples: Sequence[Example], measure: Callable[[Rows], float], seed: int = 0
) -> Interval:
    """A measure of row numbers with a bootstrap over scenes (lines of one scene go together)."""
    scenes = np.array([example.scene for example in examples])
    blocks = [np.flatnonzero(scenes == scene) for scene in np.unique(scenes)]
    chance = np.random.default_rng(seed)
    draws = (chance.integers(len(blocks), size=len(blocks)) for _ in range(SAMPLES))
    values = [measure(np.concatenate([blocks[at] for at in draw])) for draw in draws]
    low, high = np.percentile(values, [2.5, 97.5])
    return Interval(measure(np.arange(len(examples))), float(low), float(high))
