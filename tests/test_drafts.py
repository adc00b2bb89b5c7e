"""Words that are typed and not sent: kept for their writer, in every field, and no longer."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest
from django.db.models import Q
from django.test import Client
from django.utils import timezone

from conftest import Someone, client_of
from nearer.people.devices import lock, open_device, unlock
from nearer.people.models import Space
from nearer.practices.listening.models import Keepsake
from nearer.web.leaving import leave_and_take_back
from tests.rounds import begin_to_write, begun, hidden, sit_down_as_guest, tap

DRAFT = "The garden was hers, and I"
FIELD = f">\n{DRAFT}</textarea>"
"""As a field that is filled with it: Django begins each with a new line."""

SPEAKER, LISTENER = 0, 1
Moves = tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """A field of a round: how to get there, who types in it, and what sends it."""

    mode: str
    moves: Moves
    typist: int
    sends: str


_SPEAK: Moves = ((LISTENER, "ready"), (SPEAKER, "ready"))
_REFLECT: Moves = (*_SPEAK, (SPEAKER, "spoke"))
_CONFIRM: Moves = (*_REFLECT, (LISTENER, "aloud"))
_NOTICE: Moves = (*_CONFIRM, (SPEAKER, "yes"))
FIELDS = {
    "what is said": Typed("in_writing", _SPEAK, SPEAKER, "spoke"),
    "what was heard": Typed("same_room", _REFLECT, LISTENER, "reflected"),
    "what was missing": Typed("same_room", _CONFIRM, SPEAKER, "partly"),
    "the guess": Typed("same_room", _NOTICE, LISTENER, "guessed"),
    "the line": Typed("same_room", (*_NOTICE, (LISTENER, "end")), SPEAKER, "kept"),
}


@pytest.fixture(params=FIELDS)
def typed(request: pytest.FixtureRequest) -> Typed:
    return FIELDS[request.param]


def _play(phones: tuple[Client, Client], round_id: UUID, moves: Moves) -> None:
    for who, move in moves:
        tap(phones[who], round_id, move)


def _page(client: Client, round_id: UUID) -> str:
    return str(client.get(f"/listening/round/{round_id}/").content.decode())


def _drafts() -> int:
    return Keepsake.objects.filter(Q(draft__isnull=False) | Q(round_draft__isnull=False)).count()


def _own_phone(who: Someone) -> Client:
    return client_of(unlock(open_device(now=timezone.now(), label="", person=who.person), who.pair))


def test_words_are_there_again_for_their_writer_alone_until_they_are_sent(
    ana: Someone, bo: Someone, space: Space, typed: Typed
) -> None:
    phones = (ana.client, bo.client)
    writer, other = phones[typed.typist], phones[1 - typed.typist]
    round_id = begun(ana.client, space.id, mode=typed.mode)
    _play(phones, round_id, typed.moves)
    begin_to_write(writer, round_id, DRAFT)
    assert FIELD in _page(writer, round_id)
    assert DRAFT not in _page(other, round_id)
    tap(writer, round_id, typed.sends, words=DRAFT)
    assert _drafts() == 0


def test_words_on_a_phone_that_is_passed_are_there_again_until_they_are_sent(
    ana: Someone, bo: Someone, space: Space, typed: Typed
) -> None:
    round_id = begun(ana.client, space.id, mode=typed.mode, phones="one")
    # One "we are ready" is for both.
    _play((ana.client, ana.client), round_id, typed.moves[1:])
    begin_to_write(ana.client, round_id, DRAFT)
    assert FIELD in _page(ana.client, round_id)
    tap(ana.client, round_id, typed.sends, words=DRAFT)
    assert FIELD not in _page(ana.client, round_id)
    assert _drafts() == 0


def test_words_of_a_guest_are_there_again_for_the_guest_alone_until_they_are_sent(
    ana: Someone, alone: Space, typed: Typed
) -> None:
    guest, guest_speaks = Client(), typed.typist == SPEAKER
    first = "other" if guest_speaks else "me"
    round_id = sit_down_as_guest(ana.client, guest, alone.id, mode=typed.mode, first=first)
    phones = (guest, ana.client) if guest_speaks else (ana.client, guest)
    _play(phones, round_id, typed.moves)
    begin_to_write(guest, round_id, DRAFT)
    assert FIELD in _page(guest, round_id)
    assert DRAFT not in _page(ana.client, round_id)
    tap(guest, round_id, typed.sends, words=DRAFT)
    assert _drafts() == 0


@pytest.fixture
def reflecting(ana: Someone, bo: Someone, space: Space) -> UUID:
    """Bo has begun to give back and has sent nothing."""
    round_id = begun(ana.client, space.id, mode="same_room")
    _play((ana.client, bo.client), round_id, _REFLECT)
    begin_to_write(bo.client, round_id, DRAFT)
    return round_id


def test_words_survive_a_lock_and_are_not_shown_while_it_lasts(
    bo: Someone, reflecting: UUID
) -> None:
    lock(bo.entered.device)
    assert DRAFT not in _page(bo.client, reflecting)
    assert FIELD in _page(_own_phone(bo), reflecting)


def test_words_survive_a_pause(ana: Someone, bo: Someone, reflecting: UUID) -> None:
    tap(ana.client, reflecting, "pause")
    assert DRAFT not in _page(bo.client, reflecting)
    tap(ana.client, reflecting, "resume")
    assert FIELD in _page(bo.client, reflecting)


def test_field_that_was_emptied_stays_empty(bo: Someone, reflecting: UUID) -> None:
    begin_to_write(bo.client, reflecting, "")
    assert DRAFT not in _page(bo.client, reflecting)
    assert _drafts() == 0


def test_words_that_arrive_after_they_were_sent_are_not_kept(bo: Someone, reflecting: UUID) -> None:
    shown = _page(bo.client, reflecting)
    late = {"moment": hidden(shown, "moment"), "by": hidden(shown, "by"), "words": DRAFT}
    tap(bo.client, reflecting, "reflected", words=DRAFT)
    bo.client.post(f"/listening/round/{reflecting}/draft/", late)
    assert _drafts() == 0


def test_words_that_arrive_from_the_other_or_a_stranger_are_not_kept(
    ana: Someone, bo: Someone, cy: Someone, reflecting: UUID
) -> None:
    shown = _page(bo.client, reflecting)
    moment, address = hidden(shown, "moment"), f"/listening/round/{reflecting}/draft/"
    as_bo = {"moment": moment, "by": str(bo.person.id), "words": "Written by another"}
    as_self = as_bo | {"by": str(ana.person.id)}
    answers = [(ana, as_bo), (ana, as_self), (cy, as_bo)]
    assert [who.client.post(address, words).status_code for who, words in answers] == [
        422,
        204,
        404,
    ]
    assert FIELD in _page(bo.client, reflecting)
    assert _drafts() == 1


def test_draft_that_is_too_long_is_refused_and_leaves_the_last_one(
    bo: Someone, reflecting: UUID
) -> None:
    with pytest.raises(AssertionError):
        begin_to_write(bo.client, reflecting, "long " * 5000)
    assert FIELD in _page(bo.client, reflecting)


@pytest.mark.parametrize("ends", ["end", "leave"])
def test_no_words_are_left_when_the_round_is_over_or_the_other_leaves(
    ana: Someone, bo: Someone, space: Space, reflecting: UUID, ends: str
) -> None:
    if ends == "end":
        tap(ana.client, reflecting, "end")
    else:
        leave_and_take_back(space, ana.person, now=timezone.now())
    assert _drafts() == 0


def test_no_words_are_left_when_their_writer_leaves(
    bo: Someone, space: Space, reflecting: UUID
) -> None:
    leave_and_take_back(space, bo.person, now=timezone.now())
    assert _drafts() == 0


def test_at_the_close_sending_one_line_leaves_the_other_one_as_it_is(
    ana: Someone, bo: Someone, reflecting: UUID
) -> None:
    tap(ana.client, reflecting, "end")
    begin_to_write(ana.client, reflecting, "Ana's own line")
    begin_to_write(bo.client, reflecting, DRAFT)
    tap(ana.client, reflecting, "kept", words="Ana's own line")
    assert FIELD in _page(bo.client, reflecting)
    assert _drafts() == 1


def test_draft_for_the_passed_phone_is_not_shown_on_an_own_phone(
    ana: Someone, bo: Someone, space: Space
) -> None:
    round_id = begun(ana.client, space.id, mode="same_room", phones="one")
    for move in ("ready", "spoke"):
        tap(ana.client, round_id, move)
    begin_to_write(ana.client, round_id, DRAFT)
    assert FIELD in _page(ana.client, round_id)
    for who in (ana, bo):
        assert DRAFT not in _page(_own_phone(who), round_id)
