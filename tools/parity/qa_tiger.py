"""QA-TIGER, question by question, with the fault of its public code or without."""

import torch

import losses
from controls import ANSWERS, QUESTIONS, SIZES, VIDEOS, random_batch
from fixture import linear, linear_shapes, under, within
from layers import attention, attention_shapes, layer_norm, norm_shapes
from pstp import fuse, fusion_shapes, projection_shapes

DIM, HEADS = 16, 4
TIME = SIZES["time"]


def narrow_shapes(dim):
    return {**linear_shapes("hidden", dim, dim // 2), **linear_shapes("output", dim // 2, dim)}


def expert_shapes(dim, experts):
    return {
        **under("attention", attention_shapes(dim)), **linear_shapes("router", dim, experts), **linear_shapes("gaussians", dim, 2 * experts),
        **linear_shapes("hidden", dim, experts * dim // 2), **linear_shapes("output", experts * dim // 2, dim, bias=False), "outputBias": (experts, dim),
    }  # fmt: skip


def shapes(experts):
    return {
        **projection_shapes(DIM, "audio", "frames", "regions", "words", "sentence"), **under("cross", fusion_shapes(DIM, "self", "other", "words")),
        **under("patches.self", attention_shapes(DIM)), **under("patches.attention", attention_shapes(DIM)), **under("patches.map", narrow_shapes(DIM)),
        **under("patches.audioNorm", norm_shapes(DIM)), **under("patches.framesNorm", norm_shapes(DIM)),
        **under("audioExperts", expert_shapes(DIM, experts)), **under("visualExperts", expert_shapes(DIM, experts)),
        **under("audioNorm", norm_shapes(DIM)), **under("patchesOfAudioNorm", norm_shapes(DIM)), **under("patchesOfFramesNorm", norm_shapes(DIM)),
        **under("grounding.attention", attention_shapes(DIM)), **under("grounding.map", narrow_shapes(DIM)), **under("grounding.norm", norm_shapes(DIM)),
        **linear_shapes("answer", DIM, ANSWERS),
    }  # fmt: skip


def narrow(parameters, name, x, margins):
    return linear(parameters, f"{name}.output", margins.relu(linear(parameters, f"{name}.hidden", x)))


def look(parameters, name, query, stream):
    """query [queries, dim], stream [positions, dim]."""
    return attention(within(parameters, name), query[None], stream[None], HEADS)[0][0]


def choose(parameters, question, stream, kept, margins):
    """The experts from the largest share, their shares, and their Gaussians [experts, time]."""
    z = look(parameters, "attention", question[None], stream)[0]
    shares = linear(parameters, "router", z).softmax(-1)
    experts = len(shares)
    ordered = shares.sort(descending=True).values
    margins.keep_away("a share from the next", ordered[:-1] - ordered[1:], 1e-4)
    top = shares.topk(kept)
    numbers = linear(parameters, "gaussians", z)
    times = torch.arange(TIME) / (TIME - 1)
    margin = 1 / (2 * experts)
    gaussians = []
    for e, start in enumerate(torch.linspace(margin, 1 - margin, experts)):
        centre = (start + margin * numbers[2 * e].tanh()).clamp(0, 1)
        width = numbers[2 * e + 1].sigmoid()
        margins.keep_away("width from the narrowest", width - 0.09, 1e-4)
        deviation = torch.maximum(width, torch.tensor(0.09)) / 9
        curve = torch.exp(-((times - centre) ** 2) / (2 * deviation**2))
        top_two = curve.topk(2).values
        margins.keep_away("the highest second from the next", (top_two[0] - top_two[1]) / top_two[0], 1e-3)
        gaussians.append(curve / curve.max())
    return top.indices.tolist(), top.values / top.values.sum(), torch.stack(gaussians)


def expert(parameters, e, x, margins):
    inside = slice(e * DIM // 2, (e + 1) * DIM // 2)
    hidden = margins.relu(x @ parameters["hidden.weight"][:, inside] + parameters["hidden.bias"][inside])
    return hidden @ parameters["output.weight"][inside] + parameters["outputBias"][e]


def mix(parameters, chosen, orders, sample, values, gather, margins):
    """values [time, dim] of one sample; orders of all samples."""
    order, shares, gaussians = chosen
    total = torch.zeros(DIM)
    for t in range(TIME):
        read = orders[(sample * TIME + t) % len(orders)] if gather == "published" else order
        for rank, own in enumerate(order):
            total = total + shares[rank] * gaussians[own, t] * expert(parameters, read[rank], values[t], margins)
    return total


def ground(parameters, question, tokens, margins):
    tokens = torch.stack(tokens)
    read = look(parameters, "grounding.attention", question[None], tokens)[0]
    return layer_norm(within(parameters, "grounding.norm"), tokens.mean(0) + narrow(parameters, "grounding.map", read, margins))


def case(gather, experts=4, kept=3):
    def make(case):
        margins = case.margins
        parameters = case.parameters(shapes(experts))
        batch = random_batch(case)
        batch["wordMask"][-1, -1, 0] = 1  # of the padding question, whose experts others read as published
        samples = []
        for v in range(VIDEOS):
            a, frames, regions = (linear(parameters, name, batch[name][v]) for name in ("audio", "frames", "regions"))
            mixed = torch.stack([patch + look(parameters, "patches.self", patch, patch) for patch in regions])
            for n in range(QUESTIONS):
                present = batch["wordMask"][v, n].bool()
                words = linear(parameters, "words", batch["words"][v, n][present])
                q = linear(parameters, "sentence", batch["sentence"][v, n])
                cross = within(parameters, "cross")
                heard = fuse(cross, a, {"self": a, "other": frames, "words": words}, HEADS, margins)
                seen = fuse(cross, frames, {"self": frames, "other": a, "words": words}, HEADS, margins)
                of_patches = []
                for stream, norm in ((heard, "audioNorm"), (seen, "framesNorm")):
                    read = torch.stack([look(parameters, "patches.attention", stream[t][None], mixed[t])[0] for t in range(TIME)])
                    of_patches.append(layer_norm(within(parameters, f"patches.{norm}"), narrow(parameters, "patches.map", read, margins)))
                samples.append((q, heard, seen, of_patches))

        by_sound = [choose(within(parameters, "audioExperts"), q, heard, kept, margins) for q, heard, _, _ in samples]
        by_sight = [choose(within(parameters, "visualExperts"), q, seen, kept, margins) for q, _, seen, _ in samples]
        logits = []
        for b, (q, heard, seen, of_patches) in enumerate(samples):

            def mixed_by(name, chosen, values, norm):
                orders = [order for order, _, _ in chosen]
                return layer_norm(within(parameters, norm), mix(within(parameters, name), chosen[b], orders, b, values, gather, margins))

            sound = mixed_by("audioExperts", by_sound, heard, "audioNorm")
            of_sound = mixed_by("visualExperts", by_sight, seen + of_patches[0], "patchesOfAudioNorm")
            of_frames = mixed_by("visualExperts", by_sight, seen + of_patches[1], "patchesOfFramesNorm")
            fused = ground(parameters, q, [of_sound, of_frames], margins)
            fused = ground(parameters, q, [fused, sound], margins)
            logits.append(linear(parameters, "answer", margins.relu(fused)))
        logits = torch.stack(logits).reshape(VIDEOS, QUESTIONS, -1)
        answer = losses.answer_loss(logits, batch["answers"], batch["mask"])
        config = {"gather": gather, "dim": DIM, "heads": HEADS, "experts": experts, "kept": kept, "dropout": 0, "sizes": SIZES}
        return config, parameters, batch, {"logits": logits, "answer": answer, "total": answer}, []

    return make
