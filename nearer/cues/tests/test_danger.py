"""Words of danger and contempt: what leads to an offer of help, and what must be left alone."""

import json
import re
import time
import tomllib
from pathlib import Path

import pytest

from nearer.cues import Cue, Finding, Reading, Span, read
from nearer.cues.danger import WORDS, Kind, care_for, kind_of
from nearer.cues.feedback import respond
from nearer.cues.tests.said import MUST_FIRE, MUST_NOT_FIRE

ROOT = Path(__file__).parents[3]
LINES = sorted((ROOT / "training" / "data").glob("lines_*.jsonl"))
DECISION = ROOT / "docs" / "decisions" / "0015-words-of-danger.md"
STORED = tomllib.loads(WORDS.read_text(encoding="utf-8"))
SAID = [
    line for kind in Kind for line in (STORED["say"][kind]["title"], *STORED["say"][kind]["lines"])
]
DANGERS = (Kind.THREAT, Kind.DIE, Kind.FEAR)
# Training lines, by their ids, in which somebody is or was afraid of a person or of their own hand,
# or asks whether the other is: an offer of help is right there, and has to be made.
REALLY_AFRAID = {
    "l-moose-jaw-lunch-17",
    "n-two-kinds-of-sorry-5",
    "o-step-mum-teen-grown-12",
    "p-fishing-uncle-7",
    "p-london-glass-5",
    "q-stoma-12",
    "s-kota-second-attempt-4",
}
FIRES = [(kind, sentence) for kind, sentences in MUST_FIRE.items() for sentence in sentences]


@pytest.mark.parametrize(("kind", "sentence"), FIRES)
def test_plain_words_of_danger_or_contempt_are_heard(kind: Kind, sentence: str) -> None:
    assert kind_of(sentence) is kind


@pytest.mark.parametrize("sentence", MUST_NOT_FIRE)
def test_words_that_only_sound_alike_are_left_alone(sentence: str) -> None:
    assert kind_of(sentence) is None


def test_the_page_that_says_what_cannot_be_caught_names_both_rates() -> None:
    page = DECISION.read_text(encoding="utf-8")
    heard = sum(kind_of(sentence) is kind for kind, sentence in FIRES)
    left_alone = sum(kind_of(sentence) is None for sentence in MUST_NOT_FIRE)
    rates = (
        f"{heard} of {len(FIRES)} sentences that must be heard",
        f"{left_alone} of {len(MUST_NOT_FIRE)} that must not",
    )
    assert len(FIRES) >= 60
    assert len(MUST_NOT_FIRE) >= 120
    assert all(rate in page for rate in rates)


@pytest.mark.skipif(not LINES, reason="the lines that train the model are not part of a package")
def test_hardly_an_ordinary_reply_is_taken_for_danger() -> None:
    """Replies of the training writers, who knew nothing of this list."""
    rows = [
        json.loads(row) for path in LINES for row in path.read_text(encoding="utf-8").splitlines()
    ]
    kinds = {row["id"]: kind_of(row["line"] or "") for row in rows}
    offered = {name for name, kind in kinds.items() if kind in DANGERS}
    asked = sum(kind is Kind.UNKIND for kind in kinds.values())
    counted = (
        f"Of {len(rows):,} ordinary replies, {len(offered)} led to an offer of help "
        f"and {asked} to the question"
    )
    assert offered >= REALLY_AFRAID
    assert len(offered - REALLY_AFRAID) <= 3
    assert counted in DECISION.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "spelled",
    [
        "I WANT TO DIE",
        "i  want to\ndie".replace("\n", " "),
        "Fine. I want to die, okay",
        "I\u2019m scared of you",
    ],
)
def test_spelling_hides_nothing(spelled: str) -> None:
    assert kind_of(spelled) in DANGERS


def test_words_of_two_sentences_are_not_read_as_one() -> None:
    assert kind_of("I am not scared. Of you I think fondly") is None
    assert kind_of("Who wants to? Die Musik is playing") is None


def test_the_gravest_is_answered_first() -> None:
    assert kind_of("You idiot. If you leave me I will kill myself.") is Kind.THREAT
    assert kind_of("I am scared of you and I want to die.") is Kind.DIE


@pytest.mark.parametrize(("kind", "sentence"), FIRES)
def test_danger_and_contempt_get_no_remark_about_the_reply(kind: Kind, sentence: str) -> None:
    sure = tuple(Finding(cue, 0.9, (Span(0, 2),), is_sure=True) for cue in Cue)
    feedback = respond(Reading(sentence, sure))
    assert (feedback.care, feedback.try_next, feedback.marked) == (care_for(sentence), None, ())
    assert feedback.found.text == STORED["say"][kind]["title"]


def test_an_ordinary_reply_gets_its_remark_as_before() -> None:
    feedback = respond(read("So they said no, and you had told your mum.", "They said no."))
    assert feedback.care is None


def test_help_is_offered_for_each_danger_and_for_contempt_only_a_question() -> None:
    cares = {kind: care_for(MUST_FIRE[kind][0]) for kind in Kind}
    assert [kind for kind, care in cares.items() if care and care.offers_help] == list(DANGERS)
    assert (unkind := cares[Kind.UNKIND])
    assert (unkind.lines, "?" in unkind.title) == ((), True)


@pytest.mark.parametrize("sentence", SAID)
def test_what_is_said_is_no_verdict_and_no_diagnosis(sentence: str) -> None:
    verdict = (
        r"\b(you are (a|an|suicidal|ill)|disorder|depress\w*|abus\w*|wrong|bad|must|should)\b|!"
    )
    assert not re.search(verdict, sentence, re.IGNORECASE)


def test_a_long_text_is_read_in_a_moment() -> None:
    began = time.perf_counter()
    assert kind_of("if you leave and if you go and i will not " * 250) is None
    assert time.perf_counter() - began < 2
