"""What every page of the shell can say."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from nearer.people.access import here_in

_LOOPBACK = ("localhost", "127.0.0.1")


def shell(request: HttpRequest) -> dict[str, object]:
    """Also for pages that refuse a foreign host name, so nothing here may ask for a right one."""
    here = here_in(request)
    return {
        "quick_exit_to": settings.QUICK_EXIT_TO,
        "neutral": bool(here and here.person and here.person.is_discreet),
        "is_loopback": request.META.get("HTTP_HOST", "").partition(":")[0] in _LOOPBACK,
        "is_signed_in": bool(here and here.is_open),
        "is_handed_over": bool(here and here.door),
    }
