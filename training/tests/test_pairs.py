"""What is put before a teacher, and what a network is told to learn from it."""

import random
from dataclasses import replace

import numpy as np
import torch

from nearer.cues.calibration import COMPLEX, OUTPUTS, REFLECTS
from nearer.cues.reading import Cue
from training.calibrate import scales_from
from training.examples import UNKNOWN_ALONE, Example, own_examples
from training.lessons import (
    EVERY,
    guessed,
    misplaced,
    of_public,
    own,
    targets_of,
    weights_of,
)
from training.pairs import unlabelled

LINES = own_examples()[:400]


def test_a_misplaced_reflection_is_none_and_stands_under_another_scenes_message() -> None:
    scenes = {each.message: each.scene for each in LINES}
    by_line = {each.line: each for each in LINES}
    found = list(misplaced(LINES, random.Random(1)))  # noqa: S311 - no secret
    assert found
    for lesson in found:
        assert lesson.targets[EVERY.index(REFLECTS)] == 0
        assert scenes[lesson.message] != by_line[lesson.line].scene


def test_complexity_counts_only_as_far_as_something_is_reflected() -> None:
    chances = torch.zeros(2, len(OUTPUTS))
    chances[1, OUTPUTS.index(REFLECTS)] = 0.75
    never, mostly = guessed([("a", None), ("b", "c")], chances)
    at = EVERY.index(COMPLEX)
    assert (never.weights[at], mostly.weights[at]) == (0, 0.75)


def test_our_labels_say_nothing_of_public_ones_and_the_other_way_round() -> None:
    (ours,) = own([Example("a", "w", "s", None, "hi", "", frozenset({Cue.THANKS}))])
    public = Example("b", "goemotions", "s", None, "hi", "", frozenset({"emotions:joy"}))
    (theirs,) = of_public([public])
    assert sum(ours.weights[len(OUTPUTS) :]) == 0
    assert sum(theirs.weights[: len(OUTPUTS)]) == 0
    assert theirs.targets[EVERY.index("emotions:joy")] == 1


def test_what_nobody_could_label_is_not_learned() -> None:
    line = Example("a", "w", "s", None, "Sounds hard.", "", frozenset(), unknown=UNKNOWN_ALONE)
    known = dict(zip(OUTPUTS, weights_of(line), strict=True))
    assert [output for output, weight in known.items() if not weight] == [
        REFLECTS,
        COMPLEX,
        Cue.VALIDATES,
        Cue.MINIMISES,
        Cue.JUDGES,
    ]


def test_what_nobody_could_label_has_no_say_in_a_threshold() -> None:
    lines = own_examples()[::20]
    alone = replace(lines[0], labels=frozenset(), unknown=UNKNOWN_ALONE)
    wild = np.random.default_rng(3).normal(0, 3, (300, len(OUTPUTS)))
    guesses = np.array([targets_of(each) for each in lines]) * 4 - 2
    guesses = guesses + np.random.default_rng(4).normal(0, 2, guesses.shape)
    scales = scales_from(lines, guesses)
    found = scales_from([*lines, *[alone] * 300], np.concatenate([guesses, wild]))
    assert found[REFLECTS] == scales[REFLECTS]
    assert found[Cue.THANKS] != scales[Cue.THANKS]


def test_the_same_seed_asks_the_same() -> None:
    asked = [unlabelled(LINES, LINES[:50], 3, joined=20, of_public=10) for _ in range(2)]
    assert asked[0] == asked[1]
    assert asked[0] != unlabelled(LINES, LINES[:50], 4, joined=20, of_public=10)
