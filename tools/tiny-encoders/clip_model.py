"""The tiny CLIP: transformers' own CLIPModel at a small size, and what is read out of it."""
from __future__ import annotations

from typing import Literal

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import CLIPConfig, CLIPModel

from tokenizer import BEGIN, END, MAX_TOKENS, PAD

IMAGE_SIZE = 112
PATCH_SIZE = 16
REGIONS = (IMAGE_SIZE // PATCH_SIZE) ** 2
IMAGE_MEAN = 0.5  # of each channel
IMAGE_DEVIATION = 0.27
JOINT = 64

PatchReadOut = Literal["final", "value"]


def make_clip(tokenizer: Tokenizer, seed: int) -> CLIPModel:
    """A CLIP of random weights. Two wide layers of vision localised better than three narrower ones (500 steps each: .62, .54)."""
    text = dict(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=64,
        intermediate_size=256,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=MAX_TOKENS,
        hidden_act="gelu",
        pad_token_id=tokenizer.token_to_id(PAD),
        bos_token_id=tokenizer.token_to_id(BEGIN),
        eos_token_id=tokenizer.token_to_id(END),
        projection_dim=JOINT,
    )
    vision = dict(
        hidden_size=128,
        intermediate_size=512,
        num_hidden_layers=2,
        num_attention_heads=4,
        image_size=IMAGE_SIZE,
        patch_size=PATCH_SIZE,
        hidden_act="gelu",
        projection_dim=JOINT,
    )
    config = CLIPConfig(text_config=text, vision_config=vision, projection_dim=JOINT)
    torch.manual_seed(seed)
    return CLIPModel(config)


def pixel_values(frames: np.ndarray) -> torch.Tensor:
    """RGB bytes [frames, height, width, 3] as the tower's input [frames, 3, height, width], as preprocessor_config.json says."""
    return (torch.from_numpy(np.ascontiguousarray(frames)).permute(0, 3, 1, 2).float() / 255 - IMAGE_MEAN) / IMAGE_DEVIATION


def class_embeddings(model: CLIPModel, pixels: torch.Tensor, kept: torch.Tensor | None = None) -> torch.Tensor:
    """Image embeddings [frames, joint]; with `kept` [frames, patches], from these patches only."""
    vision = model.vision_model
    tokens = vision.embeddings(pixels)
    if kept is not None:
        patches = tokens[:, 1:].gather(1, kept[..., None].expand(-1, -1, tokens.shape[-1]))
        tokens = torch.cat([tokens[:, :1], patches], 1)
    tokens = vision.encoder(inputs_embeds=vision.pre_layrnorm(tokens)).last_hidden_state
    return model.visual_projection(vision.post_layernorm(tokens[:, 0]))


def token_embeddings_of_image(model: CLIPModel, pixels: torch.Tensor, read_out: PatchReadOut) -> torch.Tensor:
    """Every token in joint space [frames, 1 + regions, joint], class token first.

    final: the last layer's tokens through the class token's LayerNorm and projection. value: the last block's value path
    (LayerNorm, v_proj, out_proj; no attention, no residual), then the same, after MaskCLIP.
    """
    vision = model.vision_model
    states = vision(pixel_values=pixels, output_hidden_states=True)
    if read_out == "final":
        tokens = states.last_hidden_state
    else:
        last = vision.encoder.layers[-1]
        tokens = last.self_attn.out_proj(last.self_attn.v_proj(last.layer_norm1(states.hidden_states[-2])))
    return model.visual_projection(vision.post_layernorm(tokens))


def text_embeddings(model: CLIPModel, ids: torch.Tensor) -> torch.Tensor:
    """Embeddings of the end tokens [texts, joint]."""
    return model.text_projection(model.text_model(input_ids=ids).pooler_output)


def token_embeddings_of_text(model: CLIPModel, ids: torch.Tensor) -> torch.Tensor:
    """Every token through the end token's LayerNorm and projection [texts, tokens, joint]."""
    return model.text_projection(model.text_model(input_ids=ids).last_hidden_state)
