"""The house is killed while people write, again and again: nothing that was acknowledged is lost.

``KILLS=200`` does it two hundred times.
"""

from __future__ import annotations

import os
import random
import sqlite3
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from statistics import median

from tests.journeys.neighbours import Home, settled
from tests.lasting import BondMaker, RoundOfTwo
from tests.load import Visitor
from tests.server import House

KILLS = int(os.environ.get("KILLS", "50"))
WRITING_SECONDS = (0.05, 0.35)
MOST_SECONDS_TO_START = 10


Writer = BondMaker | RoundOfTwo


def _makes_bonds(house: House, number: int, home: Home) -> Writer:
    return BondMaker(number, Visitor(house, home.ana.cookie))


def _listen_to_each_other(house: House, number: int, home: Home) -> Writer:
    del number  # their words are in a bond of their own
    ana, bo = (Visitor(house, who.cookie) for who in (home.ana, home.bo))
    return RoundOfTwo(ana, bo, home.space)


WRITERS = (_makes_bonds, _listen_to_each_other, _listen_to_each_other)


def _written_and_killed(house: House, writers: list[Writer]) -> None:
    with ThreadPoolExecutor(len(writers)) as threads:
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
        homes = settled(house, 0, len(WRITERS))
        writers = [
            make(house, number, home)
            for number, (make, home) in enumerate(zip(WRITERS, homes, strict=True))
        ]
        starts = []
        for _kill in range(KILLS):
            _written_and_killed(house, writers)
            assert _is_sound(house)
            starts.append(_started(house))
        for writer in writers:
            writer.look()
    acknowledged = sum(len(writer.acknowledged) for writer in writers)
    sys.stdout.write(
        f"{KILLS} kills, {acknowledged} acknowledged writes, "
        f"start median {median(starts):.2f} s, slowest {max(starts):.2f} s\n"
    )
    assert acknowledged > KILLS
    assert all(writer.acknowledged for writer in writers)
    assert median(starts) < MOST_SECONDS_TO_START
