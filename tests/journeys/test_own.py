"""What one wrote is found again, and a tap is enough where nothing has to be typed."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Phones
from tests.journeys.neighbours import HEARD, Home
from tests.journeys.steps import sit_down, tap, title

_RATINGS = ("What I meant got across", "What I said had weight", "I felt warmth from Bo")
_IN_SIGHT = """button => {
  const box = button.getBoundingClientRect();
  return box.top >= 0 && box.bottom <= innerHeight;
}"""


def _topics(page: Page) -> list[str]:
    return page.locator(".topics button:visible").all_inner_texts()


def test_thing_to_talk_about_is_a_tap_and_begin_stays_in_sight(phone: Phones, home: Home) -> None:
    page = phone(home.ana)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/listening/begin/{home.space}/")
    page.get_by_text("Some things to talk about").click()
    field, first = page.get_by_label("About what?"), _topics(page)
    assert len(first) == 6
    page.get_by_role("button", name=first[2]).focus()
    page.keyboard.press("Enter")
    expect(field).to_have_value(first[2])
    expect(page.locator(".topics [aria-pressed=true]")).to_have_text(first[2])
    begin = page.get_by_role("button", name="Begin", exact=True)
    assert [each.evaluate(_IN_SIGHT) for each in (field, begin)] == [True, True]
    field.fill("Something else")
    expect(page.locator(".topics [aria-pressed=true]")).to_have_count(0)
    tap(page, "Others")
    others = _topics(page)
    assert (len(others), set(first) & set(others)) == (6, set())


def test_things_to_talk_about_can_be_read_without_scripts(phone: Phones, home: Home) -> None:
    page = phone(home.ana, has_script=False)
    page.goto(f"/listening/begin/{home.space}/")
    page.get_by_text("Some things to talk about").click()
    expect(page.locator(".topics li:visible")).to_have_count(40)


def test_own_try_is_found_and_removed_in_two_taps(phone: Phones, home: Home) -> None:
    page = phone(home.ana)
    page.goto("/listening/drill/")
    for words in ("You waited all day.", "You waited, and nobody came."):
        page.get_by_label("What do you say?").fill(words)
        with page.expect_response(lambda answer: "/drill/" in answer.url and answer.ok):
            page.locator("#drill form button.btn").click()
    page.goto("/us/")
    line = page.get_by_role("link", name=re.compile("A drill, alone.*2 tries", re.DOTALL))
    expect(line).to_have_count(1)
    line.click()
    title(page, "My tries")
    page.locator("summary", has_text="Remove").first.click()
    tap(page, "Remove this try")
    expect(page.get_by_text("nobody came")).to_have_count(0)
    expect(page.get_by_text("You waited all day.")).to_be_visible()


def test_own_word_is_taken_back_on_the_page_of_a_session(phone: Phones, home: Home) -> None:
    bo, ana = phone(home.bo), phone(home.ana)
    for page in (ana, bo):
        page.goto(f"/listening/session/{home.session}/")
        quote = page.locator(".quote", has_text=HEARD)
        assert quote.evaluate("quote => quote.innerText") == HEARD
    bo.locator(".heard summary").first.click()
    bo.locator(".heard").get_by_role("button", name="Take it back").first.click()
    expect(bo.get_by_text(HEARD)).to_have_count(0)
    ana.reload()
    expect(ana.get_by_text("Taken back.")).to_be_visible()


def test_redrawn_ratings_are_asked_again_and_the_console_stays_silent(
    phone: Phones, home: Home
) -> None:
    """Each phone's watch fails at the end if its browser complained about anything."""
    ana, bo = phone(home.ana), phone(home.bo)
    sit_down(ana, bo)
    tap(ana, "I'm done")
    tap(bo, "I said it aloud")
    tap(ana, "Yes, that's it")
    tap(bo, "Skip this")
    for label in _RATINGS[:2]:
        ana.get_by_label(label).fill("8")
    tap(ana, "Keep it")
    expect(ana.get_by_text("Set all three")).to_be_visible()
    expect(ana.get_by_role("slider")).to_have_count(3)
    ana.get_by_label(_RATINGS[2]).fill("9")
    expect(ana.get_by_label(_RATINGS[2])).to_have_value("9")
    tap(ana, "Keep it")
    title(ana, re.compile("."))
    expect(ana.get_by_text("Set all three")).to_have_count(0)
    ana.goto("/us/")
    expect(ana.get_by_text("Not enough yet to tell").first).to_be_visible()
