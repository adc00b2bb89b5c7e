"""Sessions, each time as somebody may see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, prefetch_related_objects
from django.http import Http404
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
from nearer.practices.listening.rules import Felt, Mode, Round, Step, awaited, may_type
from nearer.stage.models import Sitting
from nearer.stage.queries import Place, names_in, round_key, sittings_known_to
from nearer.stage.rules import Phones
from nearer.vault.fields import opened, opened_for, taken_back
from nearer.vault.keyring import Keyring
from nearer.vault.sealing import Pair, SpaceKey

RECENT = 50
"""Past rounds on one page."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One reflection, opened."""

    id: UUID
    words: str
    answer: str
    missing: str
    taken_back: frozenset[str]
    """Which of these words stood here once."""


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
    taken_back: frozenset[str]
    """Which of these words stood here once."""
    is_held_back: bool = False
    """A guest has not said yet whether own words may stay."""

    @property
    def last(self) -> Heard | None:
        return self.heard[-1] if self.heard else None


@dataclass(frozen=True, slots=True)
class Past:
    """A page of finished rounds."""

    rows: list[ListeningRound]
    older: UUID | None
    """The round before which the next page begins; ``None`` on the last one."""


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
    minutes: int
    """How long each may speak."""

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
    def own_guest_line(self) -> str:
        """What a guest kept, shown to nobody but that guest, on an own phone."""
        kept = keepsake_of(self)
        return opened(kept, "guest_line", self.place.key) if kept and self.is_guest else ""

    @property
    def is_topic_taken_back(self) -> bool:
        return is_topic_taken_back(self.row)

    @property
    def screen(self) -> str:
        """Which page this seat sees: the step's own, or the one for waiting."""
        step = self.round.step
        if self.round.is_over:
            is_asked = self.is_my_move and self.seat in self.place.seats
            return Step.CLOSE.value if is_asked else Step.DONE.value
        if self.round.is_paused:
            return "paused"
        if step is Step.SPEAK and not self.is_speaker:
            return "quiet"
        if step is Step.CHANGE or self.is_my_move:
            return step.value
        return "waiting"

    @property
    def shows_turn(self) -> bool:
        """Whether this page says what was said or given back in this turn."""
        return self.screen in (Step.REFLECT, Step.CONFIRM, Step.NOTICED)

    @property
    def listens_soon(self) -> bool:
        """Before the round, and again before one's own turn to listen."""
        waits_to_listen = self.screen == Step.CHANGE and not self.is_my_move
        return self.screen == Step.SETTLE or waits_to_listen

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
        """On a page that asks nothing more it stays, so that it never shows what the other did."""
        is_done = self.screen == Step.DONE
        return moment_of(replace(self.round, step=Step.DONE) if is_done else self.round)

    @property
    def may_resume(self) -> bool:
        return self.round.may_resume(self.seat)

    @property
    def may_decide(self) -> bool:
        """Whether the guest's question is at hand: may the words stay?"""
        decides = self.is_guest or (self.place.sitting.is_with_guest and self.place.is_handed_over)
        return decides and self.screen == Step.DONE

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


def round_at(row: ListeningRound, sitting: Sitting, key: SpaceKey) -> Round:
    seats = (sitting.first_seat, sitting.second_seat)
    second = seats[1] if row.first == seats[0] else seats[0]
    return Round(
        first=row.first,
        second=second,
        mode=Mode(row.mode),
        turns=int(opened(row, "turns", key)),
        turn=row.turn,
        step=Step(row.step),
        tries=row.tries,
        done=frozenset(UUID(seat) for seat in row.done),
        is_paused=sitting.clock_stopped_at is not None,
        paused_by=row.paused_by,
        ended_by=row.ended_by,
        is_one_phone=sitting.phones == Phones.ONE.value,
    )


def seen_at(place: Place) -> Seen:
    row = place.sitting.listening
    round_ = round_at(row, place.sitting, place.key)
    holder = next((seat for seat in awaited(round_) if seat in place.seats), None)
    seat = holder or place.stands_for
    names = {who.id: _never_nameless(who) for who in names_in(place.sitting, place.key).values()}
    topic, minutes = (opened(row, column, place.key) for column in ("topic", "minutes"))
    return Seen(row, round_, place, seat, names, topic, int(minutes))


def _never_nameless(who: Named) -> Named:
    """A guest who erased everything took the name along as well."""
    return who if who.name else replace(who, name=words()["guest"]["erased_name"])


def turn_now(seen: Seen) -> Turn | None:
    """The turn that is going on with the last try of giving it back, as this phone may see it."""
    turns = seen.row.turns_taken.filter(number=seen.round.turn)
    if seen.round.tries == 0:
        row = turns.first()
        return _turn(row, seen.place.key, seen.names, heard=()) if row else None
    tries = Reflection.objects.filter(turn__in=turns, number=seen.round.tries)
    last = tries.select_related("turn").get()
    return _turn(last.turn, seen.place.key, seen.names, heard=[last])


def turns_of(seen: Seen, pair: Pair | None) -> list[Turn]:
    """All turns of a session; a guest's words only once the guest has let them stay."""
    rows = seen.row.turns_taken.prefetch_related("reflections")
    turns = [
        _turn(row, seen.place.key, seen.names, heard=row.reflections.all(), pair=pair, me=seen.seat)
        for row in rows
    ]
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
    """What whoever is asked now typed and has not sent.

    On an own phone the person's pair opens it; a guest, or a phone that is passed, has the round's
    key. Each opens only what was typed on such a phone.
    """
    if not may_type(seen.round, seen.seat):
        return ""
    row = keepsake_of(seen)
    if row is None:
        return ""
    if seen.seat != seen.place.own:
        return opened(row, "round_draft", seen.place.key)
    return opened_for(row, "draft", pair) if pair else ""


def keepsake_of(seen: Seen) -> Keepsake | None:
    """What this seat keeps of the round; asked for once, however often a page needs it."""
    prefetch_related_objects([seen.row], "keepsakes")
    return next((each for each in seen.row.keepsakes.all() if each.seat == seen.seat), None)


def line_of(seen: Seen, pair: Pair | None) -> str:
    """One's own line; a guest's is on the guest's last page only (:attr:`Seen.own_guest_line`)."""
    row = keepsake_of(seen)
    return opened_for(row, "line", pair) if row and pair else ""


def topic_of(row: ListeningRound, keyring: Keyring) -> str:
    return opened(row, "topic", round_key(row.sitting, keyring))


def is_topic_taken_back(row: ListeningRound) -> bool:
    return bool(taken_back(row, "topic"))


def past_in(spaces: Iterable[Space], person: Person, *, before: UUID | None = None) -> Past:
    """Finished rounds, newest first, without opening anything; those before one of them.

    Raises:
        Http404: there is no such round in these spaces.
    """
    rows = ListeningRound.objects.filter(
        Exists(ListeningTurn.objects.filter(round=OuterRef("pk"))),
        sitting__in=sittings_known_to(person, spaces),
        # Says nothing new, but lets the index give the rows in their order.
        sitting__room="listening",
        sitting__ended_at__isnull=False,
    ).select_related("sitting")
    if before:
        rows = rows.filter(_opened_before(rows.filter(pk=before).first()))
    found = list(rows.order_by("-sitting__opened_at", "-pk")[: RECENT + 1])
    page = found[:RECENT]
    return Past(page, page[-1].pk if len(found) > RECENT else None)


def _opened_before(row: ListeningRound | None) -> Q:
    if row is None:
        raise Http404
    at = row.sitting.opened_at
    is_before = Q(sitting__opened_at__lt=at) | Q(pk__lt=row.pk)
    return Q(sitting__opened_at__lte=at) & is_before


def _turn(
    row: ListeningTurn,
    key: SpaceKey,
    names: dict[UUID, Named],
    *,
    heard: Iterable[Reflection],
    pair: Pair | None = None,
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
        heard=[_heard(each, key) for each in heard],
        felt=Felt.read(rated) if rated else None,
        is_felt_shared=bool(shared),
        taken_back=taken_back(row, "said", "caught", "guess", "felt_shared"),
    )


def _heard(row: Reflection, key: SpaceKey) -> Heard:
    return Heard(
        row.id,
        opened(row, "words", key),
        opened(row, "answer", key),
        opened(row, "missing", key),
        taken_back(row, "words", "missing"),
    )
