"""The locks name packages and hashes, no address, and what the project says it needs."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
EXTRAS = {"requirements.lock": (), "requirements-dev.lock": ("corpus", "dev", "large")}


def locked(name: str) -> dict[str, set[str]]:
    """Versions by package; more than one where Python versions need different ones."""
    found: dict[str, set[str]] = {}
    text = (ROOT / name).read_text(encoding="utf-8")
    for package, version in re.findall(
        r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", text, re.MULTILINE
    ):
        found.setdefault(canonicalize_name(package), set()).add(version)
    return found


def needed(name: str) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [project["optional-dependencies"][extra] for extra in EXTRAS[name]]
    return [Requirement(line) for lines in (project["dependencies"], *extras) for line in lines]


@pytest.mark.parametrize("name", LOCKS)
def test_no_lock_names_an_address(name: str) -> None:
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_hash(name: str) -> None:
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text(encoding="utf-8").strip())
    assert entries
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_holds_what_the_project_needs(name: str) -> None:
    have = locked(name)
    missing = [
        str(need)
        for need in needed(name)
        if not any(map(need.specifier.contains, have.get(canonicalize_name(need.name), ())))
    ]
    assert missing == []


def test_whoever_checks_the_house_runs_the_packages_it_ships_with() -> None:
    shipped, checked = locked("requirements.lock"), locked("requirements-dev.lock")
    assert {name: checked.get(name) for name in shipped} == shipped
