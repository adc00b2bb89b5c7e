"""How the small network learns."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from nearer.cues.pieces import Cutter, Window
from training.lessons import Lesson
from training.network import CueNetwork, batch
from training.teacher import rise_and_fall

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
    slope = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: rise_and_fall(step, steps))
    network.train()
    for number in range(passes):
        total = 0.0
        for places in _shuffled(cases.windows, chance):
            loss = _loss(network, cases, places)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch ships this one untyped
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            slope.step()
            total += float(loss.detach()) * len(places)
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


def _loss(network: CueNetwork, cases: Cases, places: Sequence[int]) -> Tensor:
    """Cross-entropy per known answer, summed over outputs, mean over lines."""
    found = network(batch([cases.windows[at] for at in places]))
    losses = functional.binary_cross_entropy_with_logits(
        found, cases.targets[places], cases.weights[places], reduction="sum"
    )
    return losses / len(places)


def _shuffled(windows: Sequence[Window], chance: random.Random) -> list[list[int]]:
    """Batches of similar length (little padding), in random order."""
    sizes = [len(window.line) + len(window.message) for window in windows]
    order = sorted(range(len(windows)), key=lambda at: sizes[at] * chance.uniform(0.8, 1.25))
    groups = [order[at : at + ROWS] for at in range(0, len(order), ROWS)]
    chance.shuffle(groups)
    return groups
