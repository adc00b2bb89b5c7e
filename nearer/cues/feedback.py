"""What is said to a person about their own reply: what is there first, then at most one idea.

It may show only what design note cues.md, section 6, allows: a reflection one by one and as a
guess, simple and complex not told apart; advice, minimising and judging at most as a gentle
question; no rate, no score, nothing about the other person; and it says when it is not sure.
Where words may speak of danger or contempt, nothing is said about the reply at all (danger.py).
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from zlib import crc32

from nearer.cues.danger import Care, care_for
from nearer.cues.reading import REFLECTIONS, Cue, Finding, Reading, Span

WORDS = Path(__file__).parent / "words" / "en.toml"
REFLECTS, UNSURE, EMPTY, FOREIGN = "reflects", "unsure", "empty", "foreign"
_SENTENCE = re.compile(r"[^\s.!?][^.!?\n]*[.!?]*")
# What is there, named in this order: what helps most comes first, so that it is never missed.
FOUND = (
    REFLECTS,
    Cue.REPAIRS,
    Cue.OWNS_PART,
    Cue.GENTLE_START,
    Cue.PRAISES,
    Cue.THANKS,
    Cue.ASKS_OPEN,
    Cue.VALIDATES,
    Cue.DISCLOSES,
    Cue.ASKS_CLOSED,
    Cue.TURNS_TO_SELF,
    Cue.ADVISES,
    Cue.SHUTS_DOWN,
    Cue.DEFENDS,
    Cue.MINIMISES,
    Cue.JUDGES,
    Cue.CRITICISES,
    Cue.CONTEMPT,
)
# What to try: what stands most in the way first. A reply that reflects needs no more than that.
IN_THE_WAY = (
    Cue.CONTEMPT,
    Cue.CRITICISES,
    Cue.JUDGES,
    Cue.DEFENDS,
    Cue.SHUTS_DOWN,
    Cue.MINIMISES,
    Cue.ADVISES,
    Cue.TURNS_TO_SELF,
)
ONE_STEP_MORE = (Cue.ASKS_OPEN, Cue.VALIDATES, Cue.ASKS_CLOSED)

Words = Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing said; `marked` are the sentences of the reply it rests on."""

    text: str
    marked: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Feedback:
    """For the writer alone.

    is_unsure: nothing could be told; `found` then says so and `try_next` is None.
    care: the words may speak of danger or contempt; `found` then only repeats its title.
    """

    found: Remark
    try_next: Remark | None
    is_unsure: bool
    care: Care | None = None

    @property
    def marked(self) -> tuple[Span, ...]:
        """Each sentence that one of the remarks rests on, so that the reply is shown once."""
        both = (self.found, self.try_next) if self.try_next else (self.found,)
        return tuple(sorted({span for each in both for span in each.marked}, key=_by_start))


def respond(reading: Reading) -> Feedback:
    """Feedback on one reply; the same reading always gets the same words."""
    if care := care_for(reading.text):
        return Feedback(Remark(care.title, ()), None, is_unsure=False, care=care)
    sure = {_shown_as(finding.cue): finding for finding in reading.sure}
    if not sure:
        kind = UNSURE if reading.text.strip() else EMPTY
        return Feedback(Remark(_variant("found", kind, reading.text), ()), None, is_unsure=True)
    found = next(name for name in FOUND if name in sure)
    idea = _idea(sure)
    return Feedback(
        found=_remark("found", found, sure[found], reading.text),
        try_next=_remark("try_next", idea, sure[idea], reading.text) if idea else None,
        is_unsure=False,
    )


def unread(text: str) -> Feedback:
    """For a reply in another language; words of danger are looked for all the same."""
    care = care_for(text)
    said = care.title if care else _variant("found", FOREIGN, text)
    return Feedback(Remark(said, ()), None, is_unsure=not care, care=care)


def _shown_as(cue: Cue) -> str:
    return REFLECTS if cue in REFLECTIONS else cue


def _idea(sure: Mapping[str, Finding]) -> str | None:
    in_the_way = next((cue for cue in IN_THE_WAY if cue in sure), None)
    if in_the_way or REFLECTS in sure:
        return in_the_way
    return next((cue for cue in ONE_STEP_MORE if cue in sure), None)


def _by_start(span: Span) -> tuple[int, int]:
    return span.start, -span.end


def _remark(part: str, kind: str, finding: Finding, text: str) -> Remark:
    return Remark(_variant(part, kind, text), _sentences(text, finding.spans))


def _sentences(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The sentence that most of each span lies in: pieces of one cannot be read by a person."""
    whole = [Span(*found.span()) for found in _SENTENCE.finditer(text)]

    def shared(span: Span, sentence: Span) -> int:
        return min(span.end, sentence.end) - max(span.start, sentence.start)

    most = {max(whole, key=partial(shared, span)) for span in spans if whole}
    return tuple(sorted(most, key=_by_start))


def _variant(part: str, kind: str, text: str) -> str:
    """One of the variants, chosen by the text: steady for a reply, varied over replies."""
    variants = _words()[part][kind]
    return variants[crc32(text.encode(errors="replace")) % len(variants)]


@cache
def _words() -> Words:
    words: Words = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    return words
