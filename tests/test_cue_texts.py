"""The lines that the cue model learns from and is measured on keep apart, and are what they say."""

from __future__ import annotations

import hashlib
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.texts import (
    DATA,
    HELD_BACK,
    LABELS,
    Line,
    agreement,
    copies_between_scenes,
    held_back_lines,
    near_copies,
    training_lines,
)

TRAINING = training_lines()
HELD = held_back_lines()
EVERY = [*TRAINING, *HELD]
ENOUGH_LINES, ENOUGH_MESSAGES = 8000, 1500
ENOUGH_LABELLED = 1000
LABELLINGS = ("labels", "first", "second")
FEW_NEAR_COPIES = 0.005
BONDS = {"partners", "friends", "siblings", "family"}


def plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def messages_of(lines: list[Line]) -> set[str]:
    return {plain(line.message) for line in lines if line.message}


def test_lines_that_are_only_measured_on_are_the_ones_kept_back_before_training() -> None:
    wanted = (DATA / "HELD_BACK.sha256").read_text(encoding="utf-8").split()[0]
    assert hashlib.sha256(HELD_BACK.read_bytes()).hexdigest() == wanted


def test_there_are_as_many_lines_and_messages_as_was_meant() -> None:
    assert len(EVERY) >= ENOUGH_LINES
    assert len(messages_of(EVERY)) >= ENOUGH_MESSAGES


def test_no_line_is_there_twice() -> None:
    assert len({line.id for line in EVERY}) == len(EVERY)


def test_every_label_is_one_of_the_guide_and_every_line_was_labelled_twice() -> None:
    assert {label for line in EVERY for label in line.labels} == set(LABELS)
    assert {line.bond for line in EVERY} == BONDS
    assert [line.id for line in EVERY if len(line.labellings) < 2] == []


def test_of_lines_by_others_only_labels_are_kept_and_each_was_labelled_twice() -> None:
    """What such a line answers was not there to read, so that is not labelled."""
    told_by_message = {"reflects_simple", "reflects_complex", "validates", "minimises", "judges"}
    text = (DATA / "public_labels.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(row) for row in text.splitlines()]
    labels = {label for row in rows for name in LABELLINGS for label in row[name]}
    settled = [row for row in rows if "why" in row]
    assert len({row["id"] for row in rows}) == len(rows) >= ENOUGH_LABELLED
    assert all(row.keys() - {"why"} == {"id", *LABELLINGS} for row in rows)
    assert labels <= set(LABELS) - told_by_message
    assert settled == [row for row in rows if row["first"] != row["second"]]
    assert all(row["labels"] == row["first"] for row in rows if "why" not in row)


def test_nothing_measured_on_is_learned_from() -> None:
    learned = {plain(line.line) for line in TRAINING}
    assert {line.writer for line in TRAINING}.isdisjoint(line.writer for line in HELD)
    assert messages_of(TRAINING).isdisjoint(messages_of(HELD))
    assert [h.id for h in HELD if len(h.line.split()) > 3 and plain(h.line) in learned] == []


def test_near_copies_are_rare_and_none_is_learned_and_measured_on() -> None:
    found = list(copies_between_scenes(EVERY))
    assert len(found) <= FEW_NEAR_COPIES * len(EVERY)
    held = {line.id for line in HELD}
    assert [(a.id, b.id) for a, b in found if (a.id in held) != (b.id in held)] == []


def test_a_line_with_one_word_changed_is_a_near_copy() -> None:
    texts = [
        "you waited the whole day for that one call and then it never came",
        "you waited the whole day for that one text and then it never came",
        "the bins go out on thursday and the recycling a week after that one",
    ]
    assert list(near_copies(texts)) == [(0, 1)]


def test_agreement_is_as_in_the_published_formula() -> None:
    """Ten units, two labellers, four disagreements: worked by hand from the formula."""
    units = [(True, True)] * 3 + [(False, False)] * 3 + [(True, False)] * 4
    # 10 of 20 values are there: by chance 2*10*10/19 disagree, and 4*2 do.
    assert agreement(units) == pytest.approx(1 - 8 / (200 / 19) * 1.0)


@given(st.lists(st.booleans(), min_size=3, max_size=40), st.integers(2, 4))
def test_full_agreement_is_one(values: list[bool], labellers: int) -> None:
    if len(set(values)) > 1:
        assert agreement([(value,) * labellers for value in values]) == 1
