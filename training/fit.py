"""One training loop for every stage."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from nearer.cues.pieces import Window
from training.network import Batch, CueNetwork


@dataclass(frozen=True, slots=True)
class Case:
    """One window and what should be read from it.

    targets: one number per label, 0 to 1. weights: 0 where the answer is not known.
    """

    window: Window
    targets: list[float]
    weights: list[float]


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to learn."""

    passes: int
    rows: int
    encoder_rate: float
    reader_rate: float
    seed: int


type_of_loss = Callable[[Tensor, Tensor, Tensor], Tensor]


def fit(
    network: CueNetwork,
    cases_of_pass: Callable[[int], list[Case]],
    plan: Plan,
    loss_of: type_of_loss,
    report: Callable[[str], None],
) -> None:
    """Train in place. `cases_of_pass` gives the cases of each pass (they may change)."""
    first = cases_of_pass(0)
    steps = plan.passes * -(-len(first) // plan.rows)
    optimizer = torch.optim.AdamW(
        [
            {"params": _learning(network.encoder), "lr": plan.encoder_rate},
            {"params": _learning(network.readers), "lr": plan.reader_rate},
        ],
        weight_decay=0.01,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _slope(step, steps))
    network.train()
    for number in range(plan.passes):
        cases = first if number == 0 else cases_of_pass(number)
        total = 0.0
        for group in _shuffled(cases, plan.rows, seed=plan.seed + number):
            loss = _loss(network, group, loss_of)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch ships this one untyped
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += float(loss.detach()) * len(group)
        report(f"pass {number + 1}/{plan.passes}: loss {total / len(cases):.4f}")
    network.eval()


def logits(network: CueNetwork, windows: Sequence[Window]) -> Tensor:
    """[windows, labels], float32, in the order given."""
    network.eval()
    with torch.no_grad():
        parts = [network(batch(windows[at : at + 32])) for at in range(0, len(windows), 32)]
    return torch.cat(parts)


def batch(windows: Sequence[Window]) -> Batch:
    """Windows padded to the longest."""
    longest = max(len(window.ids) for window in windows)
    return Batch(
        ids=_padded([window.ids for window in windows], longest),
        sides=_padded([window.sides for window in windows], longest),
        echoes=_padded([window.echoes for window in windows], longest),
        filled=_up_to([len(window.ids) for window in windows], longest),
        of_reply=_up_to([len(window.spans) + 1 for window in windows], longest),
    )


def _learning(part: nn.Module) -> list[nn.Parameter]:
    return [parameter for parameter in part.parameters() if parameter.requires_grad]


def _loss(network: CueNetwork, group: Sequence[Case], loss_of: type_of_loss) -> Tensor:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scores = network(batch([case.window for case in group]))
    targets = torch.tensor([case.targets for case in group])
    weights = torch.tensor([case.weights for case in group])
    return loss_of(scores.float(), targets, weights)


def _shuffled(cases: Sequence[Case], rows: int, seed: int) -> Iterator[list[Case]]:
    """Batches of similar length (little padding), in random order."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    order = sorted(cases, key=lambda case: len(case.window.ids) * chance.uniform(0.8, 1.25))
    groups = [order[at : at + rows] for at in range(0, len(order), rows)]
    chance.shuffle(groups)
    yield from groups


def _slope(step: int, steps: int) -> float:
    """Rise over the first tenth, then fall to zero."""
    rise = max(1, steps // 10)
    return min((step + 1) / rise, (steps - step) / max(1, steps - rise))


def _padded(rows: Sequence[list[int]], longest: int) -> Tensor:
    return torch.tensor([row + [0] * (longest - len(row)) for row in rows])


def _up_to(lengths: Sequence[int], longest: int) -> Tensor:
    return torch.arange(longest)[None, :] < torch.tensor(lengths)[:, None]
