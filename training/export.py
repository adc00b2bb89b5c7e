"""Write a trained network as the weight file that nearer/cues/network.py reads."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nearer.cues.network import RUNS, SCALE, VOCABULARY
from training.network import CueNetwork

Stored = dict[str, NDArray[np.generic]]
STEPS = 127
"""Whole steps on either side of zero."""


def save(network: CueNetwork, vocabulary: Sequence[str], path: Path) -> None:
    """Tables as small integers with a scale per row, vectors as float16, all compressed.

    The table of runs has a scale per column: its rows are looked up one by one as they are.
    """
    stored: Stored = {VOCABULARY: np.frombuffer("\n".join(vocabulary).encode(), np.uint8)}
    for name, tensor in network.state_dict().items():
        stored |= _packed(name, tensor.float().numpy())
    np.savez_compressed(path, allow_pickle=False, **stored)


def _packed(name: str, values: NDArray[np.float32]) -> Stored:
    if values.ndim == 1:
        return {name: values.astype(np.float16)}
    axis = 0 if name == RUNS else 1
    scale = (
        np.maximum(np.abs(values).max(axis=axis, keepdims=True), 1e-8).astype(np.float32) / STEPS
    )
    table = np.rint(values / scale).astype(np.int8)
    return {name: table, name + SCALE: scale.squeeze(axis)}
