"""What the teacher and the small network have in common in the way they learn."""

import random
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional
from torch.optim.lr_scheduler import LambdaLR


def similar(sizes: Sequence[int], rows: int, chance: random.Random) -> list[list[int]]:
    """Places in batches of similar size, so that little is padding, in random order."""
    order = sorted(range(len(sizes)), key=lambda at: sizes[at] * chance.uniform(0.8, 1.25))
    groups = [order[at : at + rows] for at in range(0, len(order), rows)]
    chance.shuffle(groups)
    return groups


def loss_of(found: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """Cross-entropy per known answer, summed over outputs, mean over lines ([lines, outputs])."""
    losses = functional.binary_cross_entropy_with_logits(found, targets, weights, reduction="sum")
    return losses / len(found)


def slope_of(optimizer: torch.optim.Optimizer, steps: int) -> LambdaLR:
    """The rate goes up over the first tenth of the steps, then down to nothing."""
    rise = max(1, steps // 10)

    def share(step: int) -> float:
        return max(0.0, min((step + 1) / rise, (steps - step) / max(1, steps - rise)))

    return LambdaLR(optimizer, share)


def step(model: torch.nn.Module, loss: Tensor, slope: LambdaLR) -> float:
    """One step down; the loss as it was before."""
    optimizer = slope.optimizer
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]  # torch ships this one untyped
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    slope.step()
    return float(loss.detach())
