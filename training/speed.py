"""How fast the shipped network reads, on one core, in a fresh process."""

import json
import os
import subprocess
import sys
from typing import Any

from nearer.cues.reader import WEIGHTS, Pair

_CHILD = """
import json, sys, time
pairs = [tuple(pair) for pair in json.load(sys.stdin)]
begin = time.perf_counter()
from nearer.cues import read, read_many
read("So they said no.", "They said no again.")
first = time.perf_counter() - begin
took = []
for line, message in pairs[:500]:
    begin = time.process_time()
    read(line, message)
    took.append((time.process_time() - begin) * 1000)
took.sort()
begin = time.process_time()
count = sum(1 for _ in read_many(pairs * 4))
bulk = count / (time.process_time() - begin)
# Not ru_maxrss: that begins with what the process was that started this one.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps({
    "load_and_first_reading_s": round(first, 3),
    "median_ms": round(took[len(took) // 2], 2),
    "p95_ms": round(took[int(len(took) * 0.95)], 2),
    "lines_per_cpu_second": round(bulk),
    "rss_mib": round(int(peak.split()[1]) / 1024),
}))
"""


def measured(pairs: list[Pair]) -> dict[str, Any]:
    """Seconds to the first reading (imports too, by the clock), CPU milliseconds a line with its
    words marked, lines per CPU second in bulk, memory, and the size of the weights in MB.
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
