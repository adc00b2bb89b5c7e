"""Table of contents: one line for each practice room that is built."""

from __future__ import annotations

from nearer.practices import Practice
from nearer.practices.listening.about import PRACTICE as LISTENING

PRACTICES: tuple[Practice, ...] = (LISTENING,)
