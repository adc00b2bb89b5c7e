"""A guest on an own phone: one round, no account, and the last word about own words."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Phones
from tests.journeys.neighbours import HEARD, Home
from tests.journeys.steps import end_here, guest_link_from, seat_guest, tap, title, write_back

GIVEN_BACK = "You would rather be asked than helped."


def _played_to_the_end(ana: Page, guest: Page) -> None:
    tap(ana, "I'm done")
    write_back(guest, GIVEN_BACK)
    tap(guest, "Send")
    tap(ana, "Yes, that's it")
    tap(guest, "Skip this")
    tap(ana, "Skip")
    end_here(guest)
    title(guest, "You ended the round here.")
    tap(ana, "Skip")


def _session(ana: Page, guest_url: str) -> None:
    ana.goto(guest_url.replace("/round/", "/session/"))


def test_words_of_a_guest_stay_if_the_guest_says_so(phone: Phones, home: Home) -> None:
    ana, guest = phone(home.ana), phone()
    round_url = seat_guest(ana, guest)
    _played_to_the_end(ana, guest)
    tap(guest, "Keep my words here")
    title(guest, "Kept.")
    expect(guest.get_by_role("link", name="Give the phone back")).to_have_count(0)
    _session(ana, round_url)
    expect(ana.get_by_text(GIVEN_BACK)).to_be_visible()


def test_words_of_a_guest_go_if_the_guest_says_so(phone: Phones, home: Home) -> None:
    ana, guest = phone(home.ana), phone()
    round_url = seat_guest(ana, guest)
    _played_to_the_end(ana, guest)
    _session(ana, round_url)
    expect(ana.get_by_text(GIVEN_BACK)).to_have_count(0)
    tap(guest, "Erase my words")
    title(guest, "Erased.")
    _session(ana, round_url)
    expect(ana.get_by_text("Taken back.")).to_be_visible()
    expect(ana.get_by_text(GIVEN_BACK)).to_have_count(0)
    expect(ana.locator("main").get_by_text("Dee from work")).to_have_count(0)


def test_guest_gets_in_nowhere_else(phone: Phones, home: Home) -> None:
    ana, guest = phone(home.ana), phone()
    round_url = seat_guest(ana, guest)
    for path in ("/", "/us/", "/me/", "/listening/", f"/listening/session/{home.session}/"):
        guest.goto(path)
        expect(guest.get_by_text(HEARD)).to_have_count(0)
        assert guest.url == round_url


def test_guest_who_kept_words_may_think_again_but_the_link_opens_nothing_any_more(
    phone: Phones, home: Home
) -> None:
    ana, guest = phone(home.ana), phone()
    link = guest_link_from(ana)
    guest.goto(link)
    tap(guest, "Come in")
    tap(guest, "Sit down")
    tap(guest, "I am ready")
    tap(ana, "I am ready")
    _played_to_the_end(ana, guest)
    tap(guest, "Keep my words here")
    again = phone()
    again.goto(link)
    tap(again, "Come in")
    title(again, "This link does not open")
    guest.goto("/")
    expect(guest.get_by_text("For half a day you can still take them out")).to_be_visible()
    tap(guest, "Erase my words")
    title(guest, "Erased.")
    guest.goto("/")
    title(guest, "This round is over")
