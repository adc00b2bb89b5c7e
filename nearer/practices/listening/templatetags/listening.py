"""Showing a reply with the words that a remark rests on."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from nearer.cues import Span
from nearer.practices.listening.prompts import Scene, scenes
from nearer.practices.listening.rules import Felt

register = template.Library()


@register.simple_tag
def marked(text: str, spans: Iterable[Span]) -> SafeString:
    """The text, escaped, with each span in a <mark>."""
    pieces: list[str] = []
    end = 0
    for span in sorted(spans, key=lambda each: each.start):
        if span.start < end:
            continue
        pieces += [escape(text[end : span.start]), "<mark>"]
        pieces += [escape(text[span.start : span.end]), "</mark>"]
        end = span.end
    pieces.append(escape(text[end:]))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece of text was escaped above


@register.filter
def scene(scene_id: str) -> Scene | None:
    """The scene of that name, unless it is not told any longer."""
    return next((each for each in scenes() if each.id == scene_id), None)


@register.filter
def ratings(text: str) -> Felt:
    """Three ratings, as they are kept."""
    return Felt.read(text)
