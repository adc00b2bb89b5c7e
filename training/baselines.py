"""What the network has to beat, trained on the same replies with thresholds from the same lines."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]  # ships no types
from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]  # ships no types
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]  # ships no types

from nearer.cues.reading import Cue
from training.examples import CUES, Example
from training.figures import Floats, Truth, best_f1_threshold, truth

# One rule per cue, written once and not tuned. It is the two-line rules of design note cues.md
# and the cue phrases people are taught; it shows what word spotting alone can do.
RULES = {
    Cue.REFLECTS_SIMPLE: r"^(so|ah so|ok so) you|you said|so (he|she|they|it)\b",
    Cue.REFLECTS_COMPLEX: r"sounds like|seems like|must (be|feel|have)|part of you|you feel",
    Cue.VALIDATES: r"of course|makes sense|understandable|anyone would|no wonder|(who )?wouldn't",
    Cue.ASKS_OPEN: r"\b(what|how|tell me)\b.*\?",
    Cue.ASKS_CLOSED: r"^(?!.*\b(what|how|why)\b).*\?|\b(when|where|who|which)\b.*\?",
    Cue.ADVISES: r"\byou (should|could|need to|have to|might want)|why don't you|have you tried|"
    r"you'd better|just (go|do|call|ring|tell|take|ask)",
    Cue.TURNS_TO_SELF: r"\b(me too|i remember|when i|reminds me|same (with|for) me|my own)\b",
    Cue.MINIMISES: r"at least|not that bad|could be worse|don't (be|worry|cry)|cheer up|look on|"
    r"it's only|just a|you'll be",
    Cue.JUDGES: r"you (always|never)|your (own )?fault|what did you expect|told you|why (would|did)"
    r" you|you should have",
}


WORD = r"\w+|\?"


@dataclass(frozen=True, slots=True)
class Answers:
    """Scores and yes/no per reply and cue, both [replies, cues]."""

    scores: Floats
    said: Truth


def by_rules(asked: Sequence[Example]) -> Answers:
    patterns = [re.compile(RULES[cue], re.IGNORECASE) for cue in CUES]
    hits = np.array([[bool(p.search(example.reply)) for p in patterns] for example in asked])
    return Answers(hits.astype(float), hits)


def by_words(
    learn: Sequence[Example],
    calibrate: Sequence[Example],
    asked: Sequence[Example],
    *,
    with_message: bool,
) -> Answers:
    """TF-IDF of words 1-2 and characters 3-5, one logistic regression per cue.

    calibrate: where the scores come from at which it says yes, as for the network.
    """
    table, found = truth(calibrate), _scores(learn, calibrate, with_message=with_message)
    cuts = [best_f1_threshold(table[:, cue], found[:, cue]) for cue in range(len(CUES))]
    scores = _scores(learn, asked, with_message=with_message)
    return Answers(scores, scores >= np.array(cuts))


def _scores(learn: Sequence[Example], asked: Sequence[Example], *, with_message: bool) -> Floats:
    sides: list[Callable[[Example], str]] = [lambda example: example.reply]
    if with_message:
        sides.append(lambda example: example.message or "")
    parts = [_table([side(e) for e in learn], [side(e) for e in asked]) for side in sides]
    seen, unseen = (
        hstack([part[0] for part in parts]),
        hstack([part[1] for part in parts]),
    )
    answers = truth(learn)
    models = [
        LogisticRegression(C=4, class_weight="balanced", max_iter=1000).fit(seen, answers[:, cue])
        for cue in range(len(CUES))
    ]
    return np.stack([model.predict_proba(unseen)[:, 1] for model in models], axis=1)


def _table(learn: Sequence[str], asked: Sequence[str]) -> tuple[csr_matrix, csr_matrix]:
    kinds = [
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=WORD),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2, sublinear_tf=True),
    ]
    seen = hstack([kind.fit_transform(learn) for kind in kinds])
    return seen, hstack([kind.transform(asked) for kind in kinds])
