"""Practice alone: somebody says something, you answer, and see privately what it does."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from nearer.people.access import PersonRequest, for_person
from nearer.people.queries import opened_bonds
from nearer.practices.listening.actions.own import keep_try, remove_try
from nearer.practices.listening.forms import ReplyForm
from nearer.practices.listening.prompts import feedback_on
from nearer.practices.listening.queries.own import next_scene, scene_of
from nearer.practices.listening.queries.tries import tries_of


@for_person
def next_one(request: PersonRequest) -> HttpResponse:
    bonds = opened_bonds(request.person, request.keyring)
    kind = bonds[0].kind.value if bonds else None
    return redirect("listening:scene", next_scene(request.person, kind).id)


@for_person
def scene(request: PersonRequest, scene_id: str) -> HttpResponse:
    found = scene_of(scene_id)
    form = ReplyForm(request.POST or None)
    context: dict[str, object] = {"scene": found, "form": form, "tab": "practise"}
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        keep_try(request.person, request.keyring, scene=found.id, words=words, now=timezone.now())
        context["text"] = words
        context["feedback"] = feedback_on(words, found.message)
    status = 422 if form.errors else 200
    partial = request.headers.get("HX-Request") == "true"
    template = "listening/_drill.html" if partial else "listening/drill.html"
    return render(request, template, context, status=status)


@require_GET
@for_person
def tries(request: PersonRequest, scene_id: str = "") -> HttpResponse:
    """What somebody answered alone, for them alone; all scenes or one."""
    before = request.GET.get("before", "")
    page = tries_of(request.person, request.keyring, scene=scene_id, before=before)
    context = {"page": page, "scene_id": scene_id, "tab": "practise"}
    return render(request, "listening/tries.html", context)


@require_POST
@for_person
def remove(request: PersonRequest, try_id: UUID) -> HttpResponse:
    if not remove_try(request.person, try_id):
        raise Http404
    return redirect("listening:tries")
