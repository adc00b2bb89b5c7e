"""What a passphrase, a wait and a group of letters may be."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearer.people.rules import (
    FREE_MISSES,
    Weak,
    groups_of,
    normal_login,
    same_letters,
    wait_after,
    weakness,
)
from nearer.vault.sealing import key_from_code, new_recovery_code


def test_sentence_of_ones_own_is_strong_enough() -> None:
    assert weakness("grandma hid plums in the piano", about=[]) is None


@pytest.mark.parametrize(
    "common", ["password1234", "qwertyuiopas", "111111111111", "iloveyouiloveyou"]
)
def test_common_passphrase_is_refused_at_any_length(common: str) -> None:
    assert weakness(common, about=[]) is Weak.COMMON


@pytest.mark.parametrize("long", ["ha" * 60, "abba" * 20, "0110" * 30, "abc123" * 40, "a" * 256])
def test_length_alone_does_not_make_a_passphrase_strong(long: str) -> None:
    assert weakness(long, about=[]) is Weak.COMMON


@pytest.mark.parametrize("signs", ["4@8({[<369&#!|17$5+7%2", "@4@4@4$5$5!1!1|1+7+70o0o3e3e({[<"])
def test_passphrase_made_to_keep_the_house_busy_is_judged_at_once(signs: str) -> None:
    weakness("warm up: the word lists", about=[])
    began = time.process_time()
    weakness((signs * 8)[:72], about=["Ana", "ana"])
    assert time.process_time() - began < 0.5


def test_passphrase_made_of_the_own_name_is_refused() -> None:
    assert weakness("AnastasiaQuill", about=["Anastasia", "Quill"]) is Weak.COMMON


def test_eleven_characters_are_too_few_and_twelve_are_not() -> None:
    assert weakness("vx7-Lq2!mZp", about=[]) is Weak.SHORT
    assert weakness("vx7-Lq2!mZpW", about=[]) is None


def test_sixty_four_characters_of_any_script_are_welcome() -> None:
    assert (
        weakness("περπατούσαμε στη βροχή · 傘を忘れた日のこと · hún hló 🎹 samt við líka", about=[])
        is None
    )


def test_first_misses_cost_no_time() -> None:
    assert wait_after(FREE_MISSES - 1, free=FREE_MISSES) == timedelta()


@given(st.integers(min_value=0, max_value=30_000))
def test_waiting_grows_with_misses_and_never_becomes_a_lock_out(misses: int) -> None:
    now, later = (wait_after(n, free=FREE_MISSES) for n in (misses, misses + 1))
    assert now <= later <= timedelta(seconds=60)


@given(st.text())
def test_user_name_is_found_however_its_letters_were_typed(login: str) -> None:
    assert normal_login(f" {normal_login(login)} ") == normal_login(normal_login(login))


def test_group_from_paper_fits_with_small_letters_blanks_and_look_alikes() -> None:
    assert same_letters(" o1-b8 ", "OIBB")


def test_group_with_one_other_letter_does_not_fit() -> None:
    assert not same_letters("ABCD", "ABCE")


def test_every_group_of_a_code_reads_back_as_itself() -> None:
    code = new_recovery_code()
    assert len(groups_of(code)) == 8
    assert all(same_letters(group.lower(), group) for group in groups_of(code))
    assert key_from_code(code.lower(), purpose="recovery") == key_from_code(
        code, purpose="recovery"
    )
