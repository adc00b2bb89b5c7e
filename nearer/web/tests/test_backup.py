"""A house in one ciphertext file, and out of it again, on real machines: folders and processes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from hypothesis import given, settings
from hypothesis import strategies as st

from nearer.web.backup import COPIES_KEPT, head_of
from nearer.web.refusal import Refusal
from nearer.web.rows import text_of, value_of
from tests.databases import Rows
from tests.server import House, NotServing

PASSPHRASE = "seven grey geese cross the ice"
WAYS_IN = ("people_device", "people_invitation", "people_slowdown")
Empty = Callable[[], House]


@pytest.fixture
def empty_machine(tmp_path: Path) -> Iterator[Empty]:
    with ExitStack() as stack:
        count = iter(range(10))
        yield lambda: stack.enter_context(House(tmp_path / f"{next(count)}", starts=False))


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Ana and Bo live here. No test may change anything in it."""
    with House(tmp_path_factory.mktemp("lived-in") / "house", starts=False) as house:
        settle(house)
        yield house


@pytest.fixture(scope="module")
def file(lived_in: House, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("file") / "house.nearer"
    assert lived_in.command("backup", str(path), said=PASSPHRASE).returncode == 0
    return path


@pytest.fixture
def inhabited(file: Path, empty_machine: Empty) -> House:
    """The same house on a machine of its own."""
    house = empty_machine()
    assert house.command("restore", str(file), said=PASSPHRASE).returncode == 0
    return house


def settle(house: House) -> None:
    done = house.command("settle", module="tests.dwellers")
    assert done.returncode == 0, done.stderr


def words_of(rows: Rows) -> Rows:
    """Everything but the ways in: browsers, links, and how long somebody has to wait."""
    return {name: rows[name] for name in rows if name not in WAYS_IN}


def refused(house: House, *words: str, said: str = PASSPHRASE) -> str:
    """The one sentence with which a command says no."""
    done = house.command(*words, said=said)
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr.strip()


def test_a_house_restored_on_an_empty_machine_is_the_same_to_the_last_bit(
    lived_in: House, inhabited: House
) -> None:
    rows = inhabited.rows()
    assert words_of(rows) == words_of(lived_in.rows())
    assert len(rows["people_person"]) == 2
    secrets = [(house.folder / "house.secret").read_bytes() for house in (lived_in, inhabited)]
    assert secrets[0] == secrets[1]


def test_people_sign_in_to_a_restored_house_and_read_what_they_could_read(
    inhabited: House,
) -> None:
    inhabited.start()
    assert inhabited.command("visit", module="tests.dwellers").stdout == "Ana & Bo"


def test_ways_in_do_not_come_back_with_the_words(lived_in: House, inhabited: House) -> None:
    """What was ended or used after the backup would be open again."""
    before, after = lived_in.rows(), inhabited.rows()
    assert before["people_device"]
    assert after["people_device"] == []
    open_ones = [sum(None in row for row in rows["people_invitation"]) for rows in (before, after)]
    assert open_ones == [1, 0]


def test_a_house_in_use_is_backed_up_as_well(
    inhabited: House, empty_machine: Empty, tmp_path: Path
) -> None:
    inhabited.start()
    other, path = empty_machine(), tmp_path / "again.nearer"
    assert inhabited.command("backup", str(path), said=PASSPHRASE).returncode == 0
    assert other.command("restore", str(path), said=PASSPHRASE).returncode == 0
    assert other.rows() == inhabited.rows()


def test_nothing_of_the_house_is_readable_in_the_file(lived_in: House, file: Path) -> None:
    content = file.read_bytes()
    secret = (lived_in.folder / "house.secret").read_bytes()
    assert [word for word in (secret, b"people", b"0001_initial") if word in content] == []
    assert file.stat().st_mode & 0o077 == 0


def test_a_house_of_an_older_schema_is_restored_and_then_brought_up_to_date(
    tmp_path: Path, empty_machine: Empty
) -> None:
    old, new = empty_machine(), empty_machine()
    old.command("partly", module="tests.dwellers")
    settle(old)
    file = tmp_path / "old.nearer"
    assert old.command("backup", str(file), said=PASSPHRASE).returncode == 0
    assert new.command("restore", str(file), said=PASSPHRASE).returncode == 0
    before, after = words_of(old.rows()), words_of(new.rows())
    assert {name: after[name] for name in before} == before
    assert after.keys() - before.keys()
    new.start()
    assert not (new.folder / "backups").exists(), "there was something left to migrate"


def test_an_update_of_the_tables_keeps_a_copy_first_and_the_copy_opens_without_a_question(
    empty_machine: Empty,
) -> None:
    house = empty_machine()
    house.command("partly", module="tests.dwellers")
    settle(house)
    before = words_of(house.rows())
    house.start()
    house.stop()
    (copy,) = (house.folder / "backups").iterdir()
    assert house.command("restore", str(copy), "--replace", said="").returncode == 0
    after = house.rows()
    assert {name: after[name] for name in before} == before


def test_a_new_house_has_nothing_to_copy(empty_machine: Empty) -> None:
    house = empty_machine()
    house.start()
    assert not (house.folder / "backups").exists()


def test_only_the_last_copies_are_kept(inhabited: House, file: Path) -> None:
    copies = inhabited.folder / "backups"
    copies.mkdir()
    for day in range(COPIES_KEPT + 2):
        (copies / f"2026-01-0{day + 1}T000000.000000.nearer").touch()
    inhabited.command("restore", str(file), "--replace", said=PASSPHRASE)
    kept = sorted(path.name for path in copies.iterdir())
    assert len(kept) == COPIES_KEPT
    assert kept[0].startswith("2026-01-04")
    assert not kept[-1].startswith("2026-01")


def test_a_house_that_is_not_empty_is_replaced_only_when_asked(lived_in: House, file: Path) -> None:
    before = lived_in.rows()
    assert "--replace" in refused(lived_in, "restore", str(file))
    assert lived_in.rows() == before


def test_a_wrong_passphrase_changes_nothing(file: Path, empty_machine: Empty) -> None:
    other = empty_machine()
    said = refused(other, "restore", str(file), said="eight grey geese cross the ice")
    assert "passphrase does not open" in said


@pytest.mark.parametrize("left_bytes", [10, 200])
def test_a_file_that_was_cut_off_changes_nothing(
    lived_in: House, file: Path, tmp_path: Path, left_bytes: int
) -> None:
    before = lived_in.rows()
    part = tmp_path / "part.nearer"
    part.write_bytes(file.read_bytes()[:left_bytes])
    said = refused(lived_in, "restore", str(part), "--replace")
    assert "damaged or was cut off" in said
    assert lived_in.rows() == before


def test_any_other_file_is_no_backup(tmp_path: Path, empty_machine: Empty) -> None:
    other, path = empty_machine(), tmp_path / "holiday.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0" * 100)
    assert "is no backup" in refused(other, "restore", str(path))
    assert "cannot be read" in refused(other, "restore", str(tmp_path / "missing"))


def test_a_backup_is_never_written_over(lived_in: House, file: Path) -> None:
    before = file.read_bytes()
    assert "already there" in refused(lived_in, "backup", str(file))
    assert file.read_bytes() == before


def test_a_backup_that_cannot_be_written_leaves_no_half_file(
    lived_in: House, tmp_path: Path
) -> None:
    assert "cannot be written" in refused(lived_in, "backup", str(tmp_path / "no" / "such"))
    assert not list(tmp_path.glob("*.unfinished"))


@pytest.mark.parametrize(
    ("passphrase", "why"), [("short", "at least 12"), ("password1234", "easy to guess")]
)
def test_a_backup_wants_a_passphrase_that_keeps(
    lived_in: House, tmp_path: Path, passphrase: str, why: str
) -> None:
    assert why in refused(lived_in, "backup", str(tmp_path / "x"), said=passphrase)


def test_a_newer_database_is_left_alone(inhabited: House, tmp_path: Path) -> None:
    inhabited.command("future", module="tests.dwellers")
    with pytest.raises(NotServing, match="written by a newer Nearer"):
        inhabited.start()
    assert "newer Nearer" in refused(inhabited, "restore", str(tmp_path / "any"), "--replace")


def test_a_backup_of_a_newer_house_is_refused(db: None) -> None:
    line = b'{"form":1,"migrations":[["people","9999_later"]],"house_secret":"x"}'
    with pytest.raises(Refusal, match="newer Nearer"):
        head_of(line)
    with pytest.raises(Refusal, match="newer Nearer"):
        head_of(b'{"form":2}')


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "UUIDField": st.uuids(),
    "CharField": st.text(max_size=50),
    "TextField": st.text(max_size=50),
    "BinaryField": st.binary(max_size=200),
    "BooleanField": st.booleans(),
    "DateTimeField": st.datetimes(timezones=st.just(UTC)),
    "DurationField": st.timedeltas(timedelta(days=-9999), timedelta(days=9999)),
    "JSONField": st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5)),
    **dict.fromkeys(
        (
            "BigAutoField",
            "IntegerField",
            "BigIntegerField",
            "PositiveIntegerField",
            "PositiveSmallIntegerField",
            "SmallIntegerField",
        ),
        st.integers(0, 32767),
    ),
}
COLUMNS = [column for table in apps.get_models() for column in table._meta.concrete_fields]


def stored(column: models.Field[Any, Any]) -> models.Field[Any, Any]:
    """The column that says what is really kept: a foreign key keeps the other row's key."""
    return stored(column.target_field) if isinstance(column, models.ForeignKey) else column


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_every_column_of_the_house_survives_being_written_as_text(data: st.DataObject) -> None:
    for column in COLUMNS:
        strategy = VALUES[stored(column).get_internal_type()]
        value = data.draw(strategy | st.none(), label=str(column))
        row = column.model(**{column.attname: value})
        back = value_of(column, json.loads(json.dumps(text_of(column, row))))
        assert (bytes(back) if isinstance(back, memoryview) else back) == value


def test_no_column_sets_its_own_time() -> None:
    """A restore writes rows as they were; such a column would write the moment of the restore."""
    assert [c for c in COLUMNS if getattr(c, "auto_now", False)] == []
    assert [c for c in COLUMNS if getattr(c, "auto_now_add", False)] == []
