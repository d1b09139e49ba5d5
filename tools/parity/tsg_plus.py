"""Target-aware spatial grounding, question by question."""

import math

import torch
from torch.nn import functional as F

from fixture import linear, linear_shapes


def shapes(config):
    """Of the queries that the configuration has: text, audio, both or none."""
    joint, dim = config["joint"], config["dim"]
    made = linear_shapes("frame", joint, dim)
    if not config["grounding"]:
        return {**made, **linear_shapes("grounded", joint, dim, bias=False)}
    if config["textQuery"]:
        made["logTextScale"] = math.log(config["logitScale"])
    if config["audioQuery"]:
        made["logAudioScale"] = math.log(10.0)
    separate = config["textQuery"] and config["audioQuery"] and config["maps"] == "separate"
    for name in ("groundedByText", "groundedByAudio") if separate else ("grounded",):
        made.update(linear_shapes(name, joint, dim, bias=False))
    if config.get("places"):
        for name in ("placesByText", "placesByAudio") if separate else ("places",):
            made.update(linear_shapes(name, config["regions"], dim, bias=False))
    if config.get("presence"):
        made.update(linear_shapes("presence.places", config["regions"], dim, bias=False))
        made["presence.cosine"] = 0.2
    return made


def cut(shares, config, margins):
    """Shares under the threshold are 0, the largest never, and what is left sums to 1."""
    least = config["threshold"] / shares.shape[-1]
    top = shares.topk(2).values
    if config["threshold"] > 0:
        margins.keep_away("share from the threshold, relative", shares / least - 1, 1e-3)
        margins.keep_away("largest share from the second", top[..., 0] - top[..., 1], 1e-6)
    kept = (shares >= least) | (shares == top[..., :1])
    left = torch.where(kept, shares, 0)
    return left / left.sum(-1, keepdim=True)


def joined(maps, form):
    if len(maps) == 1 or form == "mean":
        return sum(maps) / len(maps)
    shares = maps[0] * maps[1]
    return shares / shares.sum(-1, keepdim=True)


def grounding(parameters, config, regions, frames, target, audio, margins):
    """regions [videos, time, regions, joint], frames [videos, time, joint], target [videos, questions, joint], audio [videos, time, joint].

    Returns visual [videos, questions, time, dim] and grounded [videos, questions, time, joint].
    """
    questions = target.shape[1] if target is not None else 1
    visual, grounded = [], []
    for question in range(questions):
        maps = []
        if config["grounding"] and config["textQuery"]:
            cosine = F.cosine_similarity(regions, target[:, question, None, None], dim=-1)
            maps.append(F.softmax(cosine * parameters["logTextScale"].exp(), -1))
        if config["grounding"] and config["audioQuery"]:
            cosine = F.cosine_similarity(regions, audio[:, :, None], dim=-1)
            maps.append(F.softmax(cosine * parameters["logAudioScale"].exp(), -1))
        if not maps:
            maps = [torch.full(regions.shape[:3], 1 / regions.shape[2], dtype=torch.float64)]
        elif "groundedByText.weight" in parameters:
            maps = [cut(shares, config, margins) for shares in maps]
        else:
            maps = [cut(joined(maps, config["maps"]), config, margins)]
        pooled = [(shares[..., None] * regions).sum(2) for shares in maps]
        names = ("groundedByText", "groundedByAudio") if len(pooled) == 2 else ("grounded",)
        merged = torch.cat([frames, *pooled], -1)
        weight = torch.cat([parameters["frame.weight"], *(parameters[f"{name}.weight"] for name in names)])
        seen = linear({"m.weight": weight, "m.bias": parameters["frame.bias"]}, "m", torch.tanh(merged))
        for name, shares in zip(("placesByText", "placesByAudio") if len(maps) == 2 else ("places",), maps):
            if f"{name}.weight" in parameters:
                seen = seen + shares.shape[-1] * shares @ parameters[f"{name}.weight"]
        if "presence.cosine" in parameters:
            cosine = F.cosine_similarity(regions, target[:, question, None, None], dim=-1)
            present = torch.sigmoid(parameters["logTextScale"].exp() * (cosine - parameters["presence.cosine"]))
            seen = seen + present @ parameters["presence.places.weight"]
        visual.append(seen)
        grounded.append(sum(pooled) / len(pooled))
    return torch.stack(visual, 1), torch.stack(grounded, 1)


def case(change):
    """A fixture's maker: sums of the outputs by random factors are what is differentiated."""

    def make(case):
        config = {
            "joint": 8, "dim": 12, "grounding": True, "textQuery": True, "audioQuery": True,
            "maps": "mean", "threshold": 0.7, "logitScale": 6.0, **change,
        }  # fmt: skip
        parameters = case.parameters(shapes(config))
        inputs = {
            "regions": case.normal(3, 4, 6, 8), "frames": case.normal(3, 4, 8),
            "target": case.normal(3, 2, 8), "audio": case.normal(3, 4, 8),
        }  # fmt: skip
        target = inputs["target"] if config["grounding"] and config["textQuery"] else None
        visual, grounded = grounding(parameters, config, inputs["regions"], inputs["frames"], target, inputs["audio"], case.margins)
        factors = {"visualFactors": case.normal(*visual.shape), "groundedFactors": case.normal(*grounded.shape)}
        total = (visual * factors["visualFactors"]).sum() + (grounded * factors["groundedFactors"]).sum()
        return config, parameters, {**inputs, **factors}, {"total": total, "visual": visual, "grounded": grounded}, []

    return make
