"""Going: one's own export, leaving a bond, deleting the account."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from nearer.people.access import PersonRequest, bond_in, for_person
from nearer.people.devices import forget_browser
from nearer.people.forms import UnlockForm
from nearer.people.queries import opened_bond, opened_bonds
from nearer.people.views.entrance import proved
from nearer.web.leaving import delete_everything, export_of, leave_and_take_back


@sensitive_post_parameters()
@sensitive_variables()
@for_person
def export(request: PersonRequest) -> HttpResponse:
    """Own entries as JSON and as a page to read, in one zip.

    For the passphrase: a phone that was left unlocked would give all of them away with one tap.
    """
    form = UnlockForm(request.POST or None)
    if not (form.is_valid() and proved(request, request.person, form, "passphrase")):
        return render(request, "web/take_along.html", {"form": form, "tab": "me"})
    response = HttpResponse(
        export_of(request.person, request.keyring, now=timezone.now()),
        content_type="application/zip",
    )
    response.headers["Content-Disposition"] = 'attachment; filename="nearer-my-words.zip"'
    return response


@for_person
def leave_bond(request: PersonRequest, space_id: UUID) -> HttpResponse:
    member = bond_in(request, space_id)
    if request.method == "POST":
        leave_and_take_back(member.space, request.person, now=timezone.now())
        return redirect("web:us")
    bond = opened_bond(member.space, request.person, request.keyring)
    return render(request, "web/leave_bond.html", {"bond": bond, "tab": "us"})


@sensitive_post_parameters()
@sensitive_variables()
@for_person
def delete_account(request: PersonRequest) -> HttpResponse:
    form = UnlockForm(request.POST or None)
    if form.is_valid() and proved(request, request.person, form, "passphrase"):
        delete_everything(request.person, now=timezone.now())
        response = render(request, "web/deleted.html")
        forget_browser(response)
        return response
    bonds = opened_bonds(request.person, request.keyring)
    return render(request, "web/delete_account.html", {"bonds": bonds, "form": form, "tab": "me"})
