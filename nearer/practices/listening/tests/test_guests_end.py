"""The end of a round with a guest: what each of the two is told, and where the guest's line is."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import Someone
from nearer.people.models import Space
from nearer.practices.listening.models import Keepsake
from nearer.stage.models import Sitting
from nearer.stage.rules import GUEST_STAYS
from tests.rounds import RATINGS, begun, sit_down_as_guest, tap

LINE = "Slower, next time."
UNTIL_THEN = "for half a day after the round you can still take your words out here"


@pytest.fixture
def guest(db: None) -> Client:
    return Client()


@pytest.fixture
def ended(ana: Someone, alone: Space, guest: Client) -> UUID:
    """Ana spoke, Eli gave back aloud; Eli kept a line and has decided nothing."""
    row = sit_down_as_guest(ana.client, guest, alone.id)
    for who, move in ((ana.client, "ready"), (guest, "ready"), (ana.client, "spoke")):
        tap(who, row, move)
    moves = [(guest, "aloud"), (ana.client, "yes"), (guest, "skip"), (ana.client, "skip")]
    for who, move in [*moves, (ana.client, "end")]:
        tap(who, row, move)
    tap(guest, row, "kept", words=LINE)
    return row


def shown(who: Client, name: str, row: UUID) -> str:
    return " ".join(who.get(reverse(f"listening:{name}", args=[row])).content.decode().split())


def decides(guest: Client, row: UUID, what: str) -> str:
    answer = guest.post(reverse(f"listening:{what}", args=[row]))
    return " ".join(answer.content.decode().split())


def test_guest_who_keeps_is_told_how_long_it_can_be_undone_and_where(
    ended: UUID, guest: Client
) -> None:
    page = decides(guest, ended, "keep")
    assert "where Ana can read them again" in page
    assert UNTIL_THEN in page
    assert reverse("listening:round", args=[ended]) in page
    assert "Erase my words" in shown(guest, "round", ended)
    assert "Keep my words here" not in shown(guest, "round", ended)


@pytest.mark.parametrize("what", ["keep", "erase"])
def test_guest_on_an_own_phone_is_led_to_no_entrance(ended: UUID, guest: Client, what: str) -> None:
    page = decides(guest, ended, what)
    assert reverse("people:unlock") not in page
    assert "Give the phone back" not in page
    assert "There is nothing more to do" in page


def test_guest_on_the_hosts_phone_gives_it_back(ana: Someone, alone: Space) -> None:
    row = begun(ana.client, alone.id, mode="in_writing", phones="one")
    turn = (("spoke", "The lift."), ("reflected", "It was wrong."), ("yes", ""), ("skip", ""))
    for move, words in (("ready", ""), *turn, ("ready", ""), *turn, ("skip", "")):
        tap(ana.client, row, move, words=words)
    assert "no page can give it back to you" in shown(ana.client, "round", row)
    tap(ana.client, row, "kept", words=LINE)
    assert LINE not in shown(ana.client, "round", row)
    page = decides(ana.client, row, "keep")
    assert "before you give the phone back" in page
    assert reverse("people:unlock") in page
    assert "half a day" not in page


def test_host_is_told_the_truth_before_and_after_the_guest_decides(
    ended: UUID, ana: Someone, guest: Client
) -> None:
    def told(sentence: str) -> bool:
        pages = [shown(ana.client, name, ended) for name in ("round", "session")]
        assert not any("kept for both" in page for page in pages)
        return all(sentence in page for page in pages)

    assert told("It is for Eli to say whether Eli's words stay.")
    decides(guest, ended, "keep")
    assert told("Eli lets the words from this round stay")
    decides(guest, ended, "erase")
    assert told("words are gone from this round")


def test_guests_line_is_on_the_guests_last_page_and_on_none_of_the_host(
    ended: UUID, ana: Someone, guest: Client
) -> None:
    assert LINE in shown(guest, "round", ended)
    assert LINE in decides(guest, ended, "keep")
    assert LINE in shown(guest, "round", ended)
    assert not any(LINE in shown(ana.client, name, ended) for name in ("round", "session"))


def test_guests_line_goes_when_the_guest_takes_everything_out(ended: UUID, guest: Client) -> None:
    assert LINE not in decides(guest, ended, "erase")
    assert not Keepsake.objects.filter(guest_line__isnull=False).exists()


@pytest.mark.parametrize(("early", "stays"), [(timedelta(minutes=5), True), (-timedelta(1), False)])
def test_guests_line_goes_when_the_guests_way_in_has_closed(
    ended: UUID, ana: Someone, guest: Client, early: timedelta, *, stays: bool
) -> None:
    decides(guest, ended, "keep")
    Sitting.objects.update(ended_at=timezone.now() - GUEST_STAYS + early)
    ana.client.get(reverse("web:today"))
    assert Keepsake.objects.filter(guest_line__isnull=False).exists() == stays


def test_guest_is_told_before_writing_it_where_the_line_will_be(
    ana: Someone, alone: Space, guest: Client
) -> None:
    row = sit_down_as_guest(ana.client, guest, alone.id)
    for who, move in ((ana.client, "ready"), (guest, "ready"), (ana.client, "spoke")):
        tap(who, row, move)
    for who, move in ((guest, "aloud"), (ana.client, "yes"), (guest, "skip")):
        tap(who, row, move)
    for who, move in ((ana.client, "skip"), (ana.client, "end")):
        tap(who, row, move)
    page = shown(guest, "round", row)
    assert "This phone shows it to you at the end, for half a day" in page
    assert "Ana never sees it" in page


def test_rating_of_a_guest_is_not_called_kept(ana: Someone, alone: Space, guest: Client) -> None:
    row = sit_down_as_guest(ana.client, guest, alone.id, first="other")
    for who, move in ((ana.client, "ready"), (guest, "ready"), (guest, "spoke")):
        tap(who, row, move)
    for who, move in ((ana.client, "aloud"), (guest, "yes"), (ana.client, "skip")):
        tap(who, row, move)
    page = shown(guest, "round", row)
    assert 'value="rated"> Done </button>' in page
    assert "Keep it" not in page
    tap(guest, row, "rated", **RATINGS)


def test_first_link_says_nothing_of_an_earlier_one(ana: Someone, alone: Space) -> None:
    row = begun(ana.client, alone.id, mode="same_room")
    assert "made before" not in shown(ana.client, "guest_link", row)
    ana.client.post(reverse("listening:guest_link", args=[row]))
    assert "made before then stops working" in shown(ana.client, "guest_link", row)


def test_link_is_an_earlier_one_after_the_guest_came_in_too(
    ana: Someone, alone: Space, guest: Client
) -> None:
    row = sit_down_as_guest(ana.client, guest, alone.id)
    assert "whoever came in by it is out" in shown(ana.client, "guest_link", row)
