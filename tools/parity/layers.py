"""Layers by PyTorch's own modules and functions, on parameters of this project's names and shapes."""

import torch
from torch.nn import functional as F

from fixture import linear, linear_shapes, under


def attention_shapes(dim):
    shapes = linear_shapes("query", dim, dim)
    shapes.update(linear_shapes("key", dim, dim, bias=False))
    shapes.update(linear_shapes("value", dim, dim))
    shapes.update(linear_shapes("output", dim, dim))
    return shapes


def attention(parameters, query, stream, heads):
    """query [batch, queries, dim], stream [batch, positions, dim] -> output, weights averaged over heads [batch, queries, positions]."""
    dim = query.shape[-1]
    weight = torch.cat([parameters[f"{name}.weight"].T for name in ("query", "key", "value")])
    bias = torch.cat([parameters["query.bias"], torch.zeros(dim, dtype=torch.float64), parameters["value.bias"]])
    output, weights = F.multi_head_attention_forward(
        query.transpose(0, 1), stream.transpose(0, 1), stream.transpose(0, 1), dim, heads, weight, bias, None, None, False, 0.0,
        parameters["output.weight"].T, parameters["output.bias"], training=False, need_weights=True, average_attn_weights=True,
    )  # fmt: skip
    return output.transpose(0, 1), weights


def lstm_shapes(width_in, hidden, bidirectional):
    one = {"input": (width_in, 4 * hidden), "recurrent": (hidden, 4 * hidden), "bias": (4 * hidden,)}
    return {**under("forward", one), **under("backward", one)} if bidirectional else one


def lstm(parameters, x, bidirectional):
    """x [batch, time, width] -> [batch, time, directions * hidden] by torch.nn.LSTM."""
    names = {"forward.": "", "backward.": "_reverse"} if bidirectional else {"": ""}
    hidden = parameters[f"{next(iter(names))}recurrent"].shape[0]
    weights = {}
    for ours, theirs in names.items():
        weights[f"weight_ih_l0{theirs}"] = parameters[f"{ours}input"].T
        weights[f"weight_hh_l0{theirs}"] = parameters[f"{ours}recurrent"].T
        weights[f"bias_ih_l0{theirs}"] = parameters[f"{ours}bias"]
        weights[f"bias_hh_l0{theirs}"] = torch.zeros(4 * hidden, dtype=torch.float64)
    module = torch.nn.LSTM(x.shape[-1], hidden, batch_first=True, bidirectional=bidirectional).double()
    return torch.func.functional_call(module, weights, x)[0]


def norm_shapes(dim):
    return {"gain": (dim,), "bias": (dim,)}


def layer_norm(parameters, x):
    return F.layer_norm(x, x.shape[-1:], parameters["gain"], parameters["bias"])


def feed_forward_shapes(dim):
    return {**linear_shapes("hidden", dim, dim), **linear_shapes("output", dim, dim)}


def feed_forward(parameters, x, margins):
    return linear(parameters, "output", margins.relu(linear(parameters, "hidden", x)))
