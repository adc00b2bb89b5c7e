"""What a journey has: a home in a house, and phones that are watched."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Protocol

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.browsers import (
    ARGUMENTS,
    EXIT,
    HOW_TO_INSTALL,
    LAN_NAME,
    Watch,
    check_accessible,
    find_chromium,
)
from tests.journeys.neighbours import Home, Neighbour, settled
from tests.server import House

WAIT_MS = 10_000
HOMES_AT_ONCE = 8


class Phones(Protocol):
    """Makes one more phone at the house's address, signed out or somebody's."""

    def __call__(
        self,
        who: Neighbour | None = None,
        *,
        forgives_network: bool = False,
        has_script: bool = True,
    ) -> Page: ...


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys last: while Playwright runs, its event loop shuts out tests that bring their own."""
    here = Path(__file__).parent
    items.sort(key=lambda item: here in item.path.parents)


@pytest.fixture(scope="session")
def chromium() -> str:
    found = find_chromium()
    if found is None and os.environ.get("CI") == "true":
        pytest.fail(HOW_TO_INSTALL)
    if found is None:
        pytest.skip(HOW_TO_INSTALL)
    return found


@pytest.fixture(scope="session")
def playwright(chromium: str) -> Iterator[Playwright]:
    del chromium  # without one there is nothing to play
    expect.set_options(WAIT_MS)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    launched = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
    yield launched
    launched.close()


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One for all journeys in which nothing happens to the house itself."""
    with _opened(House(tmp_path_factory.mktemp("house"), starts=False)) as started:
        yield started


@pytest.fixture(scope="session")
def _homes(house: House) -> Iterator[Home]:
    return (home for batch in count() for home in settled(house, batch, HOMES_AT_ONCE))


@pytest.fixture
def home(_homes: Iterator[Home]) -> Home:
    """Ana, Bo and Cy, whom no other journey knows."""
    return next(_homes)


@pytest.fixture
def phone(browser: Browser, house: House) -> Iterator[Phones]:
    yield from _phones(browser, house)


@pytest.fixture
def own_house(tmp_path: Path) -> Iterator[House]:
    """One that may be stopped and killed."""
    with _opened(House(tmp_path / "house", starts=False)) as started:
        yield started


@pytest.fixture
def phone_there(browser: Browser, own_house: House) -> Iterator[Phones]:
    yield from _phones(browser, own_house)


@pytest.fixture
def house_on_lan(tmp_path: Path) -> Iterator[House]:
    """Over HTTPS, under a name that is not localhost."""
    with _opened(House(tmp_path / "house-on-lan", lan_name=LAN_NAME, starts=False)) as started:
        yield started


@pytest.fixture
def phone_on_lan(playwright: Playwright, chromium: str, house_on_lan: House) -> Iterator[Phones]:
    """Phones that trust this house and no other."""
    trust = f"--ignore-certificate-errors-spki-list={_key_digest(house_on_lan.server_certificate)}"
    browser = playwright.chromium.launch(executable_path=chromium, args=[*ARGUMENTS, trust])
    yield from _phones(browser, house_on_lan)
    browser.close()


@pytest.fixture
def axe() -> Callable[[Page], None]:
    return check_accessible


@contextmanager
def _opened(house: House) -> Iterator[House]:
    with house:
        house.environment["NEARER_EXIT"] = EXIT
        house.start()
        yield house


def _phones(browser: Browser, house: House) -> Iterator[Phones]:
    """Gives a phone whenever it is asked for; in the end all of them must have behaved."""
    watches: list[Watch] = []
    house.forget_the_rush()

    def new_phone(
        who: Neighbour | None = None, *, forgives_network: bool = False, has_script: bool = True
    ) -> Page:
        context = browser.new_context(
            base_url=house.url,
            viewport={"width": 390, "height": 844},
            has_touch=True,
            is_mobile=True,
            locale="en-GB",
            java_script_enabled=has_script,
        )
        context.set_default_timeout(WAIT_MS)
        watches.append(Watch(house.url, forgives_network))
        watches[-1].over(context)
        context.route(EXIT, lambda route: route.fulfill(body="An ordinary page"))
        if who:
            _sign_in(context, house, who)
        return context.new_page()

    yield new_phone
    for context in browser.contexts:
        context.close()
    seen = [trouble for watch in watches for trouble in watch.seen]
    assert not seen, "\n".join(seen)


def _sign_in(context: BrowserContext, house: House, who: Neighbour) -> None:
    """With the cookie that the house itself sets after a sign-in."""
    name = "__Host-nearer" if house.lan_name else "nearer"
    is_safe = bool(house.lan_name)
    context.add_cookies(
        [{"name": name, "value": who.cookie, "url": house.url, "httpOnly": True, "secure": is_safe}]
    )


def _key_digest(certificate: Path) -> str:
    public = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    digest = hashes.Hash(hashes.SHA256())
    digest.update(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    return base64.b64encode(digest.finalize()).decode()
