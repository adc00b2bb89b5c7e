"""The trained network, computed with numpy: three small transformer layers and one reader per cue.

Import it lazily: numpy is slow to import. The layers follow BERT (Devlin et al. 2019) with the
tanh form of GELU (Hendrycks & Gimpel 2016); training/network.py is the same network in torch.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nearer.cues.pieces import Window

Floats = NDArray[np.float32]
VOCABULARY, SCALE = "vocabulary", ".scale"
HEADS = 12
LAST_MARKER = 2  # row of the last of the three markers that open the vocabulary
EPSILON = np.float32(1e-12)
GELU_SLOPE = np.float32(0.7978845608028654)  # sqrt(2 / pi)
GELU_CUBE = np.float32(0.044715)


@dataclass(frozen=True, slots=True)
class Scores:
    """What the network says about one window.

    logits: [labels].
    shares: [reply pieces, labels], what each piece adds to the logit beyond the first marker.
    """

    logits: Floats
    shares: Floats


Weights = Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class Stored:
    """What the weight file holds: the word pieces, and arrays by name."""

    vocabulary: tuple[str, ...]
    weights: Weights


def load(path: Path) -> Stored:
    """Tables are stored as int8 with one scale per row, vectors as float16."""
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    pieces = bytes(arrays.pop(VOCABULARY)).decode().split("\n")
    names = (name for name in arrays if not name.endswith(SCALE))
    return Stored(tuple(pieces), {name: _unpacked(arrays, name) for name in names})


class Network:
    """Immutable; safe to share between threads."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._layers = sum(name.endswith(".widen.weight") for name in weights)

    def scores(self, window: Window) -> Scores:
        """Logits of the window and the share of every piece of the reply."""
        weights = self._weights
        x = self._embedded(window)
        for number in range(self._layers):
            x = _layer(x, weights, f"layers.{number}")
        of_reply = x[: len(window.spans) + 1]
        gaze = _softmax(of_reply @ weights["look.weight"].T, axis=0)
        shares = gaze * (of_reply @ weights["read.weight"].T)
        return Scores(shares.sum(axis=0) + weights["read.bias"], shares[1:])

    def _embedded(self, window: Window) -> Floats:
        weights = self._weights
        x = weights["words.weight"][window.ids] + weights["places.weight"][: len(window.ids)]
        x = x + weights["sides.weight"][window.sides] + weights["echoes.weight"][window.echoes]
        return _norm(x + self._near(window), weights, "norm")

    def _near(self, window: Window) -> Floats:
        """How close the nearest word of the other side is, along a learned direction."""
        words = self._weights["words.weight"][window.ids]
        words = words / np.linalg.norm(words, axis=1, keepdims=True)
        is_word, sides = np.array(window.ids) > LAST_MARKER, np.array(window.sides)
        across = (sides[:, None] != sides) & is_word
        nearest = np.where(across, words @ words.T, np.float32(0)).max(axis=1) * is_word
        out: Floats = nearest[:, None].astype(np.float32) * self._weights["closeness"]
        return out


def _layer(x: Floats, weights: Weights, at: str) -> Floats:
    x = _norm(x + _attended(x, weights, at), weights, f"{at}.attend_norm")
    inner = _gelu(_linear(x, weights, f"{at}.widen"))
    return _norm(x + _linear(inner, weights, f"{at}.narrow"), weights, f"{at}.narrow_norm")


def _attended(x: Floats, weights: Weights, at: str) -> Floats:
    pieces, width = x.shape
    split = _linear(x, weights, f"{at}.attend_in").reshape(pieces, 3, HEADS, width // HEADS)
    query, key, value = split.transpose(1, 2, 0, 3)
    closeness = query @ key.transpose(0, 2, 1) * np.float32((width // HEADS) ** -0.5)
    mixed = _softmax(closeness, axis=-1) @ value
    return _linear(mixed.transpose(1, 0, 2).reshape(pieces, width), weights, f"{at}.attend_out")


def _linear(x: Floats, weights: Weights, at: str) -> Floats:
    out: Floats = x @ weights[f"{at}.weight"].T + weights[f"{at}.bias"]
    return out


def _norm(x: Floats, weights: Weights, at: str) -> Floats:
    centred = x - x.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + EPSILON)
    out: Floats = centred / spread * weights[f"{at}.weight"] + weights[f"{at}.bias"]
    return out


def _gelu(x: Floats) -> Floats:
    out: Floats = x * np.float32(0.5) * (1 + np.tanh(GELU_SLOPE * (x + GELU_CUBE * x * x * x)))
    return out


def _softmax(x: Floats, axis: int) -> Floats:
    raised = np.exp(x - x.max(axis=axis, keepdims=True))
    out: Floats = raised / raised.sum(axis=axis, keepdims=True)
    return out


def _unpacked(stored: Mapping[str, NDArray[np.generic]], name: str) -> Floats:
    table = stored[name].astype(np.float32)
    scale = stored.get(name + SCALE)
    return table if scale is None else table * scale.astype(np.float32)[:, None]
