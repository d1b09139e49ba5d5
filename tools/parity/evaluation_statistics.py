"""Writes what SciPy, statsmodels and NumPy compute for the statistics of packages/evaluation: python tools/parity/evaluation_statistics.py

Not named statistics.py, which would stand before Python's own module of that name.
"""

import json
from pathlib import Path

import numpy as np
import scipy
import statsmodels
from scipy.stats import binomtest, bootstrap
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

TARGET = Path(__file__).resolve().parents[2] / "packages/evaluation/src/fixtures/statistics.json"
RESAMPLES = 20_000
TYPES = 9


def mcnemar_cases(random):
    pairs = [(0, 0), (0, 1), (1, 9), (5, 5), (3, 4), (20, 300), (400, 500), (2000, 2170), (4500, 4629)]
    pairs += [tuple(int(count) for count in random.integers(0, 200, 2)) for _ in range(30)]
    cases = []
    for first, second in pairs:
        p = mcnemar([[7, first], [second, 11]], exact=True).pvalue
        if first + second > 0:
            np.testing.assert_allclose(p, binomtest(first, first + second, 0.5).pvalue, rtol=1e-9)
        cases.append({"onlyFirst": first, "onlySecond": second, "p": float(min(1, p))})
    return cases


def holm_cases(random):
    lists = [random.uniform(0, 1, size) ** power for size in (1, 2, 9, 40, 171) for power in (1, 4)]
    lists.append(np.array([0.01, 0.04, 0.01, 0.5, 0.04]))  # equal ones
    return [{"p": p.tolist(), "adjusted": multipletests(p, method="holm")[1].tolist()} for p in lists]


def marks(random, ability, easy):
    """One run: right answers depend on the video, so that the questions of one video are not independent."""
    return (random.uniform(size=len(easy)) < np.clip(ability + easy, 0.02, 0.98)).astype(int)


def resampling_case(random, videos, seeds, abilities):
    """Two methods with several seeds on questions of nine types; a unit is a video with its sums, also of columns that it has no question of."""
    video_of = np.repeat(np.arange(videos), random.integers(1, 6, videos))
    types = random.integers(0, TYPES, len(video_of))
    easy = random.normal(0, 0.3, videos)[video_of]
    methods = [[marks(random, ability, easy) for _ in range(seeds)] for ability in abilities]
    columns = {"All": types >= 0, **{str(kind): types == kind for kind in range(TYPES)}}

    def by_video(values, member):
        return np.bincount(video_of, weights=values * member, minlength=videos)

    def ratio(gained, asked, axis=-1):
        return 100 * gained.sum(axis=axis) / asked.sum(axis=axis)

    def resampled(gained, member):
        asked = by_video(np.ones(len(types)), member)
        result = bootstrap((gained, asked), ratio, paired=True, vectorized=True, n_resamples=RESAMPLES, method="percentile", rng=random)
        values = result.bootstrap_distribution
        interval = result.confidence_interval
        return values, {"low": float(interval.low), "high": float(interval.high), "error": float(result.standard_error)}

    expected = {}
    for name, member in columns.items():
        means = [np.mean(runs, axis=0) for runs in methods]
        accuracies = [[100 * float(run[member].mean()) for run in runs] for runs in methods]
        figures = []
        for mean, values in zip(means, accuracies):
            _, interval = resampled(by_video(mean, member), member)
            figures.append({"mean": float(np.mean(values)), "deviation": float(np.std(values, ddof=1)), **interval})
        differences, interval = resampled(by_video(means[1] - means[0], member), member)
        side = min(int((differences <= 1e-9).sum()), int((differences >= -1e-9).sum()))
        expected[name] = {
            "figures": figures,
            "difference": {
                "difference": float(np.mean(accuracies[1]) - np.mean(accuracies[0])),
                **interval,
                "p": min(1.0, 2 * side / RESAMPLES),
                "mcnemar": [
                    float(min(1, mcnemar(np.histogram2d(a[member], b[member], bins=2, range=[[0, 1], [0, 1]])[0], exact=True).pvalue))
                    for a, b in zip(*methods)
                ],
            },
        }
    digits = ["".join(map(str, run)) for runs in methods for run in runs]
    return {"videoOf": video_of.tolist(), "types": types.tolist(), "seeds": seeds, "runs": digits, "expected": expected}


if __name__ == "__main__":
    generator = np.random.Generator(np.random.PCG64(20))
    fixture = {
        "madeBy": "tools/parity/evaluation_statistics.py",
        "versions": {"numpy": np.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__},
        "resamples": RESAMPLES,
        "mcnemar": mcnemar_cases(generator),
        "holm": holm_cases(generator),
        "resampling": [
            resampling_case(generator, videos=150, seeds=3, abilities=(0.55, 0.62)),
            resampling_case(generator, videos=300, seeds=2, abilities=(0.5, 0.5)),
            resampling_case(generator, videos=400, seeds=5, abilities=(0.7, 0.6)),
        ],
    }
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(fixture) + "\n")
    print(f"{TARGET.name}: {TARGET.stat().st_size / 1000:.0f} kB")
