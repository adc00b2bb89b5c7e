"""A round with a guest that nobody ever finished: the guest was never asked, which means no."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import Someone
from nearer.people.models import Guest, Space
from nearer.practices.listening.actions.leaving import erase_undecided
from nearer.practices.listening.models import ListeningRound, ListeningTurn, Reflection
from nearer.practices.listening.rules import Step
from nearer.stage.models import Sitting
from nearer.stage.rules import GUEST_STAYS, GUEST_WAITS
from nearer.vault.fields import taken_back
from tests.rounds import sit_down_as_guest, tap

HEARD, SAID_BY_HOST = "You missed the train on purpose.", "I was afraid of the talk."
A_BIT = timedelta(minutes=1)


@pytest.fixture
def guest(db: None) -> Client:
    return Client()


@pytest.fixture
def unfinished(ana: Someone, alone: Space, guest: Client) -> UUID:
    """Ana spoke, the guest wrote what was heard, Ana said what was missing; then nothing more."""
    left = sit_down_as_guest(ana.client, guest, alone.id)
    for who, move in ((ana.client, "ready"), (guest, "ready"), (ana.client, "spoke")):
        tap(who, left, move)
    tap(guest, left, "reflected", words=HEARD)
    tap(ana.client, left, "partly", words=SAID_BY_HOST)
    return left


def _step() -> Step:
    return Step(ListeningRound.objects.get().step)


def test_it_ends_and_the_words_and_name_of_the_guest_go(
    unfinished: UUID, ana: Someone, alone: Space
) -> None:
    erase_undecided(now=timezone.now() + GUEST_WAITS + A_BIT)
    assert _step() is Step.DONE
    assert Sitting.objects.get().ended_at
    assert taken_back(Reflection.objects.get(), "words", "missing") == {"words"}
    assert Guest.objects.get().name is None
    page = ana.client.get(reverse("listening:session", args=[unfinished])).content.decode()
    assert (HEARD in page, SAID_BY_HOST in page, "Taken back." in page) == (False, True, True)


def test_opening_the_house_is_enough(unfinished: UUID, bo: Someone) -> None:
    """Whoever opens it, with whatever keys."""
    Sitting.objects.update(clock_started_at=timezone.now() - GUEST_WAITS - A_BIT)
    bo.client.get(reverse("web:today"))
    assert _step() is Step.DONE


def test_guest_who_comes_back_afterwards_finds_no_round(unfinished: UUID, guest: Client) -> None:
    erase_undecided(now=timezone.now() + GUEST_WAITS + A_BIT)
    answer = guest.get(reverse("listening:round", args=[unfinished]))
    assert answer.headers["Location"] == reverse("people:round_over")


def test_it_waits_for_a_week(unfinished: UUID) -> None:
    erase_undecided(now=timezone.now() + GUEST_WAITS - A_BIT)
    assert _step() is Step.REFLECT
    assert Reflection.objects.get().words


def test_week_begins_anew_when_somebody_goes_on(unfinished: UUID, guest: Client) -> None:
    tap(guest, unfinished, "pause")
    Sitting.objects.update(clock_started_at=timezone.now() - GUEST_WAITS - A_BIT)
    erase_undecided(now=timezone.now())
    assert _step() is Step.REFLECT, "paused a moment ago"
    tap(guest, unfinished, "resume")
    erase_undecided(now=timezone.now() + GUEST_WAITS - A_BIT)
    assert _step() is Step.REFLECT, "and gone on since"


def test_round_of_two_with_accounts_waits_for_as_long_as_they_like(
    ana: Someone, bo: Someone, space: Space
) -> None:
    answer = ana.client.post(
        reverse("listening:begin", args=[space.id]),
        {"mode": "same_room", "phones": "two", "first": "me", "minutes": "4", "turns": "2"},
    )
    assert answer.status_code == 302
    erase_undecided(now=timezone.now() + 50 * GUEST_WAITS)
    assert _step() is Step.SETTLE


def test_words_that_only_stand_on_the_page_afterwards_go_without_a_mark(
    ana: Someone, alone: Space, guest: Client
) -> None:
    """Ana was never shown what an undecided guest said was caught."""
    answer = ana.client.post(
        reverse("listening:begin", args=[alone.id]),
        {"mode": "same_room", "phones": "one", "first": "other", "minutes": "4", "turns": "2"},
    )
    held = UUID(answer.headers["Location"].rstrip("/").rpartition("/")[2])
    for move in ("ready", "spoke", "aloud"):
        tap(ana.client, held, move)
    tap(ana.client, held, "yes", words="That it was over.")
    for move in ("end", "skip"):
        tap(ana.client, held, move)
    erase_undecided(now=timezone.now() + GUEST_STAYS + A_BIT)
    assert ListeningTurn.objects.get().caught is None


@pytest.mark.parametrize("name", ["listening:leave", "listening:stage"])
def test_guest_reads_what_becomes_of_a_round_that_is_left(
    unfinished: UUID, guest: Client, name: str
) -> None:
    tap(guest, unfinished, "pause")
    page = guest.get(reverse(name, args=[unfinished])).content.decode()
    assert "If nobody goes on for a week" in page


def test_guest_reads_it_before_coming_in(unfinished: UUID) -> None:
    address = reverse("people:guest", args=[Guest.objects.get().pk])
    assert "stands still for a week" in Client().get(address).content.decode()
