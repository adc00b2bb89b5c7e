"""Words of danger, and of contempt, in a reply: a reviewed list of words, nothing learned.

It only lets the feedback offer something else than a remark, to the writer alone. It reads words,
not people, and will be wrong both ways: docs/decisions/0015 says what it cannot catch.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

WORDS = Path(__file__).parent / "words" / "danger.en.toml"

_SENTENCE_ENDS = re.compile(r"[.!?;:\n…]+")
_WORD = re.compile(r"[a-z0-9][a-z0-9'*-]*")
_SHORT_FORMS = (
    (re.compile(r"\bcan't\b"), "can not"),
    (re.compile(r"\bwon't\b"), "will not"),
    (re.compile(r"\bshan't\b"), "shall not"),
    (re.compile(r"\bain't\b"), "am not"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"'m\b"), " am"),
    (re.compile(r"'re\b"), " are"),
    (re.compile(r"'ve\b"), " have"),
    (re.compile(r"'ll\b"), " will"),
    (re.compile(r"'d\b"), " would"),
    (re.compile(r"'s\b"), " is"),
)
_TOKEN = re.compile(
    r"\((?P<maybe>[^()]*)\)|(?P<gap>\*)|(?P<end>\$)|(?P<start>\^)|(?P<word>[^\s()*$^]+)"
)
_TAKEN_OUT = " ~ "


class Kind(StrEnum):
    """What the words may speak of; the first that is found is the one that is answered."""

    THREAT = "threat"
    DIE = "die"
    FEAR = "fear"
    UNKIND = "unkind"


@dataclass(frozen=True, slots=True)
class Care:
    """What is said to the writer instead of a remark."""

    kind: Kind
    title: str
    lines: tuple[str, ...]

    @property
    def offers_help(self) -> bool:
        return self.kind is not Kind.UNKIND


def care_for(text: str) -> Care | None:
    """What to say to whoever wrote this, if its words may speak of danger or contempt."""
    kind = kind_of(text)
    if kind is None:
        return None
    said = _words()["say"][kind]
    return Care(kind, said["title"], tuple(said["lines"]))


def kind_of(text: str) -> Kind | None:
    """The gravest kind that a sentence of the text holds."""
    plain = _plain(text)
    return next((kind for kind in Kind if _holds(plain, kind)), None)


def _holds(plain: str, kind: Kind) -> bool:
    for harmless in _patterns(kind, "harmless"):
        plain = harmless.sub(_TAKEN_OUT, plain)
    return any(each.search(plain) for each in _patterns(kind, "lines"))


def _plain(text: str) -> str:
    """Small letters, short forms written out, one space between words, sentences apart."""
    sentences = _SENTENCE_ENDS.split(text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    return "|".join(f" {_one_sentence(each)} " for each in sentences if each.strip())


def _one_sentence(sentence: str) -> str:
    for short, long in _SHORT_FORMS:
        sentence = short.sub(long, sentence)
    text = " ".join(_WORD.findall(sentence))
    text = _written().sub(lambda found: _words()["written"][found[0]], text)
    return " ".join(_without_fillers(text.split()))


def _without_fillers(said: list[str]) -> Iterable[str]:
    fillers, after_dead = set(_words()["fillers"]), set(_words()["after_dead"])
    for word, following in zip(said, [*said[1:], ""], strict=False):
        if word not in fillers or (word == "dead" and following not in after_dead):
            yield word


@cache
def _written() -> re.Pattern[str]:
    longest_first = sorted(_words()["written"], key=len, reverse=True)
    return re.compile(rf"(?<!\S)({'|'.join(map(re.escape, longest_first))})(?!\S)")


@cache
def _patterns(kind: Kind, part: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(_pattern(line)) for line in _words()[kind][part])


def _pattern(line: str) -> str:
    """A line of the list as a pattern over plain text, where a space stands before each word."""
    return "".join(_piece(found) for found in _TOKEN.finditer(line)) + r"(?![^ |])"


def _piece(found: re.Match[str]) -> str:
    if found["start"]:
        return r"(?:(?<=\|)|(?<=^))"
    if found["end"]:
        return r"(?= ?(?:\||$))"
    if found["gap"]:
        return r"(?: [^ |~]+){0,4}"
    if found["maybe"] is not None:
        return f"(?:{_any_of(found['maybe'])})?"
    return _any_of(found["word"])


def _any_of(words: str) -> str:
    """Alternatives between slashes; each is a word, or the name of a set."""
    return f"(?:{'|'.join(_alternative(each) for each in words.split('/'))})"


def _alternative(word: str) -> str:
    if word == "<anyword>":
        return " [^ |~]+"
    if word == "$":
        return r"(?= ?(?:\||$))"
    if word.startswith("<"):
        phrases = _words()["sets"][word.strip("<>")]
        return "|".join("".join(_any_of(each) for each in phrase.split()) for phrase in phrases)
    return f" {re.escape(word)}"


@cache
def _words() -> Mapping[str, Any]:
    words: Mapping[str, Any] = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    return words
