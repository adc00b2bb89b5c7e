"""The data map in docs/privacy.md: every column is there, and opens for those whom it names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps
from django.db.models import Model

from conftest import NOON, Someone
from nearer.people.actions import rename, set_reminder_address
from nearer.people.keys import house_key
from nearer.people.models import Space
from nearer.people.queries import opened_bond
from nearer.practices.listening.actions.own import keep_try, set_habit
from nearer.practices.listening.actions.rounds import Brought, Opening, begin, make_move, save_draft
from nearer.practices.listening.prompts import scenes
from nearer.practices.listening.queries.rounds import seen_at
from nearer.practices.listening.rules import Felt, Mode, Move
from nearer.stage.models import Sitting
from nearer.stage.queries import Place, place_at, round_key
from nearer.stage.rules import Phones
from nearer.vault.fields import PersonalField, SealedField, opened, opened_for
from nearer.vault.sealing import SealBroken, SpaceKey

PAGE = Path(__file__).parent.parent / "docs" / "privacy.md"
_ROW = re.compile(r"^\| (\w+) \| (.+) \| ([\w ]+|—) \| (yes|no) \| (yes|no) \| (yes|no) \|$")

FOR_ONE = ("private space", "one person")
FOR_BOTH = ("bond", "round")
PLAIN, HOUSE, KEY = "—", "house", "key"


@dataclass(frozen=True, slots=True)
class Told:
    """What the page says about one column."""

    what: str
    sealed_to: str
    host: bool
    partner: bool
    self: bool


def _told() -> dict[str, Told]:
    found: dict[str, Told] = {}
    for section in PAGE.read_text(encoding="utf-8").split("\n## ")[1:]:
        table, *lines = section.splitlines()
        for row in filter(None, map(_ROW.match, lines)):
            column, what, sealed_to, *readers = row.groups()
            found[f"{table}.{column}"] = Told(what, sealed_to, *(each == "yes" for each in readers))
    return found


TOLD = _told()
TABLES: dict[str, type[Model]] = {
    model._meta.db_table: model
    for config in apps.get_app_configs()
    if config.name.startswith("nearer.")
    for model in config.get_models(include_auto_created=True)
}
KIND_OF = {
    f"{table}.{field.column}": type(field)
    for table, model in TABLES.items()
    for field in model._meta.concrete_fields
}
TRIED = [name for name, told in TOLD.items() if told.sealed_to in (*FOR_ONE, *FOR_BOTH, HOUSE)]


def test_page_describes_every_column_and_no_other() -> None:
    assert sorted(TOLD) == sorted(KIND_OF)


def test_page_says_of_every_sealed_column_that_it_is_sealed_and_of_no_other() -> None:
    said = {name for name, told in TOLD.items() if told.sealed_to in (*FOR_ONE, *FOR_BOTH)}
    assert said == {name for name, kind in KIND_OF.items() if issubclass(kind, SealedField)}


def test_page_says_which_columns_are_boxes_for_one_person() -> None:
    said = {name for name, told in TOLD.items() if told.sealed_to == "one person"}
    assert said == {name for name, kind in KIND_OF.items() if kind is PersonalField}


def test_host_reads_what_is_not_sealed_and_what_the_house_opens_itself() -> None:
    wrong = [name for name, t in TOLD.items() if t.host != (t.sealed_to in (PLAIN, HOUSE))]
    assert wrong == []


def test_partner_and_self_read_what_their_keys_open() -> None:
    readers = {**dict.fromkeys(FOR_ONE, (False, True)), **dict.fromkeys(FOR_BOTH, (True, True))}
    readers[KEY] = (False, False)
    sealed = {name: told for name, told in TOLD.items() if told.sealed_to in readers}
    wrong = [n for n, t in sealed.items() if (t.partner, t.self) != readers[t.sealed_to]]
    assert wrong == []


# ------------------------------------------------------------------ a life in the house, and keys


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody opened a column of one row."""

    key: str
    """By which kind of key, in the words of the page."""
    who: str
    row: UUID


@dataclass(frozen=True, slots=True)
class Table:
    """One session; every tap is made at the moment that the phone shows."""

    id: UUID

    def place(self, who: Someone) -> Place:
        return place_at(who.here, self.id, room="listening")

    def tap(self, who: Someone, move: Move, seat: UUID | None = None, **brought: object) -> None:
        place = self.place(who)
        make_move(
            place,
            move,
            seat=seat or who.person.id,
            moment=seen_at(place).moment,
            brought=Brought(**brought),  # type: ignore[arg-type]  # one field by its name
            now=NOON,
        )

    def draft(self, who: Someone, words: str, seat: UUID | None = None) -> None:
        place = self.place(who)
        moment = seen_at(place).moment
        save_draft(place, words, seat=seat or who.person.id, moment=moment)


def _table(who: Someone, space: Space, phones: Phones) -> Table:
    opening = Opening(Mode.SAME_ROOM, phones, 4, 2, i_speak_first=True, topic="The boat")
    bond = opened_bond(space, who.person, who.keyring)
    return Table(begin(bond, who.keyring, opening, now=NOON)[0].pk)


def _listen(ana: Someone, bo: Someone, space: Space) -> None:
    """Ana speaks, is understood at the second try, and rates; then Bo speaks and they stop."""
    table = _table(ana, space, Phones.TWO)
    table.tap(ana, Move.READY)
    table.tap(bo, Move.READY)
    table.tap(ana, Move.SPOKE, words="The boat was sold")
    table.tap(bo, Move.REFLECTED, words="You sold the boat")
    table.tap(ana, Move.NOT_YET, words="I did not sell it")
    table.tap(bo, Move.REFLECTED, words="It was sold over your head")
    table.tap(ana, Move.YES, words="Over my head")
    table.tap(bo, Move.GUESSED, words="Your voice went flat")
    table.tap(ana, Move.RIGHT)
    table.tap(ana, Move.RATED, felt=Felt(8, 7, 9), is_shared=True)
    table.tap(bo, Move.READY)
    table.tap(bo, Move.SPOKE)
    table.tap(ana, Move.END)
    table.tap(ana, Move.KEPT, words="Ask before you fix")
    waiting = _table(bo, space, Phones.TWO)
    waiting.tap(ana, Move.READY)
    waiting.tap(bo, Move.READY)
    waiting.tap(bo, Move.SPOKE)
    waiting.draft(ana, "You were")


def _listen_with_guest(ana: Someone, alone: Space) -> None:
    table = _table(ana, alone, Phones.ONE)
    guest = table.place(ana).sitting.second_seat
    table.tap(ana, Move.READY)
    table.tap(ana, Move.SPOKE)
    table.tap(ana, Move.REFLECTED, seat=guest)
    table.tap(ana, Move.END)
    table.tap(ana, Move.KEPT, words="Dee waited")
    table.tap(ana, Move.KEPT, seat=guest, words="It was about the boat")
    waiting = _table(ana, alone, Phones.ONE)
    guest = waiting.place(ana).sitting.second_seat
    waiting.tap(ana, Move.READY)
    waiting.tap(ana, Move.SPOKE)
    waiting.draft(ana, "The boat was", seat=guest)


@pytest.fixture
def lived(ana: Someone, bo: Someone, cy: Someone, space: Space, alone: Space) -> list[Someone]:
    """Ana, Bo and Cy, after something was written in every column that can be sealed."""
    _listen(ana, bo, space)
    _listen_with_guest(ana, alone)
    set_habit(bo.person, bo.keyring, drift="the lists", plan="breathe", wants_feedback=True)
    keep_try(bo.person, bo.keyring, scene=scenes()[0].id, words="That is a lot", now=NOON)
    set_reminder_address(bo.person, "bo@example.org")
    rename(ana.person, ana.keyring, name="Ana", pronouns="she/her")
    return [ana, bo, cy]


def _space_keys(people: list[Someone]) -> Iterator[tuple[str, str, SpaceKey]]:
    """Every key there is: what kind the page calls it, who holds it, the key."""
    yield HOUSE, "the house", house_key()
    for each in people:
        keyring = each.keyring
        for space in keyring.boxes:
            is_own = space == each.person.private_space_id
            for key in keyring.all_of(space):
                yield "private space" if is_own else "bond", each.name, key
        for sitting in Sitting.objects.all():
            if keyring.holds(sitting.space_id):
                yield "round", each.name, round_key(sitting, keyring)


def _found(people: list[Someone], name: str) -> set[Found]:
    """Who can open that column, trying every key on every row."""
    table, _dot, column = name.partition(".")
    rows = [row for row in TABLES[table]._base_manager.all() if getattr(row, column)]
    found: set[Found] = set()
    for row in rows:
        for kind, who, key in _space_keys(people):
            with suppress(SealBroken):
                opened(row, column, key)
                found.add(Found(kind, who, row.pk))
        for each in people:
            with suppress(SealBroken):
                opened_for(row, column, each.pair)
                found.add(Found("one person", each.name, row.pk))
    return found


def test_each_sealed_column_opens_for_those_whom_the_page_names(lived: list[Someone]) -> None:
    tried = {name: {each.key for each in _found(lived, name)} for name in TRIED}
    assert tried == {name: {TOLD[name].sealed_to} for name in TRIED}


def test_what_is_for_one_opens_for_nobody_else(lived: list[Someone]) -> None:
    of_one = [name for name in TRIED if TOLD[name].sealed_to in FOR_ONE]
    readers = [Counter(each.row for each in _found(lived, name)) for name in of_one]
    assert {times for rows in readers for times in rows.values()} == {1}


def test_what_two_share_opens_for_no_stranger(lived: list[Someone]) -> None:
    shared = [name for name in TRIED if TOLD[name].sealed_to in FOR_BOTH]
    assert {each.who for name in shared for each in _found(lived, name)} == {"Ana", "Bo"}
