"""QAST-EHR, question by question: the reported form, and with a layer of attention over a question's tokens."""

import math

import torch
from torch.nn import functional as F

import losses
from controls import ANSWERS, QUESTIONS, SIZES, TEXT, VIDEOS, random_batch
from fixture import linear, linear_shapes, under, within
from layers import attention, attention_shapes, layer_norm, norm_shapes
from pstp import projection_shapes
from selection import largest

DIM, HEADS, READERS = 16, 4, 6
TIME = SIZES["time"]
KERNELS = (3, 7, 15)


def normed_shapes(width_in, width_out):
    return {**under("norm", norm_shapes(width_in)), **linear_shapes("map", width_in, width_out)}


def pair_shapes(name, width_in, inside, width_out):
    return {**linear_shapes(f"{name}.hidden", width_in, inside), **linear_shapes(f"{name}.output", inside, width_out)}


def shapes(semantic):
    router = {
        **{key: shape for name in ("frames", "motion", "sound", "onset") for key, shape in under(name, normed_shapes(DIM, DIM)).items()},
        **under("norm", norm_shapes(DIM)), **pair_shapes("weights", DIM, DIM, 4),
        **under("furtherNorm", norm_shapes(DIM)), **pair_shapes("further", DIM, 2 * DIM, DIM),
    }  # fmt: skip
    patches = {
        **linear_shapes("key", DIM, DIM, bias=False), **linear_shapes("sound", DIM, DIM), **linear_shapes("question", DIM, DIM),
        **under("mix", normed_shapes(DIM, 3)), **linear_shapes("value", DIM, DIM), **under("further", normed_shapes(DIM, DIM)), **under("norm", norm_shapes(DIM)),
    }  # fmt: skip
    memory = {**under("mix", normed_shapes(DIM, 3)), **under("norm", norm_shapes(DIM))}
    for kernel in KERNELS:
        branch = {"convolution.kernel": (kernel, DIM), "convolution.bias": (DIM,), **linear_shapes("map", DIM, DIM), **linear_shapes("query", DIM, DIM)}
        memory.update(under(f"branches.{kernel}", branch))
    positions = {
        **linear_shapes("loudness", 1, DIM), **linear_shapes("motion", 1, DIM), **linear_shapes("curves", 9, DIM), **linear_shapes("question", DIM, DIM),
        **pair_shapes("map", 4 * DIM, 2 * DIM, DIM), **under("norm", norm_shapes(DIM)), **linear_shapes("gate", DIM, 1), **under("strength", normed_shapes(DIM, 1)),
    }  # fmt: skip
    readers = {
        "queries": (READERS, DIM), **under("norm", norm_shapes(2 * DIM)), **pair_shapes("asked", 2 * DIM, DIM, DIM),
        **under("attention", attention_shapes(DIM)), **under("readNorm", norm_shapes(DIM)), **pair_shapes("feedForward", DIM, 2 * DIM, DIM),
    }  # fmt: skip
    layer = {
        **under("attentionNorm", norm_shapes(DIM)), **under("attention", attention_shapes(DIM)),
        **under("feedForwardNorm", norm_shapes(DIM)), **pair_shapes("feedForward", DIM, 3 * DIM, DIM),
    }  # fmt: skip
    head = {
        **under("weightsNorm", norm_shapes(2 * DIM)), **pair_shapes("weights", 2 * DIM, DIM, 4), **under("norm", norm_shapes(DIM)),
        **pair_shapes("fuse", DIM, 2 * DIM, DIM), **under("fuseNorm", norm_shapes(DIM)), **linear_shapes("answer", DIM, ANSWERS),
    }  # fmt: skip
    return {
        **projection_shapes(DIM, "audio", "frames", "regions", "sentence"), **linear_shapes("prompt", TEXT, DIM),
        **under("router", router), **under("patches", patches), **under("memory", memory), **under("positions", positions),
        **under("context", {**under("attention", attention_shapes(DIM)), **under("norm", norm_shapes(DIM))}), **under("readers", readers),
        **(under("semantic", layer) if semantic == "layer" else {}), **under("head", head),
    }  # fmt: skip


def normed(parameters, name, x):
    return linear(parameters, f"{name}.map", layer_norm(within(parameters, f"{name}.norm"), x))


def pair(parameters, name, x):
    return linear(parameters, f"{name}.output", F.gelu(linear(parameters, f"{name}.hidden", x)))


def change(x):
    return torch.cat([torch.zeros_like(x[:1]), x[1:] - x[:-1]])


def standardised(x):
    return (x - x.mean(-1, keepdim=True)) / (x.var(-1, keepdim=True, unbiased=False) + 1e-5).sqrt()


def length(x):
    """Of each row; rows of zeros are left out of the gradient."""
    return torch.stack([row.norm() if row.detach().any() else torch.zeros(()) for row in x])


def route(parameters, v, a, q):
    shares = pair(parameters, "weights", layer_norm(within(parameters, "norm"), q)).softmax(-1)
    agreement = F.cosine_similarity(a, v, dim=-1).sigmoid()[:, None]
    candidates = {"frames": v, "motion": change(v), "sound": a, "onset": change(a) * agreement}
    s = sum(shares[i] * normed(parameters, name, x) for i, (name, x) in enumerate(candidates.items()))
    return s + pair(parameters, "further", layer_norm(within(parameters, "furtherNorm"), s))


def read_patches(parameters, s, patches, a, q, kept, margins):
    mix = normed(parameters, "mix", q).softmax(-1)
    moved = change(patches)
    seen = []
    for t in range(TIME):
        keys = linear(parameters, "key", patches[t])
        scores = [length(moved[t]), keys @ linear(parameters, "sound", a[t]) / math.sqrt(DIM), keys @ linear(parameters, "question", q) / math.sqrt(DIM)]
        soft = sum(mix[i] * standardised(score) for i, score in enumerate(scores)).softmax(-1)
        hard = torch.zeros(len(soft))
        hard[largest(soft.detach(), kept, margins)] = 1
        shares = (hard + soft - soft.detach()) * soft
        seen.append((shares / shares.sum())[None] @ linear(parameters, "value", patches[t]))
    seen = torch.cat(seen)
    seen = seen + normed(parameters, "further", seen)
    return layer_norm(within(parameters, "norm"), s + seen), seen


def remember(parameters, e, q):
    branches, tokens = [], []
    for kernel in KERNELS:
        own = within(parameters, f"branches.{kernel}")
        weight = own["convolution.kernel"].T[:, None]  # [dim, 1, seconds]
        wide = F.conv1d(e.T[None], weight, own["convolution.bias"], padding=kernel // 2, groups=DIM)[0].T
        branch = linear(own, "map", F.gelu(wide))
        tokens.append((branch @ linear(own, "query", q) / math.sqrt(DIM)).softmax(0) @ branch)
        branches.append(branch)
    shares = normed(parameters, "mix", q).softmax(-1)
    return layer_norm(within(parameters, "norm"), e + sum(share * branch for share, branch in zip(shares, branches))), torch.stack(tokens)


def place(parameters, e, v, a, q, margins):
    loud, moving = standardised(length(a)), standardised(length(change(v)))
    margins.keep_away("onset from 0", torch.cat([change(loud)[1:], change(moving)[1:]]), 1e-4)
    counts = torch.arange(1, TIME + 1)
    t = torch.arange(TIME) / (TIME - 1)
    both = loud.sigmoid() * moving.sigmoid()
    curves = [
        t, (math.pi * t).sin(), (math.pi * t).cos(), change(loud).relu(), change(moving).relu(),
        loud.sigmoid().cumsum(0) / counts, moving.sigmoid().cumsum(0) / counts, both, (1 - both).cumsum(0) / counts,
    ]  # fmt: skip
    parts = [
        linear(parameters, "loudness", loud[:, None]), linear(parameters, "motion", moving[:, None]),
        linear(parameters, "curves", torch.stack(curves, 1)), linear(parameters, "question", q).expand(TIME, DIM),
    ]  # fmt: skip
    f = layer_norm(within(parameters, "norm"), pair(parameters, "map", torch.cat(parts, 1)))
    f = f / (f.square().mean(1, keepdim=True) + 1e-6).sqrt()
    f = f * (0.25 + 0.75 * linear(parameters, "gate", f).sigmoid())
    strength = 0.05 + 0.05 * normed(parameters, "strength", q)[0].sigmoid()
    return e + f * strength * length(e).mean() / (length(f).mean() + 1e-6), strength


def read(parameters, e, q, r):
    """What the readers read [readers, dim], and the importance [time]."""
    asked = pair(parameters, "asked", layer_norm(within(parameters, "norm"), torch.cat([q, r])))
    output, weights = attention(within(parameters, "attention"), (parameters["queries"] + asked)[None], e[None], HEADS)
    u = layer_norm(within(parameters, "readNorm"), output[0])
    return layer_norm(within(parameters, "readNorm"), u + pair(parameters, "feedForward", u)), weights[0].mean(0)


def understand(parameters, tokens):
    if not parameters:
        return tokens.mean(0)
    rows = layer_norm(within(parameters, "attentionNorm"), tokens)[None]
    x = tokens + attention(within(parameters, "attention"), rows, rows, HEADS)[0][0]
    x = x + pair(parameters, "feedForward", layer_norm(within(parameters, "feedForwardNorm"), x))
    return x[0]


def answer(parameters, q, a, v, semantic, g):
    shares = pair(parameters, "weights", layer_norm(within(parameters, "weightsNorm"), torch.cat([q, semantic]))).softmax(-1)
    z = layer_norm(within(parameters, "norm"), shares @ torch.stack([a, v, semantic, g]) + q)
    return linear(parameters, "answer", layer_norm(within(parameters, "fuseNorm"), pair(parameters, "fuse", z)))


def likeness(vectors):
    pairs = [F.cosine_similarity(x, y, dim=0) ** 2 for i, x in enumerate(vectors) for j, y in enumerate(vectors) if i != j]
    return torch.stack(pairs).mean()


def case(semantic, patches=3):
    def make(case):
        margins = case.margins
        parameters = case.parameters(shapes(semantic))
        with torch.no_grad():
            parameters["positions.strength.map.weight"] *= 8  # so that questions come on both sides of the band
        batch = random_batch(case)
        batch["prompt"] = case.normal(VIDEOS, QUESTIONS, TEXT)
        logits, importance, found = [], [], {name: [] for name in ("audioVisual", "questionPatches", "events", "counterfactual", "strength")}
        for video in range(VIDEOS):
            a, v, P = (linear(parameters, name, batch[name][video]) for name in ("audio", "frames", "regions"))
            for n in range(QUESTIONS):
                q, r = linear(parameters, "sentence", batch["sentence"][video, n]), linear(parameters, "prompt", batch["prompt"][video, n])
                e = route(within(parameters, "router"), v, a, q)
                e, g = read_patches(within(parameters, "patches"), e, P, a, q, patches, margins)
                e, memory = remember(within(parameters, "memory"), e, q)
                e, strength = place(within(parameters, "positions"), e, v, a, q, margins)
                attended = attention(within(parameters, "context.attention"), q[None, None], torch.cat([a, v, e])[None], HEADS)[0][0, 0]
                q = layer_norm(within(parameters, "context.norm"), q + attended)
                u, weights = read(within(parameters, "readers"), e, q, r)
                pooled = [weights @ a, weights @ v, weights @ g]
                meant = understand(within(parameters, "semantic"), torch.cat([q[None], r[None], memory, u]))
                head = within(parameters, "head")
                z = answer(head, q, pooled[0], pooled[1], meant, pooled[2])
                logits.append(z)
                importance.append(weights)
                if batch["mask"][video, n] == 0:
                    continue
                rest = largest(-weights.detach(), max(1, TIME // 4), margins)
                other = answer(head, q, pooled[0], pooled[1], e[rest].mean(0), pooled[2])
                y = batch["answers"][video, n]
                lack = 0.2 - z[y] + other[y]
                margins.keep_away("the margin of the answer", lack, 1e-3)
                margins.keep_away("strength from its band", torch.stack([strength - 0.06, strength - 0.08]), 1e-5)
                found["audioVisual"].append(F.mse_loss(F.normalize(pooled[0], dim=0), F.normalize(pooled[1], dim=0)))
                found["questionPatches"].append(1 - F.cosine_similarity(q, pooled[2], dim=0))
                found["events"].append(change(e).square().mean() + likeness(memory))
                found["counterfactual"].append(lack.relu())
                found["strength"].append((0.06 - strength).relu() + (strength - 0.08).relu())
        shares = torch.stack(importance).reshape(VIDEOS, QUESTIONS, TIME)
        outputs = {"logits": torch.stack(logits).reshape(VIDEOS, QUESTIONS, -1), "visualAttention": shares, "audioAttention": shares}
        outputs |= {name: torch.stack(values).mean() for name, values in found.items()}
        outputs["diversity"] = likeness(parameters["readers.queries"])
        outputs["answer"] = losses.answer_loss(outputs["logits"], batch["answers"], batch["mask"])
        outputs["total"] = outputs["answer"] + sum(outputs[name] for name in [*found, "diversity"])
        config = {"semantic": semantic, "dim": DIM, "heads": HEADS, "patches": patches, "readers": READERS, "dropout": 0, "sizes": SIZES}
        return config, parameters, batch, outputs, []

    return make
