"""What is written when two people listen to each other, and for whose eyes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.http import Http404

from conftest import NOON, Someone
from nearer.diary.models import Entry
from nearer.people.bonds import leave
from nearer.people.devices import Here, hand_over
from nearer.people.models import Space
from nearer.people.queries import opened_bond
from nearer.practices.listening.actions import leaving
from nearer.practices.listening.actions import rounds as acts
from nearer.practices.listening.actions.rounds import Brought, Opening
from nearer.practices.listening.models import Keepsake, ListeningRound, Reflection
from nearer.practices.listening.queries import own, rounds
from nearer.practices.listening.rules import Felt, Mode, Move, OutOfTurn, Step
from nearer.stage.actions import Late
from nearer.stage.models import Sitting, TapTaken
from nearer.stage.queries import Place, place_at
from nearer.stage.rules import Phones
from nearer.vault.fields import opened, taken_back
from nearer.vault.sealing import SealBroken, derived

OPENING = Opening(Mode.SAME_ROOM, Phones.TWO, 4, 2, i_speak_first=True, topic="The garden")


class Table:
    """A session with both phones, moved by name."""

    def __init__(self, space: Space, ana: Someone, bo: Someone, opening: Opening) -> None:
        self.ana, self.bo = ana, bo
        bond = opened_bond(space, ana.person, ana.keyring)
        self.row, self.key = acts.begin(bond, ana.keyring, opening, now=NOON)
        self.now = NOON

    def place(self, who: Someone) -> Place:
        return place_at(who.here, self.row.pk, room="listening")

    def seen(self, who: Someone) -> rounds.Seen:
        return rounds.seen_at(self.place(who))

    def move(self, who: Someone, move: Move, moment: str = "", **brought: object) -> ListeningRound:
        self.now += timedelta(seconds=20)
        place = self.place(who)
        return acts.make_move(
            place,
            move,
            seat=who.person.id,
            moment=moment or rounds.seen_at(place).moment,
            brought=Brought(**brought),  # type: ignore[arg-type]
            now=self.now,
        )

    def draft(self, who: Someone, words: str, moment: str = "") -> None:
        place = self.place(who)
        moment = moment or rounds.seen_at(place).moment
        acts.save_draft(place, words, seat=who.person.id, moment=moment)

    def draft_of(self, who: Someone) -> str:
        return rounds.draft_of(self.seen(who), who.pair)

    def play(self, *moves: tuple[Someone, Move]) -> None:
        for who, move in moves:
            self.move(who, move)

    @property
    def step(self) -> Step:
        return Step(ListeningRound.objects.get(pk=self.row.pk).step)


@pytest.fixture
def table(space: Space, ana: Someone, bo: Someone) -> Table:
    return Table(space, ana, bo, OPENING)


@pytest.fixture
def speaking(table: Table) -> Table:
    table.play((table.ana, Move.READY), (table.bo, Move.READY))
    return table


@pytest.fixture
def rating(speaking: Table) -> Table:
    ana, bo = speaking.ana, speaking.bo
    speaking.move(ana, Move.SPOKE)
    speaking.move(bo, Move.REFLECTED, words="You missed the garden more than you said.")
    speaking.move(ana, Move.YES, words="That it was about her, not the roses.")
    speaking.play((bo, Move.SKIP))
    return speaking


def test_both_see_what_was_caught(rating: Table) -> None:
    for who in (rating.ana, rating.bo):
        turn = rounds.turns_of(rating.seen(who), who.pair)[0]
        assert turn.caught == "That it was about her, not the roses."
        assert [heard.words for heard in turn.heard] == [
            "You missed the garden more than you said."
        ]


def test_listener_does_not_see_a_rating_that_was_not_shared(rating: Table) -> None:
    rating.move(rating.ana, Move.RATED, felt=Felt(8, 7, 9))
    own = rounds.turns_of(rating.seen(rating.ana), rating.ana.pair)[0]
    theirs = rounds.turns_of(rating.seen(rating.bo), rating.bo.pair)[0]
    assert (own.felt, theirs.felt) == (Felt(8, 7, 9), None)


def test_listener_sees_a_shared_rating(rating: Table) -> None:
    rating.move(rating.ana, Move.RATED, felt=Felt(8, 7, 9), is_shared=True)
    assert rounds.turns_of(rating.seen(rating.bo), rating.bo.pair)[0].felt == Felt(8, 7, 9)


def test_kept_line_is_only_for_its_writer(rating: Table) -> None:
    rating.move(rating.ana, Move.END)
    rating.move(rating.ana, Move.KEPT, words="Her garden was her church")
    assert rounds.line_of(rating.seen(rating.ana), rating.ana.pair) == "Her garden was her church"
    assert rounds.line_of(rating.seen(rating.bo), rating.bo.pair) == ""


def test_double_tap_counts_once(speaking: Table) -> None:
    moment = speaking.seen(speaking.ana).moment
    speaking.move(speaking.ana, Move.SPOKE, moment=moment)
    speaking.move(speaking.ana, Move.SPOKE, moment=moment)
    assert speaking.step is Step.REFLECT


def test_words_sent_twice_after_a_lost_connection_are_there_once(speaking: Table) -> None:
    speaking.move(speaking.ana, Move.SPOKE)
    moment = speaking.seen(speaking.bo).moment
    for _time in range(2):
        speaking.move(speaking.bo, Move.REFLECTED, moment=moment, words="You were proud.")
    assert Reflection.objects.count() == 1


def test_other_words_from_a_second_tab_are_refused_and_the_first_stay(speaking: Table) -> None:
    speaking.move(speaking.ana, Move.SPOKE)
    moment = speaking.seen(speaking.bo).moment
    speaking.move(speaking.bo, Move.REFLECTED, moment=moment, words="You were proud.")
    with pytest.raises(Late):
        speaking.move(speaking.bo, Move.REFLECTED, moment=moment, words="You were angry.")
    turn = rounds.turn_now(speaking.seen(speaking.ana))
    assert turn is not None
    assert [heard.words for heard in turn.heard] == ["You were proud."]


def test_both_may_be_ready_from_pages_of_the_same_moment(table: Table) -> None:
    moment = table.seen(table.ana).moment
    table.move(table.ana, Move.READY, moment=moment)
    table.move(table.bo, Move.READY, moment=moment)
    assert table.step is Step.SPEAK


def test_listener_cannot_speak_for_the_speaker(speaking: Table) -> None:
    with pytest.raises(OutOfTurn):
        speaking.move(speaking.bo, Move.SPOKE)


def test_clock_stands_still_while_paused(speaking: Table) -> None:
    speaking.move(speaking.bo, Move.PAUSE)
    speaking.now += timedelta(minutes=30)
    speaking.move(speaking.bo, Move.RESUME)
    row = speaking.place(speaking.ana).sitting
    assert row.clock_before == timedelta(seconds=20)
    assert row.clock_stopped_at is None


def test_finished_session_is_in_the_diary_without_a_word(rating: Table) -> None:
    rating.play(
        (rating.ana, Move.SKIP),
        (rating.bo, Move.END),
        (rating.bo, Move.SKIP),
        (rating.ana, Move.SKIP),
    )
    entry = Entry.objects.get()
    assert (entry.room, entry.what, entry.person) == ("listening", "round", None)


def test_session_that_never_began_leaves_no_trace_in_the_diary(table: Table) -> None:
    table.move(table.ana, Move.END)
    assert not Entry.objects.exists()


def test_draft_comes_back_to_its_writer_only(speaking: Table) -> None:
    speaking.move(speaking.ana, Move.SPOKE)
    speaking.draft(speaking.bo, "You were")
    assert speaking.draft_of(speaking.bo) == "You were"
    assert speaking.draft_of(speaking.ana) == ""


def test_draft_of_a_person_is_a_box_that_the_round_key_does_not_open(speaking: Table) -> None:
    speaking.move(speaking.ana, Move.SPOKE)
    speaking.draft(speaking.bo, "You were")
    kept = Keepsake.objects.get(seat=speaking.bo.person.id)
    assert kept.round_draft is None
    with pytest.raises(SealBroken):
        opened(kept, "draft", speaking.key)


def test_draft_of_a_step_that_is_over_is_not_kept(speaking: Table) -> None:
    speaking.move(speaking.ana, Move.SPOKE)
    moment = speaking.seen(speaking.bo).moment
    speaking.move(speaking.bo, Move.REFLECTED, words="You were proud.")
    speaking.move(speaking.ana, Move.PARTLY)
    speaking.draft(speaking.bo, "You were", moment=moment)
    assert speaking.draft_of(speaking.bo) == ""


def test_draft_of_an_ended_session_is_gone_and_no_other_comes(
    speaking: Table, space: Space
) -> None:
    speaking.move(speaking.ana, Move.SPOKE)
    speaking.draft(speaking.bo, "You were")
    moment = speaking.seen(speaking.bo).moment
    leaving.end_all(space, now=NOON)
    assert Keepsake.objects.get().draft is None
    speaking.draft(speaking.bo, "You were", moment=moment)
    assert Keepsake.objects.get().draft is None


def test_sent_words_leave_no_draft(speaking: Table) -> None:
    speaking.move(speaking.ana, Move.SPOKE)
    speaking.draft(speaking.bo, "You were")
    speaking.move(speaking.bo, Move.REFLECTED, words="You were proud.")
    assert Keepsake.objects.get(seat=speaking.bo.person.id).draft is None


def test_taken_back_words_are_gone_and_leave_a_mark(rating: Table, space: Space) -> None:
    leaving.take_back(space, rating.bo.person.id)
    turn = rounds.turns_of(rating.seen(rating.ana), rating.ana.pair)[0]
    assert [(heard.words, heard.taken_back) for heard in turn.heard] == [("", frozenset({"words"}))]
    assert turn.caught == "That it was about her, not the roses."


def test_taking_back_touches_nothing_of_the_other(rating: Table, space: Space) -> None:
    rating.move(rating.ana, Move.RATED, felt=Felt(8, 7, 9))
    leaving.take_back(space, rating.bo.person.id)
    assert rounds.turns_of(rating.seen(rating.ana), rating.ana.pair)[0].felt == Felt(8, 7, 9)


def test_export_holds_own_words_and_none_of_the_other(rating: Table, space: Space) -> None:
    bo = rating.bo
    words = [entry.words for entry in own.own_words(bo.person, bo.keyring, space)]
    assert words == ["You missed the garden more than you said."]


def test_ratings_over_time_are_own_ratings(rating: Table, space: Space) -> None:
    rating.move(rating.ana, Move.RATED, felt=Felt(8, 7, 9), is_shared=True)
    ana, bo = rating.ana, rating.bo
    assert [r.felt for r in own.ratings_of(ana.person, ana.keyring, space)] == [Felt(8, 7, 9)]
    assert own.ratings_of(bo.person, bo.keyring, space) == []


def test_guest_round_opens_under_its_own_key(alone: Space, ana: Someone) -> None:
    bond = opened_bond(alone, ana.person, ana.keyring)
    opening = replace(OPENING, phones=Phones.ONE)
    row, _key = acts.begin(bond, ana.keyring, opening, now=NOON)
    seen = rounds.seen_at(place_at(ana.here, row.pk, room="listening"))
    assert (seen.guest.name, seen.place.key.version) == ("Dee", 1)
    assert seen.place.key != ana.keyring.newest(alone.id)


def test_guest_erases_everything_that_was_theirs(alone: Space, ana: Someone) -> None:
    bond = opened_bond(alone, ana.person, ana.keyring)
    row, _key = acts.begin(bond, ana.keyring, replace(OPENING, phones=Phones.ONE), now=NOON)
    place = place_at(ana.here, row.pk, room="listening")
    guest = place.sitting.second_seat

    def tap(move: Move, seat: UUID, words: str = "") -> None:
        fresh = place_at(ana.here, row.pk, room="listening")
        moment = rounds.seen_at(fresh).moment
        acts.make_move(fresh, move, seat=seat, moment=moment, brought=Brought(words), now=NOON)

    tap(Move.READY, ana.person.id)
    tap(Move.SPOKE, ana.person.id)
    tap(Move.REFLECTED, guest, "You were afraid of the lift.")
    leaving.erase_guest(place.sitting)
    assert taken_back(Reflection.objects.get(), "words")
    assert rounds.seen_at(place_at(ana.here, row.pk, room="listening")).guest.name != "Dee"


def test_skipping_sends_nothing_of_what_stood_in_the_form(rating: Table) -> None:
    rating.move(rating.ana, Move.SKIP, felt=Felt(1, 1, 1), is_shared=True)
    for who in (rating.ana, rating.bo):
        assert rounds.turns_of(rating.seen(who), who.pair)[0].felt is None


def test_leaving_a_reflection_where_it_is_sends_no_words(speaking: Table) -> None:
    speaking.move(speaking.ana, Move.SPOKE)
    speaking.move(speaking.bo, Move.REFLECTED, words="You were proud.")
    speaking.move(speaking.ana, Move.SKIP, words="You never listen")
    (heard,) = rounds.turns_of(speaking.seen(speaking.bo), speaking.bo.pair)[0].heard
    assert heard.missing == ""


def test_nobody_finds_a_rating_by_trying_all_of_them_with_the_round_key(rating: Table) -> None:
    """The partner who hosts has the row and the key that both hold."""
    moment = rating.seen(rating.ana).moment
    rating.move(rating.ana, Move.RATED, felt=Felt(2, 3, 1))
    taken = bytes(TapTaken.objects.get(moment=moment, seat=rating.ana.person.id).digest)
    keys = (rating.key.secret, derived(rating.key.secret, "tap"), rating.place(rating.bo).tap_key)
    tried = {Brought(felt=Felt(2, 3, 1)).digest(Move.RATED, key) for key in keys}
    assert taken not in tried


def test_taps_are_forgotten_when_the_session_ends(rating: Table) -> None:
    assert TapTaken.objects.exists()
    rating.move(rating.ana, Move.END)
    assert not TapTaken.objects.exists()


def test_ended_session_takes_no_more_moves(speaking: Table, space: Space) -> None:
    moment = speaking.seen(speaking.ana).moment
    leaving.end_all(space, now=NOON)
    with pytest.raises(Late):
        speaking.move(speaking.ana, Move.SPOKE, moment=moment)
    assert Sitting.objects.get().ended_at == NOON


def test_passed_phone_plays_no_more_once_its_owner_has_left(
    table: Table, space: Space, ana: Someone
) -> None:
    hand_over(ana.entered, door=rounds.door_of(table.row.pk), key=table.key)
    passed = Here(ana.entered.device, ana.entered.secret, keyring=None, pass_key=table.key)
    assert place_at(passed, table.row.pk, room="listening").is_handed_over
    leave(space, ana.person, now=NOON)
    with pytest.raises(Http404):
        place_at(passed, table.row.pk, room="listening")


def test_draft_is_gone_when_the_reflection_is_left_where_it_is(speaking: Table) -> None:
    speaking.move(speaking.ana, Move.SPOKE)
    speaking.move(speaking.bo, Move.REFLECTED, words="You were proud.")
    speaking.move(speaking.ana, Move.PARTLY)
    speaking.draft(speaking.bo, "You were")
    speaking.move(speaking.bo, Move.SKIP)
    assert Keepsake.objects.get(seat=speaking.bo.person.id).draft is None


def test_ratings_on_the_others_phone_are_in_no_picture(
    space: Space, ana: Someone, bo: Someone
) -> None:
    """Nobody can tell who held it, and a picture is about one's own ratings."""
    table = Table(space, ana, bo, replace(OPENING, phones=Phones.ONE, i_speak_first=False))
    both = frozenset({ana.person.id, bo.person.id})

    def tap(move: Move, **brought: object) -> None:
        place = replace(table.place(ana), seats=both, is_handed_over=True)
        seen = rounds.seen_at(place)
        by = (bo if seen.seat == bo.person.id else ana).person.id
        words = Brought(**brought)  # type: ignore[arg-type]
        acts.make_move(place, move, seat=by, moment=seen.moment, brought=words, now=NOON)

    for move in (Move.READY, Move.SPOKE, Move.REFLECTED, Move.YES, Move.SKIP):
        tap(move)
    tap(Move.RATED, felt=Felt(10, 10, 10))
    assert own.ratings_of(bo.person, bo.keyring, space) == []


def test_paper_typed_in_goes_with_the_one_who_typed_it(
    space: Space, ana: Someone, bo: Someone
) -> None:
    paper = acts.Paper(i_spoke=False, caught="That I was wrong", felt=None, line="")
    row = acts.record_paper(ana.bond(space), ana.keyring, paper, now=NOON)
    assert own.own_words(bo.person, bo.keyring, space) == []
    leaving.take_back(space, ana.person.id)
    turn = row.turns_taken.get()
    assert (bytes(turn.caught or b""), taken_back(turn, "caught")) == (b"", frozenset({"caught"}))


def test_paper_stays_with_the_one_who_typed_it_when_the_other_goes(
    space: Space, ana: Someone, bo: Someone
) -> None:
    paper = acts.Paper(i_spoke=False, caught="That I was wrong", felt=None, line="")
    row = acts.record_paper(ana.bond(space), ana.keyring, paper, now=NOON)
    leaving.take_back(space, bo.person.id)
    words = [entry.words for entry in own.own_words(ana.person, ana.keyring, space)]
    assert (words, row.turns_taken.get().speaker) == (["That I was wrong"], bo.person.id)
