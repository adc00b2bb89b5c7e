"""Listening, as the house knows it."""

from __future__ import annotations

from nearer.practices import Practice, gettext_noop

PRACTICE = Practice(
    slug="listening",
    title=gettext_noop("Listening"),
    promise=gettext_noop(
        "One speaks, one listens and gives back what was heard, until it is right."
    ),
    minutes=15,
    icon="ear",
    hue="listen",
)
