"""What each half of the writers tells of the network that learned from the other.

These are the only figures that anything was chosen by. They stand in unseen.json.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nearer.cues.calibration import Scale
from training import held_back
from training.answers import ACTS, Answers, best_cuts, said_from, truth
from training.calibrate import chances
from training.examples import Example
from training.figures import Floats, f1, macro_f1

HALF = 0.5
BY_WRITER = "reply acts, macro-F1, by writer"


@dataclass(frozen=True, slots=True)
class Told:
    """What was said of lines by networks and teachers that saw nothing by the line's writer.

    logits: [lines, OUTPUTS], of networks. guesses: [lines, ACTS], chances, of teachers. first: how
    many lines the first network and teacher were asked about; the others were the second's.
    """

    lines: Sequence[Example]
    logits: Floats
    guesses: Floats
    first: int

    def wholly_known(self) -> "Told":
        """Without lines of which some labels are unknown."""
        kept = np.array([not each.unknown for each in self.lines])
        lines = [each for each in self.lines if not each.unknown]
        first = int(kept[: self.first].sum())
        return Told(lines, self.logits[kept], self.guesses[kept], first)


def figures(of_all: Told, scales: Mapping[str, Scale]) -> dict[str, Any]:
    """Everything that stands in unseen.json."""
    told = of_all.wholly_known()
    lines, found = told.lines, chances(told.logits, scales)
    cuts = best_cuts(lines, found)
    answers = _by_cuts_of_the_others(lines, found, told.first)
    table = {name: round(each.value, 3) for name, each in held_back.table(lines, answers).items()}
    return {
        "lines": len(lines),
        "scenes": len({line.scene for line in lines}),
        **table,
        "best_f1_from": {act: round(cut, 4) for act, cut in cuts.items()},
        "f1": _by_act(lines, answers),
        "shown": _shown(lines, found, scales),
        BY_WRITER: _by_writer(lines, answers),
        "teachers": _of_teachers(lines, told.guesses),
    }


def _of_teachers(lines: Sequence[Example], found: Floats) -> dict[str, float]:
    """What needs no cut, of teachers that saw nothing by the line's writer."""
    answers = Answers(found, found >= HALF)
    measures = (held_back.mean_precision, held_back.paired)
    return {each.__name__: round(each(lines, answers).value, 3) for each in measures}


def _by_cuts_of_the_others(lines: Sequence[Example], found: Floats, first: int) -> Answers:
    """Cuts come from one half of the lines and are tried on the other."""
    both = (slice(None, first), slice(first, None))
    cuts = [best_cuts(lines[half], found[half]) for half in both]
    parts = [
        said_from(found[half], cut).said for half, cut in zip(both, reversed(cuts), strict=True)
    ]
    return Answers(found, np.concatenate(parts))


def _shown(
    lines: Sequence[Example], found: Floats, scales: Mapping[str, Scale]
) -> dict[str, float]:
    """By the thresholds that these same lines set, so a little better than on any others."""
    sure = [
        [scales[act].is_sure(chance) for act, chance in zip(ACTS, row, strict=True)]
        for row in found.tolist()
    ]
    shown = Answers(found, np.array(sure))
    found_as_shown = held_back.shown_reflections(lines, shown) | held_back.shown_warnings(
        lines, shown
    )
    return {name: round(each.value, 3) for name, each in found_as_shown.items()}


def _by_act(lines: Sequence[Example], answers: Answers) -> dict[str, float]:
    there = truth(lines)
    return {act: round(f1(there[:, at], answers.said[:, at]), 3) for at, act in enumerate(ACTS)}


def _by_writer(lines: Sequence[Example], answers: Answers) -> dict[str, float]:
    there = truth(lines, held_back.REPLY_ACTS)
    said = held_back.columns(answers, held_back.REPLY_ACTS)
    writers = np.array([line.writer for line in lines])
    return {
        writer: round(macro_f1(there[writers == writer], said[writers == writer]), 3)
        for writer in np.unique(writers).tolist()
    }
