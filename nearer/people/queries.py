"""What may be read about people; every name comes out of a keyring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from nearer.people.keys import house_key
from nearer.people.models import Device, Guest, Invitation, Membership, Person, Space
from nearer.people.pronouns import Pronouns, pronouns_of
from nearer.people.rules import Kind
from nearer.vault.fields import opened, opened_with, place_of
from nearer.vault.keyring import Keyring, NoKey
from nearer.vault.sealing import SpaceKey, opened_field


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody as the screen says it: the pronouns chosen, else the name."""

    id: UUID
    name: str
    pronouns: str = ""

    @property
    def initial(self) -> str:
        return self.name[:1].upper()

    @property
    def spoken_of(self) -> Pronouns:
        return pronouns_of(self.name, self.pronouns)


@dataclass(frozen=True, slots=True)
class Bond:
    """A bond with its names opened, for one of its members."""

    space: Space
    me: Named
    other: Named | None
    """Nobody before the other has joined."""
    other_name: str
    replaced_at: datetime | None = None
    """When the other came back with a new account in the place of a lost one."""
    was_replaced_at: datetime | None = None
    """When a new account took the place of this one; from then on this one only reads."""

    @property
    def id(self) -> UUID:
        return self.space.id

    @property
    def kind(self) -> Kind:
        return Kind(self.space.kind)

    @property
    def title(self) -> str:
        return f"{self.me.name} & {self.other_name}"

    @property
    def faces(self) -> list[dict[str, str]]:
        names = (self.me.name, self.other_name)
        hues = ("listen", "talk")
        return [{"initial": n[:1].upper(), "hue": h} for n, h in zip(names, hues, strict=True)]

    @property
    def other_spoken_of(self) -> Pronouns:
        """Before the other has joined nobody has said, and the name stands."""
        return self.other.spoken_of if self.other else pronouns_of(self.other_name, "")

    @property
    def is_alone(self) -> bool:
        """Nobody else reads here any more, or yet; with the last one the whole bond goes."""
        was_shared_anew = self.replaced_at or self.was_replaced_at
        return not was_shared_anew and (self.other is None or not self.is_open)

    @property
    def is_open(self) -> bool:
        return self.space.ended_at is None and self.was_replaced_at is None


def own_name(person: Person, keyring: Keyring) -> Named:
    space = person.private_space_id
    return Named(
        person.id,
        opened_with(person, "name", keyring, space),
        opened_with(person, "pronouns", keyring, space),
    )


def own_login(person: Person, keyring: Keyring) -> str:
    return opened_with(person, "login", keyring, person.private_space_id)


def reminder_address(person: Person) -> str:
    """The house's own key opens it, so this needs nobody to be unlocked."""
    if not person.reminder_address:
        return ""
    frame = bytes(person.reminder_address)
    return opened_field(house_key(), frame, place_of(person, "reminder_address"))


def bonds_of(person: Person, keyring: Keyring) -> list[Membership]:
    """The memberships in bonds that this person is in and holds keys for."""
    rows = Membership.objects.filter(person=person, left_at=None).select_related("space")
    found = rows.exclude(space__kind=Kind.PRIVATE.value).order_by("joined_at")
    return [row for row in found if keyring.holds(row.space_id)]


def opened_bonds(person: Person, keyring: Keyring) -> list[Bond]:
    """All bonds of a person with their names, in two queries."""
    spaces = [row.space for row in bonds_of(person, keyring)]
    members = Membership.objects.filter(space__in=spaces).order_by("-joined_at")
    by_space: dict[UUID, list[Membership]] = {space.id: [] for space in spaces}
    for member in members:
        by_space[member.space_id].append(member)
    return [_bond(space, by_space[space.id], person, keyring) for space in spaces]


def opened_bond(space: Space, person: Person, keyring: Keyring) -> Bond:
    members = Membership.objects.filter(space=space).order_by("-joined_at")
    return _bond(space, list(members), person, keyring)


def _bond(space: Space, members: list[Membership], person: Person, keyring: Keyring) -> Bond:
    """Newest memberships first: an account that was replaced stays behind the one in its place."""
    me = next(row for row in members if row.person_id == person.id)
    others = [row for row in members if row.id != me.id and _met(me, row)]
    other = _known(others[0], keyring) if others else None
    name = other.name if other else opened_with(space, "other_name", keyring, space.id)
    replaced_at = others[0].joined_at if len(others) > 1 else None
    return Bond(space, _named(me, keyring), other, name, replaced_at, me.replaced_at)


def _met(me: Membership, other: Membership) -> bool:
    """Whoever was replaced never shared the bond with the account that came instead."""
    return _was_there(me, other.joined_at) and _was_there(other, me.joined_at)


def _was_there(member: Membership, moment: datetime) -> bool:
    return member.replaced_at is None or moment < member.replaced_at


def _known(other: Membership, keyring: Keyring) -> Named:
    """A name chosen after an account was replaced has a key that account never gets."""
    try:
        return _named(other, keyring)
    except NoKey:
        return Named(other.person_id or other.id, gettext("the other"))


def _named(member: Membership, keyring: Keyring) -> Named:
    space = member.space_id
    name = opened_with(member, "name", keyring, space)
    pronouns = opened_with(member, "pronouns", keyring, space)
    return Named(member.person_id or member.id, name, pronouns)


def guest_name(guest: Guest, key: SpaceKey) -> Named:
    return Named(guest.id, opened(guest, "name", key))


def other_public_key(space: Space, person: Person) -> bytes | None:
    """The public key of whoever shares the bond with this person now."""
    rows = Membership.objects.filter(
        space=space, left_at=None, replaced_at=None, person__isnull=False
    )
    member = rows.exclude(person=person).select_related("person").first()
    return bytes(member.person.public_key) if member and member.person else None


def open_invitations(space: Space, *, now: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(space=space, closed_at=None, expires_at__gt=now)


def devices_of(person: Person) -> QuerySet[Device]:
    return Device.objects.filter(person=person).order_by("-seen_at")
