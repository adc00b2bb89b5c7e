"""Which sessions there are, and what somebody may do in one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from nearer.people.devices import Here
from nearer.people.models import Guest, Membership, Person, Space
from nearer.people.queries import Named, guest_name
from nearer.stage.models import Sitting
from nearer.stage.rules import GUEST_STAYS, Clock, Phones
from nearer.vault.fields import opened, opened_with
from nearer.vault.keyring import Keyring, NoKey
from nearer.vault.sealing import Secret, SpaceKey, derived


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody at a session: the row, its key, and the seats this phone speaks for."""

    sitting: Sitting
    key: SpaceKey
    seats: frozenset[UUID]
    """Both on a phone that is passed, one on an own phone, none for who came later and reads."""
    tap_key: Secret
    """Known to this browser alone, so that nobody finds out by trying what was tapped or typed."""
    stands_for: UUID
    """Whose side of the table this is, also where nothing can be done."""
    own: UUID | None = None
    """The seat of the person whose unlocked phone this is."""
    is_handed_over: bool = False
    is_guest: bool = False

    @property
    def is_shared_phone(self) -> bool:
        return len(self.seats) == 2

    @property
    def is_elsewhere(self) -> bool:
        """The session goes on on one phone that is passed, and this is not it."""
        one = self.sitting.phones == Phones.ONE.value
        return one and not self.is_handed_over and self.sitting.ended_at is None


def clock_of(sitting: Sitting) -> Clock:
    return Clock(sitting.clock_started_at, sitting.clock_stopped_at, sitting.clock_before)


def place_at(here: Here, sitting_id: UUID, *, room: str) -> Place:
    """This phone's place at a session of that room; for anybody else it does not exist (404).

    A room's own row hangs at its sitting under the room's name and comes along.
    """
    rows = Sitting.objects.select_related("space", room)
    sitting = rows.filter(pk=sitting_id, room=room).first()
    if sitting is None:
        raise Http404
    if here.keyring is not None and here.person is not None:
        return _as_person(here, here.keyring, here.person.id, sitting)
    if here.pass_key is None or str(sitting.id) not in here.door:
        raise Http404
    if here.guest is not None:
        return _as_guest(here, here.pass_key, here.guest.id, sitting)
    return _as_passed_phone(here, here.pass_key, sitting)


def _as_guest(here: Here, key: SpaceKey, guest: UUID, sitting: Sitting) -> Place:
    if sitting.ended_at and timezone.now() - sitting.ended_at > GUEST_STAYS:
        raise Http404
    seats = frozenset({guest})
    return Place(sitting, key, seats, _tap_key(here), stands_for=guest, is_guest=True)


def _as_passed_phone(here: Here, key: SpaceKey, sitting: Sitting) -> Place:
    """A phone speaks for both only while its owner is still in the bond."""
    owner = here.device.person_id
    if owner not in _present(sitting) or (sitting.space.ended_at and not sitting.ended_at):
        raise Http404
    return Place(
        sitting,
        key,
        frozenset({sitting.first_seat, sitting.second_seat}),
        _tap_key(here),
        stands_for=sitting.first_seat,
        is_handed_over=True,
    )


def _as_person(here: Here, keyring: Keyring, person: UUID, sitting: Sitting) -> Place:
    acts_by_member = _members(sitting)
    if person not in acts_by_member or not keyring.holds(sitting.space_id):
        raise Http404
    seats = {sitting.first_seat, sitting.second_seat}
    present = {member for member, acts in acts_by_member.items() if acts}
    # One who was replaced, or came later, reads what is over and does nothing.
    acts = person in seats and person in present
    if not acts and sitting.ended_at is None:
        raise Http404
    try:
        key = round_key(sitting, keyring)
    except NoKey as error:  # it began after this account was replaced
        raise Http404 from error
    stands_for = person if person in seats else min(seats - present)
    return Place(
        sitting,
        key,
        frozenset({person}) if acts else frozenset(),
        _tap_key(here),
        stands_for=stands_for,
        own=person if person in seats else None,
    )


def _present(sitting: Sitting) -> set[UUID | None]:
    return {member for member, acts in _members(sitting).items() if acts}


def _members(sitting: Sitting) -> dict[UUID | None, bool]:
    """Who is in the bond, and whether they act there: one who was replaced only reads."""
    rows = Membership.objects.filter(space=sitting.space, left_at=None)
    return {
        member: replaced_at is None
        for member, replaced_at in rows.values_list("person_id", "replaced_at")
    }


def _tap_key(here: Here) -> Secret:
    return derived(here.secret, "tap")


def round_key(sitting: Sitting, keyring: Keyring) -> SpaceKey:
    raw = opened_with(sitting, "round_key", keyring, sitting.space_id)
    return SpaceKey(1, Secret(bytes.fromhex(raw)))


def sittings_known_to(person: Person, spaces: Iterable[Space]) -> QuerySet[Sitting]:
    """Sessions in these bonds; none that began after a new account took this person's place."""
    put_out = Membership.objects.filter(
        person=person, space=OuterRef("space"), replaced_at__lte=OuterRef("opened_at")
    )
    return Sitting.objects.filter(~Exists(put_out), space__in=list(spaces))


def open_sittings(spaces: list[Space], person: Person) -> QuerySet[Sitting]:
    """Sessions that wait for this person."""
    seated = Q(first_seat=person.id) | Q(second_seat=person.id)
    rows = Sitting.objects.filter(seated, space__in=spaces, ended_at=None)
    return rows.select_related("space").order_by("-opened_at")


def names_in(sitting: Sitting, key: SpaceKey) -> dict[UUID, Named]:
    """Both seats by name."""
    raw: dict[str, list[str]] = json.loads(opened(sitting, "names", key))
    named = {UUID(seat): Named(UUID(seat), *words) for seat, words in raw.items()}
    if sitting.is_with_guest:
        guest = Guest.objects.get(pk=sitting.second_seat)
        named[guest.id] = guest_name(guest, key)
    return named
