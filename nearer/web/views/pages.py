"""Today, Practise, Us, Learn, Me, and the page about staying safe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from tomllib import loads
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nearer.catalogue import PRACTICES
from nearer.diary.models import Entry
from nearer.diary.queries import entries_in
from nearer.people.access import PersonRequest, for_person, here_in
from nearer.people.queries import Bond, opened_bonds, own_name
from nearer.practices.listening.actions.leaving import erase_undecided_once
from nearer.practices.listening.queries.done import Done, Known, done_at
from nearer.practices.listening.queries.waiting import waiting_rounds


@cache
def _content(name: str) -> dict[str, Any]:
    return loads(files("nearer.web.content").joinpath(f"{name}.en.toml").read_text("utf-8"))


_SHOWN = 8
"""Lines about things done, on the page about the two; all rounds are in their room."""
_READ = 80
"""Entries that are read for them: somebody may try one scene many times."""


@dataclass(slots=True)
class Line:
    """Something done; all tries at one scene on one day are one line."""

    entry: Entry
    name: str
    """With whom, if not alone."""
    done: Done | None
    """None once its words are gone."""
    times: int = 0


def frame(request: PersonRequest, tab: str) -> dict[str, Any]:
    """What each page of the signed-in shell shows around its content."""
    bonds = opened_bonds(request.person, request.keyring)
    return {
        "person": own_name(request.person, request.keyring),
        "bonds": bonds,
        "bond": next((bond for bond in bonds if bond.is_open), None),
        "has_kept_code": request.person.has_kept_code,
        "tab": tab,
    }


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """The front door: a welcome for strangers, one small thing for those who live here."""
    if here_in(request) is None:
        return render(request, "web/welcome.html")
    return _today(request)


@for_person
def _today(request: PersonRequest) -> HttpResponse:
    erase_undecided_once(timezone.now().replace(minute=0, second=0, microsecond=0))
    context = frame(request, "today")
    open_bonds = [bond for bond in context["bonds"] if bond.is_open]
    waiting = waiting_rounds(open_bonds, request.person)
    context |= {
        "greeting": _greeting(timezone.localtime()),
        "open_rounds": [each for each in waiting if not each.is_set_aside],
        "listen_with": open_bonds,
    }
    return render(request, "web/today.html", context)


@require_GET
@for_person
def practise(request: PersonRequest) -> HttpResponse:
    return render(
        request, "web/practise.html", frame(request, "practise") | {"practices": PRACTICES}
    )


@require_GET
@for_person
def us(request: PersonRequest) -> HttpResponse:
    context = frame(request, "us")
    bonds: list[Bond] = context["bonds"]
    titles = {bond.id: bond.other_name for bond in bonds}
    spaces = [*titles, request.person.private_space_id]
    entries = list(entries_in(spaces, request.person)[:_READ])
    known = done_at(request.person, spaces, {entry.at for entry in entries})
    context["done"] = _lines(entries, titles, known)[:_SHOWN]
    return render(request, "web/us.html", context)


@require_GET
@for_person
def learn(request: PersonRequest) -> HttpResponse:
    return render(request, "web/learn.html", frame(request, "learn") | {"learn": _content("learn")})


@require_GET
@for_person
def me(request: PersonRequest) -> HttpResponse:
    context = frame(request, "me") | {"has_languages": len(settings.LANGUAGES) > 1}
    return render(request, "web/me.html", context)


@require_GET
def safety(request: HttpRequest) -> HttpResponse:
    """Readable without signing in, and without leaving a trace of who read it."""
    return render(request, "web/safety.html", {"safety": _content("safety")})


def _lines(entries: list[Entry], titles: dict[UUID, str], known: Known) -> list[Line]:
    found: dict[tuple[object, ...], Line] = {}
    for entry in entries:
        done = known.get((entry.space_id, entry.at))
        alone = (timezone.localdate(entry.at), done.address if done else "")
        key = (entry.what, *(alone if entry.what == "drill" else (entry.pk,)))
        line = found.setdefault(key, Line(entry, titles.get(entry.space_id, ""), done))
        line.times += 1
    return list(found.values())


def _greeting(now: datetime) -> str:
    if now.hour < 5 or now.hour >= 18:
        return _("Good evening")
    return _("Good morning") if now.hour < 12 else _("Good afternoon")
