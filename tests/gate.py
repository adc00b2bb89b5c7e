"""`python -m tests.gate`: what ./check runs once its environment is there.

Each step that is no test run counts as one. The last line printed is the sum of all counts.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.browsers import HOW_TO_INSTALL, find_chromium
from tests.servers import NoServer, large_house

ROOT = Path(__file__).parent.parent
PROGRAMS = Path(sys.executable).parent
OF_A_REAL_HOUSE = ("NEARER_", "DATABASE_URL", "REDIS_URL")
"""Settings of whoever runs the checks; no test may reach their house."""

TYPED = ("nearer", "tests", "bench", "conftest.py", "manage.py")
STEPS: dict[str, tuple[str, ...]] = {
    "format": ("ruff", "format", "--check", "."),
    "lint": ("ruff", "check", "."),
    "templates": ("djangofmt", "--check", "--quiet", "nearer"),
    "types": ("mypy", *TYPED),
    "imports": ("lint-imports",),
    "migrations": ("python", "manage.py", "makemigrations", "--check", "--dry-run"),
    "deployment": ("python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"),
}
UNIT = ("--ignore", "tests/journeys", "--numprocesses", "2")
JOURNEYS = ("tests/journeys",)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many steps and tests went which way."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped
        )

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def main() -> int:
    asked = _asked()
    with ExitStack() as stack:
        environment = _environment(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        counts = Counts()
        try:
            if asked.large:
                environment |= stack.enter_context(large_house())
            else:
                counts += _steps(environment)
            counts += _tests(environment, with_browser=not asked.quick)
        except NoServer as error:
            _say(str(error))
            counts += Counts(failed=1)
    _say(str(counts))
    return 1 if counts.failed else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./check")
    parser.add_argument("--quick", action="store_true", help="leave the browser out")
    parser.add_argument("--large", action="store_true", help="tests on PostgreSQL and Redis")
    return parser.parse_args()


def _environment(data: Path) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith(OF_A_REAL_HOUSE)}
    return kept | {"NEARER_DATA": str(data)}


def _steps(environment: dict[str, str]) -> Counts:
    total = Counts()
    for name, (program, *words) in STEPS.items():
        began = time.monotonic()
        done = subprocess.run(  # noqa: S603 - our own words
            [str(PROGRAMS / program), *words],
            cwd=ROOT,
            env=environment | ({"NEARER_HTTPS": "1"} if name == "deployment" else {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        fine = done.returncode == 0
        _say(f"{name}: {'fine' if fine else 'FAILED'} ({time.monotonic() - began:.1f} s)")
        if not fine:
            _say(done.stdout)
        total += Counts(passed=1) if fine else Counts(failed=1)
    return total


def _tests(environment: dict[str, str], *, with_browser: bool) -> Counts:
    """Journeys for themselves: a browser and a server already fill two cores."""
    total = _pytest(environment, UNIT)
    if with_browser:
        if find_chromium() is None:
            _say(HOW_TO_INSTALL)
        total += _pytest(environment, JOURNEYS)
    return total


def _pytest(environment: dict[str, str], words: tuple[str, ...]) -> Counts:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        done = subprocess.run(  # noqa: S603 - our own words
            [sys.executable, "-m", "pytest", "--quiet", f"--junit-xml={report}", *words],
            cwd=ROOT,
            env=environment,
            check=False,
        )
        counts = _counts_in(report) if report.exists() else Counts()
    unexplained = done.returncode != 0 and counts.failed == 0
    return counts + Counts(failed=1) if unexplained else counts


def _counts_in(report: Path) -> Counts:
    suite = ET.parse(report).getroot().find("testsuite")  # noqa: S314 - pytest has just written it
    assert suite is not None, "pytest writes one suite"
    number = {name: int(suite.attrib[name]) for name in ("tests", "failures", "errors", "skipped")}
    failed = number["failures"] + number["errors"]
    return Counts(number["tests"] - failed - number["skipped"], failed, number["skipped"])


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
