"""Writes VGGish as a model folder of this project: python tools/vggish/export.py --weights=vggish-10086976.pth --out=models/vggish

See README.md for where the weights come from.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from vggish import Postprocessed, Vggish

FRONT_END = {
    "feature_extractor_type": "LogMel", "sampling_rate": 16000, "window_length": 400, "hop_length": 160, "fft_length": 512,
    "mel_bins": 64, "min_hertz": 125, "max_hertz": 7500, "log_offset": 0.01, "periodic_window": True, "frames_per_segment": 96,
}  # fmt: skip


def read_pca(path):
    """Eigenvectors [128, 128] and means [128], from the port's .pth or AudioSet's .npz."""
    content = np.load(path) if path.suffix == ".npz" else torch.load(path, map_location="cpu", weights_only=True)
    return np.asarray(content["pca_eigen_vectors"]), np.asarray(content["pca_means"])


def write(network, out, postprocessing, source):
    (out / "onnx").mkdir(parents=True, exist_ok=True)
    examples = torch.randn(2, 1, 96, 64)
    file = out / "onnx" / "model.onnx"
    torch.onnx.export(
        network.eval(), (examples,), str(file), input_names=["log_mel"], output_names=["embedding"], opset_version=17, dynamo=False,
        dynamic_axes={"log_mel": {0: "examples"}, "embedding": {0: "examples"}},
    )  # fmt: skip
    with torch.inference_mode():
        expected = network(examples).numpy()
    config = {"model_type": "vggish", "hidden_size": expected.shape[1], "postprocessing": postprocessing, "weights": source}
    (out / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    (out / "preprocessor_config.json").write_text(json.dumps(FRONT_END, indent=1) + "\n")
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    (actual,) = session.run(None, {"log_mel": examples.numpy()})
    difference = float(np.abs(actual - expected).max() / max(np.abs(expected).max(), 1e-12))
    print(f"{file}: {file.stat().st_size / 1e6:.0f} MB; ONNX against PyTorch: {difference:.1e} of the greatest value")
    if difference > (1e-4 if postprocessing == "none" else 5e-3):  # a quantised value may round the other way
        raise SystemExit("the exported network is another one")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--weights", type=Path, help="state dict of the PyTorch port; without it --random")
    options.add_argument("--random", action="store_true", help="random weights, to try things")
    options.add_argument("--pca", type=Path, help="vggish_pca_params (.pth or .npz): PCA and 8-bit quantised features, as AudioSet's")
    options.add_argument("--without-last-relu", action="store_true", help="the embedding before the last ReLU, as newer TensorFlow code has it")
    options.add_argument("--narrower", type=int, default=1, help=argparse.SUPPRESS)
    options.add_argument("--out", type=Path, required=True)
    given = options.parse_args()
    if bool(given.weights) == given.random:
        options.error("give either --weights=FILE or --random")
    torch.manual_seed(0)
    network = Vggish(last_relu=not given.without_last_relu, narrower=given.narrower)
    if given.weights:
        network.load_state_dict(torch.load(given.weights, map_location="cpu", weights_only=True))
    postprocessing = "none"
    if given.pca:
        network, postprocessing = Postprocessed(network, *read_pca(given.pca)), "pca and 8-bit quantisation"
    write(network, given.out, postprocessing, given.weights.name if given.weights else "random")


if __name__ == "__main__":
    main()
