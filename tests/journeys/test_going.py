"""Going: with one's own words, and without asking anybody."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Phones
from tests.journeys.neighbours import CAUGHT, HEARD, LINE, PASSPHRASE, Home
from tests.journeys.steps import tap, title


def _taken_along(page: Page, name: str) -> tuple[dict[str, Any], str]:
    """The zip that the passphrase gives: the file for programs, and the page to read."""
    page.get_by_role("link", name="Take my words along first").click()
    page.get_by_label("Your passphrase").fill(f"{PASSPHRASE} {name}")
    with page.expect_download() as download:
        tap(page, "Take them along")
    packed = io.BytesIO(Path(download.value.path()).read_bytes())
    with zipfile.ZipFile(packed) as archive:
        readable = archive.read("my-words.html").decode()
        return json.loads(archive.read("my-words.json")), readable


def test_whoever_leaves_takes_own_words_along_and_takes_them_back(
    phone: Phones, home: Home
) -> None:
    ana, bo = phone(home.ana), phone(home.bo)
    bo.goto(f"/bond/{home.space}/")
    bo.get_by_role("link", name="Leave this bond").click()
    data, readable = _taken_along(bo, "Bo")
    for own in (HEARD, LINE):
        assert own in readable
        assert own in json.dumps(data, ensure_ascii=False)
    assert CAUGHT not in readable + json.dumps(data, ensure_ascii=False)
    bo.goto(f"/bond/{home.space}/leave/")
    tap(bo, "Leave now")
    expect(bo.get_by_text("Ana & Bo")).to_have_count(0)
    bo.goto(f"/listening/session/{home.session}/")
    title(bo, "There is nothing at this address")
    ana.goto(f"/listening/session/{home.session}/")
    expect(ana.get_by_text("Taken back.")).to_be_visible()
    expect(ana.get_by_text(CAUGHT)).to_be_visible()
    expect(ana.get_by_text(HEARD)).to_have_count(0)
    ana.goto(f"/bond/{home.space}/")
    expect(ana.get_by_text("Bo left on")).to_be_visible()


def test_nobody_is_asked_for_a_reason_or_held_back(phone: Phones, home: Home) -> None:
    bo = phone(home.bo)
    bo.goto(f"/bond/{home.space}/leave/")
    expect(bo.locator("main textarea, main input:not([type=hidden])")).to_have_count(0)
    tap(bo, "Leave now")
    expect(bo.get_by_text("Ana & Bo")).to_have_count(0)


def test_account_is_deleted_at_once_and_its_words_are_taken_back(phone: Phones, home: Home) -> None:
    ana, bo = phone(home.ana), phone(home.bo)
    bo.goto("/me/")
    bo.get_by_role("link", name="Delete my account").click()
    bo.get_by_label("Your passphrase").fill(f"{PASSPHRASE} Bo")
    tap(bo, "Delete everything of mine")
    title(bo, "It is done.")
    bo.goto("/us/")
    title(bo, "Come in")
    ana.goto(f"/listening/session/{home.session}/")
    expect(ana.get_by_text("Taken back.")).to_be_visible()
    expect(ana.get_by_text(HEARD)).to_have_count(0)


def test_signing_out_leaves_nothing_to_read_here(phone: Phones, home: Home) -> None:
    page = phone(home.ana)
    page.goto("/me/")
    tap(page, "Sign out on this device")
    page.goto(f"/listening/session/{home.session}/")
    title(page, "Come in")


def test_session_on_another_device_is_ended_from_the_list(phone: Phones, home: Home) -> None:
    here, there = phone(home.ana), phone()
    there.goto("/sign-in/")
    there.get_by_label("User name").fill(home.ana.login)
    there.get_by_label("Passphrase").fill(f"{PASSPHRASE} Ana")
    tap(there, "Sign in")
    expect(there.get_by_text("One small thing is enough for today.")).to_be_visible()
    here.goto("/me/devices/")
    expect(here.locator("main ul.list > li")).to_have_count(2)
    other = here.locator("main ul.list > li").filter(has_not_text="this one")
    other.get_by_role("button", name="End").click()
    expect(here.locator("main ul.list > li")).to_have_count(1)
    there.goto("/us/")
    title(there, "Come in")
