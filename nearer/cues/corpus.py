"""Tables of lines, for corpora beyond one machine; needs `pip install nearer[corpus]`.

`read_table` takes one Arrow table and gives it back with what each line does. It keeps nothing
between two tables and asks nobody, so a Dask cluster maps it over its partitions unchanged:

    futures = client.map(read_table, tables)
"""

import pyarrow as pa

from nearer.cues.reader import read_many
from nearer.cues.reading import Cue

SURE = "sure"
_READABLE = (pa.types.is_string, pa.types.is_large_string, pa.types.is_null)


def read_table(table: pa.Table, text: str = "text", context: str | None = None) -> pa.Table:
    """The table with one column more for each cue (float32, its probability), and `sure`, the names
    of the cues that may be shown.

    text: the column of lines. context: the column of the messages they answer, if there is one;
    without it no reflection can be told from a reflection of something else. A line that is null is
    read as empty.

    Raises:
        KeyError: the table has no column under one of these names.
        ValueError: it has a column that a cue would take, or what should be read is no text.
    """
    taken = {*Cue, SURE}.intersection(table.column_names)
    if taken:
        raise ValueError(f"The table has columns that the cues would take: {sorted(taken)}")
    lines = _texts(table, text)
    said = _texts(table, context) if context else [None] * len(lines)
    pairs = ((line or "", message) for line, message in zip(lines, said, strict=True))
    chances: dict[Cue, list[float]] = {cue: [] for cue in Cue}
    sure: list[list[str]] = []
    for reading in read_many(pairs):
        for finding in reading.findings:
            chances[finding.cue].append(finding.probability)
        sure.append([finding.cue.value for finding in reading.sure])
    for cue in Cue:
        table = table.append_column(cue.value, pa.array(chances[cue], pa.float32()))
    return table.append_column(SURE, pa.array(sure, pa.list_(pa.string())))


def _texts(table: pa.Table, name: str) -> list[str | None]:
    column = table.column(name)
    if not any(is_fit(column.type) for is_fit in _READABLE):
        raise ValueError(f"The column {name} holds {column.type}; cast it to string first.")
    found: list[str | None] = column.to_pylist()
    return found
