"""./run on machines that lack something: one sentence, which says what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What ./run reads before there is any Python of its own."""
    folder = tmp_path / "clone"
    (folder / "scripts").mkdir(parents=True)
    for name in ("run", "requirements.lock", "scripts/environment.sh"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def refusal(clone: Path, python: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own words
        ["/bin/sh", str(clone / "run")],
        env={**os.environ, "PYTHON": python},
        cwd=clone.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    sentences = [line for line in done.stderr.splitlines() if not line.startswith("Installing")]
    assert len(sentences) == 1
    return sentences[0]


def python_that(clone: Path, answer: str) -> str:
    """An interpreter that is asked about itself and answers so."""
    path = clone.parent / "python"
    path.write_text(f"#!/bin/sh\n{answer}\nexec '{sys.executable}' \"$@\"\n")
    path.chmod(0o755)
    return str(path)


def test_no_python_at_all(clone: Path) -> None:
    assert "Install Python" in refusal(clone, "no-such-python")


def test_a_python_that_is_too_old(clone: Path) -> None:
    old = python_that(
        clone, 'case "$*" in *version_info*) exit 1;; --version) echo Python 3.9.2; exit;; esac'
    )
    assert "this is Python 3.9.2" in refusal(clone, old)


def test_a_python_without_venv(clone: Path) -> None:
    bare = python_that(clone, 'case "$*" in *ensurepip*) exit 1;; esac')
    assert "apt install python3-venv" in refusal(clone, bare)


def test_a_second_start_installs_nothing(clone: Path) -> None:
    """The stamp holds the lock's checksum; a changed lock is installed, and nothing else is."""
    (clone / ".venv" / "bin").mkdir(parents=True)
    python = clone / ".venv" / "bin" / "python"
    python.write_text('#!/bin/sh\necho "$@"\n')
    python.chmod(0o755)
    said = subprocess.run(  # noqa: S603 - our own words
        ["/bin/sh", "-c", f'cd "{clone}"; . scripts/environment.sh; stamp_of requirements.lock'],
        capture_output=True,
        text=True,
        check=True,
    )
    (clone / said.stdout.strip()).touch()
    started = subprocess.run(  # noqa: S603 - our own words
        ["/bin/sh", str(clone / "run"), "--no-browser", "--demo", "--port", "8123"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert started.stdout.strip() == "-P -m nearer demo --no-browser --port 8123"
    assert started.stderr == ""
