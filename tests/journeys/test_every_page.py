"""A walk through every page that somebody can open, on a phone and a desk, by day and by night."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import product
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Page, expect

from tests.browsers import axe_faults
from tests.journeys.conftest import Phones
from tests.journeys.neighbours import Home
from tests.journeys.steps import begin_round, invitation_from, make_bond, tap, title, to_the_code
from tests.test_addresses import TOLD

NAMES = ("Ana", "Bo", "Cy", "Dee", "Eli", "Ines")
PHONE, TABLET, DESK = 360, 768, 1280
SCHEMES = ("light", "dark")
NOT_PAGES = {
    "web:authority": "a file",
    "web:manifest": "a file",
    "web:worker": "a file",
    "web:ready": "a word for programs",
    "people:lock": "leads to unlocking, or away",
    "people:sign_out": "leads to signing in",
    "people:end_device": "leads to the devices",
    "people:withdraw_invitation": "leads to the bond",
    "people:joined": "asked by a page",
    "listening:drill": "leads to a scene",
    "listening:picture": "a part of a page",
    "listening:share": "leads to the session",
    "listening:take_up": "leads to the round",
    "listening:stage": "a part of the round",
    "listening:move": "a part of the round",
    "listening:feedback": "a part of the round",
    "listening:draft": "asked by a page",
    "listening:not_now": "leads to Today",
    "listening:remove_try": "leads to the tries",
    "listening:take_back": "leads to the session",
    "listening:erase": "the page that keep shows, with other words",
}


@dataclass
class Eyes:
    """Look at a page in every width and light, and remember what is wrong and what was seen."""

    faults: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def over(self, page: Page, *, widths: tuple[int, ...] = (PHONE, DESK)) -> None:
        before = page.viewport_size
        path = urlsplit(page.url).path
        self.seen.add(_name_of(path))
        if found := [name for name in NAMES if re.search(rf"\b{name}\b", page.title())]:
            self.faults.append(f"{path}: {found} in the title {page.title()!r}")
        for width, scheme in product(widths, SCHEMES):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(
                color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce"
            )
            self.faults += [f"{path} {width} {scheme}: {fault}" for fault in _faults(page, scheme)]
        page.emulate_media(color_scheme="null", reduced_motion="null")
        if before is not None:
            page.set_viewport_size(before)

    def at(self, page: Page, *paths: str, widths: tuple[int, ...] = (PHONE, DESK)) -> None:
        for path in paths:
            page.goto(path)
            self.over(page, widths=widths)


def _name_of(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return "nothing"


def _faults(page: Page, scheme: str) -> list[str]:
    """By night only colours are other ones."""
    found = axe_faults(page, only="color-contrast" if scheme == "dark" else "")
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("scrolls sideways")
    if not page.locator(".leave-fast:visible").count():
        found.append("no way to leave fast")
    return found


@pytest.fixture
def eyes() -> Eyes:
    return Eyes()


def test_every_page_is_accessible_fits_can_be_left_fast_and_tells_no_name_in_its_title(
    phone: Phones, home: Home, eyes: Eyes
) -> None:
    _outside(phone(), home, eyes)
    _moving_in(phone(), eyes)
    ana = phone(home.ana)
    _tabs(ana, eyes)
    _own_things(ana, eyes)
    _bonds(ana, phone(home.cy), home, eyes)
    _listening(ana, home, eyes)
    _with_a_guest(ana, phone(), home, eyes)
    _live(ana, phone(home.bo), eyes)
    assert eyes.faults == []
    assert eyes.seen - {"nothing"} == {told.name for told in TOLD} - set(NOT_PAGES)


def _outside(page: Page, home: Home, eyes: Eyes) -> None:
    eyes.at(page, "/", "/safety/", widths=(PHONE, TABLET, DESK))
    eyes.at(page, "/sign-in/", "/recover/", "/invitation/", "/trust/", "/offline/", "/round-over/")
    eyes.at(page, f"/guest/{home.space}/", "/no-such-page/")


def _moving_in(page: Page, eyes: Eyes) -> None:
    eyes.at(page, "/begin/")
    to_the_code(page, "Ines", start="/begin/", on_the_way=eyes.over)
    eyes.over(page)
    tap(page, "I have it on paper")
    eyes.over(page)
    eyes.at(page, "/", "/us/", "/listening/")


def _tabs(page: Page, eyes: Eyes) -> None:
    everywhere = (PHONE, TABLET, DESK)
    eyes.at(page, "/", "/practise/", "/us/", "/learn/", "/me/", widths=everywhere)


def _own_things(page: Page, eyes: Eyes) -> None:
    eyes.at(page, *(f"/me/{each}/" for each in ("export", "delete", "code", "name", "house")))
    eyes.at(page, *(f"/me/{each}/" for each in ("reminders", "passphrase", "devices")))


def _bonds(ana: Page, cy: Page, home: Home, eyes: Eyes) -> None:
    bond = f"/bond/{home.space}/"
    eyes.at(ana, "/bond/new/", bond, f"{bond}leave/", f"/bond/{home.with_dee}/")
    make_bond(ana, "Eli")
    link = invitation_from(ana, "Eli")
    eyes.over(ana)
    ana.goto(link)
    tap(ana, "Open the invitation")
    tap(ana, "Yes, I would like that")
    eyes.over(ana)
    cy.goto(link)
    tap(cy, "Open the invitation")
    eyes.over(cy)
    tap(cy, "Not now")
    eyes.over(cy)


def _listening(page: Page, home: Home, eyes: Eyes) -> None:
    eyes.at(page, "/listening/", f"/listening/session/{home.session}/")
    eyes.at(page, "/listening/habit/", "/listening/paper/", f"/listening/paper/{home.space}/")
    eyes.at(page, f"/listening/begin/{home.space}/", "/listening/drill/")
    page.get_by_label("What do you say?").fill("You should sleep more.")
    tap(page, "Say it")
    expect(page.get_by_text("Two other ways to answer")).to_be_visible()
    eyes.over(page)
    scene = page.url.rstrip("/").rpartition("/")[2]
    eyes.at(page, "/listening/tries/", f"/listening/tries/{scene}/")
    eyes.at(page, f"/listening/older/{home.session}/")


def _with_a_guest(ana: Page, guest: Page, home: Home, eyes: Eyes) -> None:
    path = begin_round(ana, "Dee")
    tap(ana, "Make the link")
    eyes.over(ana)
    guest.goto(ana.locator("#address").input_value())
    tap(guest, "Come in")
    eyes.over(guest)
    tap(guest, "Sit down")
    tap(guest, "I am ready")
    ana.goto(path.replace("/guest/", "/round/"))
    tap(ana, "I am ready")
    tap(ana, "I'm done")
    guest.get_by_role("link", name="Leave or end", exact=True).click()
    tap(guest, "End it here")
    tap(ana, "Skip")
    title(guest, re.compile("You ended the round"))
    eyes.over(guest)
    tap(guest, "Keep my words here")
    title(guest, "Kept.")
    eyes.over(guest)


def _live(ana: Page, bo: Page, eyes: Eyes) -> None:
    path = begin_round(ana, "Bo", one_phone=True)
    eyes.over(ana)
    eyes.at(bo, path)
    eyes.at(ana, f"{path}leave/", "/")
