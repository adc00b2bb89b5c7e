"""Who may come in: the only place where a request turns into a person, a guest or nobody.

Views of rooms use three helpers: :func:`for_person` (an unlocked person at an own phone),
:func:`at_the_door` (whoever may be at this one live address: a person, a phone that was handed
over, a guest) and :func:`bond_in` (a bond of this person, 404 for anybody else).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme

from nearer.people.devices import Here, here_of, note_seen
from nearer.people.models import Membership, Person
from nearer.vault.keyring import Keyring

P = ParamSpec("P")

_log = logging.getLogger("nearer")


class PersonRequest(HttpRequest):
    """A request behind :func:`for_person`."""

    here: Here
    person: Person
    keyring: Keyring


class DoorRequest(HttpRequest):
    """A request behind :func:`at_the_door`."""

    here: Here


Answer = Callable[[HttpRequest], HttpResponse]
PersonView = Callable[Concatenate[PersonRequest, P], HttpResponse]
DoorView = Callable[Concatenate[DoorRequest, P], HttpResponse]
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def here_middleware(get_response: Answer) -> Answer:
    """Say who is here, in that person's language and time zone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        cookie, now = request.COOKIES.get(settings.DEVICE_COOKIE), timezone.now()
        here = here_of(cookie, now=now) if cookie else None
        come_in(request, here)
        if here and not _is_by_itself(request):
            note_seen(here.device, now)
        if here is None or here.person is None:
            return _noted(get_response(request), here)
        with timezone.override(here.person.time_zone), translation.override(here.person.language):
            return _noted(get_response(request), here)

    return middleware


def log_refusal(what: str, here: Here | None) -> None:
    """For whoever runs the house: that something was refused, and in which browser, not to whom."""
    _log.warning("%s was refused, device %s", what, here.device.id if here else "unknown")


def come_in(request: HttpRequest, here: Here | None) -> None:
    """From here on this request is made by ``here``; also right after a sign-in."""
    request.here = here  # type: ignore[attr-defined]


def here_in(request: HttpRequest) -> Here | None:
    return cast("Here | None", getattr(request, "here", None))


def for_person(view: PersonView[P]) -> View[P]:
    """Only for somebody signed in, unlocked, and holding the own phone."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        here = here_in(request)
        if here is None or here.keyring is None or here.person is None or here.door:
            return _to_the_entrance(request, here)
        known = cast("PersonRequest", request)
        known.person, known.keyring = here.person, here.keyring
        return view(known, *args, **kwargs)

    return guarded


def at_the_door(view: DoorView[P]) -> View[P]:
    """For a person, or for a phone or guest whose one door this address is."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        here = here_in(request)
        behind_own_door = bool(here and here.door and request.path.startswith(here.door))
        if here is None or not (here.is_open or (behind_own_door and here.pass_key)):
            return _to_the_entrance(request, here)
        return view(cast("DoorRequest", request), *args, **kwargs)

    return guarded


def bond_in(request: PersonRequest, space_id: UUID) -> Membership:
    """This person's membership in that bond; for anybody else the bond does not exist."""
    rows = Membership.objects.select_related("space").filter(left_at=None)
    member = rows.filter(person=request.person, space_id=space_id).first()
    if member is None or not member.space.is_bond or not request.keyring.holds(space_id):
        raise Http404
    return member


def safe_next(request: HttpRequest) -> str:
    """Where to go on after unlocking; only ever inside this house."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    fits = url_has_allowed_host_and_scheme(
        target, allowed_hosts=None, require_https=request.is_secure()
    )
    return target if fits and target.startswith("/") else reverse("web:today")


def _noted(response: HttpResponse, here: Here | None) -> HttpResponse:
    if response.status_code in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND):
        log_refusal("a page", here)
    return response


def _is_by_itself(request: HttpRequest) -> bool:
    """A page that asks again by itself, as live pages do, is no sign of somebody sitting there."""
    return request.method == "GET" and request.headers.get("HX-Request") == "true"


def _to_the_entrance(request: HttpRequest, here: Here | None) -> HttpResponse:
    """To sign in or unlock, and back afterwards; a page in parts is told to load itself anew."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=401)
    if here and here.guest:
        return HttpResponseRedirect(here.door if here.pass_key else reverse("people:round_over"))
    address = reverse("people:unlock" if here else "people:sign_in")
    if request.method == "GET":
        address += f"?{urlencode({'next': request.get_full_path()})}"
    return HttpResponseRedirect(address)
