"""What is to be learned from each text: one number per output, and whether it is known."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from torch import Tensor

from nearer.cues.calibration import COMPLEX, OUTPUTS, REFLECTS
from nearer.cues.reading import REFLECTIONS, Cue
from training.examples import EMOTIONS, Example
from training.swaps import variants

REFLECTING = frozenset(REFLECTIONS)
# A line under a message it was not meant for cannot be told to validate, minimise or judge.
TIED_TO_MESSAGE = frozenset({Cue.VALIDATES, Cue.MINIMISES, Cue.JUDGES})
EMOTIONS_OF_PUBLIC = (
    "admiration amusement anger annoyance approval caring confusion curiosity desire"
    " disappointment disapproval disgust embarrassment excitement fear gratitude grief joy"
    " love nervousness neutral optimism pride realization relief remorse sadness surprise"
)
ALSO = (
    *(f"emotions:{emotion}" for emotion in EMOTIONS_OF_PUBLIC.split()),
    "emotional_disclosure:1",
    "information_disclosure:1",
    "emo_support:1",
    "info_support:1",
)
"""Labels of GoEmotions and OffMyChest, learned beside our own and only ever measured."""
EVERY = (*OUTPUTS, *ALSO)
EMOTIONS_FROM, SUPPORT_FROM = len(OUTPUTS), len(OUTPUTS) + 28
CANDIDATES = 12
"""Of so many other messages, the one that shares most words is taken."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A line, the message it is said to, and what should be read from it.

    targets: 0 to 1, one per output in `EVERY`. weights: 0 where the answer is not known.
    """

    line: str
    message: str | None
    targets: list[float]
    weights: list[float]


def own(examples: Sequence[Example]) -> list[Lesson]:
    """Our own lines, each with the message it was written to."""
    return [_lesson(each, each.message) for each in examples]


def misplaced(examples: Sequence[Example], chance: random.Random) -> Iterator[Lesson]:
    """Each reflection under another message that shares words with it: there it is none.

    Whether a reflection fits is the hardest thing to learn.
    """
    said = [each for each in examples if each.message]
    for each in said:
        if each.labels & REFLECTING:
            yield _misplaced(each, other_message(each, said, chance))


def with_other_words(examples: Sequence[Example], chance: random.Random) -> Iterator[Lesson]:
    """Reflections in which one word was exchanged, on one side (then it is none) or on both."""
    for each in examples:
        if each.message and each.labels & REFLECTING:
            for line, message, is_true in variants(each.line, each.message, chance, most=1):
                changed = replace(each, line=line)
                yield _lesson(changed, message) if is_true else _misplaced(changed, message)


def guessed(pairs: Sequence[tuple[str, str | None]], chances: Tensor) -> list[Lesson]:
    """What a teacher says about lines that nobody labelled. chances: [pairs, OUTPUTS]."""
    reflects, known = OUTPUTS.index(REFLECTS), [float(output != COMPLEX) for output in OUTPUTS]
    return [
        _padded(line, message, said, _with(known, COMPLEX, said[reflects]))
        for (line, message), said in zip(pairs, chances.tolist(), strict=True)
    ]


def of_public(examples: Sequence[Example]) -> list[Lesson]:
    """Public lines with the labels of their own source; those of the other are unknown."""
    return [
        Lesson(
            each.line,
            each.message,
            [float(label in each.labels) for label in EVERY],
            _known(each.writer),
        )
        for each in examples
    ]


def targets_of(example: Example) -> list[float]:
    """One number per output; `COMPLEX` means nothing where nothing is reflected."""
    kinds = example.labels & REFLECTING
    values = {output: float(output in example.labels) for output in OUTPUTS}
    values[REFLECTS] = float(bool(kinds))
    values[COMPLEX] = float(Cue.REFLECTS_COMPLEX in kinds)
    return [values[output] for output in OUTPUTS]


def weights_of(example: Example) -> list[float]:
    """Zero where an output has no answer."""
    unknown = set(example.unknown)
    if not example.labels & REFLECTING:
        unknown.add(COMPLEX)
    if not unknown.isdisjoint(REFLECTING):
        unknown |= {REFLECTS, COMPLEX}
    return [float(output not in unknown) for output in OUTPUTS]


def _known(source: str) -> list[float]:
    of_emotions = source == EMOTIONS
    return [
        float(at >= EMOTIONS_FROM and (at < SUPPORT_FROM) == of_emotions)
        for at in range(len(EVERY))
    ]


def _with(known: list[float], output: str, weight: float) -> list[float]:
    return [weight if each == output else kept for each, kept in zip(OUTPUTS, known, strict=True)]


def _lesson(example: Example, message: str | None) -> Lesson:
    return _padded(example.line, message, targets_of(example), weights_of(example))


def _padded(line: str, message: str | None, targets: list[float], weights: list[float]) -> Lesson:
    unknown = [0.0] * len(ALSO)
    return Lesson(line, message, [*targets, *unknown], [*weights, *unknown])


def _misplaced(example: Example, message: str) -> Lesson:
    targets = dict(zip(OUTPUTS, targets_of(example), strict=True)) | {REFLECTS: 0.0}
    unknown = {*TIED_TO_MESSAGE, COMPLEX}
    weights = [float(output not in unknown) for output in OUTPUTS]
    return _padded(example.line, message, [targets[output] for output in OUTPUTS], weights)


def other_message(example: Example, said: Sequence[Example], chance: random.Random) -> str:
    others = [each for each in chance.sample(said, CANDIDATES) if each.scene != example.scene]
    words = set(f"{example.line} {example.message}".lower().split())
    messages = [each.message or "" for each in others]
    return max(messages, key=lambda message: len(words.intersection(message.lower().split())))
