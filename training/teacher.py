"""The teacher: all-MiniLM-L6-v2 over line and message at once, trained on our lines.

It is far too slow to ship (some 4 ms of a core a line, 90 MB). What it says about very many pairs
of lines and messages is what the small network learns from.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoModel

from nearer.cues.calibration import OUTPUTS
from nearer.cues.reader import Pair
from training.lessons import Lesson
from training.start import FOLDER
from training.steps import loss_of, similar, slope_of, step

START, BREAK = 101, 102
LONGEST = 64
"""Pieces of the line, and of the message."""
ROWS = 32
ENCODER_RATE, READER_RATE = 1.5e-4, 1e-3
AT_ONCE = 128

Cut = tuple[list[int], int]


@dataclass(frozen=True, slots=True)
class Batch:
    """All [rows, pieces]; of_line counts the first marker, so that no row is empty."""

    ids: Tensor
    filled: Tensor
    of_line: Tensor


class Teacher(nn.Module):
    """One reading per output over an attention-weighted mean of the line, and the first marker."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(FOLDER, attn_implementation="eager")
        self.encoder.embeddings.requires_grad_(requires_grad=False)
        width = self.encoder.config.hidden_size
        self.look = nn.Linear(width, len(OUTPUTS), bias=False)
        self.value = nn.Linear(2 * width, len(OUTPUTS))
        nn.init.zeros_(self.look.weight)

    def forward(self, batch: Batch) -> Tensor:
        """Logits [rows, outputs]."""
        sides = (batch.filled & ~batch.of_line).long()
        seen = self.encoder(
            input_ids=batch.ids, attention_mask=batch.filled.long(), token_type_ids=sides
        )
        x = seen.last_hidden_state
        gaze = self.look(x).masked_fill(~batch.of_line[:, :, None], -1e4).softmax(1)
        pooled = torch.einsum("rpo,rpd->rod", gaze, x)
        first = x[:, :1].expand(-1, pooled.shape[1], -1)
        both = torch.cat([pooled, first], -1)
        out: Tensor = (both * self.value.weight).sum(-1) + self.value.bias
        return out


def taught(
    lessons_of_pass: Callable[[random.Random], list[Lesson]],
    *,
    passes: int,
    seed: int,
    report: Callable[[str], None],
) -> Teacher:
    """A teacher after its passes; `lessons_of_pass` may give others each time."""
    torch.manual_seed(seed)
    chance, teacher = random.Random(seed), Teacher()  # noqa: S311 - no secret
    lessons = lessons_of_pass(chance)
    steps = passes * -(-len(lessons) // ROWS)
    optimizer = torch.optim.AdamW(
        [
            {"params": [*teacher.encoder.encoder.parameters()], "lr": ENCODER_RATE},
            {
                "params": [*teacher.look.parameters(), *teacher.value.parameters()],
                "lr": READER_RATE,
            },
        ],
        weight_decay=0.01,
    )
    slope = slope_of(optimizer, steps)
    teacher.train()
    for number in range(passes):
        total = 0.0
        lessons = lessons if number == 0 else lessons_of_pass(chance)
        sizes = [len(each.line) + len(each.message or "") for each in lessons]
        for places in similar(sizes, ROWS, chance):
            loss = _loss(teacher, [lessons[at] for at in places])
            total += step(teacher, loss, slope) * len(places)
        report(f"teacher, pass {number + 1}/{passes}: loss {total / len(lessons):.3f}")
    return teacher.eval()


def chances(teacher: Teacher, pairs: Sequence[Pair]) -> Tensor:
    """[pairs, outputs], probabilities, in the order given."""
    cut = _cut(pairs)
    order = sorted(range(len(cut)), key=lambda at: len(cut[at][0]))
    found = torch.zeros(len(cut), len(OUTPUTS))
    for at in range(0, len(order), AT_ONCE):
        part = order[at : at + AT_ONCE]
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            found[part] = teacher(_batch([cut[place] for place in part])).float().sigmoid()
    return found


def _loss(teacher: Teacher, group: Sequence[Lesson]) -> Tensor:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = teacher(_batch(_cut([(each.line, each.message) for each in group])))
    targets = torch.tensor([each.targets[: len(OUTPUTS)] for each in group])
    weights = torch.tensor([each.weights[: len(OUTPUTS)] for each in group])
    return loss_of(found.float(), targets, weights)


def _cut(pairs: Sequence[Pair]) -> list[Cut]:
    lines = _TOKENIZER.encode_batch([line for line, _ in pairs], add_special_tokens=False)
    said = _TOKENIZER.encode_batch(
        [message or "" for _, message in pairs], add_special_tokens=False
    )
    return [_window(a.ids[:LONGEST], b.ids[:LONGEST]) for a, b in zip(lines, said, strict=True)]


def _window(line: list[int], message: list[int]) -> Cut:
    return [START, *line, BREAK, *message, BREAK], len(line) + 1


def _batch(cut: Sequence[Cut]) -> Batch:
    longest = max(len(ids) for ids, _ in cut)
    places = torch.arange(longest)[None, :]
    return Batch(
        torch.tensor([[*ids, *[0] * (longest - len(ids))] for ids, _ in cut]),
        places < torch.tensor([len(ids) for ids, _ in cut])[:, None],
        places < torch.tensor([of_line for _, of_line in cut])[:, None],
    )


def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


_TOKENIZER = _tokenizer()
