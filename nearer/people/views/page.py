"""How the pages of this room are put together."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from nearer.people.access import here_in
from nearer.people.queries import own_name


def page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page that knows whose it is, so that its «Leave fast» locks as well as leads away."""
    here = here_in(request)
    if here and here.person and here.keyring:
        context["person"] = own_name(here.person, here.keyring)
    return render(request, template, context, status=status)
