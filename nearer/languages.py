"""Whether a text is in a language that the house cannot read.

The cue model knows English alone and reads nonsense out of anything else, so a room asks here
before it says something about somebody's words. Plain Python, offline.
"""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier  # type: ignore[import-untyped]  # ships no types

MORE_LETTERS_THAN = 40
"""In fewer, languages cannot be told apart."""
READ = frozenset({"en", "pcm"})
"""English, and Nigerian Pidgin: what the library takes for it is mostly English of other coasts."""
SURE_FROM = 0.8
"""Probability of the likeliest language. At this none of 4,816 lines that we wrote in many
Englishes is refused (docs/decisions/0016-telling-other-languages-apart.md)."""


def is_foreign(text: str) -> bool:
    """Whether a text of more than 40 letters is almost surely in another language."""
    if sum(map(str.isalpha, text)) <= MORE_LETTERS_THAN:
        return False
    language, probability = _identifier().classify(text)
    return language not in READ and bool(probability >= SURE_FROM)


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - slow

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
