"""What the clients ask for, as browsers would."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, repeat

from django.urls import reverse

from bench.load import Ask
from bench.people import Lived

TOKEN = "b" * 32
"""The form cookie and the header have to be the same; which letters, the browser's jar decides."""
_REPLY = "You waited all day for that call, and then it was the wrong lift."


def page(path: str, cookie: str) -> Iterator[Ask]:
    return repeat(Ask.get(path, cookie))


def pauses(lived: Lived, number: int) -> Iterator[Ask]:
    """«Pause» and «go on» in turn, at the open round with that number: each is a real move."""
    path = reverse("listening:move", args=[lived.open_rounds[number]])
    by = str(lived.ana.person.id)
    return cycle(
        Ask.post(path, lived.ana.cookie, TOKEN, move_made=move, moment="1.0.settle", by=by)
        for move in ("pause", "resume")
    )


def drill_tries(lived: Lived) -> Iterator[Ask]:
    path = reverse("listening:scene", args=["cello-sold"])
    return repeat(Ask.post(path, lived.ana.cookie, TOKEN, words=_REPLY))
