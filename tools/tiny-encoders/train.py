"""Trains the embedded encoders from a corpus of packages/mini-avqa and writes them in the model hub's folder layout.

python tools/tiny-encoders/train.py --corpus DIR --out packages/encoders/models
"""
from __future__ import annotations

import argparse
import json
import platform
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
import transformers

from audio_measures import measure_audio
from audio_training import AudioTraining, train_audio
from clip_measures import GATES, measure_clip
from clip_training import ClipTraining, train_clip
from corpus import Corpus
from model_folders import write_audio, write_clip
from tokenizer import make_tokenizer


def main() -> None:
    arguments = read_arguments()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    corpus = Corpus(arguments.corpus)
    if arguments.only in (None, "audio"):
        make_audio(corpus, AudioTraining(seed=arguments.seed), arguments.out / "tiny-audio")
    if arguments.only in (None, "clip"):
        arguments.work.mkdir(parents=True, exist_ok=True)
        settings = ClipTraining(seed=arguments.seed, steps=arguments.steps)
        make_clip(corpus, settings, arguments.work / "clip.checkpoint", arguments.out / "tiny-clip")


def read_arguments() -> argparse.Namespace:
    defaults = ClipTraining()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, help="folder that packages/mini-avqa/dist/corpus-main.js wrote")
    parser.add_argument("--out", type=Path, required=True, help="folder for tiny-clip and tiny-audio")
    parser.add_argument("--only", choices=["clip", "audio"], help="train one of the two")
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument("--steps", type=int, default=defaults.steps, help="of CLIP")
    parser.add_argument("--work", type=Path, default=Path(".cache/tiny-encoders"), help="folder for the checkpoint; a stopped run goes on from it")
    return parser.parse_args()


def make_clip(corpus: Corpus, settings: ClipTraining, checkpoint: Path, folder: Path) -> None:
    tokenizer = make_tokenizer(corpus)
    model = train_clip(corpus, tokenizer, settings, checkpoint)
    measured = measure_clip(model, tokenizer, corpus)
    write_clip(model, tokenizer, folder, provenance_of(corpus, asdict(settings), measured))
    checkpoint.unlink()
    print(json.dumps(measured, indent=2))
    state = "passed" if measured["gatesPassed"] else "MISSED"
    print(f"clip: gates {state}: AUC {measured['auc']} (at least {GATES['auc']}), hit rate {measured['valueHitRate']} "
          f"(at least {GATES['valueHitRate']}, chance {measured['chanceHitRate']}). Wrote {folder}")


def make_audio(corpus: Corpus, settings: AudioTraining, folder: Path) -> None:
    model = train_audio(corpus, settings)
    measured = measure_audio(model, corpus)
    write_audio(model.encoder, folder, provenance_of(corpus, asdict(settings), measured))
    print(json.dumps(measured, indent=2))
    print(f"audio: wrote {folder}")


def provenance_of(corpus: Corpus, settings: dict[str, Any], measured: dict[str, Any]) -> dict[str, Any]:
    """Where a model comes from: enough to make it again."""
    frames, sounds = corpus.description["frames"], corpus.description["sounds"]
    return {
        "madeBy": "tools/tiny-encoders/train.py",
        "corpusCommand": "node packages/mini-avqa/dist/corpus-main.js --out DIR "
        f"--frames {frames['count']} --sounds {sounds['count']} --seed {corpus.description['seed']} --captions {frames['captions']}",
        "generatorVersion": corpus.description["generatorVersion"],
        "settings": settings,
        "versions": {"python": platform.python_version(), "torch": torch.__version__, "transformers": transformers.__version__},
        "measuredOnHeldOut": measured,
    }


if __name__ == "__main__":
    main()
