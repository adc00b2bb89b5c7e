"""From the front door to the first useful act, alone, in three screens."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Phones
from tests.journeys.neighbours import Home
from tests.journeys.steps import sign_up, tap, title, to_the_code

TWO_MINUTES = 120
_PRINTS = """new Promise(done => {
  window.print = () => done(true);
  document.querySelector("[data-print]").click();
})"""
REPLY = "That sounds like a lot to carry on your own."


def test_three_screens_lead_to_a_drill_with_feedback_within_two_minutes(
    phone: Phones, axe: Callable[[Page], None]
) -> None:
    page = phone()
    steps: list[str] = []
    page.on("load", lambda loaded: steps.extend(_step(loaded)))
    began = time.monotonic()
    sign_up(page, "Noor")
    expect(page).to_have_url(re.compile("/listening/drill/"))
    page.get_by_label("What do you say?").fill(REPLY)
    tap(page, "Say it")
    expect(page.get_by_text("Only you see this. It reads words")).to_be_visible()
    assert time.monotonic() - began < TWO_MINUTES
    assert sorted(set(steps)) == ["Step 1 of 3", "Step 2 of 3", "Step 3 of 3"]
    axe(page)


def _step(page: Page) -> list[str]:
    return page.locator("p.kicker", has_text="Step").all_inner_texts()


def test_recovery_code_prints_with_what_the_paper_is_for_and_without_buttons(phone: Phones) -> None:
    page = phone()
    to_the_code(page, "Rut")
    expect(page.get_by_role("button", name="Print it")).to_be_visible()
    assert page.evaluate(_PRINTS)
    page.emulate_media(media="print")
    expect(page.locator("ol.secret > li")).to_have_count(8)
    for group in page.locator("ol.secret > li").all():
        expect(group).to_be_visible()
    expect(page.get_by_text("Recovery code for Nearer.")).to_be_visible()
    for button in page.get_by_role("button", include_hidden=True).all():
        expect(button).to_be_hidden()


def test_drill_shows_other_ways_takes_another_try_and_goes_on(phone: Phones, home: Home) -> None:
    page = phone(home.cy)
    page.goto("/listening/drill/")
    scene = page.url
    page.get_by_label("What do you say?").fill("You should sleep more.")
    tap(page, "Say it")
    expect(page.get_by_text("Two other ways to answer")).to_be_visible()
    page.get_by_label("What do you say?").fill(REPLY)
    tap(page, "Try again")
    expect(page.locator("#drill").get_by_text("Only you see this. It reads words")).to_be_visible()
    page.get_by_role("link", name="Next scene").click()
    expect(page).not_to_have_url(scene)
    expect(page.get_by_role("button", name="Say it")).to_be_visible()


def test_whole_drill_works_by_keyboard_alone(phone: Phones, home: Home) -> None:
    page = phone(home.cy)
    page.goto("/listening/drill/")
    _tab_to(page, "What do you say?")
    page.keyboard.type(REPLY)
    _tab_to(page, "Say it")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Only you see this. It reads words")).to_be_visible()
    scene = page.url
    _tab_to(page, "Next scene")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(scene)


def test_passphrase_can_be_looked_at_by_keyboard_and_goes_hidden(
    phone: Phones, axe: Callable[[Page], None]
) -> None:
    page = phone()
    page.goto("/sign-in/")
    page.get_by_label("Passphrase", exact=True).fill(REPLY)
    field = page.locator("#id_passphrase")
    expect(field).to_have_attribute("type", "password")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Show Passphrase")).to_be_focused()
    page.keyboard.press("Enter")
    expect(field).to_have_attribute("type", "text")
    expect(field).to_have_value(REPLY)
    expect(page.get_by_role("button", name="Hide Passphrase")).to_be_focused()
    axe(page)
    page.evaluate(
        "document.querySelector('form:has(#id_passphrase)').addEventListener"
        "('submit', (event) => event.preventDefault())"
    )
    page.get_by_label("User name").fill("noor")
    tap(page, "Sign in")
    expect(field).to_have_attribute("type", "password")


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until that is where the focus is, and see that it can be seen."""
    wanted = page.get_by_role("textbox", name=name).or_(
        page.get_by_role("button", name=name, exact=True)
    )
    wanted = wanted.or_(page.get_by_role("link", name=name))
    for _press in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            outline = wanted.evaluate("element => getComputedStyle(element).outlineStyle")
            assert outline != "none", f"nobody sees that «{name}» has the focus"
            return
    raise AssertionError(f"Tab never reaches «{name}»")


def test_speaking_giving_back_and_answering_work_by_keyboard_alone(
    phone: Phones, home: Home
) -> None:
    ana, bo = phone(home.ana), phone(home.bo)
    bo.goto(_begun_by_keyboard(ana))
    for page in (ana, bo):
        _press(page, "I am ready")
    _press(bo, "I'm done")
    _tab_to_when_there(ana, "What did you hear?")
    ana.keyboard.type(REPLY)
    expect(ana.get_by_text("Only you see this")).to_be_visible()
    _press(ana, "Send")
    _press(bo, "Yes, that's it")
    title(ana, re.compile("What did face and voice say"))


def _begun_by_keyboard(ana: Page) -> str:
    """As the form stands, which lets the other speak first."""
    ana.goto("/listening/")
    _tab_to(ana, "With Bo")
    ana.keyboard.press("Enter")
    _press(ana, "Begin")
    expect(ana).to_have_url(re.compile("/listening/round/"))
    return ana.url


def _press(page: Page, name: str) -> None:
    expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
    _tab_to(page, name)
    page.keyboard.press("Enter")


def _tab_to_when_there(page: Page, name: str) -> None:
    expect(page.get_by_role("textbox", name=name)).to_be_visible()
    _tab_to(page, name)
