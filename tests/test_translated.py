"""What a program says on a page goes past the translators, as the words of templates do."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

NEARER = Path(__file__).parent.parent / "nearer"
_NOT_ON_A_PAGE = {"migrations", "tests", "cues", "vault"}
"""What the feedback says is in files of words; a vault says nothing."""
_IN_THE_SHELL = {"views", "templatetags", "context.py", "leaving.py"}
"""The rest of the shell speaks to whoever starts the house, on a terminal, or refuses what never
became a request: nobody's language is known there."""
SOURCES = sorted(
    path
    for path in NEARER.rglob("*.py")
    if not _NOT_ON_A_PAGE & {*path.parts}
    and ("web" not in path.parts or _IN_THE_SHELL & {*path.parts})
)
_TO_TRANSLATE = ("_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy")
_FOR_THE_LOG = ("log_refusal", "warning", "exception", "info", "error")
_SENTENCE = re.compile(r"[A-Za-z]{2,}[',.]* \(?[A-Za-z]+")
_MARKUP = re.compile(r"[<>{}=/]")
_SHOWN_AS = ("title", "promise", "label", "help_text", "hint")
"""Arguments that pages show, so that a single word counts too."""


def untranslated(node: ast.AST) -> Iterator[str]:
    """Sentences of a program that no translator will see."""
    if _is_never_shown(node):
        return
    if isinstance(node, ast.keyword) and node.arg in _SHOWN_AS:
        yield from _text(node.value)
    elif _SENTENCE.search(" ".join(_text(node))) and not _MARKUP.search(" ".join(_text(node))):
        yield from _text(node)
    for child in ast.iter_child_nodes(node):
        yield from untranslated(child)


def _text(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    return []


def _is_never_shown(node: ast.AST) -> bool:
    """Translated, a docstring, an error that views catch, a comparison, or for a log."""
    if isinstance(node, ast.Call):
        called = getattr(node.func, "id", getattr(node.func, "attr", ""))
        return called in (*_TO_TRANSLATE, *_FOR_THE_LOG)
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    is_row_by_name = getattr(node, "name", "") == "__str__"
    return is_row_by_name or isinstance(node, ast.Raise | ast.Compare)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(NEARER)))
def test_every_sentence_that_a_program_shows_can_be_translated(path: Path) -> None:
    assert list(untranslated(ast.parse(path.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    "source",
    [
        "Practice(title='Listening')",
        'where = " (on the other\'s phone)"',
        "form.add_error(None, 'That does not fit.')",
        "message = f'Good morning, dear {name}'",
    ],
)
def test_search_for_untranslated_sentences_finds_some(source: str) -> None:
    assert list(untranslated(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "Practice(title=gettext_noop('Listening'))",
        "form.add_error(None, _('That does not fit.'))",
        "def f():\n    'What it does, for us.'",
        "raise OutOfTurn('not a move for now')",
    ],
)
def test_search_for_untranslated_sentences_leaves_others_alone(source: str) -> None:
    assert list(untranslated(ast.parse(source))) == []
