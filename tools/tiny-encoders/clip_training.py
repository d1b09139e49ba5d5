"""Trains the tiny CLIP on frames and captions with CLIP's own symmetric contrastive loss; no boxes, no labels of regions."""
from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from transformers import CLIPModel

from clip_model import IMAGE_SIZE, REGIONS, class_embeddings, make_clip, pixel_values, text_embeddings
from corpus import Corpus
from tokenizer import BEGIN, END, pad_ids


@dataclass(frozen=True)
class ClipTraining:
    """Settings of one training run; two runs with the same settings see the same batches."""

    seed: int = 0
    steps: int = 4000
    batch: int = 128  # frames
    captions: int = 4  # for each frame
    parts: int = 2  # at most this many parts of a caption are read: captions must name parts of a scene
    learning_rate: float = 2e-3
    warm_up: float = 0.1  # share of the steps
    weight_decay: float = 0.05
    kept_patches: int = 24  # of 49, others are dropped at random: faster, and what a patch shows must stay with that patch
    kept_until: float = 0.8  # share of the steps; afterwards all patches are seen, as in use
    shift: int = 4  # pixels, at most, that a batch is moved
    greatest_scale: float = 100.0  # bound of the logit scale, as CLIP's


def train_clip(corpus: Corpus, tokenizer: Tokenizer, settings: ClipTraining, checkpoint: Path) -> CLIPModel:
    """Trains from scratch, or goes on from a checkpoint of the same run; prints the loss every 100 steps."""
    model = make_clip(tokenizer, settings.seed)
    optimizer = torch.optim.AdamW(_parameter_groups(model, settings.weight_decay), settings.learning_rate, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, settings.learning_rate, total_steps=settings.steps, pct_start=settings.warm_up
    )
    parts = _caption_parts(corpus, tokenizer)
    run = {"settings": asdict(settings), "corpus": corpus.description}
    first = _resume(checkpoint, run, model, optimizer, schedule)
    started, losses = time.time(), []
    for step in range(first, settings.steps):
        loss = _loss(model, *_draw_batch(corpus, tokenizer, parts, settings, step))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        model.logit_scale.data.clamp_(max=float(np.log(settings.greatest_scale)))
        losses.append(loss.item())
        if not np.isfinite(losses[-1]):
            raise SystemExit(f"clip: the loss of step {step} is {losses[-1]}. Lower learning_rate")
        if (step + 1) % 100 == 0 or step + 1 == settings.steps:
            scale = model.logit_scale.exp().item()
            print(f"clip: step {step + 1} of {settings.steps}, loss {np.mean(losses[-100:]):.3f}, "
                  f"logit scale {scale:.1f}, {time.time() - started:.0f} s", flush=True)
        if (step + 1) % 250 == 0 or step + 1 == settings.steps:
            _save(checkpoint, run, model, optimizer, schedule, step + 1)
    return model.eval()


def _loss(model: CLIPModel, pixels: torch.Tensor, kept: torch.Tensor | None, ids: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of each frame over the batch's captions and of each caption over its frames; the mean over the caption sets."""
    images = F.normalize(class_embeddings(model, pixels, kept), dim=-1)
    texts = F.normalize(text_embeddings(model, ids), dim=-1).view(-1, *images.shape)
    logits = model.logit_scale.exp() * torch.einsum("ij,ktj->kit", images, texts)  # [caption sets, frames, texts]
    matches = torch.arange(len(images)).repeat(len(texts))
    of_images = F.cross_entropy(logits.flatten(0, 1), matches)
    of_texts = F.cross_entropy(logits.transpose(1, 2).flatten(0, 1), matches)
    return (of_images + of_texts) / 2


def _draw_batch(
    corpus: Corpus, tokenizer: Tokenizer, parts: list[list[list[list[int]]]], settings: ClipTraining, step: int
) -> tuple[torch.Tensor, torch.Tensor | None, torch.Tensor]:
    """Pixels [batch, 3, size, size], kept patches [batch, kept] or None for all, and token ids [captions * batch, tokens]."""
    random = np.random.default_rng([settings.seed, step])  # by step, so that a resumed run draws what an uninterrupted one does
    chosen = np.sort(random.choice(corpus.training_frames, settings.batch, replace=False))
    ids = [_draw_caption(parts[frame], settings.parts, tokenizer, random) for _ in range(settings.captions) for frame in chosen]
    down, right = random.integers(0, 2 * settings.shift + 1, 2)
    padded = F.pad(pixel_values(corpus.frames[chosen]), (settings.shift,) * 4, mode="replicate")
    pixels = padded[:, :, down : down + IMAGE_SIZE, right : right + IMAGE_SIZE]
    kept = None
    if step < settings.kept_until * settings.steps:
        kept = torch.from_numpy(random.random((settings.batch, REGIONS)).argsort(1)[:, : settings.kept_patches])
    return pixels, kept, pad_ids(ids)


def _caption_parts(corpus: Corpus, tokenizer: Tokenizer) -> list[list[list[list[int]]]]:
    """Token ids of what stands between the commas of every caption: [frames][captions][parts][tokens]."""
    ids: dict[str, list[int]] = {}

    def encoded(part: str) -> list[int]:
        if part not in ids:
            ids[part] = tokenizer.encode(part, add_special_tokens=False).ids
        return ids[part]

    labels = corpus.frame_labels[: corpus.training_frames]
    return [[[encoded(part) for part in caption.split(" , ")] for caption in label.captions] for label in labels]


def _draw_caption(captions: list[list[list[int]]], most: int, tokenizer: Tokenizer, random: np.random.Generator) -> list[int]:
    """The token ids of one or more parts, in random order, of one of a frame's captions."""
    parts = captions[random.integers(len(captions))]
    count = min(len(parts), int(random.integers(1, most + 1)))
    comma = [tokenizer.token_to_id(",")]
    tokens: list[int] = []
    for index in random.permutation(len(parts))[:count]:
        tokens += (comma if tokens else []) + parts[index]
    return [tokenizer.token_to_id(BEGIN), *tokens, tokenizer.token_to_id(END)]


def _parameter_groups(model: CLIPModel, weight_decay: float) -> list[dict]:
    """Matrices decay; biases, LayerNorm and the logit scale do not."""
    parameters = list(model.parameters())
    return [
        dict(params=[each for each in parameters if each.ndim >= 2], weight_decay=weight_decay),
        dict(params=[each for each in parameters if each.ndim < 2], weight_decay=0.0),
    ]


def _save(file: Path, run: dict[str, Any], model, optimizer, schedule, steps_done: int) -> None:
    state = dict(run=run, model=model.state_dict(), optimizer=optimizer.state_dict(), schedule=schedule.state_dict(), steps_done=steps_done)
    partial = file.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(file)


def _resume(file: Path, run: dict[str, Any], model, optimizer, schedule) -> int:
    """The number of steps that a checkpoint of the same run has done, its state loaded; 0 without one."""
    if not file.is_file():
        return 0
    state = torch.load(file, weights_only=True)
    if state["run"] != run:
        raise SystemExit(f"{file}: is of another run ({state['run']}). Delete it to train anew")
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    schedule.load_state_dict(state["schedule"])
    print(f"clip: goes on from step {state['steps_done']} of {file}", flush=True)
    return state["steps_done"]
