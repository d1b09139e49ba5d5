"""TSPM, question by question: seconds chosen by a prompt, or evenly."""

import torch

import losses
from controls import ANSWERS, QUESTIONS, SIZES, TEXT, VIDEOS, random_batch
from fixture import linear, linear_shapes, under, within
from layers import attention, attention_shapes
from pstp import fuse, fusion_shapes, projection_shapes
from selection import largest
from st_avqa import attend, stream_shapes

DIM, HEADS = 16, 4
TIME = SIZES["time"]
CHOICE = {name: shape for name, shape in attention_shapes(DIM).items() if name.startswith(("query", "key"))}
CHOOSING = {**linear_shapes("choice.prompt", TEXT, DIM), **under("choice.attention", CHOICE)}


def shapes(selection):
    return {
        **projection_shapes(DIM, "audio", "frames", "regions", "sentence"), **(CHOOSING if selection == "prompt" else {}),
        **under("global", fusion_shapes(DIM, "other", "self")), **under("patches", fusion_shapes(DIM, "self")),
        **under("heard", stream_shapes(DIM)), **under("stream", stream_shapes(DIM)),
        **linear_shapes("merge", 6 * DIM, DIM), **linear_shapes("answer", DIM, ANSWERS),
    }  # fmt: skip


def chosen_by(parameters, prompt, frames, chosen, margins):
    zeros = {"weight": torch.zeros(DIM, DIM), "bias": torch.zeros(DIM)}
    whole = {f"{name}.{part}": zeros[part] for name in ("value", "output") for part in zeros} | within(parameters, "choice.attention")
    query = linear(parameters, "choice.prompt", prompt)
    return largest(attention(whole, query[None, None], frames[None], HEADS)[1][0, 0], chosen, margins)


def case(selection, chosen=3):
    def make(case):
        margins = case.margins
        parameters = case.parameters(shapes(selection))
        batch = random_batch(case)
        if selection == "prompt":
            batch["prompt"] = case.normal(VIDEOS, QUESTIONS, TEXT)
        logits, rows = [], {"visualAttention": [], "audioAttention": []}
        for v in range(VIDEOS):
            a, frames, regions = (linear(parameters, name, batch[name][v]) for name in ("audio", "frames", "regions"))
            all_heard = fuse(within(parameters, "global"), a, {"other": frames, "self": a}, 1, margins)
            all_seen = fuse(within(parameters, "global"), frames, {"other": a, "self": frames}, 1, margins)
            for n in range(QUESTIONS):
                q = linear(parameters, "sentence", batch["sentence"][v, n])
                if selection == "prompt":
                    seconds = chosen_by(parameters, batch["prompt"][v, n], frames, chosen, margins)
                else:
                    seconds = [i * TIME // chosen for i in range(chosen)]
                spots = []
                for t in seconds:
                    patches = fuse(within(parameters, "patches"), regions[t], {"self": regions[t]}, 1, margins)
                    spots.append(attend(within(parameters, "heard"), a[t], patches, HEADS, margins)[0])
                spots = torch.stack(spots)
                heard, on_sound = attend(within(parameters, "stream"), q, a[seconds], HEADS, margins)
                seen, on_spots = attend(within(parameters, "stream"), q, spots, HEADS, margins)
                parts = [heard, all_heard.mean(0), a[seconds].mean(0), seen, all_seen.mean(0), spots.mean(0)]
                merged = linear(parameters, "merge", torch.tanh(torch.cat(parts)))
                logits.append(linear(parameters, "answer", torch.tanh(merged * q)))
                for name, weights in (("visualAttention", on_spots), ("audioAttention", on_sound)):
                    rows[name].append(torch.zeros(TIME).index_add(0, torch.tensor(seconds), weights))
        outputs = {name: torch.stack(given).reshape(VIDEOS, QUESTIONS, -1) for name, given in {"logits": logits, **rows}.items()}
        outputs["answer"] = outputs["total"] = losses.answer_loss(outputs["logits"], batch["answers"], batch["mask"])
        config = {"selection": selection, "dim": DIM, "heads": HEADS, "chosen": chosen, "dropout": 0, "sizes": SIZES}
        return config, parameters, batch, outputs, list(CHOOSING) if selection == "prompt" else []

    return make
