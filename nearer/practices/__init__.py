"""What the house may know about a practice room."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Practice:
    """One room in five facts; titles are message ids for gettext."""

    slug: str
    title: str
    promise: str
    """What it is, in one sentence."""
    minutes: int
    icon: str
    hue: str

    @property
    def home(self) -> str:
        """The name of its first page's address."""
        return f"{self.slug}:home"
