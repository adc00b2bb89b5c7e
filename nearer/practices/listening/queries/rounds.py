"""Sessions, each time as somebody may see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.urls import reverse

from nearer.people.models import Person, Space
from nearer.people.queries import Named
from nearer.practices.listening.models import (
    Keepsake,
    ListeningRound,
    ListeningTurn,
    Reflection,
)
from nearer.practices.listening.prompts import words
from nearer.practices.listening.rules import Felt, Mode, Round, Step, awaited
from nearer.stage.models import Sitting
from nearer.stage.queries import Place, names_in, round_key, sittings_known_to
from nearer.stage.rules import Phones
from nearer.vault.fields import opened, opened_for
from nearer.vault.keyring import Keyring
from nearer.vault.sealing import Pair, SpaceKey

RECENT = 50
"""Past rounds on one page."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One reflection, opened."""

    words: str
    answer: str
    missing: str
    is_taken_back: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn, opened for one of the two."""

    row: ListeningTurn
    speaker: Named
    listener: Named
    said: str
    caught: str
    guess: str
    guess_answer: str
    heard: list[Heard]
    felt: Felt | None
    """Only for the one who rated, or where it was shared."""
    is_felt_shared: bool
    is_held_back: bool = False
    """A guest has not said yet whether own words may stay."""

    @property
    def last(self) -> Heard | None:
        return self.heard[-1] if self.heard else None


@dataclass(frozen=True, slots=True)
class Seen:
    """A session as one phone sees it now."""

    row: ListeningRound
    round: Round
    place: Place
    seat: UUID
    """Whom this phone speaks for now; on one phone, whoever holds it."""
    names: dict[UUID, Named] = field(repr=False)
    topic: str = field(repr=False)

    @property
    def me(self) -> Named:
        return self.names[self.seat]

    @property
    def other(self) -> Named:
        seats = (self.round.first, self.round.second)
        return self.names[seats[1] if self.seat == seats[0] else seats[0]]

    @property
    def speaker(self) -> Named:
        return self.names[self.round.speaker]

    @property
    def listener(self) -> Named:
        return self.names[self.round.listener]

    @property
    def is_speaker(self) -> bool:
        return self.seat == self.round.speaker

    @property
    def is_my_move(self) -> bool:
        return self.seat in awaited(self.round)

    @property
    def is_host(self) -> bool:
        return self.place.sitting.first_seat in self.place.seats

    @property
    def opener(self) -> Named:
        return self.names[self.place.sitting.first_seat]

    @property
    def guest(self) -> Named:
        """The seat that may be a guest's."""
        return self.names[self.place.sitting.second_seat]

    @property
    def is_guest(self) -> bool:
        return self.place.is_guest

    @property
    def is_guest_seat(self) -> bool:
        """Whether whoever is asked now has no account, and so no key to keep anything under."""
        sitting = self.place.sitting
        return sitting.is_with_guest and self.seat == sitting.second_seat

    @property
    def screen(self) -> str:
        """Which page this seat sees: the step's own, or the one for waiting."""
        step = self.round.step
        if self.round.is_paused:
            return "paused"
        if step is Step.SPEAK and not self.is_speaker:
            return "quiet"
        if step in (Step.DONE, Step.CHANGE) or self.is_my_move:
            return step.value
        return "waiting"

    @property
    def is_for_one(self) -> bool:
        """On a shared phone these steps are nobody else's business."""
        return self.place.is_shared_phone and self.screen in (Step.FELT, Step.CLOSE)

    @property
    def template(self) -> str:
        return f"listening/steps/{self.screen}.html"

    @property
    def shape(self) -> str:
        calm = self.screen in ("quiet", "waiting", "paused")
        return "quiet" if calm else "speaking" if self.screen == "speak" else ""

    @property
    def moment(self) -> str:
        return moment_of(self.round)

    @property
    def version(self) -> str:
        """Changes exactly when this phone's page has to be drawn anew."""
        mine = "mine" if self.is_my_move else "theirs"
        running = "paused" if self.round.is_paused else "running"
        return f"{self.moment} {mine} {running} {self.seat}"


def door_of(sitting_id: UUID) -> str:
    """The one address below which a session lives."""
    return reverse("listening:round", args=[sitting_id])


def moment_of(round_: Round) -> str:
    """Where a session stands, as a form carries it back."""
    return f"{round_.turn}.{round_.tries}.{round_.step}"


def round_at(row: ListeningRound, sitting: Sitting) -> Round:
    seats = (sitting.first_seat, sitting.second_seat)
    second = seats[1] if row.first == seats[0] else seats[0]
    return Round(
        first=row.first,
        second=second,
        mode=Mode(row.mode),
        turns=row.turns,
        turn=row.turn,
        step=Step(row.step),
        tries=row.tries,
        done=frozenset(UUID(seat) for seat in row.done),
        is_paused=sitting.clock_stopped_at is not None,
        is_one_phone=sitting.phones == Phones.ONE.value,
    )


def seen_at(place: Place) -> Seen:
    row = ListeningRound.objects.get(pk=place.sitting.id)
    round_ = round_at(row, place.sitting)
    holder = next((seat for seat in awaited(round_) if seat in place.seats), None)
    seat = holder or place.stands_for
    names = {who.id: _never_nameless(who) for who in names_in(place.sitting, place.key).values()}
    return Seen(row, round_, place, seat, names, opened(row, "topic", place.key))


def _never_nameless(who: Named) -> Named:
    """A guest who erased everything took the name along as well."""
    return who if who.name else replace(who, name=words()["guest"]["erased_name"])


def turn_now(seen: Seen) -> Turn | None:
    """The turn that is going on, as this phone may see it."""
    row = seen.row.turns_taken.filter(number=seen.round.turn).first()
    return _turn(row, seen.place.key, seen.names, pair=None) if row else None


def turns_of(seen: Seen, pair: Pair | None) -> list[Turn]:
    """All turns of a session; a guest's words only once the guest has let them stay."""
    rows = seen.row.turns_taken.prefetch_related("reflections")
    turns = [_turn(row, seen.place.key, seen.names, pair=pair, me=seen.seat) for row in rows]
    undecided = seen.place.sitting.is_with_guest and seen.row.guest_keeps is None
    if undecided and not seen.row.is_paper:
        return [_without(seen.place.sitting.second_seat, turn) for turn in turns]
    return turns


def _without(seat: UUID, turn: Turn) -> Turn:
    if turn.speaker.id == seat:
        asked = [replace(heard, missing="") for heard in turn.heard]
        return replace(
            turn, said="", caught="", guess_answer="", felt=None, heard=asked, is_held_back=True
        )
    return replace(turn, guess="", heard=[], is_held_back=True)


def draft_of(seen: Seen, pair: Pair | None) -> str:
    """Own words not sent yet; only an unlocked person can open them."""
    row = Keepsake.objects.filter(round=seen.row, seat=seen.seat).first()
    return opened_for(row, "draft", pair) if row and pair else ""


def line_of(seen: Seen, pair: Pair | None) -> str:
    """One's own line; a guest's is in nobody's list, it only stays with the guest's words."""
    row = Keepsake.objects.filter(round=seen.row, seat=seen.seat).first()
    return opened_for(row, "line", pair) if row and pair else ""


def topic_of(row: ListeningRound, keyring: Keyring) -> str:
    return opened(row, "topic", round_key(row.sitting, keyring))


def rounds_in(spaces: Iterable[Space], person: Person) -> list[ListeningRound]:
    """Finished rounds, newest first, without opening anything."""
    rows = ListeningRound.objects.filter(
        Exists(ListeningTurn.objects.filter(round=OuterRef("pk"))),
        sitting__in=sittings_known_to(person, spaces),
        sitting__ended_at__isnull=False,
    )
    return list(rows.select_related("sitting").order_by("-sitting__opened_at")[:RECENT])


def _turn(
    row: ListeningTurn,
    key: SpaceKey,
    names: dict[UUID, Named],
    *,
    pair: Pair | None,
    me: UUID | None = None,
) -> Turn:
    shared = opened(row, "felt_shared", key)
    own = opened_for(row, "felt", pair) if pair and row.speaker == me else ""
    rated = own or shared
    return Turn(
        row,
        names[row.speaker],
        names[row.listener],
        said=opened(row, "said", key),
        caught=opened(row, "caught", key),
        guess=opened(row, "guess", key),
        guess_answer=opened(row, "guess_answer", key),
        heard=[_heard(each, key) for each in row.reflections.all()],
        felt=Felt.read(rated) if rated else None,
        is_felt_shared=bool(shared),
    )


def _heard(row: Reflection, key: SpaceKey) -> Heard:
    return Heard(
        opened(row, "words", key),
        opened(row, "answer", key),
        opened(row, "missing", key),
        row.is_taken_back,
    )
