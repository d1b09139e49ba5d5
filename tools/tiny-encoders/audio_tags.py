"""What the tiny audio encoder is trained to hear in a second of sound."""
from __future__ import annotations

import numpy as np

from corpus import Corpus, SoundLabel

RATES = (1, 2, 4)  # notes a second
LOUD = 0.45  # between the levels of a quiet and of a loud source


def tag_names(corpus: Corpus) -> list[str]:
    """Of every kind: is it heard, is it heard and loud, is it heard at this note rate."""
    kinds = corpus.kinds
    return [*kinds, *(f"{kind} loud" for kind in kinds), *(f"{kind} rate {rate}" for rate in RATES for kind in kinds)]


def tags_of(corpus: Corpus, label: SoundLabel) -> np.ndarray:
    """The tags of a sound: 0 or 1, [seconds, 5 * kinds] in the order of `tag_names`."""
    count = len(corpus.kinds)
    tags = np.zeros((len(label.kinds), 2 + len(RATES), count), np.float32)
    for second, heard in enumerate(zip(label.kinds, label.levels, label.rates)):
        for kind, level, rate in zip(*heard):
            index = corpus.kinds.index(kind)
            tags[second, 0, index] = 1
            tags[second, 1, index] = level > LOUD
            tags[second, 2 + RATES.index(rate), index] = 1
    return tags.reshape(len(label.kinds), -1)
