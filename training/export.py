"""Write a trained network as the weight file that nearer/cues/network.py reads."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nearer.cues.network import SCALE, VOCABULARY, Floats
from training.network import CueNetwork

Stored = dict[str, NDArray[np.generic]]


# Steps on either side of zero, by the first part of a table's name; 127 where none is named. Few
# steps make the compressed file smaller: these cost .003 of macro AP on training folds and save
# 2.7 of 9.4 MB.
STEPS = {"words": 15, "layers": 31}


def save(
    network: CueNetwork,
    phrases: Mapping[str, Floats],
    vocabulary: Sequence[str],
    path: Path,
) -> None:
    """Tables as small integers with a scale per row, vectors as float16, all compressed."""
    stored: Stored = {VOCABULARY: np.frombuffer("\n".join(vocabulary).encode(), np.uint8)}
    parts = {**network.encoder.state_dict(), **network.readers.state_dict()}
    for name, tensor in parts.items():
        stored |= _packed(name, tensor.float().numpy())
    for name, values in phrases.items():
        stored |= _packed(name, values)
    np.savez_compressed(path, allow_pickle=False, **stored)


def _packed(name: str, values: NDArray[np.float32]) -> Stored:
    if values.ndim == 1:
        return {name: values.astype(np.float16)}
    steps = STEPS.get(name.split(".")[0], 127)
    scale = np.maximum(np.abs(values).max(axis=1), 1e-8).astype(np.float32) / steps
    table = np.rint(values / scale[:, None]).astype(np.int8)
    return {name: table, name + SCALE: scale}
