"""Takes pictures of pages, on a phone and on a desk, by day and in the evening."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browsers import Watch

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Size:
    """A window in points; ``device`` takes all the pixels of a phone."""

    width: int
    height: int
    scale: Literal["css", "device"]


PHONE = Size(390, 844, "device")
DESK = Size(1280, 800, "css")
SIZES = (PHONE, DESK)


@dataclass(frozen=True, slots=True)
class Camera:
    """Takes whatever a page shows, in two sizes and two lights."""

    folder: Path

    def take(self, page: Page, name: str) -> None:
        page.evaluate("document.fonts.ready.then(() => true)")
        page.wait_for_load_state("networkidle")
        for size in SIZES:
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                _unroll(page, size)
                path = self.folder / f"{name}-{size.width}-{scheme}.png"
                page.screenshot(path=path, animations="disabled", caret="initial", scale=size.scale)
        page.set_viewport_size({"width": PHONE.width, "height": PHONE.height})

    def visit(self, page: Page, path: str, name: str) -> None:
        page.goto(path)
        self.take(page, name)


def _unroll(page: Page, size: Size) -> None:
    """A window as long as the page, so that what sticks to its foot does not lie across it."""
    page.set_viewport_size({"width": size.width, "height": size.height})
    length = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size.width, "height": max(size.height, length)})


@contextmanager
def phone_at(browser: Browser, url: str, *, is_watched: bool = True) -> Iterator[Page]:
    """
    Raises:
        AssertionError: a page was broken, or asked another host for something.
    """
    context: BrowserContext = browser.new_context(
        base_url=url,
        viewport={"width": PHONE.width, "height": PHONE.height},
        device_scale_factor=2,
        locale="en-GB",
    )
    context.set_default_timeout(10_000)
    watch = Watch(url, forgives_network=True)
    watch.over(context)
    yield context.new_page()
    context.close()
    assert not (is_watched and watch.seen), "\n".join(watch.seen)


def sign_in(page: Page, login: str, passphrase: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("User name").fill(login)
    page.get_by_label("Passphrase").fill(passphrase)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")
