"""The texts the model learns from and is measured on, all in one shape."""

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zlib import crc32

from nearer.cues.reading import REFLECTIONS, Cue
from training.texts import DATA, Line, held_back_lines, training_lines

EMOTIONS, SUPPORT = "goemotions", "offmychest"
LABELS = DATA / "public_labels.jsonl"
# What a line says back, and how, cannot be told without what it answers.
UNKNOWN_ALONE = frozenset({*REFLECTIONS, Cue.VALIDATES, Cue.MINIMISES, Cue.JUDGES})


@dataclass(frozen=True, slots=True)
class Example:
    """One line; `scene` is what may never be split between learning and measuring.

    writer: who wrote it; each wrote scenes of their own. For public texts, the source.
    kind: of hard line (GUIDE.md), empty for the others.
    session, quality: of a talk with a therapist (AnnoMI), empty elsewhere.
    unknown: labels that nobody could give, because what the line answers was not there to read.
    """

    id: str
    writer: str
    scene: str
    message: str | None
    line: str
    kind: str
    labels: frozenset[str]
    session: str = ""
    quality: str = ""
    unknown: frozenset[str] = frozenset()


def own_examples() -> list[Example]:
    """Everything we wrote to train on (lines_*.jsonl)."""
    return [_own(line) for line in training_lines()]


def labelled_examples(public: Sequence[Example]) -> list[Example]:
    """Public lines that we labelled ourselves (public_labels.jsonl has ids and labels, no text), by
    two writers in the eyes of `halves_of`.
    """
    by_id = {each.id: each for each in public}
    with LABELS.open(encoding="utf-8") as rows:
        told = {row["id"]: frozenset(row["labels"]) for row in map(json.loads, rows)}
    return [
        replace(
            by_id[name],
            writer=f"public {crc32(name.encode()) % 2}",
            labels=labels,
            unknown=UNKNOWN_ALONE,
        )
        for name, labels in told.items()
        if name in by_id
    ]


def halves_of(lines: Sequence[Example]) -> list[list[Example]]:
    """Every second writer: whoever uses Nearer writes like nobody the network has seen."""
    writers = sorted({each.writer for each in lines})
    return [[each for each in lines if each.writer in writers[at::2]] for at in range(2)]


def held_back_examples() -> list[Example]:
    """The lines set aside before training; only `training.evaluate` may read them."""
    return [_own(line) for line in held_back_lines()]


def public_examples(root: Path, source: str, part: str = "train") -> list[Example]:
    """`goemotions` or `offmychest` (or a yardstick), labels as `name:value`."""
    path = root / source / f"{part}.jsonl"
    packed = path.with_name(f"{path.name}.gz")
    open_text = gzip.open if packed.exists() else open
    with open_text(packed if packed.exists() else path, "rt", encoding="utf-8") as rows:
        return [_public(json.loads(row)) for row in rows]


def learned_part(root: Path, source: str) -> list[Example]:
    """Nine tenths of a public training part."""
    return [each for each in public_examples(root, source) if not _is_kept(each.scene)]


def cuts_part(root: Path, source: str) -> list[Example]:
    """The tenth that is not learned from: it tells from which chance to say yes."""
    return [each for each in public_examples(root, source) if _is_kept(each.scene)]


def yardstick_examples(root: Path, source: str) -> list[Example]:
    """Training and dev part of `annomi` or `epitome`, never trained on."""
    return [row for part in ("train", "dev") for row in public_examples(root, source, part)]


def _is_kept(scene: str) -> bool:
    return crc32(scene.encode()) % 10 == 0


def _own(line: Line) -> Example:
    return Example(
        line.id, line.writer, line.scene, line.message, line.line, line.kind, line.labels
    )


def _public(row: dict[str, Any]) -> Example:
    labels = frozenset(_public_labels(row["labels"]))
    return Example(
        row["id"],
        row["source"],
        row["group"],
        row["context"],
        row["text"],
        "",
        labels,
        row.get("session", ""),
        row.get("mi_quality", ""),
    )


def _public_labels(labels: dict[str, Any]) -> Iterator[str]:
    for name, value in labels.items():
        if isinstance(value, list):
            yield from (f"{name}:{one}" for one in value)
        elif value not in (0, None):
            yield f"{name}:{value}"
