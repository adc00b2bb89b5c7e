"""The pages below «Me»: name, house, reminders, passphrase, own sessions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from nearer.people import actions
from nearer.people.access import PersonRequest, for_person
from nearer.people.devices import end_devices, forget_browser
from nearer.people.forms import (
    ChangePassphraseForm,
    HouseForm,
    NameForm,
    ReminderForm,
    please_wait,
)
from nearer.people.keys import NotNow
from nearer.people.models import Device
from nearer.people.queries import devices_of, own_login, own_name, reminder_address
from nearer.people.views.entrance import proved
from nearer.people.views.page import page
from nearer.vault.sealing import Pair


@for_person
def name(request: PersonRequest) -> HttpResponse:
    now = own_name(request.person, request.keyring)
    form = NameForm(request.POST or None, initial={"name": now.name, "pronouns": now.pronouns})
    if form.is_valid():
        actions.rename(request.person, request.keyring, **form.cleaned_data)
        return _saved("people:name")
    return _page(request, "people/name.html", form=form)


@for_person
def house(request: PersonRequest) -> HttpResponse:
    person, names = (
        request.person,
        ("language", "time_zone", "idle_minutes", "is_discreet"),
    )
    form = HouseForm(request.POST or None, initial={name: getattr(person, name) for name in names})
    if form.is_valid():
        for field in names:
            setattr(person, field, form.cleaned_data[field])
        person.save(update_fields=names)
        return _saved("people:house")
    return _page(request, "people/house.html", form=form)


@for_person
def reminders(request: PersonRequest) -> HttpResponse:
    is_sent = request.method == "POST"
    initial = {"address": reminder_address(request.person)}
    form = ReminderForm(request.POST if is_sent else None, initial=initial)
    if form.is_valid():
        actions.set_reminder_address(request.person, form.cleaned_data["address"])
        return _saved("people:reminders")
    return _page(request, "people/reminders.html", form=form)


@sensitive_post_parameters()
@sensitive_variables()
@for_person
def passphrase(request: PersonRequest) -> HttpResponse:
    person, keyring = request.person, request.keyring
    about = [own_name(person, keyring).name, own_login(person, keyring)]
    form = ChangePassphraseForm(request.POST or None, about=about)
    pair = proved(request, person, form, "old") if form.is_valid() else None
    if pair and _changed(request, pair, form):
        return _saved("people:passphrase")
    return _page(request, "people/passphrase.html", form=form)


@sensitive_variables()
def _changed(request: PersonRequest, pair: Pair, form: ChangePassphraseForm) -> bool:
    new, keep = form.cleaned_data["new"], request.here.device.id
    try:
        actions.change_passphrase(request.person, pair, new, keep=keep)
    except NotNow as why:
        form.add_error(None, please_wait(why))
        return False
    return True


@for_person
def devices(request: PersonRequest) -> HttpResponse:
    here = request.here.device.id
    return _page(request, "people/devices.html", devices=devices_of(request.person), here=here)


@require_POST
@for_person
def end_device(request: PersonRequest, device_id: UUID) -> HttpResponse:
    device = get_object_or_404(Device, pk=device_id, person=request.person)
    end_devices(Device.objects.filter(pk=device.pk))
    if device.pk != request.here.device.pk:
        return _saved("people:devices")
    response = redirect("people:sign_in")
    forget_browser(response)
    return response


def _saved(page: str) -> HttpResponse:
    return redirect(f"{reverse(page)}?saved")


def _page(request: PersonRequest, template: str, **context: Any) -> HttpResponse:
    return page(request, template, tab="me", is_saved="saved" in request.GET, **context)
