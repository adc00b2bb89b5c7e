"""`python -m training.evaluate --data DIR`: every figure of the model card, beside its peers.

Reads the held-back lines, which nothing learned from and nothing was tuned on, and the public
sets. Prints the tables, writes them into nearer/cues/MODEL_CARD.md and the figures to
evaluation.json beside it, and adds a line to training/evaluations.jsonl: every look at the
held-back lines is on record there.
"""

import argparse
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nearer.cues.calibration import load_scales
from nearer.cues.reader import THRESHOLDS, WEIGHTS, Reader, reader_of
from training import card, explained, held_back, public_sets, speed
from training.answers import Answers, as_shown, said_from
from training.baselines import PEERS, by_regression, by_rules
from training.examples import Example, halves_of, held_back_examples, own_examples
from training.figures import Interval
from training.texts import DATA, HELD_BACK, held_back_lines
from training.train import BUILD, SEED, UNSEEN, folder_of
from training.unseen import BY_WRITER

RESULTS = WEIGHTS.parent / "evaluation.json"
LOG = Path(__file__).parent / "evaluations.jsonl"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--data", type=Path, required=True, help="folder of the public texts")
    given = asked.parse_args()
    check_kept_back()
    results = measured(given.data)
    text = json.dumps(results, indent=2, default=_plain)
    RESULTS.write_text(text + "\n", encoding="utf-8")
    card.write(json.loads(text))
    print(card.tables(json.loads(text)))  # noqa: T201 - a command


def measured(root: Path) -> dict[str, Any]:
    lines, reader = held_back_examples(), reader_of(WEIGHTS, THRESHOLDS)
    unseen = json.loads(UNSEEN.read_text(encoding="utf-8"))
    cuts = unseen["best_f1_from"]
    looked = {
        "weights_sha256": digest(WEIGHTS),
        "thresholds_sha256": digest(THRESHOLDS),
        "own": _own(lines, reader, cuts),
    }
    with LOG.open("a", encoding="utf-8") as log:
        log.write(json.dumps(looked, default=_plain) + "\n")
    return {
        **looked,
        "lines": len(lines),
        "other_seeds": {name: _of_seed(lines, name) for name in _other_seeds()},
        "peers": dict(_peers(lines)),
        "second_labeller": _second(lines),
        "writers": unseen[BY_WRITER],
        "annomi": public_sets.annomi(root, reader, cuts),
        "epitome": public_sets.epitome(root, reader, cuts),
        "goemotions": public_sets.goemotions(root, reader),
        "offmychest": public_sets.offmychest(root, reader),
        "speed": speed.measured([(each.line, each.message) for each in lines]),
    }


def _own(lines: Sequence[Example], reader: Reader, cuts: Mapping[str, float]) -> dict[str, Any]:
    shown = as_shown(list(reader.read_some([(each.line, each.message) for each in lines])))
    alone = as_shown(list(reader.read_some([(each.line, None) for each in lines])))
    likely = said_from(shown.chances, cuts)
    return {
        **held_back.table(lines, likely),
        "paired accuracy, twins": held_back.paired(lines, likely, frozenset({"twin_wrong"})),
        "paired accuracy, other false ones": held_back.paired(lines, likely, frozenset({"wrong"})),
        "paired accuracy without the message": held_back.paired(lines, alone),
        **held_back.shown_reflections(lines, shown),
        **held_back.shown_warnings(lines, shown),
        "marked words matter more than others": explained.by_deletion(lines, reader),
        "acts": held_back.per_act(lines, likely, shown, load_scales(THRESHOLDS)),
    }


def _of_seed(lines: Sequence[Example], name: str) -> dict[str, Interval]:
    folder = BUILD / name
    reader = reader_of(folder / WEIGHTS.name, folder / THRESHOLDS.name)
    cuts = json.loads((folder / UNSEEN.name).read_text(encoding="utf-8"))["best_f1_from"]
    shown = as_shown(list(reader.read_some([(each.line, each.message) for each in lines])))
    return {
        **held_back.table(lines, said_from(shown.chances, cuts)),
        **held_back.shown_reflections(lines, shown),
        **held_back.shown_warnings(lines, shown),
    }


def _other_seeds() -> list[str]:
    shipped = folder_of(SEED)
    found = (path.parent for path in BUILD.glob(f"seed-*/{WEIGHTS.name}"))
    return sorted(folder.name for folder in found if folder != shipped)


def _peers(lines: Sequence[Example]) -> Iterator[tuple[str, dict[str, Interval]]]:
    halves = halves_of(own_examples())
    yield "rules", held_back.table(lines, by_rules(lines))
    for name, features in PEERS.items():
        yield name, held_back.table(lines, by_regression(halves, lines, features))


def _second(lines: Sequence[Example]) -> dict[str, Interval]:
    """The labeller who saw only guide, message and line, against what was settled: the ceiling."""
    second = [line.labellings[1] for line in held_back_lines()]
    answers: Answers = held_back.of_labelling(lines, second)
    return {
        "reply acts, macro-F1": held_back.reply_acts(lines, answers),
        "talk acts, macro-F1": held_back.talk_acts(lines, answers),
    }


def check_kept_back() -> None:
    """Refuse to measure on anything but the file whose digest was written before training."""
    wanted = (DATA / "HELD_BACK.sha256").read_text(encoding="utf-8").split()[0]
    if digest(HELD_BACK) != wanted:
        raise SystemExit("held_back.jsonl is not the file that was kept back")


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _plain(interval: Interval) -> dict[str, float]:
    return {
        "value": round(interval.value, 3),
        "low": round(interval.low, 3),
        "high": round(interval.high, 3),
    }


if __name__ == "__main__":
    main()
