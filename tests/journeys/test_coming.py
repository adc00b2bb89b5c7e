"""Coming in: by invitation, and back again with the recovery code."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Phones
from tests.journeys.neighbours import HEARD, PASSPHRASE, Home, Neighbour
from tests.journeys.steps import (
    accept,
    invitation_from,
    make_bond,
    sign_up,
    tap,
    title,
    type_back_code,
)

NEW = "five geese across the frozen lake"


def _words(page: Page) -> list[str]:
    expect(page.locator("ol.words > li")).to_have_count(6)
    return page.locator("ol.words > li").all_inner_texts()


def test_invitation_by_link_ends_with_the_same_six_words_on_both_phones(
    phone: Phones, home: Home
) -> None:
    ana, cy = phone(home.ana), phone(home.cy)
    make_bond(ana, "Cy", kind="friends")
    accept(cy, invitation_from(ana, "Cy"))
    words = _words(cy)
    expect(ana.locator("ol.words")).to_be_visible()
    assert _words(ana) == words
    cy.goto(f"/bond/{home.space}/")
    title(cy, "There is nothing at this address")


def test_letters_of_an_invitation_leave_the_address_at_once(phone: Phones, home: Home) -> None:
    ana, cy = phone(home.ana), phone(home.cy)
    make_bond(ana, "Cy", kind="friends")
    link = invitation_from(ana, "Cy")
    asked: list[str] = []
    cy.on("request", lambda request: asked.append(request.url + (request.post_data or "")))
    cy.goto(link)
    tap(cy, "Open the invitation")
    expect(cy.get_by_text("Ana invites you")).to_be_visible()
    letters = link.partition("#")[2]
    assert letters not in cy.url
    assert [url for url in asked if letters in url.partition("/invitation/")[0]] == []
    assert cy.evaluate("performance.getEntries().map(e => e.name).join()").count(letters) == 0


def test_whoever_is_invited_makes_an_account_on_the_way(phone: Phones, home: Home) -> None:
    ana, eli = phone(home.ana), phone()
    make_bond(ana, "Eli", kind="siblings")
    eli.goto(invitation_from(ana, "Eli"))
    tap(eli, "Open the invitation")
    tap(eli, "Make my own account first")
    eli.get_by_label("Your name").fill("Elias")
    eli.get_by_label("18", exact=False).check()
    tap(eli, "Next")
    eli.get_by_label("User name").fill("elias")
    eli.get_by_label("Passphrase").fill(NEW)
    tap(eli, "Make my room")
    type_back_code(eli)
    tap(eli, "Yes, I would like that")
    assert _words(eli)
    expect(ana.get_by_text("Ana & Elias").first).to_be_visible()


def test_saying_not_now_tells_nobody_anything(phone: Phones, home: Home) -> None:
    ana, cy = phone(home.ana), phone(home.cy)
    make_bond(ana, "Cy", kind="friends")
    bond = ana.url
    link = invitation_from(ana, "Cy")
    ana.goto(bond)
    before = ana.locator("main").inner_text()
    cy.goto(link)
    tap(cy, "Open the invitation")
    tap(cy, "Not now")
    title(cy, "All right")
    ana.reload()
    assert ana.locator("main").inner_text() == before


def test_invitation_that_was_taken_back_opens_nothing(phone: Phones, home: Home) -> None:
    ana, cy = phone(home.ana), phone(home.cy)
    make_bond(ana, "Cy", kind="friends")
    link = invitation_from(ana, "Cy")
    tap(ana, "Take it back")
    cy.goto(link)
    tap(cy, "Open the invitation")
    title(cy, "This invitation does not open")


def test_invitation_works_once(phone: Phones, home: Home) -> None:
    ana, cy, bo = phone(home.ana), phone(home.cy), phone(home.bo)
    make_bond(ana, "Cy", kind="friends")
    link = invitation_from(ana, "Cy")
    accept(cy, link)
    assert _words(cy)
    bo.goto(link)
    tap(bo, "Open the invitation")
    title(bo, "This invitation does not open")


def test_recovery_code_opens_old_words_and_ends_every_other_session(
    phone: Phones, home: Home
) -> None:
    old, new = phone(home.ana), phone()
    session = f"/listening/session/{home.session}/"
    _recovered(new, home.ana)
    type_back_code(new)
    new.goto(session)
    expect(new.get_by_text(HEARD)).to_be_visible()
    old.goto(session)
    title(old, "Come in")


def test_after_recovery_the_old_passphrase_and_the_old_code_open_nothing(
    phone: Phones, home: Home
) -> None:
    _recovered(phone(), home.ana)
    page = phone()
    page.goto("/sign-in/")
    page.get_by_label("User name").fill(home.ana.login)
    page.get_by_label("Passphrase").fill(f"{PASSPHRASE} Ana")
    tap(page, "Sign in")
    expect(page.get_by_text("do not fit together")).to_be_visible()
    _recovered(page, home.ana)
    expect(page.get_by_text("do not fit together")).to_be_visible()


def test_whoever_comes_back_with_a_new_account_sees_the_same_six_words_as_the_other(
    phone: Phones, home: Home
) -> None:
    """Bo lost passphrase and code; the old phone is told, and the words are new ones."""
    ana, old, new = phone(home.ana), phone(home.bo), phone()
    bond = f"/bond/{home.space}/"
    ana.goto(bond)
    before = _words(ana)
    sign_up(new, "Bobby")
    ana.locator("summary", has_text="Bo lost the passphrase and the code").click()
    tap(ana, "Invite Bo again")
    accept(new, ana.locator("#address").input_value())
    title(new, "Bobby & Ana")
    words = _words(new)
    expect(ana.get_by_text("Bobby came back with a new account")).to_be_visible()
    title(ana, "Ana & Bobby")
    assert _words(ana) == words != before
    old.goto(bond)
    expect(old.get_by_text("let a new account into this bond in your place")).to_be_visible()
    expect(old.locator("ol.words")).to_have_count(0)


def _recovered(page: Page, who: Neighbour) -> None:
    page.goto("/recover/")
    page.get_by_label("User name").fill(who.login)
    page.get_by_label("Recovery code").fill(who.code.lower())
    page.get_by_label("A new passphrase").fill(NEW)
    tap(page, "Open everything again")


def test_recovery_code_from_the_first_run_works(phone: Phones) -> None:
    code = sign_up(phone(), "Ilse")
    page = phone()
    _recovered(page, Neighbour("Ilse", "ilse", "", code))
    title(page, "Put this on paper")
