"""How the small network learns."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from nearer.cues.pieces import Cutter, Window
from training.lessons import Lesson
from training.network import CueNetwork, batch
from training.steps import loss_of, similar, slope_of, step

ROWS = 48
RATE, WORDS_RATE, RUNS_RATE = 1.5e-3, 0.5e-3, 4.5e-3
"""Word vectors have something to lose, runs of pieces start from nothing."""
AT_ONCE = 128


@dataclass(frozen=True, slots=True)
class Cases:
    """Lessons as the network takes them; targets and weights are [lessons, outputs]."""

    windows: list[Window]
    targets: Tensor
    weights: Tensor


def cases_of(cutter: Cutter, lessons: Sequence[Lesson]) -> Cases:
    """The first window of each line is what is learned from."""
    cut = cutter.many([(each.line, each.message) for each in lessons])
    return Cases(
        [windows[0] for windows in cut],
        torch.tensor([each.targets for each in lessons]),
        torch.tensor([each.weights for each in lessons]),
    )


def fit(
    network: CueNetwork, cases: Cases, *, passes: int, seed: int, report: Callable[[str], None]
) -> None:
    """Train in place."""
    torch.manual_seed(seed)
    chance = random.Random(seed)  # noqa: S311 - no secret
    steps = passes * -(-len(cases.windows) // ROWS)
    optimizer = torch.optim.AdamW(_groups_of(network), weight_decay=0.01)
    slope = slope_of(optimizer, steps)
    sizes = [len(window.line) + len(window.message) for window in cases.windows]
    network.train()
    for number in range(passes):
        total = 0.0
        for places in similar(sizes, ROWS, chance):
            found = network(batch([cases.windows[at] for at in places]))
            loss = loss_of(found, cases.targets[places], cases.weights[places])
            total += step(network, loss, slope) * len(places)
        report(f"pass {number + 1}/{passes}: loss {total / len(cases.windows):.4f}")
    network.eval()


def logits(network: CueNetwork, windows: Sequence[Window]) -> Tensor:
    """[windows, outputs], float32, in the order given."""
    network.eval()
    with torch.no_grad():
        parts = [
            network(batch(windows[at : at + AT_ONCE])) for at in range(0, len(windows), AT_ONCE)
        ]
    return torch.cat(parts)


def _groups_of(network: CueNetwork) -> list[dict[str, object]]:
    rates = {"words": WORDS_RATE, "runs": RUNS_RATE}
    return [
        {"params": list(part.parameters()), "lr": rates.get(name, RATE)}
        for name, part in network.named_children()
    ]
