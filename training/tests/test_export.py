"""What numpy computes is what was trained."""

from pathlib import Path

import numpy as np
import pytest
import torch

from nearer.cues.network import Network, load
from nearer.cues.pieces import Window
from training.export import save
from training.fit import logits
from training.network import CueNetwork

PIECES, WIDTH, OUTPUTS = 40, 8, 5
WINDOWS = [
    Window(line, message, [])
    for line in ([3], [4, 5, 6], [7, 8, 9, 10, 11, 12])
    for message in ([], [9], [4, 5, 30, 31])
]
CLOSE = 0.02
"""Of weights in 255 steps; without any one part of the network it is far wider (tested below)."""
PARTS = ("words", "first", "ask", "key", "join", "again", "look", "value", "top", "last", "runs")


def network() -> CueNetwork:
    """Every part says something."""
    torch.manual_seed(4)
    found = CueNetwork(torch.randn(PIECES, WIDTH), OUTPUTS)
    for part in (found.look, found.runs, found.ask, found.key):
        torch.nn.init.normal_(part.weight)
    return found.eval()


def gap(trained: CueNetwork, stored: CueNetwork, folder: Path) -> float:
    """Between torch with one network and numpy with the other, as a share of the logits."""
    save(stored, [f"p{at}" for at in range(PIECES)], folder / "weights.npz")
    found = Network(load(folder / "weights.npz").weights).logits(WINDOWS)
    wanted = logits(trained, WINDOWS).numpy()
    return float(np.abs(found - wanted).mean() / np.abs(wanted).mean())


def test_numpy_says_the_same_as_torch(tmp_path: Path) -> None:
    assert gap(network(), network(), tmp_path) < CLOSE


@pytest.mark.parametrize("part", PARTS)
def test_no_part_of_the_network_is_left_out(part: str, tmp_path: Path) -> None:
    without = network()
    torch.nn.init.zeros_(getattr(without, part).weight)
    assert gap(network(), without, tmp_path) > 2 * CLOSE
