"""People for the journeys who have lived in the house for a while, made by the real actions.

``python -m tests.journeys.neighbours 3 20`` settles twenty homes in the house that the environment
names, as its batch 3, and prints them as JSON. In each, Ana and Bo are partners with one finished
session, Ana has a second bond with Dee, who has no account, and Cy is a stranger to all of them.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import django
from django.db import transaction

from tests.server import House

PASSPHRASE = "three herons over the mill pond"
HEARD = "You waited for Sunday all week, and then nobody asked how the exam went."
CAUGHT = "That I wanted somebody to ask."
LINE = "Ask about the exam before dinner"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What a browser needs to be this person's."""

    name: str
    login: str
    cookie: str
    code: str


@dataclass(frozen=True, slots=True)
class Home:
    """Everybody around one bond, and its addresses."""

    ana: Neighbour
    bo: Neighbour
    cy: Neighbour
    space: str
    with_dee: str
    session: str


def settled(house: House, batch: int, count: int) -> list[Home]:
    """Nobody's user name comes twice, as long as no batch does.

    Raises:
        AssertionError: the house did not take them in; with what it said.
    """
    said = house.command(str(batch), str(count), module="tests.journeys.neighbours")
    assert said.returncode == 0, said.stderr
    return [_home(each) for each in json.loads(said.stdout)]


def _home(raw: dict[str, Any]) -> Home:
    people = {name: Neighbour(**raw[name]) for name in ("ana", "bo", "cy")}
    return Home(**(raw | people))


def _settle(batch: int, count: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from tests.journeys.moving_in import home_of  # noqa: PLC0415 - models exist from here on

    now = datetime.now(UTC) - timedelta(days=1)
    with transaction.atomic():
        homes = [home_of(f"{batch}-{number}", now=now) for number in range(count)]
    sys.stdout.write(json.dumps([asdict(home) for home in homes]))


def cookie_of(device: UUID, secret: bytes) -> str:
    return f"{device.hex}.{base64.urlsafe_b64encode(secret).decode()}"


if __name__ == "__main__":
    _settle(*map(int, sys.argv[1:]))
