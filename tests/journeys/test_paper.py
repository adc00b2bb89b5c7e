"""A round with pen and paper."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Phones
from tests.journeys.neighbours import Home
from tests.journeys.steps import tap

CAUGHT = "That the shop was grandmother's, too."
LINE = "Ask about the shop at New Year"


def test_page_to_print_has_room_to_write_and_no_buttons(phone: Phones, home: Home) -> None:
    page = phone(home.ana)
    page.goto("/listening/paper/")
    page.emulate_media(media="print")
    expect(page.locator("ol.steps > li")).to_have_count(6)
    expect(page.locator(".write-lines").first).to_be_visible()
    for hidden in (page.locator(".leave-fast").first, page.get_by_role("button", name="Print")):
        expect(hidden).to_be_hidden()


def test_result_of_a_round_on_paper_is_typed_in_afterwards(
    phone: Phones, home: Home, axe: Callable[[Page], None]
) -> None:
    ana, bo = phone(home.ana), phone(home.bo)
    ana.goto("/listening/paper/")
    ana.get_by_role("link", name="Type in a round with Bo").click()
    axe(ana)
    ana.get_by_label("I spoke").check()
    ana.get_by_label("What was caught that mattered?").fill(CAUGHT)
    ana.get_by_label("One line to keep for yourself").fill(LINE)
    tap(ana, "Keep")
    expect(ana.get_by_text(LINE)).to_be_visible()
    bo.goto(ana.url)
    expect(bo.get_by_text(CAUGHT)).to_be_visible()
    expect(bo.get_by_text(LINE)).to_have_count(0)
