"""Words in another language are kept and sent like any others, and nothing is read out of them."""

from __future__ import annotations

from uuid import UUID

import pytest

from conftest import Someone
from nearer.practices.listening.tests.test_care import drilled, looked_over, reflecting

__all__ = ["reflecting"]

SO_FAR = "I can only read English so far"
GERMAN = "Du hast den ganzen Tag gewartet, und dann hat keiner gefragt, wie es war."
GERMAN_DANGER = f"{GERMAN} I am scared of you."
ENGLISH = "You waited all day, and then nobody asked how it had gone for you."


def test_drill_says_so_and_still_shows_other_ways(ana: Someone) -> None:
    page = drilled(ana, GERMAN)
    assert SO_FAR in page
    assert "Two other ways to answer" in page
    assert SO_FAR not in drilled(ana, ENGLISH)


def test_round_says_so_to_its_writer_and_lets_the_words_be_sent(
    ana: Someone, bo: Someone, cy: Someone, reflecting: UUID
) -> None:
    page = looked_over(bo, reflecting, GERMAN)
    assert SO_FAR in page
    assert "Send" in page
    assert SO_FAR not in looked_over(cy, reflecting, GERMAN)


@pytest.mark.parametrize("words", [GERMAN_DANGER])
def test_words_of_danger_among_them_come_first(bo: Someone, reflecting: UUID, words: str) -> None:
    page = looked_over(bo, reflecting, words)
    assert SO_FAR not in page
    assert "help" in page.lower()
