"""The two ways to take turns: every word written, or none."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Phones
from tests.journeys.neighbours import Home
from tests.journeys.steps import (
    end_here,
    look_back,
    look_back_after_end,
    sit_down,
    tap,
    title,
    write_back,
)

SAID = "Since the move nobody here knows me, and I smile all day."
FIRST_TRY = "The move was a lot of work."
MISSING = "That I am lonely, not tired."
SECOND_TRY = "You are among people all day, and nobody sees you."
CAUGHT = "The smiling."


def test_in_writing_the_speaker_says_what_was_missing_until_it_is_right(
    phone: Phones, home: Home
) -> None:
    ana, bo = phone(home.ana), phone(home.bo)
    path = sit_down(ana, bo, mode="in_writing")
    ana.get_by_label("What you want Bo to hear").fill(SAID)
    tap(ana, "Send")
    expect(bo.get_by_text(SAID)).to_be_visible()
    write_back(bo, FIRST_TRY)
    tap(bo, "Send")
    expect(ana.get_by_text(FIRST_TRY)).to_be_visible()
    ana.locator("#id_words").fill(MISSING)
    tap(ana, "Partly")
    title(bo, re.compile("Once more"))
    expect(bo.get_by_text(MISSING)).to_be_visible()
    write_back(bo, SECOND_TRY)
    tap(bo, "Send")
    expect(ana.get_by_text(SECOND_TRY)).to_be_visible()
    ana.locator("#id_words").fill(CAUGHT)
    tap(ana, "Yes, that's it")
    _rate(ana)
    end_here(bo)
    look_back_after_end(path, bo, ana)
    for page in (ana, bo):
        for words in (SAID, FIRST_TRY, MISSING, SECOND_TRY, CAUGHT):
            expect(page.get_by_text(words)).to_be_visible()
        expect(page.get_by_text("What I meant got across")).to_have_count(int(page is ana))


def _rate(page: Page) -> None:
    """All three, with the keys that a slider knows."""
    title(page, "How was it to be listened to?")
    expect(page.locator("input[type=range]")).to_have_count(3)
    for slider in page.locator("input[type=range]").all():
        slider.focus()
        page.keyboard.press("ArrowRight")
    tap(page, "Keep it")


def test_in_writing_nothing_can_be_sent_empty(phone: Phones, home: Home) -> None:
    ana, bo = phone(home.ana), phone(home.bo)
    sit_down(ana, bo, mode="in_writing")
    tap(ana, "Send")
    expect(ana.get_by_text("Write a few words first.")).to_be_visible()
    expect(bo.get_by_text("This page turns by itself")).to_be_visible()


@pytest.mark.parametrize("mode", ["same_room", "on_a_call"])
def test_whole_session_works_aloud_without_a_typed_word_by_either(
    phone: Phones, home: Home, mode: str
) -> None:
    ana, bo = phone(home.ana), phone(home.bo)
    path = sit_down(ana, bo, mode=mode)
    for speaker, listener in ((ana, bo), (bo, ana)):
        tap(speaker, "I'm done")
        tap(listener, "I said it aloud")
        tap(speaker, "Not yet")
        tap(listener, "I said it aloud")
        tap(speaker, "Yes, that's it")
        tap(listener, "I said it aloud")
        tap(speaker, "Not quite")
        _rate(speaker)
        if speaker is ana:
            tap(bo, "I am ready to speak")
    look_back(path, ana, bo)
    for page in (ana, bo):
        expect(page.get_by_text("Said aloud.")).to_have_count(4)


def test_rating_reaches_the_listener_only_when_it_is_shared(phone: Phones, home: Home) -> None:
    ana, bo = phone(home.ana), phone(home.bo)
    path = sit_down(ana, bo)
    tap(ana, "I'm done")
    tap(bo, "I said it aloud")
    tap(ana, "Yes, that's it")
    tap(bo, "Skip this")
    _rate(ana)
    end_here(bo)
    look_back_after_end(path, bo, ana)
    expect(bo.get_by_text("What I meant got across")).to_have_count(0)
    tap(ana, "Share with Bo")
    expect(ana.get_by_text("Both of you see these numbers.")).to_be_visible()
    bo.reload()
    expect(bo.get_by_text("What I meant got across")).to_be_visible()
