"""`python -m training.evaluate`: the shipped model on the frozen replies, beside its peers.

Prints tables, writes nearer/cues/evaluation.json, and adds a line to training/evaluations.jsonl:
every look at the frozen replies is on record there.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from nearer.cues import Cue, Reading, read
from nearer.cues.reader import THRESHOLDS, WEIGHTS
from nearer.cues.reading import REFLECTIONS
from training import figures, speed, yardsticks
from training.baselines import Answers, by_rules, by_words
from training.examples import (
    CUES,
    DATA,
    Example,
    frozen_examples,
    learned_examples,
    unseen_examples,
)
from training.train import SUMMARY

RESULTS = WEIGHTS.parent / "evaluation.json"
LOG = Path(__file__).parent / "evaluations.jsonl"
OURS, PEER = "ours", "tfidf"
NAMES = {
    OURS: "this model",
    PEER: "TF-IDF + LR, reply",
    "tfidf_with_message": "TF-IDF + LR, reply and message",
    "rules": "rules",
}


def main() -> None:
    check_frozen()
    learn, others, asked = learned_examples(), unseen_examples(), frozen_examples()
    check_apart([*learn, *others], asked)
    readings = [read(example.reply, example.message) for example in asked]
    answers = {
        OURS: ours(readings),
        PEER: by_words(learn, others, asked, with_message=False),
        "tfidf_with_message": by_words(learn, others, asked, with_message=True),
        "rules": by_rules(asked),
    }
    results = {
        "weights_sha256": digest(WEIGHTS),
        "thresholds_sha256": digest(THRESHOLDS),
        "replies": len(asked),
        "scenes": len({example.scene for example in asked}),
        "models": {name: overall(asked, answer) for name, answer in answers.items()},
        "ours_minus_tfidf": differences(asked, answers[OURS], answers[PEER]),
        "cues": {cue.value: of_cue(asked, answers, place) for place, cue in enumerate(CUES)},
        "shown": shown(asked, readings),
        "to_another_message": to_another_message(asked),
        "kinds_told_apart": kinds_told_apart(asked, answers[OURS]),
        "speed": speed.measured([(example.reply, example.message) for example in asked]),
        "yardsticks": yardsticks.measured(Path(os.environ["NEARER_TRAINING_DATA"])),
    }
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    with LOG.open("a", encoding="utf-8") as log:
        log.write(json.dumps({k: results[k] for k in ("weights_sha256", "models")}) + "\n")
    print(tables(results))  # noqa: T201 - a command


def check_frozen() -> None:
    """Refuse to measure on anything but the file whose digest was written before training."""
    wanted = (DATA / "FROZEN.sha256").read_text(encoding="utf-8").split()[0]
    if digest(DATA / "frozen.jsonl") != wanted:
        raise SystemExit("frozen.jsonl is not the file that was frozen")


def check_apart(learn: Sequence[Example], asked: Sequence[Example]) -> None:
    """No message and no longer reply may be in both parts."""
    seen = {plain(text) for row in learn for text in (row.message or "", row.reply)}
    both = [row.id for row in asked if plain(row.message or "") in seen]
    both += [row.id for row in asked if len(row.reply.split()) > 3 and plain(row.reply) in seen]
    if both:
        raise SystemExit(f"frozen replies that are in the training part too: {both}")


def ours(readings: Sequence[Reading]) -> Answers:
    stored = json.loads(SUMMARY.read_text(encoding="utf-8"))["best_f1_from"]
    scores = np.array([[reading.of(cue).probability for cue in CUES] for reading in readings])
    return Answers(scores, scores >= np.array([stored[cue] for cue in CUES]))


def overall(asked: Sequence[Example], answer: Answers) -> dict[str, Any]:
    table = figures.truth(asked)

    def ap(rows: np.ndarray[Any, Any]) -> float:
        return figures.macro_ap(table[rows], answer.scores[rows])

    def f1(rows: np.ndarray[Any, Any]) -> float:
        return figures.macro_f1(table[rows], answer.said[rows])

    return {
        "macro_ap": interval(figures.by_scene(asked, ap)),
        "macro_f1": interval(figures.by_scene(asked, f1)),
        "reflects_any_ap": round(
            figures.average_precision(figures.any_reflection(table), any_score(answer)),
            3,
        ),
    }


def differences(asked: Sequence[Example], mine: Answers, peer: Answers) -> dict[str, Any]:
    """Paired over the same bootstrap samples."""
    table = figures.truth(asked)

    def ap(rows: np.ndarray[Any, Any]) -> float:
        return figures.macro_ap(table[rows], mine.scores[rows]) - figures.macro_ap(
            table[rows], peer.scores[rows]
        )

    def f1(rows: np.ndarray[Any, Any]) -> float:
        return figures.macro_f1(table[rows], mine.said[rows]) - figures.macro_f1(
            table[rows], peer.said[rows]
        )

    return {
        "macro_ap": interval(figures.by_scene(asked, ap)),
        "macro_f1": interval(figures.by_scene(asked, f1)),
    }


def of_cue(asked: Sequence[Example], answers: dict[str, Answers], place: int) -> dict[str, Any]:
    is_there = figures.truth(asked)[:, place]
    found: dict[str, Any] = {"there": int(is_there.sum())}
    for name in (OURS, PEER, "rules"):
        answer = answers[name]
        found[f"{name}_ap"] = round(figures.average_precision(is_there, answer.scores[:, place]), 3)
        found[f"{name}_f1"] = round(figures.f1(is_there, answer.said[:, place]), 3)

    def ap(rows: np.ndarray[Any, Any]) -> float:
        return figures.average_precision(is_there[rows], answers[OURS].scores[rows, place])

    return found | {"ours_ap_interval": interval(figures.by_scene(asked, ap))}


def shown(asked: Sequence[Example], readings: Sequence[Reading]) -> dict[str, Any]:
    """Of what may be shown: how much is right, and how much of what is there is shown."""
    table = figures.truth(asked)
    columns = {
        cue.value: (table[:, place], np.array([r.of(cue).is_sure for r in readings]))
        for place, cue in enumerate(CUES)
        if cue not in REFLECTIONS
    }
    reflects = np.array([is_shown(reading) for reading in readings])
    columns = {"reflects": (figures.any_reflection(table), reflects), **columns}
    harsh = table[:, [CUES.index(Cue.JUDGES), CUES.index(Cue.MINIMISES)]].any(axis=1)
    harsh &= ~figures.any_reflection(table)
    return {
        "nothing": int(sum(not reading.sure for reading in readings)),
        "reflects_on_judging_or_minimising": [
            int((reflects & harsh).sum()),
            int(harsh.sum()),
        ],
        "cues": {
            name: {
                "shown": int(said.sum()),
                "precision": round(figures.precision(there, said), 3),
                "recall": round(figures.recall(there, said), 3),
            }
            for name, (there, said) in columns.items()
        },
    }


def kinds_told_apart(asked: Sequence[Example], answer: Answers) -> dict[str, Any]:
    """Among true reflections of one kind: how often the likelier kind is the right one."""
    simple, complex_ = (CUES.index(cue) for cue in REFLECTIONS)
    table = figures.truth(asked)
    one = table[:, simple] ^ table[:, complex_]
    right = (answer.scores[:, complex_] > answer.scores[:, simple]) == table[:, complex_]

    def part(rows: np.ndarray[Any, Any]) -> float:
        kept = rows[one[rows]]
        return float(right[kept].mean()) if len(kept) else 0.0

    return {
        "reflections": int(one.sum()),
        "right": interval(figures.by_scene(asked, part)),
    }


def to_another_message(asked: Sequence[Example]) -> dict[str, float]:
    """True reflections, given to the message they answer and to that of the next scene."""
    messages = list(dict.fromkeys(example.message for example in asked))
    following = dict(zip(messages, [*messages[1:], messages[0]], strict=True))
    reflections = [example for example in asked if example.labels.intersection(REFLECTIONS)]
    pairs = [
        (read(row.reply, row.message), read(row.reply, following[row.message]))
        for row in reflections
    ]
    return {
        "reflections": len(pairs),
        "own_message_likelier": share(chance(own) > chance(other) for own, other in pairs),
        "shown_for_own": share(is_shown(own) for own, _ in pairs),
        "shown_for_other": share(is_shown(other) for _, other in pairs),
    }


def chance(reading: Reading) -> float:
    return sum(reading.of(cue).probability for cue in REFLECTIONS)


def is_shown(reading: Reading) -> bool:
    return any(reading.of(cue).is_sure for cue in REFLECTIONS)


def share(answers: Iterable[bool]) -> float:
    return round(float(np.mean(list(answers))), 3)


def any_score(answer: Answers) -> figures.Floats:
    out: figures.Floats = answer.scores[:, [CUES.index(cue) for cue in REFLECTIONS]].max(axis=1)
    return out


def interval(found: figures.Interval) -> dict[str, float]:
    return {name: round(value, 3) for name, value in asdict(found).items()}


def plain(text: str) -> str:
    return " ".join(text.lower().split())


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def tables(results: dict[str, Any]) -> str:
    """The tables of MODEL_CARD.md, then everything else as it is."""
    named = {"models", "cues", "yardsticks"}
    rest = {name: value for name, value in results.items() if name not in named}
    parts = (models_table, cues_table, shown_table, yardsticks_table)
    return "\n\n".join([*(part(results) for part in parts), json.dumps(rest, indent=1)])


def models_table(results: dict[str, Any]) -> str:
    lines = ["| model | macro AP | macro F1 | reflects (any) AP |", "|---|---|---|---|"]
    for name, found in results["models"].items():
        ap, f1 = (ranged(found[measure]) for measure in ("macro_ap", "macro_f1"))
        lines.append(f"| {NAMES[name]} | {ap} | {f1} | {found['reflects_any_ap']:.2f} |")
    return "\n".join(lines)


def cues_table(results: dict[str, Any]) -> str:
    names = [f"{model}_{measure}" for measure in ("ap", "f1") for model in (OURS, PEER, "rules")]
    lines = [f"| cue | there | {' | '.join(names)} |", "|---" * (len(names) + 2) + "|"]
    for cue, found in results["cues"].items():
        values = " | ".join(f"{found[name]:.2f}" for name in names)
        lines.append(f"| {cue} | {found['there']} | {values} |")
    return "\n".join(lines)


def shown_table(results: dict[str, Any]) -> str:
    lines = ["| cue | shown | right | found |", "|---|---|---|---|"]
    for cue, found in results["shown"]["cues"].items():
        cells = (found["shown"], f"{found['precision']:.2f}", f"{found['recall']:.2f}")
        lines.append("| " + " | ".join(str(cell) for cell in (cue, *cells)) + " |")
    return "\n".join(lines)


def yardsticks_table(results: dict[str, Any]) -> str:
    lines = ["| check | turns | share | AP |", "|---|---|---|---|"]
    for check, found in results["yardsticks"].items():
        lines.append(f"| {check} | {found['turns']} | {found['share']:.2f} | {found['ap']:.2f} |")
    return "\n".join(lines)


def ranged(found: dict[str, float]) -> str:
    return f"{found['value']:.2f} [{found['low']:.2f}, {found['high']:.2f}]"


if __name__ == "__main__":
    main()
