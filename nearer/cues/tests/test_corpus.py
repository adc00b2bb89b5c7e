"""Tables of lines, alone and on a cluster of two workers."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pytest
from distributed import Client, LocalCluster

from nearer.cues import Cue, read
from nearer.cues.corpus import SURE, read_table

LINES = ["So they said no.", "Thank you for the soup.", "", None, "Whatever."]
MESSAGES = ["They said no.", None, None, "hm", "You came late."]


def table() -> pa.Table:
    return pa.table({"text": LINES, "said": MESSAGES, "page": [1, 2, 3, 4, 5]})


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    cluster = LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, dashboard_address=None
    )
    with cluster, Client(cluster) as found:  # type: ignore[no-untyped-call]
        yield found


def test_a_table_keeps_its_columns_and_gets_one_for_each_cue() -> None:
    found = read_table(table(), context="said")
    assert found.column_names == ["text", "said", "page", *Cue, SURE]
    assert found.column("page").to_pylist() == [1, 2, 3, 4, 5]


def test_a_table_says_what_a_single_reading_says() -> None:
    found = read_table(table(), context="said")
    for place, (line, message) in enumerate(zip(LINES, MESSAGES, strict=True)):
        reading = read(line or "", message)
        chances = {cue: found.column(cue)[place].as_py() for cue in Cue}
        assert chances == pytest.approx(
            {finding.cue: finding.probability for finding in reading.findings}, abs=1e-3
        )


def test_an_empty_table_is_read() -> None:
    assert read_table(table().slice(0, 0)).num_rows == 0


def test_a_column_that_would_be_written_over_is_refused() -> None:
    taken = table().append_column(SURE, pa.array([0] * 5))
    with pytest.raises(ValueError, match="sure"):
        read_table(taken)


def test_a_column_of_something_else_is_refused_and_one_of_nothing_is_read() -> None:
    with pytest.raises(ValueError, match="page holds int64"):
        read_table(table(), text="page")
    nothing = pa.table({"text": ["So?"], "said": pa.nulls(1)})
    assert read_table(nothing, context="said").num_rows == 1


def test_a_missing_column_is_named() -> None:
    with pytest.raises(KeyError, match="line"):
        read_table(table(), text="line")


def test_two_workers_say_what_one_process_says(client: Client) -> None:
    tables = [table() for _ in range(6)]
    futures = client.map(read_table, tables, context="said", pure=False)
    found = client.gather(futures)  # type: ignore[no-untyped-call]
    assert len(client.scheduler_info()["workers"]) == 2
    alone = read_table(table(), context="said")
    for each in found:
        assert each.schema == alone.schema
        for cue in Cue:
            chances = each.column(cue).to_pylist()
            assert chances == pytest.approx(alone.column(cue).to_pylist(), abs=1e-5)
