"""The trained network, computed with numpy; training/network.py is the same network in torch.

Word pieces of line and message go through a window of three (convolution); each piece of the line
looks at the pieces of the message (attention, Bahdanau and others 2015) and is compared with what
it finds there, by product and difference as in models of entailment (Parikh and others 2016); one
more convolution; then, for each output, an attention-weighted reading of the line, a reading of
what stands out anywhere in it, and a linear reading of runs of word pieces (ngrams.py).

Import it lazily: numpy is slow to import.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nearer.cues.ngrams import Runs, runs
from nearer.cues.pieces import Window

Floats = NDArray[np.float32]
Weights = Mapping[str, NDArray[Any]]
"""Float32, but for the table of runs, which stays int8."""
VOCABULARY, SCALE = "vocabulary", ".scale"
RUNS = "runs.weight"
FAR = np.float32(1e4)
"""Taken from what stands on padding, so that neither a maximum nor a softmax sees it."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What the weight file holds: the word pieces, and arrays by name."""

    vocabulary: tuple[str, ...]
    weights: Weights


def load(path: Path) -> Stored:
    """Tables are stored as int8 with one scale per row, vectors as float16.

    The table of runs stays as it is, since only a few of its rows are ever looked at; its scales
    are one per output.
    """
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    pieces = bytes(arrays.pop(VOCABULARY)).decode().split("\n")
    return Stored(tuple(pieces), dict(_unpacked(arrays)))


@dataclass(frozen=True, slots=True)
class Rows:
    """The pieces of several texts one after the other, a gap before, between and after them, so
    that what is computed for each piece is not computed for padding too.

    ids: [places]. is_piece: [places, 1], 0 on a gap.
    at: [rows, pieces], the place of each piece, and the first gap on padding.
    filled: [rows, pieces, 1], 1 on a piece and 0 on padding.
    """

    ids: NDArray[np.intp]
    is_piece: Floats
    at: NDArray[np.intp]
    filled: Floats


@dataclass(frozen=True, slots=True)
class Seen:
    """What the network makes of its windows before it sums up over the pieces of the line.

    filled: [rows, pieces, 1], 1 on a piece and 0 on padding.
    line: [rows, pieces, width], 0 on padding.
    joined: [rows, pieces, inner], 0 there and never less.
    message: [rows, width], the mean over the message; 0 where there is none.
    """

    windows: Sequence[Window]
    filled: Floats
    line: Floats
    joined: Floats
    message: Floats


class Network:
    """Immutable; safe to share between threads."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        words = self._weights["words.weight"]
        lengths = np.linalg.norm(words, axis=1, keepdims=True)
        self._lengths: Floats = np.maximum(lengths, np.float32(1e-12))

    def logits(self, windows: Sequence[Window]) -> Floats:
        """[windows, outputs]."""
        return self.logits_of(self.seen(windows))

    def logits_of(self, seen: Seen) -> Floats:
        """[windows, outputs]."""
        filled, joined = seen.filled, seen.joined
        gaze, values = self._gaze(filled, joined)
        read = (gaze * values).sum(1) / gaze.sum(1)
        count = np.maximum(filled.sum(1), 1)
        found = self._summed(read, joined.max(1), seen.line.sum(1) / count, seen.message)
        out: Floats = found + np.stack(
            [self._of_runs(runs(window.line)).sum(0) for window in seen.windows]
        )
        return out

    def without(self, seen: Seen, row: int, words: NDArray[np.bool_]) -> Floats:
        """[words, outputs]: the logits of one window if the pieces of one word were left out of the
        summing up.

        words: [words, pieces of the window], which pieces each word has. What a piece lends to its
        neighbours and to the attention stays; the runs of pieces that touch the word go.
        """
        window = seen.windows[row]
        here = slice(row, row + 1), slice(len(window.line))
        gaze, values = self._gaze(seen.filled[here], seen.joined[here])
        stays = 1 - words.astype(np.float32)
        read = (stays @ (gaze * values)[0]) / np.maximum(stays @ gaze[0], np.float32(1e-9))
        highest = np.where(words[:, :, None], np.float32(0), seen.joined[here]).max(1)
        mean = (stays @ seen.line[here][0]) / np.maximum(stays.sum(1, keepdims=True), 1)
        message = np.repeat(seen.message[row : row + 1], len(words), 0)
        found = self._summed(read, highest, mean, message)
        return found + self._runs_without(runs(window.line), words)

    def seen(self, windows: Sequence[Window]) -> Seen:
        """The costly part of the way to the logits, for windows of any lengths."""
        line = _laid_out([window.line for window in windows])
        said = _laid_out([window.message for window in windows])
        of_line, of_said = self._side(line), self._side(said)
        here, there = of_line[line.at], of_said[said.at]
        count = said.filled.sum(1)
        is_there = (count > 0).astype(np.float32)[:, None]
        asked, keys = self._linear(of_line, "ask")[line.at], self._linear(of_said, "key")[said.at]
        met = _looked_up(asked, keys, there, said.filled) * is_there
        near = self._nearest(line, said)
        both = (
            here,
            met,
            here * met,
            np.abs(here - met),
            near,
            np.broadcast_to(is_there, near.shape),
        )
        joined = _relu(self._linear(np.concatenate(both, -1), "join")) * line.filled
        joined = (joined + _relu(self._linear(_threes(joined), "again"))) * line.filled
        message = there.sum(1) / np.maximum(count, 1)
        return Seen(windows, line.filled, here, joined, message)

    def _side(self, side: Rows) -> Floats:
        """[places, width], 0 on gaps."""
        x: Floats = self._weights["words.weight"][side.ids] * side.is_piece
        around = self._linear(_threes(x[None])[0], "first")
        out: Floats = (x + _relu(around)) * side.is_piece
        return out

    def _nearest(self, line: Rows, said: Rows) -> Floats:
        """[rows, pieces, 1]: cosine of the nearest piece of the message, 0 if none is near."""
        here, there = self._directions(line)[line.at], self._directions(said)[said.at]
        nearest = (here @ there.transpose(0, 2, 1)).max(-1, keepdims=True)
        return _relu(nearest)

    def _directions(self, side: Rows) -> Floats:
        """[places, width], 0 on gaps."""
        words: Floats = self._weights["words.weight"][side.ids]
        return words * (side.is_piece / self._lengths[side.ids])

    def _gaze(self, filled: Floats, joined: Floats) -> tuple[Floats, Floats]:
        """How much each output looks at each piece, and what it reads there."""
        looks = self._linear(joined, "look") - (1 - filled) * FAR
        values = joined @ self._weights["value.weight"].T
        return np.exp(looks - looks.max(1, keepdims=True)), values

    def _summed(self, read: Floats, highest: Floats, mean: Floats, message: Floats) -> Floats:
        top = _relu(self._linear(np.concatenate([highest, message, mean], -1), "top"))
        out: Floats = read + self._weights["value.bias"] + self._linear(top, "last")
        return out

    def _of_runs(self, found: Runs) -> Floats:
        """[runs, outputs]: what each adds."""
        share = np.float32(max(1, len(found.places)) ** -0.5)
        scale = self._weights[RUNS + SCALE]
        out: Floats = self._weights[RUNS][found.places] * (scale * share)
        return out

    def _runs_without(self, found: Runs, words: NDArray[np.bool_]) -> Floats:
        adds = self._of_runs(found)
        before = np.pad(np.cumsum(words, 1), ((0, 0), (1, 0)))
        touched = before[:, found.first + found.length] > before[:, found.first]
        out: Floats = (~touched).astype(np.float32) @ adds
        return out

    def _linear(self, x: Floats, at: str) -> Floats:
        rows = x.reshape(-1, x.shape[-1]) @ self._weights[f"{at}.weight"].T
        bias = self._weights.get(f"{at}.bias")
        out: Floats = rows.reshape(*x.shape[:-1], -1)
        return out if bias is None else out + bias


def _laid_out(rows: Sequence[Sequence[int]]) -> Rows:
    lengths = np.array([len(pieces) for pieces in rows])
    ends = np.cumsum(lengths + 1)
    steps = np.arange(max(1, lengths.max()))
    is_there = steps < lengths[:, None]
    at = np.where(is_there, (ends - lengths)[:, None] + steps, 0)
    ids, is_piece = np.zeros(ends[-1] + 1, np.intp), np.zeros((ends[-1] + 1, 1), np.float32)
    ids[at[is_there]] = [piece for pieces in rows for piece in pieces]
    is_piece[at[is_there]] = 1
    return Rows(ids, is_piece, at, is_there[:, :, None].astype(np.float32))


def _looked_up(asked: Floats, keys: Floats, there: Floats, filled: Floats) -> Floats:
    """[rows, pieces, width]: what each piece of the line finds in the message."""
    closeness = asked @ keys.transpose(0, 2, 1) * np.float32(asked.shape[-1] ** -0.5)
    out: Floats = _softmax(closeness - (1 - filled).transpose(0, 2, 1) * FAR, -1) @ there
    return out


def _threes(x: Floats) -> Floats:
    """Each piece with its two neighbours; nothing beyond the edges."""
    edge = np.zeros_like(x[:, :1])
    out: Floats = np.concatenate(
        [np.concatenate([edge, x[:, :-1]], 1), x, np.concatenate([x[:, 1:], edge], 1)], -1
    )
    return out


def _relu(x: Floats) -> Floats:
    out: Floats = np.maximum(x, 0)
    return out


def _softmax(x: Floats, axis: int) -> Floats:
    raised = np.exp(x - x.max(axis=axis, keepdims=True))
    out: Floats = raised / raised.sum(axis=axis, keepdims=True)
    return out


def _unpacked(
    stored: Weights,
) -> Iterator[tuple[str, NDArray[Any]]]:
    for name, table in stored.items():
        scale = stored.get(name + SCALE)
        if name == RUNS or name.endswith(SCALE):
            yield name, table
        elif scale is None:
            yield name, table.astype(np.float32)
        else:
            yield name, table.astype(np.float32) * scale.astype(np.float32)[:, None]
