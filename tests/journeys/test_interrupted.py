"""Whatever comes in between, a round goes on where it was, on both phones, with every word once."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import Phones
from tests.journeys.neighbours import Home, settled
from tests.journeys.steps import (
    begin_round,
    end_here,
    lock,
    look_back_after_end,
    sit_down,
    tap,
    title,
    unlock,
    write_back,
)
from tests.server import House

WORDS = "You wanted the garden to be yours alone, and it felt wrong to want that."
PAUSED = "Time stands still here."
LOST_MS = 30_000


def _go_on_to_the_end(path: str, ana: Page, bo: Page) -> None:
    """From Bo's words with Ana to the page of the session, where they stand once."""
    tap(ana, "Yes, that's it")
    tap(bo, "Skip this")
    tap(ana, "Skip")
    end_here(bo)
    look_back_after_end(path, bo, ana)
    for page in (ana, bo):
        expect(page.get_by_text(WORDS)).to_have_count(1)
        expect(page.get_by_text("Bo gave back")).to_have_count(1)


def test_either_pauses_and_then_goes_on(phone: Phones, home: Home) -> None:
    ana, bo = phone(home.ana), phone(home.bo)
    sit_down(ana, bo)
    tap(bo, "Pause")
    for page in (ana, bo):
        title(page, PAUSED)
    expect(ana.get_by_role("button", name="Go on")).to_have_count(0)
    tap(bo, "Go on")
    expect(ana.locator(".step.speaking")).to_be_visible()
    expect(bo.get_by_text("when Ana is done")).to_be_visible()


def test_whoever_leaves_for_now_finds_the_round_where_it_was(phone: Phones, home: Home) -> None:
    ana, bo = phone(home.ana), phone(home.bo)
    path = sit_down(ana, bo)
    tap(ana, "I'm done")
    bo.get_by_role("link", name="Leave or end", exact=True).click()
    tap(bo, "Come back later")
    expect(bo).to_have_url(re.compile("/$"))
    title(ana, PAUSED)
    bo.get_by_role("link", name="Go on").click()
    tap(bo, "Go on")
    write_back(bo, WORDS)
    tap(bo, "Send")
    _go_on_to_the_end(path, ana, bo)


def test_words_begun_on_a_closed_page_are_there_again(phone: Phones, home: Home) -> None:
    ana, bo = phone(home.ana), phone(home.bo)
    path = sit_down(ana, bo)
    tap(ana, "I'm done")
    write_back(bo, WORDS)
    bo.goto("/")
    bo.goto(path)
    expect(bo.get_by_label("What did you hear?")).to_have_value(WORDS)


def test_words_typed_while_the_connection_is_gone_are_sent_when_it_is_back(
    phone: Phones, home: Home
) -> None:
    ana, bo = phone(home.ana), phone(home.bo, forgives_network=True)
    path = sit_down(ana, bo)
    tap(ana, "I'm done")
    write_back(bo, WORDS)
    bo.context.set_offline(True)
    tap(bo, "Send")
    expect(bo.get_by_text("Not sent yet. Your words are still here.")).to_be_visible()
    expect(bo.get_by_label("What did you hear?")).to_have_value(WORDS)
    bo.context.set_offline(False)
    expect(ana.get_by_text(WORDS)).to_be_visible(timeout=LOST_MS)
    _go_on_to_the_end(path, ana, bo)


def test_round_goes_on_after_the_house_was_killed_in_mid_step(
    phone_there: Phones, own_house: House
) -> None:
    home = settled(own_house, 0, 1)[0]
    ana = phone_there(home.ana, forgives_network=True)
    bo = phone_there(home.bo, forgives_network=True)
    path = sit_down(ana, bo)
    own_house.kill()
    tap(ana, "I'm done")
    expect(ana.get_by_text("Not sent yet.")).to_be_visible()
    own_house.start()
    title(bo, re.compile("Ana is done"))
    write_back(bo, WORDS)
    own_house.kill()
    tap(bo, "Send")
    expect(bo.get_by_label("What did you hear?")).to_have_value(WORDS)
    own_house.start()
    expect(ana.get_by_text(WORDS)).to_be_visible(timeout=LOST_MS)
    _go_on_to_the_end(path, ana, bo)


def test_second_tab_of_the_same_person_follows_the_first(phone: Phones, home: Home) -> None:
    ana, bo = phone(home.ana), phone(home.bo)
    path = sit_down(ana, bo)
    second = bo.context.new_page()
    second.goto(path)
    tap(ana, "I'm done")
    write_back(bo, WORDS)
    tap(bo, "Send")
    title(second, re.compile("Was that it?"))
    _go_on_to_the_end(path, ana, second)


def test_second_tab_that_missed_it_is_told_and_its_words_come_back(
    phone: Phones, home: Home
) -> None:
    ana, bo = phone(home.ana), phone(home.bo)
    path = sit_down(ana, bo)
    tap(ana, "I'm done")
    second = _deaf(bo, path)
    write_back(second, "Something else entirely")
    write_back(bo, WORDS)
    tap(bo, "Send")
    expect(ana.get_by_text(WORDS)).to_be_visible()
    tap(second, "Send")
    expect(second.get_by_text("Something changed a moment before that tap.")).to_be_visible()
    expect(second.get_by_text("Something else entirely")).to_be_visible()
    _go_on_to_the_end(path, ana, bo)


def _deaf(of: Page, path: str) -> Page:
    """One more tab of the same person, which hears nothing of what happens elsewhere."""
    tab = of.context.new_page()
    tab.route_web_socket(re.compile("/stage/"), lambda _socket: None)
    tab.goto(path)
    return tab


def test_both_may_tap_ready_at_the_same_moment(phone: Phones, home: Home) -> None:
    ana, bo = phone(home.ana), phone(home.bo)
    bo.goto(begin_round(ana, "Bo"))
    for page in (ana, bo):
        expect(page.get_by_role("button", name="I am ready")).to_be_visible()
    _at_once((ana, "ready"), (bo, "ready"))
    expect(ana.locator(".step.speaking")).to_be_visible()
    expect(bo.get_by_text("when Ana is done")).to_be_visible()


def test_pausing_and_being_done_at_the_same_moment_leave_both_at_the_same_place(
    phone: Phones, home: Home
) -> None:
    ana, bo = phone(home.ana), phone(home.bo)
    path = sit_down(ana, bo)
    _at_once((ana, "spoke"), (bo, "pause"))
    for page in (ana, bo):
        title(page, PAUSED)
    tap(bo, "Go on")
    expect(ana.get_by_text(PAUSED)).to_have_count(0)
    if ana.get_by_role("button", name="I'm done").is_visible():  # the pause came first
        tap(ana, "I'm done")
    write_back(bo, WORDS)
    tap(bo, "Send")
    _go_on_to_the_end(path, ana, bo)


def _at_once(*taps: tuple[Page, str]) -> None:
    """All of them before any is answered."""
    arrived: list[Route] = []
    for page, move in taps:
        page.route("**/move/", lambda route: arrived.append(route))
        page.evaluate(f"document.querySelector('#stage button[value={move}]').click()")
    while len(arrived) < len(taps):
        taps[0][0].wait_for_timeout(20)
    for route in arrived:
        route.continue_()
    for page, _move in taps:
        page.unroute("**/move/")


def test_locked_phone_goes_on_where_it_was_after_the_passphrase(phone: Phones, home: Home) -> None:
    ana, bo = phone(home.ana), phone(home.bo)
    path = sit_down(ana, bo)
    tap(ana, "I'm done")
    lock(bo)
    expect(bo).to_have_url(re.compile("/unlock/"), timeout=LOST_MS)
    expect(bo.get_by_text("Ana")).to_have_count(0)
    unlock(bo, "Bo")
    assert urlsplit(bo.url).path == path
    write_back(bo, WORDS)
    tap(bo, "Send")
    _go_on_to_the_end(path, ana, bo)
