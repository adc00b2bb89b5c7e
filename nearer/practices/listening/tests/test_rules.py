"""The order of a listening session, and what its ratings may be said to show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from nearer.practices.listening.rules import (
    Direction,
    Felt,
    Mode,
    Move,
    OutOfTurn,
    Round,
    Step,
    advance,
    awaited,
    felt_over_time,
    has_waited_long,
    may_type,
)

ANA, BO, CY = UUID(int=1), UUID(int=2), UUID(int=3)
START = Round(ANA, BO, Mode.SAME_ROOM)
TURN = (
    (ANA, Move.SPOKE),
    (BO, Move.REFLECTED),
    (ANA, Move.YES),
    (BO, Move.GUESSED),
    (ANA, Move.RIGHT),
    (ANA, Move.RATED),
)


def played(round_: Round, *moves: tuple[UUID, Move]) -> Round:
    for by, move in moves:
        round_ = advance(round_, move, by)
    return round_


def begun() -> Round:
    return played(START, (ANA, Move.READY), (BO, Move.READY))


def test_round_begins_when_both_are_ready() -> None:
    assert played(START, (BO, Move.READY)).step is Step.SETTLE
    assert begun().step is Step.SPEAK


@pytest.mark.parametrize("mode", list(Mode))
def test_each_field_of_a_round_waits_for_one_person_and_the_close_for_both(mode: Mode) -> None:
    typists = {Step.REFLECT: {BO}, Step.CONFIRM: {ANA}, Step.NOTICE: {BO}, Step.CLOSE: {ANA, BO}}
    if mode is Mode.IN_WRITING:
        typists[Step.SPEAK] = {ANA}
    for step in Step:
        round_ = Round(ANA, BO, mode, step=step)
        assert {who for who in (ANA, BO, CY) if may_type(round_, who)} == typists.get(step, set())


def test_field_does_not_wait_for_a_line_that_is_kept_already() -> None:
    assert not may_type(Round(ANA, BO, Mode.SAME_ROOM, step=Step.CLOSE, done=frozenset({ANA})), ANA)


def test_one_tap_is_enough_to_begin_on_one_phone() -> None:
    on_one = Round(ANA, BO, Mode.SAME_ROOM, is_one_phone=True)
    assert advance(on_one, Move.READY, ANA).step is Step.SPEAK


def test_whole_session_goes_through_every_step_and_changes_places() -> None:
    swapped = {ANA: BO, BO: ANA}
    second = [(swapped[by], move) for by, move in TURN]
    after_first = played(begun(), *TURN)
    assert (after_first.step, awaited(after_first)) == (Step.CHANGE, (BO,))
    closing = played(after_first, (BO, Move.READY), *second)
    assert closing.step is Step.CLOSE
    assert played(closing, (BO, Move.KEPT), (ANA, Move.SKIP)).step is Step.DONE


def test_listener_may_not_speak_for_the_speaker() -> None:
    with pytest.raises(OutOfTurn):
        advance(begun(), Move.SPOKE, BO)


def test_stranger_can_do_nothing_at_any_step() -> None:
    for move in Move:
        with pytest.raises(OutOfTurn):
            advance(begun(), move, CY)


@pytest.mark.parametrize("answer", [Move.PARTLY, Move.NOT_YET])
def test_reflecting_goes_on_until_the_speaker_says_yes(answer: Move) -> None:
    tried = played(begun(), (ANA, Move.SPOKE), (BO, Move.REFLECTED), (ANA, answer))
    assert (tried.step, tried.tries) == (Step.REFLECT, 1)
    assert played(tried, (BO, Move.REFLECTED), (ANA, Move.YES)).step is Step.NOTICE


def test_listener_may_leave_it_only_after_a_try() -> None:
    spoken = played(begun(), (ANA, Move.SPOKE))
    with pytest.raises(OutOfTurn):
        advance(spoken, Move.SKIP, BO)
    tried = played(spoken, (BO, Move.REFLECTED), (ANA, Move.PARTLY))
    assert advance(tried, Move.SKIP, BO).step is Step.NOTICE


def test_writing_has_no_question_about_face_and_voice() -> None:
    writing = Round(ANA, BO, Mode.IN_WRITING, step=Step.CONFIRM, tries=1)
    assert advance(writing, Move.YES, ANA).step is Step.FELT


def test_nobody_moves_on_while_paused_and_only_whoever_paused_goes_on() -> None:
    paused = advance(begun(), Move.PAUSE, BO)
    for move in (Move.SPOKE, Move.RESUME):
        with pytest.raises(OutOfTurn):
            advance(paused, move, ANA)
    assert played(paused, (BO, Move.RESUME), (ANA, Move.SPOKE)).step is Step.REFLECT


def test_pausing_what_the_other_paused_does_not_take_the_pause_over() -> None:
    assert played(begun(), (BO, Move.PAUSE), (ANA, Move.PAUSE)).paused_by == BO


def test_on_one_phone_whoever_holds_it_goes_on() -> None:
    on_one = Round(ANA, BO, Mode.SAME_ROOM, step=Step.SPEAK, is_one_phone=True)
    assert not played(on_one, (ANA, Move.PAUSE), (BO, Move.RESUME)).is_paused


@pytest.mark.parametrize("by", [ANA, BO])
@pytest.mark.parametrize("paused", [False, True])
def test_either_ends_it_at_every_step_at_once_and_is_asked_nothing_more(
    by: UUID, *, paused: bool
) -> None:
    for step in set(Step) - {Step.CLOSE, Step.DONE}:
        round_ = Round(ANA, BO, Mode.SAME_ROOM, step=step, is_paused=paused, paused_by=ANA)
        ended = advance(round_, Move.END, by)
        assert (ended.is_over, ended.is_paused, ended.ended_by) == (True, False, by)
        assert by not in awaited(ended)


def test_whoever_did_not_end_it_may_keep_a_line_if_anything_was_said() -> None:
    assert awaited(advance(begun(), Move.END, BO)) == ()
    assert awaited(played(begun(), (ANA, Move.SPOKE), (BO, Move.END))) == (ANA,)


def test_round_that_came_to_its_end_was_ended_by_nobody() -> None:
    closing = Round(ANA, BO, Mode.SAME_ROOM, step=Step.CLOSE)
    assert played(closing, (ANA, Move.END), (BO, Move.SKIP)).ended_by is None


def test_line_may_be_kept_after_all_when_nothing_is_asked_any_longer() -> None:
    over = Round(ANA, BO, Mode.SAME_ROOM, step=Step.DONE)
    assert advance(over, Move.KEPT, ANA) == over


@pytest.mark.parametrize("move", set(Move) - {Move.KEPT, Move.SKIP, Move.END})
def test_nothing_goes_on_when_it_is_over(move: Move) -> None:
    for step in (Step.CLOSE, Step.DONE):
        with pytest.raises(OutOfTurn):
            advance(Round(ANA, BO, Mode.SAME_ROOM, step=step), move, ANA)


@pytest.mark.parametrize(
    ("step", "minutes", "is_long"),
    [
        (Step.REFLECT, 4, False),
        (Step.REFLECT, 5, True),
        (Step.SPEAK, 8, False),
        (Step.SPEAK, 9, True),
        (Step.CLOSE, 60, False),
    ],
)
def test_wait_is_long_after_five_minutes_and_the_time_to_speak(
    step: Step, minutes: int, *, is_long: bool
) -> None:
    round_ = Round(ANA, BO, Mode.SAME_ROOM, step=step)
    assert has_waited_long(round_, timedelta(minutes=minutes), 4) is is_long


def test_on_one_phone_one_person_at_a_time_holds_it() -> None:
    closing = Round(ANA, BO, Mode.SAME_ROOM, step=Step.CLOSE, is_one_phone=True)
    assert awaited(closing) == (ANA,)
    assert awaited(advance(closing, Move.SKIP, ANA)) == (BO,)


class Session(RuleBasedStateMachine):
    """Any order of taps by anybody: a session never skips the confirming, and always can end."""

    def __init__(self) -> None:
        super().__init__()
        self.round = START
        self.reflected = 0

    @rule(by=st.sampled_from([ANA, BO, CY]), move=st.sampled_from(list(Move)))
    def tap(self, by: UUID, move: Move) -> None:
        before = self.round
        try:
            self.round = advance(before, move, by)
        except OutOfTurn:
            assert self.round == before

    @precondition(lambda self: self.round.step is not Step.DONE)
    @rule()
    def somebody_is_awaited(self) -> None:
        assert set(awaited(self.round)) <= {ANA, BO}
        assert awaited(self.round)

    @invariant()
    def turn_stays_within_what_was_agreed(self) -> None:
        assert 1 <= self.round.turn <= self.round.turns

    @invariant()
    def nobody_is_asked_how_it_was_before_a_reflection(self) -> None:
        if self.round.step in (Step.CONFIRM, Step.NOTICE, Step.NOTICED, Step.FELT):
            assert self.round.tries > 0

    @invariant()
    def two_different_people_sit_there(self) -> None:
        assert {self.round.speaker, self.round.listener} == {ANA, BO}


TestSession = Session.TestCase


@given(st.integers(0, 10), st.integers(0, 10), st.integers(0, 10))
def test_ratings_come_back_as_they_were_written(a: int, b: int, c: int) -> None:
    assert Felt.read(str(Felt(a, b, c))) == Felt(a, b, c)


@pytest.mark.parametrize("wrong", [-1, 11])
def test_rating_outside_the_scale_is_refused(wrong: int) -> None:
    with pytest.raises(ValueError, match="0 to 10"):
        Felt(wrong, 5, 5)


def at(*values: int) -> list[tuple[datetime, int]]:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return [(start + timedelta(days=i), value) for i, value in enumerate(values)]


def test_two_ratings_are_not_enough_to_draw() -> None:
    assert felt_over_time(at(7, 8)).direction is Direction.NOT_ENOUGH


def test_nine_ratings_are_too_early_for_a_direction() -> None:
    assert felt_over_time(at(1, 1, 1, 1, 1, 9, 9, 9, 9)).direction is Direction.EARLY


def test_clear_rise_and_fall_are_named() -> None:
    low, high = (3, 4, 3, 3, 4), (8, 9, 8, 8, 9)
    assert felt_over_time(at(*low, *high)).direction is Direction.HIGHER
    assert felt_over_time(at(*high, *low)).direction is Direction.LOWER


def test_one_point_more_is_not_called_a_change() -> None:
    assert felt_over_time(at(6, 8, 5, 9, 7, 7, 9, 6, 10, 8)).direction is Direction.NO_CLEAR_CHANGE


def test_three_equal_ratings_still_have_a_band() -> None:
    point = felt_over_time(at(7, 7, 7)).points[0]
    assert point.high - point.low > 1


@given(st.lists(st.integers(0, 10), max_size=40))
def test_band_holds_the_mean_and_stays_on_the_scale(values: list[int]) -> None:
    for point in felt_over_time(at(*values)).points:
        assert 0 <= point.low <= point.mean <= point.high <= 10
