"""The losses, pair by pair and question by question."""

import math

import torch
from torch.nn import functional as F

from fixture import linear, linear_shapes

EPSILON = 1e-8


def answer_loss(logits, answers, mask):
    chosen = mask.bool()
    return F.cross_entropy(logits[chosen], answers[chosen])


def synchrony(visual, audio, mask):
    """Jensen-Shannon divergence and both entropies, the means over the questions of the mask."""
    p, q = visual[mask.bool()], audio[mask.bool()]
    m = (p + q) / 2

    def divergence(a):
        return (a * ((a + EPSILON).log() - (m + EPSILON).log())).sum(-1)

    def entropy(a):
        return -(a * (a + EPSILON).log()).sum(-1)

    return ((divergence(p) + divergence(q)) / 2).mean(), entropy(p).mean(), entropy(q).mean()


def match_head_shapes(dim, widths=(10, 8, 6)):
    """The project's head is 512, 256 and 128 wide; here it is small, for the file's sake."""
    first, second, third = widths
    return {
        **linear_shapes("audio", dim, first), **linear_shapes("visual", dim, first, bias=False),
        **linear_shapes("second", first, second), **linear_shapes("third", second, third), **linear_shapes("output", third, 2),
    }  # fmt: skip


def match_head(parameters, audio, visual, mismatched, mask, margins):
    """audio [videos, time, dim]; visual, mismatched [videos, questions, time, dim]. Row v of `mismatched` was grounded by what belongs to v - 1."""
    videos, questions = mask.shape
    weight = torch.cat([parameters["audio.weight"], parameters["visual.weight"]])
    first = {"first.weight": weight, "first.bias": parameters["audio.bias"]}
    losses = []
    for video in range(videos):
        before = (video - 1) % videos
        for question in range(questions):
            for source, pictures, label in ((video, visual, 1), (before, mismatched, 0)):
                if mask[source, question] == 0:
                    continue
                x = torch.cat([audio[source], pictures[video, question]], -1)
                x = margins.relu(linear(first, "first", x))
                x = margins.relu(linear(parameters, "second", x))
                x = margins.relu(linear(parameters, "third", x))
                labels = torch.full((x.shape[0],), label)
                losses.append(F.cross_entropy(linear(parameters, "output", x), labels, reduction="none"))
    return torch.cat(losses).mean()


CONTRASTIVE_SHAPES = {"logTemperature": math.log(0.07)}


def contrastive(parameters, audio, grounded, mask):
    """audio [videos, time, joint], grounded [videos, questions, time, joint]."""
    losses = []
    for question in range(mask.shape[1]):
        videos = [video for video in range(mask.shape[0]) if mask[video, question]]
        for time in range(audio.shape[1]):
            cosine = F.cosine_similarity(audio[videos, None, time], grounded[videos, question, time][None], dim=-1)
            losses.append(F.cross_entropy(cosine / parameters["logTemperature"].exp(), torch.arange(len(videos)), reduction="none"))
    return torch.cat(losses).mean()


def case():
    """All losses in one fixture; `total` is their sum."""

    def make(case):
        dim, joint = 6, 7
        parameters = case.parameters(
            {
                **{f"matchHead.{name}": shape for name, shape in match_head_shapes(dim).items()},
                **{f"contrastive.{name}": shape for name, shape in CONTRASTIVE_SHAPES.items()},
                "logits": (3, 2, 9), "visualScores": (3, 2, 4), "audioScores": (3, 2, 4), "grounded": (3, 2, 4, joint),
            }
        )  # fmt: skip
        inputs = {
            "answers": torch.tensor(case.random.integers(0, 9, (3, 2))), "mask": torch.tensor([[1.0, 1], [1, 1], [1, 0]]).double(),
            "audio": case.normal(3, 4, dim), "visual": case.normal(3, 2, 4, dim), "mismatched": case.normal(3, 2, 4, dim),
            "jointAudio": case.normal(3, 4, joint),
        }  # fmt: skip
        mask = inputs["mask"]
        head = {name.removeprefix("matchHead."): p for name, p in parameters.items() if name.startswith("matchHead.")}
        temperature = {"logTemperature": parameters["contrastive.logTemperature"]}
        divergence, visual_entropy, audio_entropy = synchrony(parameters["visualScores"].softmax(-1), parameters["audioScores"].softmax(-1), mask)
        outputs = {
            "answer": answer_loss(parameters["logits"], inputs["answers"], mask),
            "divergence": divergence, "visualEntropy": visual_entropy, "audioEntropy": audio_entropy,
            "matchHead": match_head(head, inputs["audio"], inputs["visual"], inputs["mismatched"], mask, case.margins),
            "contrastive": contrastive(temperature, inputs["jointAudio"], parameters["grounded"], mask),
        }  # fmt: skip
        outputs["total"] = outputs["answer"] + divergence + outputs["matchHead"] + outputs["contrastive"]
        return {}, parameters, inputs, outputs, []

    return make


def cross_entropy(teacher, shares):
    return -(teacher.detach() * (shares + EPSILON).log()).sum(-1)


def attention_losses(visual, audio, frames, target, mask):
    """Question by question: what else may teach the attention in time."""
    values = {"flatAttention": [], "textTeacher": []}
    for video, question in mask.nonzero().tolist():
        v, a = visual[video, question], audio[video, question]
        uniform = torch.full_like(v, 1 / len(v))
        values["flatAttention"].append(cross_entropy(uniform, v) + cross_entropy(uniform, a))
        text = (100 * F.cosine_similarity(frames[video], target[video, question, None], dim=-1)).softmax(-1)
        values["textTeacher"].append((cross_entropy(text, v) + cross_entropy(text, a)) / 2)
    return {name: torch.stack(all).mean() for name, all in values.items()}


def attention_case():
    """All losses on the attention in one fixture; `total` is their sum, with factors by which each one's gradient shows."""

    def make(case):
        parameters = case.parameters({"scores": (3, 2, 8), "target": (3, 2, 7)})
        inputs = {"frames": case.normal(3, 4, 7), "mask": torch.tensor([[1.0, 1], [1, 1], [1, 0]]).double()}
        shares = parameters["scores"].softmax(-1)
        visual, audio = (half / (half.sum(-1, keepdim=True) + EPSILON) for half in shares.chunk(2, -1))
        outputs = attention_losses(visual, audio, inputs["frames"], parameters["target"], inputs["mask"])
        outputs["total"] = outputs["flatAttention"] + 2 * outputs["textTeacher"]
        return {}, parameters, inputs, outputs, ["target"]

    return make


def audio_map(audio, regions, scale, mask):
    """audio [videos, time, joint], regions [videos, time, regions, joint]. Sound by sound, picture by picture."""
    used = [video for video in range(mask.shape[0]) if mask[video].any()]
    losses = []
    for video in used:
        for second in range(audio.shape[1]):
            others = [(video, other) for other in range(audio.shape[1]) if other != second] + [(other, second) for other in used if other != video]
            scores = []
            for picture in [(video, second), *others]:
                cosine = F.cosine_similarity(regions[picture], audio[video, second][None], dim=-1)
                scores.append(((scale * cosine).softmax(-1) * cosine).sum())
            losses.append(F.cross_entropy(torch.stack(scores) / 0.07, torch.tensor(0)))
    return torch.stack(losses).mean()


def audio_map_case():
    def make(case):
        parameters = case.parameters({"audio": (3, 4, 7), "regions": (3, 4, 6, 7), "logScale": math.log(10.0)})
        inputs = {"mask": torch.tensor([[1.0, 1], [0, 0], [0, 1]]).double()}
        total = audio_map(parameters["audio"], parameters["regions"], parameters["logScale"].exp(), inputs["mask"])
        return {}, parameters, inputs, {"total": total}, []

    return make
