"""How well a score separates."""
from __future__ import annotations

import numpy as np


def area_under_curve(scores: np.ndarray, positive: np.ndarray) -> float:
    """The share of pairs of a positive and a negative example in which the positive has the higher score; ties count half."""
    negatives = np.sort(scores[~positive])
    below = np.searchsorted(negatives, scores[positive], "left")
    not_above = np.searchsorted(negatives, scores[positive], "right")
    return float((below + not_above).mean() / (2 * len(negatives)))
