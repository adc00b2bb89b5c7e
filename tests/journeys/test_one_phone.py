"""One phone between two people."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Phones
from tests.journeys.neighbours import HEARD, Home
from tests.journeys.steps import begin_round, end_here, take_the_phone, tap, title, unlock

ELSEWHERE = ("/", "/us/", "/me/", "/practise/", "/listening/", "/me/devices/")


def _one_turn(page: Page, *, speaker: str) -> None:
    """From speaking to the rating, without a typed word."""
    tap(page, "I'm done")
    tap(page, "I said it aloud")
    tap(page, "Yes, that's it")
    tap(page, "Skip this")
    take_the_phone(page, speaker)
    tap(page, "Skip")


def test_two_pass_one_phone_through_a_whole_session_without_a_typed_word(
    phone: Phones, home: Home, axe: Callable[[Page], None]
) -> None:
    page = phone(home.ana)
    path = begin_round(page, "Bo", one_phone=True)
    tap(page, "We are ready")
    axe(page)
    _one_turn(page, speaker="Ana")
    tap(page, "I am ready to speak")
    _one_turn(page, speaker="Bo")
    for name in ("Ana", "Bo"):
        take_the_phone(page, name)
        tap(page, "Skip")
    title(page, re.compile("That was it"))
    page.get_by_role("link", name="Give the phone back").click()
    unlock(page, "Ana")
    page.goto(path.replace("/round/", "/session/"))
    expect(page.get_by_text("Said aloud.")).to_have_count(2)


def test_phone_in_the_others_hand_opens_nothing_but_the_round(phone: Phones, home: Home) -> None:
    page = phone(home.ana)
    path = begin_round(page, "Bo", one_phone=True)
    for address in (*ELSEWHERE, f"/bond/{home.space}/", f"/listening/session/{home.session}/"):
        page.goto(address)
        title(page, "Is it you?")
        expect(page.get_by_text(HEARD)).to_have_count(0)
    page.goto(path)
    expect(page.get_by_role("button", name="We are ready")).to_be_visible()


def test_phone_is_given_back_by_the_passphrase_of_its_owner(phone: Phones, home: Home) -> None:
    page = phone(home.ana)
    begin_round(page, "Bo", one_phone=True)
    page.goto(f"/listening/session/{home.session}/")
    unlock(page, "Bo")
    expect(page.get_by_text("That is not the passphrase")).to_be_visible()
    unlock(page, "Ana")
    expect(page.get_by_text(HEARD)).to_be_visible()


def test_guest_on_the_same_phone_erases_what_was_theirs(phone: Phones, home: Home) -> None:
    page = phone(home.ana)
    path = begin_round(page, "Dee", one_phone=True)
    tap(page, "We are ready")
    tap(page, "I'm done")
    page.get_by_label("What did you hear?").fill("You were sad about the dog.")
    tap(page, "Look it over")
    tap(page, "Send")
    tap(page, "Yes, that's it")
    tap(page, "Skip this")
    take_the_phone(page, "Ana")
    tap(page, "Skip")
    end_here(page)
    take_the_phone(page, "Ana")
    tap(page, "Skip")
    tap(page, "Erase my words")
    title(page, "Erased.")
    page.get_by_role("link", name="Give the phone back").click()
    unlock(page, "Ana")
    page.goto(path.replace("/round/", "/session/"))
    expect(page.get_by_text("Taken back.")).to_be_visible()
    for gone in ("sad about the dog", "Dee"):
        expect(page.locator("main").get_by_text(gone)).to_have_count(0)
