"""TJSTG, question by question, with the faults of its public code or without."""

import torch
from torch.nn import functional as F

import losses
from fixture import linear, linear_shapes, under, within
from layers import attention, attention_shapes, lstm, lstm_shapes
from st_avqa import (
    ANSWERS, QUESTIONS, REGIONS, TIME, VIDEOS, WORDS, attend, encode_question, grounding_shapes, hear, match_logits, question_shapes, random_batch,
    see, segment, sizes, stream_shapes,
)  # fmt: skip

THRESHOLD = 0.01 * 196 / REGIONS
UNTRAINED = [f"target.attention.{name}" for name in attention_shapes(1)]


def shapes(form, dim, region_dim):
    target = attention_shapes(dim)
    if form == "corrected":
        target = {name: shape for name, shape in target.items() if name.startswith(("query", "key"))}
    return {
        **grounding_shapes(dim, region_dim), **under("question", question_shapes(dim)), **under("target.attention", target),
        **linear_shapes("target.map.hidden", dim, dim), **linear_shapes("target.map.output", dim, dim),
        **under("visualContext", lstm_shapes(dim, dim // 2, bidirectional=True)), **under("audioContext", lstm_shapes(dim, dim // 2, bidirectional=True)),
        **under("stream", stream_shapes(dim)), **linear_shapes("merge", 2 * dim, dim), **linear_shapes("answer", dim, ANSWERS),
    }  # fmt: skip


def word_weights(parameters, cell, states, heads):
    """The mean over heads of MHA(c; H); of the corrected form only query and key exist."""
    dim = cell.shape[0]
    zeros = {"weight": torch.zeros(dim, dim, dtype=torch.float64), "bias": torch.zeros(dim, dtype=torch.float64)}
    whole = {**{f"{name}.{part}": zeros[part] for name in ("value", "output") for part in zeros}, **parameters}
    return attention(whole, cell[None, None], states[None], heads)[1][0, 0]


def region_shares(unit, target, sound, form, margins):
    to_target, to_sound = unit @ F.normalize(target, dim=0), unit @ F.normalize(sound, dim=0)
    both = to_target.softmax(0) + to_sound.softmax(0)
    margins.keep_away("share from the threshold", both - THRESHOLD, 1e-5)
    if form == "published":
        return torch.where(both > THRESHOLD, both, torch.zeros_like(both)).softmax(0)
    return (to_target + to_sound).masked_fill(both <= THRESHOLD, -torch.inf).softmax(0)


def synchrony(form, visual, audio, mask):
    if form == "corrected":
        return losses.synchrony(*(half / half.sum(-1, keepdim=True) for half in (visual, audio)), mask)[0]
    p, q = visual[mask.bool()], audio[mask.bool()]
    m = (p + q) / 2
    return sum(F.kl_div(half, m, reduction="none").mean() / 2 for half in (p, q))


def case(form, region_dim=16):
    def make(case):
        dim, heads = 16, 4
        margins = case.margins
        parameters = case.parameters(shapes(form, dim, region_dim))
        batch = random_batch(case, region_dim)
        pictures = see(parameters, batch["regions"])
        frames = pictures.flatten(0, 1)
        samples = [(video, question) for video in range(VIDEOS) for question in range(QUESTIONS)]

        encoded, targets = [], []
        for video, question in samples:
            q, states, cell = encode_question(within(parameters, "question"), batch["wordIds"][video, question])
            weights = word_weights(within(parameters, "target.attention"), cell, states, heads)
            if form == "published":
                top = weights.topk(2).values
                margins.keep_away("largest word from the second", top[0] - top[1], 1e-4)
                weights = F.one_hot(weights.argmax(), WORDS).double()
            hidden = margins.relu(linear(parameters, "target.map.hidden", weights @ states))
            encoded.append(q)
            targets.append(linear(parameters, "target.map.output", hidden))
        targets = torch.stack(targets)  # [samples, dim]
        if form == "published":
            by_row = targets.repeat(TIME, 1)  # row t * samples + sample, read as row sample * TIME + t
        else:
            by_row = targets.repeat_interleave(TIME, 0)

        logits, on_visual, on_audio, matches, labels = [], [], [], [], []
        for sample, (video, question) in enumerate(samples):
            sound = hear(parameters, batch["audio"][video], margins)
            mine = by_row[sample * TIME : (sample + 1) * TIME]

            def picture_of(frame, t):
                return segment(parameters, frame, lambda unit: region_shares(unit, mine[t], sound[t], form, margins))

            visual = torch.stack([picture_of(pictures[video, t], t) for t in range(TIME)])
            negative = torch.stack([picture_of(frames[batch["order"][video * TIME + t]], t) for t in range(TIME)])
            in_context = lstm(within(parameters, "visualContext"), visual[None], bidirectional=True)[0]
            heard = lstm(within(parameters, "audioContext"), sound[None], bidirectional=True)[0]
            stream = torch.stack([in_context, heard], 1).flatten(0, 1)  # v1 a1 v2 a2 ...
            fused, weights = attend(within(parameters, "stream"), encoded[sample], stream, heads, margins)
            merged = linear(parameters, "merge", torch.tanh(torch.cat([sound.mean(0), visual.mean(0)]))) + fused
            logits.append(linear(parameters, "answer", torch.tanh(merged * encoded[sample])))
            on_visual.append(weights[0::2])
            on_audio.append(weights[1::2])
            if batch["mask"][video, question]:
                for pictured, label in ((visual, 1), (negative, 0)):
                    matches.append(match_logits(within(parameters, "matchHead"), sound, pictured, margins))
                    labels += [label] * TIME
        logits, on_visual, on_audio = (torch.stack(given).reshape(VIDEOS, QUESTIONS, -1) for given in (logits, on_visual, on_audio))
        outputs = {
            "logits": logits, "visualAttention": on_visual / on_visual.sum(-1, keepdim=True), "audioAttention": on_audio / on_audio.sum(-1, keepdim=True),
            "answer": losses.answer_loss(logits, batch["answers"], batch["mask"]),
            "match": F.cross_entropy(torch.cat(matches), torch.tensor(labels)),
            "synchrony": synchrony(form, on_visual, on_audio, batch["mask"]),
        }  # fmt: skip
        outputs["total"] = outputs["answer"] + 0.5 * outputs["match"] + outputs["synchrony"]
        config = {"form": form, "dim": dim, "heads": heads, "dropout": 0, "attentionDropout": 0, "sizes": sizes(region_dim)}
        return config, parameters, batch, outputs, UNTRAINED if form == "published" else []

    return make
