"""What the network and its peers say about the same lines, in one shape."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nearer.cues.calibration import COMPLEX, OUTPUTS, REFLECTS
from nearer.cues.reading import REFLECTIONS, Cue, Reading
from training.examples import Example
from training.figures import Floats, Truth, best_f1_threshold

ACTS: tuple[str, ...] = tuple(output for output in OUTPUTS if output != COMPLEX)
"""What is measured: people are told of a reflection, never whether it is simple or complex."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Chances (or scores) and yes or no, both [lines, ACTS]."""

    chances: Floats
    said: Truth

    def chance(self, act: str) -> Floats:
        return self.chances[:, ACTS.index(act)]

    def says(self, *acts: str) -> Truth:
        """[lines]: any of these acts."""
        said: Truth = np.logical_or.reduce([self.said[:, ACTS.index(act)] for act in acts])
        return said


def does(example: Example, act: str) -> bool:
    if act == REFLECTS:
        return not example.labels.isdisjoint(REFLECTIONS)
    return act in example.labels


def truth(examples: Sequence[Example], acts: Sequence[str] = ACTS) -> Truth:
    """[lines, acts]."""
    return np.array([[does(each, act) for act in acts] for each in examples])


def said_from(chances: Floats, cuts: Mapping[str, float]) -> Answers:
    """Yes from a cut per act."""
    return Answers(chances, chances >= np.array([cuts[act] for act in ACTS]))


def best_cuts(examples: Sequence[Example], chances: Floats) -> dict[str, float]:
    """From where yes gives the best F1 on these lines: one rule for the network and its peers."""
    table = truth(examples)
    return {act: best_f1_threshold(table[:, at], chances[:, at]) for at, act in enumerate(ACTS)}


def chances_of(found: Sequence[Reading]) -> Floats:
    """[lines, ACTS]."""
    return np.array([[_chance(reading, act) for act in ACTS] for reading in found])


def as_shown(found: Sequence[Reading]) -> Answers:
    """Yes where the house would show it."""
    sure = np.array([[_is_sure(reading, act) for act in ACTS] for reading in found])
    return Answers(chances_of(found), sure)


def _chance(reading: Reading, act: str) -> float:
    return sum(reading.of(cue).probability for cue in _cues(act))


def _is_sure(reading: Reading, act: str) -> bool:
    return any(reading.of(cue).is_sure for cue in _cues(act))


def _cues(act: str) -> tuple[Cue, ...]:
    return REFLECTIONS if act == REFLECTS else (Cue(act),)
