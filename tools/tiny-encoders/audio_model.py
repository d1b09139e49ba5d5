"""The tiny audio encoder: three convolutions over a second's log-mel, then one linear map that keeps time and frequency apart."""
from __future__ import annotations

import torch
from torch import nn

from log_mel import BANDS, FRAMES

EMBEDDING = 128
MEAN, DEVIATION = -2.0, 1.5  # of log-mel values, about


class AudioEncoder(nn.Module):
    """Log-mel [batch, FRAMES, BANDS] -> embeddings [batch, EMBEDDING]."""

    def __init__(self) -> None:
        super().__init__()
        self.convolutions = nn.Sequential(*_block(1, 16), *_block(16, 32), *_block(32, 32))
        self.projection = nn.Linear(32 * _halved(FRAMES) * _halved(BANDS), EMBEDDING)

    def forward(self, input_features: torch.Tensor) -> torch.Tensor:
        standardised = (input_features - MEAN) / DEVIATION
        return self.projection(self.convolutions(standardised.unsqueeze(1)).flatten(1))


class AudioTagger(nn.Module):
    """The encoder and a linear map to tags, which is only used for training."""

    def __init__(self, tags: int, seed: int) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.encoder = AudioEncoder()
        self.tags = nn.Linear(EMBEDDING, tags)

    def forward(self, input_features: torch.Tensor) -> torch.Tensor:
        return self.tags(self.encoder(input_features))


def _block(channels: int, outputs: int) -> tuple[nn.Module, ...]:
    return nn.Conv2d(channels, outputs, 3, stride=2, padding=1), nn.BatchNorm2d(outputs), nn.ReLU()


def _halved(length: int) -> int:
    """The length of an axis after the three blocks."""
    for _ in range(3):
        length = (length + 1) // 2
    return length
