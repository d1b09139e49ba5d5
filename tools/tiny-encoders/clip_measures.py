"""What the tiny CLIP is good for, on held-out frames: does it know what is in a frame, and where."""
from __future__ import annotations

from typing import Any, Callable

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from transformers import CLIPModel

from clip_model import (IMAGE_SIZE, PATCH_SIZE, PatchReadOut, class_embeddings, pixel_values, text_embeddings,
                        token_embeddings_of_image, token_embeddings_of_text)
from corpus import HELD_OUT_FRAMES, Corpus, FrameLabel
from scores import area_under_curve
from tokenizer import encode

GATES = {"auc": 0.9, "valueHitRate": 0.8}
QUESTIONS = ("where is the {}", "how many {} are visible", "is a {} visible", "is the visible {} really sounding")
BOX_MARGIN = 2  # pixels that a patch's centre may lie outside of an instrument's box
RETRIEVAL = 100  # captions to choose from


@torch.no_grad()
def measure_clip(model: CLIPModel, tokenizer: Tokenizer, corpus: Corpus) -> dict[str, Any]:
    """AUC, hit rates by patch read-out and by query, and retrieval; rounded to three digits."""
    labels = corpus.frame_labels[corpus.training_frames :]
    frames = corpus.frames[corpus.training_frames :]
    kinds = corpus.kinds
    names = F.normalize(text_embeddings(model, encode(tokenizer, [f"a {kind}" for kind in kinds])), dim=-1)
    images = _in_batches(lambda pixels: class_embeddings(model, pixels), frames)
    patches: dict[PatchReadOut, torch.Tensor] = {
        read_out: _in_batches(lambda pixels: token_embeddings_of_image(model, pixels, read_out)[:, 1:], frames)
        for read_out in ("final", "value")
    }
    auc = {kind: _presence_auc(images @ names[index], labels, kind) for index, kind in enumerate(kinds)}
    hits = {
        f"{read_out}, {query}": _hit_rates(patches[read_out], queries, labels, kinds)
        for read_out in ("final", "value")
        for query, queries in {"prompt": names, **_queries_in_context(model, tokenizer, kinds)}.items()
    }
    gate = hits["value, prompt"]
    return {
        "heldOutFrames": HELD_OUT_FRAMES,
        "auc": _rounded(np.mean(list(auc.values()))),
        "aucByKind": {kind: _rounded(value) for kind, value in auc.items()},
        "valueHitRate": gate["all"],
        "chanceHitRate": _rounded(_chance(labels)),
        "hitRates": {name: rates["all"] for name, rates in hits.items()},
        "valueHitRateByKind": {kind: gate[kind] for kind in kinds},
        f"captionOf{RETRIEVAL}": _rounded(_retrieval(model, tokenizer, images, labels)),
        "gatesPassed": bool(np.mean(list(auc.values())) >= GATES["auc"] and gate["all"] >= GATES["valueHitRate"]),
    }


def _in_batches(embed: Callable[[torch.Tensor], torch.Tensor], frames: np.ndarray) -> torch.Tensor:
    """Embeddings of unit length."""
    batches = [embed(pixel_values(frames[first : first + 100])) for first in range(0, len(frames), 100)]
    return F.normalize(torch.cat(batches), dim=-1)


def _queries_in_context(model: CLIPModel, tokenizer: Tokenizer, kinds: list[str]) -> dict[str, torch.Tensor]:
    """The embedding of a kind's token inside of questions, by question: [kinds, joint]."""
    queries = {}
    for question in QUESTIONS:
        ids = encode(tokenizer, [question.format(kind) for kind in kinds])
        place = 1 + question.split().index("{}")  # after the begin token
        queries[f"token in '{question.format('<kind>')}'"] = F.normalize(token_embeddings_of_text(model, ids)[:, place], dim=-1)
    return queries


def _presence_auc(scores: torch.Tensor, labels: list[FrameLabel], kind: str) -> float:
    present = np.array([any(each.kind == kind for each in label.instruments) for label in labels])
    return area_under_curve(scores.numpy(), present)


def _patches_inside(label: FrameLabel, kind: str) -> np.ndarray:
    """Which patches [regions] have their centre in the box of an instrument of this kind."""
    centres = (np.arange(IMAGE_SIZE // PATCH_SIZE) + 0.5) * PATCH_SIZE
    inside = np.zeros((len(centres), len(centres)), bool)
    for each in label.instruments:
        if each.kind == kind:
            reach = each.size + BOX_MARGIN
            inside |= (np.abs(centres - each.y) <= reach)[:, None] & (np.abs(centres - each.x) <= reach)[None]
    return inside.ravel()


def _hit_rates(patches: torch.Tensor, queries: torch.Tensor, labels: list[FrameLabel], kinds: list[str]) -> dict[str, float]:
    """How often the patch nearest to a kind's query lies on an instrument of that kind: by kind, and `all` pairs of frame and kind."""
    best = torch.einsum("frj,kj->fkr", patches, queries).argmax(-1).numpy()  # [frames, kinds]
    hits: dict[str, list[bool]] = {kind: [] for kind in kinds}
    for frame, label in enumerate(labels):
        for kind in sorted({each.kind for each in label.instruments}):
            hits[kind].append(bool(_patches_inside(label, kind)[best[frame, kinds.index(kind)]]))
    every = [hit for of_kind in hits.values() for hit in of_kind]
    return {"all": _rounded(np.mean(every)), **{kind: _rounded(np.mean(of_kind)) for kind, of_kind in hits.items()}}


def _chance(labels: list[FrameLabel]) -> float:
    """The hit rate of a patch drawn at random."""
    return float(np.mean([_patches_inside(label, kind).mean() for label in labels for kind in {each.kind for each in label.instruments}]))


def _retrieval(model: CLIPModel, tokenizer: Tokenizer, images: torch.Tensor, labels: list[FrameLabel]) -> float:
    """How often a frame's own (first) caption is the nearest of those of RETRIEVAL frames."""
    texts = F.normalize(text_embeddings(model, encode(tokenizer, [label.captions[0] for label in labels])), dim=-1)
    groups = range(0, len(labels), RETRIEVAL)
    own = torch.arange(RETRIEVAL)
    nearest = [(images[first : first + RETRIEVAL] @ texts[first : first + RETRIEVAL].T).argmax(1) for first in groups]
    return float(np.mean([(each == own).float().mean().item() for each in nearest]))


def _rounded(value: float) -> float:
    return round(float(value), 3)
