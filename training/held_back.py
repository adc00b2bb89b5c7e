"""What is measured on our own held-back lines."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nearer.cues.calibration import REFLECTS, Scale
from nearer.cues.reading import Cue
from training.answers import ACTS, Answers, does, truth
from training.examples import Example
from training.figures import (
    Floats,
    Interval,
    Rows,
    Truth,
    average_precision,
    by_scene,
    calibration_error,
    higher,
    macro_f1,
    precision,
    recall,
)

APPRECIATES, NEUTRAL = "appreciates", "neutral"
REPLY_ACTS = (
    REFLECTS,
    Cue.VALIDATES,
    Cue.ASKS_OPEN,
    Cue.ADVISES,
    Cue.TURNS_TO_SELF,
    Cue.MINIMISES,
    Cue.JUDGES,
)
TALK_ACTS = (
    Cue.CRITICISES,
    Cue.CONTEMPT,
    Cue.DEFENDS,
    Cue.SHUTS_DOWN,
    Cue.GENTLE_START,
    Cue.VALIDATES,
    Cue.REPAIRS,
    APPRECIATES,
    NEUTRAL,
)
WARNINGS = (Cue.CRITICISES, Cue.CONTEMPT, Cue.DEFENDS, Cue.SHUTS_DOWN)
UNKIND = frozenset({*WARNINGS, Cue.JUDGES, Cue.MINIMISES, Cue.ADVISES, Cue.TURNS_TO_SELF})
"""A line with none of these is neutral or kind and must not be warned of."""
FALSE_REFLECTIONS = frozenset({"wrong", "twin_wrong"})
"""Kinds of lines written as a reflection of something that was not said."""
LIKELY = 0.5


@dataclass(frozen=True, slots=True)
class Pair:
    """A true reflection of a message and a false one, as places in the lines."""

    right: int
    wrong: int


def reply_acts(lines: Sequence[Example], answers: Answers) -> Interval:
    """Macro-F1."""
    return _macro(lines, columns(answers, REPLY_ACTS), REPLY_ACTS)


def talk_acts(lines: Sequence[Example], answers: Answers) -> Interval:
    """Macro-F1."""
    return _macro(lines, columns(answers, TALK_ACTS), TALK_ACTS)


def columns(answers: Answers, acts: Sequence[str]) -> Truth:
    """[lines, acts]: what is said; thanks and praise are one, and neutral is nothing at all."""
    return np.stack([_says(answers, act) for act in acts], axis=1)


def is_there(example: Example, act: str) -> bool:
    if act == APPRECIATES:
        return not example.labels.isdisjoint({Cue.THANKS, Cue.PRAISES})
    if act == NEUTRAL:
        return not example.labels
    return does(example, act)


def mean_precision(lines: Sequence[Example], answers: Answers) -> Interval:
    """Macro average precision over all acts; asks for no cut."""
    table = truth(lines)

    def measure(rows: Rows) -> float:
        return float(
            np.mean(
                [
                    average_precision(table[rows, at], answers.chances[rows, at])
                    for at in range(len(ACTS))
                ]
            )
        )

    return by_scene(lines, measure)


def paired(
    lines: Sequence[Example], answers: Answers, kinds: frozenset[str] = FALSE_REFLECTIONS
) -> Interval:
    """How often a true reflection gets the higher chance than a false one of the same message."""
    reflects = answers.chance(REFLECTS)
    by_line: dict[int, list[Pair]] = {}
    for pair in pairs(lines, kinds):
        by_line.setdefault(pair.right, []).append(pair)

    def share(rows: Rows) -> float:
        drawn = [pair for row in rows.tolist() for pair in by_line.get(row, ())]
        right = reflects[[pair.right for pair in drawn]]
        return higher(right, reflects[[pair.wrong for pair in drawn]])

    return by_scene(lines, share)


def pairs(lines: Sequence[Example], kinds: frozenset[str]) -> Iterator[Pair]:
    """Each true reflection with each false one of the same message."""
    by_message: dict[tuple[str, str | None], list[int]] = {}
    for place, line in enumerate(lines):
        by_message.setdefault((line.scene, line.message), []).append(place)
    for places in by_message.values():
        right = [at for at in places if does(lines[at], REFLECTS)]
        wrong = [at for at in places if lines[at].kind in kinds and at not in right]
        yield from (Pair(one, other) for one in right for other in wrong)


def shown_reflections(lines: Sequence[Example], shown: Answers) -> dict[str, Interval]:
    """Recall, and precision among three choices of lines that are no reflection."""
    there, said = truth(lines, [REFLECTS])[:, 0], shown.says(REFLECTS)
    kinds = np.array([line.kind for line in lines])
    counted: dict[str, Truth] = {
        "all lines": np.ones(len(lines), dtype=bool),
        "reflections and hard lines": there | (kinds != ""),
        "lines but reflections of something else": there | ~np.isin(kinds, [*FALSE_REFLECTIONS]),
    }

    def right(among: Truth) -> Callable[[Rows], float]:
        return lambda rows: precision(there[rows[among[rows]]], said[rows[among[rows]]])

    return {
        **{
            f"reflections as shown, precision among {name}": by_scene(lines, right(among))
            for name, among in counted.items()
        },
        "reflections as shown, recall": by_scene(
            lines, lambda rows: recall(there[rows], said[rows])
        ),
    }


def shown_warnings(lines: Sequence[Example], shown: Answers) -> dict[str, Interval]:
    """Precision over all warnings together; how often a neutral or kind line is warned of."""
    there, said = truth(lines, WARNINGS), columns(shown, WARNINGS)
    harmless = np.array([line.labels.isdisjoint(UNKIND) for line in lines])
    alarms: Truth = np.logical_or.reduce(said.T)
    return {
        "warnings as shown, precision": by_scene(
            lines, lambda rows: precision(there[rows], said[rows])
        ),
        "false alarms on neutral and kind lines": by_scene(
            lines, lambda rows: float(alarms[rows[harmless[rows]]].mean())
        ),
    }


def per_act(
    lines: Sequence[Example], answers: Answers, shown: Answers, scales: Mapping[str, Scale]
) -> dict[str, dict[str, float | None]]:
    """For each act: lines that do it, average precision, F1, error of calibration over all lines
    and over likely ones, and precision and recall as shown (None: never shown).
    """
    table = truth(lines)
    return {
        act: {
            "lines": int(there.sum()),
            "ap": round(average_precision(there, answers.chances[:, at]), 3),
            "f1": round(macro_f1(there[:, None], answers.said[:, at : at + 1]), 3),
            "ece": round(calibration_error(there, answers.chances[:, at]), 3),
            "ece_of_likely": _error_of_likely(there, answers.chances[:, at]),
            **_shown(there, shown.said[:, at], shown_from=scales[act].shown_from),
        }
        for at, (act, there) in enumerate(zip(ACTS, table.T, strict=True))
    }


def _error_of_likely(there: Truth, chances: Floats) -> float | None:
    """Among lines that are likelier to do it than not: where most do not, a model that never says
    anything is well calibrated over all of them.
    """
    likely = chances >= LIKELY
    return round(calibration_error(there[likely], chances[likely]), 3) if likely.any() else None


def _shown(there: Truth, said: Truth, shown_from: float | None) -> dict[str, float | None]:
    if shown_from is None:
        return {"shown_precision": None, "shown_recall": None}
    return {
        "shown_precision": round(precision(there, said), 3),
        "shown_recall": round(recall(there, said), 3),
    }


def of_labelling(lines: Sequence[Example], labels: Sequence[frozenset[str]]) -> Answers:
    """A labeller as if they were a model: what one reader reaches, so what can be asked for."""
    as_lines = [
        Example(each.id, each.writer, each.scene, each.message, each.line, each.kind, found)
        for each, found in zip(lines, labels, strict=True)
    ]
    said = truth(as_lines)
    return Answers(said.astype(float), said)


def _macro(lines: Sequence[Example], said: Truth, acts: Sequence[str]) -> Interval:
    there: NDArray[np.bool_] = np.array([[is_there(line, act) for act in acts] for line in lines])
    return by_scene(lines, lambda rows: macro_f1(there[rows], said[rows]))


def _says(answers: Answers, act: str) -> Truth:
    if act == APPRECIATES:
        return answers.says(Cue.THANKS, Cue.PRAISES)
    if act == NEUTRAL:
        return ~answers.says(*ACTS)
    return answers.says(act)


Measure = Callable[[Sequence[Example], Answers], Interval]
TABLE: dict[str, Measure] = {
    "reply acts, macro-F1": reply_acts,
    "talk acts, macro-F1": talk_acts,
    "all acts, macro-AP": mean_precision,
    "paired accuracy": paired,
}


def table(lines: Sequence[Example], answers: Answers) -> dict[str, Interval]:
    """What is measured of the network and of its peers alike."""
    return {name: measure(lines, answers) for name, measure in TABLE.items()}
