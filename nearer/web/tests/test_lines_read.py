"""`nearer cues FILE`, in a process of its own."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

LINE, MESSAGE = "So they said no, and you had told your mum already.", "They said no."
MEGABYTES = 24
"""How much more memory twenty times as many lines may take: less than they are long by far."""


def run(*words: object, measured: bool = False) -> subprocess.CompletedProcess[str]:
    code = [sys.executable, "-m", "nearer", "cues"]
    if measured:
        code = [sys.executable, "-c", _MEASURED]
    return subprocess.run(  # noqa: S603 - our own words
        [*code, *map(str, words)], capture_output=True, text=True, timeout=300, check=False
    )


_MEASURED = """
import resource, sys
from nearer.__main__ import main
sys.argv = ["nearer", "cues", *sys.argv[1:]]
try:
    main()
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)
"""


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "lines.jsonl"
    rows = [{"text": LINE, "context": MESSAGE, "id": 7}, {"text": "thank you so much for the soup"}]
    path.write_text("\n".join(map(json.dumps, rows)) + "\nnonsense\n")
    return path


def test_answer_comes_as_a_table_as_jsonl_and_as_csv(lines: Path) -> None:
    shown, objects, table = (run(lines, "--to", how) for how in ("table", "jsonl", "csv"))
    assert LINE[:20] in shown.stdout
    found = [json.loads(line) for line in objects.stdout.splitlines()]
    assert [row["text"] for row in found] == [LINE, "thank you so much for the soup"]
    assert found[0]["id"] == 7
    in_table = list(csv.DictReader(table.stdout.splitlines()))
    assert [float(row["thanks"]) for row in in_table] == [row["cues"]["thanks"] for row in found]
    for done in (shown, objects, table):
        assert "line 3 is not JSON" in done.stderr
        assert "1 row was left out. The file itself is as it was." in done.stderr
        assert done.returncode == 0


def test_answer_goes_to_a_new_file_and_never_over_one_that_is_there(
    lines: Path, tmp_path: Path
) -> None:
    answer = tmp_path / "answer.jsonl"
    assert run(lines, "--to", "jsonl", "--output", answer).stdout == ""
    written = answer.read_text()
    assert json.loads(written.splitlines()[0])["text"] == LINE
    again = run(lines, "--to", "jsonl", "--output", answer)
    assert (again.returncode, answer.read_text()) == (1, written)
    assert "File exists" in again.stderr


def test_a_refused_table_leaves_no_empty_answer(tmp_path: Path) -> None:
    table, answer = tmp_path / "lines.csv", tmp_path / "answer.csv"
    table.write_text("words\na\n")
    assert run(table, "--to", "csv", "--output", answer).returncode == 1
    assert not answer.exists()


def test_lines_may_come_through_a_pipe_and_answers_be_cut_short() -> None:
    command = f"printf 'thank you\\nsee you\\n' | {sys.executable} -m nearer cues /dev/stdin"
    for after in ("--from txt --to jsonl | head -n 1", "--from txt --to jsonl > /dev/full"):
        done = subprocess.run(  # noqa: S602 - our own words
            f"{command} {after}", shell=True, capture_output=True, text=True, check=False
        )
        assert "Traceback" not in done.stderr
        assert "None" not in done.stderr


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("lines.doc", "a", "Add --from"),
        ("lines.csv", "words\na\n", "names no column «text»"),
        ("nowhere/lines.txt", None, "No such file"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(
    name: str, content: str | None, said: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    done = run(path)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_of_many_bad_rows_the_first_are_named_and_all_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text("nonsense\n" * 25 + json.dumps({"text": LINE}) + "\n")
    done = run(path, "--to", "jsonl")
    assert done.stderr.count("is not JSON") == 20
    assert "25 rows were left out." in done.stderr
    assert json.loads(done.stdout)["text"] == LINE


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    peaks = []
    for count in (1_000, 20_000):
        path = tmp_path / f"{count}.txt"
        path.write_text("".join(f"ok then {n}, see you at {n % 12}\n" for n in range(count)))
        done = run(path, "--to", "jsonl", "--output", tmp_path / f"{count}.jsonl", measured=True)
        peaks.append(int(done.stderr.split()[-1]))
    assert peaks[1] - peaks[0] < MEGABYTES
