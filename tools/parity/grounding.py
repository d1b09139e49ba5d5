"""Writes what NumPy computes for the measures of grounding of packages/evaluation: python tools/parity/grounding.py

Written from docs/grounding.md, with whole arrays over all pairs of questions instead of the project's loops.
"""

import json
from pathlib import Path

import numpy as np

TARGET = Path(__file__).resolve().parents[2] / "packages/evaluation/src/fixtures/grounding.json"
QUESTIONS, VIDEOS, TEMPLATES, TIME, SIDE, HEADS, THRESHOLD = 24, 9, 2, 6, 4, 2, 1.25


def softmax(scores):
    shares = np.exp(scores - scores.max(-1, keepdims=True))
    return (shares / shares.sum(-1, keepdims=True)).astype(np.float32)


def average_precision(shares, inside):
    """Precision and recall at each distinct share as a threshold."""
    thresholds = np.unique(shares)[::-1]
    taken = shares[None, :] >= thresholds[:, None]
    true = (taken & inside).sum(1)
    recall = true / inside.sum()
    return float((np.diff(recall, prepend=0) * true / taken.sum(1)).sum())


def hit(shares, inside):
    largest = shares == shares.max()
    return float(inside[largest].mean())


def mass(shares, inside):
    shares = shares.astype(np.float64)
    return float(shares[inside].sum() / shares.sum())


TIME_MEASURES = {
    "share": mass,
    "ratio": lambda shares, inside: mass(shares, inside) / inside.mean(),
    "hit": hit,
    "precision": average_precision,
}


def in_time(attention, needed, template_of, video_of):
    """attention [questions, time]; by measure: value, uniform, truth and the means over other videos of the value and of the truth, or null where a question is not judged."""
    counts = needed.sum(1)
    told = (counts > 0) & (counts <= TIME / 2)
    results = {name: {"values": [], "chance": [], "oracle": [], "against": [], "oracleAgainst": []} for name in TIME_MEASURES}
    for question in range(QUESTIONS):
        others = np.flatnonzero(told & (template_of == template_of[question]) & (video_of != video_of[question]))
        judged = bool(told[question]) and len(others) > 0
        for name, measure in TIME_MEASURES.items():
            own = needed[question]
            cells = {
                "values": lambda: measure(attention[question], own),
                "chance": lambda: measure(np.ones(TIME), own),
                "oracle": lambda: measure(own.astype(float), own),
                "against": lambda: float(np.mean([measure(attention[question], needed[other]) for other in others])),
                "oracleAgainst": lambda: float(np.mean([measure(own.astype(float), needed[other]) for other in others])),
            }
            for key, cell in cells.items():
                results[name][key].append(cell() if judged else None)
    return results


def regions_in(boxes):
    centres = (np.arange(SIDE) + 0.5) / SIDE
    y, x = np.meshgrid(centres, centres, indexing="ij")
    inside = np.zeros((SIDE, SIDE), bool)
    for left, top, right, bottom, *_ in boxes:
        inside |= (left <= x) & (x <= right) & (top <= y) & (y <= bottom)
    return inside.ravel()


def in_space(maps, boxes, only_sounding):
    """maps [questions, time, regions]; the means over the segments with a region in a box."""
    results = {name: [] for name in ("pointing", "mass", "overlap", "chance")}
    for question in range(QUESTIONS):
        rows = []
        for segment in range(TIME):
            inside = regions_in([box for box in boxes[question][segment] if len(box) == 5 or not only_sounding])
            shares = maps[question, segment].astype(np.float64)
            kept = (shares >= THRESHOLD / SIDE**2) | (shares == shares.max())
            if inside.any():
                rows.append((hit(shares, inside), mass(shares, inside), (kept & inside).sum() / (kept | inside).sum(), inside.mean()))
        for name, value in zip(results, np.mean(rows, 0) if rows else [None] * 4):
            results[name].append(None if value is None else float(value))
    return results


def main():
    random = np.random.Generator(np.random.PCG64(19))
    video_of = random.integers(0, VIDEOS, QUESTIONS)
    template_of = random.integers(0, TEMPLATES, QUESTIONS)
    starts, lengths = random.integers(0, TIME, QUESTIONS), random.integers(0, 5, QUESTIONS)
    needed = (np.arange(TIME) >= starts[:, None]) & (np.arange(TIME) < (starts + lengths)[:, None])
    both = softmax(random.normal(0, 1.5, (QUESTIONS, HEADS, 2 * TIME)))
    halves = {"visual": both[..., :TIME], "audio": both[..., TIME:]}
    halves["audio"][:5] = np.float32(0.05)  # equal shares
    attention = {half: shares.mean(1, dtype=np.float32) for half, shares in halves.items()}
    corners = np.round(random.uniform(0, 0.7, (QUESTIONS, TIME, 2, 2)), 4)
    sizes = np.round(random.uniform(0.1, 0.3, (QUESTIONS, TIME, 2, 2)), 4)
    boxes = [
        [
            [[*corner, *np.round(corner + size, 4), *([1] if random.uniform() < 0.4 else [])] for corner, size in zip(corners[q, t], sizes[q, t])][: random.integers(0, 3)]
            for t in range(TIME)
        ]
        for q in range(QUESTIONS)
    ]
    maps = {name: softmax(random.normal(0, 1, (QUESTIONS, TIME, SIDE**2))) for name in ("text", "audio")}
    expected = {}
    for half in halves:
        lanes = {half: attention[half], **{f"{half}/head{head + 1}": halves[half][:, head] for head in range(HEADS)}}
        for lane, shares in lanes.items():
            for name, figures in in_time(shares, needed, template_of, video_of).items():
                expected[f"time/{lane}/{name}"] = figures
            rescaled = shares.astype(np.float64) / shares.sum(1, dtype=np.float64, keepdims=True)
            expected[f"attention/{lane}/entropy"] = {"values": (-(rescaled * np.log(rescaled)).sum(1) / np.log(TIME)).tolist()}
            weights = shares.sum(1, dtype=np.float64) if "head" in lane else halves[half].sum((1, 2), dtype=np.float64) / HEADS
            expected[f"attention/{lane}/weight"] = {"values": weights.tolist()}
    for name, shares in maps.items():
        figures = in_space(shares, boxes, name == "audio")
        for measure in ("pointing", "mass", "overlap"):
            oracle = [None if value is None else 1 for value in figures["chance"]]
            expected[f"space/{name}/{measure}"] = {"values": figures[measure], "chance": figures["chance"], "oracle": oracle}
    case = {
        "madeBy": f"tools/parity/grounding.py, numpy {np.__version__}",
        "threshold": THRESHOLD,
        "videoOf": video_of.tolist(),
        "templateOf": template_of.tolist(),
        "needed": needed.astype(int).tolist(),
        "boxes": boxes,
        "attention": {half: shares.tolist() for half, shares in attention.items()},
        "attentionByHead": {half: shares.reshape(QUESTIONS, -1).tolist() for half, shares in halves.items()},
        "maps": {name: shares.reshape(QUESTIONS, -1).tolist() for name, shares in maps.items()},
        "expected": expected,
    }
    nine_digits = json.loads(json.dumps(case), parse_float=lambda text: float(f"{float(text):.9g}"))
    TARGET.write_text(json.dumps(nine_digits, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
