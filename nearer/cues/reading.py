"""What a reading of a reply holds: value types only, so that rules may use them."""

from dataclasses import dataclass
from enum import StrEnum


class Cue(StrEnum):
    """One thing a line can do to the person it is said to; training/GUIDE.md defines each."""

    REFLECTS_SIMPLE = "reflects_simple"
    REFLECTS_COMPLEX = "reflects_complex"
    VALIDATES = "validates"
    ASKS_OPEN = "asks_open"
    ASKS_CLOSED = "asks_closed"
    ADVISES = "advises"
    TURNS_TO_SELF = "turns_to_self"
    MINIMISES = "minimises"
    JUDGES = "judges"
    THANKS = "thanks"
    PRAISES = "praises"
    DISCLOSES = "discloses"
    OWNS_PART = "owns_part"
    REPAIRS = "repairs"
    GENTLE_START = "gentle_start"
    CRITICISES = "criticises"
    CONTEMPT = "contempt"
    DEFENDS = "defends"
    SHUTS_DOWN = "shuts_down"


REFLECTIONS = (Cue.REFLECTS_SIMPLE, Cue.REFLECTS_COMPLEX)


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open character range [start, end) of the text that was read."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Finding:
    """How likely one cue is.

    probability: calibrated, 0 to 1.
    spans: the words it rests on, whole words, in order, not overlapping.
    is_sure: at or above the threshold from which it may be shown (thresholds.toml). Simple and
        complex reflections share one threshold, on their sum; the likelier of the two carries it.
    """

    cue: Cue
    probability: float
    spans: tuple[Span, ...]
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """One finding per cue, in the order of `Cue`."""

    text: str
    findings: tuple[Finding, ...]

    def of(self, cue: Cue) -> Finding:
        """The finding for one cue."""
        return next(finding for finding in self.findings if finding.cue is cue)

    @property
    def sure(self) -> tuple[Finding, ...]:
        """Findings that may be shown, likeliest first."""
        found = (finding for finding in self.findings if finding.is_sure)
        return tuple(sorted(found, key=lambda finding: -finding.probability))

    @property
    def reflection(self) -> Finding:
        """The likelier kind of reflection; people are never told which kind (MODEL_CARD.md)."""
        return max((self.of(cue) for cue in REFLECTIONS), key=lambda finding: finding.probability)
