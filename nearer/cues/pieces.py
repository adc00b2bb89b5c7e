"""Cut a reply and the message it answers into word pieces, in windows the network can hold."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

from nearer.cues.reading import Span

UNKNOWN, START, BREAK = "[UNK]", "[CLS]", "[SEP]"
# A window is START, reply, BREAK, message, BREAK. One thread needs about 0.14 ms a piece.
REPLY_PIECES = 64
MESSAGE_PIECES = 56
# The rest of a longer reply is not read: feedback on the first 200 words or so is enough.
WINDOWS = 4
# 40 characters a piece is far above any writing; it bounds the time for a pasted megabyte.
CHARACTERS = WINDOWS * REPLY_PIECES * 40
SENTENCE_ENDS = frozenset(".?!")
HALF_A_LETTER = re.compile("[\ud800-\udfff]")  # the cutter takes whole ones only


@dataclass(frozen=True, slots=True)
class Window:
    """One input of the network; the lists have one entry per piece.

    ids: rows of the embedding table.
    sides: 0 for the reply and its markers, 1 for the message.
    echoes: 1 where a word piece occurs on the other side as well.
    spans: where the reply's pieces stand in the reply; piece i of the reply is at ids[i + 1].
    """

    ids: list[int]
    sides: list[int]
    echoes: list[int]
    spans: list[Span]


@dataclass(frozen=True, slots=True)
class Side:
    """The pieces of one text."""

    ids: list[int]
    tokens: list[str]
    spans: list[Span]

    def cut(self, start: int, end: int) -> "Side":
        return Side(self.ids[start:end], self.tokens[start:end], self.spans[start:end])


class Cutter:
    """Word-piece cutter over a vocabulary (upper case and accents are folded)."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._tokenizer = _tokenizer(vocabulary)
        self._start, self._break = vocabulary.index(START), vocabulary.index(BREAK)

    def windows(self, reply: str, message: str | None) -> Iterator[Window]:
        """At least one window, also for an empty reply."""
        said = self._side(message[:CHARACTERS] if message else "").cut(0, MESSAGE_PIECES)
        answer = self._side(reply[:CHARACTERS])
        start = 0
        for _ in range(WINDOWS):
            end = window_end(answer.tokens, start)
            yield self._window(answer.cut(start, end), said)
            start = end
            if start >= len(answer.ids):
                return

    def _side(self, text: str) -> Side:
        whole = HALF_A_LETTER.sub("\N{REPLACEMENT CHARACTER}", text)
        cut: Encoding = self._tokenizer.encode(whole, add_special_tokens=False)
        return Side(list(cut.ids), list(cut.tokens), [Span(*offset) for offset in cut.offsets])

    def _window(self, answer: Side, said: Side) -> Window:
        ids = [self._start, *answer.ids, self._break, *said.ids, self._break]
        first = len(answer.ids) + 2
        in_both = {piece for piece in set(answer.tokens) & set(said.tokens) if piece[-1].isalnum()}
        here = [int(token in in_both) for token in answer.tokens]
        there = [int(token in in_both) for token in said.tokens]
        return Window(
            ids=ids,
            sides=[0] * first + [1] * (len(ids) - first),
            echoes=[0, *here, 0, *there, 0],
            spans=answer.spans,
        )


def window_end(tokens: Sequence[str], start: int) -> int:
    """End of the window that starts at `start`: after its last whole sentence if it is too long."""
    end = start + REPLY_PIECES
    if end >= len(tokens):
        return len(tokens)
    for place in range(end, start + REPLY_PIECES // 2, -1):
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
