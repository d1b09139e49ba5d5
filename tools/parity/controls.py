"""The controls, question by question: means and an MLP, and one transformer over all tokens under a mask."""

import torch
from torch.nn import functional as F

import losses
from fixture import linear, linear_shapes, under, within
from layers import attention_shapes, norm_shapes

VIDEOS, QUESTIONS, TIME, REGIONS, WORDS, ANSWERS = 3, 2, 5, 7, 4, 9
REGION, FRAME, AUDIO, TEXT, DIM, HEADS = 10, 6, 11, 13, 8, 2
MASK = [[1.0, 1], [1, 1], [1, 0]]
WORD_MASK = [[[1, 1, 1, 1], [1, 1, 0, 0]], [[1, 1, 1, 0], [1, 0, 0, 0]], [[1, 1, 0, 0], [0, 0, 0, 0]]]
SIZES = {
    "time": TIME, "regions": REGIONS, "regionDim": REGION, "frameDim": FRAME, "audioDim": AUDIO, "textDim": TEXT, "words": WORDS,
    "vocabulary": 5, "answers": ANSWERS,
}  # fmt: skip


def random_batch(case, time=TIME):
    return {
        "regions": case.normal(VIDEOS, time, REGIONS, REGION), "frames": case.normal(VIDEOS, time, FRAME), "audio": case.normal(VIDEOS, time, AUDIO),
        "sentence": case.normal(VIDEOS, QUESTIONS, TEXT), "words": case.normal(VIDEOS, QUESTIONS, WORDS, TEXT),
        "wordMask": torch.tensor(WORD_MASK).double(),
        "answers": torch.tensor(case.random.integers(0, ANSWERS, (VIDEOS, QUESTIONS))), "mask": torch.tensor(MASK).double(),
    }  # fmt: skip


def control(config, shapes, logits_of):
    def make(case):
        parameters = case.parameters(shapes)
        batch = random_batch(case)
        rows = [[logits_of(parameters, batch, v, n, case.margins) for n in range(QUESTIONS)] for v in range(VIDEOS)]
        logits = torch.stack([torch.stack(row) for row in rows])
        answer = losses.answer_loss(logits, batch["answers"], batch["mask"])
        return {**config, "sizes": SIZES}, parameters, batch, {"logits": logits, "answer": answer, "total": answer}, []

    return make


def mean_pooling():
    shapes = {}
    for name, width in (("video", REGION), ("audio", AUDIO), ("question", TEXT), ("hidden", 3 * DIM), ("second", DIM)):
        shapes.update(linear_shapes(name, width, DIM))
    shapes.update(linear_shapes("answer", DIM, ANSWERS))

    def logits_of(parameters, batch, v, n, margins):
        means = {"video": batch["regions"][v].flatten(0, 1).mean(0), "audio": batch["audio"][v].mean(0), "question": batch["sentence"][v, n]}
        hidden = margins.relu(linear(parameters, "hidden", torch.cat([linear(parameters, name, x) for name, x in means.items()])))
        return linear(parameters, "answer", margins.relu(linear(parameters, "second", hidden)))

    return control({"dim": DIM}, shapes, logits_of)


def transformer(layers=2):
    shapes = {}
    for name, width in (("sentence", TEXT), ("words", TEXT), ("regions", REGION), ("frames", FRAME), ("audio", AUDIO)):
        shapes.update(linear_shapes(name, width, DIM))
    shapes.update({"wordPlaces": (WORDS, DIM), "regionPlaces": (REGIONS, DIM), "times": (TIME, DIM)})
    for layer in range(layers):
        one = under("attentionNorm", norm_shapes(DIM)) | under("attention", attention_shapes(DIM)) | under("feedForwardNorm", norm_shapes(DIM))
        one |= linear_shapes("hidden", DIM, 4 * DIM) | linear_shapes("output", 4 * DIM, DIM)
        shapes.update(under(f"layers.{layer}", one))
    shapes.update(under("norm", norm_shapes(DIM)) | linear_shapes("answer", DIM, ANSWERS))

    def norm(parameters, name, x):
        return F.layer_norm(x, (DIM,), parameters[f"{name}.gain"], parameters[f"{name}.bias"], 1e-5)

    def logits_of(parameters, batch, v, n, margins):
        times = parameters["times"]
        regions = linear(parameters, "regions", batch["regions"][v]) + times[:, None] + parameters["regionPlaces"]
        video = torch.cat([regions.flatten(0, 1), *(linear(parameters, name, batch[name][v]) + times for name in ("frames", "audio"))])
        words = linear(parameters, "words", batch["words"][v, n]) + parameters["wordPlaces"]
        x = torch.cat([video, linear(parameters, "sentence", batch["sentence"][v, n])[None], words])
        hidden = torch.zeros(len(x), len(x), dtype=torch.bool)  # row does not look at column
        hidden[: len(video), len(video) :] = True
        hidden[:, len(video) + 1 :] |= batch["wordMask"][v, n] == 0
        for layer in range(layers):
            own = within(parameters, f"layers.{layer}")
            rows = norm(own, "attentionNorm", x)[:, None]
            weight = torch.cat([own[f"attention.{name}.weight"].T for name in ("query", "key", "value")])
            bias = torch.cat([own["attention.query.bias"], torch.zeros(DIM), own["attention.value.bias"]])
            attended, _ = F.multi_head_attention_forward(
                rows, rows, rows, DIM, HEADS, weight, bias, None, None, False, 0.0,
                own["attention.output.weight"].T, own["attention.output.bias"], training=False, attn_mask=hidden,
            )  # fmt: skip
            x = x + attended[:, 0]
            fed = linear(own, "hidden", norm(own, "feedForwardNorm", x))
            if layer < layers - 1:
                margins.relu(fed)
            else:
                margins.relu(fed[len(video)])
            x = x + linear(own, "output", torch.relu(fed))
        return linear(parameters, "answer", norm(parameters, "norm", x[len(video)]))

    return control({"dim": DIM, "heads": HEADS, "layers": layers, "dropout": 0}, shapes, logits_of)
