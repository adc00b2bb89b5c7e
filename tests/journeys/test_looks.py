"""Day and evening, and letters twice as large."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Phones
from tests.journeys.neighbours import Home
from tests.journeys.steps import sit_down, tap

ZOOMED = {"width": 195, "height": 422}
"""A phone 390 px wide whose owner reads at 200 %."""
PAGES = ("/", "/practise/", "/us/", "/learn/", "/me/", "/listening/", "/listening/drill/")
_CUT_OFF = """() => [...document.querySelectorAll("main *, header *, nav.tabs *")]
  .filter(e => e.getClientRects().length && getComputedStyle(e).visibility !== "hidden")
  .filter(e => !e.closest(".visually-hidden, .skip, .scroll, [aria-hidden=true]"))
  .filter(e => e.matches("a, button, h1, h2, p, label, input, textarea, li"))
  .filter(e => {
    const box = e.getBoundingClientRect();
    return box.width > 0 && (box.left < -1 || box.right > innerWidth + 1);
  })
  .map(e => e.outerHTML.slice(0, 80))"""


def test_evening_is_kept_from_page_to_page_and_can_be_undone(phone: Phones, home: Home) -> None:
    page = phone(home.ana)
    page.emulate_media(color_scheme="light")
    page.goto("/me/")
    by_day = _paper(page)
    page.get_by_label("Evening").check()
    at_night = _paper(page)
    assert at_night != by_day
    page.goto("/us/")
    assert _paper(page) == at_night
    page.goto("/me/")
    expect(page.locator("input[name=nearer-theme][value=dark]")).to_be_checked()
    page.get_by_label("As the phone").check()
    assert _paper(page) == by_day


def _paper(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_phone_that_is_dark_is_met_in_the_dark(phone: Phones, home: Home) -> None:
    page = phone(home.ana)
    papers = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto("/us/")
        papers.append(_paper(page))
    assert papers[0] != papers[1]


def test_nothing_is_cut_off_at_200_percent(phone: Phones, home: Home) -> None:
    page = phone(home.ana)
    page.set_viewport_size({"width": ZOOMED["width"], "height": ZOOMED["height"]})
    session, bond = f"/listening/session/{home.session}/", f"/bond/{home.space}/"
    beginning = f"/listening/begin/{home.space}/"
    for path in (*PAGES, session, bond, beginning):
        page.goto(path)
        _fits(page)


@pytest.mark.parametrize("mode", ["same_room", "in_writing"])
def test_live_pages_fit_at_200_percent(phone: Phones, home: Home, mode: str) -> None:
    ana, bo = phone(home.ana), phone(home.bo)
    for page in (ana, bo):
        page.set_viewport_size({"width": ZOOMED["width"], "height": ZOOMED["height"]})
    sit_down(ana, bo, mode=mode)
    _fits(ana)
    _fits(bo)
    if mode == "in_writing":
        ana.get_by_label("What you want Bo to hear").fill("Some days I count the stairs.")
        tap(ana, "Send")
    else:
        tap(ana, "I'm done")
    expect(bo.get_by_label("What did you hear?")).to_be_visible()
    _fits(ana)
    _fits(bo)


def _fits(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= ZOOMED["width"], page.url
    assert page.evaluate(_CUT_OFF) == [], page.url
