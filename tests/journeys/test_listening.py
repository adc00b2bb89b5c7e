"""Two people listen to each other on two phones, from making accounts to what was caught."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Phones
from tests.journeys.steps import begin_round, bonded, tap, title, write_back

CAUGHT = "That it was never about the phone."
HEARD = "You came home wanting to tell me about the interview, and I kept scrolling."

Axe = Callable[[Page], None]


def test_two_people_go_through_a_whole_session_on_two_phones(phone: Phones, axe: Axe) -> None:
    ana, bo = phone(), phone()
    bonded(ana, bo)
    path = begin_round(ana, "Bo")
    bo.goto("/")
    bo.get_by_role("link", name="Come in").click()
    for page in (ana, bo):
        tap(page, "I am ready")
    _ana_is_heard(ana, bo, axe)
    _bo_is_heard(ana, bo)
    _each_keeps_a_line(ana, bo)
    for page in (ana, bo):
        page.get_by_role("link", name="See what was caught").click()
        expect(page.get_by_text(CAUGHT)).to_be_visible()
        expect(page.get_by_text(HEARD)).to_be_visible()
        expect(page.get_by_text(f"Ask about the interview, {page is ana}")).to_be_visible()
        expect(page.get_by_text(f"Ask about the interview, {page is not ana}")).to_have_count(0)
    axe(ana)
    assert path.split("/")[-2] in ana.url


def _ana_is_heard(ana: Page, bo: Page, axe: Axe) -> None:
    expect(ana.locator(".step.speaking")).to_be_visible()
    expect(bo.get_by_text("when Ana is done")).to_be_visible()
    axe(ana)
    axe(bo)
    tap(ana, "I'm done")
    title(bo, re.compile("Ana is done"))
    write_back(bo, HEARD)
    axe(bo)
    tap(bo, "Send")
    title(ana, "Did Bo get it?")
    expect(ana.get_by_text(HEARD)).to_be_visible()
    axe(ana)
    ana.locator("#id_words").fill(CAUGHT)
    tap(ana, "Yes, that's it")
    title(bo, re.compile("face and voice"))
    tap(bo, "I said it aloud")
    tap(ana, "That's right")
    title(ana, "How was it to be listened to?")
    axe(ana)
    tap(ana, "Skip")


def _bo_is_heard(ana: Page, bo: Page) -> None:
    title(bo, "Now you speak.")
    tap(bo, "I am ready to speak")
    tap(bo, "I'm done")
    tap(ana, "I said it aloud")
    tap(bo, "Yes, that's it")
    tap(ana, "Skip this")
    tap(bo, "Skip")


def _each_keeps_a_line(ana: Page, bo: Page) -> None:
    for page in (ana, bo):
        page.locator("#id_words").fill(f"Ask about the interview, {page is ana}")
        tap(page, "Keep it")
