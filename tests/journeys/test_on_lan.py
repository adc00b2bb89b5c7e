"""A phone on the same Wi-Fi: HTTPS, under a name that is not localhost."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browsers import LAN_NAME
from tests.journeys.conftest import Phones
from tests.journeys.neighbours import settled
from tests.journeys.steps import end_here, look_back_after_end, sign_up, sit_down, tap
from tests.server import House


def test_phone_that_trusts_the_house_gets_all_that_browsers_keep_for_secure_pages(
    phone_on_lan: Phones,
) -> None:
    page = phone_on_lan()
    page.goto("/")
    assert page.url.startswith(f"https://{LAN_NAME}:")
    assert page.evaluate("window.isSecureContext")
    page.wait_for_function("() => navigator.serviceWorker.ready.then(() => true)")


def test_trust_page_hands_out_the_certificate_of_this_house(
    phone_on_lan: Phones, house_on_lan: House, axe: Callable[[Page], None]
) -> None:
    page = phone_on_lan()
    page.goto("/trust/")
    for device in page.locator("summary").all():
        device.click()
    expect(page.get_by_text("Certificate Trust Settings")).to_be_visible()
    axe(page)
    link = page.get_by_role("link", name="nearer-house.crt").get_attribute("href")
    fetched = page.evaluate("address => fetch(address).then(answer => answer.text())", link)
    assert fetched == house_on_lan.authority.read_text(encoding="ascii")


def test_two_phones_in_the_home_network_go_through_a_short_round(
    phone_on_lan: Phones, house_on_lan: House
) -> None:
    home = settled(house_on_lan, 0, 1)[0]
    ana, bo = phone_on_lan(home.ana), phone_on_lan(home.bo)
    sockets: list[str] = []
    ana.on("websocket", lambda socket: sockets.append(socket.url))
    path = sit_down(ana, bo)
    tap(ana, "I'm done")
    tap(bo, "I said it aloud")
    tap(ana, "Yes, that's it")
    tap(bo, "Skip this")
    tap(ana, "Skip")
    end_here(bo)
    look_back_after_end(path, bo, ana)
    expect(bo.get_by_text("Said aloud.")).to_be_visible()
    assert {re.sub(r":\d+/", "/", url) for url in sockets} == {f"wss://{LAN_NAME}/stage/"}


def test_cookies_of_the_home_network_are_bound_to_this_house(phone_on_lan: Phones) -> None:
    page = phone_on_lan()
    sign_up(page, "Ana")
    cookies = page.context.cookies()
    assert {cookie["name"] for cookie in cookies} == {"__Host-nearer", "__Host-nearer-form"}
    for cookie in cookies:
        assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Lax")
        assert (cookie["domain"], cookie["path"]) == (LAN_NAME, "/")
