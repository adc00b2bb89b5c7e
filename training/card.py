"""The tables of nearer/cues/MODEL_CARD.md, out of what `training.evaluate` measured."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any

from nearer.cues.reader import FOLDER

CARD = FOLDER / "MODEL_CARD.md"
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->"
PEERS = {
    "tfidf": "TF-IDF",
    "tfidf_with_message": "TF-IDF, both",
    "vader": "VADER",
    "rules": "rules",
}
OWN_BARS = {
    "reply acts, macro-F1": "≥ .88",
    "talk acts, macro-F1": "≥ .80",
    "all acts, macro-AP": "",
    "paired accuracy": "≥ .85",
    "paired accuracy, twins": "",
    "paired accuracy, other false ones": "",
    "paired accuracy without the message": "about .5",
    "reflections as shown, precision among all lines": "",
    "reflections as shown, precision among reflections and hard lines": "≥ .95",
    "reflections as shown, precision among lines but reflections of something else": "",
    "reflections as shown, recall": "≥ .60",
    "warnings as shown, precision": "≥ .90",
    "false alarms on neutral and kind lines": "≤ .02",
    "marked words matter more than others": "≥ .80",
}
PUBLIC_BARS = {
    ("annomi", "asks, three classes, macro-F1"): "≥ .80",
    ("annomi", "reflects at all, F1"): "≥ .70",
    ("annomi", "sessions by shown reflections, AUC"): "≥ .85",
    ("epitome", "emotional reaction, F1"): "≥ .70",
    ("epitome", "interpretation, F1"): "≥ .75",
    ("epitome", "exploration, F1"): "≥ .05 above the rule",
    ("epitome", "exploration, rule: a question mark, F1"): "",
    ("goemotions", "28 emotions, macro-F1"): "≥ .50",
    ("goemotions", "gratitude, F1"): "≥ .92",
    ("goemotions", "love, F1"): "≥ .82",
}
SPEED_BARS = {
    "load_and_first_reading_s": ("first reading after, s", "≤ 0.3"),
    "median_ms": ("a line with its words marked, median, ms", "≤ 1"),
    "p95_ms": ("the same, 95th percentile, ms", ""),
    "lines_per_cpu_second": ("lines a CPU second in bulk", "≥ 3000"),
    "rss_mib": ("memory of the whole process, MiB", "≤ 120"),
    "weights_mb": ("weights, MB", "≤ 10"),
}

Results = Mapping[str, Any]


def write(results: Results) -> None:
    """Put the tables into the card, between its two marks."""
    card = CARD.read_text(encoding="utf-8")
    before, rest = card.split(BEGIN)
    _, after = rest.split(END)
    CARD.write_text(f"{before}{BEGIN}{tables(results)}{END}{after}", encoding="utf-8")


def tables(results: Results) -> str:
    parts = (_own(results), _acts(results), _public(results), _speed(results))
    return "\n".join("\n".join(part) + "\n" for part in parts)


def _own(results: Results) -> Iterator[str]:
    yield f"On the {results['lines']} lines held back; 95 % intervals, scenes drawn anew:\n"
    seeds = results["other_seeds"]
    yield from _head(["what", "bar", "this model", *map(_seed, seeds), *PEERS.values()])
    for name, bar in OWN_BARS.items():
        others = [_short(found.get(name)) for found in seeds.values()]
        peers = [_short(results["peers"][peer].get(name)) for peer in PEERS]
        yield _row([name, bar, _ranged(results["own"][name]), *others, *peers])
    for name, found in results["second_labeller"].items():
        yield _row(
            [f"a second labeller: {name}", "", _ranged(found), *[""] * len(seeds), *[""] * 4]
        )
    yield ""
    yield _writers(list(results["writers"].values()))


def _writers(found: Sequence[float]) -> str:
    return (
        f"Writers left out: on each of {len(found)} writers, read by a network that learned from"
        " none of their lines (half of the writers are left out at a time, `training/unseen.json`),"
        f" macro-F1 over reply acts was {min(found):.2f} to {max(found):.2f}, in the middle"
        f" {median(found):.2f}."
    )


def _acts(results: Results) -> Iterator[str]:
    yield from _head(
        [
            "act",
            "lines",
            "AP",
            "F1",
            "ECE",
            "ECE of likely",
            "precision as shown",
            "recall as shown",
        ]
    )
    for act, found in results["own"]["acts"].items():
        yield _row([act, *(_short(value) for value in found.values())])


def _public(results: Results) -> Iterator[str]:
    yield from _head(["public set", "what", "bar", "this model", "TF-IDF"])
    for (source, name), bar in PUBLIC_BARS.items():
        yield _row([source, name, bar, _ranged(results[source][name]), ""])
    for name, found in results["offmychest"].items():
        peer = f"{_ranged(found['tfidf'])}; above it {_ranged(found['above'])}"
        yield _row(["offmychest", name, "≥ .03 above TF-IDF", _ranged(found["network"]), peer])


def _speed(results: Results) -> Iterator[str]:
    yield from _head(["what", "bar", "measured"])
    for name, (what, bar) in SPEED_BARS.items():
        yield _row([what, bar, str(results["speed"][name])])


def _head(names: Sequence[str]) -> Iterator[str]:
    yield _row(names)
    yield "|" + "---|" * len(names)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _seed(name: str) -> str:
    return name.replace("-", " ")


def _ranged(found: Mapping[str, float]) -> str:
    return f"{found['value']:.2f} [{found['low']:.2f}, {found['high']:.2f}]"


def _short(found: Mapping[str, float] | float | None) -> str:
    if found is None:
        return "-"
    if isinstance(found, Mapping):
        return f"{found['value']:.2f}"
    return str(found) if isinstance(found, int) else f"{found:.2f}"
