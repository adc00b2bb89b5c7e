"""Fit the linear reading of short strings that stands beside the network."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # ships no types
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]  # ships no types
from sklearn.preprocessing import normalize  # type: ignore[import-untyped]  # ships no types

from nearer.cues.calibration import OUTPUTS, REFLECTS
from nearer.cues.ngrams import PLACES, Floats, Ngrams, features
from training.examples import Example
from training.lessons import targets_of, weights_of

# Both tried on training folds only (README.md).
SEEN_IN_AT_LEAST = 2
STRENGTH = 4.0  # inverse of the penalty
# Strings can not know whether a reply fits its message, so they weigh less where that decides.
PART = {REFLECTS: 0.3}


def fit_phrases(examples: Sequence[Example]) -> dict[str, Floats]:
    """Arrays of the weight file; strings in fewer than two replies count for nothing."""
    counts = _table(examples)
    seen_in = np.diff(counts.tocsc().indptr)
    rarity = np.where(
        seen_in >= SEEN_IN_AT_LEAST, np.log((1 + len(examples)) / (1 + seen_in)) + 1, 0
    )
    table = normalize(counts.multiply(rarity).tocsr())
    targets = np.array([targets_of(example) for example in examples]) > 0.5
    known = np.array([weights_of(example) for example in examples]) > 0
    lines = [_line(table[known[:, o]], targets[known[:, o], o]) for o in range(len(OUTPUTS))]
    parts = np.array([PART.get(output, 1.0) for output in OUTPUTS])
    weight = np.stack([line.coef_[0] for line in lines]) * parts[:, None]
    bias = np.array([line.intercept_[0] for line in lines]) * parts
    return {
        "ngrams.rarity": rarity.astype(np.float32),
        "ngrams.weight": weight.astype(np.float32),
        "ngrams.bias": bias.astype(np.float32),
    }


def phrase_logits(phrases: Ngrams, examples: Sequence[Example]) -> Floats:
    """[examples, outputs]."""
    return np.stack([phrases.logits(example.reply) for example in examples])


def _line(
    table: csr_matrix, is_there: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=1000).fit(
        table, is_there
    )


def _table(examples: Sequence[Example]) -> csr_matrix:
    values: list[float] = []
    places: list[int] = []
    ends = [0]
    for example in examples:
        found = features(example.reply)
        places.extend(found)
        values.extend(found.values())
        ends.append(len(places))
    return csr_matrix((values, places, ends), shape=(len(examples), PLACES))
