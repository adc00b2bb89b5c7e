"""The demo house is a real one: what it shows was done by the same actions as real taps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from conftest import Someone, client_of
from nearer.diary.models import Entry
from nearer.people.actions import sign_in
from nearer.people.devices import open_device, unlock
from nearer.people.queries import opened_bonds
from nearer.people.rules import Kind, weakness
from nearer.practices.listening.queries.own import own_private_words, ratings_of, scene_of
from nearer.practices.listening.queries.rounds import Turn, line_of, past_in, seen_at, turns_of
from nearer.practices.listening.rules import Direction, Mode, Step, felt_over_time
from nearer.stage.queries import open_sittings, place_at
from nearer.web.demo import Demo, seed

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True)
class Lived:
    """The seeded house, with both of its people signed in."""

    demo: Demo
    now: datetime
    maya: Someone
    jonas: Someone

    def turns(self, who: Someone, number: int) -> list[Turn]:
        """The finished round of the partners' bond with that number, oldest first."""
        bond = opened_bonds(who.person, who.keyring)[0]
        row = list(reversed(past_in([bond.space], who.person).rows))[number]
        return turns_of(seen_at(place_at(who.here, row.pk, room="listening")), who.pair)


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Lived]:
    """Once for all: seeding takes seconds."""
    with django_db_blocker.unblock(), transaction.atomic():
        now = datetime.now(UTC)
        demo = seed(now=now)
        yield Lived(demo, now, _enter(demo, "maya"), _enter(demo, "jonas"))
        transaction.set_rollback(True)


def _enter(demo: Demo, login: str) -> Someone:
    person, pair = sign_in(login, demo.passphrase, address="127.0.0.1", now=timezone.now())
    here = unlock(open_device(now=timezone.now(), label="Test", person=person), pair)
    return Someone(login, person, pair, "", client_of(here), here)


def test_both_open_the_door_with_the_one_passphrase_and_share_a_bond(lived: Lived) -> None:
    assert lived.demo.people == ("maya", "jonas")
    titles = [opened_bonds(who.person, who.keyring)[0].title for who in (lived.maya, lived.jonas)]
    assert titles == ["Maya & Jonas", "Jonas & Maya"]


def test_passphrase_is_one_that_the_house_would_take(lived: Lived) -> None:
    assert weakness(lived.demo.passphrase, about=["Maya", "Jonas"]) is None


def test_two_months_hold_rounds_of_every_shape(lived: Lived) -> None:
    space = opened_bonds(lived.maya.person, lived.maya.keyring)[0].space
    rounds = past_in([space], lived.maya.person).rows
    assert len(rounds) == 14
    assert {row.mode for row in rounds} == {mode.value for mode in Mode}
    assert {row.sitting.phones for row in rounds} == {"one", "two"}
    assert sum(row.is_paper for row in rounds) == 1
    assert rounds[0].sitting.opened_at - rounds[-1].sitting.opened_at > timedelta(days=50)


def test_answers_to_reflections_are_as_mixed_as_in_life(lived: Lived) -> None:
    turns = [turn for number in range(14) for turn in lived.turns(lived.maya, number)]
    answers = Counter(heard.answer for turn in turns for heard in turn.heard)
    assert answers["yes"] > answers["partly"] > answers["not_yet"] > 0
    assert [len(turn.heard) for turn in turns].count(0) == 2, "left early, and on paper"


def test_nothing_happened_before_they_moved_in_or_has_yet_to_happen(lived: Lived) -> None:
    times = list(Entry.objects.values_list("at", flat=True))
    assert lived.now - timedelta(days=63) < min(times)
    assert max(times) < lived.now


def test_one_written_round_waits_for_maya_to_give_it_back(lived: Lived) -> None:
    bond = opened_bonds(lived.maya.person, lived.maya.keyring)[0]
    (sitting,) = open_sittings([bond.space], lived.maya.person)
    seen = seen_at(place_at(lived.maya.here, sitting.id, room="listening"))
    assert (seen.round.step, seen.round.mode) == (Step.REFLECT, Mode.IN_WRITING)
    assert seen.is_my_move


def test_jonas_sees_mayas_rating_only_where_she_shared_it(lived: Lived) -> None:
    for number in range(14):
        for own, other in zip(
            lived.turns(lived.maya, number), lived.turns(lived.jonas, number), strict=True
        ):
            if own.speaker.id == lived.maya.person.id and own.felt:
                assert other.felt == (own.felt if own.is_felt_shared else None)


@pytest.mark.parametrize(
    ("login", "says"), [("maya", Direction.HIGHER), ("jonas", Direction.NO_CLEAR_CHANGE)]
)
def test_picture_over_time_says_what_the_numbers_can_say(
    lived: Lived, login: str, says: Direction
) -> None:
    who = lived.maya if login == "maya" else lived.jonas
    bond = opened_bonds(who.person, who.keyring)[0]
    ratings = ratings_of(who.person, who.keyring, bond.space)
    trend = felt_over_time([(rating.at, rating.felt.understood) for rating in ratings])
    assert trend.direction is says


def test_every_reply_is_to_a_scene_of_the_room(lived: Lived) -> None:
    tries = [
        entry
        for who in (lived.maya, lived.jonas)
        for entry in own_private_words(who.person, who.keyring)
        if entry.what == "drill"
    ]
    assert len(tries) == 20
    for entry in tries:
        assert scene_of(entry.about).message


def test_guest_of_maya_left_words_in_a_bond_of_friends(lived: Lived) -> None:
    bond = opened_bonds(lived.maya.person, lived.maya.keyring)[1]
    assert (bond.kind, bond.title) == (Kind.FRIENDS, "Maya & Theo")
    (row,) = past_in([bond.space], lived.maya.person).rows
    seen = seen_at(place_at(lived.maya.here, row.pk, room="listening"))
    assert seen.row.keepsakes.count() == 2
    assert [turn.is_held_back for turn in turns_of(seen, lived.maya.pair)] == [False, False]
    assert line_of(seen, lived.maya.pair).startswith("The 14")


@pytest.mark.parametrize("page", ["/", "/practise/", "/us/", "/learn/", "/me/", "/listening/"])
def test_page_of_a_lived_in_house_opens(lived: Lived, page: str) -> None:
    assert lived.maya.client.get(page).status_code == 200
