"""What a reply does to the one who spoke: read offline, by a small model, with its words.

    reading = read("So they said no, and you had already told your mum.", context=message)
    reading.of(Cue.REFLECTS_SIMPLE).probability
    for reading in read_many(lines): ...

See MODEL_CARD.md for what it can and can not tell. `nearer.cues.feedback` says it to people.
"""

from nearer.cues.reader import read, read_many
from nearer.cues.reading import Cue, Finding, Reading, Span

__all__ = ["Cue", "Finding", "Reading", "Span", "read", "read_many"]
