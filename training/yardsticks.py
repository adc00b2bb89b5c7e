"""Texts by other people that no weight has seen: therapists' turns and replies to strangers.

Their labels mean nearly, not exactly, what ours mean; the figures tell whether what was learned
travels, not how good it is.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from nearer.cues import Cue, read
from nearer.cues.reading import REFLECTIONS
from training.examples import yardstick_examples
from training.figures import average_precision

# Source, labels that count, our cues that should find them.
CHECKS: Mapping[str, tuple[str, frozenset[str], tuple[Cue, ...]]] = {
    "annomi reflection": (
        "annomi",
        frozenset({"reflection:simple", "reflection:complex"}),
        REFLECTIONS,
    ),
    "annomi open question": ("annomi", frozenset({"question:open"}), (Cue.ASKS_OPEN,)),
    "annomi closed question": (
        "annomi",
        frozenset({"question:closed"}),
        (Cue.ASKS_CLOSED,),
    ),
    "annomi advice": ("annomi", frozenset({"input:advice"}), (Cue.ADVISES,)),
    "epitome exploration": (
        "epitome",
        frozenset({"exploration:1", "exploration:2"}),
        (Cue.ASKS_OPEN, Cue.ASKS_CLOSED),
    ),
}


def measured(root: Path) -> dict[str, dict[str, float]]:
    """Average precision on all turns, beside the share of turns that carry the label."""
    rows = {name: yardstick_examples(root, name) for name in ("annomi", "epitome")}
    readings = {
        name: [read(row.reply, row.message) for row in examples] for name, examples in rows.items()
    }
    found = {}
    for check, (source, labels, cues) in CHECKS.items():
        is_there = np.array([bool(row.labels & labels) for row in rows[source]])
        scores = np.array([sum(r.of(cue).probability for cue in cues) for r in readings[source]])
        found[check] = {
            "turns": len(is_there),
            "share": round(float(is_there.mean()), 3),
            "ap": round(average_precision(is_there, scores), 3),
        }
    return found
