"""Lines and messages that nobody labelled, for a teacher to say what they do."""

import random
from collections.abc import Iterator, Sequence

from nearer.cues.reader import Pair
from nearer.cues.reading import REFLECTIONS
from training.examples import Example
from training.lessons import other_message

OTHER_MESSAGES = 2
"""For a reflection; every fourth other line gets one."""
SHORT_WORDS = 12


def unlabelled(
    own: Sequence[Example], public: Sequence[Example], seed: int, *, joined: int, of_public: int
) -> list[Pair]:
    """In random order: our lines under other messages, alone, and joined; public lines."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    found = [
        *_moved(own, chance),
        *_joined(own, joined, chance),
        *_public(own, public, of_public, chance),
    ]
    chance.shuffle(found)
    return found


def _moved(own: Sequence[Example], chance: random.Random) -> Iterator[Pair]:
    said = [each for each in own if each.message]
    for each in said:
        reflects = not each.labels.isdisjoint(REFLECTIONS)
        for _ in range(OTHER_MESSAGES if reflects else chance.random() < 1 / 4):
            yield each.line, other_message(each, said, chance)
        if chance.random() < 1 / 3:
            yield each.line, None


def _joined(own: Sequence[Example], count: int, chance: random.Random) -> Iterator[Pair]:
    """Two short lines one after the other, to the message of one of them."""
    short = [each for each in own if len(each.line.split()) <= SHORT_WORDS]
    for _ in range(count):
        one, other = chance.choice(short), chance.choice(short)
        first, last = (one, other) if chance.random() < 1 / 2 else (other, one)
        stop = "" if first.line.rstrip()[-1] in ".?!" else "."
        yield f"{first.line.rstrip()}{stop} {last.line}", one.message


def _public(
    own: Sequence[Example], public: Sequence[Example], count: int, chance: random.Random
) -> Iterator[Pair]:
    """Half of them as if they had been said to one of our messages."""
    messages = [each.message for each in own if each.message]
    for each in chance.sample(public, min(count, len(public))):
        yield each.line, chance.choice(messages) if chance.random() < 1 / 2 else None
