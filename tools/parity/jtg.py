"""Joint temporal grounding on the interleaved stream v1 a1 v2 a2 ..., its dual-stream ablation, and the paired stream."""

import torch

from fixture import linear, linear_shapes, under, within
from layers import attention, attention_shapes, feed_forward, feed_forward_shapes, layer_norm, lstm, lstm_shapes, norm_shapes

EPSILON = 1e-8


def context_shapes(config):
    dim = config["dim"]
    if config["context"] == "bilstm":
        return under("lstm", lstm_shapes(dim, dim // 2, bidirectional=True))
    if config["context"] == "none":
        return {}
    return {
        **under("attentionNorm", norm_shapes(dim)), **under("attention", attention_shapes(dim)),
        **under("feedForwardNorm", norm_shapes(dim)), **under("feedForward", feed_forward_shapes(dim)),
    }  # fmt: skip


def context(parameters, config, x, margins):
    """x [rows, time, dim]."""
    if config["context"] == "bilstm":
        return lstm(within(parameters, "lstm"), x, bidirectional=True) + x
    if config["context"] == "none":
        return x
    normed = layer_norm(within(parameters, "attentionNorm"), x)
    x = x + attention(within(parameters, "attention"), normed, normed, config["heads"])[0]
    return x + feed_forward(within(parameters, "feedForward"), layer_norm(within(parameters, "feedForwardNorm"), x), margins)


def stream_shapes(dim):
    return {**under("attention", attention_shapes(dim)), **under("feedForward", feed_forward_shapes(dim)), **under("norm", norm_shapes(dim))}


def attend(parameters, config, question, stream, margins):
    """question [rows, dim], stream [rows, positions, dim] -> fused [rows, dim], weights [rows, positions]."""
    output, weights = attention(within(parameters, "attention"), question[:, None], stream, config["heads"])
    fused = layer_norm(within(parameters, "norm"), output + feed_forward(within(parameters, "feedForward"), output, margins))
    return fused[:, 0], weights[:, 0]


def pairing_shapes(dim, modalities):
    names = [name for name, there in (("visual", modalities["video"]), ("audio", modalities["audio"])) if there]
    made = {}
    for name in (*names, "factor", "term"):
        made.update(linear_shapes(name, dim, 2 * dim))
    return {**made, **linear_shapes("output", 2 * dim, dim), **under("norm", norm_shapes(dim))}


def pairs(parameters, question, visual, audio, margins):
    """question [rows, dim], segments [rows, time, dim], one of which may be None -> [rows, time, dim]."""
    given = (("visual", visual), ("audio", audio))
    segment = sum(linear(parameters, name, x) for name, x in given if x is not None)
    factor, term = (linear(parameters, name, question)[:, None] for name in ("factor", "term"))
    return layer_norm(within(parameters, "norm"), linear(parameters, "output", margins.relu(segment * (1 + factor) + term)))


def shapes(config):
    dim, time, modalities = config["dim"], config["time"], config["modalities"]
    both = modalities["audio"] and modalities["video"]
    made = {}
    if modalities["video"]:
        made.update(under("visualContext", context_shapes(config)))
    if modalities["audio"]:
        made.update(under("audioContext", context_shapes(config)))
    made["timeEmbedding"] = (time, dim)
    if both and config["stream"] == "dual":
        made.update(under("visualStream", stream_shapes(dim)))
        made.update(under("audioStream", stream_shapes(dim)))
        made.update(linear_shapes("fusion", 2 * dim, dim))
        return made
    made.update(under("stream", stream_shapes(dim)))
    if config["stream"] == "paired":
        made.update(under("pairing", pairing_shapes(dim, modalities)))
    elif both:
        made["modalityEmbedding"] = (2, dim)
    return made


def joint_grounding(parameters, config, question, visual, audio, margins):
    """question [videos, questions, dim]; visual [videos, questions, time, dim] and audio [videos, time, dim], either may be None.

    Returns fused, both modalities in context for each question, and the halves of the attention; None for a modality that is missing.
    """
    videos, questions, dim = question.shape
    rows = question.reshape(-1, dim)
    if visual is not None:
        visual = context(within(parameters, "visualContext"), config, visual.reshape(videos * questions, -1, dim), margins)
    if audio is not None:
        audio = context(within(parameters, "audioContext"), config, audio.repeat_interleave(questions, 0), margins)
    time = parameters["timeEmbedding"]

    def shaped(x):
        return None if x is None else x.reshape(videos, questions, *x.shape[1:])

    if config["stream"] == "paired":
        timed = [None if x is None else x + time for x in (visual, audio)]
        stream = pairs(within(parameters, "pairing"), rows, *timed, margins)
        fused, weights = attend(within(parameters, "stream"), config, rows, stream, margins)
        halves = [None if x is None else weights for x in timed]
    elif visual is None or audio is None:
        fused, weights = attend(within(parameters, "stream"), config, rows, (audio if visual is None else visual) + time, margins)
        halves = [None if x is None else weights for x in (visual, audio)]
    elif config["stream"] == "dual":
        on_visual, visual_weights = attend(within(parameters, "visualStream"), config, rows, visual + time, margins)
        on_audio, audio_weights = attend(within(parameters, "audioStream"), config, rows, audio + time, margins)
        fused = linear(parameters, "fusion", torch.tanh(torch.cat([on_visual, on_audio], -1)))
        halves = (visual_weights, audio_weights)
    else:
        modality = parameters["modalityEmbedding"]
        stream = torch.stack([visual + time + modality[0], audio + time + modality[1]], 2).flatten(1, 2)
        fused, weights = attend(within(parameters, "stream"), config, rows, stream, margins)
        halves = (weights[:, 0::2], weights[:, 1::2])
    halves = [None if half is None else shaped(half / (half.sum(-1, keepdim=True) + EPSILON)) for half in halves]
    return shaped(fused), shaped(visual), shaped(audio), *halves


def case(change):
    def make(case):
        config = {
            "dim": 12, "heads": 4, "time": 5, "dropout": 0, "stream": "single", "context": "bilstm",
            "modalities": {"audio": True, "video": True}, **change,
        }  # fmt: skip
        parameters = case.parameters(shapes(config))
        inputs = {"question": case.normal(3, 2, 12), "visual": case.normal(3, 2, 5, 12), "audio": case.normal(3, 5, 12)}
        fused, visual, audio, on_visual, on_audio = joint_grounding(parameters, config, **inputs, margins=case.margins)
        outputs = {"fused": fused, "visual": visual, "visualAttention": on_visual, "audioAttention": on_audio}
        factors = {f"{name}Factors": case.normal(*output.shape) for name, output in outputs.items()}
        outputs["total"] = sum((outputs[name] * factors[f"{name}Factors"]).sum() for name in list(outputs))
        return config, parameters, {**inputs, **factors}, outputs, []

    return make
