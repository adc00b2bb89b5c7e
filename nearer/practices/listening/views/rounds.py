"""The live pages: one address per session, for whoever may be at it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from nearer.people.access import DoorRequest, PersonRequest, at_the_door, for_person
from nearer.people.devices import Here
from nearer.practices.listening.actions.leaving import erase_guest, keep_guest
from nearer.practices.listening.actions.rounds import (
    Brought,
    make_move,
    save_draft,
    set_aside,
)
from nearer.practices.listening.forms import DraftForm, LookForm, MoveForm
from nearer.practices.listening.prompts import feedback_on, one_of, words
from nearer.practices.listening.queries.ending import ending_of, has_sent
from nearer.practices.listening.queries.own import habit_of, wants_feedback
from nearer.practices.listening.queries.rounds import Seen, draft_of, seen_at, turn_now
from nearer.practices.listening.queries.waiting import is_invitation
from nearer.practices.listening.rules import Mode, Move, OutOfTurn, Step, has_waited_long
from nearer.stage.actions import Late
from nearer.stage.queries import Place, clock_of, place_at

ROOM = "listening"


@require_GET
@at_the_door
def page(request: DoorRequest, round_id: UUID) -> HttpResponse:
    place = place_at(request.here, round_id, room=ROOM)
    if place.is_elsewhere:
        return render(request, "listening/one_phone.html", {"seen": seen_at(place)})
    return render(request, "listening/round.html", _scene(request, place))


@require_GET
@at_the_door
def stage(request: DoorRequest, round_id: UUID) -> HttpResponse:
    return _stage(request, _place(request, round_id))


@require_POST
@at_the_door
def move(request: DoorRequest, round_id: UUID) -> HttpResponse:
    place = _place(request, round_id)
    form = MoveForm(request.POST, seen=seen_at(place))
    if not form.is_valid():
        return _stage(request, place, form=form, status=422)
    try:
        make_move(
            place,
            form.move(),
            seat=form.seat(),
            moment=form.cleaned_data["moment"],
            brought=form.brought(),
            now=timezone.now(),
        )
    except (Late, OutOfTurn):
        return _stage(request, _place(request, round_id), late=form, status=409)
    if not request.headers.get("HX-Request"):
        return redirect("listening:round", round_id)
    return _stage(request, _place(request, round_id))


@require_POST
@at_the_door
def feedback(request: DoorRequest, round_id: UUID) -> HttpResponse:
    """Only for the one who writes; what is written so far is kept as a private draft."""
    place = _place(request, round_id)
    form = LookForm(request.POST)
    if not form.is_valid():
        return render(request, "listening/_too_long.html", {"form": form}, status=422)
    seen, text = seen_at(place), form.cleaned_data["words"]
    save_draft(place, text, seat=seen.seat, moment=seen.moment)
    looked = _looked_over(seen, text)
    if request.headers.get("HX-Request"):
        return render(request, "listening/_feedback.html", looked)
    context = _scene(request, place) | looked | {"has_looked": True}
    context["form"] = MoveForm(seen=seen, words_before=text)
    return render(request, "listening/round.html", context)


@require_POST
@at_the_door
def draft(request: DoorRequest, round_id: UUID) -> HttpResponse:
    """Pages send what stands in their field every moment, so that no reload or lock loses it."""
    place = _place(request, round_id)
    form = DraftForm(request.POST, seen=seen_at(place))
    if not form.is_valid():
        return HttpResponse(status=422)
    given = form.cleaned_data
    save_draft(place, given["words"], seat=given["by"], moment=given["moment"])
    return HttpResponse(status=204)


@at_the_door
def leave(request: DoorRequest, round_id: UUID) -> HttpResponse:
    """Come back later, or end it here: both without a reason. What is over is simply left."""
    place = _place(request, round_id)
    seen = seen_at(place)
    if request.method == "POST":
        wanted = Move.END if request.POST.get("how") == "end" else Move.PAUSE
        _move_if_possible(place, wanted)
        goes_home = place.own is not None or wanted is Move.PAUSE
        return redirect("web:today") if goes_home else redirect("listening:round", round_id)
    if not seen.round.is_over:
        context = {"seen": seen, "has_sent": has_sent(seen)}
        return render(request, "listening/leave.html", context)
    if place.is_guest:
        return redirect("listening:round", round_id)
    return redirect("people:unlock" if place.is_handed_over else "web:today")


@require_POST
@for_person
def not_now(request: PersonRequest, round_id: UUID) -> HttpResponse:
    """Put an invitation aside on one's own Today; whoever invites sees what silence would show."""
    place = place_at(request.here, round_id, room=ROOM)
    if not is_invitation(place.sitting.listening, request.person):
        raise Http404
    set_aside(place.sitting.listening, request.person.id)
    return redirect("web:today")


@require_POST
@at_the_door
def keep(request: DoorRequest, round_id: UUID) -> HttpResponse:
    """A guest leaves own words in the bond."""
    seen = _as_guest(request, round_id)
    keep_guest(seen.place)
    return render(request, "listening/guest_over.html", {"seen": seen, "is_kept": True})


@require_POST
@at_the_door
def erase(request: DoorRequest, round_id: UUID) -> HttpResponse:
    """A guest takes own words out again."""
    seen = _as_guest(request, round_id)
    erase_guest(seen.place.sitting)
    return render(request, "listening/guest_over.html", {"seen": seen, "is_kept": False})


def _as_guest(request: DoorRequest, round_id: UUID) -> Seen:
    """Only the guest, on an own phone or on the one that is passed, decides; and only at the end.

    Raises:
        Http404: for anybody else, or earlier.
    """
    seen = seen_at(place_at(request.here, round_id, room=ROOM))
    if not seen.may_decide:
        raise Http404
    return seen


def _place(request: DoorRequest, round_id: UUID) -> Place:
    """This phone's place, where the session can go on at it."""
    place = place_at(request.here, round_id, room=ROOM)
    if place.is_elsewhere:
        raise Http404
    return place


def _move_if_possible(place: Place, wanted: Move) -> None:
    """Leaving never fails: if the other ended it a moment ago, it is over."""
    seen = seen_at(place)
    with suppress(Late, OutOfTurn):
        make_move(
            place,
            wanted,
            seat=seen.seat,
            moment=seen.moment,
            brought=Brought(),
            now=timezone.now(),
        )


def _stage(
    request: DoorRequest,
    place: Place,
    *,
    form: MoveForm | None = None,
    late: MoveForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = _scene(request, place, form=form, late=late)
    return render(request, "listening/_stage_and_turn.html", context, status=status)


def _scene(
    request: DoorRequest,
    place: Place,
    *,
    form: MoveForm | None = None,
    late: MoveForm | None = None,
) -> dict[str, Any]:
    """All that the page of this step shows to this seat."""
    seen = seen_at(place)
    is_own = request.here.keyring is not None and seen.seat == place.own
    pair = request.here.keyring.pair if request.here.keyring and is_own else None
    now = timezone.now()
    clock = clock_of(place.sitting)
    return {
        "seen": seen,
        "turn": turn_now(seen) if seen.shows_turn else None,
        "form": form or MoveForm(seen=seen, words_before=draft_of(seen, pair)),
        "late": late,
        "late_words": late.cleaned_data.get("words", "") if late else "",
        "lines": _lines(seen),
        "elapsed": int(clock.before.total_seconds()),
        "started_ms": None if clock.stopped_at else int(clock.started_at.timestamp() * 1000),
        "now_ms": int(now.timestamp() * 1000),
        **_waiting(seen, clock.elapsed(now)),
        **({"ending": ending_of(seen, pair)} if seen.round.is_over else {}),
        **(_plan(request.here) if seen.listens_soon else {}),
        **({"wants_feedback": wants_feedback(seen.seat)} if seen.screen == Step.REFLECT else {}),
    }


def _waiting(seen: Seen, elapsed: timedelta) -> dict[str, bool]:
    """Whether somebody who waits for the other is offered to stop."""
    waits = seen.screen in ("waiting", "quiet") or (seen.screen == "change" and not seen.is_my_move)
    is_long = waits and has_waited_long(seen.round, elapsed, seen.minutes)
    return {"is_long": is_long, "has_sent": is_long and has_sent(seen)}


def _plan(here: Here) -> dict[str, str]:
    """The own plan against drifting, on an own, unlocked phone; nothing private on another."""
    if here.person is None or here.keyring is None:
        return {}
    drift, plan, _wants = habit_of(here.person, here.keyring)
    return {"drift": drift, "plan": plan}


def _looked_over(seen: Seen, text: str) -> dict[str, Any]:
    """What the house has to say about these words, if their writer wants to hear it."""
    turn, wants = turn_now(seen), wants_feedback(seen.seat)
    said = turn.said if turn else ""
    found = feedback_on(text, said or None) if wants and text.strip() else None
    return {
        "text": text,
        "feedback": found,
        "wants_feedback": wants,
        "is_writing": seen.round.mode is Mode.IN_WRITING,
    }


def _lines(seen: Seen) -> dict[str, Any]:
    """This step's sentences, with the other's name in them."""
    found = words()
    name, key, mode = seen.other.name, f"{seen.row.pk}{seen.round.turn}", seen.round.mode
    quiet = one_of(found["listener"][mode.value], key)
    speaker = one_of(found["speaker"], key)
    return {
        "settle": [line.format(name=name) for line in found["settle"][mode.value]],
        "quiet_title": quiet["title"].format(name=name),
        "quiet_line": quiet["line"].format(name=name),
        "speak_title": speaker["title"].format(name=name),
        "speak_line": speaker["line"].format(name=name),
        "reflect": one_of(found["reflect"]["help"], f"{key}{seen.round.tries}").format(name=name),
        "notice": one_of(found["noticed"]["hints"], key).format(name=name),
        "close": one_of(found["close"]["questions"], key).format(name=name),
        "is_writing": mode is Mode.IN_WRITING,
    }
