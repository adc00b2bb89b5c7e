"""Every page as a picture: `python -m tests.screenshots FOLDER`.

A demo house is started, Maya and Jonas walk through it on two phones, and each page is taken on a
phone (390 px, two pixels a point) and on a desk (1280 px), by day and in the evening.
"""

from __future__ import annotations

import os
import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from playwright.sync_api import Browser, Page, expect, sync_playwright

from nearer.web import environment as env
from tests.browsers import ARGUMENTS, HOW_TO_INSTALL, find_chromium
from tests.camera import Camera, phone_at, sign_in
from tests.journeys.steps import PASSPHRASE, accept, begin_round, bonded, sign_up, tap, title
from tests.server import House

HEARD = "You have waited for that call since Monday, and then it was the wrong lift."
NAMED_PARTLY = "The right lift. It is that she had counted the floors before I got there."
WRITTEN = "She asked you to come and see to it, and for a moment you were still the one who can."
REPLY = "You stood there with the tap running so that nobody could hear what you heard."

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
    with phone_at(browser, url) as stranger:
        _outside(stranger, camera)
    with phone_at(browser, url) as newcomer:
        _moving_in(newcomer, camera)
    with phone_at(browser, url) as maya, phone_at(browser, url) as jonas:
        sign_in(maya, "maya", passphrase)
        sign_in(jonas, "jonas", passphrase)
        _shell(maya, camera)
        _room(maya, camera)
        _round_in_writing(maya, camera)
        _round_on_two_phones(maya, jonas, camera)
        _bonds(maya, camera)
        with phone_at(browser, url) as guest:
            _guest(maya, guest, camera)
        _one_phone(maya, jonas, passphrase, camera)
        _own_things(maya, camera)
    with (
        phone_at(browser, url) as ana,
        phone_at(browser, url) as bo,
        phone_at(browser, url) as again,
    ):
        _coming_back_and_going(ana, bo, again, camera)
    with phone_at(browser, url, is_watched=False) as jonas:
        sign_in(jonas, "jonas", passphrase)
        _house_gone(jonas, house, camera)


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
        ("/round-over/", "round-over"),
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
    page.get_by_role("link", name="Leave or end", exact=True).click()
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
    for chosen in ("two", "me"):
        maya.locator(f"input[type=radio][value={chosen}]").check()
    tap(maya, "Begin")
    tap(maya, "Make the link")
    camera.take(maya, "guest-link")
    guest.goto(maya.locator("#address").input_value())
    camera.take(guest, "guest")
    tap(guest, "Come in")
    camera.take(guest, "guest-name")
    tap(guest, "Sit down")
    tap(guest, "I am ready")
    maya.get_by_role("link", name="To the round").click()
    tap(maya, "I am ready")
    tap(maya, "I'm done")
    guest.get_by_role("link", name="Leave or end", exact=True).click()
    tap(guest, "End it here")
    tap(maya, "Skip")
    title(guest, re.compile("You ended the round"))
    camera.take(guest, "done-guest")
    tap(guest, "Keep my words here")
    title(guest, "Kept.")
    camera.take(guest, "guest-over")


def _one_phone(maya: Page, jonas: Page, passphrase: str, camera: Camera) -> None:
    """Maya's is passed; the gate before a step that is one's own, and what both see elsewhere."""
    path = begin_round(maya, "Jonas", one_phone=True)
    camera.take(maya, "one-phone")
    camera.visit(jonas, path, "one-phone-of-the-other")
    for name in ("We are ready", "I'm done", "I said it aloud", "Yes, that's it", "Skip this"):
        tap(maya, name)
    camera.take(maya, "one-phone-gate")
    camera.visit(maya, "/", "unlock-handed-over")
    maya.goto(f"{path}leave/")
    tap(maya, "End it here")
    maya.goto("/unlock/")
    maya.get_by_label("Your passphrase").fill(passphrase)
    tap(maya, "Unlock")
    maya.wait_for_url("**/")


def _coming_back_and_going(ana: Page, bo: Page, again: Page, camera: Camera) -> None:
    """Bo comes back with a new account, which leaves; then Ana goes as well."""
    bonded(ana, bo)
    bond = urlsplit(bo.url).path
    ana.goto(bond)
    ana.locator("summary", has_text="Bo lost the passphrase and the code").click()
    tap(ana, "Invite Bo again")
    link = ana.locator("#address").input_value()
    ana.goto(link)
    tap(ana, "Open the invitation")
    tap(ana, "Yes, I would like that")
    camera.take(ana, "own-invitation")
    sign_up(again, "Bobby")
    again.goto(link)
    tap(again, "Open the invitation")
    tap(again, "Not now")
    camera.take(again, "not-now")
    again.goto("/")
    accept(again, link)
    camera.visit(ana, bond, "bond-again")
    camera.visit(bo, bond, "bond-replaced")
    again.goto(f"{bond}leave/")
    tap(again, "Leave now")
    camera.visit(ana, bond, "bond-ended")
    camera.visit(ana, "/me/delete/", "delete-with-bond")
    ana.get_by_label("Your passphrase").fill(f"{PASSPHRASE} Ana")
    tap(ana, "Delete everything of mine")
    camera.take(ana, "deleted")


def _own_things(page: Page, camera: Camera) -> None:
    for path in ("name", "house", "reminders", "passphrase", "devices", "code", "export", "delete"):
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
