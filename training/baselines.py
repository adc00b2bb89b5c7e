"""What the network has to beat, trained on the same lines, with cuts by the same rule."""

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]  # ships no types
from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]  # ships no types
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]  # ships no types
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # type: ignore[import-untyped]  # ships no types

from nearer.cues.calibration import REFLECTS
from nearer.cues.reading import Cue
from training.answers import ACTS, Answers, best_cuts, said_from, truth
from training.examples import Example
from training.figures import Floats, Truth

# One rule per act, written once and not tuned: the two-line rules of the public comparisons and the
# phrases people are taught. It shows what word spotting alone can do.
RULES = {
    REFLECTS: r"^(so|ah so|ok so) you|you said|so (he|she|they|it)\b|sounds like|seems like|"
    r"must (be|feel|have)|part of you|you feel",
    Cue.VALIDATES: r"of course|makes sense|understandable|anyone would|no wonder|(who )?wouldn't",
    Cue.ASKS_OPEN: r"\b(what|how|tell me)\b.*\?",
    Cue.ASKS_CLOSED: r"^(?!.*\b(what|how|why)\b).*\?|\b(when|where|who|which)\b.*\?",
    Cue.ADVISES: r"\byou (should|could|need to|have to|might want)|why don't you|have you tried|"
    r"you'd better|just (go|do|call|ring|tell|take|ask)",
    Cue.TURNS_TO_SELF: r"\b(me too|i remember|when i|reminds me|same (with|for) me|my own)\b",
    Cue.MINIMISES: r"at least|not that bad|could be worse|don't (be|worry|cry)|cheer up|look on|"
    r"it's only|just a|you'll be",
    Cue.JUDGES: r"your (own )?fault|what did you expect|told you|why (would|did) you|"
    r"you should have",
    Cue.THANKS: r"\bthank|\bthanks\b|\bcheers\b|grateful|appreciate",
    Cue.PRAISES: r"proud of you|you're (so |really )?(good|kind|brave|clever|brilliant|amazing)|"
    r"well done|nobody (does|makes|can)",
    Cue.DISCLOSES: r"\bi('m| am) (scared|afraid|ashamed|lonely|worried|sad)|i've never told|i feel",
    Cue.OWNS_PART: r"my fault|i was wrong|that was me|i (did|said) that|i should have|on me\b",
    Cue.REPAIRS: r"\bsorry\b|start (over|again)|let me try|can we (stop|try|talk)|truce",
    Cue.GENTLE_START: r"\bi('d| would) (like|love)|could we|can we|would you mind|i feel .* when",
    Cue.CRITICISES: r"you (always|never)|every (single )?time you|why can't you",
    Cue.CONTEMPT: r"pathetic|ridiculous|grow up|idiot|\bgenius\b|oh please|bravo",
    Cue.DEFENDS: r"i didn't|not my fault|it wasn't me|what about you|i only|how was i",
    Cue.SHUTS_DOWN: r"whatever|\bfine\.|forget it|i'm done|leave me alone|drop it|not doing this",
}
WORD = r"\w+|\?"

Features = Callable[[Sequence[Example], Sequence[Example]], tuple[csr_matrix, csr_matrix]]


def by_rules(asked: Sequence[Example]) -> Answers:
    patterns = [re.compile(RULES[act], re.IGNORECASE) for act in ACTS]
    hits: Truth = np.array([[bool(p.search(each.line)) for p in patterns] for each in asked])
    return Answers(hits.astype(float), hits)


def by_regression(
    halves: Sequence[Sequence[Example]], asked: Sequence[Example], features: Features
) -> Answers:
    """One logistic regression per act; cuts from each half of the writers, read by what learned
    from the other, as for the network.
    """
    one, other = halves
    across = np.concatenate([_chances(other, one, features), _chances(one, other, features)])
    learned = [*one, *other]
    return said_from(_chances(learned, asked, features), best_cuts(learned, across))


def words(learn: Sequence[Example], asked: Sequence[Example]) -> tuple[csr_matrix, csr_matrix]:
    """TF-IDF of words 1-2 and letters 3-5 of the line."""
    return tfidf([each.line for each in learn], [each.line for each in asked])


def words_of_both(
    learn: Sequence[Example], asked: Sequence[Example]
) -> tuple[csr_matrix, csr_matrix]:
    """The same, of the message too."""
    lines = words(learn, asked)
    said = tfidf([each.message or "" for each in learn], [each.message or "" for each in asked])
    return hstack([lines[0], said[0]]), hstack([lines[1], said[1]])


def sentiment(learn: Sequence[Example], asked: Sequence[Example]) -> tuple[csr_matrix, csr_matrix]:
    """The four scores of VADER."""
    analyser = SentimentIntensityAnalyzer()

    def scores(some: Sequence[Example]) -> csr_matrix:
        return csr_matrix([list(analyser.polarity_scores(each.line).values()) for each in some])

    return scores(learn), scores(asked)


PEERS: Mapping[str, Features] = {
    "tfidf": words,
    "tfidf_with_message": words_of_both,
    "vader": sentiment,
}


def _chances(learn: Sequence[Example], asked: Sequence[Example], features: Features) -> Floats:
    seen, unseen = features(learn, asked)
    return regressed(seen, truth(learn), unseen)


def regressed(seen: csr_matrix, answers: Truth, unseen: csr_matrix) -> Floats:
    """[unseen rows, answers]."""
    models = [
        LogisticRegression(C=4, class_weight="balanced", max_iter=1000).fit(seen, answers[:, at])
        for at in range(answers.shape[1])
    ]
    return np.stack([model.predict_proba(unseen)[:, 1] for model in models], axis=1)


def tfidf(learn: Sequence[str], asked: Sequence[str]) -> tuple[csr_matrix, csr_matrix]:
    kinds = [
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=WORD),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2, sublinear_tf=True),
    ]
    seen = hstack([kind.fit_transform(learn) for kind in kinds])
    return seen.tocsr(), hstack([kind.transform(asked) for kind in kinds]).tocsr()
