"""The house is killed while people write, again and again: nothing that was acknowledged is lost.

``KILLS=200`` does it two hundred times.
"""

from __future__ import annotations

import os
import random
import re
import sqlite3
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPException
from itertools import count
from pathlib import Path
from statistics import median

from tests.journeys.neighbours import settled
from tests.load import Visitor
from tests.server import House

KILLS = int(os.environ.get("KILLS", "50"))
WRITERS = 3
WRITING_SECONDS = (0.05, 0.35)
MOST_SECONDS_TO_START = 10
_TITLE = re.compile(r"Ana &amp; (\d+-\d+)")


class Writer:
    """Makes one bond after the other, each with a name of its own, as long as the house answers."""

    def __init__(self, number: int, visitor: Visitor) -> None:
        self.visitor = visitor
        self.acknowledged: list[str] = []
        self.begun = 0
        self._names = (f"{number}-{each}" for each in count())

    def write(self) -> None:
        """Until the house does not answer any more; that last bond may be there or not."""
        while True:
            name = next(self._names)
            self.begun += 1
            try:
                reply = self.visitor.post("/bond/new/", {"kind": "friends", "other_name": name})
            except (OSError, HTTPException):
                return
            assert reply.status_code == 302, reply.content
            self.acknowledged.append(name)

    def read(self) -> Counter[str]:
        """Every bond of this writer, as its page shows it: opened, not just counted."""
        return Counter(_TITLE.findall(self.visitor.get("/us/").content.decode()))


def _written_and_killed(house: House, writers: list[Writer]) -> None:
    with ThreadPoolExecutor(WRITERS) as threads:
        writing = [threads.submit(writer.write) for writer in writers]
        time.sleep(random.uniform(*WRITING_SECONDS))  # noqa: S311 - any moment will do
        house.kill()
        for each in writing:
            each.result()


def _started(house: House) -> float:
    began = time.monotonic()
    house.start()
    return time.monotonic() - began


def _is_sound(house: House) -> bool:
    """PostgreSQL answers for itself; here only the house is killed."""
    if "DATABASE_URL" in house.environment:
        return True
    with closing(sqlite3.connect(house.folder / "nearer.sqlite3")) as connection:
        return connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]


def test_nothing_that_was_acknowledged_is_lost_when_the_house_is_killed(tmp_path: Path) -> None:
    with House(tmp_path / "house") as house:
        people = [home.ana for home in settled(house, 0, WRITERS)]
        writers = [Writer(n, Visitor(house, who.cookie)) for n, who in enumerate(people)]
        starts = []
        for _kill in range(KILLS):
            _written_and_killed(house, writers)
            assert _is_sound(house)
            starts.append(_started(house))
        found = [writer.read() for writer in writers]
    acknowledged = sum(len(writer.acknowledged) for writer in writers)
    sys.stdout.write(
        f"{KILLS} kills, {acknowledged} acknowledged writes, "
        f"start median {median(starts):.2f} s, slowest {max(starts):.2f} s\n"
    )
    assert acknowledged > KILLS
    for writer, there in zip(writers, found, strict=True):
        assert set(writer.acknowledged) - set(there) == set()
        assert [name for name, times in there.items() if times > 1] == []
        assert len(there) <= writer.begun
    assert median(starts) < MOST_SECONDS_TO_START
