"""What lies on the disk of the house, and for whom."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from tests.load import Visitor
from tests.server import ROOT, House

_LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")
_PR_GET_DUMPABLE = 3


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    folder = tmp_path / "house"
    folder.mkdir()
    folder.chmod(0o755)  # as somebody made it by hand
    with House(folder) as started:
        yield started


def files_with(house: House, content: bytes) -> list[str]:
    found = [path for path in house.folder.glob("nearer.sqlite3*") if content in path.read_bytes()]
    return [path.name for path in found]


def test_key_of_somebody_who_left_is_in_no_file_of_the_database(house: House) -> None:
    if "DATABASE_URL" in house.environment:
        pytest.skip("PostgreSQL cleans up by its own rules")
    ana = Visitor(house, house.command("settle", module="tests.dwellers").stdout)
    with closing(sqlite3.connect(house.folder / "nearer.sqlite3")) as connection:
        space, box = connection.execute(
            "SELECT space_id, box FROM people_grant JOIN people_device USING (person_id) "
            "JOIN people_space ON people_space.id = space_id WHERE kind <> 'private'"
        ).fetchone()
    assert files_with(house, box)
    assert ana.post(f"/bond/{UUID(space)}/leave/", {}).status_code == 302
    assert files_with(house, box) == []


def test_folder_and_files_of_the_house_are_for_their_owner_alone(house: House) -> None:
    paths = [house.folder, *house.folder.glob("nearer.sqlite3*"), house.folder / "house.secret"]
    assert [path.name for path in paths if path.stat().st_mode & 0o077] == []


@_LINUX
def test_crash_of_the_house_leaves_no_memory_on_the_disk(house: House) -> None:
    limits = Path(f"/proc/{house._running().pid}/limits").read_text("ascii")
    line = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
    assert line.split()[4:6] == ["0", "0"]


@_LINUX
def test_no_other_program_of_the_same_user_looks_into_the_memory() -> None:
    script = (
        "import ctypes; from nearer.web.memory import keep_out_of_dumps; keep_out_of_dumps();"
        f"print(ctypes.CDLL(None).prctl({_PR_GET_DUMPABLE}, 0, 0, 0, 0))"
    )
    said = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "0"
