"""A house that looks lived in: two invented people and two months of what they did.

Everything is done through the same actions as real taps, with the time they would have had, so
that the demo cannot show what the house cannot do. The words are in content/demo.en.toml.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from nearer.people.actions import NewPerson, keep_code, sign_up
from nearer.people.bonds import NewBond, accept_invitation, invite, make_bond, open_invitation
from nearer.people.devices import Here, open_device
from nearer.people.keys import keyring_of
from nearer.people.models import Person, Space
from nearer.people.queries import Bond, opened_bond
from nearer.people.rules import Kind
from nearer.practices.listening.actions.leaving import keep_guest
from nearer.practices.listening.actions.own import keep_try, set_habit
from nearer.practices.listening.actions.rounds import (
    Brought,
    Opening,
    Paper,
    begin,
    make_move,
    record_paper,
)
from nearer.practices.listening.queries.rounds import Seen, seen_at
from nearer.practices.listening.rules import Felt, Mode, Move, Step, awaited
from nearer.stage.queries import place_at
from nearer.stage.rules import Phones
from nearer.vault.keyring import Keyring
from nearer.vault.sealing import Pair

ROOM = "listening"
_MOVED_IN = timedelta(days=63)
_A_TAP = timedelta(seconds=25)
_AT_HOME = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Demo:
    """Who lives in the demo house, and what opens it."""

    people: tuple[str, str]
    """The two user names."""
    passphrase: str


@dataclass(frozen=True, slots=True)
class _Someone:
    person: Person
    pair: Pair

    @property
    def keyring(self) -> Keyring:
        """Read anew: keys are granted as bonds are made."""
        return keyring_of(self.person, self.pair)

    def here(self, now: datetime) -> Here:
        """As at an own phone, which is never saved: nobody's list of devices shows it."""
        device = open_device(now=now, label="", person=self.person)
        return replace(device, keyring=self.keyring)

    def bond(self, space: Space) -> Bond:
        return opened_bond(space, self.person, self.keyring)


@dataclass(slots=True)
class _Session:
    """One round as it is played: whoever's move it is makes the next one."""

    round_id: UUID
    here: Here
    now: datetime
    script: dict[str, Any]
    lines: dict[UUID, str] = field(default_factory=dict)
    """What each seat keeps at the close."""
    step: Step = Step.SETTLE

    @property
    def seen(self) -> Seen:
        return seen_at(place_at(self.here, self.round_id, room=ROOM))

    def tap(
        self, move: Move, *, by: UUID | None = None, lasts: timedelta = _A_TAP, **brought: Any
    ) -> None:
        """One move of that seat, or of the one that is awaited, ``lasts`` after the one before."""
        self.now += lasts
        seen = self.seen
        row = make_move(
            seen.place,
            move,
            seat=by or awaited(seen.round)[0],
            moment=seen.moment,
            brought=Brought(**brought),
            now=self.now,
        )
        self.step = Step(row.step)


@transaction.atomic
def seed(*, now: datetime) -> Demo:
    """Fill an empty house with two months up to ``now``; nothing stays if it fails."""
    script = _script()
    people = {each["login"]: _sign_up(each, script, now) for each in script["person"]}
    maya, jonas = people.values()
    space = _bind(maya, jonas, now - _MOVED_IN)
    for each in script["round"]:
        _play(each, people, space, now)
    _fill_in_paper(script["paper"], people, space, now)
    _with_a_friend(script, people, now)
    _practise_alone(script["drill"], people, now)
    first, second = people
    return Demo((first, second), script["passphrase"])


def _script() -> dict[str, Any]:
    text = files("nearer.web.content").joinpath("demo.en.toml").read_text("utf-8")
    return tomllib.loads(text)


def _when(entry: dict[str, Any], now: datetime) -> datetime:
    if "minutes_ago" in entry:
        return now - timedelta(minutes=entry["minutes_ago"])
    day = now - timedelta(days=entry["days_ago"])
    return datetime.combine(day.date(), entry["at"], now.tzinfo) if "at" in entry else day


def _sign_up(entry: dict[str, Any], script: dict[str, Any], now: datetime) -> _Someone:
    new = NewPerson(
        name=entry["name"],
        pronouns=entry["pronouns"],
        login=entry["login"],
        passphrase=script["passphrase"],
        language=script["language"],
        time_zone=settings.TIME_ZONE,
    )
    person, pair, code = sign_up(new, address=_AT_HOME, now=now - _MOVED_IN)
    keep_code(person, code)
    someone = _Someone(person, pair)
    set_habit(
        person, someone.keyring, drift=entry["drift"], plan=entry["plan"], wants_feedback=True
    )
    return someone


def _bind(one: _Someone, two: _Someone, now: datetime) -> Space:
    new = NewBond(Kind.PARTNERS, other_name="", is_long_distance=False)
    space = make_bond(one.person, one.keyring, new, now=now)
    _row, link = invite(space, one.person, one.keyring, now=now)
    found = open_invitation(link.letters, now=now)
    return accept_invitation(found, two.person, two.keyring, now=now)


def _play(
    script: dict[str, Any], people: dict[str, _Someone], space: Space, now: datetime
) -> _Session:
    session = _opened(script, people, space, _when(script, now))
    while session.step is Step.SETTLE:
        session.tap(Move.READY)
    for number, turn in enumerate(script["turn"]):
        if number:
            session.tap(Move.READY)
        _play_turn(session, turn)
    if not script.get("is_open"):
        _close(session)
    return session


def _opened(
    script: dict[str, Any], people: dict[str, _Someone], space: Space, at: datetime
) -> _Session:
    host = people[script["host"]]
    opening = Opening(
        Mode(script["mode"]),
        Phones(script["phones"]),
        script["minutes"],
        turns=2,
        i_speak_first=script["first"] == script["host"],
        topic=script["topic"],
    )
    row, _key = begin(host.bond(space), host.keyring, opening, now=at)
    seats = {login: someone.person.id for login, someone in people.items()}
    kept = script.get("kept", {})
    lines = {seats.get(who, row.sitting.second_seat): line for who, line in kept.items()}
    return _Session(row.pk, host.here(at), at, script, lines)


def _play_turn(session: _Session, turn: dict[str, Any]) -> None:
    """As far as the script goes: a turn with no words at all stops while it is being spoken, one
    that only says something waits to be given back."""
    if "said" not in turn and "heard" not in turn:
        return
    minutes = timedelta(minutes=session.script["minutes"])
    session.tap(Move.SPOKE, lasts=minutes, words=turn.get("said", ""))
    for heard in turn.get("heard", ()):
        session.tap(Move.REFLECTED, words=heard.get("words", ""))
        session.tap(Move(heard["answer"]), words=heard.get("reply", ""))
    _notice(session, turn)
    if session.step is Step.FELT:
        felt = Felt(*turn["felt"])
        session.tap(Move.RATED, felt=felt, is_shared=turn.get("is_shared", False))


def _notice(session: _Session, turn: dict[str, Any]) -> None:
    """In writing there is no face and no voice, and this step does not come."""
    if session.step is not Step.NOTICE:
        return
    if "guess" not in turn:
        session.tap(Move.SKIP)
        return
    session.tap(Move.GUESSED, words=turn["guess"])
    session.tap(Move(turn["guess_answer"]))


def _close(session: _Session) -> None:
    if session.step is not Step.CLOSE:
        session.tap(Move.END)
    for seat, line in session.lines.items():
        session.tap(Move.KEPT, by=seat, words=line)
    while session.step is not Step.DONE:
        session.tap(Move.SKIP)


def _fill_in_paper(
    script: dict[str, Any], people: dict[str, _Someone], space: Space, now: datetime
) -> None:
    host = people[script["host"]]
    paper = Paper(
        i_spoke=True, caught=script["caught"], felt=Felt(*script["felt"]), line=script["line"]
    )
    record_paper(host.bond(space), host.keyring, paper, now=_when(script, now))


def _with_a_friend(script: dict[str, Any], people: dict[str, _Someone], now: datetime) -> None:
    """Somebody without an account, on the same phone, who lets the words stay."""
    friend = script["friend"]
    host = people[friend["host"]]
    new = NewBond(Kind.FRIENDS, other_name=friend["name"], is_long_distance=False)
    space = make_bond(host.person, host.keyring, new, now=_when(friend, now))
    session = _play(script["guest_round"], people, space, now)
    keep_guest(session.seen.place)


def _practise_alone(
    tries: Iterable[dict[str, Any]], people: dict[str, _Someone], now: datetime
) -> None:
    for entry in tries:
        who = people[entry["who"]]
        keep_try(
            who.person,
            who.keyring,
            scene=entry["scene"],
            words=entry["words"],
            now=_when(entry, now),
        )
