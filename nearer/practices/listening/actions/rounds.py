"""What is written while two people listen to each other, and on paper afterwards."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from nearer.diary.actions import note
from nearer.people.bonds import seat_guest
from nearer.people.models import Person
from nearer.people.queries import Bond
from nearer.practices.listening.models import (
    Keepsake,
    ListeningRound,
    ListeningTurn,
    Reflection,
)
from nearer.practices.listening.queries.rounds import (
    door_of,
    moment_of,
    round_at,
)
from nearer.practices.listening.rules import Felt, Mode, Move, Round, Step, advance, may_type
from nearer.stage.actions import (
    Late,
    announce,
    changed,
    is_news,
    key_sitting,
    locked,
    new_round_key,
    open_sitting,
)
from nearer.stage.models import Sitting
from nearer.stage.queries import Place, clock_of
from nearer.stage.rules import Clock, Phones, Tapped
from nearer.vault.fields import seal, seal_for
from nearer.vault.keyring import Keyring
from nearer.vault.sealing import Secret, SpaceKey

_UNCOUNTED = (Move.PAUSE, Move.RESUME, Move.END)
"""These hold whatever the page last saw, and doing them twice changes nothing."""
_WORDLESS = (*_UNCOUNTED, Move.SKIP)
"""What stands in the form is not sent with these: to skip is to keep it to oneself."""
NO_DRAFT = {"draft": None, "round_draft": None}


@dataclass(frozen=True, slots=True)
class Opening:
    """What is settled before two people begin."""

    mode: Mode
    phones: Phones
    minutes: int
    turns: int
    i_speak_first: bool
    topic: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What comes along with a move."""

    words: str = ""
    felt: Felt | None = None
    is_shared: bool = False

    def digest(self, move: Move, key: Secret) -> bytes:
        """Keyed, so that nobody finds the words or numbers by trying them out."""
        parts = f"{move}\0{self.words}\0{self.felt}\0{self.is_shared}"
        return hmac.digest(key.raw, parts.encode(), "sha256")


@transaction.atomic
def begin(
    bond: Bond, keyring: Keyring, opening: Opening, *, now: datetime
) -> tuple[ListeningRound, SpaceKey]:
    """Open a session with the bond's other person or, where there is none yet, with a guest."""
    key = new_round_key()
    seats = (bond.me.id, bond.other.id if bond.other else uuid4())
    sitting = open_sitting(
        bond.space, room="listening", seats=seats, phones=opening.phones, now=now
    )
    people = [bond.me, *([bond.other] if bond.other else [])]
    if bond.other is None:
        guest = seat_guest(bond.space, bond.other_name, key, door=door_of(sitting.id))
        sitting.second_seat, sitting.is_with_guest = guest.id, True
    key_sitting(sitting, bond_key=keyring.newest(bond.id), key=key, people=people)
    first = sitting.first_seat if opening.i_speak_first else sitting.second_seat
    row = ListeningRound(
        sitting=sitting,
        mode=opening.mode.value,
        first=first,
    )
    minutes, turns = str(opening.minutes), str(opening.turns)
    seal(row, key, topic=opening.topic, minutes=minutes, turns=turns)
    row.save()
    return row, key


@transaction.atomic
def make_move(
    place: Place, move: Move, *, seat: UUID, moment: str, brought: Brought, now: datetime
) -> ListeningRound:
    """
    Raises:
        Late: the other was a moment earlier, or the page is an old one; nothing was changed.
        OutOfTurn: not a move for this seat now; nothing was changed.
    """
    sitting = locked(place.sitting.id)
    row = ListeningRound.objects.select_related("sitting").get(pk=sitting.id)
    before = round_at(row, sitting, place.key)
    if before.is_over:
        words = (place.key, brought.words)
        _move_afterwards(row, before, move, seat=seat, moment=moment, words=words)
        return row
    tap = Tapped(moment, seat, brought.digest(move, place.tap_key))
    if move not in _UNCOUNTED and not is_news(sitting, tap, moment=moment_of(before)):
        return row
    after = advance(before, move, seat)
    if after == before:
        return row
    if move not in _WORDLESS:
        _write_words(row, before, move, seat=seat, key=place.key, brought=brought)
    _write_round(row, after)
    _drop_drafts(row, before, after, seat)
    if after.step is Step.SPEAK and before.step is not Step.SPEAK and not before.is_paused:
        _open_turn(row, after, now)
    _write_sitting(sitting, row, before, after, now)
    return row


def end(place: Place, *, now: datetime) -> None:
    """Whoever sits there ends it, from wherever in the house. If the other did, it is over too."""
    row = place.sitting.listening
    moment = moment_of(round_at(row, place.sitting, place.key))
    seat = place.stands_for
    if seat in place.seats:
        make_move(place, Move.END, seat=seat, moment=moment, brought=Brought(), now=now)


def _move_afterwards(
    row: ListeningRound,
    before: Round,
    move: Move,
    *,
    seat: UUID,
    moment: str,
    words: tuple[SpaceKey, str],
) -> None:
    """Each for themselves: nobody is told, and tapping twice changes nothing.

    Raises:
        Late: the page is from before the end.
    """
    is_of_now = moment.rpartition(".")[2] in (Step.CLOSE.value, Step.DONE.value)
    if move is not Move.END and not is_of_now:
        raise Late
    after = advance(before, move, seat)
    if move is Move.KEPT:
        _keep_line(row, seat, *words)
    _write_round(row, after)
    row.keepsakes.filter(seat=seat).update(**NO_DRAFT)


def _write_round(row: ListeningRound, after: Round) -> None:
    row.step, row.turn, row.tries = after.step.value, after.turn, after.tries
    row.done = [str(seat) for seat in sorted(after.done)]
    row.paused_by, row.ended_by = after.paused_by, after.ended_by
    row.save(update_fields=["step", "turn", "tries", "done", "paused_by", "ended_by"])


def _write_sitting(
    sitting: Sitting, row: ListeningRound, before: Round, after: Round, now: datetime
) -> None:
    clock = clock_of(sitting)
    has_moved_on = (before.step, before.turn) != (after.step, after.turn)
    if has_moved_on:
        clock = Clock(now)
    clock = clock.paused(now) if after.is_paused else clock.resumed(now)
    changed(sitting, clock, ended_at=now if after.is_over else None)
    if has_moved_on or before.is_paused != after.is_paused:
        # Being the first to be ready is nobody else's to know.
        announce(sitting)
    if after.is_over and before.has_begun:
        note(sitting.space, room="listening", what="round", at=now)


def _open_turn(row: ListeningRound, after: Round, now: datetime) -> None:
    ListeningTurn.objects.create(
        round=row, number=after.turn, speaker=after.speaker, listener=after.listener, at=now
    )


def _write_words(
    row: ListeningRound, before: Round, move: Move, *, seat: UUID, key: SpaceKey, brought: Brought
) -> None:
    """Put what came with the move where that step keeps it."""
    turn = row.turns_taken.filter(number=before.turn).first()
    if turn is None:
        return
    if before.step is Step.REFLECT:
        _add_reflection(turn, before.tries + 1, key, brought.words)
    elif before.step is Step.CONFIRM:
        _answer_reflection(turn, before.tries, move, key, brought.words)
    elif before.step is Step.FELT and brought.felt:
        _rate(turn, seat, key, brought.felt, is_shared=brought.is_shared)
    else:
        _write_turn(turn, before.step, move, key, brought.words)


def _write_turn(turn: ListeningTurn, step: Step, move: Move, key: SpaceKey, words: str) -> None:
    if step is Step.SPEAK:
        seal(turn, key, said=words)
    elif step is Step.NOTICE:
        seal(turn, key, guess=words)
    elif step is Step.NOTICED:
        seal(turn, key, guess_answer=move.value)
    turn.save()


def _add_reflection(turn: ListeningTurn, number: int, key: SpaceKey, words: str) -> None:
    reflection = Reflection(turn=turn, number=number)
    seal(reflection, key, words=words)
    reflection.save()


def _answer_reflection(
    turn: ListeningTurn, number: int, move: Move, key: SpaceKey, words: str
) -> None:
    reflection = turn.reflections.get(number=number)
    if move is Move.YES:
        seal(turn, key, caught=words)
        turn.save(update_fields=["caught"])
        words = ""
    seal(reflection, key, answer=move.value, missing=words)
    reflection.save()


def _rate(turn: ListeningTurn, seat: UUID, key: SpaceKey, felt: Felt, *, is_shared: bool) -> None:
    """Sealed to the one who rates; a second copy for both only where it is shared."""
    person = Person.objects.filter(pk=seat).first()
    if person:
        seal_for(turn, bytes(person.public_key), felt=str(felt))
    if is_shared:
        seal(turn, key, felt_shared=str(felt))
    turn.save(update_fields=["felt", "felt_shared"])


def _keep_line(row: ListeningRound, seat: UUID, key: SpaceKey, words: str) -> None:
    keepsake = _keepsake(row, seat)
    person = Person.objects.filter(pk=seat).first()
    if person:
        seal_for(keepsake, bytes(person.public_key), line=words)
    else:
        seal(keepsake, key, guest_line=words)
    keepsake.save()


@transaction.atomic
def save_draft(place: Place, words: str, *, seat: UUID, moment: str) -> None:
    """Words not sent yet, for their writer, while their step lasts. Nobody is told."""
    sitting = locked(place.sitting.id)
    row = ListeningRound.objects.get(pk=sitting.id)
    round_ = round_at(row, sitting, place.key)
    if moment != moment_of(round_) or not may_type(round_, seat):
        return
    keepsake = _keepsake(row, seat)
    if seat == place.own:
        person = Person.objects.get(pk=seat)
        seal_for(keepsake, bytes(person.public_key), draft=words)
    else:
        seal(keepsake, place.key, round_draft=words)
    keepsake.save()


def _drop_drafts(row: ListeningRound, before: Round, after: Round, seat: UUID) -> None:
    """When a step is over nothing of it waits to be sent; where both write, each for themselves."""
    if moment_of(before) != moment_of(after):
        row.keepsakes.update(**NO_DRAFT)
    elif before.done != after.done:
        row.keepsakes.filter(seat=seat).update(**NO_DRAFT)


def set_aside(row: ListeningRound, seat: UUID) -> None:
    """«Not now»: for whoever says it alone. Nobody is told, and the round stays as it is."""
    keepsake = _keepsake(row, seat)
    keepsake.is_set_aside = True
    keepsake.save()


def _keepsake(row: ListeningRound, seat: UUID) -> Keepsake:
    found = Keepsake.objects.filter(round=row, seat=seat).first()
    return found or Keepsake(round=row, seat=seat)


@dataclass(frozen=True, slots=True)
class Paper:
    """A round done with pen and paper, as one of the two types it in."""

    i_spoke: bool
    caught: str
    felt: Felt | None
    line: str


@transaction.atomic
def record_paper(bond: Bond, keyring: Keyring, paper: Paper, *, now: datetime) -> ListeningRound:
    opening = Opening(Mode.SAME_ROOM, Phones.ONE, 5, 2, i_speak_first=paper.i_spoke, topic="")
    row, key = begin(bond, keyring, opening, now=now)
    row.is_paper, row.step = True, Step.DONE.value
    row.save(update_fields=["is_paper", "step"])
    round_ = round_at(row, row.sitting, key)
    turn = ListeningTurn(
        round=row, number=1, speaker=round_.speaker, listener=round_.listener, at=now
    )
    seal(turn, key, caught=paper.caught)
    turn.save()
    if paper.felt and paper.i_spoke:
        _rate(turn, bond.me.id, key, paper.felt, is_shared=False)
    if paper.line:
        _keep_line(row, bond.me.id, key, paper.line)
    changed(row.sitting, Clock(now), ended_at=now)
    note(bond.space, room="listening", what="round", at=now)
    return row


@transaction.atomic
def share_felt(place: Place, turn: ListeningTurn, felt: Felt) -> None:
    """The giver shows a rating to the listener, later than at the round."""
    seal(turn, place.key, felt_shared=str(felt))
    turn.save(update_fields=["felt_shared"])


def hide_felt(turn: ListeningTurn) -> None:
    """The giver does not show it any longer."""
    ListeningTurn.objects.filter(pk=turn.pk).update(felt_shared=None)
