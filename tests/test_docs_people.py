"""What the documents for people name is there, and what is there is named."""

from __future__ import annotations

import ast
import hashlib
import re
import shlex
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from nearer.catalogue import PRACTICES
from nearer.practices.listening.rules import Step
from nearer.web.cli import app
from nearer.web.environment import SETTINGS

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMES = [str(path.relative_to(ROOT)) for path in DOCUMENTS]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
APACHE_2 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
"""SHA-256 of the text at www.apache.org/licenses/LICENSE-2.0.txt."""

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_PATH = re.compile(r"`([\w.-]+(?:/[\w.-]+)+\.\w+)(?:::(\w+))?`")
_SETTING = re.compile(r"\b(?:NEARER_[A-Z_]+|[A-Z]+_URL)\b")
_SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`((?:\./run|\./check|nearer) [^`]+)`")
_SET = re.compile(r"[A-Z]+=")
_TERM = re.compile(r"^\| \*\*([\w -]+)\*\* \| (.+) \| `(nearer[\w.]*)` \|$", re.MULTILINE)
_FLOOR = re.compile(r"^\| \d \| `([\w.]+)` \|", re.MULTILINE)
_CASE = re.compile(r"^\| (?!who tries|---).+ \| .+ \| (.+) \|$", re.MULTILINE)


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pyproject() -> dict[str, Any]:
    return tomllib.loads(text("pyproject.toml"))


def anchors(document: Path) -> set[str]:
    """Headings as the addresses that a forge makes of them."""
    headings = _HEADING.findall(document.read_text(encoding="utf-8"))
    plain = [re.sub(r"[^\w\s-]", "", heading.lower()) for heading in headings]
    return {heading.strip().replace(" ", "-") for heading in plain}


def leads_somewhere(document: Path, link: str) -> bool:
    path, _hash, anchor = link.partition("#")
    target = (document.parent / path).resolve() if path else document
    if not target.is_relative_to(ROOT) or not target.exists():
        return False
    return not anchor or anchor in anchors(target)


# ------------------------------------------------------------------ links, files, settings


@pytest.mark.parametrize("name", NAMES)
def test_every_link_within_the_house_leads_somewhere(name: str) -> None:
    links = [link for link in _LINK.findall(text(name)) if not link.startswith("http")]
    assert [link for link in links if not leads_somewhere(ROOT / name, link)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_file_and_test_that_a_document_names_is_there(name: str) -> None:
    """The threat model names tests from the package's folder."""
    named = _PATH.findall(text(name))
    missing = []
    for path, function in named:
        found = [base / path for base in (ROOT, ROOT / "nearer") if (base / path).exists()]
        if not found or (function and function not in functions(found[0])):
            missing.append((path, function))
    assert missing == []


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_that_a_document_names_is_one(name: str) -> None:
    assert set(_SETTING.findall(text(name))) <= {each.name for each in SETTINGS}


def functions(module: Path) -> set[str]:
    tree = ast.walk(ast.parse(module.read_text(encoding="utf-8")))
    return {each.name for each in tree if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}


# ------------------------------------------------------------------ commands


def commands() -> dict[str, TyperCommand]:
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    return {n: each for n, each in group.commands.items() if isinstance(each, TyperCommand)}


def options_of(command: TyperCommand) -> dict[str, str]:
    """Every option with its help."""
    options = [each for each in command.params if isinstance(each, TyperOption)]
    return {word: each.help or "" for each in options for word in each.opts}


def is_ours(line: str) -> bool:
    """Whether this line of a shell is a command that exists, with options that it has."""
    words = [word for word in shlex.split(line, comments=True) if not _SET.match(word)]
    if words[0] == "make":
        return f"\n{words[1]}:" in text("Makefile")
    if words[0] == "./check":
        return (ROOT / "check").exists() and all(word in text("check") for word in words[1:])
    if words[0].startswith(".venv/"):
        what = words[2] if words[2] != "pytest" else words[-1]
        return (ROOT / what).exists() or (ROOT / f"{what.replace('.', '/')}.py").exists()
    return is_of_the_house(words[1:], needs_command=words[0] == "nearer")


def is_of_the_house(words: list[str], *, needs_command: bool) -> bool:
    """``./run`` without a command serves, and takes ``--demo`` for one."""
    known = commands()
    options = {word for word in words if word.startswith("--")}
    if words and not words[0].startswith("-"):
        return words[0] in known and options <= options_of(known[words[0]]).keys()
    return not needs_command and options <= {*options_of(known["serve"]), "--demo"}


@pytest.mark.parametrize("name", NAMES)
def test_every_command_in_a_document_can_be_typed(name: str) -> None:
    blocks = [line for block in _SHELL.findall(text(name)) for line in block.splitlines()]
    lines = [*filter(None, blocks), *_INLINE.findall(text(name))]
    wrong = [line for line in lines if "COMMAND" not in line and not is_ours(line)]
    assert wrong == []


def test_every_command_has_its_line_with_the_words_of_its_own_help() -> None:
    told = re.findall(r"^\| `([a-z]+)(?: FILE)?` \| (.+) \|$", text("docs/commands.md"), re.M)
    assert dict(told) == {name: each.help for name, each in commands().items()}


def test_every_option_has_its_line_with_the_words_of_its_own_help() -> None:
    rows = re.findall(r"^\| `(--[\w-]+)` \| (.+) \| (.+) \|$", text("docs/commands.md"), re.M)
    told = {(o, c, what) for o, of, what in rows for c in re.findall(r"`(\w+)`", of)}
    options = {
        (option, name, what)
        for name, command in commands().items()
        for option, what in options_of(command).items()
    }
    assert told == options


# ------------------------------------------------------------------ rooms, floors, words


def test_readme_tells_of_every_room_that_is_built_and_of_no_other() -> None:
    part = text("README.md").partition("## What you can do in it")[2].partition("\n## ")[0]
    told = re.findall(r"^- \*\*(.+?)\*\*", part, re.MULTILINE)
    assert told == [str(practice.title) for practice in PRACTICES]


def test_floors_are_those_that_the_contract_holds() -> None:
    contracts = pyproject()["tool"]["importlinter"]["contracts"]
    floors = next(each["layers"] for each in contracts if each["name"].startswith("Floors"))
    built = [re.sub(r" ?\|? ?\(\w+\)", "", floor) for floor in floors]
    told = [folder.partition(".")[0] for folder in _FLOOR.findall(text("ARCHITECTURE.md"))]
    assert told == [name for floor in built for name in floor.split(" | ") if name]


def test_floors_name_every_folder_of_the_package() -> None:
    told = {folder.partition(".")[0] for folder in _FLOOR.findall(text("ARCHITECTURE.md"))}
    modules = [each for each in (ROOT / "nearer").iterdir() if not each.name.startswith("__")]
    assert told == {each.stem for each in modules if each.is_dir() or each.suffix == ".py"}


TERMS = {word: (meaning, where) for word, meaning, where in _TERM.findall(text("GLOSSARY.md"))}


def found_at(where: str) -> object:
    """The module, or what is called so in it."""
    module, _dot, name = where.rpartition(".")
    if name[0].isupper() or not (ROOT / where.replace(".", "/")).with_suffix(".py").exists():
        return getattr(import_module(module), name)
    return import_module(where)


@pytest.mark.parametrize("word", TERMS)
def test_every_word_of_the_glossary_lives_where_it_says(word: str) -> None:
    assert found_at(TERMS[word][1])


def test_every_table_has_a_word_in_the_glossary() -> None:
    told = {found_at(where) for _meaning, where in TERMS.values()}
    ours = [each for each in apps.get_app_configs() if each.name.startswith("nearer.")]
    assert [model for config in ours for model in config.get_models() if model not in told] == []


def test_every_word_of_the_glossary_is_said_somewhere() -> None:
    """In a docstring, on a page or in the content: a word that nobody says is dead."""
    files = [p for kind in ("py", "html", "toml") for p in (ROOT / "nearer").rglob(f"*.{kind}")]
    said = " ".join(" ".join(p.read_text("utf-8") for p in files).lower().split()).replace("_", " ")
    assert [word for word in TERMS if not re.search(rf"\b{word.lower()}", said)] == []


def test_the_glossary_names_every_step() -> None:
    assert TERMS["step"][0].partition(": ")[2].split(", ") == [step.value for step in Step]


# ------------------------------------------------------------------ abuse cases, decisions, licence


def test_every_abuse_case_has_a_test() -> None:
    """That the tests are there is held above, with all other files and tests."""
    shown_by = _CASE.findall(text("docs/abuse-cases.md"))
    assert len(shown_by) >= 20
    assert [each for each in shown_by if not re.fullmatch(r"`[^`]+::test_\w+`.*", each)] == []


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in DECISIONS]
    assert numbers == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: str(path.stem))
def test_decision_tells_situation_choice_and_price(path: Path) -> None:
    title, *parts = _HEADING.findall(path.read_text(encoding="utf-8"))
    assert title.startswith(f"{int(path.name[:4])}. ")
    assert parts == ["Situation", "Choice", "Price"]


def test_changes_begin_with_what_is_not_released() -> None:
    headings = re.findall(r"^## (.+)$", text("CHANGELOG.md"), re.MULTILINE)
    assert headings[0] == "Unreleased"


def test_licence_is_the_whole_apache_text() -> None:
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == APACHE_2


def test_notice_names_every_font_and_every_text_that_the_model_learned_from() -> None:
    fonts = {path.name.partition("-")[0].title() for path in ROOT.rglob("nearer/**/*.woff2")}
    learned = {"GoEmotions", "OffMyChest", "all-MiniLM-L6-v2"}
    assert {name for name in fonts | learned if name not in text("NOTICE")} == set()
    assert fonts
