"""What the tiny audio encoder hears, on held-out sounds."""
from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from audio_model import AudioTagger
from audio_tags import RATES
from audio_training import read_seconds
from corpus import HELD_OUT_SOUNDS, Corpus
from scores import area_under_curve


@torch.no_grad()
def measure_audio(model: AudioTagger, corpus: Corpus) -> dict[str, Any]:
    """Tags by the tagger, and linear probes on the embedding alone; rounded to three digits."""
    data = read_seconds(corpus, corpus.training_sounds, len(corpus.sounds))
    embeddings = model.encoder(data.features)
    kinds = len(corpus.kinds)
    logits = model.tags(embeddings).numpy().reshape(-1, 2 + len(RATES), kinds)
    truth = data.tags.numpy().reshape(logits.shape) > 0.5
    heard = truth[:, 0]
    right = (logits[:, 0] > 0) == heard
    rate_right = logits[:, 2:].argmax(1) == truth[:, 2:].argmax(1)
    return {
        "heldOutSounds": HELD_OUT_SOUNDS,
        "kindAccuracy": _rounded(right.mean()),
        "kindAccuracyByKind": {kind: _rounded(right[:, index].mean()) for index, kind in enumerate(corpus.kinds)},
        "exactSetOfKinds": _rounded(right.all(1).mean()),
        "aucByKind": {kind: _rounded(area_under_curve(logits[:, 0, index], heard[:, index])) for index, kind in enumerate(corpus.kinds)},
        "loudAccuracyWhereHeard": _rounded(((logits[:, 1] > 0) == truth[:, 1])[heard].mean()),
        "rateAccuracyWhereHeard": _rounded(rate_right[heard].mean()),
        "linearProbesOfOneSource": _probes(embeddings, truth),
    }


def _probes(embeddings: torch.Tensor, truth: np.ndarray) -> dict[str, Any]:
    """Accuracy of linear classifiers on the embedding of seconds in which one kind is heard; fitted on half of the sounds."""
    alone = np.flatnonzero(truth[:, 0].sum(1) == 1)
    kind = truth[alone, 0].argmax(1)
    targets = {"kind": kind, "loud": truth[alone, 1, kind].astype(int), "rate": truth[alone, 2:, kind].argmax(1)}
    half = int(np.searchsorted(alone, len(truth) // 2))
    inputs = embeddings[torch.from_numpy(alone)]
    inputs = (inputs - inputs[:half].mean(0)) / inputs[:half].std(0)
    accuracy = {name: _probe(inputs, torch.from_numpy(target), half) for name, target in targets.items()}
    return {"fittedOn": half, "testedOn": len(alone) - half, **accuracy}


@torch.enable_grad()
def _probe(inputs: torch.Tensor, targets: torch.Tensor, half: int) -> float:
    torch.manual_seed(0)
    probe = torch.nn.Linear(inputs.shape[1], int(targets.max()) + 1)
    optimizer = torch.optim.Adam(probe.parameters(), 0.02, weight_decay=1e-3)
    for _ in range(300):
        loss = F.cross_entropy(probe(inputs[:half]), targets[:half])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return _rounded((probe(inputs[half:]).argmax(1) == targets[half:]).float().mean().item())


def _rounded(value: float) -> float:
    return round(float(value), 3)
