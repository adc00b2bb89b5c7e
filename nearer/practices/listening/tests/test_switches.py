"""How somebody wants to practise: the plan that comes back, and feedback that can be off."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from conftest import Someone
from nearer.people.models import Space
from nearer.practices.listening.actions.own import set_habit
from nearer.practices.listening.prompts import scenes, words
from nearer.practices.listening.tests.test_views import OPENING, begun, stage, tap

PLAN = "I will look up again"
REMARK = "Only you see this"


def _wants(who: Someone, *, feedback: bool) -> None:
    set_habit(who.person, who.keyring, drift="dinner", plan=PLAN, wants_feedback=feedback)


def _looked_over(client: Client, round_id: UUID, *, as_a_page: bool) -> str:
    headers = {} if as_a_page else {"HX-Request": "true"}
    address = reverse("listening:feedback", args=[round_id])
    words_typed = {"words": "You were proud of it."}
    return str(client.post(address, words_typed, headers=headers).content.decode())


@pytest.fixture
def reflecting(ana: Someone, bo: Someone, space: Space) -> UUID:
    round_id = begun(ana, space)
    for who, move in ((ana, "ready"), (bo, "ready"), (ana, "spoke")):
        tap(who.client, round_id, move)
    return round_id


@pytest.mark.parametrize("as_a_page", [True, False])
@pytest.mark.parametrize("is_wanted", [True, False])
def test_feedback_is_shown_on_an_own_phone_only_if_its_owner_wants_it(
    bo: Someone, reflecting: UUID, *, is_wanted: bool, as_a_page: bool
) -> None:
    _wants(bo, feedback=is_wanted)
    assert ("Look it over" in stage(bo.client, reflecting)) is is_wanted
    looked = _looked_over(bo.client, reflecting, as_a_page=as_a_page)
    assert (REMARK in looked) is is_wanted
    assert 'value="reflected"' in looked


def test_feedback_that_the_speaker_switched_off_is_still_there_for_the_listener(
    ana: Someone, bo: Someone, reflecting: UUID
) -> None:
    _wants(ana, feedback=False)
    assert "Look it over" in stage(bo.client, reflecting)


@pytest.mark.parametrize("is_wanted", [True, False])
def test_feedback_is_shown_on_a_passed_phone_only_if_whoever_writes_wants_it(
    ana: Someone, bo: Someone, space: Space, *, is_wanted: bool
) -> None:
    _wants(ana, feedback=not is_wanted)
    _wants(bo, feedback=is_wanted)
    round_id = begun(ana, space, phones="one")
    for move in ("ready", "spoke"):
        tap(ana.client, round_id, move)
    assert ("Look it over" in stage(ana.client, round_id)) is is_wanted
    assert (REMARK in _looked_over(ana.client, round_id, as_a_page=False)) is is_wanted


def test_without_feedback_a_reflection_is_sent_from_its_page(bo: Someone, reflecting: UUID) -> None:
    _wants(bo, feedback=False)
    assert 'value="reflected"' in stage(bo.client, reflecting)
    assert tap(bo.client, reflecting, "reflected", words="You were proud.")[0] == 200


def test_drill_shows_feedback_also_to_whoever_switched_it_off_for_rounds(ana: Someone) -> None:
    _wants(ana, feedback=False)
    address = reverse("listening:scene", args=[scenes()[0].id])
    assert REMARK in ana.client.post(address, {"words": "You miss it."}).content.decode()
    assert "A drill always shows it" in ana.client.get(reverse("listening:habit")).content.decode()


def test_own_plan_comes_back_before_the_round_and_before_the_own_turn_to_listen(
    ana: Someone, bo: Someone, space: Space
) -> None:
    _wants(ana, feedback=True)
    round_id = begun(ana, space)
    shown = []
    moves = [(ana, "ready"), (bo, "ready"), (ana, "spoke"), (bo, "aloud"), (ana, "yes")]
    for who, move in [*moves, (bo, "skip"), (ana, "skip"), (bo, "ready")]:
        shown.append(PLAN in stage(ana.client, round_id))
        assert PLAN not in stage(bo.client, round_id)
        tap(who.client, round_id, move)
    # Settle, and then the change of places, after which she listens.
    assert shown == [True, False, False, False, False, False, False, True]


def test_whoever_will_speak_is_shown_no_plan_for_listening_when_places_change(
    ana: Someone, bo: Someone, space: Space
) -> None:
    _wants(bo, feedback=True)
    round_id = begun(ana, space)
    moves = [(ana, "ready"), (bo, "ready"), (ana, "spoke"), (bo, "aloud"), (ana, "yes")]
    for who, move in [*moves, (bo, "skip"), (ana, "skip")]:
        tap(who.client, round_id, move)
    page = stage(bo.client, round_id)
    assert ("I am ready to speak" in page, PLAN in page) == (True, False)


def test_plan_is_there_again_at_the_next_round(ana: Someone, bo: Someone, space: Space) -> None:
    _wants(ana, feedback=True)
    tap(ana.client, begun(ana, space), "end")
    response = ana.client.post(reverse("listening:begin", args=[space.id]), OPENING)
    assert PLAN in ana.client.get(response.headers["Location"]).content.decode()


def test_no_plan_is_shown_on_a_phone_that_is_passed(
    ana: Someone, bo: Someone, space: Space
) -> None:
    _wants(ana, feedback=True)
    round_id = begun(ana, space, phones="one")
    for move in ("ready", "spoke", "aloud", "yes", "skip", "skip", "ready"):
        assert PLAN not in stage(ana.client, round_id)
        tap(ana.client, round_id, move)


def test_session_on_a_call_is_told_as_one_and_goes_through_both_turns(
    ana: Someone, bo: Someone, space: Space
) -> None:
    round_id = begun(ana, space, mode="on_a_call", topic="")
    settle = [line.format(name="Bo") for line in words()["settle"]["on_a_call"]]
    page = stage(ana.client, round_id)
    assert [line for line in settle if escape(line) not in page] == []
    turn = ("spoke", "aloud", "yes", "guessed", "right", "rated")
    for who in (ana, bo):
        tap(who.client, round_id, "ready")
    for speaker, listener in ((ana, bo), (bo, ana)):
        quiet = [each["title"] for each in words()["listener"]["on_a_call"]]
        page = stage(listener.client, round_id)
        assert any(escape(each.format(name=speaker.name)) in page for each in quiet)
        for move in turn:
            by = listener if move in ("aloud", "guessed") else speaker
            brought = {"words": "Your voice went quiet."} if move == "guessed" else {}
            assert tap(by.client, round_id, move, **brought)[0] == 200
        if speaker is ana:
            tap(bo.client, round_id, "ready")
    for who in (ana, bo):
        tap(who.client, round_id, "skip")
    session = bo.client.get(reverse("listening:session", args=[round_id])).content.decode()
    assert (session.count("Said aloud."), session.count("Your voice went quiet.")) == (2, 2)
