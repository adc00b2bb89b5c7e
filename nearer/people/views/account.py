"""Signing in and out, unlocking and locking, and the way back with the recovery code."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from nearer.people import actions
from nearer.people.access import here_in, log_refusal, safe_next
from nearer.people.devices import Here, drop_cookie, end_devices, forget_browser
from nearer.people.devices import lock as lock_device
from nearer.people.forms import RecoverForm, SignInForm, UnlockForm, please_wait
from nearer.people.keys import NotNow
from nearer.people.models import Device
from nearer.people.views.codes import code_screen
from nearer.people.views.entrance import (
    address_of,
    enter,
    onwards,
    proved,
    reopen,
    with_cookie,
)
from nearer.people.views.page import page


@sensitive_post_parameters()
@sensitive_variables()
def sign_in(request: HttpRequest) -> HttpResponse:
    here = here_in(request)
    if here and here.is_open:
        return onwards(request)
    form = SignInForm(request.POST if "login" in request.POST else None)
    entered = _signed_in(request, form) if form.is_valid() else None
    if entered:
        return with_cookie(onwards(request), entered)
    return page(request, "people/sign_in.html", **_on_the_way(request, form))


@sensitive_variables()
def _signed_in(request: HttpRequest, form: SignInForm) -> Here | None:
    data = form.cleaned_data
    try:
        person, pair = actions.sign_in(
            data["login"], data["passphrase"], address=address_of(request), now=timezone.now()
        )
    except actions.WrongPassphrase:
        log_refusal("a sign-in", here_in(request))
        form.add_error(None, gettext("That user name and passphrase do not fit together."))
        return None
    except NotNow as why:
        form.add_error(None, please_wait(why))
        return None
    return enter(request, person, pair, is_shared=data["is_shared"])


@sensitive_post_parameters()
@sensitive_variables()
def unlock(request: HttpRequest) -> HttpResponse:
    """It is known who signed in here; also the way back after the phone was handed over."""
    here = here_in(request)
    if here is None or here.person is None:
        return redirect("people:sign_in")
    if here.is_open:
        return onwards(request)
    form = UnlockForm(request.POST if "passphrase" in request.POST else None)
    pair = proved(request, here.person, form, "passphrase") if form.is_valid() else None
    if pair:
        opened = reopen(request, here, pair)
        return with_cookie(onwards(request), opened)
    return page(request, "people/unlock.html", **_on_the_way(request, form))


@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Lock, and ask for the passphrase; or leave fast, and look as if nothing had been here.

    Leaving fast does not ask the browser to clear itself: it would do so first, and leave after.
    """
    here = here_in(request)
    if request.POST.get("leave") == "fast":
        return _gone(render(request, "left.html"), here)
    if here:
        lock_device(here.device)
    return redirect("people:unlock")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    response = _gone(redirect("people:sign_in"), here_in(request))
    forget_browser(response)
    return response


@sensitive_post_parameters()
@sensitive_variables()
def recover(request: HttpRequest) -> HttpResponse:
    """A new passphrase by the recovery code; every other session ends, and a new code is made."""
    form = RecoverForm(request.POST or None)
    code = _recovered(request, form) if form.is_valid() else None
    here = here_in(request)
    if code is None or here is None:
        return page(request, "people/recover.html", form=form)
    return with_cookie(code_screen(request, code, then=safe_next(request)), here)


@sensitive_variables()
def _recovered(request: HttpRequest, form: RecoverForm) -> str | None:
    data, address = form.cleaned_data, address_of(request)
    try:
        person, pair, code = actions.recover(**data, address=address, now=timezone.now())
    except actions.WrongCode:
        log_refusal("a recovery code", here_in(request))
        form.add_error(None, gettext("That user name and recovery code do not fit together."))
        return None
    except NotNow as why:
        form.add_error(None, please_wait(why))
        return None
    enter(request, person, pair)
    return code


def _gone(response: HttpResponse, here: Here | None) -> HttpResponse:
    if here:
        end_devices(Device.objects.filter(pk=here.device.pk))
    drop_cookie(response)
    return response


def _on_the_way(request: HttpRequest, form: SignInForm | UnlockForm) -> dict[str, Any]:
    """What has to get past the entrance together with the person."""
    return {
        "form": form,
        "next": safe_next(request),
        "letters": request.POST.get("letters", ""),
    }
