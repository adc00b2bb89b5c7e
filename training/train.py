"""`python -m training.train --data DIR`: make the weights and thresholds that nearer/cues ships.

DIR holds the public texts (README.md). Stages that are done are kept in build/cues and used again;
delete that folder to start from nothing.
"""

import argparse
import json
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor

from nearer.cues.calibration import OUTPUTS
from nearer.cues.pieces import Cutter
from nearer.cues.reader import THRESHOLDS, WEIGHTS
from training import calibrate, start, unseen
from training.answers import ACTS
from training.examples import (
    EMOTIONS,
    SUPPORT,
    Example,
    halves_of,
    labelled_examples,
    learned_part,
    own_examples,
)
from training.export import save
from training.figures import Floats
from training.fit import cases_of, fit, logits
from training.lessons import (
    EVERY,
    Lesson,
    guessed,
    misplaced,
    of_public,
    own,
    with_other_words,
)
from training.network import CueNetwork
from training.pairs import unlabelled
from training.teacher import Teacher, chances, taught

N = TypeVar("N", bound=torch.nn.Module)
BUILD = Path("build/cues")
UNSEEN = Path(__file__).parent / "unseen.json"
SEED = 0
"""Of the network that ships; others only tell how much chance there is in the figures."""
OFTEN = 2
"""Times that a line with labels comes in a pass in which a guessed one comes once."""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--data", type=Path, required=True, help="folder of the public texts")
    asked.add_argument("--seed", type=int, default=SEED)
    given = asked.parse_args()
    public = public_texts(given.data)
    make([*own_examples(), *labelled_examples(public)], public, given.seed, FULL)
    if given.seed == SEED:
        for shipped in (WEIGHTS, THRESHOLDS, UNSEEN):
            shutil.copyfile(folder_of(SEED) / shipped.name, shipped)


def public_texts(root: Path) -> list[Example]:
    return [each for source in (EMOTIONS, SUPPORT) for each in learned_part(root, source)]


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to learn: passes of a teacher and of a network, and how many pairs of two kinds that
    a teacher is asked about (pairs.py).
    """

    teacher_passes: int
    passes: int
    joined: int
    of_public: int


FULL = Effort(teacher_passes=3, passes=6, joined=5_000, of_public=12_000)


def folder_of(seed: int) -> Path:
    """Where finished stages and results of one seed are kept."""
    return BUILD / f"seed-{seed}"


def make(
    lines: Sequence[Example], public: Sequence[Example], seed: int, effort: Effort
) -> CueNetwork:
    """Two teachers, each of one half of the writers; from each a network that tells how far the
    other half can be trusted; and from both the network that ships.

    The halves learn side by side, each on one core: two threads for one of them go only 1.3 times
    as fast as one.
    """
    folder = folder_of(seed)
    folder.mkdir(parents=True, exist_ok=True)
    words = start.vocabulary(
        (text for each in lines for text in (each.line, each.message or "")),
        (each.line for each in public),
    )
    halves = halves_of(lines)
    run = Run(folder, words, halves, public, seed, effort)
    with ProcessPoolExecutor(2, get_context("spawn"), torch.set_num_threads, (1,)) as at_once:
        teachers = list(at_once.map(run.teacher, (0, 1)))
        found = list(at_once.map(run.pupil, (0, 1)))
    run.tell_unseen(halves[::-1], teachers, found)
    final = run.network(lambda: [*run.taught_by(lines, teachers), *of_public(public)], "final")
    save(final, words, folder / WEIGHTS.name)
    return final


@dataclass(frozen=True, slots=True)
class Run:
    """What every stage of one training needs; `folder` keeps those that are done."""

    folder: Path
    words: list[str]
    halves: Sequence[Sequence[Example]]
    public: Sequence[Example]
    seed: int
    effort: Effort

    def teacher(self, at: int) -> Teacher:
        """Of one half of the writers."""
        learn = partial(self._teach, self.halves[at])
        return with_state(Teacher(), self._kept(f"teacher-{at}", lambda: learn().state_dict()))

    def pupil(self, at: int) -> CueNetwork:
        """Of one half, and of what its teacher says."""
        half = self.halves[at]
        return self.network(lambda: self.taught_by(half, [self.teacher(at)]), f"half-{at}")

    def taught_by(self, lines: Sequence[Example], teachers: Sequence[Teacher]) -> list[Lesson]:
        """Lines with our labels, and lines with what the teachers guess in the mean."""
        pairs = unlabelled(
            lines,
            self.public,
            self.seed,
            joined=self.effort.joined,
            of_public=self.effort.of_public,
        )
        guesses = torch.stack([chances(teacher, pairs) for teacher in teachers]).mean(0)
        changed = with_other_words(lines, Random(self.seed))  # noqa: S311 - no secret
        return [*own(lines) * OFTEN, *changed, *guessed(pairs, guesses)]

    def network(self, lessons: Callable[[], Sequence[Lesson]], name: str) -> CueNetwork:
        torch.manual_seed(self.seed)
        network = CueNetwork(start.word_vectors(self.words), len(EVERY))

        def learn() -> dict[str, Tensor]:
            cases = cases_of(Cutter(self.words), lessons())
            passes = self.effort.passes
            fit(network, cases, passes=passes, seed=self.seed, report=print_now)
            return network.state_dict()

        return with_state(network, self._kept(name, learn))

    def logits(self, network: CueNetwork, lines: Sequence[Example]) -> Floats:
        """[lines, outputs], of the first window of each."""
        cut = Cutter(self.words).many([(each.line, each.message) for each in lines])
        found: Floats = logits(network, [windows[0] for windows in cut]).numpy()
        return found

    def tell_unseen(
        self,
        others: Sequence[Sequence[Example]],
        teachers: Sequence[Teacher],
        networks: Sequence[CueNetwork],
    ) -> None:
        """Thresholds and figures from what each network and teacher says of the other half."""
        lines = [each for half in others for each in half]
        parts = [self.logits(each, half) for each, half in zip(networks, others, strict=True)]
        seen = np.concatenate(parts)[:, : len(OUTPUTS)].astype(float)
        scales = calibrate.scales_from(lines, seen)
        guesses = [
            chances(teacher, [(each.line, each.message) for each in half])
            for teacher, half in zip(teachers, others, strict=True)
        ]
        told = unseen.figures(
            unseen.Told(lines, seen, without_complex(torch.cat(guesses)), len(others[0])), scales
        )
        (self.folder / THRESHOLDS.name).write_text(calibrate.as_toml(scales), encoding="utf-8")
        (self.folder / UNSEEN.name).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")

    def _teach(self, half: Sequence[Example]) -> Teacher:
        return taught(
            lambda chance: [*own(half), *made_false(half, chance)],
            passes=self.effort.teacher_passes,
            seed=self.seed,
            report=print_now,
        )

    def _kept(self, name: str, stage: Callable[[], dict[str, Tensor]]) -> dict[str, Tensor]:
        """The result of a stage, from the folder if it was done before."""
        path = self.folder / f"{name}.pt"
        if not path.exists():
            print_now(f"stage {name}")
            torch.save(stage(), path)
        state: dict[str, Tensor] = torch.load(path, weights_only=True)
        return state


def made_false(half: Sequence[Example], chance: Random) -> list[Lesson]:
    """Whether a reflection fits is the hardest thing to learn, so each pass has others."""
    return [*misplaced(half, chance), *with_other_words(half, chance)]


def without_complex(guesses: Tensor) -> Floats:
    """[lines, ACTS] out of [lines, OUTPUTS]."""
    found: Floats = guesses[:, [OUTPUTS.index(act) for act in ACTS]].double().numpy()
    return found


def with_state(network: N, state: dict[str, Tensor]) -> N:
    network.load_state_dict(state)
    network.eval()
    return network


def print_now(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a command


if __name__ == "__main__":
    main()
