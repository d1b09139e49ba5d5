"""The log-mel front end of the tiny audio encoder; packages/encoders computes the same in TypeScript."""
from __future__ import annotations

import numpy as np

SAMPLE_RATE = 16000
WINDOW = 400  # samples, 25 ms
HOP = 320  # samples, 20 ms
FFT = 512
BANDS = 64
LOWEST, HIGHEST = 60.0, 7500.0  # hertz
OFFSET = 0.01
FRAMES = SAMPLE_RATE // HOP  # of a second


def log_mel(samples: np.ndarray) -> np.ndarray:
    """Samples in -1 .. 1 as log(mel filters x |FFT| + OFFSET): [frames, BANDS].

    Frame i is samples[i * HOP : i * HOP + WINDOW] times a Hann window that is 0 at both ends; behind the end there is silence.
    """
    frames = len(samples) // HOP
    padded = np.concatenate([samples, np.zeros(WINDOW)])
    windows = padded[np.arange(frames)[:, None] * HOP + np.arange(WINDOW)] * np.hanning(WINDOW)
    return np.log(np.abs(np.fft.rfft(windows, FFT)) @ _FILTERS.T + OFFSET).astype(np.float32)


def _mel(hertz: np.ndarray | float) -> np.ndarray:
    return 1127 * np.log(1 + np.asarray(hertz) / 700)


def _filters() -> np.ndarray:
    """Triangles [BANDS, FFT / 2 + 1] that rise and fall linearly in mel, each from the peak before to the peak after; height 1."""
    step = (_mel(HIGHEST) - _mel(LOWEST)) / (BANDS + 1)
    places = (_mel(np.arange(FFT // 2 + 1) * SAMPLE_RATE / FFT) - _mel(LOWEST)) / step
    return np.maximum(0, 1 - np.abs(places - np.arange(1, BANDS + 1)[:, None]))


_FILTERS = _filters()
