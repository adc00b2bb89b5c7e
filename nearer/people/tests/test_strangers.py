"""Every address of this room against everybody who has no business there."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from conftest import NOON, Someone, client_of
from nearer.people import urls
from nearer.people.bonds import leave, seat_guest
from nearer.people.devices import hand_over, here_of, open_device
from nearer.people.models import Device, Invitation, Membership, Space
from nearer.vault.sealing import SpaceKey, new_secret

FOR_ANYBODY = {
    "sign_up",
    "make_account",
    "sign_in",
    "unlock",
    "lock",
    "sign_out",
    "recover",
    "invitation",
    "guest",
    "round_over",
}
DOOR = "/listening/door/"


def has(pattern: URLPattern, argument: str) -> bool:
    return argument in pattern.pattern.converters


OF_A_BOND = [str(each.name) for each in urls.urlpatterns if has(each, "space_id")]
BEHIND_THE_ENTRANCE = [name for name in OF_A_BOND if name != "joined"]
PRIVATE = [
    str(each.name)
    for each in urls.urlpatterns
    if each.name not in FOR_ANYBODY and not each.pattern.converters
]


def answers(client: Client, name: str, *args: object) -> list[HttpResponseBase]:
    address = reverse(f"people:{name}", args=args)
    return [client.get(address), client.post(address, {})]


def locations(client: Client, name: str, *args: object) -> set[str]:
    got = [each for each in answers(client, name, *args) if each.status_code != 405]
    assert got
    return {each.headers["Location"].partition("?")[0] for each in got}


def test_every_address_is_either_for_anybody_or_tested_here() -> None:
    known = {*FOR_ANYBODY, *OF_A_BOND, *PRIVATE, "end_device"}
    assert {each.name for each in urls.urlpatterns} == known


@pytest.mark.parametrize("name", OF_A_BOND)
def test_bond_does_not_exist_for_a_stranger(cy: Someone, space: Space, name: str) -> None:
    statuses = {each.status_code for each in answers(cy.client, name, space.id)}
    assert statuses <= {404, 405}
    assert 404 in statuses


@pytest.mark.parametrize("name", OF_A_BOND)
def test_bond_does_not_exist_for_somebody_who_left(
    ana: Someone, bo: Someone, space: Space, name: str
) -> None:
    leave(space, bo.person, now=NOON)
    statuses = {each.status_code for each in answers(bo.client, name, space.id)}
    assert statuses <= {404, 405}


@pytest.mark.parametrize("name", OF_A_BOND)
def test_bond_that_never_was_and_bond_of_others_look_alike(
    cy: Someone, space: Space, name: str
) -> None:
    of_others = [each.status_code for each in answers(cy.client, name, space.id)]
    assert [each.status_code for each in answers(cy.client, name, uuid4())] == of_others


@pytest.mark.parametrize("name", OF_A_BOND)
def test_own_private_space_is_no_bond(ana: Someone, name: str) -> None:
    statuses = {each.status_code for each in answers(ana.client, name, ana.person.private_space_id)}
    assert statuses <= {404, 405}


@pytest.mark.parametrize("name", BEHIND_THE_ENTRANCE)
def test_signed_out_browser_is_sent_to_sign_in_for_every_bond(space: Space, name: str) -> None:
    assert locations(Client(), name, space.id) == {reverse("people:sign_in")}


@pytest.mark.parametrize("name", PRIVATE)
def test_signed_out_browser_is_sent_to_sign_in(db: None, name: str) -> None:
    assert locations(Client(), name) == {reverse("people:sign_in")}


@pytest.mark.parametrize("name", PRIVATE)
def test_locked_browser_is_sent_to_unlock(ana: Someone, name: str) -> None:
    ana.client.post(reverse("people:lock"))
    assert locations(ana.client, name) == {reverse("people:unlock")}


@pytest.mark.parametrize("name", PRIVATE)
def test_phone_that_was_handed_over_is_sent_to_unlock(ana: Someone, name: str) -> None:
    hand_over(ana.entered, door=DOOR, key=SpaceKey(1, new_secret()))
    assert locations(ana.client, name) == {reverse("people:unlock")}


@pytest.mark.parametrize("name", PRIVATE)
def test_guest_is_sent_back_to_the_one_round(alone: Space, name: str) -> None:
    key = SpaceKey(1, new_secret())
    seat = seat_guest(alone, "Dee", key, door=DOOR)
    here = open_device(now=timezone.now(), label="", guest=seat)
    here.device.save()
    hand_over(here, door=DOOR, key=key)
    assert locations(client_of(here), name) == {DOOR}


@pytest.mark.parametrize("name", BEHIND_THE_ENTRANCE)
def test_guest_gets_nothing_of_the_bond_the_round_belongs_to(alone: Space, name: str) -> None:
    key = SpaceKey(1, new_secret())
    seat = seat_guest(alone, "Dee", key, door=DOOR)
    here = open_device(now=timezone.now(), label="", guest=seat)
    here.device.save()
    hand_over(here, door=DOOR, key=key)
    assert locations(client_of(here), name, alone.id) == {DOOR}


def test_waiting_page_tells_a_signed_out_browser_the_same_about_any_bond(alone: Space) -> None:
    for space_id in (alone.id, uuid4()):
        response = Client().get(reverse("people:joined", args=[space_id]))
        assert response.headers["HX-Redirect"] == reverse("people:bond", args=[space_id])
        assert response.content == b""


def test_stranger_neither_invites_nor_withdraws(ana: Someone, cy: Someone, alone: Space) -> None:
    ana.client.post(reverse("people:make_invitation", args=[alone.id]))
    before = list(Invitation.objects.values())
    cy.client.post(reverse("people:make_invitation", args=[alone.id]))
    cy.client.post(reverse("people:withdraw_invitation", args=[alone.id]))
    assert list(Invitation.objects.values()) == before


def test_stranger_does_not_end_somebody_elses_session(ana: Someone, cy: Someone) -> None:
    device = Device.objects.get(person=ana.person)
    response = cy.client.post(reverse("people:end_device", args=[device.id]))
    assert response.status_code == 404
    assert Device.objects.filter(pk=device.pk).exists()


def test_partner_does_not_end_the_others_session_either(
    ana: Someone, bo: Someone, space: Space
) -> None:
    device = Device.objects.get(person=ana.person)
    assert bo.client.post(reverse("people:end_device", args=[device.id])).status_code == 404


def test_membership_without_a_key_opens_no_bond(cy: Someone, space: Space) -> None:
    """Whoever can write the database can add a row, but not a box that opens."""
    Membership.objects.create(space=space, person=cy.person, joined_at=NOON)
    assert cy.client.get(reverse("people:bond", args=[space.id])).status_code == 404


def test_phone_with_a_door_is_not_open_even_if_its_row_still_held_the_key(ana: Someone) -> None:
    Device.objects.filter(person=ana.person).update(door=DOOR)
    assert locations(ana.client, "name") == {reverse("people:unlock")}


def test_handed_over_phone_holds_no_private_key(ana: Someone) -> None:
    hand_over(ana.entered, door=DOOR, key=SpaceKey(1, new_secret()))
    cookie = next(iter(ana.client.cookies.values())).value
    here = here_of(cookie, now=ana.entered.device.seen_at)
    assert here
    assert here.keyring is None
    assert here.pass_key
