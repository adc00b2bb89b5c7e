"""An invitation, from the side of whoever got it.

Its letters come in the address after «#», which no browser sends, so no log and no history ever
holds them. From there they go from form to form, past signing up or in, until they are used.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from nearer.people.access import here_in
from nearer.people.bonds import (
    AlreadyInside,
    InvitationClosed,
    Opened,
    accept_invitation,
    open_invitation,
)
from nearer.people.devices import Here
from nearer.people.rules import Kind
from nearer.people.views.page import page
from nearer.people.wording import wording


@sensitive_post_parameters()
@sensitive_variables()
def invitation(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return page(request, "people/invitation.html")
    if request.POST.get("answer") == "not now":
        return page(request, "people/not_now.html")
    return open_page(request, request.POST.get("letters", ""))


@sensitive_variables()
def open_page(request: HttpRequest, letters: str) -> HttpResponse:
    """Who invites, and to what; with the answer «accept» it leads into the bond."""
    now = timezone.now()
    here = here_in(request)
    try:
        opened = open_invitation(letters, now=now)
        if here and request.POST.get("answer") == "accept":
            return _accepted(request, here, opened, letters)
    except InvitationClosed:
        return page(request, "people/invitation.html", is_closed=True, status=404)
    return _invited(request, opened, letters)


def _accepted(request: HttpRequest, here: Here, opened: Opened, letters: str) -> HttpResponse:
    if here.person is None or here.keyring is None or not here.is_open:
        return _invited(request, opened, letters)
    try:
        space = accept_invitation(opened, here.person, here.keyring, now=timezone.now())
    except AlreadyInside:
        return page(request, "people/own_invitation.html", space_id=opened.row.space_id)
    return redirect("people:bond", space.id)


def _invited(request: HttpRequest, opened: Opened, letters: str) -> HttpResponse:
    here = here_in(request)
    return page(
        request,
        "people/invited.html",
        inviter=opened.inviter_name,
        wording=wording(Kind(opened.row.space.kind)),
        letters=letters,
        is_open=bool(here and here.is_open),
        is_known=bool(here and here.person),
    )
