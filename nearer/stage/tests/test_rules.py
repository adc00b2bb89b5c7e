"""When a tap counts, and how long a step has really lasted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from nearer.stage.rules import Clock, Tap, Tapped, judged

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
TAP = Tapped("1.0.speak", UUID(int=1), b"done")


def test_first_tap_at_this_moment_is_new() -> None:
    assert judged(TAP, moment="1.0.speak", earlier=None) is Tap.NEW


def test_same_tap_once_more_is_known_again_even_after_the_moment_passed() -> None:
    assert judged(TAP, moment="1.0.reflect", earlier=TAP) is Tap.AGAIN


def test_other_words_at_a_moment_already_used_are_late() -> None:
    other = replace(TAP, digest=b"something else")
    assert judged(other, moment="1.0.speak", earlier=TAP) is Tap.LATE


def test_tap_from_an_old_page_is_late() -> None:
    assert judged(TAP, moment="1.1.confirm", earlier=None) is Tap.LATE


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), max_size=8))
def test_clock_counts_running_time_only_however_often_it_was_stopped(
    spells: list[tuple[int, int]],
) -> None:
    clock, now, ran = Clock(NOON), NOON, timedelta()
    for running, standing in spells:
        now += timedelta(seconds=running)
        ran += timedelta(seconds=running)
        clock = clock.paused(now)
        now += timedelta(seconds=standing)
        assert clock.elapsed(now) == ran
        clock = clock.resumed(now)
    assert clock.elapsed(now) == ran


@given(st.integers(0, 900))
def test_pausing_twice_is_pausing_once(seconds: int) -> None:
    once = Clock(NOON).paused(NOON)
    assert once.paused(NOON + timedelta(seconds=seconds)) == once


def test_resuming_what_runs_changes_nothing() -> None:
    assert Clock(NOON).resumed(NOON + timedelta(minutes=3)) == Clock(NOON)
