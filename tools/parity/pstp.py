"""PSTP-Net, question by question: what its public code computes, and what its paper describes."""

import torch

import losses
from controls import ANSWERS, AUDIO, FRAME, QUESTIONS, REGION, REGIONS, SIZES, TEXT, VIDEOS, random_batch
from fixture import linear, linear_shapes, under, within
from layers import attention, attention_shapes, feed_forward, feed_forward_shapes, layer_norm, norm_shapes
from selection import largest
from st_avqa import attend, stream_shapes

DIM, HEADS = 16, 4


def fusion_shapes(dim, *streams):
    shapes = {}
    for name in streams:
        shapes.update(under(f"attention.{name}", attention_shapes(dim)))
    return {**shapes, **under("norm", norm_shapes(dim)), **under("feedForward", feed_forward_shapes(dim)), **under("feedForwardNorm", norm_shapes(dim))}


def fuse(parameters, x, streams, heads, margins):
    """x [positions, dim] looks at each of the streams [positions, dim]."""
    seen = x
    for name, stream in streams.items():
        seen = seen + attention(within(parameters, f"attention.{name}"), x[None], stream[None], heads)[0][0]
    seen = layer_norm(within(parameters, "norm"), seen)
    return layer_norm(within(parameters, "feedForwardNorm"), seen + feed_forward(within(parameters, "feedForward"), seen, margins))


def projection_shapes(dim, *names):
    widths = {"audio": AUDIO, "frames": FRAME, "regions": REGION, "words": TEXT, "sentence": TEXT}
    return {key: shape for name in names for key, shape in linear_shapes(name, widths[name], dim).items()}


def encoded_case(config, shapes, logits_of, zero=(), time=SIZES["time"]):
    """A network that reads all features of a text encoder; `logits_of` one question."""

    def make(case):
        parameters = case.parameters(shapes)
        batch = random_batch(case, time)
        rows = []
        for v in range(VIDEOS):
            for n in range(QUESTIONS):
                present = batch["wordMask"][v, n].bool()
                question = {"sentence": batch["sentence"][v, n], "words": batch["words"][v, n][present]}
                video = {name: batch[name][v] for name in ("regions", "frames", "audio")}
                rows.append(logits_of(parameters, {**video, **question}, case.margins))
        logits = torch.stack(rows).reshape(VIDEOS, QUESTIONS, -1)
        answer = losses.answer_loss(logits, batch["answers"], batch["mask"])
        return {**config, "sizes": {**SIZES, "time": time}}, parameters, batch, {"logits": logits, "answer": answer, "total": answer}, list(zero)

    return make


def answer(parameters, tokens, question, margins):
    mixed = fuse(within(parameters, "layer"), tokens, {"self": tokens}, 1, margins)
    return linear(parameters, "answer", torch.tanh(mixed.mean(0) * question))


def public():
    shapes = {
        **projection_shapes(DIM, "audio", "frames", "words", "sentence"),
        **under("layer", fusion_shapes(DIM, "self")), **linear_shapes("answer", DIM, ANSWERS),
    }  # fmt: skip

    def logits_of(parameters, given, margins):
        tokens = torch.cat([linear(parameters, name, given[name]) for name in ("audio", "frames", "words")])
        return answer(parameters, tokens, linear(parameters, "sentence", given["sentence"]), margins)

    return encoded_case({"dim": DIM, "dropout": 0}, shapes, logits_of)


SELECTIONS = [f"{name}.{part}" for name in ("segmentChoice", "patchChoice") for part in ("query.weight", "query.bias", "key.weight")]
UNTRAINED = ["segment.weight", "segment.bias", *SELECTIONS]  # which are largest has no gradient


def intended(time=6, segments=3, chosen=2, patches=3):
    choice = {name: shape for name, shape in attention_shapes(DIM).items() if name.startswith(("query", "key"))}
    shapes = {
        **projection_shapes(DIM, "audio", "frames", "regions", "words", "sentence"), **linear_shapes("segment", 2 * DIM, DIM),
        **under("segmentChoice", choice), **under("patchChoice", choice), **under("guided", stream_shapes(DIM)),
        **under("global", fusion_shapes(DIM, "other", "self")), **under("layer", fusion_shapes(DIM, "self")), **linear_shapes("answer", DIM, ANSWERS),
    }  # fmt: skip

    def weights(parameters, query, stream):
        zeros = {"weight": torch.zeros(DIM, DIM), "bias": torch.zeros(DIM)}
        whole = {**{f"{name}.{part}": zeros[part] for name in ("value", "output") for part in zeros}, **parameters}
        return attention(whole, query[None, None], stream[None], HEADS)[1][0, 0]

    def logits_of(parameters, given, margins):
        a, v, words, q = (linear(parameters, name, given[name]) for name in ("audio", "frames", "words", "sentence"))
        length = time // segments
        pooled = [torch.stack([part.mean(0) for part in stream.split(length)]) for stream in (a, v)]
        segment = linear(parameters, "segment", torch.tanh(torch.cat(pooled, -1)))
        best = largest(weights(within(parameters, "segmentChoice"), q, segment), chosen, margins)
        frames = [second for s in best for second in range(s * length, (s + 1) * length)]
        kept, guided = [], []
        for second in frames:
            patch = linear(parameters, "regions", given["regions"][second])
            kept.append(patch[largest(weights(within(parameters, "patchChoice"), q, patch), patches, margins)])
            guided.append(attend(within(parameters, "guided"), a[second], kept[-1], HEADS, margins)[0])
        heard = fuse(within(parameters, "global"), a, {"other": v, "self": a}, 1, margins)
        seen = fuse(within(parameters, "global"), v, {"other": heard, "self": v}, 1, margins)
        tokens = torch.cat([a[frames], heard, a, v[frames], *kept, torch.stack(guided), seen, v, words])
        return answer(parameters, tokens, q, margins)

    config = {"dim": DIM, "heads": HEADS, "segments": segments, "chosen": chosen, "patches": patches, "dropout": 0}
    return encoded_case(config, shapes, logits_of, UNTRAINED, time)
