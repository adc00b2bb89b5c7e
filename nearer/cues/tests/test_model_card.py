"""The model card says what was measured, and it was measured on the weights that are here."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from nearer.cues import Cue
from nearer.cues.reader import FOLDER, THRESHOLDS, WEIGHTS

CARD = (FOLDER / "MODEL_CARD.md").read_text(encoding="utf-8")
RESULTS: dict[str, Any] = json.loads((FOLDER / "evaluation.json").read_text(encoding="utf-8"))
MODEL_NAMES = {
    "ours": "this model",
    "tfidf": "TF-IDF + LR, reply",
    "tfidf_with_message": "TF-IDF + LR, reply and message",
    "rules": "rules",
}
TEN_MEGABYTES = 10_000_000


def row(*cells: object) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def ranged(found: dict[str, float]) -> str:
    return f"{found['value']:.2f} [{found['low']:.2f}, {found['high']:.2f}]"


@pytest.mark.parametrize("name", MODEL_NAMES)
def test_card_gives_the_measured_figures_of_each_model(name: str) -> None:
    found = RESULTS["models"][name]
    figures = (ranged(found["macro_ap"]), ranged(found["macro_f1"]))
    assert row(MODEL_NAMES[name], *figures, f"{found['reflects_any_ap']:.2f}") in CARD


@pytest.mark.parametrize("cue", list(Cue))
def test_card_gives_the_measured_figures_of_each_cue(cue: Cue) -> None:
    found = RESULTS["cues"][cue]
    names = [f"{model}_{figure}" for figure in ("ap", "f1") for model in ("ours", "tfidf", "rules")]
    assert row(cue, found["there"], *(f"{found[name]:.2f}" for name in names)) in CARD


@pytest.mark.parametrize("cue", list(RESULTS["shown"]["cues"]))
def test_card_gives_how_often_what_is_shown_is_right(cue: str) -> None:
    found = RESULTS["shown"]["cues"][cue]
    cells = (found["shown"], f"{found['precision']:.2f}", f"{found['recall']:.2f}")
    assert row(cue, *cells) in CARD


@pytest.mark.parametrize("check", list(RESULTS["yardsticks"]))
def test_card_gives_the_yardsticks(check: str) -> None:
    found = RESULTS["yardsticks"][check]
    assert row(check, found["turns"], f"{found['share']:.2f}", f"{found['ap']:.2f}") in CARD


def test_card_gives_the_plain_figures() -> None:
    shown, speed, apart = RESULTS["shown"], RESULTS["speed"], RESULTS["kinds_told_apart"]
    swapped = RESULTS["to_another_message"]
    false_alarms, harsh = shown["reflects_on_judging_or_minimising"]
    for sentence in (
        f"{RESULTS['replies']} replies to {RESULTS['scenes']} messages",
        f"{false_alarms} of {harsh} judging or minimising replies",
        f"Nothing is shown for {shown['nothing']} of the {RESULTS['replies']}",
        f"right for {ranged(apart['right'])} of {apart['reflections']} reflections",
        f"median {speed['median_ms']} ms, 95th percentile {speed['p95_ms']} ms",
        f"first reading after {speed['load_and_first_reading_s']} s",
        f"{speed['weights_mb']} MB",
        f"shown for {swapped['shown_for_own']:.0%} of them with their own message",
        f"still for {swapped['shown_for_other']:.0%} with the other one",
        f"macro AP +{RESULTS['ours_minus_tfidf']['macro_ap']['value']:.2f}",
        f"macro F1 +{RESULTS['ours_minus_tfidf']['macro_f1']['value']:.2f}",
    ):
        assert sentence in CARD.replace("\n", " "), sentence


@pytest.mark.parametrize(
    ("path", "name"), [(WEIGHTS, "weights_sha256"), (THRESHOLDS, "thresholds_sha256")]
)
def test_what_was_measured_is_what_is_here(path: Path, name: str) -> None:
    assert hashlib.sha256(path.read_bytes()).hexdigest() == RESULTS[name]


def test_the_model_beats_its_peer_and_stays_small_and_fast() -> None:
    for measure in ("macro_ap", "macro_f1"):
        assert RESULTS["ours_minus_tfidf"][measure]["low"] > 0
    assert WEIGHTS.stat().st_size < TEN_MEGABYTES
    assert RESULTS["speed"]["load_and_first_reading_s"] <= 1
    assert RESULTS["speed"]["p95_ms"] <= 20
