"""One process for a house where processes cannot talk to each other.

Taps reach the other phone over the channel layer. Without Redis that layer lies in the memory of
one process, and a second one, however it was started, would lose taps in silence.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

from nearer.web.refusal import Refusal

_LOCK_FILE = "serving.lock"
_held: list[IO[bytes]] = []
"""Open as long as this process lives; the system lets go of the lock with it, even if killed."""


def hold(folder: Path, *, talks_to_others: bool) -> None:
    """Be the process that serves this house; once more by the same process changes nothing.

    Raises:
        Refusal: another one does already.
    """
    if talks_to_others or _held or sys.platform == "win32":
        return
    import fcntl  # noqa: PLC0415 - exists on Unix only

    file = (folder / _LOCK_FILE).open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise Refusal(
            f"The house in {folder} is already served by another process, and two cannot talk to "
            "each other without Redis: taps would get lost. Nothing was changed, nothing is lost. "
            "Use the one that runs, start one process only, or set REDIS_URL."
        ) from error
    _held.append(file)
