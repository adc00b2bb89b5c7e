"""Signing in, unlocking, locking, signing out, and what a stolen half is worth."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from asgiref.sync import async_to_sync, sync_to_async
from channels.layers import channel_layers
from channels_redis.pubsub import RedisPubSubChannelLayer  # type: ignore[import-untyped]
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import NOON, PASSPHRASE, Someone, signed_up
from nearer.people import keys
from nearer.people.devices import hand_over, here_of, lock, note_seen
from nearer.people.models import Device, Space
from nearer.people.rules import FREE_MISSES, FREE_MISSES_OF_AN_ADDRESS
from nearer.people.tests.forms import is_inside, sign_in
from nearer.vault.sealing import Root, SpaceKey, Stretch, new_secret, stretched

NO_REDIS = "redis://127.0.0.1:1"

Captured = Callable[..., Any]


def hears_the_end(device: Device, act: Callable[[], object], captured: Captured) -> bool:
    """Whether a socket of that device is told to close while ``act`` happens."""

    def act_and_commit() -> None:
        with captured(execute=True):
            act()

    async def listen() -> bool:
        layer = channel_layers["default"]
        channel = await layer.new_channel()
        await layer.group_add(f"device.{device.id}", channel)
        await sync_to_async(act_and_commit)()
        with suppress(TimeoutError):
            return bool(await asyncio.wait_for(layer.receive(channel), 0.3) == {"type": "ended"})
        return False

    return async_to_sync(listen)()


def cookie_of(client: Client) -> str:
    return client.cookies[settings.DEVICE_COOKIE].value


def test_right_passphrase_lets_in_and_leads_on(ana: Someone) -> None:
    said = {"login": "ANA", "passphrase": f"{PASSPHRASE} Ana", "next": "/me/name/"}
    response = Client().post(reverse("people:sign_in"), said)
    assert response.headers["Location"] == "/me/name/"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_out_of_the_house_after_signing_in(ana: Someone, target: str) -> None:
    said = {"login": "ana", "passphrase": f"{PASSPHRASE} Ana", "next": target}
    response = Client().post(reverse("people:sign_in"), said)
    assert response.headers["Location"] == reverse("web:today")


def test_unknown_user_name_and_wrong_passphrase_get_the_same_page(ana: Someone) -> None:
    pages = []
    for login in ("ana", "nobody"):
        said = {"login": login, "passphrase": "wrong", "next": "/"}
        page = Client().post(reverse("people:sign_in"), said).content.decode()
        pages.append(page.split("<main")[1].replace(login, "x").split("csrfmiddlewaretoken")[0])
    assert pages[0] == pages[1]
    assert "do not fit together" in pages[0]


def test_unknown_user_name_waits_after_misses_like_a_known_one(ana: Someone) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        for login in ("ana", "nobody"):
            for _ in range(4):
                sign_in(Client(), login, "wrong")
            said = {"login": login, "passphrase": "wrong"}
            assert b"Wait 1 second," in Client().post(reverse("people:sign_in"), said).content


def test_waiting_ends_and_the_right_passphrase_then_works(ana: Someone) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(6):
            sign_in(Client(), "ana", "wrong")
            clock.shift(timedelta(seconds=5))
        client = Client()
        assert sign_in(client, "ana", f"{PASSPHRASE} Ana") == 302
        assert is_inside(client)


def test_right_passphrase_has_to_wait_too(ana: Someone) -> None:
    with time_machine.travel(NOON, tick=False):
        for _ in range(4):
            sign_in(Client(), "ana", "wrong")
        assert sign_in(Client(), "ana", f"{PASSPHRASE} Ana") == 200


def test_misses_from_one_address_do_not_slow_another(ana: Someone) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        for _ in range(5):
            sign_in(Client(REMOTE_ADDR="10.0.0.66"), "ana", "wrong")
        assert sign_in(Client(), "ana", f"{PASSPHRASE} Ana") == 302


def test_made_up_user_names_have_to_wait_too(db: None) -> None:
    with time_machine.travel(NOON, tick=False):
        for number in range(FREE_MISSES_OF_AN_ADDRESS):
            sign_in(Client(), f"nobody-{number}", "wrong")
        said = {"login": "one-more", "passphrase": "wrong"}
        assert b"Wait 1 second," in Client().post(reverse("people:sign_in"), said).content


def test_made_up_user_names_do_not_keep_anybody_from_unlocking(ana: Someone) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        for number in range(FREE_MISSES_OF_AN_ADDRESS + 1):
            sign_in(Client(), f"nobody-{number}", "wrong")
        ana.client.post(reverse("people:lock"))
        ana.client.post(reverse("people:unlock"), {"passphrase": f"{PASSPHRASE} Ana"})
        assert is_inside(ana.client)


def test_own_right_passphrases_do_not_free_guesses_at_others(ana: Someone) -> None:
    with time_machine.travel(NOON, tick=False):
        for number in range(FREE_MISSES_OF_AN_ADDRESS):
            sign_in(Client(), f"nobody-{number}", "wrong")
            if number % 3 == 0:
                sign_in(Client(), "ana", f"{PASSPHRASE} Ana")
        assert sign_in(Client(), "ana", f"{PASSPHRASE} Ana") == 200


def test_guesses_at_the_same_moment_are_counted_before_they_are_tried(
    ana: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one guess is being worked on, the next ones come in."""
    answers: list[int] = []

    def meanwhile(passphrase: str, cost: Stretch) -> Root:
        monkeypatch.setattr("nearer.people.keys.stretched", stretched)
        answers.extend(sign_in(Client(), "ana", "wrong") for _ in range(FREE_MISSES - 1))
        answers.append(sign_in(Client(), "ana", f"{PASSPHRASE} Ana"))
        return stretched(passphrase, cost)

    monkeypatch.setattr("nearer.people.keys.stretched", meanwhile)
    with time_machine.travel(NOON, tick=False):
        sign_in(Client(), "ana", "wrong")
    assert answers == [200] * FREE_MISSES


def test_house_that_is_busy_says_so_and_forgets_nothing(
    ana: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "_IN_LINE", threading.BoundedSemaphore(1))
    said = {"login": "ana", "passphrase": f"{PASSPHRASE} Ana"}
    with keys._IN_LINE:
        pages = [Client().post(reverse("people:sign_in"), said) for _ in range(FREE_MISSES + 2)]
    assert all(b"The house is busy. Wait a moment" in page.content for page in pages)
    assert Client().post(reverse("people:sign_in"), said).status_code == 302


def test_failed_sign_in_is_logged_without_a_name(
    ana: Someone, caplog: pytest.LogCaptureFixture
) -> None:
    sign_in(Client(), "ana", "wrong words of mine")
    ana.client.post(reverse("people:passphrase"), {"old": "wrong", "new": f"{PASSPHRASE} now"})
    lines = [record.getMessage() for record in caplog.records if record.name == "nearer"]
    assert lines == [
        "a sign-in was refused, device unknown",
        f"a passphrase was refused, device {ana.entered.device.id}",
    ]


def test_door_that_stays_closed_is_logged_without_a_name(
    cy: Someone, space: Space, caplog: pytest.LogCaptureFixture
) -> None:
    cy.client.get(reverse("people:bond", args=[space.id]))
    lines = [record.getMessage() for record in caplog.records if record.name == "nearer"]
    assert lines == [f"a page was refused, device {cy.entered.device.id}"]


def test_ending_this_browser_clears_it(ana: Someone) -> None:
    response = ana.client.post(reverse("people:end_device", args=[ana.entered.device.id]))
    assert "storage" in response.headers["Clear-Site-Data"]


def test_leaving_fast_does_not_wait_for_the_browser_to_clear_itself(ana: Someone) -> None:
    response = ana.client.post(reverse("people:lock"), {"leave": "fast"})
    assert "Clear-Site-Data" not in response.headers


def test_browser_that_was_ended_elsewhere_stays_ended_whatever_it_still_does(ana: Someone) -> None:
    here = ana.entered
    Device.objects.filter(pk=here.device.pk).delete()
    note_seen(here.device, timezone.now() + timedelta(minutes=5))
    lock(here.device)
    hand_over(here, door="/somewhere/", key=SpaceKey(1, new_secret()))
    assert not Device.objects.filter(pk=here.device.pk).exists()


def test_handing_over_closes_the_sockets_of_that_browser(
    ana: Someone, django_capture_on_commit_callbacks: Captured
) -> None:
    def pass_on() -> None:
        hand_over(ana.entered, door="/somewhere/", key=SpaceKey(1, new_secret()))

    assert hears_the_end(ana.entered.device, pass_on, django_capture_on_commit_callbacks)


@pytest.mark.django_db(transaction=True)
def test_signing_out_works_when_the_layer_between_processes_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ana = signed_up("Ana")
    monkeypatch.setitem(channel_layers.backends, "default", RedisPubSubChannelLayer([NO_REDIS]))
    assert ana.client.post(reverse("people:sign_out")).status_code == 302
    assert cookie_of(ana.client) == ""


def test_row_without_its_cookie_opens_nothing(ana: Someone) -> None:
    stolen = Device.objects.get(person=ana.person)
    forged = f"{stolen.id.hex}.{'A' * 43}="
    assert here_of(forged, now=timezone.now()) is None


def test_cookie_without_its_row_opens_nothing(ana: Someone) -> None:
    cookie = cookie_of(ana.client)
    Device.objects.all().delete()
    assert here_of(cookie, now=timezone.now()) is None


def test_cookie_opens_no_other_row(ana: Someone, bo: Someone) -> None:
    _id, secret = cookie_of(ana.client).split(".")
    other = Device.objects.get(person=bo.person)
    assert here_of(f"{other.id.hex}.{secret}", now=timezone.now()) is None


@pytest.mark.parametrize("cookie", ["", ".", "x.y", "0" * 32, f"{'0' * 32}.!!!!", "é.é"])
def test_made_up_cookie_speaks_for_nobody(db: None, cookie: str) -> None:
    assert here_of(cookie, now=timezone.now()) is None


def test_signing_in_takes_nothing_over_from_a_planted_cookie(ana: Someone, cy: Someone) -> None:
    """Cy puts an own session into Ana's browser; Ana's sign-in makes another and ends that one."""
    planted = cookie_of(cy.client)
    Device.objects.filter(person=cy.person).update(wrapped_private=None)
    browser = Client()
    browser.cookies[settings.DEVICE_COOKIE] = planted
    assert sign_in(browser, "ana", f"{PASSPHRASE} Ana") == 302
    assert cookie_of(browser) != planted
    assert here_of(planted, now=timezone.now()) is None


def test_cookie_copied_while_locked_is_worthless_after_unlocking(ana: Someone) -> None:
    ana.client.post(reverse("people:lock"))
    copied = cookie_of(ana.client)
    ana.client.post(reverse("people:unlock"), {"passphrase": f"{PASSPHRASE} Ana"})
    assert is_inside(ana.client)
    assert here_of(copied, now=timezone.now()) is None


def test_locked_browser_asks_for_the_passphrase_and_nothing_else(ana: Someone) -> None:
    response = ana.client.post(reverse("people:lock"))
    assert response.headers["Location"] == reverse("people:unlock")
    assert not is_inside(ana.client)
    page = ana.client.get(reverse("people:unlock")).content
    assert b'name="passphrase"' in page
    assert b"Ana" not in page


def test_wrong_passphrase_does_not_unlock(ana: Someone) -> None:
    ana.client.post(reverse("people:lock"))
    ana.client.post(reverse("people:unlock"), {"passphrase": f"{PASSPHRASE} Bo"})
    assert not is_inside(ana.client)


def test_unlocking_leads_back_to_the_page_that_was_asked_for(ana: Someone) -> None:
    ana.client.post(reverse("people:lock"))
    address = ana.client.get("/me/devices/").headers["Location"]
    said = {"passphrase": f"{PASSPHRASE} Ana"}
    assert ana.client.post(address, said).headers["Location"] == "/me/devices/"


def test_leaving_fast_ends_the_session_and_shows_nothing_of_ours(ana: Someone) -> None:
    response = ana.client.post(reverse("people:lock"), {"leave": "fast"})
    assert b"nearer" not in response.content.lower()
    assert cookie_of(ana.client) == ""
    assert not Device.objects.filter(person=ana.person).exists()


def test_signing_out_deletes_the_session_and_clears_the_browser(ana: Someone) -> None:
    response = ana.client.post(reverse("people:sign_out"))
    assert response.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert not Device.objects.filter(person=ana.person).exists()


@pytest.mark.parametrize("name", ["people:lock", "people:sign_out"])
def test_no_link_or_picture_can_lock_or_sign_out(ana: Someone, name: str) -> None:
    assert ana.client.get(reverse(name)).status_code == 405
    assert is_inside(ana.client)


def test_browser_locks_by_itself_after_the_chosen_minutes(ana: Someone) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
        assert not is_inside(ana.client)


def test_page_that_asks_by_itself_does_not_keep_a_browser_open(ana: Someone) -> None:
    start = timezone.now()
    for minutes in range(5, 31, 5):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            ana.client.get(reverse("people:name"), headers={"HX-Request": "true"})
    with time_machine.travel(start + timedelta(minutes=32), tick=False):
        assert not is_inside(ana.client)


def test_somebody_who_turns_pages_stays_in(ana: Someone) -> None:
    start = timezone.now()
    for minutes in range(20, 121, 20):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            assert is_inside(ana.client)


def test_shared_computer_forgets_with_the_browser_and_locks_sooner(ana: Someone) -> None:
    client = Client()
    sign_in(client, "ana", f"{PASSPHRASE} Ana", is_shared="on")
    assert client.cookies[settings.DEVICE_COOKIE]["max-age"] == ""
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        assert not is_inside(client)
        assert is_inside(ana.client)


def test_session_on_a_shared_computer_is_gone_the_next_day(ana: Someone) -> None:
    client = Client()
    sign_in(client, "ana", f"{PASSPHRASE} Ana", is_shared="on")
    with time_machine.travel(timezone.now() + timedelta(hours=13), tick=False):
        assert here_of(cookie_of(client), now=timezone.now()) is None


def test_part_of_a_page_is_told_that_the_house_is_locked(ana: Someone) -> None:
    ana.client.post(reverse("people:lock"))
    response = ana.client.get(reverse("people:name"), headers={"HX-Request": "true"})
    assert response.status_code == 401


def test_signing_out_closes_the_sockets_of_that_browser(
    ana: Someone, django_capture_on_commit_callbacks: Captured
) -> None:
    device = Device.objects.get(person=ana.person)
    leave = lambda: ana.client.post(reverse("people:sign_out"))  # noqa: E731 - one line each
    assert hears_the_end(device, leave, django_capture_on_commit_callbacks)


def test_locking_closes_the_sockets_of_that_browser_and_no_other(
    ana: Someone, bo: Someone, django_capture_on_commit_callbacks: Captured
) -> None:
    lock_it = lambda: ana.client.post(reverse("people:lock"))  # noqa: E731 - one line each
    others = Device.objects.get(person=bo.person)
    assert not hears_the_end(others, lock_it, django_capture_on_commit_callbacks)
    own = Device.objects.get(person=ana.person)
    assert hears_the_end(own, lock_it, django_capture_on_commit_callbacks)
