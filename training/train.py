"""`python -m training.train`: make the weights and thresholds that nearer/cues ships.

Reads the public data from the folder named by NEARER_TRAINING_DATA. Stages that are done are kept
in build/cues and used again; delete that folder to start from nothing.
"""

import json
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from nearer.cues.calibration import OUTPUTS
from nearer.cues.network import Network, load
from nearer.cues.ngrams import Ngrams
from nearer.cues.pieces import Cutter
from nearer.cues.reader import THRESHOLDS, WEIGHTS
from training import calibrate, start
from training.examples import (
    CUES,
    Example,
    learned_examples,
    public_examples,
    unseen_examples,
)
from training.export import save
from training.figures import Floats, best_f1_threshold, macro_ap, macro_f1, truth
from training.fit import Plan, fit, logits
from training.lessons import OwnLesson, label_count, loss_of, public_cases
from training.network import CueNetwork
from training.phrases import fit_phrases, phrase_logits

BUILD = Path("build/cues")
SUMMARY = Path(__file__).parent / "unseen.json"
LAYERS = 3
OUTPUT_COUNT = len(OUTPUTS)
PUBLIC = Plan(passes=1, rows=64, encoder_rate=1e-4, reader_rate=1e-3, seed=0)
OWN = Plan(passes=5, rows=32, encoder_rate=2e-4, reader_rate=1e-3, seed=0)
Stage = Callable[[], dict[str, Tensor]]


def main() -> None:
    torch.set_num_threads(1)
    root = Path(os.environ["NEARER_TRAINING_DATA"])
    BUILD.mkdir(parents=True, exist_ok=True)
    sources = [public_examples(root, name) for name in ("goemotions", "offmychest")]
    words = start.vocabulary(example.reply for source in sources for example in source)
    cutter = Cutter(words)
    begin = kept("public", partial(learn_public, words, cutter, sources))
    learned, unseen = learned_examples(), unseen_examples()
    final = network_with(words, kept("final", partial(learn_own, words, cutter, learned, begin)))
    phrases = fit_phrases(learned)
    write_scales(unseen, read_logits(final, Ngrams(phrases), cutter, unseen))
    save(final, phrases, words, WEIGHTS)
    print_now(f"logits of the shipped weights are off by {export_gap(final, cutter, unseen):.3f}")


def learn_public(
    words: list[str], cutter: Cutter, sources: Sequence[Sequence[Example]]
) -> dict[str, Tensor]:
    """Encoder after one look at emotions and support; its readers are thrown away."""
    torch.manual_seed(PUBLIC.seed)
    network = CueNetwork(start.encoder(words, LAYERS), label_count(sources))
    cases = public_cases(cutter, sources)
    fit(network, lambda _: cases, PUBLIC, loss_of, print_now)
    return network.encoder.state_dict()


def learn_own(
    words: list[str],
    cutter: Cutter,
    examples: Sequence[Example],
    begin: dict[str, Tensor],
) -> dict[str, Tensor]:
    """The whole network after our own replies."""
    torch.manual_seed(OWN.seed)
    network = CueNetwork(start.encoder(words, LAYERS), OUTPUT_COUNT)
    network.encoder.load_state_dict(begin)
    fit(
        network,
        OwnLesson(cutter, examples, OWN.seed).cases_of_pass,
        OWN,
        loss_of,
        print_now,
    )
    return network.state_dict()


def read_logits(
    network: CueNetwork, phrases: Ngrams, cutter: Cutter, examples: Sequence[Example]
) -> Floats:
    """[examples, outputs], as the package adds them up."""
    windows = [next(cutter.windows(row.reply, row.message)) for row in examples]
    found: Floats = logits(network, windows).numpy() + phrase_logits(phrases, examples)
    return found


def network_with(words: list[str], state: dict[str, Tensor]) -> CueNetwork:
    network = CueNetwork(start.encoder(words, LAYERS), OUTPUT_COUNT)
    network.load_state_dict(state)
    return network


def export_gap(network: CueNetwork, cutter: Cutter, examples: Sequence[Example]) -> float:
    """Mean difference between torch with full weights and numpy with the shipped ones."""
    windows = [next(cutter.windows(row.reply, row.message)) for row in examples[::10]]
    shipped = Network(load(WEIGHTS).weights)
    found = np.array([shipped.scores(window).logits for window in windows])
    return float(np.abs(found - logits(network, windows).numpy()).mean())


def write_scales(examples: Sequence[Example], found: Floats) -> None:
    """Thresholds for the package, and a summary; the frozen replies play no part."""
    scales = calibrate.scales_from(examples, found)
    THRESHOLDS.write_text(calibrate.as_toml(scales), encoding="utf-8")
    chances, table = calibrate.probabilities(found, scales), truth(examples)
    cuts = {
        cue.value: best_f1_threshold(table[:, place], chances[:, place])
        for place, cue in enumerate(CUES)
    }
    said = chances >= np.array([list(cuts.values())])
    summary = {
        "replies": len(examples),
        "scenes": len({example.scene for example in examples}),
        "macro_ap": round(macro_ap(table, chances), 3),
        "macro_f1": round(macro_f1(table, said), 3),
        "best_f1_from": {cue: round(cut, 4) for cue, cut in cuts.items()},
    }
    SUMMARY.write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    print_now(json.dumps(summary))


def kept(name: str, stage: Stage) -> dict[str, Tensor]:
    """The result of a stage, from build/cues if it was done before."""
    path = BUILD / f"{name}.pt"
    if not path.exists():
        print_now(f"stage {name}")
        torch.save(stage(), path)
    state: dict[str, Tensor] = torch.load(path, weights_only=True)
    return state


def print_now(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a command


if __name__ == "__main__":
    main()
