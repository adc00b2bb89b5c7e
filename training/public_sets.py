"""Texts by other people: two sets that no weight has seen, and the development parts of two that
were learned from.

AnnoMI and EPITOME label nearly, not exactly, what we do; their figures tell whether what was
learned travels, not how good it is.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from nearer.cues.calibration import REFLECTS
from nearer.cues.reader import Reader
from nearer.cues.reading import Cue
from training.answers import Answers, as_shown, said_from
from training.baselines import regressed, tfidf
from training.examples import (
    EMOTIONS,
    SUPPORT,
    Example,
    cuts_part,
    learned_part,
    public_examples,
    yardstick_examples,
)
from training.figures import (
    Floats,
    Interval,
    Rows,
    Truth,
    best_f1_threshold,
    by_scene,
    f1,
    higher,
    macro_f1,
)
from training.lessons import ALSO, EVERY

REFLECTED = ("reflection:simple", "reflection:complex")
LOW = "low"
NAMES = {
    "emotional_disclosure:1": "emotional disclosure",
    "information_disclosure:1": "information disclosure",
    "emo_support:1": "emotional support",
    "info_support:1": "information support",
}


def annomi(root: Path, reader: Reader, cuts: Mapping[str, float]) -> dict[str, Interval]:
    """Questions in three classes, any reflection, and sessions told apart by how often a shown
    reflection comes in them.
    """
    turns = yardstick_examples(root, "annomi")
    shown = answers_of(reader, turns)
    likely = said_from(shown.chances, cuts)
    asks = _three(has(turns, "question:open"), has(turns, "question:closed"))
    says = _three(*_one_question(likely))
    reflects, said = has(turns, *REFLECTED), likely.says(REFLECTS)
    by_session = [_in(each, each.session) for each in turns]
    return {
        "asks, three classes, macro-F1": by_scene(
            turns, lambda rows: macro_f1(asks[rows], says[rows])
        ),
        "reflects at all, F1": by_scene(turns, lambda rows: f1(reflects[rows], said[rows])),
        "sessions by shown reflections, AUC": by_scene(
            by_session, _sessions(turns, shown.says(REFLECTS))
        ),
    }


def epitome(root: Path, reader: Reader, cuts: Mapping[str, float]) -> dict[str, Interval]:
    """Presence of each mechanism, from the cues that come nearest to it."""
    replies = yardstick_examples(root, "epitome")
    found = said_from(answers_of(reader, replies).chances, cuts)
    mark = np.array(["?" in each.line for each in replies])
    nearest = {
        "emotional reaction": ("emotional_reaction", found.says(*WARM)),
        "interpretation": ("interpretation", found.says(*UNDERSTANDING)),
        "exploration": ("exploration", found.says(Cue.ASKS_OPEN, Cue.ASKS_CLOSED)),
        "exploration, rule: a question mark": ("exploration", mark),
    }
    return {
        f"{name}, F1": by_scene(replies, _f1_of(has(replies, f"{label}:1", f"{label}:2"), said))
        for name, (label, said) in nearest.items()
    }


WARM = (Cue.VALIDATES, Cue.PRAISES, Cue.REPAIRS)
UNDERSTANDING = (REFLECTS, Cue.VALIDATES, Cue.TURNS_TO_SELF, Cue.DISCLOSES)


def goemotions(root: Path, reader: Reader) -> dict[str, Interval]:
    """Macro-F1 over the 28, gratitude, love; cuts from the tenth of the training part that was
    not learned from.
    """
    labels = [label for label in ALSO if label.startswith("emotions:")]
    asked = public_examples(root, EMOTIONS, "dev")
    there, said = _by_own_cuts(reader, cuts_part(root, EMOTIONS), asked, labels)

    def of(label: str) -> Interval:
        at = labels.index(label)
        return by_scene(asked, _f1_of(there[:, at], said[:, at]))

    return {
        "28 emotions, macro-F1": by_scene(asked, lambda rows: macro_f1(there[rows], said[rows])),
        "gratitude, F1": of("emotions:gratitude"),
        "love, F1": of("emotions:love"),
    }


def offmychest(root: Path, reader: Reader) -> dict[str, dict[str, Interval]]:
    """F1 of yes and of no in the mean for four labels, of TF-IDF with logistic regression by the
    same rule for its cuts, and how much the network is above it.
    """
    asked, kept = public_examples(root, SUPPORT, "dev"), cuts_part(root, SUPPORT)
    there, said = _by_own_cuts(reader, kept, asked, list(NAMES))
    by_words = _by_words(learned_part(root, SUPPORT), kept, asked, list(NAMES))
    return {
        f"{name}, macro-F1": {
            "network": by_scene(asked, _both_f1(there[:, at], said[:, at])),
            "tfidf": by_scene(asked, _both_f1(there[:, at], by_words[:, at])),
            "above": by_scene(asked, _above(there[:, at], said[:, at], by_words[:, at])),
        }
        for at, name in enumerate(NAMES.values())
    }


def answers_of(reader: Reader, examples: Sequence[Example]) -> Answers:
    return as_shown(list(reader.read_some([(each.line, each.message) for each in examples])))


def has(examples: Sequence[Example], *labels: str) -> Truth:
    return np.array([not each.labels.isdisjoint(labels) for each in examples])


def _f1_of(there: Truth, said: Truth) -> Callable[[Rows], float]:
    return lambda rows: f1(there[rows], said[rows])


def _both_f1(there: Truth, said: Truth) -> Callable[[Rows], float]:
    """Of yes and of no, in the mean."""
    return lambda rows: (f1(there[rows], said[rows]) + f1(~there[rows], ~said[rows])) / 2


def _above(there: Truth, said: Truth, by_words: Truth) -> Callable[[Rows], float]:
    one, other = _both_f1(there, said), _both_f1(there, by_words)
    return lambda rows: one(rows) - other(rows)


def _three(open_: Truth, closed: Truth) -> Truth:
    """[turns, none, open and closed]."""
    return np.stack([~(open_ | closed), open_, closed], axis=1)


def _one_question(found: Answers) -> tuple[Truth, Truth]:
    """Where both are said, the likelier one."""
    open_, closed = found.says(Cue.ASKS_OPEN), found.says(Cue.ASKS_CLOSED)
    likelier = found.chance(Cue.ASKS_OPEN) >= found.chance(Cue.ASKS_CLOSED)
    return open_ & (likelier | ~closed), closed & (~likelier | ~open_)


def _by_own_cuts(
    reader: Reader, kept: Sequence[Example], asked: Sequence[Example], labels: Sequence[str]
) -> tuple[Truth, Truth]:
    cuts = _cuts(kept, labels, _chances(reader, kept, labels))
    return _table(asked, labels), _chances(reader, asked, labels) >= cuts


def _by_words(
    learned: Sequence[Example],
    kept: Sequence[Example],
    asked: Sequence[Example],
    labels: Sequence[str],
) -> Truth:
    lines = [each.line for each in learned]
    seen, unseen = tfidf(lines, [each.line for each in (*kept, *asked)])
    chances = regressed(seen, _table(learned, labels), unseen)
    cuts = _cuts(kept, labels, chances[: len(kept)])
    said: Truth = chances[len(kept) :] >= cuts
    return said


def _table(examples: Sequence[Example], labels: Sequence[str]) -> Truth:
    return np.stack([has(examples, label) for label in labels], axis=1)


def _cuts(examples: Sequence[Example], labels: Sequence[str], chances: Floats) -> Floats:
    there = _table(examples, labels)
    return np.array([best_f1_threshold(there[:, at], chances[:, at]) for at in range(len(labels))])


def _chances(reader: Reader, examples: Sequence[Example], labels: Sequence[str]) -> Floats:
    """Logits: a cut on them is a cut on chances."""
    cut = reader.cutter.many([(each.line, each.message) for each in examples])
    logits = reader.logits([windows[0] for windows in cut])
    found: Floats = logits[:, [EVERY.index(label) for label in labels]].astype(float)
    return found


def _in(example: Example, session: str) -> Example:
    """Sessions are drawn whole."""
    return Example(example.id, example.writer, session, None, "", "", example.labels)


def _sessions(turns: Sequence[Example], shown: Truth) -> Callable[[Rows], float]:
    names, numbers = np.unique([each.session for each in turns], return_inverse=True)
    is_low = np.zeros(len(names), dtype=bool)
    is_low[numbers[np.array([each.quality == LOW for each in turns])]] = True

    def measure(rows: Rows) -> float:
        turns_of = np.bincount(numbers[rows], minlength=len(names))
        found = np.bincount(numbers[rows], shown[rows], minlength=len(names))
        rates = found / np.maximum(turns_of, 1)
        low = np.repeat(rates[is_low], _times(turns_of, numbers, is_low))
        high = np.repeat(rates[~is_low], _times(turns_of, numbers, ~is_low))
        return higher(np.repeat(high, len(low)), np.tile(low, len(high)))

    return measure


def _times(turns_of: Rows, numbers: Rows, chosen: Truth) -> Rows:
    """How often each session was drawn."""
    whole = np.bincount(numbers, minlength=len(turns_of))
    return (turns_of // whole)[chosen]
