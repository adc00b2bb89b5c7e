"""English of many coasts is read, and other languages are told from it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearer.languages import MORE_LETTERS_THAN, is_foreign
from training.texts import training_lines

AT_MOST = 0.01
"""Share of English that may be refused."""
OTHERS = (Path(__file__).parent / "other_languages.txt").read_text(encoding="utf-8").splitlines()
MIXED = """
Abuela kept saying mijo, ven acá, and you just wanted someone to sit down with you.
He called you habibti in front of everyone and you did not know where to look.
You made the whole dal makhani from scratch and nobody so much as said shukriya.
Du weißt schon, so you stood there on the platform and the train just left without you.
""".strip().splitlines()


def letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def test_english_is_hardly_ever_refused() -> None:
    lines = {line.line for line in training_lines() if letters(line.line) > MORE_LETTERS_THAN}
    refused = [line for line in lines if is_foreign(line)]
    assert len(lines) > 1000
    assert len(refused) <= AT_MOST * len(lines)


@pytest.mark.parametrize("text", OTHERS)
def test_another_language_is_told_from_it(text: str) -> None:
    assert is_foreign(text)


@pytest.mark.parametrize("text", MIXED)
def test_english_with_words_from_elsewhere_is_read(text: str) -> None:
    assert not is_foreign(text)


def test_short_words_are_read_whatever_they_are() -> None:
    assert not is_foreign("Das habe ich nicht gewusst.")


@given(st.text(max_size=500))
def test_any_text_gets_an_answer(text: str) -> None:
    assert not (is_foreign(text) and letters(text) <= MORE_LETTERS_THAN)
