"""Showing a reply with the words that a remark rests on."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from nearer.cues import Span
from nearer.practices.listening.prompts import Scene, felt_labels, scenes
from nearer.practices.listening.queries.rounds import Seen, Turn
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
def ratings(text: str) -> list[tuple[str, int]]:
    """Three ratings, as they are kept, under the names by which they were asked for."""
    return _named(Felt.read(text), _("the other"))


@register.filter
def rated(turn: Turn) -> list[tuple[str, int]]:
    """The same, where one knows who listened."""
    return _named(turn.felt, turn.listener.name) if turn.felt else []


def _named(felt: Felt, listener: str) -> list[tuple[str, int]]:
    return [(label, getattr(felt, part)) for part, label in felt_labels(listener).items()]


@register.filter
def spoke_here(turn: Turn, seen: Seen) -> bool:
    """Whether what the speaker's part of this turn says was written by the one who reads now."""
    writer = seen.opener.id if seen.row.is_paper else turn.speaker.id
    return seen.place.own == writer


@register.filter
def listened_here(turn: Turn, seen: Seen) -> bool:
    return seen.place.own == turn.listener.id
