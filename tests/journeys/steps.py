"""What people do on the way to each other, as one would tell it."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

PASSPHRASE = "three herons over the mill pond"


def sign_up(page: Page, name: str, *, start: str = "/") -> str:
    """Three screens to the first drill.

    Returns:
        The recovery code.
    """
    to_the_code(page, name, start=start)
    return type_back_code(page)


def to_the_code(
    page: Page, name: str, *, start: str = "/", on_the_way: Callable[[Page], None] = lambda _: None
) -> None:
    """As far as the third screen, which shows the recovery code."""
    page.goto(start)
    if urlsplit(page.url).path == "/":
        page.get_by_role("link", name="Begin").click()
    page.get_by_label("name", exact=False).first.fill(name)
    page.get_by_label("18", exact=False).check()
    page.get_by_role("button", name="Next").click()
    on_the_way(page)
    page.get_by_label("User name").fill(name.lower())
    page.get_by_label("Passphrase").first.fill(f"{PASSPHRASE} {name}")
    page.locator("main form button.btn:not([type=button])").first.click()
    expect(page.locator("ol.secret > li")).to_have_count(8)


def type_back_code(page: Page) -> str:
    expect(page.locator("ol.secret > li")).to_have_count(8)
    groups = page.locator("ol.secret > li").all_inner_texts()
    page.get_by_role("button", name=re.compile("kept|wrote|have it|Next|paper", re.I)).first.click()
    for field in (page.locator("#id_first"), page.locator("#id_second")):
        label = page.locator(f"label[for={field.get_attribute('id')}]").inner_text()
        number = re.search(r"\d+", label)
        assert number, label
        field.fill(groups[int(number[0]) - 1])
    page.get_by_role("button", name=re.compile("^Done")).click()
    return "-".join(groups)


def make_bond(page: Page, other: str, *, kind: str = "partners") -> None:
    page.goto("/us/")
    page.get_by_role("link", name="Make a bond").click()
    _choose(page, kind)
    page.get_by_label("call", exact=False).first.fill(other)
    page.get_by_role("button", name="Make it").click()


def invitation_from(page: Page, other: str) -> str:
    """From the page of the bond to the link."""
    page.get_by_role("button", name=f"Invite {other}").click()
    return page.locator("#address").input_value()


def accept(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Open the invitation").click()
    page.get_by_role("button", name="Yes, I would like that").click()


def bonded(ana: Page, bo: Page) -> None:
    """Two accounts and the bond between them."""
    sign_up(ana, "Ana")
    sign_up(bo, "Bo")
    make_bond(ana, "Bo")
    accept(bo, invitation_from(ana, "Bo"))
    expect(bo.locator("ol.words")).to_be_visible()


def begin_round(page: Page, other: str, *, mode: str = "same_room", one_phone: bool = False) -> str:
    """
    Returns:
        The round's path.
    """
    page.goto("/listening/")
    page.get_by_role("link", name=f"With {other}").click()
    _choose(page, mode)
    _choose(page, "one" if one_phone else "two")
    _choose(page, "me")
    page.get_by_role("button", name="Begin").click()
    return urlsplit(page.url).path


def sit_down(ana: Page, bo: Page, *, mode: str = "same_room") -> str:
    """A round in which Ana speaks, as far as both being ready.

    Returns:
        The round's path.
    """
    path = begin_round(ana, "Bo", mode=mode)
    bo.goto(path)
    tap(ana, "I am ready")
    tap(bo, "I am ready")
    expect(ana.locator(".step.speaking")).to_be_visible()
    expect(bo.get_by_text("when Ana is done")).to_be_visible()
    return path


def guest_link_from(ana: Page) -> str:
    """Ana begins a round with Dee and makes a link to it."""
    begin_round(ana, "Dee")
    tap(ana, "Make the link")
    link = ana.locator("#address").input_value()
    ana.get_by_role("link", name="To the round").click()
    return link


def seat_guest(ana: Page, guest: Page) -> str:
    """The guest follows the link and sits down.

    Returns:
        The address of the round.
    """
    guest.goto(guest_link_from(ana))
    tap(guest, "Come in")
    guest.get_by_label("What shall we call you?").fill("Dee from work")
    tap(guest, "Sit down")
    tap(guest, "I am ready")
    tap(ana, "I am ready")
    return guest.url


def begin_to_write(page: Page, words: str) -> None:
    """As far as the house having it; nothing is sent to the other."""
    with page.expect_response(lambda answer: answer.url.endswith("/draft/") and answer.ok):
        page.locator("#id_words").fill(words)


def write_back(listener: Page, words: str) -> None:
    """As far as the private look at it, which comes by itself and offers to send."""
    field = listener.get_by_label("What did you hear?")
    field.click()
    field.fill(words)
    expect(listener.get_by_text("Only you see this")).to_be_visible()


def end_here(page: Page) -> None:
    """One tap, and one confirmation."""
    page.get_by_role("link", name="Leave or end", exact=True).click()
    tap(page, "End it here")
    page.wait_for_load_state()


def look_back_after_end(path: str, ended: Page, other: Page) -> None:
    """Whoever ended it is at home again; the other is told and keeps no line."""
    expect(ended).to_have_url(re.compile("/$"))
    title(other, re.compile("ended the round here"))
    tap(other, "Skip")
    for page in (ended, other):
        page.goto(path.replace("/round/", "/session/"))


def look_back(path: str, *pages: Page) -> None:
    """Nobody keeps a line; then each opens what was caught."""
    for page in pages:
        tap(page, "Skip")
    for page in pages:
        title(page, re.compile("That was it"))
        page.goto(path.replace("/round/", "/session/"))


def unlock(page: Page, name: str) -> None:
    page.get_by_label("Your passphrase").fill(f"{PASSPHRASE} {name}")
    tap(page, "Unlock")
    page.wait_for_load_state()


def lock(page: Page) -> None:
    """What the idle minutes do, without the wait."""
    page.evaluate(
        """fetch('/lock/', {method: 'POST', redirect: 'manual',
           body: new FormData(document.querySelector('form[data-leave-fast]'))})"""
    )


def take_the_phone(page: Page, name: str) -> None:
    """Some steps on a shared phone are for one of the two; the other looks away."""
    page.locator("summary", has_text=f"I am {name}, and I hold the phone").click()


def tap(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def title(page: Page, words: str | re.Pattern[str]) -> None:
    """Wait until the page's large words are these."""
    expect(page.locator("h1").last).to_have_text(words)


def _choose(page: Page, value: str) -> None:
    page.locator(f"input[type=radio][value={value}]").check()
