"""The network that is trained; nearer/cues/network.py computes the same in numpy."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from nearer.cues.ngrams import PLACES, runs
from nearer.cues.pieces import Window

INNER, KEYS, TOP = 256, 64, 128
DROPPED = 0.2
FAR = -1e4


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows padded to one length.

    line, message: int64 [rows, pieces]. here, there: float, 1 on a piece and 0 on padding.
    places: int64 [runs of all rows]; starts: int64 [rows]; shares: float, one per run.
    """

    line: Tensor
    here: Tensor
    message: Tensor
    there: Tensor
    places: Tensor
    starts: Tensor
    shares: Tensor


class CueNetwork(nn.Module):
    """`words`: the first word vectors, [pieces, width]."""

    def __init__(self, words: Tensor, outputs: int) -> None:
        super().__init__()
        width = words.shape[1]
        self.words = nn.Embedding.from_pretrained(words.clone(), freeze=False)  # type: ignore[no-untyped-call]  # torch ships this one untyped
        self.first = nn.Linear(3 * width, width)
        self.ask = nn.Linear(width, KEYS, bias=False)
        self.key = nn.Linear(width, KEYS, bias=False)
        self.join = nn.Linear(4 * width + 2, INNER)
        self.again = nn.Linear(3 * INNER, INNER)
        self.look = nn.Linear(INNER, outputs, bias=False)
        self.value = nn.Linear(INNER, outputs)
        self.top = nn.Linear(INNER + 2 * width, TOP)
        self.last = nn.Linear(TOP, outputs, bias=False)
        self.runs = nn.EmbeddingBag(PLACES, outputs, mode="sum")
        self.dropout = nn.Dropout(DROPPED)
        nn.init.zeros_(self.look.weight)
        nn.init.zeros_(self.runs.weight)

    def forward(self, batch: Batch) -> Tensor:
        """Logits [rows, outputs]."""
        here, there = batch.here[:, :, None], batch.there[:, :, None]
        line, said = self._side(batch.line, here), self._side(batch.message, there)
        joined = self._joined(batch, line, said)
        gaze = self.look(joined).masked_fill(here == 0, FAR).softmax(1)
        read = (gaze * functional.linear(joined, self.value.weight)).sum(1) + self.value.bias
        means = [x.sum(1) / x_is.sum(1).clamp(min=1) for x, x_is in ((said, there), (line, here))]
        top = torch.relu(self.top(torch.cat([joined.amax(1), *means], -1)))
        out: Tensor = read + self.last(top) + self._of_runs(batch)
        return out

    def _side(self, ids: Tensor, filled: Tensor) -> Tensor:
        x = self.dropout(self.words(ids) * filled)
        out: Tensor = (x + torch.relu(self.first(_threes(x)))) * filled
        return out

    def _joined(self, batch: Batch, line: Tensor, said: Tensor) -> Tensor:
        here, there = batch.here[:, :, None], batch.there[:, None, :]
        is_there = (there.sum(-1, keepdim=True) > 0).float()
        closeness = self.ask(line) @ self.key(said).transpose(1, 2) * KEYS**-0.5
        met = closeness.masked_fill(there == 0, FAR).softmax(-1) @ said * is_there
        both = (line, met, line * met, (line - met).abs(), self._nearest(batch))
        met_or_not = is_there.expand(-1, line.shape[1], -1)
        x = torch.relu(self.join(self.dropout(torch.cat([*both, met_or_not], -1)))) * here
        out: Tensor = self.dropout((x + torch.relu(self.again(_threes(x)))) * here)
        return out

    def _nearest(self, batch: Batch) -> Tensor:
        """Cosine of the nearest piece of the message, 0 if none is near."""
        line = functional.normalize(self.words(batch.line), dim=-1)
        said = functional.normalize(self.words(batch.message), dim=-1)
        close = (line @ said.transpose(1, 2)) * batch.there[:, None, :]
        return close.amax(-1, keepdim=True).relu() * batch.here[:, :, None]

    def _of_runs(self, batch: Batch) -> Tensor:
        out: Tensor = self.runs(batch.places, batch.starts, per_sample_weights=batch.shares)
        return out


def batch(windows: Sequence[Window]) -> Batch:
    """Windows padded to the longest line and the longest message."""
    line, here = _padded([window.line for window in windows])
    message, there = _padded([window.message for window in windows])
    found = [runs(window.line).places for window in windows]
    counts = [len(places) for places in found]
    shares = np.concatenate([np.full(n, max(1, n) ** -0.5, np.float32) for n in counts])
    return Batch(
        line,
        here,
        message,
        there,
        torch.from_numpy(np.concatenate(found)),
        torch.tensor(np.cumsum([0, *counts[:-1]])),
        torch.from_numpy(shares),
    )


def _padded(rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    longest = max(1, *map(len, rows))
    ids = torch.tensor([[*row, *[0] * (longest - len(row))] for row in rows])
    lengths = torch.tensor([len(row) for row in rows])
    return ids, (torch.arange(longest)[None, :] < lengths[:, None]).float()


def _threes(x: Tensor) -> Tensor:
    """Each piece with its two neighbours; nothing beyond the edges."""
    edge = x.new_zeros(x.shape[0], 1, x.shape[2])
    left, right = torch.cat([edge, x[:, :-1]], 1), torch.cat([x[:, 1:], edge], 1)
    return torch.cat([left, x, right], -1)
