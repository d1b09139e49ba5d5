"""The whole network, question by question, and its objective."""

import torch
from torch.nn import functional as F

import jtg
import losses
import tsg_plus
from fixture import linear, linear_shapes, under, within
from layers import attention_shapes, lstm, lstm_shapes


def parts(config):
    inputs, spatial = config["inputs"], config["tsgPlus"]
    grounding = inputs["video"] and spatial["grounding"]
    both = inputs["audio"] and inputs["video"]
    audio_query = grounding and inputs["audio"] and spatial["audioQuery"]
    return {
        "grounding": grounding, "textQuery": grounding and spatial["textQuery"], "audioQuery": audio_query,
        "match": config["match"] if both else "none", "jointAudio": audio_query or (both and config["match"] == "contrastive"),
    }  # fmt: skip


def spatial_config(config):
    built = parts(config)
    sizes = {"joint": config["joint"], "dim": config["dim"]}
    return {**config["tsgPlus"], **sizes, **{name: built[name] for name in ("grounding", "textQuery", "audioQuery")}}


def temporal_config(config):
    names = ("dim", "heads", "time", "dropout")
    return {**{name: config[name] for name in names}, "modalities": config["inputs"], **config["jtg"]}


def shapes(config):
    dim, joint, inputs, built = config["dim"], config["joint"], config["inputs"], parts(config)
    learned = config["question"]["encoder"] == "learned"
    width = dim if learned else joint
    question = {}
    if learned:
        question["embedding.weight"] = (config["question"]["vocabulary"], dim)
        question.update(under("lstm", lstm_shapes(dim, dim, bidirectional=False)))
    question.update(linear_shapes("sentence", width, dim))
    if built["textQuery"]:
        kept = {name: shape for name, shape in attention_shapes(width).items() if name.startswith(("query", "key"))}
        question.update(under("target", kept))
        if learned:
            question.update(linear_shapes("targetInJointSpace", dim, joint))
    made = under("question", question)
    if inputs["audio"]:
        made.update(linear_shapes("audio.hidden", config["audioDim"], dim))
        made.update(linear_shapes("audio.output", dim, dim))
    if built["jointAudio"]:
        made.update(linear_shapes("audioInJointSpace", dim, joint))
    if inputs["video"] and "visualDim" in config:
        for name in ("regions", "frames"):
            made.update(linear_shapes(f"visualInJointSpace.{name}", config["visualDim"], joint))
    if inputs["video"]:
        made.update(under("tsgPlus", tsg_plus.shapes(spatial_config(config))))
    if inputs["audio"] or inputs["video"]:
        made.update(under("jtg", jtg.shapes(temporal_config(config))))
        made.update(linear_shapes("merge", (inputs["audio"] + inputs["video"]) * dim, dim))
    made.update(linear_shapes("answer", dim, config["answers"]))
    if built["match"] in ("head", "video-head"):
        made.update(under("matchHead", losses.match_head_shapes(dim)))
    if built["match"] == "contrastive":
        made.update(under("contrastiveMatch", losses.CONTRASTIVE_SHAPES))
    return made


def encode_question(parameters, config, batch, margins):
    """Returns q [videos, questions, dim], the target or None, the weights of the words or None."""
    mask = batch["wordMask"]
    videos, questions, count = mask.shape
    if config["question"]["encoder"] == "learned":
        embedded = F.embedding(batch["wordIds"], parameters["embedding.weight"]).reshape(videos * questions, count, -1)
        words = lstm(within(parameters, "lstm"), embedded, bidirectional=False).reshape(videos, questions, count, -1)
        states = torch.cat([torch.zeros_like(words[:, :, :1]), words], 2)  # a question without words has the state before the first
        last = mask.sum(-1).long()[..., None, None].expand(-1, -1, 1, words.shape[-1])
        sentence = states.gather(2, last)[:, :, 0]
    else:
        words, sentence = batch["words"], batch["sentence"]
    q = linear(parameters, "sentence", sentence)
    if "target.key.weight" not in parameters:
        return q, None, None
    width, heads = sentence.shape[-1], config["heads"]
    head = width // heads
    queries = linear(parameters, "target.query", sentence).reshape(videos, questions, heads, head)
    keys = linear(parameters, "target.key", words).reshape(videos, questions, count, heads, head)
    scores = torch.einsum("vnhd,vnlhd->vnhl", queries, keys) / head**0.5
    scores = scores.masked_fill((mask == 0)[:, :, None], -1e9)  # finite, so that a question without words, which is padding, stays so
    weights = scores.softmax(-1).mean(2)
    if config["question"]["target"] == "hard":
        top = weights[batch["mask"].bool()].topk(2).values
        margins.keep_away("largest word from the second", top[:, 0] - top[:, 1], 1e-4)
        weights = F.one_hot(weights.argmax(-1), count).double()
    target = torch.einsum("vnl,vnld->vnd", weights, words)
    return q, linear(parameters, "targetInJointSpace", target) if "targetInJointSpace.weight" in parameters else target, weights


def previous(x):
    return None if x is None else x.roll(1, 0)


def objective(parameters, config, batch, weights, margins):
    """`batch` with answers and mask. Returns logits, the halves of the attention where both modalities are there, and the losses."""
    built, inputs, mask = parts(config), config["inputs"], batch["mask"]
    q, target, _ = encode_question(within(parameters, "question"), config, batch, margins)
    questions = q.shape[1]
    if not inputs["audio"] and not inputs["video"]:
        logits = linear(parameters, "answer", torch.tanh(q))
        answer = losses.answer_loss(logits, batch["answers"], mask)
        return {"logits": logits, "answer": answer, "total": weights["answer"] * answer}

    audio = None
    if inputs["audio"]:
        audio = linear(parameters, "audio.output", margins.relu(linear(parameters, "audio.hidden", batch["audio"])))
    joint_audio = linear(parameters, "audioInJointSpace", audio) if built["jointAudio"] else None

    picture = {name: batch[name] for name in ("regions", "frames")}
    if "visualDim" in config:
        picture = {name: linear(parameters, f"visualInJointSpace.{name}", values) for name, values in picture.items()}

    def ground(words, sound):
        visual, grounded = tsg_plus.grounding(
            within(parameters, "tsgPlus"), spatial_config(config), picture["regions"], picture["frames"],
            words if built["textQuery"] else None, sound, margins,
        )  # fmt: skip
        return [x.expand(-1, questions, -1, -1) for x in (visual, grounded)]

    visual, grounded = ground(target, joint_audio) if inputs["video"] else (None, None)
    fused, in_context, heard, on_visual, on_audio = jtg.joint_grounding(within(parameters, "jtg"), temporal_config(config), q, visual, audio, margins)
    attended = config.get("summary") == "attended"
    segments = ((heard, on_audio), (in_context, on_visual))
    means = [(x * shares[..., None]).sum(2) if attended else x.mean(2) for x, shares in segments if x is not None]
    f = linear(parameters, "merge", torch.tanh(torch.cat(means, -1))) + fused
    logits = linear(parameters, "answer", torch.tanh(f * q))
    outputs = {"logits": logits, "answer": losses.answer_loss(logits, batch["answers"], mask)}
    total = weights["answer"] * outputs["answer"]
    if on_visual is not None and on_audio is not None:
        outputs["synchrony"], outputs["visualEntropy"], outputs["audioEntropy"] = losses.synchrony(on_visual, on_audio, mask)
        outputs["visualAttention"], outputs["audioAttention"] = on_visual, on_audio
        total = total + weights["synchrony"] * outputs["synchrony"]
    if built["match"] == "head":
        mismatched, _ = ground(previous(target), previous(joint_audio))
        outputs["match"] = losses.match_head(within(parameters, "matchHead"), audio, visual, mismatched, mask, margins)
    if built["match"] == "video-head":  # the first question of each video stands for all of them

        def first(x):
            return x[:, :1].expand(-1, questions, -1, -1)

        mismatched, _ = ground(previous(target), previous(joint_audio))
        outputs["match"] = losses.match_head(within(parameters, "matchHead"), audio, first(visual), first(mismatched), mask, margins)
    if built["match"] == "contrastive":
        outputs["match"] = losses.contrastive(within(parameters, "contrastiveMatch"), joint_audio, grounded, mask)
    if "match" in outputs:
        total = total + weights["match"] * outputs["match"]
    return {**outputs, "total": total}


WORD_MASK = [[[1, 1, 1, 1, 1], [1, 1, 0, 0, 0]], [[1, 1, 1, 0, 0], [1, 1, 1, 1, 0]], [[1, 1, 1, 0, 0], [0, 0, 0, 0, 0]]]


def case(question=None, tsg=None, temporal=None, zero=(), **change):
    """Videos 3, questions 2 (the last one padding), time 4, regions 6, words 5."""

    def make(case):
        config = {
            "dim": 12, "joint": 8, "audioDim": 7, "heads": 4, "time": 4, "answers": 9, "dropout": 0,
            "inputs": {"audio": True, "video": True},
            "question": {"encoder": "clip", "target": "soft", "vocabulary": 11, **(question or {})},
            "tsgPlus": {"grounding": True, "textQuery": True, "audioQuery": True, "maps": "mean", "threshold": 0.7, "logitScale": 6.0, **(tsg or {})},
            "jtg": {"stream": "single", "context": "bilstm", **(temporal or {})},
            "match": "none", **change,
        }  # fmt: skip
        weights = {"answer": 1, "match": 0.5, "synchrony": 1}
        visual = config.get("visualDim", 8)
        parameters = case.parameters(shapes(config))
        batch = {
            "regions": case.normal(3, 4, 6, visual), "frames": case.normal(3, 4, visual), "audio": case.normal(3, 4, 7),
            "sentence": case.normal(3, 2, 8), "words": case.normal(3, 2, 5, 8),
            "wordIds": torch.tensor(case.random.integers(1, 11, (3, 2, 5))) * torch.tensor(WORD_MASK),
            "wordMask": torch.tensor(WORD_MASK).double(),
            "answers": torch.tensor(case.random.integers(0, 9, (3, 2))), "mask": torch.tensor([[1.0, 1], [1, 1], [1, 0]]).double(),
        }  # fmt: skip
        outputs = objective(parameters, config, batch, weights, case.margins)
        return {**config, "weights": weights}, parameters, batch, outputs, zero

    return make
