"""Somebody comes back with a new account; the old one is not put out unseen."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse

from conftest import NOON, PASSPHRASE, Someone, signed_up
from nearer.people.bonds import BondEnded, accept_invitation, invite, leave, open_invitation
from nearer.people.models import Membership, Space
from nearer.people.queries import opened_bond
from nearer.vault.keyring import NoKey
from tests.rounds import said_aloud


@pytest.fixture
def bo_again(ana: Someone, bo: Someone, space: Space) -> Someone:
    """Bo lost passphrase and code, made a new account and was invited once more."""
    back = signed_up("Bobby")
    later = NOON + timedelta(days=40)
    _row, link = invite(space, ana.person, ana.keyring, now=later)
    found = open_invitation(link.letters, now=later)
    accept_invitation(found, back.person, back.keyring, now=later)
    space.refresh_from_db()
    return back


def test_new_account_is_the_other_one_now(ana: Someone, bo_again: Someone, space: Space) -> None:
    assert opened_bond(space, ana.person, ana.keyring).other_name == "Bobby"
    seen_from_the_new_account = opened_bond(space, bo_again.person, bo_again.keyring)
    assert seen_from_the_new_account.other_name == "Ana"
    assert seen_from_the_new_account.replaced_at is None


def test_old_account_still_sees_the_bond_and_that_it_was_replaced(
    bo: Someone, bo_again: Someone, space: Space
) -> None:
    page = bo.client.get(reverse("people:bond", args=[space.id])).content.decode()
    assert "let a new account into this bond in your place" in page


def test_old_account_gets_no_new_key_and_begins_nothing(
    bo: Someone, bo_again: Someone, space: Space
) -> None:
    with pytest.raises(NoKey):
        bo.keyring.version(space.id, space.key_version)
    response = bo.client.get(reverse("listening:begin", args=[space.id]))
    assert response.headers["Location"] == reverse("people:bond", args=[space.id])


def test_old_account_cannot_invite(bo: Someone, bo_again: Someone, space: Space) -> None:
    with pytest.raises(BondEnded):
        invite(space, bo.person, bo.keyring, now=NOON)


def test_old_account_leaving_does_not_end_the_bond_of_the_two(
    ana: Someone, bo: Someone, bo_again: Someone, space: Space
) -> None:
    leave(space, bo.person, now=NOON)
    space.refresh_from_db()
    assert space.ended_at is None
    assert opened_bond(space, ana.person, ana.keyring).is_open


def test_old_account_reads_on_when_the_others_have_new_names_and_new_rounds(
    ana: Someone, bo: Someone, bo_again: Someone, space: Space
) -> None:
    ana.client.post(reverse("people:name"), {"name": "Anna"})
    said_aloud(ana.client, bo_again.client, space.id, {"guess": "You miss it."})
    looked = [bo.client.get(reverse(f"web:{name}")) for name in ("today", "us", "me")]
    pages = [*looked, bo.client.get(reverse("listening:home"))]
    assert [page.status_code for page in pages] == [200] * 4
    shown = "".join(page.content.decode() for page in pages)
    assert "Bo &amp; the other" in shown
    assert "/listening/session/" not in shown
    assert "A round with" not in looked[1].content.decode()


def test_export_of_the_old_account_names_the_bond_it_was_in(
    bo: Someone, bo_again: Someone, space: Space
) -> None:
    packed = bo.client.post(reverse("web:export"), {"passphrase": f"{PASSPHRASE} Bo"}).content
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert '"with": "Ana"' in archive.read("my-words.json").decode()


def test_stranger_is_no_successor(cy: Someone, bo_again: Someone, space: Space) -> None:
    assert cy.client.get(reverse("people:bond", args=[space.id])).status_code == 404
    assert Membership.objects.filter(space=space, person=cy.person).count() == 0
