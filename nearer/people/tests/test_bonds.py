"""Making a bond, coming back with a new account, leaving."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import NOON, Someone, signed_up
from nearer.people.bonds import accept_invitation, delete_person, invite, leave, open_invitation
from nearer.people.keys import words_to_compare
from nearer.people.models import Grant, Invitation, Membership, Person, Space
from nearer.people.queries import bonds_of, opened_bond, opened_bonds, other_public_key
from nearer.people.rules import BONDS, Kind
from nearer.people.wording import wording
from nearer.vault.keyring import NoKey
from nearer.vault.sealing import SealBroken, new_pair


def words_for(someone: Someone, space: Space) -> tuple[str, ...]:
    public = other_public_key(space, someone.person)
    assert public
    return words_to_compare(someone.pair, public, space=space.id)


def comes_back(ana: Someone, space: Space) -> Someone:
    """Bo lost every key, makes a new account, and accepts a new invitation."""
    new = signed_up("Bo2")
    _row, link = invite(space, ana.person, ana.keyring, now=NOON)
    found = open_invitation(link.letters, now=NOON)
    accept_invitation(found, new.person, new.keyring, now=timezone.now())
    return new


def test_made_bond_is_shown_with_both_names(ana: Someone) -> None:
    said = {"kind": "siblings", "other_name": "Milo", "is_long_distance": "on"}
    address = ana.client.post(reverse("people:new_bond"), said).headers["Location"]
    page = " ".join(ana.client.get(address).content.decode().split())
    assert "Ana &amp; Milo" in page
    assert "Siblings · far apart" in page


def test_bond_needs_a_kind_and_a_name(ana: Someone) -> None:
    ana.client.post(reverse("people:new_bond"), {"kind": "private", "other_name": "Milo"})
    ana.client.post(reverse("people:new_bond"), {"kind": "friends", "other_name": " "})
    assert bonds_of(ana.person, ana.keyring) == []


@pytest.mark.parametrize("kind", BONDS)
def test_nobody_but_partners_is_spoken_of_as_partners_or_a_couple(kind: Kind) -> None:
    said = " ".join(str(getattr(wording(kind), each)) for each in wording(kind).__slots__).lower()
    assert "couple" not in said
    assert ("partner" in said) == (kind is Kind.PARTNERS)


def test_private_space_has_no_wording_for_two() -> None:
    with pytest.raises(KeyError):
        wording(Kind.PRIVATE)


def test_person_may_have_several_bonds(ana: Someone, space: Space, alone: Space) -> None:
    assert [bond.other_name for bond in opened_bonds(ana.person, ana.keyring)] == ["Bo", "Dee"]


def test_six_words_are_the_same_on_both_phones(ana: Someone, bo: Someone, space: Space) -> None:
    assert words_for(ana, space) == words_for(bo, space)


def test_six_words_differ_when_a_key_was_exchanged_in_the_database(
    ana: Someone, bo: Someone, space: Space
) -> None:
    Person.objects.filter(pk=bo.person.pk).update(public_key=new_pair().public)
    assert words_for(ana, space) != words_for(bo, space)


def test_page_shows_words_from_the_own_private_key_not_from_the_database(
    ana: Someone, bo: Someone, space: Space
) -> None:
    true_words = words_for(ana, space)
    Person.objects.filter(pk=ana.person.pk).update(public_key=new_pair().public)
    page = ana.client.get(reverse("people:bond", args=[space.id])).content.decode()
    assert tuple(re.findall(r'<li lang="en">(\w+)</li>', page)) == true_words


def test_new_account_takes_the_lost_ones_place_and_reads_what_was_shared(
    ana: Someone, bo: Someone, space: Space
) -> None:
    back = comes_back(ana, space)
    assert opened_bond(space, back.person, back.keyring).other_name == "Ana"
    assert opened_bond(space, ana.person, ana.keyring).other_name == "Bo2"


def test_bond_says_that_an_account_was_replaced(ana: Someone, bo: Someone, space: Space) -> None:
    address = reverse("people:bond", args=[space.id])
    assert b"came back with a new account" not in ana.client.get(address).content
    comes_back(ana, space)
    assert b"came back with a new account" in ana.client.get(address).content


def test_replaced_account_gets_no_key_of_what_is_written_from_now_on(
    ana: Someone, bo: Someone, space: Space
) -> None:
    before = ana.keyring.newest(space.id)
    comes_back(ana, space)
    assert ana.keyring.newest(space.id).version == before.version + 1
    assert bo.keyring.newest(space.id).version == before.version


def test_words_are_compared_anew_after_an_account_was_replaced(
    ana: Someone, bo: Someone, space: Space
) -> None:
    before = words_for(ana, space)
    back = comes_back(ana, space)
    assert words_for(ana, space) == words_for(back, space) != before


def test_leaving_ends_the_bond_at_once_and_takes_the_keys(
    ana: Someone, bo: Someone, space: Space
) -> None:
    leave(space, bo.person, now=NOON)
    assert not bo.keyring.holds(space.id)
    with pytest.raises(NoKey):
        bo.keyring.newest(space.id)
    assert bo.client.get(reverse("people:bond", args=[space.id])).status_code == 404


def test_who_stays_reads_on_under_a_new_key_and_sees_who_left(
    ana: Someone, bo: Someone, space: Space
) -> None:
    leave(space, bo.person, now=NOON)
    assert ana.keyring.newest(space.id).version == 2
    page = ana.client.get(reverse("people:bond", args=[space.id])).content.decode()
    assert "Bo left on" in page
    assert "Ana &amp; Bo" in page


def test_ended_bond_leads_to_what_was_shared_and_to_nothing_new(
    ana: Someone, bo: Someone, space: Space
) -> None:
    leave(space, bo.person, now=NOON)
    page = ana.client.get(reverse("people:bond", args=[space.id])).content.decode()
    assert f'href="{reverse("listening:home")}"' in page
    assert reverse("listening:begin", args=[space.id]) not in page


def test_leaving_closes_open_invitations(ana: Someone, alone: Space) -> None:
    _row, _link = invite(alone, ana.person, ana.keyring, now=NOON)
    leave(alone, ana.person, now=NOON)
    assert not Invitation.objects.filter(closed_at=None).exists()


def test_bond_that_both_left_is_gone(ana: Someone, bo: Someone, space: Space) -> None:
    leave(space, ana.person, now=NOON)
    leave(space, bo.person, now=NOON)
    assert not Space.objects.filter(pk=space.pk).exists()


def test_deleted_person_leaves_only_the_name_that_the_other_knew(
    ana: Someone, bo: Someone, space: Space
) -> None:
    leave(space, bo.person, now=NOON)
    delete_person(bo.person)
    assert not Grant.objects.filter(person_id=bo.person.pk).exists()
    assert Membership.objects.get(space=space, person=None).left_at == NOON
    assert opened_bond(space, ana.person, ana.keyring).other_name == "Bo"


def test_box_that_was_made_for_another_space_does_not_open(
    ana: Someone, space: Space, alone: Space
) -> None:
    wrong = Grant.objects.get(space=alone, person=ana.person).box
    Grant.objects.filter(space=space, person=ana.person).update(box=wrong)
    with pytest.raises(SealBroken):
        ana.keyring.newest(space.id)
