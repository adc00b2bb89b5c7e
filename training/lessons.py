"""What the network is asked to learn from each stage's texts."""

import random
from collections.abc import Iterable, Sequence

from torch import Tensor
from torch.nn import functional

from nearer.cues.calibration import COMPLEX, OUTPUTS, REFLECTS
from nearer.cues.pieces import Cutter
from nearer.cues.reading import REFLECTIONS, Cue
from training.examples import Example
from training.fit import Case

# Chances per reply and pass, tried on training folds only (README.md).
WRONG_MESSAGE, NO_MESSAGE, NO_QUESTION_MARK = 0.10, 0.05, 0.05
WRONG_CANDIDATES = 12  # of so many other messages, the one that shares most words is taken
# A reply to a message it was not meant for can not be told to validate, minimise or judge.
REFLECTING = frozenset(REFLECTIONS)
TIED_TO_MESSAGE = frozenset({Cue.VALIDATES, Cue.MINIMISES, Cue.JUDGES})


def targets_of(example: Example) -> list[float]:
    """One number per output; `COMPLEX` means nothing where nothing is reflected."""
    kinds = example.labels.intersection(REFLECTIONS)
    values = {output: float(output in example.labels) for output in OUTPUTS}
    values[REFLECTS] = float(bool(kinds))
    values[COMPLEX] = (Cue.REFLECTS_COMPLEX in kinds) / max(1, len(kinds))
    return [values[output] for output in OUTPUTS]


def weights_of(example: Example) -> list[float]:
    """Zero where an output has no answer."""
    reflects = bool(example.labels.intersection(REFLECTIONS))
    return [float(reflects or output != COMPLEX) for output in OUTPUTS]


class OwnLesson:
    """Our own replies, some of them changed anew in each pass.

    Each reflection comes twice: to its message, and to one that it does not fit. Whether it fits is
    the hardest thing to learn.
    """

    def __init__(self, cutter: Cutter, examples: Sequence[Example], seed: int) -> None:
        self._cutter, self._examples, self._seed = cutter, examples, seed

    def cases_of_pass(self, number: int) -> list[Case]:
        chance = random.Random(self._seed * 1000 + number)  # noqa: S311 - no secret
        cases = [self._case(example, chance) for example in self._examples]
        reflections = (row for row in self._examples if row.labels & REFLECTING)
        return cases + [self._twin(example, chance) for example in reflections]

    def _case(self, example: Example, chance: random.Random) -> Case:
        targets, weights = targets_of(example), weights_of(example)
        message, reply, draw = example.message, example.reply, chance.random()
        wrong = 0.0 if example.labels & REFLECTING else WRONG_MESSAGE
        if draw < wrong:
            message = self._wrong_message(example, chance)
            targets, weights = _of_wrong_message(targets, weights)
        elif draw < wrong + NO_MESSAGE:
            message = None
        elif draw < wrong + NO_MESSAGE + NO_QUESTION_MARK:
            reply = reply.rstrip("?") or reply
        return Case(next(self._cutter.windows(reply, message)), targets, weights)

    def _twin(self, example: Example, chance: random.Random) -> Case:
        """The same reflection, given to a message that it does not fit."""
        targets, weights = _of_wrong_message(targets_of(example), weights_of(example))
        message = self._wrong_message(example, chance)
        return Case(next(self._cutter.windows(example.reply, message)), targets, weights)

    def _wrong_message(self, example: Example, chance: random.Random) -> str | None:
        others = (chance.choice(self._examples) for _ in range(WRONG_CANDIDATES))
        said = set(example.reply.lower().split())
        return max(
            (other.message or "" for other in others if other.scene != example.scene),
            key=lambda message: len(said.intersection(message.lower().split())),
        )


def public_cases(cutter: Cutter, sources: Sequence[Sequence[Example]]) -> list[Case]:
    """Public texts with the labels of their own source; those of the other are unknown."""
    own = [sorted({label for example in source for label in example.labels}) for source in sources]
    return [
        Case(
            next(cutter.windows(example.reply, None)),
            [float(label in example.labels) for labels in own for label in labels],
            [float(labels is own[place]) for labels in own for label in labels],
        )
        for place, source in enumerate(sources)
        for example in source
    ]


def loss_of(scores: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """Cross-entropy per known answer, summed over outputs, mean over replies."""
    losses = functional.binary_cross_entropy_with_logits(scores, targets, weights, reduction="sum")
    out: Tensor = losses / len(scores)
    return out


def label_count(sources: Iterable[Sequence[Example]]) -> int:
    return len({label for source in sources for example in source for label in example.labels})


def _of_wrong_message(
    targets: list[float], weights: list[float]
) -> tuple[list[float], list[float]]:
    known = dict(zip(OUTPUTS, weights, strict=True)) | dict.fromkeys((*TIED_TO_MESSAGE, COMPLEX), 0)
    fitting = [0.0 if o == REFLECTS else t for o, t in zip(OUTPUTS, targets, strict=True)]
    return fitting, [float(known[output]) for output in OUTPUTS]
