"""Coming in as a guest: one round, one address, no account."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from nearer.people.access import here_in
from nearer.people.bonds import InvitationClosed, admit_guest, close_guest_link, name_guest
from nearer.people.devices import (
    end_devices,
    hand_over,
    label_of,
    open_device,
    set_cookie,
)
from nearer.people.forms import GuestForm
from nearer.people.models import Device, Guest
from nearer.people.queries import guest_name
from nearer.people.views.page import page
from nearer.vault.sealing import SpaceKey


@sensitive_post_parameters()
@sensitive_variables()
def guest(request: HttpRequest, guest_id: UUID) -> HttpResponse:
    if request.method != "POST":
        return page(request, "people/guest.html")
    letters = request.POST.get("letters", "")
    try:
        row, key = admit_guest(guest_id, letters, now=timezone.now())
    except InvitationClosed:
        return page(request, "people/guest.html", is_closed=True, status=404)
    initial = {"name": guest_name(row, key).name}
    form = GuestForm(request.POST if "name" in request.POST else None, initial=initial)
    if form.is_valid():
        return _admitted(request, row, key, form.cleaned_data["name"])
    return page(request, "people/guest_name.html", form=form, letters=letters)


def _admitted(request: HttpRequest, row: Guest, key: SpaceKey, name: str) -> HttpResponse:
    try:
        close_guest_link(row)
    except InvitationClosed:
        return page(request, "people/guest.html", is_closed=True, status=404)
    name_guest(row, key, name)
    return _seated(request, row, key)


def _seated(request: HttpRequest, row: Guest, key: SpaceKey) -> HttpResponse:
    before = here_in(request)
    if before:
        end_devices(Device.objects.filter(pk=before.device.pk))
    here = open_device(now=timezone.now(), label=label_of(request), guest=row)
    here.device.save()
    hand_over(here, door=row.door, key=key)
    response = redirect(row.door)
    set_cookie(response, here)
    return response


def round_over(request: HttpRequest) -> HttpResponse:
    return page(request, "people/round_over.html")
