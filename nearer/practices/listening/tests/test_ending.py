"""What each of the two reads and is asked when a round ends, waits or is only offered."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from conftest import Someone
from nearer.people.models import Space
from nearer.practices.listening.models import Keepsake, ListeningRound
from nearer.practices.listening.prompts import words
from nearer.practices.listening.rules import Step
from nearer.stage.models import Sitting
from tests.rounds import begin_to_write, begun, sit_down_as_guest, tap

HARD = "I have been afraid to come home."


@pytest.fixture
def written(ana: Someone, bo: Someone, space: Space) -> UUID:
    """In writing Ana has sent her words, and Bo may give them back."""
    round_id = begun(ana.client, space.id, mode="in_writing", topic="The attic")
    tap(ana.client, round_id, "ready")
    tap(bo.client, round_id, "ready")
    tap(ana.client, round_id, "spoke", words=HARD)
    return round_id


def page(who: Someone | Client, name: str, *args: object) -> str:
    client = who if isinstance(who, Client) else who.client
    return " ".join(client.get(reverse(name, args=args)).content.decode().split())


def stage(who: Someone | Client, round_id: UUID) -> str:
    return page(who, "listening:stage", round_id)


def end(who: Someone, round_id: UUID) -> str:
    """From the page on leaving: one tap that leads there, one that confirms."""
    address = reverse("listening:leave", args=[round_id])
    return str(who.client.post(address, {"how": "end"}).headers["Location"])


def test_one_confirmation_ends_it_and_leads_home(ana: Someone, bo: Someone, written: UUID) -> None:
    assert end(bo, written) == reverse("web:today")
    assert Sitting.objects.get().ended_at
    for who in (ana, bo):
        assert reverse("listening:round", args=[written]) not in page(who, "web:today")


def test_whoever_ended_it_is_asked_nothing(bo: Someone, written: UUID) -> None:
    end(bo, written)
    shown = stage(bo, written)
    assert "You ended the round here." in shown
    assert ("What matters to" in shown, 'value="skip"' in shown) == (False, False)


def test_the_other_reads_plainly_that_it_ended_and_what_stays(
    ana: Someone, bo: Someone, written: UUID
) -> None:
    end(bo, written)
    shown = stage(ana, written)
    assert "Bo ended the round here." in shown
    assert "What you sent stays" in shown
    assert ("underneath the story" in shown, "Thank you both" in shown) == (False, False)
    tap(ana.client, written, "skip")
    shown = stage(ana, written)
    assert "Bo ended the round here." in shown
    assert ("is kept" in shown, "turns by itself" in shown) == (False, False)


def test_the_other_who_sent_nothing_reads_of_nothing_that_stays(
    ana: Someone, bo: Someone, written: UUID
) -> None:
    end(ana, written)
    shown = stage(bo, written)
    assert "Ana ended the round here." in shown
    assert "What you sent stays" not in shown


def test_round_that_ended_before_a_word_asks_nobody_for_a_line(
    ana: Someone, bo: Someone, space: Space
) -> None:
    round_id = begun(ana.client, space.id, mode="same_room")
    end(ana, round_id)
    shown = stage(bo, round_id)
    assert "Ana ended the round here." in shown
    assert 'value="skip"' not in shown


def test_either_may_keep_a_line_that_only_they_see(
    ana: Someone, bo: Someone, written: UUID
) -> None:
    end(bo, written)
    for who in (bo, ana):
        tap(who.client, written, "kept", words=f"Only for {who.name}")
    for who, other in ((ana, bo), (bo, ana)):
        session = page(who, "listening:session", written)
        assert (f"Only for {who.name}" in session, f"Only for {other.name}" in session) == (
            True,
            False,
        )


def test_page_that_is_done_does_not_change_with_what_the_other_does(
    ana: Someone, bo: Someone, written: UUID
) -> None:
    end(bo, written)
    before = bo.client.get(reverse("listening:stage", args=[written])).context["seen"].version
    tap(ana.client, written, "kept", words="A line")
    after = bo.client.get(reverse("listening:stage", args=[written])).context["seen"].version
    assert before == after


def test_skip_at_the_end_never_says_that_something_is_kept(
    ana: Someone, bo: Someone, space: Space
) -> None:
    round_id = _spoken_to_the_end(ana, bo, space)
    tap(ana.client, round_id, "skip")
    shown = stage(ana, round_id)
    assert "Thank you both" in shown
    assert "Nothing was written down, and nothing has to be." in shown
    assert ("is kept" in shown, "You are speaking" in shown) == (False, False)
    assert reverse("listening:round", args=[round_id]) not in page(ana, "web:today")


def test_line_begun_at_the_close_is_there_when_the_other_leaves(
    ana: Someone, bo: Someone, space: Space
) -> None:
    round_id = _spoken_to_the_end(ana, bo, space)
    begin_to_write(ana.client, round_id, "Ask about the lift")
    bo.client.post(reverse("listening:leave", args=[round_id]), {"how": "end"})
    assert "Ask about the lift" in stage(ana, round_id)


def _spoken_to_the_end(ana: Someone, bo: Someone, space: Space) -> UUID:
    round_id = begun(ana.client, space.id, mode="same_room")
    tap(ana.client, round_id, "ready")
    tap(bo.client, round_id, "ready")
    for one, two in ((ana, bo), (bo, ana)):
        for who, move in ((one, "spoke"), (two, "aloud"), (one, "yes"), (two, "skip")):
            tap(who.client, round_id, move)
        tap(one.client, round_id, "skip")
        if one is ana:
            tap(bo.client, round_id, "ready")
    return round_id


def test_words_sent_after_the_other_ended_come_back_and_are_not_kept(
    ana: Someone, bo: Someone, written: UUID
) -> None:
    shown = bo.client.get(reverse("listening:stage", args=[written])).context["seen"]
    end(ana, written)
    data = {"moment": shown.moment, "by": str(bo.person.id), "move_made": "reflected"}
    answer = bo.client.post(
        reverse("listening:move", args=[written]),
        data | {"words": "You were afraid."},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 409
    assert "You were afraid." in answer.content.decode()


def test_guest_who_ends_it_decides_at_once_about_own_words(ana: Someone, alone: Space) -> None:
    guest = Client()
    round_id = sit_down_as_guest(ana.client, guest, alone.id)
    for who, move in ((ana.client, "ready"), (guest, "ready"), (ana.client, "spoke")):
        tap(who, round_id, move)
    tap(guest, round_id, "reflected", words="You missed the train.")
    tap(guest, round_id, "end")
    assert "Erase my words" in stage(guest, round_id)
    assert "What you sent stays" not in stage(ana, round_id)
    answer = guest.post(reverse("listening:erase", args=[round_id]))
    assert (answer.status_code, "train" in page(ana, "listening:session", round_id)) == (200, False)


def test_long_wait_offers_to_stop_and_says_nothing_of_the_other(
    ana: Someone, written: UUID
) -> None:
    assert "You can stop here" not in stage(ana, written)
    _let_pass(timedelta(minutes=5))
    shown = stage(ana, written)
    assert "Nothing may come for now. You can stop here. What you sent stays." in shown
    assert reverse("listening:leave", args=[written]) in shown


def test_long_wait_offers_nothing_to_whoever_is_awaited(bo: Someone, written: UUID) -> None:
    _let_pass(timedelta(minutes=50))
    assert "You can stop here" not in stage(bo, written)


def _let_pass(time: timedelta) -> None:
    sitting = Sitting.objects.get()
    Sitting.objects.update(clock_started_at=sitting.clock_started_at - time)


def test_pause_belongs_to_whoever_asked_for_it_and_the_other_can_end(
    ana: Someone, bo: Someone, written: UUID
) -> None:
    tap(bo.client, written, "pause")
    shown = stage(ana, written)
    assert ('value="resume"' in shown, "Bo asked for a pause" in shown) == (False, True)
    assert 'value="resume"' in stage(bo, written)
    data = {"moment": "1.0.reflect", "by": str(ana.person.id), "move_made": "resume"}
    move = reverse("listening:move", args=[written])
    assert ana.client.post(move, data, headers={"HX-Request": "true"}).status_code == 409
    assert Sitting.objects.get().clock_stopped_at
    end(ana, written)
    assert Sitting.objects.get().ended_at


@pytest.fixture
def offered(ana: Someone, space: Space) -> UUID:
    """Ana has begun a round and is ready; Bo has not come."""
    round_id = begun(ana.client, space.id, mode="in_writing", topic="The attic")
    tap(ana.client, round_id, "ready")
    return round_id


def test_round_that_somebody_else_opened_is_an_invitation_without_its_topic(
    ana: Someone, bo: Someone, offered: UUID
) -> None:
    today = page(bo, "web:today")
    assert "Ana would like to listen" in today
    assert ("The attic" in today, "waits where it was" in today) == (False, False)
    assert ("Come in" in today, "Not now" in today) == (True, True)
    tap(bo.client, offered, "ready")
    assert "Your round with Ana waits where it was" in page(bo, "web:today")
    assert "Your round with Bo waits where it was" in page(ana, "web:today")


def test_not_now_shows_whoever_invites_what_silence_shows(
    ana: Someone, bo: Someone, cy: Someone, offered: UUID
) -> None:
    def seen_by_ana() -> tuple[str, ...]:
        names = ("web:today", "listening:home")
        hers = [ana.client.get(reverse(name)).content for name in names]
        told = Sitting.objects.get().taps, stage(ana, offered).count("turns by itself")
        return (*(_without_keys(each.decode()) for each in hers), str(told))

    before = seen_by_ana()
    address = reverse("listening:not_now", args=[offered])
    assert [who.client.post(address).status_code for who in (ana, cy, bo)] == [404, 404, 302]
    assert seen_by_ana() == before
    assert "Ana would like to listen" not in page(bo, "web:today")
    assert reverse("listening:round", args=[offered]) in page(bo, "listening:home")
    assert ListeningRound.objects.get().step == Step.SETTLE


def _without_keys(shown: str) -> str:
    return "\n".join(line for line in shown.splitlines() if "csrf" not in line.lower())


def test_coming_in_later_is_as_good_as_at_once(bo: Someone, offered: UUID) -> None:
    bo.client.post(reverse("listening:not_now", args=[offered]))
    tap(bo.client, offered, "ready")
    assert ListeningRound.objects.get().step == Step.SPEAK


def test_what_was_set_aside_is_shown_again_once_one_takes_part(bo: Someone, offered: UUID) -> None:
    bo.client.post(reverse("listening:not_now", args=[offered]))
    tap(bo.client, offered, "ready")
    assert "Your round with Ana waits where it was" in page(bo, "web:today")


def test_beginning_while_one_is_open_says_so_and_lets_choose(
    ana: Someone, bo: Someone, space: Space, written: UUID
) -> None:
    begin = reverse("listening:begin", args=[space.id])
    assert "A round with Ana is open already" in page(bo, "listening:begin", space.id)
    bo.client.post(begin, {"mode": "same_room", "phones": "two", "first": "me"})
    assert ListeningRound.objects.count() == 1
    bo.client.post(begin, {"ends": str(written)})
    assert "Bo ended the round here." in stage(ana, written)
    assert "Where are you two?" in page(bo, "listening:begin", space.id)


def test_round_on_one_phone_can_be_ended_from_the_own_phone_of_the_other(
    ana: Someone, bo: Someone, space: Space
) -> None:
    round_id = begun(ana.client, space.id, mode="same_room", phones="one")
    bo.client.post(reverse("listening:begin", args=[space.id]), {"ends": str(round_id)})
    assert Sitting.objects.get().ended_at
    assert "The round was ended here." in stage(ana.client, round_id)


def test_stranger_ends_and_sets_aside_nothing(cy: Someone, space: Space, offered: UUID) -> None:
    for name, args in (("leave", offered), ("begin", space.id), ("not_now", offered)):
        address = reverse(f"listening:{name}", args=[args])
        data = {"how": "end", "ends": str(offered)}
        assert cy.client.post(address, data).status_code == 404
    assert Sitting.objects.get().ended_at is None
    assert not Keepsake.objects.exists()


def test_hints_for_writing_and_calls_name_no_keys_and_no_windows() -> None:
    found = words()
    shown = str([found["settle"], found["listener"], found["speaker"], found["noticed"]]).lower()
    assert [word for word in ("keys", "windows", "unclench", "in writing") if word in shown] == []


def test_own_phone_says_you(ana: Someone, bo: Someone, space: Space) -> None:
    round_id = begun(ana.client, space.id, mode="same_room")
    for who, move in ((ana, "ready"), (bo, "ready"), (ana, "spoke"), (bo, "aloud"), (ana, "yes")):
        tap(who.client, round_id, move)
    tap(bo.client, round_id, "skip")
    tap(ana.client, round_id, "skip")
    assert "Now you speak." in stage(bo, round_id)
    assert "Now Bo speaks." in stage(ana, round_id)
