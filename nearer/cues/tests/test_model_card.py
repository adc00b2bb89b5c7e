"""The model card says what was measured, and it was measured on the weights that are here."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from nearer.cues.reader import FOLDER, THRESHOLDS, WEIGHTS
from training.card import BEGIN, CARD, END, tables

RESULTS: dict[str, Any] = json.loads((FOLDER / "evaluation.json").read_text(encoding="utf-8"))
TEN_MEGABYTES = 10_000_000


def test_the_card_holds_the_measured_tables() -> None:
    assert f"{BEGIN}{tables(RESULTS)}{END}" in CARD.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "name"), [(WEIGHTS, "weights_sha256"), (THRESHOLDS, "thresholds_sha256")]
)
def test_the_figures_are_of_the_weights_that_are_shipped(path: Path, name: str) -> None:
    assert hashlib.sha256(path.read_bytes()).hexdigest() == RESULTS[name]


def test_the_weights_are_small() -> None:
    assert WEIGHTS.stat().st_size < TEN_MEGABYTES
