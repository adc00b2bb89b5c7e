"""What somebody is typing is there again after a reload, a lock, or the house's death."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Phones
from tests.journeys.neighbours import Home, settled
from tests.journeys.steps import (
    begin_round,
    begin_to_write,
    end_here,
    lock,
    seat_guest,
    sit_down,
    tap,
    title,
    unlock,
    write_back,
)
from tests.server import House

LONG = "Since the move I smile all day, and nobody here knows what that costs. " * 40
HEARD = "You are among people all day, and nobody sees you."
BEGUN = "It was never about"
LOST_MS = 30_000


def _is_there_after_a_reload(page: Page, words: str = BEGUN) -> None:
    begin_to_write(page, words)
    page.reload()
    expect(page.locator("#id_words")).to_have_value(words)


def _is_there_after_a_lock(page: Page, name: str, words: str = BEGUN) -> None:
    lock(page)
    # The page turns by itself; a reload of ours would cut that off half-way.
    expect(page).to_have_url(re.compile("/unlock/"), timeout=LOST_MS)
    expect(page.get_by_text(words)).to_have_count(0)
    unlock(page, name)
    expect(page.locator("#id_words")).to_have_value(words)


def test_long_text_of_the_speaker_outlives_a_reload_a_lock_and_the_house(
    phone_there: Phones, own_house: House
) -> None:
    home = settled(own_house, 0, 1)[0]
    ana = phone_there(home.ana, forgives_network=True)
    bo = phone_there(home.bo, forgives_network=True)
    sit_down(ana, bo, mode="in_writing")
    _is_there_after_a_reload(ana, LONG.strip())
    _is_there_after_a_lock(ana, "Ana", LONG.strip())
    begin_to_write(ana, f"{LONG}So")
    own_house.kill()
    own_house.start()
    ana.reload()
    expect(ana.locator("#id_words")).to_have_value(f"{LONG}So")
    expect(bo.get_by_text("This page turns by itself")).to_be_visible()
    tap(ana, "Send")
    expect(bo.get_by_text(f"{LONG}So")).to_be_visible(timeout=LOST_MS)


def test_words_in_every_field_outlive_a_reload_and_a_lock(phone: Phones, home: Home) -> None:
    ana, bo = phone(home.ana), phone(home.bo)
    sit_down(ana, bo)
    tap(ana, "I'm done")
    _is_there_after_a_reload(bo)
    _is_there_after_a_lock(bo, "Bo")
    write_back(bo, HEARD)
    tap(bo, "Send")
    title(ana, "Did Bo get it?")
    _is_there_after_a_reload(ana)
    _is_there_after_a_lock(ana, "Ana")
    tap(ana, "Yes, that's it")
    title(bo, re.compile("face and voice"))
    _is_there_after_a_reload(bo)
    tap(bo, "Send")
    tap(ana, "That's right")
    tap(ana, "Skip")
    end_here(bo)
    title(ana, "Bo ended the round here.")
    expect(ana.locator("#id_words")).to_have_value("")
    _is_there_after_a_reload(ana, "Ana keeps this")
    _is_there_after_a_lock(ana, "Ana", "Ana keeps this")


def test_words_are_there_again_where_feedback_is_switched_off(phone: Phones, home: Home) -> None:
    ana, bo = phone(home.ana), phone(home.bo)
    bo.goto("/listening/habit/")
    bo.get_by_label("show me private feedback").uncheck()
    tap(bo, "Keep")
    sit_down(ana, bo)
    tap(ana, "I'm done")
    expect(bo.get_by_role("button", name="Send")).to_be_visible()
    expect(bo.get_by_role("button", name="Look it over")).to_have_count(0)
    _is_there_after_a_reload(bo)


def test_words_of_a_guest_are_there_again_after_a_reload_and_on_no_page_of_the_host(
    phone: Phones, home: Home
) -> None:
    ana, guest = phone(home.ana), phone()
    seat_guest(ana, guest)
    tap(ana, "I'm done")
    _is_there_after_a_reload(guest)
    ana.reload()
    expect(ana.get_by_text(BEGUN)).to_have_count(0)
    write_back(guest, HEARD)
    tap(guest, "Send")
    tap(ana, "Yes, that's it")
    title(guest, re.compile("face and voice"))
    _is_there_after_a_reload(guest)
    tap(guest, "Skip this")
    tap(ana, "Skip")
    end_here(ana)
    title(guest, "Ana ended the round here.")
    _is_there_after_a_reload(guest)


def test_words_on_a_phone_that_is_passed_are_there_again_after_a_reload(
    phone: Phones, home: Home
) -> None:
    page = phone(home.ana)
    begin_round(page, "Bo", one_phone=True)
    tap(page, "We are ready")
    tap(page, "I'm done")
    _is_there_after_a_reload(page)
    tap(page, "I said it aloud")
    title(page, "Did Bo get it?")
    expect(page.locator("#id_words")).to_have_value("")


def test_last_words_before_a_pause_by_the_other_are_kept(phone: Phones, home: Home) -> None:
    ana, bo = phone(home.ana), phone(home.bo)
    sit_down(ana, bo, mode="in_writing")
    ana.locator("#id_words").fill(BEGUN)
    tap(bo, "Pause")
    title(ana, "Time stands still here.")
    ana.reload()
    tap(bo, "Go on")
    expect(ana.locator("#id_words")).to_have_value(BEGUN)
