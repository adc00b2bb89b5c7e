"""`python -m training.slice`: the whole training on a small part of our lines, in two minutes.

It tells that every stage still works and that numpy computes what was trained; it says nothing of
quality. Reads neither the public texts nor the held-back lines, and writes to a folder of its own.
"""

import json
import tempfile
from pathlib import Path
from zlib import crc32

import numpy as np

from nearer.cues.reader import THRESHOLDS, WEIGHTS, reader_of
from training import held_back, train
from training.answers import as_shown
from training.examples import Example, own_examples
from training.fit import logits

EVERY_SCENE_OF = 24
EFFORT = train.Effort(teacher_passes=1, passes=2, joined=50, of_public=0)
CLOSE = 0.1
"""Weights are rounded to 255 steps; what comes of it may differ by so much (logits)."""


def main() -> None:
    lines = [each for each in own_examples() if crc32(each.scene.encode()) % EVERY_SCENE_OF == 0]
    with tempfile.TemporaryDirectory() as folder:
        train.BUILD = Path(folder)
        check(lines)


def check(lines: list[Example]) -> None:
    network = train.make(lines, [], train.SEED, EFFORT)
    folder = train.folder_of(train.SEED)
    reader = reader_of(folder / WEIGHTS.name, folder / THRESHOLDS.name)
    pairs = [(each.line, each.message) for each in lines]
    windows = [windows[0] for windows in reader.cutter.many(pairs)]
    gap = np.abs(reader.logits(windows) - logits(network, windows).numpy())
    if gap.mean() > CLOSE:
        raise SystemExit(f"numpy and torch differ by {gap.mean():.3f} in the mean")
    unseen = json.loads((folder / train.UNSEEN.name).read_text(encoding="utf-8"))
    seen = held_back.table(lines, as_shown(list(reader.read_some(pairs))))
    train.print_now(
        f"{len(lines)} lines; macro-AP of unseen writers {unseen['all acts, macro-AP']}"
    )
    train.print_now("\n".join(f"{name}: {found}" for name, found in seen.items()))


if __name__ == "__main__":
    main()
