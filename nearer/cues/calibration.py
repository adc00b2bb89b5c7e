"""Turn what the network says into probabilities, and know from where they may be shown."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp
from pathlib import Path

from nearer.cues.reading import REFLECTIONS, Cue

# What the network's outputs mean, in order. The first two are "reflects at all" and "the
# reflection is complex, given that it reflects"; the rest are cues.
REFLECTS, COMPLEX = "reflects", "complex_if_reflects"
OUTPUTS: tuple[str, ...] = (
    REFLECTS,
    COMPLEX,
    *(cue for cue in Cue if cue not in REFLECTIONS),
)


@dataclass(frozen=True, slots=True)
class Scale:
    """Probability of one output: sigmoid((logit + offset) / temperature).

    shown_from: least probability at which it may be shown; None: never shown.
    """

    temperature: float
    offset: float
    shown_from: float | None

    def probability(self, logit: float) -> float:
        return _sigmoid((logit + self.offset) / self.temperature)

    def is_sure(self, probability: float) -> bool:
        return self.shown_from is not None and probability >= self.shown_from


def load_scales(path: Path) -> Mapping[str, Scale]:
    """One scale per output, from thresholds.toml."""
    stored = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        name: Scale(
            stored[name]["temperature"], stored[name]["offset"], stored[name].get("shown_from")
        )
        for name in OUTPUTS
    }


def _sigmoid(x: float) -> float:
    return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))
