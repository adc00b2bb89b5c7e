"""`python -m training.texts`: what our lines are like, and how far two labellings of them agree.

Prints counts, agreement per label, near-copies, and how varied the words are. With
NEARER_TRAINING_DATA set, variety is printed for the public texts too.
"""

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
HELD_BACK = DATA / "held_back.jsonl"
REFLECTS = "reflects"
LABELS = (
    "reflects_simple",
    "reflects_complex",
    "validates",
    "asks_open",
    "asks_closed",
    "advises",
    "turns_to_self",
    "discloses",
    "minimises",
    "judges",
    "thanks",
    "praises",
    "owns_part",
    "repairs",
    "gentle_start",
    "criticises",
    "contempt",
    "defends",
    "shuts_down",
)
WORD = re.compile(r"[\w']+")
SHINGLE = 5
"""Letters in a row that two texts are compared by."""
NEAR_COPY = 0.6
"""Shared part of shingles (Jaccard) from which two lines count as near-copies."""
COMPARED_FROM_WORDS = 5
"""Shorter lines are what people really say over and over: "on my way"."""
WINDOW = 1000
"""Words over which the share of different ones is taken (moving-average type-token ratio, Covington
and McFall 2010): it does not depend on how much text there is."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line, see GUIDE.md.

    message: what it answers; None where nothing was said before.
    labels: settled. labellings: each made without sight of the others, the writer's own first.
    """

    id: str
    writer: str
    scene: str
    bond: str
    message: str | None
    line: str
    kind: str
    labels: frozenset[str]
    labellings: tuple[frozenset[str], ...]


def lines_of(path: Path) -> list[Line]:
    with path.open(encoding="utf-8") as rows:
        return [_line(json.loads(row)) for row in rows]


def training_lines() -> list[Line]:
    """What may be learned from."""
    return [line for path in sorted(DATA.glob("lines_*.jsonl")) for line in lines_of(path)]


def held_back_lines() -> list[Line]:
    """What may only be measured on."""
    return lines_of(HELD_BACK)


def agreement(labellings: Sequence[tuple[bool, ...]]) -> float:
    """Krippendorff's alpha for a label that is there or not, any number of labellers.

    Source: Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", nominal data. 1 is
    full agreement, 0 what chance would give. Raises ZeroDivisionError where the label never varies.
    """
    values = [value for unit in labellings for value in unit]
    there, total = sum(values), len(values)
    expected = 2 * there * (total - there) / (total - 1)
    observed = sum(_disagreement(unit) for unit in labellings)
    return 1 - observed / expected


def near_copies(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Places of texts that share most of their letters."""
    long = [
        (place, _shingles(text))
        for place, text in enumerate(texts)
        if len(WORD.findall(text)) >= COMPARED_FROM_WORDS
    ]
    by_shingle: dict[str, list[int]] = {}
    for place, (_, shingles) in enumerate(long):
        for shingle in shingles:
            by_shingle.setdefault(shingle, []).append(place)
    shared = Counter(
        pair
        for places in by_shingle.values()
        if len(places) < 60
        for pair in combinations(places, 2)
    )
    for (one, other), count in shared.items():
        if count / (len(long[one][1]) + len(long[other][1]) - count) >= NEAR_COPY:
            yield long[one][0], long[other][0]


def variety(texts: Iterable[str]) -> float:
    """Mean share of different words in stretches of WINDOW words."""
    words = [word for text in texts for word in WORD.findall(text.lower())]
    starts = range(0, max(1, len(words) - WINDOW), WINDOW)
    parts = [len(set(words[start : start + WINDOW])) / WINDOW for start in starts]
    return sum(parts) / len(parts)


def openings(texts: Sequence[str]) -> float:
    """Share of texts that begin with one of the twenty most common pairs of words."""
    firsts = Counter(" ".join(WORD.findall(text.lower())[:2]) for text in texts)
    return sum(count for _, count in firsts.most_common(20)) / len(texts)


def has(label: str) -> Callable[[frozenset[str]], bool]:
    """Whether a labelling holds it; `reflects` stands for both kinds."""
    if label == REFLECTS:
        return lambda labels: any(each.startswith(REFLECTS) for each in labels)
    return lambda labels: label in labels


def main() -> None:
    for name, lines in (("training", training_lines()), ("held back", held_back_lines())):
        print("\n".join(report(name, lines)))  # noqa: T201 - a command
    root = os.environ.get("NEARER_TRAINING_DATA")
    if root:
        print("\n".join(public_report(Path(root))))  # noqa: T201 - a command


def report(name: str, lines: Sequence[Line]) -> Iterator[str]:
    messages = {line.message for line in lines if line.message}
    scenes, texts = {line.scene for line in lines}, [line.line for line in lines]
    yield f"\n## {name}: {len(lines)} lines to {len(messages)} messages in {len(scenes)} scenes\n"
    yield f"bonds {dict(Counter(line.bond for line in lines))}"
    yield f"writers {dict(Counter(line.writer for line in lines))}"
    yield f"hard lines {dict(Counter(line.kind for line in lines if line.kind))}"
    yield f"near-copies between scenes {sum(1 for _ in copies_between_scenes(lines))}"
    yield f"{variety_of(texts)}\n"
    yield "| label | lines | alpha |"
    yield "|---|---|---|"
    for label in (REFLECTS, *LABELS):
        asked = has(label)
        twice = [tuple(map(asked, line.labellings)) for line in lines if len(line.labellings) > 1]
        yield f"| {label} | {sum(asked(line.labels) for line in lines)} | {agreement(twice):.3f} |"


def variety_of(texts: Sequence[str]) -> str:
    return (
        f"different words in {WINDOW} {variety(texts):.3f}, common openings {openings(texts):.3f}"
    )


def copies_between_scenes(lines: Sequence[Line]) -> Iterator[tuple[Line, Line]]:
    for one, other in near_copies([line.line for line in lines]):
        if lines[one].scene != lines[other].scene:
            yield lines[one], lines[other]


def public_report(root: Path) -> Iterator[str]:
    yield "\n## public texts\n"
    for source in ("annomi", "epitome"):
        with (root / source / "train.jsonl").open(encoding="utf-8") as rows:
            texts = [json.loads(row)["text"] for row in rows]
        yield f"{source}: {variety_of(texts)}"


def _line(row: dict[str, Any]) -> Line:
    made = [
        frozenset(row[name]) for name in ("first", "second", "third") if row.get(name) is not None
    ]
    return Line(
        id=row["id"],
        writer=row["writer"],
        scene=row["scene"],
        bond=row["bond"],
        message=row["message"],
        line=row["line"],
        kind=row["kind"],
        labels=frozenset(row["labels"]),
        labellings=tuple(made),
    )


def _disagreement(unit: tuple[bool, ...]) -> float:
    there = sum(unit)
    return 2 * there * (len(unit) - there) / (len(unit) - 1)


def _shingles(text: str) -> frozenset[str]:
    plain = " ".join(WORD.findall(text.lower()))
    return frozenset(plain[at : at + SHINGLE] for at in range(len(plain) - SHINGLE + 1))


if __name__ == "__main__":
    main()
