"""Journeys on a machine without a browser: where every check counts, that is a failure."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.browsers import HOW_TO_INSTALL, find_chromium
from tests.server import ROOT

JOURNEY = "tests/journeys/test_app.py"


def journey_without_browser(ci: str) -> subprocess.CompletedProcess[str]:
    kept = {name: text for name, text in os.environ.items() if name not in ("CHROMIUM", "CI")}
    return subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "pytest", "-rs", "-p", "no:cacheprovider", "--maxfail=1", JOURNEY],
        cwd=ROOT,
        env=kept | {"PATH": "", "CI": ci},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(autouse=True)
def nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CHROMIUM", raising=False)
    if find_chromium() is not None:
        pytest.skip("this machine has a browser outside of PATH")


def test_missing_browser_fails_the_journeys_in_ci() -> None:
    done = journey_without_browser(ci="true")
    assert done.returncode == 1, done.stdout
    assert HOW_TO_INSTALL in done.stdout


def test_missing_browser_on_somebody_s_own_machine_is_told_and_skipped() -> None:
    done = journey_without_browser(ci="")
    assert done.returncode == 0, done.stdout
    assert HOW_TO_INSTALL in done.stdout.replace("\n", " ")
    assert "passed" not in done.stdout
