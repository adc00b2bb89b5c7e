"""Every page as a picture: `python -m tests.screenshots FOLDER`.

A demo house is started, Maya and Jonas walk through it on two phones, and each page is taken on a
phone (390 px, two pixels a point) and on a desk (1280 px), by day and in the evening.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from nearer.web import environment as env
from tests.browsers import ARGUMENTS, HOW_TO_INSTALL, Watch, find_chromium
from tests.journeys.steps import PASSPHRASE, begin_round, tap, title
from tests.server import House

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")

HEARD = "You have waited for that call since Monday, and then it was the wrong lift."
NAMED_PARTLY = "The right lift. It is that she had counted the floors before I got there."
WRITTEN = "She asked you to come and see to it, and for a moment you were still the one who can."
REPLY = "You stood there with the tap running so that nobody could hear what you heard."


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


app = typer.Typer(pretty_exceptions_enable=False)


@app.command()
def main(folder: Annotated[Path, typer.Argument(metavar="FOLDER")]) -> None:
    """Take every page of the demo house."""
    chromium = find_chromium()
    if chromium is None:
        raise typer.BadParameter(HOW_TO_INSTALL)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="nearer-pictures-") as data:
        passphrase = _settle(Path(data))
        with House(Path(data)) as house, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
            _walk(browser, house, passphrase, Camera(folder))
            browser.close()
    typer.echo(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


def _settle(folder: Path) -> str:
    """Maya and Jonas move in, before the server of that folder is started.

    Returns:
        Their passphrase.
    """
    for setting in env.SETTINGS:
        os.environ.pop(setting.name, None)
    os.environ |= {env.DATA.name: str(folder), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    from nearer.web.serving import set_up  # noqa: PLC0415 - settings read the folder at import

    set_up(folder)
    from nearer.web.demo import seed  # noqa: PLC0415 - needs Django's models

    return seed(now=datetime.now(UTC)).passphrase


def _walk(browser: Browser, house: House, passphrase: str, camera: Camera) -> None:
    url = house.url
    with _phone(browser, url) as stranger:
        _outside(stranger, camera)
    with _phone(browser, url) as newcomer:
        _moving_in(newcomer, camera)
    with _phone(browser, url) as maya, _phone(browser, url) as jonas:
        _sign_in(maya, "maya", passphrase)
        _sign_in(jonas, "jonas", passphrase)
        _shell(maya, camera)
        _room(maya, camera)
        _round_in_writing(maya, camera)
        _round_on_two_phones(maya, jonas, camera)
        _bonds(maya, camera)
        with _phone(browser, url) as guest:
            _guest(maya, guest, camera)
        _own_things(maya, camera)
    with _phone(browser, url, is_watched=False) as jonas:
        _sign_in(jonas, "jonas", passphrase)
        _house_gone(jonas, house, camera)


@contextmanager
def _phone(browser: Browser, url: str, *, is_watched: bool = True) -> Iterator[Page]:
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


def _sign_in(page: Page, login: str, passphrase: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("User name").fill(login)
    page.get_by_label("Passphrase").fill(passphrase)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")


def _outside(page: Page, camera: Camera) -> None:
    camera.visit(page, "/", "welcome")
    camera.visit(page, "/sign-in/", "sign-in")
    page.get_by_label("User name").fill("maya")
    page.get_by_label("Passphrase").fill("not the right words at all")
    page.get_by_role("button", name="Sign in").click()
    camera.take(page, "sign-in-wrong")
    for path, name in (
        ("/recover/", "recover"),
        ("/safety/", "safety"),
        ("/invitation/", "invitation-letters"),
        ("/trust/", "trust"),
        ("/offline/", "offline"),
        ("/no-such-page/", "not-found"),
    ):
        camera.visit(page, path, name)


def _moving_in(page: Page, camera: Camera) -> None:
    camera.visit(page, "/begin/", "sign-up-1")
    page.get_by_label("name", exact=False).first.fill("Ines")
    page.get_by_label("18", exact=False).check()
    page.get_by_role("button", name="Next").click()
    camera.take(page, "sign-up-2")
    page.get_by_label("User name").fill("ines")
    page.get_by_label("Passphrase").first.fill(PASSPHRASE)
    page.get_by_role("button", name="Make my room").click()
    camera.take(page, "sign-up-3")
    groups = page.locator("ol.secret > li").all_inner_texts()
    page.get_by_role("button", name="I have it on paper").click()
    camera.take(page, "sign-up-3-check")
    _type_back(page, groups)
    page.get_by_role("button", name="Done, let me in").click()
    page.wait_for_url("**/drill/**")
    camera.visit(page, "/", "today-new")
    camera.visit(page, "/us/", "us-new")
    camera.visit(page, "/listening/", "listening-new")


def _type_back(page: Page, groups: list[str]) -> None:
    for name in ("#id_first", "#id_second"):
        label = page.locator(f"label[for={name[1:]}]").inner_text()
        number = re.search(r"\d+", label)
        assert number, label
        page.locator(name).fill(groups[int(number[0]) - 1])


def _shell(page: Page, camera: Camera) -> None:
    for path, name in (
        ("/", "today"),
        ("/practise/", "practise"),
        ("/us/", "us"),
        ("/learn/", "learn"),
        ("/me/", "me"),
    ):
        camera.visit(page, path, name)


def _room(page: Page, camera: Camera) -> None:
    camera.visit(page, "/listening/", "listening")
    page.get_by_role("link", name="With Theo").click()
    camera.take(page, "begin-guest")
    for path, name in (("/listening/habit/", "habit"), ("/listening/paper/", "paper")):
        camera.visit(page, path, name)
    page.locator("a[href*='/listening/paper/']").first.click()
    camera.take(page, "paper-result")
    camera.visit(page, "/listening/drill/cello-sold/", "drill")
    page.locator("#id_words").fill(REPLY)
    page.get_by_role("button", name="Say it").click()
    expect(page.get_by_text("What matters most here")).to_be_visible()
    camera.take(page, "drill-feedback")
    page.goto("/listening/")
    page.locator("a[href*='/listening/session/']").nth(6).click()
    camera.take(page, "session")


def _round_in_writing(page: Page, camera: Camera) -> None:
    """The one that waits for Maya since the demo house was made."""
    page.goto("/")
    page.get_by_role("link", name="Go on").click()
    camera.take(page, "reflect-in-writing")
    page.locator("#id_words").fill(WRITTEN)
    tap(page, "Look it over")
    expect(page.get_by_text("Only you see this")).to_be_visible()
    camera.take(page, "reflect-in-writing-feedback")
    page.get_by_role("link", name="Leave", exact=True).click()
    camera.take(page, "leave-round")
    tap(page, "End it here")
    expect(page).to_have_url(re.compile("/$"))


def _round_on_two_phones(maya: Page, jonas: Page, camera: Camera) -> None:
    jonas.goto("/listening/")
    jonas.get_by_role("link", name="With Maya").click()
    camera.take(jonas, "begin")
    path = begin_round(jonas, "Maya")
    maya.goto(path)
    _settle_down(maya, jonas, camera)
    _first_turn(maya, jonas, camera)
    _second_turn(maya, jonas, camera)
    _ending(maya, jonas, camera)


def _settle_down(maya: Page, jonas: Page, camera: Camera) -> None:
    camera.take(maya, "settle")
    tap(jonas, "I am ready")
    title(jonas, re.compile("Put things down"))
    camera.take(jonas, "settle-waiting")
    tap(maya, "I am ready")
    expect(jonas.get_by_text("You are speaking")).to_be_visible()
    camera.take(jonas, "speak")
    expect(maya.get_by_text("when Jonas is done")).to_be_visible()
    camera.take(maya, "quiet")
    tap(maya, "Pause")
    title(maya, "Time stands still here.")
    camera.take(maya, "paused")
    tap(maya, "Go on")


def _first_turn(maya: Page, jonas: Page, camera: Camera) -> None:
    tap(jonas, "I'm done")
    title(maya, re.compile("Jonas is done"))
    title(jonas, re.compile("gives back"))
    camera.take(maya, "reflect")
    camera.take(jonas, "reflect-waiting")
    maya.locator("#id_words").fill(HEARD)
    tap(maya, "Look it over")
    expect(maya.get_by_text("Only you see this")).to_be_visible()
    camera.take(maya, "reflect-feedback")
    tap(maya, "Send")
    title(jonas, "Did Maya get it?")
    camera.take(jonas, "confirm")
    jonas.locator("#id_words").fill(NAMED_PARTLY)
    tap(jonas, "Partly")
    title(maya, re.compile("Once more"))
    camera.take(maya, "reflect-again")
    tap(maya, "I said it aloud")
    tap(jonas, "Yes, that's it")
    title(maya, re.compile("face and voice"))
    camera.take(maya, "notice")
    tap(maya, "I said it aloud")
    title(jonas, re.compile("guess"))
    camera.take(jonas, "noticed")
    tap(jonas, "That's right")
    title(jonas, "How was it to be listened to?")
    camera.take(jonas, "felt")
    tap(jonas, "Skip")


def _second_turn(maya: Page, jonas: Page, camera: Camera) -> None:
    title(maya, "Now you speak.")
    title(jonas, "Now Maya speaks.")
    camera.take(maya, "change")
    camera.take(jonas, "change-listener")
    tap(maya, "I am ready to speak")
    for page, name in (
        (maya, "I'm done"),
        (jonas, "I said it aloud"),
        (maya, "Yes, that's it"),
        (jonas, "Skip this"),
        (maya, "Skip"),
    ):
        tap(page, name)


def _ending(maya: Page, jonas: Page, camera: Camera) -> None:
    expect(maya.locator("p.kicker", has_text="One line to keep")).to_be_visible()
    camera.take(maya, "close")
    for page in (maya, jonas):
        page.locator("#id_words").fill("She had counted the floors.")
        tap(page, "Keep it")
    title(maya, re.compile("That was it"))
    camera.take(maya, "done")


def _bonds(page: Page, camera: Camera) -> None:
    page.goto("/us/")
    page.get_by_role("link", name="Maya & Jonas").click()
    camera.take(page, "bond")
    page.get_by_role("link", name="Leave this bond").click()
    camera.take(page, "leave-bond")
    camera.visit(page, "/bond/new/", "bond-new")
    page.goto("/us/")
    page.get_by_role("link", name="Maya & Theo").click()
    camera.take(page, "bond-not-joined")
    page.get_by_role("button", name="Invite Theo").click()
    camera.take(page, "invite")


def _guest(maya: Page, guest: Page, camera: Camera) -> None:
    """The invitation as the invited one sees it, and a round by link."""
    guest.goto(maya.locator("#address").input_value())
    camera.take(guest, "invitation")
    guest.get_by_role("button", name="Open the invitation").click()
    camera.take(guest, "invited")
    maya.goto("/listening/")
    maya.get_by_role("link", name="With Theo").click()
    maya.locator("input[type=radio][value=two]").check()
    tap(maya, "Begin")
    tap(maya, "Make the link")
    camera.take(maya, "guest-link")
    guest.goto(maya.locator("#address").input_value())
    camera.take(guest, "guest")


def _own_things(page: Page, camera: Camera) -> None:
    for path in ("name", "house", "reminders", "passphrase", "devices", "code", "delete"):
        camera.visit(page, f"/me/{path}/", f"me-{path}")
    page.goto("/")
    _lock(page)
    camera.visit(page, "/unlock/", "unlock")


def _lock(page: Page) -> None:
    token = page.locator("body").get_attribute("hx-headers") or ""
    found = re.search(r'"X-CSRFToken": "(\w+)"', token)
    assert found, token
    page.request.post("/lock/", headers={"X-CSRFToken": found[1], "Referer": page.url})


def _house_gone(page: Page, house: House, camera: Camera) -> None:
    """The line at the foot of a live page, when the computer that runs Nearer has gone."""
    page.goto("/")
    begin_round(page, "Maya")
    tap(page, "I am ready")
    expect(page.get_by_text("This page turns by itself")).to_be_visible()
    house.kill()
    expect(page.locator("#line")).to_contain_text("Looking for the house")
    camera.take(page, "lost")


if __name__ == "__main__":
    app()
