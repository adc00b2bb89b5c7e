"""«Leave fast»: the page is empty before anything else happens, and nothing opens afterwards."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browsers import EXIT
from tests.journeys.conftest import Phones
from tests.journeys.neighbours import HEARD, Home
from tests.journeys.steps import sit_down

COVERED_WITHIN_MS = 100
_TIMED = """act => {
  const began = performance.now();
  act === "tap" ? document.querySelector(".leave-fast").click() : shift();
  const shown = [...document.body.children].filter(e => getComputedStyle(e).display !== "none");
  return { ms: performance.now() - began, shown: shown.length, title: document.title.trim() };
  function shift() {
    for (let press = 0; press < 3; press += 1) {
      for (const type of ["keydown", "keyup"]) {
        document.dispatchEvent(new KeyboardEvent(type, { key: "Shift", bubbles: true }));
      }
    }
  }
}"""
_WAYS_IN = ("/us/", "/me/", "/listening/")


@pytest.mark.parametrize("way", ["tap", "shift"])
def test_page_is_empty_at_once_and_the_vault_is_locked(phone: Phones, home: Home, way: str) -> None:
    page = phone(home.ana)
    page.goto(f"/listening/session/{home.session}/")
    expect(page.get_by_text(HEARD)).to_be_visible()
    seen = page.evaluate(_TIMED, way)
    assert seen["ms"] < COVERED_WITHIN_MS
    assert (seen["shown"], seen["title"]) == (0, "")
    page.wait_for_url(EXIT)
    expect(page.get_by_text("An ordinary page")).to_be_visible()
    _nothing_opens(page)


def _nothing_opens(page: Page) -> None:
    for path in _WAYS_IN:
        page.goto(path)
        expect(page.get_by_label("Passphrase", exact=True)).to_be_visible()
    page.go_back()
    expect(page.get_by_text(HEARD)).to_have_count(0)


def test_three_presses_of_shift_on_a_real_keyboard_leave(phone: Phones, home: Home) -> None:
    page = phone(home.ana)
    page.goto("/us/")
    for _press in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url(EXIT)


def test_capital_letters_throw_nobody_out(phone: Phones, home: Home) -> None:
    page = phone(home.ana)
    page.goto("/listening/drill/")
    page.get_by_label("What do you say?").focus()
    for letter in "ABC":
        page.keyboard.down("Shift")
        page.keyboard.press(letter)
        page.keyboard.up("Shift")
    expect(page.get_by_label("What do you say?")).to_have_value("ABC")


def test_back_does_not_bring_the_words_back(phone: Phones, home: Home) -> None:
    page = phone(home.ana)
    page.goto("/us/")
    page.goto(f"/listening/session/{home.session}/")
    page.locator(".leave-fast").first.click()
    page.wait_for_url(EXIT)
    page.go_back()
    expect(page.get_by_text(HEARD)).to_have_count(0)
    expect(page.get_by_label("Passphrase", exact=True)).to_be_visible()


def test_other_tabs_of_the_house_go_too(phone: Phones, home: Home) -> None:
    page = phone(home.ana)
    page.goto("/us/")
    other = page.context.new_page()
    other.goto(f"/listening/session/{home.session}/")
    page.locator(".leave-fast").first.click()
    other.wait_for_url(EXIT)


def test_without_script_it_locks_and_leads_away_too(phone: Phones, home: Home) -> None:
    page = phone(home.ana, has_script=False)
    page.goto(f"/listening/session/{home.session}/")
    page.locator(".leave-fast").first.click()
    page.wait_for_url(EXIT)
    _nothing_opens(page)


def test_skip_link_is_the_second_thing_that_the_keyboard_finds(phone: Phones, home: Home) -> None:
    page = phone(home.ana)
    page.goto("/us/")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(EXIT)


@pytest.mark.parametrize(
    "path", ["/", "/sign-in/", "/begin/", "/safety/", "/offline/", "/nowhere/"]
)
def test_signed_out_pages_have_the_way_out_as_well(phone: Phones, path: str) -> None:
    page = phone()
    page.goto(path)
    page.locator(".leave-fast").first.click()
    page.wait_for_url(EXIT)


def test_leaving_fast_from_a_round_lets_the_other_go_on_waiting(
    phone: Phones, home: Home, axe: Callable[[Page], None]
) -> None:
    ana, bo = phone(home.ana), phone(home.bo)
    sit_down(ana, bo)
    ana.locator(".leave-fast").first.click()
    ana.wait_for_url(EXIT)
    expect(bo.get_by_text("This page turns by itself")).to_be_visible()
    axe(bo)
