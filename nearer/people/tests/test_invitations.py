"""An invitation: one use, seven days, two people, and no way to tell why one does not open."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import PASSPHRASE, Someone
from nearer.people import bonds
from nearer.people.bonds import accept_invitation, invite, open_invitation
from nearer.people.models import Invitation, Membership, Space
from nearer.people.tests.forms import ABOUT, ACCOUNT, begin, code_on, hidden
from nearer.vault.sealing import new_recovery_code

CLOSED = "This invitation does not open"
ADDRESS = "/invitation/"


def invited(ana: Someone, space: Space) -> str:
    """The letters of a link that Ana makes on the page of her bond."""
    page = ana.client.post(reverse("people:make_invitation", args=[space.id])).content.decode()
    found = re.search(r"/invitation/#([a-z2-7]{32})\"", page)
    assert found
    return found[1]


def opened(client: Client, letters: str, **more: str) -> str:
    return client.post(ADDRESS, {"letters": letters, **more}).content.decode()


def members(space: Space) -> int:
    return Membership.objects.filter(space=space, left_at=None).count()


def test_page_of_an_invitation_is_readable_for_anybody(client: Client, db: None) -> None:
    page = client.get(ADDRESS).content.decode()
    assert "people/invitation.js" in page
    assert 'name="letters"' in page


def test_letters_show_who_invites_and_to_what(ana: Someone, alone: Space) -> None:
    page = opened(Client(), invited(ana, alone))
    assert "Ana invites you" in page
    assert "as friends" in page
    assert "couple" not in page


def test_letters_may_be_typed_by_hand_in_groups(ana: Someone, alone: Space) -> None:
    letters = invited(ana, alone).upper()
    typed = " ".join(letters[at : at + 4] for at in range(0, 32, 4))
    assert "Ana invites you" in opened(Client(), typed)


def test_looking_uses_nothing_up_and_tells_nobody(ana: Someone, alone: Space) -> None:
    letters = invited(ana, alone)
    before = list(Invitation.objects.values())
    opened(Client(), letters)
    assert list(Invitation.objects.values()) == before


def test_not_now_is_told_to_nobody(ana: Someone, bo: Someone, alone: Space) -> None:
    letters = invited(ana, alone)
    before = ana.client.get(reverse("people:joined", args=[alone.id])).headers
    assert "All right" in opened(bo.client, letters, answer="not now")
    after = ana.client.get(reverse("people:joined", args=[alone.id])).headers
    assert "HX-Redirect" not in before
    assert "HX-Redirect" not in after
    assert "Ana invites you" in opened(bo.client, letters)


def test_accepting_leads_both_to_the_same_six_words(
    ana: Someone, bo: Someone, alone: Space
) -> None:
    said = {"letters": invited(ana, alone), "answer": "accept"}
    address = bo.client.post(ADDRESS, said).headers["Location"]
    waiting = ana.client.get(reverse("people:joined", args=[alone.id]))
    assert waiting.headers["HX-Redirect"] == address
    pages = [each.client.get(address).content.decode() for each in (ana, bo)]
    words = [re.findall(r'<li lang="en">(\w+)</li>', page) for page in pages]
    assert len(words[0]) == 6
    assert words[0] == words[1]


def test_used_invitation_opens_nothing(
    ana: Someone, bo: Someone, cy: Someone, alone: Space
) -> None:
    letters = invited(ana, alone)
    opened(bo.client, letters, answer="accept")
    assert CLOSED in opened(cy.client, letters, answer="accept")
    assert members(alone) == 2


def test_two_who_accept_at_once_do_not_both_get_in(
    ana: Someone, bo: Someone, cy: Someone, alone: Space
) -> None:
    """Both have looked while it was open; the second answer finds it used."""
    letters, now = invited(ana, alone), timezone.now()
    seen_by_bo, seen_by_cy = (open_invitation(letters, now=now) for _ in range(2))
    accept_invitation(seen_by_bo, bo.person, bo.keyring, now=now)
    with pytest.raises(bonds.InvitationClosed):
        accept_invitation(seen_by_cy, cy.person, cy.keyring, now=now)
    assert not cy.keyring.holds(alone.id)


def test_withdrawn_replaced_old_and_guessed_get_the_same_page(
    ana: Someone, bo: Someone, alone: Space
) -> None:
    replaced = invited(ana, alone)
    withdrawn = invited(ana, alone)
    pages = [opened(Client(), replaced)]
    ana.client.post(reverse("people:withdraw_invitation", args=[alone.id]))
    old = invited(ana, alone)
    pages += [opened(Client(), letters) for letters in (withdrawn, new_recovery_code(), "x", "")]
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1), tick=False):
        pages.append(opened(Client(), old))
    mains = {page.split("<main")[1].split("csrfmiddlewaretoken")[0] for page in pages}
    assert len(mains) == 1
    assert CLOSED in mains.pop()


def test_invitation_opens_until_its_seventh_day_is_over(ana: Someone, alone: Space) -> None:
    letters = invited(ana, alone)
    with time_machine.travel(timezone.now() + timedelta(days=6, hours=23), tick=False):
        assert "Ana invites you" in opened(Client(), letters)


def test_inviter_who_opens_the_own_link_uses_nothing_up(ana: Someone, alone: Space) -> None:
    letters = invited(ana, alone)
    assert "in this bond already" in opened(ana.client, letters, answer="accept")
    assert "Ana invites you" in opened(Client(), letters)


def test_nobody_accepts_while_locked(ana: Someone, bo: Someone, alone: Space) -> None:
    letters = invited(ana, alone)
    bo.client.post(reverse("people:lock"))
    assert "Unlock to answer" in opened(bo.client, letters, answer="accept")
    assert members(alone) == 1


def test_somebody_without_an_account_keeps_the_invitation_through_sign_up(
    ana: Someone, alone: Space
) -> None:
    letters, client = invited(ana, alone), Client()
    first = client.post(reverse("people:sign_up"), {"letters": letters}).content.decode()
    assert hidden(first, "letters") == letters
    second = client.post(reverse("people:sign_up"), {**ABOUT, "letters": letters})
    assert hidden(second.content.decode(), "letters") == letters
    third = begin(client, letters=letters)
    assert hidden(third, "letters") == letters
    code = code_on(third)
    groups = {"code": code, "asked": "1,8", "first": code[:4], "second": code[-4:]}
    last = client.post(reverse("people:keep_code"), {**groups, "letters": letters})
    assert "Yes, I would like that" in last.content.decode()


def test_somebody_who_signs_in_or_unlocks_keeps_the_invitation(
    ana: Someone, bo: Someone, alone: Space
) -> None:
    said = {"letters": invited(ana, alone), "passphrase": f"{PASSPHRASE} Bo"}
    signed_in = Client().post(reverse("people:sign_in"), {**said, "login": "bo"})
    assert "Ana invites you" in signed_in.content.decode()
    bo.client.post(reverse("people:lock"))
    unlocked = bo.client.post(reverse("people:unlock"), said)
    assert "Ana invites you" in unlocked.content.decode()


def test_letters_never_come_into_an_address_or_the_database(ana: Someone, alone: Space) -> None:
    letters, client = invited(ana, alone), Client()
    answers = [
        client.post(ADDRESS, {"letters": letters}),
        client.post(reverse("people:sign_up"), {**ABOUT, "letters": letters}),
        client.post(reverse("people:make_account"), {**ABOUT, **ACCOUNT, "letters": letters}),
    ]
    assert not any(letters in answer.headers.get("Location", "") for answer in answers)
    assert letters not in str(list(Invitation.objects.values()))


def test_no_invitation_to_a_bond_that_ended(ana: Someone, bo: Someone, space: Space) -> None:
    bonds.leave(space, bo.person, now=timezone.now())
    with pytest.raises(bonds.BondEnded):
        invite(space, ana.person, ana.keyring, now=timezone.now())
    response = ana.client.post(reverse("people:make_invitation", args=[space.id]))
    assert response.headers["Location"] == reverse("people:bond", args=[space.id])


def test_picture_to_scan_carries_no_inline_style(ana: Someone, alone: Space) -> None:
    page = ana.client.post(reverse("people:make_invitation", args=[alone.id])).content.decode()
    assert "<svg" in page.split('class="qr"')[1]
    assert "style=" not in page
