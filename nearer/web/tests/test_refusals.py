"""A command that cannot do its work says so in one plain line, and leaves everything as it was."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from nearer.web.environment import DATA, DATABASE, DATABASE_FILE, REDIS, SECRET_FILE, WORKERS
from tests.server import ROOT, House, free_port

PASSPHRASE = "seven grey geese cross the ice"
SERVE = ("serve", "--no-browser", "--port", "0")
NOBODY = 65534
_CAPABILITIES_OF_ROOT = (1, 2, 3)
"""CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER: to pass by all rights of files."""
_PR_CAPBSET_DROP = 24


def like_anybody() -> None:
    """Root may write everywhere; in the program that starts now, only where anybody might."""
    if os.geteuid() == 0:
        for capability in _CAPABILITIES_OF_ROOT:
            ctypes.CDLL(None).prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)


def refused(house: House, *words: str, **environment: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "nearer", *words],
        cwd=ROOT,
        env=house.environment | environment,
        input=PASSPHRASE,
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=like_anybody,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    [line] = done.stderr.splitlines()
    assert "nothing is lost" in line or "no copy of it is lost" in line
    return line


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Ana and Bo live here, in a file; it is closed."""
    with House(tmp_path / "house", starts=False) as made:
        made.environment[DATABASE.name] = ""
        assert made.command("settle", module="tests.dwellers").returncode == 0
        yield made


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def backup_in(tmp_path: Path) -> tuple[str, str]:
    return ("backup", str(tmp_path / "house.nearer"))


def test_backup_of_a_mistyped_folder_makes_neither_a_house_nor_a_file(
    house: House, tmp_path: Path
) -> None:
    mistyped = tmp_path / "hosue"
    said = refused(house, *backup_in(tmp_path), **{DATA.name: str(mistyped)})
    assert f"There is no house in {mistyped}" in said
    assert [path.name for path in tmp_path.iterdir()] == ["house"]


def test_backup_of_an_empty_folder_leaves_it_empty(house: House, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    said = refused(house, *backup_in(tmp_path), **{DATA.name: str(empty)})
    assert f"There is no house in {empty}" in said
    assert list(empty.iterdir()) == []


def test_backup_of_a_database_without_tables_is_none(house: House, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / SECRET_FILE).write_text("of a house that never opened")
    (bare / DATABASE_FILE).touch()
    said = refused(house, *backup_in(tmp_path), **{DATA.name: str(bare)})
    assert f"There is no house in {bare}" in said
    assert not (tmp_path / "house.nearer").exists()


@pytest.mark.parametrize("words", [SERVE, ("restore", "any.nearer")])
def test_folder_that_is_a_file_is_said(house: House, tmp_path: Path, words: tuple[str]) -> None:
    file = tmp_path / "note.txt"
    file.write_text("milk")
    assert f"{file} is not a folder" in refused(house, *words, **{DATA.name: str(file)})
    assert file.read_text() == "milk"


def test_backup_of_a_file_is_none(house: House, tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.touch()
    said = refused(house, *backup_in(tmp_path), **{DATA.name: str(file)})
    assert f"There is no house in {file}" in said


@pytest.fixture
def closed_to_us(house: House) -> Iterator[Path]:
    folder = house.folder.parent / "theirs"
    folder.mkdir(mode=0)
    yield folder / "house"
    folder.chmod(0o700)


@pytest.mark.parametrize(
    ("word", "said"), [("serve", "cannot write"), ("backup", "cannot be read")]
)
def test_folder_that_is_closed_to_us_is_said(
    house: House, closed_to_us: Path, tmp_path: Path, word: str, said: str
) -> None:
    words = SERVE if word == "serve" else backup_in(tmp_path)
    line = refused(house, *words, **{DATA.name: str(closed_to_us)})
    assert said in line
    assert DATA.name in line


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a folder to somebody else")
def test_backup_of_a_house_that_is_somebody_else_s_is_said(house: House, tmp_path: Path) -> None:
    house.folder.chmod(0o755)
    os.chown(house.folder, NOBODY, NOBODY)
    assert "cannot write to its data folder" in refused(house, *backup_in(tmp_path))


def in_the_head(file: Path) -> None:
    file.write_bytes(b"This was a shopping list. " * 400)


def in_the_middle(file: Path) -> None:
    """The list of tables is whole; what is in them is not."""
    whole = file.read_bytes()
    file.write_bytes(whole[:4096].ljust(len(whole), b"\xff"))


@pytest.mark.parametrize("damage", [in_the_head, in_the_middle])
@pytest.mark.parametrize("word", ["serve", "backup", "restore"])
def test_damaged_database_is_said_and_left_alone(
    house: House, tmp_path: Path, word: str, damage: Callable[[Path], None]
) -> None:
    for beside in house.folder.glob(f"{DATABASE_FILE}-*"):
        beside.unlink()
    damage(house.folder / DATABASE_FILE)
    before = (house.folder / DATABASE_FILE).read_bytes()
    words = SERVE if word == "serve" else (word, str(tmp_path / "house.nearer"))
    said = refused(house, *words)
    assert f"{house.folder / DATABASE_FILE} is damaged" in said
    assert "nearer restore FILE" in said
    assert (house.folder / DATABASE_FILE).read_bytes() == before


def test_number_of_processes_that_is_none_is_said(house: House) -> None:
    said = refused(house, *SERVE, **{WORKERS.name: "two"})
    assert "NEARER_WORKERS is «two»" in said


def test_backup_does_not_ask_how_many_processes_serve(house: House, tmp_path: Path) -> None:
    house.environment[WORKERS.name] = "two"
    assert house.command(*backup_in(tmp_path), said=PASSPHRASE).returncode == 0


@pytest.fixture
def without_redis(house: House) -> House:
    house.environment |= {REDIS.name: "", WORKERS.name: "1"}
    return house


def test_second_house_on_the_same_folder_is_refused(without_redis: House) -> None:
    without_redis.start()
    said = refused(without_redis, *SERVE)
    assert "is already served by another process" in said
    assert without_redis.is_ready()


def said_until_ended(words: list[str], house: House) -> str:
    """
    Raises:
        TimeoutExpired: it has not ended by itself; now it has.
    """
    with subprocess.Popen(  # noqa: S603 - our own words
        words,
        cwd=ROOT,
        env=house.environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            _nothing, said = process.communicate(timeout=60)
        finally:
            with suppress(ProcessLookupError):  # as it should be: nobody of them is left
                os.killpg(process.pid, signal.SIGKILL)
    return said


def test_two_processes_without_redis_do_not_start_however_they_are_started(
    without_redis: House,
) -> None:
    words = ("nearer.web.asgi:application", "--workers", "2", "--port", str(free_port()))
    said = said_until_ended([sys.executable, "-m", "uvicorn", *words], without_redis)
    assert "is already served by another process" in said
    assert "Traceback" not in said


def test_one_process_of_another_server_starts(without_redis: House) -> None:
    """So that the refusal before is about the second one."""
    without_redis.start()
    without_redis.stop()
    words = ("nearer.web.asgi:application", "--port", str(without_redis.port))
    with subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, "-m", "uvicorn", *words], cwd=ROOT, env=without_redis.environment
    ) as process:
        without_redis._wait_until_ready(process)
        process.terminate()
