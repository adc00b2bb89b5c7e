"""The recovery code: shown, typed back in part, and made anew.

The house keeps no code. Between the page that shows it and the page that asks for two of its
groups it travels in a hidden field, and is tried on the lock itself before it counts as kept.
"""

from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from nearer.people import actions
from nearer.people.access import PersonRequest, for_person, safe_next
from nearer.people.forms import CodeCheckForm, UnlockForm
from nearer.people.rules import CODE_GROUPS, groups_of
from nearer.people.views.entrance import onwards, proved
from nearer.people.views.page import page


def code_screen(
    request: HttpRequest, code: str, *, then: str, is_first: bool = False
) -> HttpResponse:
    return page(
        request,
        "people/code.html",
        code=code,
        groups=groups_of(code),
        then=then,
        is_first=is_first,
        letters=request.POST.get("letters", ""),
    )


@sensitive_post_parameters()
@sensitive_variables()
@for_person
def keep_code(request: PersonRequest) -> HttpResponse:
    """Ask for two groups from the paper, or show the code once more, or note that it is kept.

    A tab that was closed here comes back without the code: then only a new one can be made.
    """
    if request.method != "POST":
        return redirect("people:code")
    code, is_first = request.POST.get("code", ""), "is_first" in request.POST
    if "show" in request.POST:
        return code_screen(request, code, then=safe_next(request), is_first=is_first)
    if "first" not in request.POST:
        asked = _two_groups()
        return _check_screen(
            request, CodeCheckForm(initial={"code": code, "asked": asked}, asked=asked)
        )
    form = CodeCheckForm(request.POST, asked=request.POST.get("asked", ""))
    if not form.is_valid():
        return _check_screen(request, form)
    try:
        actions.keep_code(request.person, code)
    except actions.WrongCode:
        return redirect("people:code")
    return onwards(request)


@sensitive_post_parameters()
@sensitive_variables()
@for_person
def code(request: PersonRequest) -> HttpResponse:
    """A new code for whoever knows the passphrase; the old one opens nothing any more."""
    form = UnlockForm(request.POST or None)
    pair = proved(request, request.person, form, "passphrase") if form.is_valid() else None
    if pair:
        new = actions.renew_code(request.person, pair)
        return code_screen(request, new, then=reverse("web:me"))
    is_kept = request.person.has_kept_code
    return page(request, "people/new_code.html", form=form, is_kept=is_kept, tab="me")


def _check_screen(request: PersonRequest, form: CodeCheckForm) -> HttpResponse:
    return page(
        request,
        "people/code_check.html",
        form=form,
        then=safe_next(request),
        is_first="is_first" in request.POST,
        letters=request.POST.get("letters", ""),
    )


def _two_groups() -> str:
    numbers = secrets.SystemRandom().sample(range(1, CODE_GROUPS + 1), 2)
    return ",".join(str(number) for number in sorted(numbers))
