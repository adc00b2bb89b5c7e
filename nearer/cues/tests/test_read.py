"""What `read` promises, whatever the text."""

import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearer.cues import Cue, Finding, Reading, Span, read, read_many
from nearer.cues.reading import REFLECTIONS
from nearer.cues.tests.dialogues import REPLIES, RIGHT_AND_WRONG

MESSAGE = "They never rang. I kept the phone on the table all day."
# Of our own pairs, at least this share must get a higher chance of reflecting for the right one.
RIGHT_ABOVE_WRONG = 0.75


def reflects(reply: str, message: str) -> float:
    reading = read(reply, message)
    return sum(reading.of(cue).probability for cue in REFLECTIONS)


def assert_sound(reading: Reading) -> None:
    assert [finding.cue for finding in reading.findings] == list(Cue)
    for finding in reading.findings:
        assert 0 <= finding.probability <= 1
        assert_whole_words(reading.text, finding.spans)


def assert_whole_words(text: str, spans: tuple[Span, ...]) -> None:
    ends = 0
    for span in spans:
        assert ends <= span.start < span.end <= len(text)
        assert not text[span.start : span.end][0].isspace()
        assert not (span.start > 0 and text[span.start - 1].isalnum())
        assert not (span.end < len(text) and text[span.end].isalnum())
        ends = span.end


@pytest.mark.parametrize("reply", REPLIES)
def test_every_reply_gets_one_finding_per_cue_with_whole_words_marked(reply: str) -> None:
    assert_sound(read(reply, MESSAGE))


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=400), st.none() | st.text(max_size=200))
def test_any_text_is_read(reply: str, message: str | None) -> None:
    assert_sound(read(reply, message))


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet="𝓗é́\u200d👩‍🚀ßİﷺ\ud800 \x00?'a.", max_size=60))
def test_odd_letters_are_read(reply: str) -> None:
    assert_sound(read(reply, reply[::-1]))


@pytest.mark.parametrize("empty", ["", " ", "\n\t", "\u200b", "\x00", "\u200d\u200d", "\ufe0f"])
def test_nothing_is_found_in_nothing(empty: str) -> None:
    reading = read(empty, MESSAGE)
    assert_sound(reading)
    assert all(finding.probability == 0 for finding in reading.findings)
    assert reading.sure == ()
    assert list(read_many([(empty, MESSAGE)])) == [reading]


def test_the_same_reply_is_read_the_same_way() -> None:
    assert read(REPLIES[4], MESSAGE) == read(REPLIES[4], MESSAGE)


def test_a_megabyte_is_read_in_bounded_time() -> None:
    read("Warm up.")
    begin = time.perf_counter()
    assert_sound(read("So they never rang you, all day long. " * 28_000, "word " * 200_000))
    assert_sound(read("x" * 1_000_000))
    assert time.perf_counter() - begin < 5


def test_the_end_of_a_longer_reply_is_read_too() -> None:
    start = "So they said no, and you had already told everybody about the flat. " * 6
    with_question = read(start + "What did you do then?", MESSAGE)
    assert (
        with_question.of(Cue.ASKS_OPEN).probability
        > read(start, MESSAGE).of(Cue.ASKS_OPEN).probability
    )


def test_a_reflection_of_the_wrong_thing_is_told_from_a_right_one() -> None:
    better = [
        reflects(right, message) > reflects(wrong, message)
        for message, right, wrong in RIGHT_AND_WRONG
    ]
    assert sum(better) >= RIGHT_ABOVE_WRONG * len(better)


def test_a_reflection_of_another_message_is_told_from_a_right_one() -> None:
    others = [*RIGHT_AND_WRONG[1:], RIGHT_AND_WRONG[0]]
    better = [
        reflects(right, message) > reflects(right, other)
        for (message, right, _), (other, _, _) in zip(RIGHT_AND_WRONG, others, strict=True)
    ]
    assert sum(better) >= RIGHT_ABOVE_WRONG * len(better)


def test_at_most_one_kind_of_reflection_is_shown() -> None:
    for message, right, _ in RIGHT_AND_WRONG:
        kinds = [read(right, message).of(cue).is_sure for cue in REFLECTIONS]
        assert sum(kinds) <= 1


def test_sure_findings_come_likeliest_first() -> None:
    told = {Cue.VALIDATES: 0.5, Cue.ADVISES: 0.9, Cue.JUDGES: 0.2, Cue.THANKS: 0.6}
    found = [Finding(cue, chance, (), chance > 0.4) for cue, chance in told.items()]
    chances = [finding.probability for finding in Reading("x", tuple(found)).sure]
    assert chances == [0.9, 0.6, 0.5]


def test_importing_is_light_and_reading_needs_no_django() -> None:
    code = """
import sys
import nearer.cues, nearer.cues.feedback
assert not {"numpy", "tokenizers"} & set(sys.modules), "imported too early"
nearer.cues.read("So they said no.", "They said no.")
heavy = {"django", "torch", "sklearn"} & {name.split(".")[0] for name in sys.modules}
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 - our own lines
