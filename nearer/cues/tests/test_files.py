"""Files of lines: what comes in, what goes out, and what is told of a row that cannot be read."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearer.cues import Cue, Finding, Reading
from nearer.cues.files import (
    Format,
    Row,
    Unread,
    UnusableTable,
    format_of,
    opened,
    rows_in,
    write_csv,
    write_jsonl,
)

LETTERS = st.characters(exclude_categories=("Cs", "Cc"))
LINES = st.text(LETTERS, max_size=40)


def rows(content: str | bytes, written_in: Format, folder: Path) -> list[Row | Unread]:
    path = folder / "lines"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with opened(path) as file:
        return list(rows_in(file, written_in))


def reading(text: str) -> Reading:
    chances = (0.9, *(0.1 for _ in list(Cue)[1:]))
    found = (Finding(cue, c, (), c > 0.5) for cue, c in zip(Cue, chances, strict=True))
    return Reading(text, tuple(found))


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("a.jsonl", Format.JSONL), ("A.CSV", Format.CSV), ("a.txt", Format.TEXT), ("a.doc", None)],
)
def test_name_says_how_a_file_is_written(name: str, wanted: Format | None) -> None:
    assert format_of(Path(name)) is wanted


def test_each_kind_of_file_is_read(tmp_path: Path) -> None:
    wanted = [
        Row("So they said no.", "They said no", {"id": "4"}),
        Row("And, then?", None, {"id": "5"}),
    ]
    objects = "\n".join(
        json.dumps({"id": row.rest["id"], "text": row.text, "context": row.context})
        for row in wanted
    )
    table = 'id,text,context\r\n4,So they said no.,They said no\r\n5,"And, then?",\r\n'
    assert rows(objects, Format.JSONL, tmp_path) == wanted
    assert rows(f"\ufeff{table}", Format.CSV, tmp_path) == wanted
    assert rows("So?\n\nAnd, then?", Format.TEXT, tmp_path) == [Row("So?"), Row("And, then?")]


@pytest.mark.parametrize(
    ("content", "written_in", "line", "why"),
    [
        ('{"text": "a"}\nnonsense\n{"text": "b"}', Format.JSONL, 2, "not JSON"),
        ('{"text": "a"}\n[1]\n{"text": "b"}', Format.JSONL, 2, "no field «text»"),
        ('{"text": "a"}\n{"text": 7}\n{"text": "b"}', Format.JSONL, 2, "no field «text»"),
        ('{"text": "a"}\n{"text": "c", "context": 1}\n{"text": "b"}', Format.JSONL, 2, "«context»"),
        ('{"text": "a"}\n{"text": "\\ud800"}\n{"text": "b"}', Format.JSONL, 2, "UTF-8"),
        (
            '{"text": "a"}\n{"text": "c", "x": [{"y": "\\ud800"}]}\n{"text": "b"}',
            Format.JSONL,
            2,
            "UTF-8",
        ),
        ('{"text": "a"}\n{"text": "c", "\\ud800": 1}\n{"text": "b"}', Format.JSONL, 2, "UTF-8"),
        ('{"text": "a"}\n{"text": "c", "x": NaN}\n{"text": "b"}', Format.JSONL, 2, "not JSON"),
        ('{"text": "a"}\n{"text": "c", "cues": 1}\n{"text": "b"}', Format.JSONL, 2, "«cues»"),
        (b"a\n\xff\xfe\nb", Format.TEXT, 2, "UTF-8"),
        (b"text\na\n\xff\nb", Format.CSV, 3, "UTF-8"),
        ("text,x\na,1\nc\nb,2", Format.CSV, 3, "fewer fields"),
        ("text,x\na,1\nc,1,2\nb,2", Format.CSV, 3, "more"),
        ('text,x\na,1\n"c"d,1\nb,2', Format.CSV, 3, "no row of a CSV file"),
    ],
)
def test_bad_row_is_told_and_the_others_are_read(
    content: str | bytes, written_in: Format, line: int, why: str, tmp_path: Path
) -> None:
    first, bad, last = rows(content, written_in, tmp_path)
    assert isinstance(bad, Unread)
    assert bad.line == line
    assert why in bad.why
    assert [row.text for row in (first, last) if isinstance(row, Row)] == ["a", "b"]


def test_table_without_a_column_of_lines_is_refused(tmp_path: Path) -> None:
    for content, why in (
        ("words,context\na,b\n", "no column «text»"),
        ("", "no column «text»"),
        ("text,text\na,b\n", "alike"),
    ):
        with pytest.raises(UnusableTable, match=why):
            rows(content, Format.CSV, tmp_path)


@given(st.binary(max_size=300), st.sampled_from(Format))
def test_any_bytes_are_read_or_told(content: bytes, written_in: Format) -> None:
    file = io.TextIOWrapper(io.BytesIO(content), "utf-8-sig", "surrogateescape", newline="")
    try:
        found = list(rows_in(file, written_in))
    except UnusableTable:
        return
    both = [(row, reading(row.text)) for row in found if isinstance(row, Row)]
    for write in (write_jsonl, write_csv):
        out = io.StringIO()
        write(both, out)
        out.getvalue().encode()


@given(st.lists(st.tuples(LINES, st.none() | LINES), max_size=5))
def test_what_is_written_can_be_read_again(pairs: list[tuple[str, str | None]]) -> None:
    found = [
        (Row(text, context, {"id": n}), reading(text)) for n, (text, context) in enumerate(pairs)
    ]
    out = io.StringIO()
    write_jsonl(found, out)
    again = [json.loads(line) for line in out.getvalue().split("\n")[:-1]]
    assert [(row["text"], row.get("context"), row["id"]) for row in again] == [
        (text, context, n) for n, (text, context) in enumerate(pairs)
    ]
    assert all(row["cues"][Cue.REFLECTS_SIMPLE] == 0.9 for row in again)
    table = io.StringIO(newline="")
    write_csv(found, table)
    rows_again = list(csv.DictReader(io.StringIO(table.getvalue(), newline="")))
    assert [row["text"] for row in rows_again] == [text for text, _ in pairs]
    assert all(row["sure"] == Cue.REFLECTS_SIMPLE for row in rows_again)
