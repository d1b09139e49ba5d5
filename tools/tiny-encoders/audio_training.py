"""Trains the tiny audio encoder to tag seconds of sound."""
from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

from audio_model import AudioTagger
from audio_tags import tag_names, tags_of
from corpus import Corpus
from log_mel import BANDS, FRAMES, log_mel


@dataclass(frozen=True)
class AudioTraining:
    """Settings of one training run."""

    seed: int = 0
    epochs: int = 8
    batch: int = 128  # seconds of sound
    learning_rate: float = 2e-3
    weight_decay: float = 0.01


@dataclass(frozen=True)
class Seconds:
    """Seconds of sound, those of one sound behind each other."""

    features: torch.Tensor  # [seconds, FRAMES, BANDS]
    tags: torch.Tensor  # [seconds, tags]


def read_seconds(corpus: Corpus, first: int, end: int) -> Seconds:
    """Log-mel and tags of the sounds first .. end - 1. Windows at the end of a second reach into the next one, as in use."""
    features = [log_mel(samples / 32768).reshape(-1, FRAMES, BANDS) for samples in corpus.sounds[first:end]]
    tags = [tags_of(corpus, label) for label in corpus.sound_labels[first:end]]
    return Seconds(torch.from_numpy(np.concatenate(features)), torch.from_numpy(np.concatenate(tags)))


def train_audio(corpus: Corpus, settings: AudioTraining) -> AudioTagger:
    """Binary cross-entropy over all tags; prints the loss of every epoch."""
    data = read_seconds(corpus, 0, corpus.training_sounds)
    model = AudioTagger(len(tag_names(corpus)), settings.seed)
    optimizer = torch.optim.AdamW(model.parameters(), settings.learning_rate, weight_decay=settings.weight_decay)
    batches = len(data.tags) // settings.batch
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, settings.learning_rate, total_steps=settings.epochs * batches)
    random = torch.Generator().manual_seed(settings.seed)
    started = time.time()
    for epoch in range(settings.epochs):
        losses = []
        for chosen in torch.randperm(len(data.tags), generator=random)[: batches * settings.batch].view(batches, -1):
            loss = F.binary_cross_entropy_with_logits(model(data.features[chosen]), data.tags[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        print(f"audio: epoch {epoch + 1} of {settings.epochs}, loss {np.mean(losses):.4f}, {time.time() - started:.0f} s", flush=True)
    return model.eval()
