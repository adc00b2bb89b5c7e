"""Headers that keep a page out of caches, other sites and other people's hands."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]


def quiet_headers(get_response: Answer) -> Answer:
    """Nothing but the static shell may be kept by a browser."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    return middleware
