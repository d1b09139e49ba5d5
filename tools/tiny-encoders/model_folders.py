"""Writes trained models in the folder layout of the model hub, and reads their weights back."""
from __future__ import annotations

import json
import shutil
import warnings
from pathlib import Path
from typing import Any

import onnx
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from transformers import CLIPConfig, CLIPModel, CLIPTextModelWithProjection, CLIPVisionModelWithProjection

import log_mel
from audio_model import EMBEDDING, AudioEncoder
from clip_model import IMAGE_DEVIATION, IMAGE_MEAN, IMAGE_SIZE
from tokenizer import write_tokenizer

OPSET = 17


def write_clip(model: CLIPModel, tokenizer: Tokenizer, folder: Path, provenance: dict[str, Any]) -> None:
    """The folder of a CLIP: two ONNX towers, weights, configuration, image processor and tokenizer."""
    partial = _empty(folder)
    model = model.eval()
    save_file({name: value.contiguous() for name, value in model.state_dict().items()}, partial / "model.safetensors")
    vision = _tower(CLIPVisionModelWithProjection, model.config.vision_config, model)
    text = _tower(CLIPTextModelWithProjection, model.config.text_config, model)
    pixels = torch.zeros(2, 3, IMAGE_SIZE, IMAGE_SIZE)
    ids = torch.tensor([tokenizer.encode("a violin").ids] * 2)
    _export(_Output(vision, "pixel_values", "image_embeds"), pixels, partial / "onnx/vision_model.onnx",
            {"pixel_values": {0: "batch_size"}, "image_embeds": {0: "batch_size"}})
    _export(_Output(text, "input_ids", "text_embeds"), ids, partial / "onnx/text_model.onnx",
            {"input_ids": {0: "batch_size", 1: "sequence_length"}, "text_embeds": {0: "batch_size"}})
    config = {
        "architectures": ["CLIPModel"],
        "model_type": "clip",
        "projection_dim": model.config.projection_dim,
        "logit_scale_init_value": model.config.logit_scale_init_value,
        "tass_logit_scale": round(model.logit_scale.exp().item(), 4),
        "text_config": model.config.text_config.to_diff_dict(),
        "vision_config": model.config.vision_config.to_diff_dict(),
    }
    _write_json(partial / "config.json", config)
    _write_json(partial / "preprocessor_config.json", {
        "image_processor_type": "CLIPImageProcessor",
        "feature_extractor_type": "CLIPFeatureExtractor",
        "do_resize": True,
        "size": {"shortest_edge": IMAGE_SIZE},
        "resample": 3,
        "do_center_crop": True,
        "crop_size": {"height": IMAGE_SIZE, "width": IMAGE_SIZE},
        "do_convert_rgb": True,
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "image_mean": [IMAGE_MEAN] * 3,
        "image_std": [IMAGE_DEVIATION] * 3,
    })
    write_tokenizer(tokenizer, partial)
    _write_json(partial / "provenance.json", provenance)
    _replace(partial, folder)


def write_audio(model: AudioEncoder, folder: Path, provenance: dict[str, Any]) -> None:
    """The folder of the audio encoder: ONNX, weights, configuration and the log-mel front end."""
    partial = _empty(folder)
    model = model.eval()
    save_file(model.state_dict(), partial / "model.safetensors")
    _export(model, torch.zeros(2, log_mel.FRAMES, log_mel.BANDS), partial / "onnx/model.onnx",
            {"input_features": {0: "batch_size"}, "embeds": {0: "batch_size"}})
    _write_json(partial / "config.json", {"model_type": "tiny-audio", "hidden_size": EMBEDDING})
    _write_json(partial / "preprocessor_config.json", {
        "feature_extractor_type": "LogMel",
        "formula": "log(mel filters x |FFT(hann window x samples)| + log_offset); frame i starts at sample i * hop_length; silence behind the end; "
        "window 0 at both ends; mel = 1127 log(1 + hertz / 700), triangles of height 1, linear in mel",
        "sampling_rate": log_mel.SAMPLE_RATE,
        "window_length": log_mel.WINDOW,
        "hop_length": log_mel.HOP,
        "fft_length": log_mel.FFT,
        "mel_bins": log_mel.BANDS,
        "min_hertz": log_mel.LOWEST,
        "max_hertz": log_mel.HIGHEST,
        "log_offset": log_mel.OFFSET,
        "frames_per_segment": log_mel.FRAMES,
    })
    _write_json(partial / "provenance.json", provenance)
    _replace(partial, folder)


def read_clip(folder: Path) -> CLIPModel:
    config = json.loads((folder / "config.json").read_text())
    sizes = {key: config[key] for key in ("text_config", "vision_config", "projection_dim")}
    model = CLIPModel(CLIPConfig(**sizes))
    model.load_state_dict(load_file(folder / "model.safetensors"))
    return model.eval()


def read_audio(folder: Path) -> AudioEncoder:
    model = AudioEncoder()
    model.load_state_dict(load_file(folder / "model.safetensors"))
    return model.eval()


def _tower(kind: type[torch.nn.Module], config: Any, model: CLIPModel) -> torch.nn.Module:
    """One tower with its weights."""
    tower = kind(config).eval()
    missing = tower.load_state_dict(model.state_dict(), strict=False).missing_keys
    if missing:
        raise SystemExit(f"{kind.__name__}: the trained model lacks {missing}. transformers has renamed them; see requirements.txt")
    return tower


class _Output(torch.nn.Module):
    """One named input to one named output of a transformers model."""

    def __init__(self, model: torch.nn.Module, argument: str, output: str) -> None:
        super().__init__()
        self.model, self.argument, self.output = model, argument, output

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        return getattr(self.model(**{self.argument: values}), self.output)


def _export(model: torch.nn.Module, example: torch.Tensor, file: Path, axes: dict[str, dict[int, str]]) -> None:
    """As the hub's exports are made: the older exporter, single precision."""
    file.parent.mkdir(exist_ok=True)
    source, target = axes
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(model, (example,), str(file), input_names=[source], output_names=[target], dynamic_axes=axes,
                          opset_version=OPSET, dynamo=False)
    onnx.checker.check_model(onnx.load(str(file)))


def _write_json(file: Path, content: dict[str, Any]) -> None:
    file.write_text(json.dumps(content, indent=2) + "\n")


def _empty(folder: Path) -> Path:
    """A fresh folder beside `folder`, to be filled and then put in its place."""
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    return partial


def _replace(partial: Path, folder: Path) -> None:
    (partial / "model.safetensors").chmod(0o644)
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)
