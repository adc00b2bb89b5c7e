"""`python -m training.public ORIGINALS DATA`: the public texts as training and measuring read them.

ORIGINALS is a folder with the files as their authors publish them (README.md names the places):

    train.tsv, dev.tsv, emotions.txt                  GoEmotions
    labeled_training_set.csv                          OffMyChest
    AnnoMI-full.csv                                   AnnoMI, to measure on only
    emotional-reactions-reddit.csv, interpretations-reddit.csv, explorations-reddit.csv
                                                      EPITOME, to measure on only

DATA gets a folder for each, with train.jsonl and dev.jsonl. One row: id, source, group (never split
between the two), context (the message that is answered, or null), text, labels.
"""

import argparse
import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any
from zlib import crc32

Row = dict[str, Any]
TRAIN, DEV = "train", "dev"
FEW_WORDS = 4
"""A client's turn of fewer words ("Mm-hmm.") is read with what the client said before it."""
NOTHING = ("none", "other")
OF_A_BYTE = re.compile(r"<U\+00([0-9A-F]{2})>")
SUPPORT_LABELS = (
    "Emotional_disclosure",
    "Information_disclosure",
    "Support",
    "General_support",
    "Info_support",
    "Emo_support",
)
MECHANISMS = {
    "emotional_reaction": "emotional-reactions-reddit.csv",
    "interpretation": "interpretations-reddit.csv",
    "exploration": "explorations-reddit.csv",
}
ATTRIBUTES = {
    "reflection": ("reflection_exists", "reflection_subtype"),
    "question": ("question_exists", "question_subtype"),
    "input": ("therapist_input_exists", "therapist_input_subtype"),
}


def main() -> None:
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("originals", type=Path)
    asked.add_argument("data", type=Path)
    given = asked.parse_args()
    for source, rows in SOURCES.items():
        counts = write(given.data / source, rows(given.originals))
        print(source, dict(counts))  # noqa: T201 - a command


def write(folder: Path, rows: Iterable[tuple[str, Row]]) -> Counter[str]:
    """Each row into the file of its part; how many went where."""
    folder.mkdir(parents=True, exist_ok=True)
    counts: Counter[str] = Counter()
    with (
        (folder / f"{TRAIN}.jsonl").open("w", encoding="utf-8") as train,
        (folder / f"{DEV}.jsonl").open("w", encoding="utf-8") as dev,
    ):
        files = {TRAIN: train, DEV: dev}
        for part, row in rows:
            files[part].write(json.dumps(row, ensure_ascii=False) + "\n")
            counts[part] += 1
    return counts


def goemotions(originals: Path) -> Iterator[tuple[str, Row]]:
    """The official parts, with the names of the emotions in place of their numbers."""
    names = (originals / "emotions.txt").read_text(encoding="utf-8").split()
    for part in (TRAIN, DEV):
        for line in (originals / f"{part}.tsv").read_text(encoding="utf-8").splitlines():
            text, numbers, comment = line.split("\t")
            emotions = [names[int(number)] for number in numbers.split(",")]
            labels = {"emotions": emotions}
            yield part, _row(f"goemo-{comment}", "goemotions", comment, None, text, labels)


def offmychest(originals: Path) -> Iterator[tuple[str, Row]]:
    """Single sentences, each once; a tenth of the posts to measure on."""
    seen: set[str] = set()
    for found in _table(originals / "labeled_training_set.csv"):
        text = OF_A_BYTE.sub(_as_windows_wrote_it, found["full_text"])
        if text in seen:
            continue
        seen.add(text)
        labels = {label.lower(): int(found[label]) for label in SUPPORT_LABELS}
        row = _row(f"omc-{found['sentenceid']}", "offmychest", found["id"], None, text, labels)
        yield _part(found["id"]), row


def annomi(originals: Path) -> Iterator[tuple[str, Row]]:
    """Turns of therapists; where several people coded one, the most frequent label counts."""
    for _, rows in groupby(
        _table(originals / "AnnoMI-full.csv"), key=lambda found: found["transcript_id"]
    ):
        turns = _turns(rows)
        for place, codings in enumerate(turns):
            if codings[0]["interlocutor"] == "therapist":
                yield _part(codings[0]["video_url"]), _therapist_row(codings, turns[:place])


def epitome(originals: Path) -> Iterator[tuple[str, Row]]:
    """Replies on Reddit, three mechanisms from three files; the middle one of several codings."""
    levels: dict[tuple[str, str], dict[str, list[int]]] = {}
    texts: dict[tuple[str, str], dict[str, str]] = {}
    for mechanism, name in MECHANISMS.items():
        for found in _table(originals / name):
            key = (found["sp_id"], found["rp_id"])
            texts[key] = found
            levels.setdefault(key, {}).setdefault(mechanism, []).append(int(found["level"]))
    for (post, reply), found in texts.items():
        labels = {each: _middle(levels[post, reply].get(each, [0])) for each in MECHANISMS}
        yield (
            _part(post),
            _row(
                f"epitome-{post}-{reply}",
                "epitome",
                post,
                found["seeker_post"],
                found["response_post"],
                labels,
            ),
        )


SOURCES: Mapping[str, Callable[[Path], Iterator[tuple[str, Row]]]] = {
    "goemotions": goemotions,
    "offmychest": offmychest,
    "annomi": annomi,
    "epitome": epitome,
}


def _turns(rows: Iterable[Mapping[str, str]]) -> list[list[Mapping[str, str]]]:
    """The codings of each turn, in the order of the talk."""
    turns: dict[int, list[Mapping[str, str]]] = {}
    for found in rows:
        turns.setdefault(int(found["utterance_id"]), []).append(found)
    return [turns[number] for number in sorted(turns)]


def _therapist_row(
    codings: Sequence[Mapping[str, str]], before: Sequence[Sequence[Mapping[str, str]]]
) -> Row:
    first = codings[0]
    labels = {name: _most(_labels(codings, *columns)) for name, columns in ATTRIBUTES.items()}
    labels["main"] = _most(coding["main_therapist_behaviour"] for coding in codings)
    session, turn = f"t{int(first['transcript_id']):03d}", int(first["utterance_id"])
    row = _row(
        f"annomi-{first['transcript_id']}-{turn}",
        "annomi",
        first["video_url"],
        _said_before(
            [turn[0]["utterance_text"] for turn in before if turn[0]["interlocutor"] == "client"]
        ),
        first["utterance_text"],
        labels,
    )
    return row | {"session": session, "mi_quality": first["mi_quality"], "turn": turn}


def _labels(codings: Sequence[Mapping[str, str]], exists: str, subtype: str) -> Iterator[str]:
    for coding in codings:
        yield coding[subtype] if coding[exists] == "True" else NOTHING[0]


def _most(labels: Iterable[str]) -> str:
    """The most frequent; of equals, one that says something."""
    counts = Counter(labels)
    return max(counts, key=lambda label: (counts[label], label not in NOTHING, label))


def _middle(levels: Sequence[int]) -> int:
    return sorted(levels)[len(levels) // 2]


def _said_before(texts: Sequence[str]) -> str | None:
    if not texts:
        return None
    last = texts[-1]
    return " ... ".join(texts[-2:]) if len(last.split()) < FEW_WORDS else last


def _row(
    name: str, source: str, group: str, context: str | None, text: str, labels: Mapping[str, Any]
) -> Row:
    return {
        "id": name,
        "source": source,
        "group": group,
        "context": context,
        "text": text,
        "labels": dict(labels),
    }


def _part(group: str) -> str:
    # Salted: `examples` takes a tenth of the rest by the digest of the group alone.
    return DEV if crc32(f"part of {group}".encode()) % 10 == 0 else TRAIN


def _table(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as opened:
        yield from csv.DictReader(opened)


def _as_windows_wrote_it(match: re.Match[str]) -> str:
    return bytes([int(match[1], 16)]).decode("cp1252", errors="replace")


if __name__ == "__main__":
    main()
