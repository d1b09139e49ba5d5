"""Random cases, margins and the file format of the parity fixtures.

A fixture is a JSON file: how it was made, a configuration, named parameters and inputs, and what the reference computes of them in float64:
outputs, and the gradient of `total` by every parameter. Arrays are little-endian base64 of float32 or int32. Parameters and inputs are numbers that
float32 holds exactly, so both sides start from the same ones.
"""

import base64
import json
from pathlib import Path

import numpy as np
import torch

ROOT = Path(__file__).resolve().parents[2]


class Unfit(Exception):
    """A random case too near to a place where the result jumps or its gradient does: float32 could fall on the other side."""


class Margins:
    """Collects how near a case comes to thresholds, ties and kinks, and refuses it when it comes too near."""

    def __init__(self):
        self.nearest = {}

    def keep_away(self, what, distances, least):
        distance = float(distances.detach().abs().min())
        self.nearest[what] = min(distance, self.nearest.get(what, distance))
        if distance < least:
            raise Unfit(f"{what}: {distance} is nearer than {least}")

    def relu(self, x):
        self.keep_away("relu from 0", x, 1e-5)
        return torch.relu(x)


class Case:
    """Seeded tensors in float64 that float32 holds exactly."""

    def __init__(self, seed):
        self.random = np.random.Generator(np.random.PCG64(seed))
        self.margins = Margins()

    def normal(self, *shape, scale=1.0):
        values = (self.random.standard_normal(shape) * scale).astype(np.float32)
        return torch.tensor(values.astype(np.float64))

    def parameters(self, shapes):
        """shapes: name -> shape. Matrices [from, to] are scaled by 1 / sqrt(from); scalars are given by their value instead of a shape."""
        made = {}
        for name, shape in shapes.items():
            if isinstance(shape, float):
                tensor = torch.tensor(np.float64(np.float32(shape)))
            elif name.endswith("gain"):
                tensor = (1 + self.normal(*shape, scale=0.2)).float().double()
            else:
                tensor = self.normal(*shape, scale=shape[0] ** -0.5 if len(shape) == 2 else 0.3)
            made[name] = tensor.requires_grad_()
        return made


def linear_shapes(name, width_in, width_out, bias=True):
    return {f"{name}.weight": (width_in, width_out), **({f"{name}.bias": (width_out,)} if bias else {})}


def linear(parameters, name, x):
    """x W + b by PyTorch's own function, which takes the weight the other way round; without a bias where the name has none."""
    return torch.nn.functional.linear(x, parameters[f"{name}.weight"].T, parameters.get(f"{name}.bias"))


def within(parameters, name):
    """The parameters under `name`, by the rest of their names."""
    return {key[len(name) + 1 :]: value for key, value in parameters.items() if key.startswith(f"{name}.")}


def under(name, shapes):
    return {f"{name}.{key}": shape for key, shape in shapes.items()}


def encoded(tensor):
    tensor = tensor.detach()
    if tensor.dtype in (torch.int32, torch.int64):
        return {"shape": list(tensor.shape), "int32": base64.b64encode(tensor.numpy().astype("<i4").tobytes()).decode()}
    return {"shape": list(tensor.shape), "float32": base64.b64encode(tensor.numpy().astype("<f4").tobytes()).decode()}


def write_fixture(path, make, seed):
    """`make(case)` gives config, parameters, inputs, outputs (with `total`) and the names of parameters whose gradient is zero by nature.

    Takes the next seed while a case is unfit.
    """
    while True:
        case = Case(seed)
        try:
            config, parameters, inputs, outputs, zero = make(case)
            break
        except Unfit as reason:
            print(f"{path}: seed {seed} left out, {reason}")
            seed += 1
    gradients = torch.autograd.grad(outputs["total"], list(parameters.values()), allow_unused=True)
    gradients = {name: torch.zeros_like(parameters[name]) if g is None else g for name, g in zip(parameters, gradients)}
    still = sorted(name for name, gradient in gradients.items() if float(gradient.abs().max()) < 1e-12)
    if still != sorted(zero):
        raise AssertionError(f"{path}: the gradient is zero for {still}, expected for {sorted(zero)}")
    fixture = {
        "madeBy": "tools/parity/write_fixtures.py",
        "versions": {"torch": torch.__version__.split("+")[0], "numpy": np.__version__},
        "seed": seed,
        "nearest": case.margins.nearest,
        "config": config,
        "parameters": {name: encoded(tensor) for name, tensor in parameters.items()},
        "inputs": {name: encoded(tensor) for name, tensor in inputs.items()},
        "outputs": {name: encoded(tensor) for name, tensor in outputs.items()},
        "gradients": {name: encoded(gradient) for name, gradient in gradients.items()},
        "zeroGradients": sorted(zero),
    }
    target = ROOT / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(fixture, indent=1) + "\n")
    print(f"{path}: seed {seed}, {target.stat().st_size / 1000:.0f} kB")
