"""One of the two has had enough: it ends for both, and nobody is asked about the other."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Phones
from tests.journeys.neighbours import Home
from tests.journeys.steps import begin_round, end_here, sit_down, tap, title

HARD = "I have been afraid to come home."

Axe = Callable[[Page], None]


def test_round_that_one_ends_is_over_for_both(phone: Phones, home: Home, axe: Axe) -> None:
    ana, bo = phone(home.ana), phone(home.bo)
    path = sit_down(ana, bo, mode="in_writing")
    ana.locator("#id_words").fill(HARD)
    tap(ana, "Send")
    title(bo, re.compile("Ana is done"))
    title(ana, re.compile("gives back"))
    expect(ana.locator("#announce")).to_have_text("Bo gives back what came across.")
    end_here(bo)
    expect(bo).to_have_url(re.compile("/$"))
    title(ana, "Bo ended the round here.")
    expect(ana.get_by_text("What you sent stays")).to_be_visible()
    axe(ana)
    ana.locator("#id_words").fill("I said it, at last")
    tap(ana, "Keep it")
    expect(ana.get_by_text("Your line is kept")).to_be_visible()
    axe(ana)
    for page in (ana, bo):
        page.goto("/")
        expect(page.locator(f"a[href='{path}']")).to_have_count(0)
    assert begin_round(bo, "Ana") != path


def test_whoever_is_asked_may_say_not_now_and_begin_another_later(
    phone: Phones, home: Home, axe: Axe
) -> None:
    ana, bo = phone(home.ana), phone(home.bo)
    begin_round(ana, "Bo")
    bo.goto("/")
    expect(bo.get_by_text("Ana would like to listen")).to_be_visible()
    axe(bo)
    tap(bo, "Not now")
    expect(bo.get_by_text("Ana would like to listen")).to_have_count(0)
    bo.get_by_role("link", name="With Ana").click()
    title(bo, "A round with Ana is open already")
    axe(bo)
    tap(bo, "End it and begin a new one")
    expect(bo.get_by_role("button", name="Begin")).to_be_visible()
    title(ana, "Bo ended the round here.")
