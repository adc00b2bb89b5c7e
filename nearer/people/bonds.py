"""Making, opening and leaving a bond."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from nearer.people.devices import end_devices, hang_up
from nearer.people.keys import (
    Link,
    bundled,
    first_key,
    grant,
    new_link,
    proof_of,
    turn_key,
    unbundled,
)
from nearer.people.models import Device, Grant, Guest, Invitation, Membership, Person, Space
from nearer.people.queries import own_name
from nearer.people.rules import INVITATION_LASTS, Kind
from nearer.vault.fields import opened, seal
from nearer.vault.journal import empty_journal
from nearer.vault.keyring import Keyring
from nearer.vault.sealing import SealBroken, SpaceKey, unwrapped, version_of, wrapped


class InvitationClosed(Exception):
    """Used, taken back, too old, or not the right letters: the same answer for all."""


class AlreadyInside(Exception):
    """The one who opens the invitation is in that bond already."""


class BondEnded(Exception):
    """One of the two has left; there is nothing to be invited to."""


@dataclass(frozen=True, slots=True)
class NewBond:
    """What somebody says when making a bond."""

    kind: Kind
    other_name: str
    is_long_distance: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """An invitation that its letters fit: who invites, and to what."""

    row: Invitation
    keys: list[SpaceKey]
    inviter_name: str


@transaction.atomic
def make_bond(person: Person, keyring: Keyring, new: NewBond, *, now: datetime) -> Space:
    space = Space(
        id=uuid4(), kind=new.kind.value, is_long_distance=new.is_long_distance, made_at=now
    )
    space.save()
    key = first_key(space, person)
    seal(space, key, other_name=new.other_name)
    space.save(update_fields=["other_name"])
    _join(space, person, key, keyring, now=now)
    return space


@transaction.atomic
def invite(
    space: Space, person: Person, keyring: Keyring, *, now: datetime
) -> tuple[Invitation, Link]:
    """A new link; one made before opens nothing any more.

    Raises:
        BondEnded: one of the two has left, or a new account took this one's place.
    """
    space = Space.objects.select_for_update().get(pk=space.pk)
    inside = Membership.objects.filter(space=space, person=person, left_at=None, replaced_at=None)
    if space.ended_at or not inside.exists():
        raise BondEnded
    withdraw_invitations(space, now=now)
    link = new_link()
    row = Invitation.objects.create(
        space=space,
        inviter=person,
        proof=proof_of(link.letters, purpose="invitation"),
        keys=bundled(keyring.all_of(space.id), link, owner=str(space.id)),
        expires_at=now + INVITATION_LASTS,
    )
    return row, link


def withdraw_invitations(space: Space, *, now: datetime) -> None:
    Invitation.objects.filter(space=space, closed_at=None).update(closed_at=now)


def open_invitation(letters: str, *, now: datetime) -> Opened:
    """Look at an invitation without accepting it; declining is doing nothing.

    Raises:
        InvitationClosed: for whatever reason it does not open.
    """
    try:
        proof = proof_of(letters, purpose="invitation")
    except ValueError as error:
        raise InvitationClosed from error
    rows = Invitation.objects.select_related("space", "inviter")
    row = rows.filter(proof=proof, closed_at=None, expires_at__gt=now).first()
    if row is None:
        raise InvitationClosed
    keys = unbundled(row.keys, Link(letters), owner=str(row.space_id))
    return Opened(row, keys, _inviter_name(row, keys))


@transaction.atomic
def accept_invitation(opened_: Opened, person: Person, keyring: Keyring, *, now: datetime) -> Space:
    """
    Raises:
        InvitationClosed: somebody used it a moment ago.
        AlreadyInside: one cannot be bound to oneself.
    """
    space = Space.objects.select_for_update().get(pk=opened_.row.space_id)
    if Membership.objects.filter(space=space, person=person).exists():
        raise AlreadyInside
    if not Invitation.objects.filter(pk=opened_.row.pk, closed_at=None).update(closed_at=now):
        raise InvitationClosed
    is_replacing = _give_up_lost_seat(space, opened_.row.inviter_id, now)
    for key in opened_.keys:
        grant(key, space=space, person=person)
    _join(space, person, opened_.keys[-1], keyring, now=now)
    if is_replacing:
        turn_key(space)
    return space


@transaction.atomic
def leave(space: Space, person: Person, *, now: datetime) -> None:
    """At once and alone. The other keeps what was delivered, under a new key, and sees «left»."""
    space = Space.objects.select_for_update().get(pk=space.pk)
    mine = Membership.objects.filter(space=space, person=person)
    was_replaced = mine.filter(replaced_at__isnull=False).exists()
    mine.update(left_at=now)
    Grant.objects.filter(space=space, person=person).delete()
    empty_journal()
    if not was_replaced:
        _end_bond(space, person, now)


def _end_bond(space: Space, person: Person, now: datetime) -> None:
    withdraw_invitations(space, now=now)
    space.ended_at = now
    space.save(update_fields=["ended_at"])
    hang_up(list(Device.objects.filter(person=person).values_list("id", flat=True)))
    if Membership.objects.filter(space=space, left_at=None).exists():
        turn_key(space)
    else:
        space.delete()


@transaction.atomic
def delete_person(person: Person) -> None:
    """Called after every bond was left and every room took its words back."""
    private = person.private_space
    end_devices(Device.objects.filter(person=person))
    person.delete()
    private.delete()
    empty_journal()


def seat_guest(space: Space, name: str, key: SpaceKey, *, door: str) -> Guest:
    """A guest for one round, on this phone; the name is sealed under the round's own key."""
    guest = Guest(id=uuid4(), space=space, door=door)
    seal(guest, key, name=name)
    guest.save()
    return guest


def guest_link(guest: Guest, key: SpaceKey, *, expires_at: datetime) -> Link:
    """A link that lets this guest in from one own phone, to this one round.

    Whoever came in by an earlier link is out.
    """
    end_devices(Device.objects.filter(guest=guest))
    link = new_link()
    guest.wrapped_key = wrapped(
        key.secret, under=link.key("guest"), purpose="guest", owner=str(guest.id)
    )
    guest.expires_at = expires_at
    guest.save(update_fields=["wrapped_key", "expires_at"])
    return link


def had_guest_link(guest: Guest) -> bool:
    """Whether a link to this seat was made before, used since or not."""
    return guest.wrapped_key is not None or Device.objects.filter(guest=guest).exists()


def admit_guest(guest_id: UUID, letters: str, *, now: datetime) -> tuple[Guest, SpaceKey]:
    """
    Raises:
        InvitationClosed: not this link, or too late.
    """
    guest = Guest.objects.filter(pk=guest_id, expires_at__gt=now).first()
    if guest is None or guest.wrapped_key is None:
        raise InvitationClosed
    link = Link(letters)
    try:
        secret = unwrapped(
            bytes(guest.wrapped_key), under=link.key("guest"), purpose="guest", owner=str(guest.id)
        )
    except (ValueError, SealBroken) as error:
        raise InvitationClosed from error
    return guest, SpaceKey(1, secret)


def close_guest_link(guest: Guest) -> None:
    """It was for one phone, and that phone is in.

    Raises:
        InvitationClosed: another phone was a moment earlier.
    """
    unused = Guest.objects.filter(pk=guest.pk, wrapped_key__isnull=False)
    if not unused.update(wrapped_key=None, expires_at=None):
        raise InvitationClosed


def name_guest(guest: Guest, key: SpaceKey, name: str) -> None:
    seal(guest, key, name=name)
    guest.save(update_fields=["name"])


def end_guest_links(guests: Iterable[UUID]) -> None:
    Guest.objects.filter(pk__in=guests).update(wrapped_key=None, expires_at=None)


def _inviter_name(row: Invitation, keys: list[SpaceKey]) -> str:
    """An open invitation holds every version of the key, so also the one of the name."""
    member = Membership.objects.get(space=row.space, person=row.inviter)
    version = version_of(bytes(member.name or b""))
    return opened(member, "name", next(key for key in keys if key.version == version))


def _give_up_lost_seat(space: Space, inviter: UUID, now: datetime) -> bool:
    """Somebody who lost every key comes back with a new account, in the place of the old one.

    The old account's boxes stay, for whoever still owns it to read, export and take back what was
    theirs; words from now on are sealed with a key it never gets.
    """
    seats = Membership.objects.filter(space=space, left_at=None, replaced_at=None)
    return bool(seats.exclude(person=inviter).update(replaced_at=now))


def _join(
    space: Space, person: Person, key: SpaceKey, keyring: Keyring, *, now: datetime
) -> Membership:
    mine = own_name(person, keyring)
    member = Membership(id=uuid4(), space=space, person=person, joined_at=now)
    seal(member, key, name=mine.name, pronouns=mine.pronouns)
    member.save()
    return member
