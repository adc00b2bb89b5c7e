"""What the shell itself needs: readiness, the app's manifest, offline, certificates."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from nearer.people.access import here_in
from nearer.web.certificate import fingerprint

_SHOWS_A_CODE = ("people:make_account", "people:recover", "people:keep_code")


@require_GET
def ready(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ready", content_type="text/plain")


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "offline.html")


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    return render(request, "web/manifest.webmanifest", content_type="application/manifest+json")


@require_GET
def worker(_request: HttpRequest) -> HttpResponse:
    """The service worker has to be served from the root, to be allowed to answer for it."""
    path = finders.find("web/sw.js")
    if path is None:
        raise Http404
    script = Path(path).read_text(encoding="utf-8")
    response = HttpResponse(script, content_type="text/javascript")
    response.headers["Service-Worker-Allowed"] = "/"
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_GET
def trust(request: HttpRequest) -> HttpResponse:
    path = _authority()
    found = x509.load_pem_x509_certificate(path.read_bytes()) if path.exists() else None
    shown = fingerprint(found) if found else ""
    return render(request, "web/trust.html", {"fingerprint": shown})


@require_GET
def authority(_request: HttpRequest) -> HttpResponse:
    """The house's own certificate authority, for phones that want to trust it.

    Inline, because as an attachment iOS puts it among the files instead of offering to install it.
    """
    path = _authority()
    if not path.exists():
        raise Http404
    response = HttpResponse(path.read_bytes(), content_type="application/x-x509-ca-cert")
    response.headers["Content-Disposition"] = 'inline; filename="nearer-house.crt"'
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """Our mistake; the page still knows how to leave fast, so it needs its request."""
    return render(request, "500.html", status=500)


def _authority() -> Path:
    return Path(settings.DATA_FOLDER) / "certificates" / "authority.crt"


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from before a sign-in, or with cookies switched off.

    A recovery code is shown as the answer to such a form, so loading that page anew ends here too.
    """
    del reason
    here = here_in(request)
    if here and here.is_open and request.path in map(reverse, _SHOWS_A_CODE):
        return redirect("people:code")
    return render(request, "403.html", status=403)
