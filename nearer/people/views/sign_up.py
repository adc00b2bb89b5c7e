"""The three screens of sign-up.

Nothing waits on the server between two screens: what was typed, and the code that was made,
travel in the forms themselves.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from nearer.people import actions
from nearer.people.access import here_in
from nearer.people.forms import AboutYouForm, AccountForm, please_wait
from nearer.people.keys import NotNow
from nearer.people.views.codes import code_screen
from nearer.people.views.entrance import address_of, enter, with_cookie
from nearer.people.views.page import page


def sign_up(request: HttpRequest) -> HttpResponse:
    """Screen one; shown again, filled in, by the way back from screen two."""
    here = here_in(request)
    if here and here.is_open:
        return redirect("web:today")
    form = AboutYouForm(request.POST if "name" in request.POST else None)
    if "back" not in request.POST and form.is_valid():
        return _account_screen(request, form, AccountForm(about=[]))
    return _about_screen(request, form)


@sensitive_post_parameters()
@sensitive_variables()
def make_account(request: HttpRequest) -> HttpResponse:
    """Screen two. Its answer is screen three; a reload of that leads to making a new code."""
    here = here_in(request)
    if here and here.is_open:
        return redirect("people:code")
    if request.method != "POST":
        return redirect("people:sign_up")
    you = AboutYouForm(request.POST)
    if not you.is_valid():
        return _about_screen(request, you)
    account = AccountForm(request.POST, about=list(_said(you).values()))
    code = _signed_up(request, you, account) if account.is_valid() else None
    if code is None:
        return _account_screen(request, you, account)
    return _code_screen(request, code)


@sensitive_variables()
def _signed_up(request: HttpRequest, you: AboutYouForm, account: AccountForm) -> str | None:
    """The recovery code of the new account; nothing, and an error in the form, if it failed."""
    new = actions.NewPerson(**_said(you), **account.cleaned_data)
    try:
        person, pair, code = actions.sign_up(new, address=address_of(request), now=timezone.now())
    except actions.LoginTaken:
        account.add_error("login", gettext("That user name is taken in this house. Try another."))
        return None
    except NotNow as why:
        account.add_error(None, please_wait(why))
        return None
    enter(request, person, pair)
    return code


def _said(you: AboutYouForm) -> dict[str, str]:
    return {key: you.cleaned_data[key] for key in ("name", "pronouns")}


def _about_screen(request: HttpRequest, form: AboutYouForm) -> HttpResponse:
    letters = request.POST.get("letters", "")
    return page(request, "people/sign_up.html", form=form, letters=letters)


def _account_screen(request: HttpRequest, you: AboutYouForm, account: AccountForm) -> HttpResponse:
    letters = request.POST.get("letters", "")
    return page(request, "people/make_account.html", you=you, form=account, letters=letters)


def _code_screen(request: HttpRequest, code: str) -> HttpResponse:
    here = here_in(request)
    screen = code_screen(request, code, then=reverse("listening:drill"), is_first=True)
    return with_cookie(screen, here) if here else screen
