"""The network that is trained: a shortened MiniLM over reply and message, one reader per cue.

nearer/cues/network.py computes the same thing from the exported weights with numpy alone.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from nearer.cues.network import LAST_MARKER

WIDTH, HEADS, INNER, POSITIONS = 384, 12, 1536, 128


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows padded to one length; every tensor is [rows, pieces].

    ids, sides, echoes: int64, see nearer.cues.pieces.Window.
    filled: bool, False on padding.
    of_reply: bool, True on the pieces of the reply (the first marker counts, so none is empty).
    """

    ids: Tensor
    sides: Tensor
    echoes: Tensor
    filled: Tensor
    of_reply: Tensor


class Layer(nn.Module):
    """One encoder layer as in BERT (normalised after each of its two halves)."""

    def __init__(self) -> None:
        super().__init__()
        self.attend_in = nn.Linear(WIDTH, 3 * WIDTH)
        self.attend_out = nn.Linear(WIDTH, WIDTH)
        self.attend_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.widen = nn.Linear(WIDTH, INNER)
        self.narrow = nn.Linear(INNER, WIDTH)
        self.narrow_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(0.1)

    def forward(self, x: Tensor, filled: Tensor) -> Tensor:
        """x: [rows, pieces, WIDTH]."""
        rows, pieces, _ = x.shape
        split = self.attend_in(x).view(rows, pieces, 3, HEADS, WIDTH // HEADS)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        # Written out: a step on one core took a quarter less time than with torch's own.
        closeness = query @ key.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5
        looks = closeness.masked_fill(~filled[:, None, None, :], -1e4).softmax(-1)
        mixed = (self.dropout(looks) @ value).transpose(1, 2).reshape(rows, pieces, WIDTH)
        x = self.attend_norm(x + self.dropout(self.attend_out(mixed)))
        inner = self.narrow(functional.gelu(self.widen(x), approximate="tanh"))
        out: Tensor = self.narrow_norm(x + self.dropout(inner))
        return out


class Readers(nn.Module):
    """One linear reader per label over an attention-weighted mean of the reply's pieces.

    Because the reader is linear, attention x reading is what each piece adds to the logit: the
    words a finding rests on.
    """

    def __init__(self, labels: int) -> None:
        super().__init__()
        self.look = nn.Linear(WIDTH, labels, bias=False)
        self.read = nn.Linear(WIDTH, labels)
        nn.init.zeros_(self.look.weight)

    def forward(self, x: Tensor, of_reply: Tensor) -> Tensor:
        """Logits [rows, labels]."""
        gaze = self.look(x).masked_fill(~of_reply[:, :, None], -1e4).softmax(1)
        logits: Tensor = (gaze * functional.linear(x, self.read.weight)).sum(1) + self.read.bias
        return logits


class Encoder(nn.Module):
    """Embeddings and the lower layers."""

    def __init__(self, vocabulary: int, layers: int) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, WIDTH)
        self.words.weight.requires_grad = False  # our texts are too few to move words well
        self.places = nn.Embedding(POSITIONS, WIDTH)
        self.sides = nn.Embedding(2, WIDTH)
        self.echoes = nn.Embedding(2, WIDTH)
        self.closeness = nn.Parameter(torch.zeros(WIDTH))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(0.1)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))

    def forward(self, batch: Batch) -> Tensor:
        """[rows, pieces, WIDTH]."""
        places = torch.arange(batch.ids.shape[1])
        x = self.words(batch.ids) + self.places(places) + self.sides(batch.sides)
        x = self.dropout(self.norm(x + self.echoes(batch.echoes) + self._near(batch)))
        for layer in self.stack():
            x = layer(x, batch.filled)
        out: Tensor = x
        return out

    def _near(self, batch: Batch) -> Tensor:
        """How close the nearest word of the other side is, along a learned direction."""
        words = functional.normalize(self.words(batch.ids), dim=-1)
        is_word = batch.ids > LAST_MARKER
        across = (batch.sides[:, :, None] != batch.sides[:, None, :]) & is_word[:, None, :]
        nearest = (words @ words.transpose(1, 2)).masked_fill(~across, 0).amax(-1)
        return (nearest * is_word).unsqueeze(-1) * self.closeness

    def stack(self) -> list[Layer]:
        """The layers, lowest first."""
        return [layer for layer in self.layers if isinstance(layer, Layer)]


class CueNetwork(nn.Module):
    """Encoder and the readers of one task."""

    def __init__(self, encoder: Encoder, labels: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.readers = Readers(labels)

    def forward(self, batch: Batch) -> Tensor:
        """Logits [rows, labels]."""
        logits: Tensor = self.readers(self.encoder(batch), batch.of_reply)
        return logits
