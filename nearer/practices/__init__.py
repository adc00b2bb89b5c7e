"""What the house may know about a practice room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


def gettext_noop(message: str) -> str:
    """Mark a message for the translators; templates translate it. Nothing here imports Django."""
    return message


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


@dataclass(frozen=True, slots=True)
class OwnWords:
    """Something that one person entered in a room, to take along."""

    at: datetime
    what: str
    """The room's own name for it; its template «_own_words.html» says it in plain words."""
    words: str
    about: str = ""
    """What it answers, by the room's own name: a scene."""
    is_on_other_phone: bool = False
