"""What the documents say is what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from nearer.web.environment import SETTINGS

ROOT = Path(__file__).parent.parent
_ROW = re.compile(
    r"^\| `(?P<name>\w+)` \| (?:`(?P<default>[^`]*)`)? *\| (?P<what>.+) \|$", re.MULTILINE
)
_READ = re.compile(r"""(?:environ(?:\.get\(|\[)|getenv\()\s*["'](\w+)["']""")
NOT_OURS = {"CI", "DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION", "DJANGO_SETTINGS_MODULE"}


def test_the_table_of_settings_is_the_code_s() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    told = [(row["name"], row["default"] or "", row["what"]) for row in _ROW.finditer(page)]
    assert told == [(each.name, each.default, each.what) for each in SETTINGS]


def test_no_code_reads_a_setting_that_the_table_does_not_hold() -> None:
    names = {each.name for each in SETTINGS} | NOT_OURS
    read = {
        (str(path.relative_to(ROOT)), name)
        for path in (ROOT / "nearer").rglob("*.py")
        for name in _READ.findall(path.read_text(encoding="utf-8"))
    }
    assert {(path, name) for path, name in read if name not in names} == set()
