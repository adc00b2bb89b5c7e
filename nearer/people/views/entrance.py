"""Coming in: what sign-up, sign-in, unlocking and the recovery code have in common."""

from __future__ import annotations

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_variables

from nearer.people.access import come_in, here_in, log_refusal, safe_next
from nearer.people.actions import WrongPassphrase, unlock_with
from nearer.people.devices import Here, end_devices, label_of, open_device, set_cookie, unlock
from nearer.people.forms import please_wait
from nearer.people.keys import NotNow
from nearer.people.models import Device, Person
from nearer.people.views.invitations import open_page
from nearer.vault.sealing import Pair


def address_of(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


@sensitive_variables()
def proved(request: HttpRequest, person: Person, form: Form, field: str) -> Pair | None:
    """The pair, if the passphrase in that field is this person's; else an error in the form."""
    passphrase, address = form.cleaned_data[field], address_of(request)
    try:
        return unlock_with(person, passphrase, address=address, now=timezone.now())
    except WrongPassphrase:
        log_refusal("a passphrase", here_in(request))
        form.add_error(field, gettext("That is not the passphrase. Try again, there is time."))
    except NotNow as why:
        form.add_error(None, please_wait(why))
    return None


def enter(request: HttpRequest, person: Person, pair: Pair, *, is_shared: bool = False) -> Here:
    """A new device for whoever just proved who they are; what this browser was before ends."""
    before = here_in(request)
    if before:
        end_devices(Device.objects.filter(pk=before.device.pk))
    fresh = open_device(
        now=timezone.now(), label=label_of(request), person=person, is_shared=is_shared
    )
    return _let_in(request, unlock(fresh, pair))


def reopen(request: HttpRequest, here: Here, pair: Pair) -> Here:
    """The same browser, unlocked under a new secret."""
    return _let_in(request, unlock(here, pair))


def onwards(request: HttpRequest) -> HttpResponse:
    """To the invitation that somebody brought along, else to where they were going."""
    letters = request.POST.get("letters", "")
    return open_page(request, letters) if letters else redirect(safe_next(request))


def with_cookie(response: HttpResponse, here: Here) -> HttpResponse:
    set_cookie(response, here)
    return response


def _let_in(request: HttpRequest, here: Here) -> Here:
    come_in(request, here)
    rotate_token(request)
    return here
