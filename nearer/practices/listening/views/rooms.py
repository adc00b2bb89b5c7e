"""Before a session: the room, beginning, one's own habit, a link for a guest."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import segno
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from nearer.people.access import PersonRequest, bond_in, for_person
from nearer.people.bonds import guest_link as make_guest_link
from nearer.people.bonds import had_guest_link
from nearer.people.devices import hand_over
from nearer.people.models import Guest
from nearer.people.queries import Bond, opened_bond, opened_bonds
from nearer.practices.listening.about import PRACTICE
from nearer.practices.listening.actions.own import set_habit
from nearer.practices.listening.actions.rounds import begin as begin_round
from nearer.practices.listening.actions.rounds import end
from nearer.practices.listening.forms import HabitForm, OpeningForm
from nearer.practices.listening.prompts import words
from nearer.practices.listening.queries.own import habit_of
from nearer.practices.listening.queries.rounds import (
    door_of,
    is_topic_taken_back,
    past_in,
    topic_of,
)
from nearer.practices.listening.queries.waiting import Waiting, waiting_rounds
from nearer.stage.queries import place_at
from nearer.stage.rules import Phones

GUEST_LINK_LASTS = timedelta(hours=12)


@for_person
def home(request: PersonRequest) -> HttpResponse:
    bonds = opened_bonds(request.person, request.keyring)
    context = _past(request, bonds) | {
        "practice": PRACTICE,
        "bonds": [bond for bond in bonds if bond.is_open],
        "open_rounds": waiting_rounds(bonds, request.person),
        "tab": "practise",
    }
    return render(request, "listening/home.html", context)


@require_GET
@for_person
def older(request: PersonRequest, round_id: UUID) -> HttpResponse:
    """Finished rounds before that one."""
    bonds = opened_bonds(request.person, request.keyring)
    context = _past(request, bonds, before=round_id) | {"tab": "practise"}
    return render(request, "listening/older.html", context)


def _past(
    request: PersonRequest, bonds: list[Bond], *, before: UUID | None = None
) -> dict[str, Any]:
    """A page of finished rounds, with what each was about."""
    titles = {bond.id: bond.title for bond in bonds}
    found = past_in([bond.space for bond in bonds], request.person, before=before)
    past = [
        {
            "row": row,
            "title": titles[row.sitting.space_id],
            "topic": topic_of(row, request.keyring),
            "is_topic_taken_back": is_topic_taken_back(row),
        }
        for row in found.rows
    ]
    return {"past": past, "older": found.older}


@for_person
def begin(request: PersonRequest, space_id: UUID) -> HttpResponse:
    bond = opened_bond(bond_in(request, space_id).space, request.person, request.keyring)
    waiting = waiting_rounds([bond], request.person)
    if waiting:
        return _begin_another(request, bond, waiting[0])
    if not bond.is_open:
        return redirect("people:bond", space_id)
    form = OpeningForm(request.POST or None, me=bond.me.name, other=bond.other_name)
    if request.method == "POST" and form.is_valid():
        opening = form.opening()
        row, key = begin_round(bond, request.keyring, opening, now=timezone.now())
        if opening.phones is Phones.ONE:
            hand_over(request.here, door=door_of(row.pk), key=key)
        elif bond.other is None:
            return redirect("listening:guest_link", row.pk)
        return redirect("listening:round", row.pk)
    topics = words()["topics"][bond.kind.value]
    context = {"bond": bond, "form": form, "topics": topics, "tab": "practise"}
    return render(request, "listening/begin.html", context)


def _begin_another(request: PersonRequest, bond: Bond, waiting: Waiting) -> HttpResponse:
    """One is open: go on with it, or end it and begin a new one."""
    if request.method == "POST" and request.POST.get("ends") == str(waiting.id):
        end(place_at(request.here, waiting.id, room=PRACTICE.slug), now=timezone.now())
        return redirect("listening:begin", bond.id)
    context = {"bond": bond, "waiting": waiting, "tab": "practise"}
    return render(request, "listening/begin_open.html", context)


@for_person
def guest_link(request: PersonRequest, round_id: UUID) -> HttpResponse:
    """A link to this one round for somebody without an account; a new one ends the old."""
    place = place_at(request.here, round_id, room=PRACTICE.slug)
    guest = get_object_or_404(Guest, pk=place.sitting.second_seat)
    if place.sitting.ended_at:
        raise Http404
    if request.method != "POST":
        context = {"round_id": round_id, "had_link": had_guest_link(guest)}
        return render(request, "listening/guest_link.html", context)
    link = make_guest_link(guest, place.key, expires_at=timezone.now() + GUEST_LINK_LASTS)
    path = reverse("people:guest", args=[guest.id])
    address = f"{request.build_absolute_uri(path)}#{link.letters}"
    qr = segno.make(address).svg_inline(omitsize=True, svgclass=None, lineclass=None)
    context = {"address": address, "qr": qr, "round_id": round_id}
    return render(request, "listening/guest_link.html", context)


@require_POST
@for_person
def take_up(request: PersonRequest, round_id: UUID) -> HttpResponse:
    """Go on with a session on one phone: from here on this phone is for that alone."""
    place = place_at(request.here, round_id, room=PRACTICE.slug)
    if not place.is_elsewhere or place.own != place.sitting.first_seat:
        raise Http404
    hand_over(request.here, door=door_of(round_id), key=place.key)
    return redirect("listening:round", round_id)


@for_person
def habit(request: PersonRequest) -> HttpResponse:
    drift, plan, wants_feedback = habit_of(request.person, request.keyring)
    initial = {"drift": drift, "plan": plan, "wants_feedback": wants_feedback}
    form = HabitForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        set_habit(request.person, request.keyring, **form.cleaned_data)
        return redirect("listening:home")
    context = {"form": form, "common": words()["drift"], "tab": "practise"}
    return render(request, "listening/habit.html", context)
