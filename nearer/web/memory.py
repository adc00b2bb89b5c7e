"""Keys in use lie in the memory of the process; what can be done that they stay there."""

from __future__ import annotations

import ctypes
import sys

_PR_SET_DUMPABLE = 4
"""linux/prctl.h"""


def keep_out_of_dumps() -> None:
    """A crash leaves no memory on the disk, and no other program of this user looks into it.

    Per process, since starting a program switches it on again. Linux only.
    """
    if not sys.platform.startswith("linux"):
        return
    import resource  # noqa: PLC0415 - exists on Unix only

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
