"""The linear reading of short strings."""

import numpy as np

from nearer.cues.ngrams import PLACES, Ngrams, features


def test_places_are_counted_whatever_the_case() -> None:
    assert features("So THEY said") == features("so they SAID")
    assert features("no no no") != features("no")
    assert all(0 <= place < PLACES for place in features("So they said no?"))


def test_nothing_said_leaves_only_the_bias() -> None:
    bias = np.array([0.5, -1], dtype=np.float32)
    rarity = np.ones(PLACES, dtype=np.float32)
    ngrams = Ngrams(
        {
            "ngrams.rarity": rarity,
            "ngrams.weight": np.ones((2, PLACES), dtype=np.float32),
            "ngrams.bias": bias,
        }
    )
    assert ngrams.logits("").tolist() == bias.tolist()
    assert (ngrams.logits("no") > bias).all()


def test_strings_never_met_in_training_add_nothing() -> None:
    ngrams = Ngrams(
        {
            "ngrams.rarity": np.zeros(PLACES, dtype=np.float32),
            "ngrams.weight": np.ones((1, PLACES), dtype=np.float32),
            "ngrams.bias": np.array([0.25], dtype=np.float32),
        }
    )
    assert ngrams.logits("zzz qqq").tolist() == [0.25]
