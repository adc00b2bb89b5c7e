"""The words of this room: read once, in the language of the file."""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from nearer.cues import read
from nearer.cues.feedback import Feedback, respond, unread
from nearer.languages import is_foreign

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Scene:
    """Somebody says something to you; you answer."""

    id: str
    bond: str
    feeling: str
    who: str
    message: str
    examples: tuple[str, ...]
    heart: str


@cache
def words() -> dict[str, Any]:
    """The live room's sentences, as prompts/en.toml has them."""
    return tomllib.loads(files(__package__).joinpath("en.toml").read_text("utf-8"))


def felt_labels(name: str) -> dict[str, str]:
    """The three ratings as they are asked for; they are called the same wherever they are shown."""
    asked = words()["felt"]
    parts = ("understood", "valued", "cared_for")
    return {part: asked[part]["label"].format(name=name) for part in parts}


@cache
def scenes() -> tuple[Scene, ...]:
    raw = tomllib.loads(files(__package__).joinpath("scenes.en.toml").read_text("utf-8"))
    return tuple(Scene(**{**each, "examples": tuple(each["examples"])}) for each in raw["scene"])


def one_of(choices: Sequence[T], key: object) -> T:
    """The same choice each time for the same key, so that a page redrawn reads the same."""
    return choices[zlib.crc32(str(key).encode()) % len(choices)]


def feedback_on(text: str, message: str | None) -> Feedback:
    """What its writer reads about a reply to a message."""
    return unread(text) if is_foreign(text) else respond(read(text, context=message))
