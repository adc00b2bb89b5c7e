"""The texts the model learns from: our own replies, and the public data that may train it."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nearer.cues.reading import Cue
from training.texts import DATA, Line, training_lines

CUES = tuple(Cue)
LEARNED = "bcegi"
"""Writers by their letters. The other half tells from where a finding may be shown."""


@dataclass(frozen=True, slots=True)
class Example:
    """One reply; `scene` is what may never be split between learning and measuring.

    writer: who wrote it; each wrote scenes of their own. For public texts, the source.
    """

    id: str
    writer: str
    scene: str
    message: str | None
    reply: str
    labels: frozenset[str]


def own_examples() -> list[Example]:
    """Everything we wrote to train on (lines_*.jsonl), with the labels that the network has."""
    return [_own(line) for line in training_lines()]


def learned_examples() -> list[Example]:
    """Lines of the writers that the network learns from."""
    return [example for example in own_examples() if example.writer in LEARNED]


def unseen_examples() -> list[Example]:
    """Lines of the other writers: whoever uses Nearer writes like nobody the network has seen."""
    return [example for example in own_examples() if example.writer not in LEARNED]


def frozen_examples() -> list[Example]:
    """The replies set aside before training; only `training.evaluate` may read them."""
    return list(_frozen(DATA / "frozen.jsonl"))


def public_examples(root: Path, source: str) -> list[Example]:
    """Training part of `goemotions` or `offmychest`; labels as `source:label`."""
    with gzip.open(root / source / "train.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [_public(json.loads(line)) for line in lines]


def yardstick_examples(root: Path, source: str) -> list[Example]:
    """Training and dev part of `annomi` or `epitome`, never trained on; labels `name:value`."""
    paths = [root / source / f"{part}.jsonl" for part in ("train", "dev")]
    return [_public(row) for path in paths for row in _json_lines(path)]


def _own(line: Line) -> Example:
    labels = line.labels.intersection(CUES)
    return Example(line.id, line.writer, line.scene, line.message, line.line, labels)


def _frozen(path: Path) -> Iterator[Example]:
    for row in _json_lines(path):
        labels = frozenset(Cue(label).value for label in row["labels"])
        yield Example(row["id"], row["writer"], row["scene"], row["context"], row["reply"], labels)


def _public(row: dict[str, Any]) -> Example:
    labels = frozenset(_public_labels(row["labels"]))
    return Example(row["id"], row["source"], row["group"], row["context"], row["text"], labels)


def _public_labels(labels: dict[str, Any]) -> Iterator[str]:
    for name, value in labels.items():
        if isinstance(value, list):
            yield from (f"{name}:{one}" for one in value)
        elif value != 0:
            yield f"{name}:{value}"


def _json_lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
