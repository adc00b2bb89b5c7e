"""Measures: what they are at their edges, and what never depends on how lines are ordered."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearer.cues.reading import Cue
from training import held_back
from training.answers import ACTS, Answers, truth
from training.examples import Example
from training.figures import (
    best_f1_threshold,
    by_scene,
    calibration_error,
    f1,
    higher,
    precision,
    precision_threshold,
)

scored = st.lists(
    st.tuples(st.booleans(), st.floats(0, 1, allow_nan=False, width=32)), min_size=1, max_size=40
)


def line(name: str, *labels: str, kind: str = "", message: str | None = "hm") -> Example:
    return Example(name, "w", name, message, "a line", kind, frozenset(labels))


def answers(rows: list[dict[str, float]]) -> Answers:
    chances = np.array([[row.get(act, 0.0) for act in ACTS] for row in rows])
    return Answers(chances, chances >= 0.5)


@given(scored)
def test_no_cut_has_a_better_f1_than_the_best_one(rows: list[tuple[bool, float]]) -> None:
    there, scores = (np.array(column) for column in zip(*rows, strict=True))
    best = f1(there, scores >= best_f1_threshold(there, scores))
    assert best >= max(f1(there, scores >= cut) for cut in scores) - 1e-9


@given(scored, st.floats(0.05, 1), st.integers(1, 5))
def test_a_cut_for_a_precision_reaches_it(
    rows: list[tuple[bool, float]], wanted: float, at_least: int
) -> None:
    there, scores = (np.array(column) for column in zip(*rows, strict=True))
    cut = precision_threshold(there, scores, wanted, at_least)
    if cut is not None:
        assert precision(there, scores >= cut) >= wanted
        assert (scores >= cut).sum() >= at_least


@given(scored)
def test_who_says_what_is_true_is_calibrated(rows: list[tuple[bool, float]]) -> None:
    there = np.array([yes for yes, _ in rows])
    assert calibration_error(there, there.astype(float)) == 0
    assert calibration_error(there, 1 - there.astype(float)) == 1


def test_equal_chances_are_half_right() -> None:
    assert higher(np.array([0.3, 0.9]), np.array([0.3, 0.1])) == 0.75


def test_an_interval_holds_its_value_and_is_the_same_each_time() -> None:
    lines = [line(str(at)) for at in range(30)]
    values = np.arange(30) / 30
    found = [by_scene(lines, lambda rows: float(values[rows].mean())) for _ in range(2)]
    assert found[0] == found[1]
    assert found[0].low < found[0].value < found[0].high


def test_a_true_reflection_is_held_against_each_false_one_of_its_message() -> None:
    lines = [
        line("s", Cue.REFLECTS_SIMPLE),
        line("s", kind="wrong"),
        line("s", kind="twin_wrong"),
        line("s", kind="echo"),
        line("other", kind="wrong"),
    ]
    pairs = list(held_back.pairs(lines, held_back.FALSE_REFLECTIONS))
    assert [(pair.right, pair.wrong) for pair in pairs] == [(0, 1), (0, 2)]


def test_thanks_and_praise_are_one_and_silence_is_neutral() -> None:
    said = held_back.columns(
        answers([{Cue.PRAISES: 0.9}, {}]), (held_back.APPRECIATES, held_back.NEUTRAL)
    )
    assert said.tolist() == [[True, False], [False, True]]


def test_an_alarm_counts_on_kind_and_neutral_lines_only() -> None:
    lines = [line("s", Cue.THANKS), line("s"), line("s", Cue.CRITICISES), line("s", Cue.ADVISES)]
    shown = answers([{Cue.CONTEMPT: 0.9}, {}, {Cue.CRITICISES: 0.9}, {Cue.DEFENDS: 0.9}])
    found = held_back.shown_warnings(lines, shown)
    assert found["false alarms on neutral and kind lines"].value == 0.5
    assert found["warnings as shown, precision"].value == pytest.approx(1 / 3)


def test_a_labeller_who_says_what_was_settled_is_right() -> None:
    lines = [line(act, act) for act in ACTS if act != "reflects"] + [line("r", "reflects_simple")]
    same = held_back.of_labelling(lines, [each.labels for each in lines])
    assert (same.said == truth(lines)).all()
