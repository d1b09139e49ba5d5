"""Writes what PyTorch computes from the shipped encoders, for the specs of packages/encoders.

python tools/tiny-encoders/fixtures.py --corpus DIR --models packages/encoders/models --out packages/encoders/src/fixtures
"""
from __future__ import annotations

import argparse
import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers

from clip_model import class_embeddings, pixel_values, text_embeddings, token_embeddings_of_image, token_embeddings_of_text
from corpus import Corpus
from log_mel import FRAMES, SAMPLE_RATE, log_mel
from model_folders import read_audio, read_clip
from tokenizer import encode, read_tokenizer

TEXTS = ["a violin", "Where is the violin", "two cello , a banjo on the left", "Is the theremin louder than the acoustic_guitar?"]
SECOND = 4  # of the first held-out sound with two kinds in it


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    corpus = Corpus(arguments.corpus)
    write_fixture(arguments.out / "tiny-clip-vision.json", vision_fixture(corpus, arguments.models / "tiny-clip"))
    write_fixture(arguments.out / "tiny-clip-text.json", text_fixture(arguments.models / "tiny-clip"))
    write_fixture(arguments.out / "tiny-audio.json", audio_fixture(corpus, arguments.models / "tiny-audio"))


def vision_fixture(corpus: Corpus, folder: Path) -> dict[str, Any]:
    """Two held-out frames; patches in both read-outs with the class token first."""
    model = read_clip(folder)
    frames = corpus.frames[corpus.training_frames :][:3:2]  # of two scenes
    pixels = pixel_values(frames)
    return {
        "frames": packed(frames),
        "imageEmbeds": packed(class_embeddings(model, pixels)),
        "finalTokens": packed(token_embeddings_of_image(model, pixels, "final")),
        "valueTokens": packed(token_embeddings_of_image(model, pixels, "value")),
    }


def text_fixture(folder: Path) -> dict[str, Any]:
    """Texts one by one, so that nothing is padded; one has a question mark and a word that is not in the vocabulary."""
    model, tokenizer = read_clip(folder), read_tokenizer(folder)
    rows = [encode(tokenizer, [text]) for text in TEXTS]
    return {
        "texts": TEXTS,
        "inputIds": [ids[0].tolist() for ids in rows],
        "textEmbeds": packed(torch.cat([text_embeddings(model, ids) for ids in rows])),
        "tokenEmbeds": [packed(token_embeddings_of_text(model, ids)[0]) for ids in rows],
    }


def audio_fixture(corpus: Corpus, folder: Path) -> dict[str, Any]:
    """One second of 16-bit sound with silence behind it, its log-mel (samples / 32768) and its embedding."""
    heard = next(i for i in range(corpus.training_sounds, len(corpus.sounds)) if len(corpus.sound_labels[i].kinds[SECOND]) == 2)
    samples = np.array(corpus.sounds[heard, SECOND * SAMPLE_RATE : (SECOND + 1) * SAMPLE_RATE])
    features = torch.from_numpy(log_mel(samples / 32768)).view(1, FRAMES, -1)
    return {"samples": packed(samples), "logMel": packed(features[0]), "embeds": packed(read_audio(folder)(features)[0])}


def packed(values: np.ndarray | torch.Tensor) -> dict[str, Any]:
    """An array as JSON: shape, type and base64 of its little-endian bytes."""
    array = np.ascontiguousarray(values.numpy() if isinstance(values, torch.Tensor) else values)
    return {"shape": list(array.shape), "type": str(array.dtype), "base64": base64.b64encode(array.tobytes()).decode()}


def write_fixture(file: Path, content: dict[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    versions = {"torch": torch.__version__, "transformers": transformers.__version__}
    file.write_text(json.dumps({"madeBy": "tools/tiny-encoders/fixtures.py", "versions": versions, **content}, indent=1) + "\n")
    print(f"wrote {file}, {file.stat().st_size} bytes")


if __name__ == "__main__":
    main()
