"""ST-AVQA, question by question."""

import torch
from torch.nn import functional as F

import losses
from fixture import linear, linear_shapes, under, within
from layers import attention, attention_shapes, feed_forward, feed_forward_shapes, layer_norm, lstm, lstm_shapes, norm_shapes

VIDEOS, TIME, REGIONS, QUESTIONS, WORDS, VOCABULARY, ANSWERS, AUDIO = 3, 5, 7, 2, 6, 13, 11, 17
MASK = [[1.0, 1], [1, 1], [1, 0]]


def sizes(region_dim):
    return {
        "time": TIME, "regions": REGIONS, "regionDim": region_dim, "audioDim": AUDIO, "words": WORDS, "vocabulary": VOCABULARY, "answers": ANSWERS,
    }  # fmt: skip


def question_shapes(dim):
    return {"embedding.weight": (VOCABULARY, dim), **under("lstm", lstm_shapes(dim, dim, bidirectional=False)), **linear_shapes("sentence", 2 * dim, dim)}


def grounding_shapes(dim, region_dim):
    """W_gl is held in two parts, and the match head's first layer too."""
    return {
        **({} if region_dim == dim else linear_shapes("regions", region_dim, dim)),
        **linear_shapes("audio.hidden", AUDIO, dim), **linear_shapes("audio.output", dim, dim),
        **linear_shapes("segment.first", dim, dim), **linear_shapes("segment.second", dim, dim, bias=False),
        **under("matchHead", losses.match_head_shapes(dim)),
    }  # fmt: skip


def stream_shapes(dim):
    return {**under("attention", attention_shapes(dim)), **under("feedForward", feed_forward_shapes(dim)), **under("norm", norm_shapes(dim))}


def shapes(dim, region_dim):
    return {
        **grounding_shapes(dim, region_dim), **under("question", question_shapes(dim)),
        **under("visualStream", stream_shapes(dim)), **under("audioStream", stream_shapes(dim)),
        **linear_shapes("merge", 2 * dim, dim), **linear_shapes("answer", dim, ANSWERS),
    }  # fmt: skip


def encode_question(parameters, ids):
    """ids [words] -> q [dim], states of all words [words, dim], the cell after the last word [dim]."""
    embedded = torch.tanh(F.embedding(ids, parameters["embedding.weight"]))
    states = lstm(within(parameters, "lstm"), embedded[None], bidirectional=False)[0]
    cell = last_cell(within(parameters, "lstm"), embedded)
    return linear(parameters, "sentence", torch.tanh(torch.cat([states[-1], cell]))), states, cell


def last_cell(parameters, x):
    """torch.nn.LSTMCell step by step, for its memory."""
    hidden = parameters["recurrent"].shape[0]
    cell = torch.nn.LSTMCell(x.shape[-1], hidden).double()
    weights = {
        "weight_ih": parameters["input"].T, "weight_hh": parameters["recurrent"].T,
        "bias_ih": parameters["bias"], "bias_hh": torch.zeros(4 * hidden, dtype=torch.float64),
    }  # fmt: skip
    state = (torch.zeros(1, hidden, dtype=torch.float64), torch.zeros(1, hidden, dtype=torch.float64))
    for step in x:
        state = torch.func.functional_call(cell, weights, (step[None], state))
    return state[1][0]


def segment(parameters, regions, weigh):
    """regions [regions, dim] of one segment; weigh(unit regions) gives their shares."""
    unit = F.normalize(regions, dim=-1)
    grounded = weigh(unit) @ unit
    weight = torch.cat([parameters["segment.first.weight"], parameters["segment.second.weight"]])
    merged = {"both.weight": weight, "both.bias": parameters["segment.first.bias"]}
    return linear(merged, "both", torch.tanh(torch.cat([regions.mean(0), grounded])))


def match_logits(parameters, sound, picture, margins):
    first = {"first.weight": torch.cat([parameters["audio.weight"], parameters["visual.weight"]]), "first.bias": parameters["audio.bias"]}
    x = margins.relu(linear(first, "first", torch.cat([sound, picture], -1)))
    x = margins.relu(linear(parameters, "third", margins.relu(linear(parameters, "second", x))))
    return linear(parameters, "output", x)


def attend(parameters, question, stream, heads, margins):
    """question [dim], stream [positions, dim] -> y [dim], weights [positions]."""
    output, weights = attention(within(parameters, "attention"), question[None, None], stream[None], heads)
    fused = layer_norm(within(parameters, "norm"), output + feed_forward(within(parameters, "feedForward"), output, margins))
    return fused[0, 0], weights[0, 0]


def hear(parameters, audio, margins):
    return linear(parameters, "audio.output", margins.relu(linear(parameters, "audio.hidden", audio)))


def see(parameters, regions):
    return linear(parameters, "regions", regions) if "regions.weight" in parameters else regions


def random_batch(case, region_dim):
    """A frame of another video for each segment, as the frame's row; every frame once. `inverse` says which segment drew a frame."""
    draw = case.random
    while True:
        order = draw.permutation(VIDEOS * TIME)
        if all(source // TIME != row // TIME for row, source in enumerate(order)):
            break
    return {
        "regions": case.normal(VIDEOS, TIME, REGIONS, region_dim), "audio": case.normal(VIDEOS, TIME, AUDIO),
        "wordIds": torch.tensor(draw.integers(0, VOCABULARY, (VIDEOS, QUESTIONS, WORDS))), "wordMask": torch.ones(VIDEOS, QUESTIONS, WORDS).double(),
        "answers": torch.tensor(draw.integers(0, ANSWERS, (VIDEOS, QUESTIONS))), "mask": torch.tensor(MASK).double(),
        "order": torch.tensor(order), "inverse": torch.tensor(order.argsort()),
    }  # fmt: skip


def case(region_dim=16):
    def make(case):
        dim, heads = 16, 4
        parameters = case.parameters(shapes(dim, region_dim))
        batch = random_batch(case, region_dim)
        pictures = see(parameters, batch["regions"])
        frames = pictures.flatten(0, 1)
        logits, matches, labels, rows = [], [], [], {"visualAttention": [], "audioAttention": []}
        for video in range(VIDEOS):
            sound = hear(parameters, batch["audio"][video], case.margins)

            def picture_of(frame, t):
                return segment(parameters, frame, lambda unit: (unit @ F.normalize(sound[t], dim=0)).softmax(0))

            visual = torch.stack([picture_of(pictures[video, t], t) for t in range(TIME)])
            negative = torch.stack([picture_of(frames[batch["order"][video * TIME + t]], t) for t in range(TIME)])
            for question in range(QUESTIONS):
                q, _, _ = encode_question(within(parameters, "question"), batch["wordIds"][video, question])
                seen, on_visual = attend(within(parameters, "visualStream"), q, visual, heads, case.margins)
                heard, on_audio = attend(within(parameters, "audioStream"), q, sound, heads, case.margins)
                merged = linear(parameters, "merge", torch.tanh(torch.cat([heard + sound.mean(0), seen + visual.mean(0)])))
                logits.append(linear(parameters, "answer", torch.tanh(merged * q)))
                rows["visualAttention"].append(on_visual)
                rows["audioAttention"].append(on_audio)
                if batch["mask"][video, question]:
                    for pictured, label in ((visual, 1), (negative, 0)):
                        matches.append(match_logits(within(parameters, "matchHead"), sound, pictured, case.margins))
                        labels += [label] * TIME
        outputs = {name: torch.stack(given).reshape(VIDEOS, QUESTIONS, -1) for name, given in {"logits": logits, **rows}.items()}
        outputs["answer"] = losses.answer_loss(outputs["logits"], batch["answers"], batch["mask"])
        outputs["match"] = F.cross_entropy(torch.cat(matches), torch.tensor(labels))
        outputs["total"] = outputs["answer"] + 0.5 * outputs["match"]
        config = {
            "dim": dim, "heads": heads, "dropout": 0,
            "sizes": sizes(region_dim),
        }  # fmt: skip
        return config, parameters, batch, outputs, []

    return make
