"""CueSpace, question by question, with patches of sound and without."""

import torch

import losses
from controls import ANSWERS, QUESTIONS, SIZES, TIME, VIDEOS, random_batch
from fixture import linear, linear_shapes, under, within
from layers import attention, attention_shapes, layer_norm, norm_shapes
from pstp import fuse, fusion_shapes, projection_shapes

DIM, HEADS = 16, 4
AUDIO_PATCHES, AUDIO_PATCH = 3, 14
GROUPS = {"soundAndShared": ("sound", "shared"), "sharedAndPicture": ("shared", "picture"), "all": ("sound", "picture", "shared")}


def pair_shapes(name, width_in, inside, width_out):
    return {**linear_shapes(f"{name}.hidden", width_in, inside), **linear_shapes(f"{name}.output", inside, width_out)}


def expert_shapes(experts, asked):
    inside = experts * DIM // 2
    return {
        **(under("attention", attention_shapes(DIM)) if asked else {}), **linear_shapes("router", DIM, experts),
        **linear_shapes("hidden", DIM, inside), **linear_shapes("output", inside, DIM, bias=False), "outputBias": (experts, DIM),
        **under("norms.first", norm_shapes(DIM)), **under("norms.second", norm_shapes(DIM)),
    }  # fmt: skip


def shapes(audio_patches, experts):
    reader = {
        **under("self", attention_shapes(DIM)), **under("attention", attention_shapes(DIM)), **pair_shapes("map", DIM, DIM // 2, DIM), **under("norm", norm_shapes(DIM)),
    }  # fmt: skip
    slots = {}
    for group, branches in GROUPS.items():
        for branch in branches:
            slots.update(under(f"{group}.{branch}", {**under("attention", attention_shapes(DIM)), **under("norm", norm_shapes(DIM))}))
    sentence = projection_shapes(DIM, "sentence")
    return {
        **projection_shapes(DIM, "audio", "frames", "regions", "words"),
        "sentence.map.weight": sentence["sentence.weight"], "sentence.map.bias": sentence["sentence.bias"], **under("sentence.norm", norm_shapes(DIM)),
        **({**linear_shapes("audioPatches", AUDIO_PATCH, DIM), **under("audioPatchReader", reader)} if audio_patches else {}),
        **under("audioLayer", fusion_shapes(DIM, "self", "words")), **under("framesLayer", fusion_shapes(DIM, "self", "words")),
        **under("regionReader", reader),
        **under("audioExperts", expert_shapes(experts, True)), **under("framesExperts", expert_shapes(experts, True)),
        **under("sharedExperts", expert_shapes(experts, False)), **pair_shapes("shared", 2 * DIM, 4 * DIM, DIM), **under("slots", slots),
        **under("reader.attention", attention_shapes(DIM)), **pair_shapes("reader.map", DIM, DIM // 2, DIM), **under("reader.norm", norm_shapes(DIM)),
        **linear_shapes("answer", DIM, ANSWERS),
    }  # fmt: skip


def pair(parameters, name, x, margins):
    return linear(parameters, f"{name}.output", margins.relu(linear(parameters, f"{name}.hidden", x)))


def look(parameters, name, query, stream):
    """query [queries, dim], stream [positions, dim]."""
    return attention(within(parameters, name), query[None], stream[None], HEADS)[0][0]


def read_patches(parameters, x, patches, margins):
    """What each second x [time, dim] reads of its patches [time, patches, dim]."""
    read = []
    for t in range(TIME):
        mixed = patches[t] + look(parameters, "self", patches[t], patches[t])
        read.append(pair(parameters, "map", look(parameters, "attention", x[t][None], mixed)[0], margins))
    return layer_norm(within(parameters, "norm"), torch.stack(read))


def mix(parameters, question, x, values, margins):
    z = look(parameters, "attention", question[None], x)[0] if "attention.query.weight" in parameters else x.mean(0)
    shares = linear(parameters, "router", z).softmax(-1)
    total = torch.zeros(TIME, DIM)
    for e, share in enumerate(shares):
        inside = slice(e * DIM // 2, (e + 1) * DIM // 2)
        hidden = margins.relu(values @ parameters["hidden.weight"][:, inside] + parameters["hidden.bias"][inside])
        total = total + share * (hidden @ parameters["output.weight"][inside] + parameters["outputBias"][e])
    norms = [layer_norm(within(parameters, f"norms.{name}"), total) for name in ("first", "second")]
    return x + (norms[0] + norms[1]) / 2


def case(audio_patches, experts=3):
    def make(case):
        margins = case.margins
        parameters = case.parameters(shapes(audio_patches, experts))
        batch = random_batch(case)
        batch["wordMask"][-1, -1, 0] = 1  # of the padding question: an attention to nothing is no number in PyTorch
        sizes = dict(SIZES)
        if audio_patches:
            batch["audioPatches"] = case.normal(VIDEOS, TIME, AUDIO_PATCHES, AUDIO_PATCH)
            sizes |= {"audioPatches": AUDIO_PATCHES, "audioPatchDim": AUDIO_PATCH}
        logits = []
        for video in range(VIDEOS):
            a, v, regions = (linear(parameters, name, batch[name][video]) for name in ("audio", "frames", "regions"))
            for n in range(QUESTIONS):
                w = linear(parameters, "words", batch["words"][video, n][batch["wordMask"][video, n].bool()])
                q = layer_norm(within(parameters, "sentence.norm"), linear(parameters, "sentence.map", batch["sentence"][video, n]))
                heard = fuse(within(parameters, "audioLayer"), a, {"self": a, "words": w}, HEADS, margins)
                seen = fuse(within(parameters, "framesLayer"), v, {"self": v, "words": w}, HEADS, margins)
                of_picture = read_patches(within(parameters, "regionReader"), seen, regions, margins)
                of_sound = torch.zeros(TIME, DIM)
                if audio_patches:
                    patches = linear(parameters, "audioPatches", batch["audioPatches"][video])
                    of_sound = read_patches(within(parameters, "audioPatchReader"), heard, patches, margins)
                shared = within(parameters, "sharedExperts")
                both = torch.cat([mix(shared, q, a, a + of_picture, margins), mix(shared, q, v, v + of_sound, margins)], -1)
                branches = {
                    "sound": mix(within(parameters, "audioExperts"), q, heard, heard + of_sound, margins),
                    "picture": mix(within(parameters, "framesExperts"), q, seen, seen + of_picture, margins),
                    "shared": pair(parameters, "shared", both, margins),
                }
                slots = []
                for group, names in GROUPS.items():
                    filled = w
                    for name in names:
                        own = within(parameters, f"slots.{group}.{name}")
                        filled = layer_norm(within(own, "norm"), filled + look(own, "attention", filled, branches[name]))
                    slots.append(filled)
                read = look(parameters, "reader.attention", q[None], torch.cat(slots))[0]
                h = layer_norm(within(parameters, "reader.norm"), q + pair(parameters, "reader.map", read, margins))
                logits.append(linear(parameters, "answer", margins.relu(h)))
        logits = torch.stack(logits).reshape(VIDEOS, QUESTIONS, -1)
        answer = losses.answer_loss(logits, batch["answers"], batch["mask"])
        config = {"audioPatches": audio_patches, "dim": DIM, "heads": HEADS, "experts": experts, "dropout": 0, "sizes": sizes}
        return config, parameters, batch, {"logits": logits, "answer": answer, "total": answer}, []

    return make
