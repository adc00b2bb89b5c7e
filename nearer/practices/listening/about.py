"""Listening, as the house knows it."""

from __future__ import annotations

from nearer.practices import Practice

PRACTICE = Practice(
    slug="listening",
    title="Listening",
    promise="One speaks, one listens and gives back what was heard, until it is right.",
    minutes=15,
    icon="ear",
    hue="listen",
)
