"""After a session: its page, the picture over time, and the version on paper."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nearer.people.access import PersonRequest, bond_in, for_person
from nearer.people.queries import opened_bond, opened_bonds
from nearer.practices.listening.actions.leaving import remove_line, take_back_one
from nearer.practices.listening.actions.rounds import hide_felt, record_paper, share_felt
from nearer.practices.listening.forms import PaperForm, TakeBackForm
from nearer.practices.listening.prompts import felt_labels
from nearer.practices.listening.queries.own import ratings_of
from nearer.practices.listening.queries.rounds import line_of, seen_at, turns_of
from nearer.practices.listening.rules import felt_over_time
from nearer.stage.queries import place_at

ROOM = "listening"


@require_GET
@for_person
def session(request: PersonRequest, round_id: UUID) -> HttpResponse:
    place = place_at(request.here, round_id, room=ROOM)
    seen = seen_at(place)
    if not seen.round.is_over:
        return redirect("listening:round", round_id)
    pair = request.keyring.pair if place.own else None
    context = {
        "seen": seen,
        "turns": turns_of(seen, pair),
        "line": line_of(seen, pair),
        "tab": "us",
    }
    return render(request, "listening/session.html", context)


@require_POST
@for_person
def share(request: PersonRequest, round_id: UUID, turn_id: UUID) -> HttpResponse:
    """Show an own rating to the one who listened, or hide it again."""
    place = place_at(request.here, round_id, room=ROOM)
    turns = turns_of(seen_at(place), request.keyring.pair)
    mine = [
        turn for turn in turns if turn.row.id == turn_id and turn.speaker.id == request.person.id
    ]
    if not mine or mine[0].felt is None:
        raise Http404
    if "hide" in request.POST:
        hide_felt(mine[0].row)
    else:
        share_felt(place, mine[0].row, mine[0].felt)
    return redirect("listening:session", round_id)


@require_POST
@for_person
def take_back(request: PersonRequest, round_id: UUID) -> HttpResponse:
    """One written thing of one's own; the other's words are nobody's to take but the other's."""
    place = place_at(request.here, round_id, room=ROOM)
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        raise Http404
    column, row_id = form.cleaned_data["column"], form.cleaned_data["row"]
    is_gone = remove_line(place) if column == "line" else take_back_one(place, column, row_id)
    if not is_gone:
        raise Http404
    return redirect("listening:session", round_id)


@require_GET
@for_person
def picture(request: PersonRequest, space_id: UUID) -> HttpResponse:
    """«Felt understood» over time in one bond: own ratings only."""
    bond = opened_bond(bond_in(request, space_id).space, request.person, request.keyring)
    ratings = ratings_of(request.person, request.keyring, bond.space)
    trend = felt_over_time([(rating.at, rating.felt.understood) for rating in ratings])
    label = felt_labels(bond.other_name)["understood"]
    context = {"trend": trend, "bond": bond, "label": label}
    return render(request, "listening/_picture.html", context)


@require_GET
@for_person
def paper(request: PersonRequest) -> HttpResponse:
    bonds = opened_bonds(request.person, request.keyring)
    labels = felt_labels(_("the other")).values()
    return render(request, "listening/paper.html", {"bonds": bonds, "labels": labels})


@for_person
def paper_result(request: PersonRequest, space_id: UUID) -> HttpResponse:
    bond = opened_bond(bond_in(request, space_id).space, request.person, request.keyring)
    if not bond.is_open:
        return redirect("people:bond", space_id)
    form = PaperForm(request.POST or None, name=bond.other_name)
    if request.method == "POST" and form.is_valid():
        row = record_paper(bond, request.keyring, form.paper(), now=timezone.now())
        return redirect("listening:session", row.pk)
    context = {"bond": bond, "form": form, "tab": "practise"}
    return render(request, "listening/paper_result.html", context)
