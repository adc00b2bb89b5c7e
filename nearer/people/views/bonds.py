"""Making a bond, inviting to it, and the bond's own page."""

from __future__ import annotations

from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST

from nearer.people.access import PersonRequest, bond_in, for_person, here_in
from nearer.people.bonds import BondEnded, invite, make_bond, withdraw_invitations
from nearer.people.forms import NewBondForm
from nearer.people.keys import words_to_compare
from nearer.people.queries import Bond, open_invitations, opened_bond, other_public_key
from nearer.people.views.page import page
from nearer.people.wording import wording

_LETTERS_A_GROUP = 4


@for_person
def new_bond(request: PersonRequest) -> HttpResponse:
    form = NewBondForm(request.POST or None)
    if form.is_valid():
        space = make_bond(request.person, request.keyring, form.bond(), now=timezone.now())
        return redirect("people:bond", space.id)
    return page(request, "people/new_bond.html", tab="us", form=form)


@for_person
def bond(request: PersonRequest, space_id: UUID) -> HttpResponse:
    found = _bond(request, space_id)
    return page(
        request,
        "people/bond.html",
        tab="us",
        bond=found,
        wording=wording(found.kind),
        words=_words(request, found),
        invitation=open_invitations(found.space, now=timezone.now()).first(),
    )


@sensitive_variables()
@require_POST
@for_person
def make_invitation(request: PersonRequest, space_id: UUID) -> HttpResponse:
    """The letters are in this answer and nowhere else; a new link replaces the old."""
    found = _bond(request, space_id)
    try:
        row, link = invite(found.space, request.person, request.keyring, now=timezone.now())
    except BondEnded:
        return redirect("people:bond", space_id)
    front = request.build_absolute_uri(reverse("people:invitation"))
    address = f"{front}#{link.letters}"
    return page(
        request,
        "people/invite.html",
        tab="us",
        bond=found,
        invitation=row,
        front=front,
        address=address,
        groups=_in_groups(link.letters),
        qr=qr_of(address),
    )


@require_POST
@for_person
def withdraw_invitation(request: PersonRequest, space_id: UUID) -> HttpResponse:
    withdraw_invitations(bond_in(request, space_id).space, now=timezone.now())
    return redirect("people:bond", space_id)


@require_GET
def joined(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Asked by a page that waits for the other: nothing yet, or the way to the bond.

    That page is the answer to a form, so one that was locked meanwhile is sent to the bond and
    from there to the entrance: loading it anew would make another link.
    """
    here = here_in(request)
    return _joined(request, space_id) if here and here.is_open else _to_the_bond(space_id)


@for_person
def _joined(request: PersonRequest, space_id: UUID) -> HttpResponse:
    found = bond_in(request, space_id).space
    is_waiting = open_invitations(found, now=timezone.now()).exists()
    return HttpResponse(status=204) if is_waiting else _to_the_bond(space_id)


def _to_the_bond(space_id: UUID) -> HttpResponse:
    address = reverse("people:bond", args=[space_id])
    return HttpResponse(status=204, headers={"HX-Redirect": address})


def qr_of(address: str) -> str:
    """Drawn with attributes only: the content security policy allows no inline style."""
    drawing = segno.make(address, micro=False).svg_inline(omitsize=True, svgclass=None)
    return mark_safe(drawing)  # noqa: S308 - segno draws modules; the address is not in it


def _bond(request: PersonRequest, space_id: UUID) -> Bond:
    return opened_bond(bond_in(request, space_id).space, request.person, request.keyring)


def _words(request: PersonRequest, found: Bond) -> tuple[str, ...]:
    public = other_public_key(found.space, request.person)
    if public is None:
        return ()
    return words_to_compare(request.keyring.pair, public, space=found.id)


def _in_groups(letters: str) -> list[str]:
    starts = range(0, len(letters), _LETTERS_A_GROUP)
    return [letters[at : at + _LETTERS_A_GROUP] for at in starts]
