"""Cut a line and the message it answers into word pieces, in windows the network can hold."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

from nearer.cues.reading import Span

UNKNOWN = "[UNK]"
LINE_PIECES = 64
MESSAGE_PIECES = 64
# The rest of a longer line is not read: feedback on the first 200 words or so is enough.
WINDOWS = 4
# 40 characters a piece is far above any writing; it bounds the time for a pasted megabyte.
CHARACTERS, SAID_CHARACTERS = WINDOWS * LINE_PIECES * 40, MESSAGE_PIECES * 40
SENTENCE_ENDS = frozenset(".?!")
HALF_A_LETTER = re.compile("[\ud800-\udfff]")  # the cutter takes whole ones only


@dataclass(frozen=True, slots=True)
class Window:
    """One input of the network.

    line, message: rows of the table of word pieces; either may be empty.
    spans: where each piece of the line stands in it.
    """

    line: Sequence[int]
    message: Sequence[int]
    spans: Sequence[Span]


class Cutter:
    """Word-piece cutter over a vocabulary (upper case and accents are folded)."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._tokenizer = _tokenizer(vocabulary)

    def many(self, pairs: Sequence[tuple[str, str | None]]) -> list[list[Window]]:
        """The windows of each line and its message; at least one, also for an empty line."""
        lines = self._cut([line[:CHARACTERS] for line, _ in pairs])
        said = self._cut([(message or "")[:SAID_CHARACTERS] for _, message in pairs])
        return [list(self._windows(*both)) for both in zip(lines, said, strict=True)]

    def _cut(self, texts: Sequence[str]) -> list["Encoding"]:
        whole = [HALF_A_LETTER.sub("\N{REPLACEMENT CHARACTER}", t) for t in texts]
        return self._tokenizer.encode_batch(whole, add_special_tokens=False)

    def _windows(self, line: "Encoding", message: "Encoding") -> Iterator[Window]:
        said = message.ids[:MESSAGE_PIECES]
        start = 0
        for _ in range(WINDOWS):
            end = window_end(line.tokens, start)
            spans = [Span(*offset) for offset in line.offsets[start:end]]
            yield Window(line.ids[start:end], said, spans)
            start = end
            if start >= len(line.ids):
                return


def window_end(tokens: Sequence[str], start: int) -> int:
    """End of the window that starts at `start`: after its last whole sentence if it is too long."""
    end = start + LINE_PIECES
    if end >= len(tokens):
        return len(tokens)
    for place in range(end, start + LINE_PIECES // 2, -1):
        if tokens[place - 1] in SENTENCE_ENDS:
            return place
    return end


def _tokenizer(vocabulary: Sequence[str]) -> "Tokenizer":
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers  # noqa: PLC0415 - slow import

    rows = {piece: row for row, piece in enumerate(vocabulary)}
    tokenizer = Tokenizer(models.WordPiece(vocab=rows, unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer
