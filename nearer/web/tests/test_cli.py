"""What the commands say and leave behind, typed as a person would type them."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server import ROOT, House, free_port, own_environment


@pytest.fixture
def machine(tmp_path: Path) -> House:
    return House(tmp_path / "house", starts=False)


def test_the_bare_command_says_what_there_is(machine: House) -> None:
    with machine:
        said = machine.command()
    assert [w for w in ("serve", "demo", "backup", "restore") if w not in said.stdout] == []


def test_help_needs_no_house(machine: House) -> None:
    with machine:
        assert machine.command("serve", "--help").returncode == 0
        assert list(machine.folder.iterdir()) == []


def test_a_demo_shows_its_people_and_leaves_nothing_behind(tmp_path: Path) -> None:
    environment = own_environment(tmp_path / "own") | {"TMPDIR": str(tmp_path)}
    command = ["-u", "-m", "nearer", "demo", "--no-browser", "--port", str(free_port())]
    with subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, *command], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as demo:
        said = said_until_open(demo)
        assert list(tmp_path.glob("nearer-demo-*/nearer.sqlite3"))
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(10) == 0
    assert [name for name in ("maya", "jonas") if name not in said.lower()] == []
    assert list(tmp_path.glob("nearer-demo-*")) == []
    assert not (tmp_path / "own").exists()


def said_until_open(demo: subprocess.Popen[str]) -> str:
    assert demo.stdout is not None
    said = ""
    for line in demo.stdout:
        said += line
        if "is open at" in line:
            return said
    raise AssertionError(f"it ended early: {said}")
