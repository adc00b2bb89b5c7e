"""What a try at a passphrase costs in a house as it is shipped; the other tests make it cheap."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.server import House

LEAST_KIB = 64 * 1024
LEAST_PASSES = 3
"""docs/decisions/0009."""


def test_account_of_a_shipped_house_costs_whoever_guesses_64_mebibytes_and_three_passes(
    tmp_path: Path,
) -> None:
    with House(tmp_path / "house", starts=False) as house:
        house.environment["DJANGO_SETTINGS_MODULE"] = "nearer.web.settings"
        assert house.command("settle", module="tests.dwellers").returncode == 0
        costs = ast.literal_eval(house.command("costs", module="tests.dwellers").stdout)
        assert house.command("visit", module="tests.dwellers").stdout == "Ana & Bo"
    assert len(costs) == 2
    assert [cost for cost in costs if cost[0] < LEAST_KIB or cost[1] < LEAST_PASSES] == []
