"""How long a reading takes on one core, in a fresh process."""

import json
import os
import subprocess
import sys
from typing import Any

from nearer.cues.reader import WEIGHTS

_CHILD = """
import json, sys, time
pairs = json.load(sys.stdin)
begin = time.perf_counter()
from nearer.cues import read
read("So they said no.", "They said no again.")
first = time.perf_counter() - begin
took = []
for reply, message in pairs:
    begin = time.process_time()
    read(reply, message)
    took.append((time.process_time() - begin) * 1000)
took.sort()
long = " ".join(reply for reply, _ in pairs)
begin = time.process_time()
read(long[:1200], pairs[0][1])
print(json.dumps({
    "load_and_first_reading_s": round(first, 3),
    "median_ms": round(took[len(took) // 2], 1),
    "p95_ms": round(took[int(len(took) * 0.95)], 1),
    "reply_of_1200_characters_ms": round((time.process_time() - begin) * 1000, 1),
}))
"""


def measured(pairs: list[tuple[str, str | None]]) -> dict[str, Any]:
    """Seconds to the first reading (with imports), CPU milliseconds a reply, size of the weights.

    CPU time on one thread, because other work on the machine should not count; the seconds to the
    first reading are by the clock.
    """
    one_core = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(  # noqa: S603 - our own lines
        [sys.executable, "-c", _CHILD],
        input=json.dumps(pairs),
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | one_core,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found | {"weights_mb": round(WEIGHTS.stat().st_size / 1e6, 1)}
