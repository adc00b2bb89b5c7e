"""The tone of what is said to a person about their own reply."""

import re
import tomllib
from collections.abc import Iterable
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearer.cues import Cue, Finding, Reading, Span, read
from nearer.cues.feedback import (
    EMPTY,
    FOREIGN,
    FOUND,
    IN_THE_WAY,
    ONE_STEP_MORE,
    REFLECTS,
    UNSURE,
    WORDS,
    Feedback,
    respond,
)
from nearer.cues.reading import REFLECTIONS
from nearer.cues.tests.dialogues import KIND, REPLIES, RIGHT_AND_WRONG, SHARP, TALKS

STORED = tomllib.loads(WORDS.read_text(encoding="utf-8"))
SENTENCES = [line for part in STORED.values() for lines in part.values() for line in lines]
# Words that would say something about the other person, hand out a verdict, or score.
ABOUT_THE_OTHER = re.compile(
    r"\b(he|she|him|her|his|partner|couple|husband|wife)\b"
    r"|\bthey (are|were|feel|felt|want|need|will|must|should|seem|think)\b|\btheir (feeling|mood)",
    re.IGNORECASE,
)
VERDICT = re.compile(
    r"\b(good|bad|well done|great|perfect|wrong|right|correct|poor|better|fail\w*|mistake"
    r"|should|must|always|never|score|per cent|points?|you (judge|minimise|advise|lecture)\w*)\b"
    r"|[!%\d]",
    re.IGNORECASE,
)
GUESS = re.compile(r"\b(seems?|looks? like|reads? as)\b", re.I)


def reading_with(*sure: Cue, text: str = "So they said no. What now?") -> Reading:
    def finding(cue: Cue) -> Finding:
        spans = (Span(0, 2),) if cue in sure else ()
        return Finding(cue, 0.9 if cue in sure else 0.1, spans, cue in sure)

    return Reading(text, tuple(finding(cue) for cue in Cue))


BLAMED = [cue for cue in IN_THE_WAY if cue not in {Cue.ADVISES, Cue.TURNS_TO_SELF}]
WARM = (REFLECTS, Cue.REPAIRS, Cue.OWNS_PART, Cue.GENTLE_START, Cue.PRAISES, Cue.THANKS)
TURNS = [
    (tone, line, message)
    for talk in TALKS
    for (tone, line), message in zip(talk, (None, *(said for _, said in talk)), strict=False)
]


def said(feedback: Feedback) -> str:
    return " ".join((feedback.found.text, feedback.try_next.text if feedback.try_next else ""))


def test_every_case_has_words() -> None:
    assert set(STORED) == {"found", "try_next"}
    assert set(STORED["found"]) == {*FOUND, UNSURE, EMPTY, FOREIGN}
    assert set(STORED["try_next"]) == {*IN_THE_WAY, *ONE_STEP_MORE}
    assert {*FOUND} == {REFLECTS, *(cue for cue in Cue if cue not in REFLECTIONS)}


def test_variants_are_several_and_differ() -> None:
    assert len(set(SENTENCES)) == len(SENTENCES)
    for part in STORED.values():
        assert all(len(lines) >= 2 for kind, lines in part.items() if kind != EMPTY)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_words_hold_no_verdict_and_nothing_about_the_other(sentence: str) -> None:
    assert not ABOUT_THE_OTHER.search(sentence)
    assert not VERDICT.search(sentence)
    assert len(sentence) <= 120


@pytest.mark.parametrize("sentence", STORED["try_next"][Cue.ASKS_CLOSED])
def test_no_closed_question_is_told_to_be_an_open_one(sentence: str) -> None:
    assert not re.search(r"\b(open|closed|longer|with (what|how)|what or how)\b", sentence)


@pytest.mark.parametrize("sentence", STORED["found"][REFLECTS])
def test_a_reflection_is_named_as_a_guess(sentence: str) -> None:
    assert GUESS.search(sentence)


@pytest.mark.parametrize("sentence", STORED["found"][REFLECTS])
def test_whether_a_reflection_is_of_the_right_thing_is_left_to_the_other(sentence: str) -> None:
    assert re.search(r"\bthey can\b|\broom to say\b", sentence, re.I)


@pytest.mark.parametrize("cue", IN_THE_WAY)
def test_what_is_in_the_way_is_put_as_a_question_or_an_offer(cue: Cue) -> None:
    for line in STORED["try_next"][cue]:
        assert "?" in line or "could" in line


@given(st.sets(st.sampled_from(tuple(Cue))), st.text(min_size=1).filter(str.strip))
def test_there_is_never_more_than_one_thing_to_try(cues: set[Cue], text: str) -> None:
    feedback = respond(reading_with(*cues, text=text))
    offers = [line for lines in STORED["try_next"].values() for line in lines]
    assert sum(line in said(feedback) for line in offers) <= 1
    assert feedback.is_unsure == (not cues)
    assert not (feedback.is_unsure and feedback.try_next)


def test_nothing_definite_is_said_when_unsure() -> None:
    feedback = respond(reading_with())
    assert feedback.is_unsure
    assert feedback.found.text in STORED["found"][UNSURE]
    assert feedback.found.marked == ()
    assert feedback.try_next is None


def test_an_empty_reply_gets_no_reading() -> None:
    feedback = respond(read("  "))
    assert feedback.is_unsure
    assert feedback.found.text in STORED["found"][EMPTY]


def test_a_reflection_is_named_first_and_needs_nothing_more() -> None:
    for other in (Cue.VALIDATES, Cue.ASKS_OPEN, Cue.ASKS_CLOSED):
        feedback = respond(reading_with(Cue.REFLECTS_COMPLEX, other))
        assert feedback.found.text in STORED["found"][REFLECTS]
        assert feedback.found.marked == (Span(0, 16),)
        assert feedback.try_next is None


def test_whole_sentences_are_marked_and_each_once() -> None:
    text = "My uncle died. It was so sudden! Who was there?"
    for spans, marked in (
        ((Span(3, 9), Span(10, 14)), [text[:14]]),
        ((Span(22, 40),), ["It was so sudden!"]),
        ((Span(3, 9), Span(33, 40)), ["My uncle died.", "Who was there?"]),
    ):
        found = Finding(Cue.REFLECTS_SIMPLE, 0.9, spans, is_sure=True)
        feedback = respond(Reading(text, (found,)))
        assert [text[each.start : each.end] for each in feedback.marked] == marked


def test_the_reply_is_marked_once_for_both_remarks() -> None:
    feedback = respond(reading_with(Cue.ASKS_OPEN, Cue.JUDGES))
    assert feedback.try_next
    assert feedback.marked == feedback.found.marked == feedback.try_next.marked


def test_simple_and_complex_reflections_get_the_same_words() -> None:
    simple, deep = (respond(reading_with(cue)) for cue in REFLECTIONS)
    assert simple == deep


@pytest.mark.parametrize(("first", "second"), list(combinations(IN_THE_WAY, 2)))
def test_what_stands_most_in_the_way_is_the_one_thing_to_try(first: Cue, second: Cue) -> None:
    feedback = respond(reading_with(first, second, Cue.ASKS_OPEN))
    assert feedback.try_next
    assert feedback.try_next.text in STORED["try_next"][first]
    assert feedback.found.text in STORED["found"][Cue.ASKS_OPEN]


@pytest.mark.parametrize("cue", [*IN_THE_WAY, *ONE_STEP_MORE])
def test_each_cue_alone_leads_to_its_own_words(cue: Cue) -> None:
    feedback = respond(reading_with(cue))
    assert feedback.try_next
    assert feedback.found.text in STORED["found"][cue]
    assert feedback.try_next.text in STORED["try_next"][cue]


def test_words_stay_the_same_for_a_reply_and_vary_over_replies() -> None:
    texts = [f"So they said no, {number} times." for number in range(40)]
    first = [respond(reading_with(Cue.REFLECTS_SIMPLE, text=text)).found.text for text in texts]
    again = [respond(reading_with(Cue.REFLECTS_SIMPLE, text=text)).found.text for text in texts]
    assert first == again
    assert set(first) == set(STORED["found"][REFLECTS])


def test_real_replies_get_kind_words_and_marks_inside_the_reply() -> None:
    pairs = [(reply, RIGHT_AND_WRONG[0][0]) for reply in REPLIES]
    pairs += [(reply, message) for message, *both in RIGHT_AND_WRONG for reply in both]
    for reply, message in pairs:
        feedback = respond(read(reply, message))
        assert said(feedback).strip()
        marks = feedback.found.marked + (feedback.try_next.marked if feedback.try_next else ())
        assert all(reply[mark.start : mark.end].strip() for mark in marks)


def test_a_love_you_is_not_corrected() -> None:
    for reply in ("Love you", "Mm.", "ok", "I'll be home at six.", "\N{FACE WITH TEARS OF JOY}"):
        assert respond(read(reply, RIGHT_AND_WRONG[2][0])).try_next is None


def is_one_of(text: str, part: str, cues: Iterable[str]) -> bool:
    return any(text in STORED[part][cue] for cue in cues)


def test_in_whole_talks_hardly_a_line_that_is_not_sharp_is_met_as_if_it_were() -> None:
    others = [(line, message) for tone, line, message in TURNS if tone != SHARP]
    blamed = [
        line
        for line, message in others
        if (idea := respond(read(line, message)).try_next)
        and is_one_of(idea.text, "try_next", BLAMED)
    ]
    assert len(blamed) <= 1, blamed


def test_in_whole_talks_no_sharp_line_is_called_warm() -> None:
    for tone, line, message in TURNS:
        if tone == SHARP:
            assert not is_one_of(respond(read(line, message)).found.text, "found", WARM), line


def test_in_whole_talks_what_is_not_sure_is_not_said() -> None:
    feedback = [(read(line, message), respond(read(line, message))) for _, line, message in TURNS]
    unsure = [told for reading, told in feedback if not reading.sure]
    assert unsure
    for told in unsure:
        assert is_one_of(told.found.text, "found", [UNSURE])
        assert not told.marked
        assert not told.try_next


def test_in_whole_talks_warm_lines_are_often_enough_told_what_is_there() -> None:
    kind = [respond(read(line, message)) for tone, line, message in TURNS if tone == KIND]
    assert sum(not told.is_unsure for told in kind) >= len(kind) / 2
