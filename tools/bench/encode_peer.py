"""What a plain script does for features of frames: Pillow, transformers' CLIPImageProcessor and CLIPModel, PyTorch on 2 threads.

python encode_peer.py model <folder>                   makes a ViT-B/32 CLIP of random weights, in 32, 16 and 8 bits, in the hub's layout
python encode_peer.py encode <model> <frames> <output> <frames a video> <cpu or cuda>    one <video id>.npy a video: [frames, 1 + regions, joint], float16
"""
import json
import pathlib
import sys
import time

import numpy
import torch
from PIL import Image
from transformers import CLIPConfig, CLIPImageProcessorPil, CLIPModel

if sys.argv[1:2] == ['model']:
    sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / 'packages/encoders/src/clip/fixtures'))
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.transformers.float16 import convert_float_to_float16
    from python_clip import ImageTower

THREADS = 2
BATCH = 16


def make_model(folder):
    torch.manual_seed(0)
    model = CLIPModel(CLIPConfig()).eval()  # transformers' defaults are those of openai/clip-vit-base-patch32
    with torch.no_grad():  # random initialisation is so small that images would hardly differ
        for parameter in model.vision_model.encoder.parameters():
            parameter.mul_(1.5)
    model.save_pretrained(folder)
    CLIPImageProcessorPil().save_pretrained(folder)
    (folder / 'onnx').mkdir(exist_ok=True)
    options = dict(input_names=['pixel_values'], output_names=['image_embeds'], opset_version=14, dynamo=False)
    axes = dict(pixel_values={0: 'batch'}, image_embeds={0: 'batch'})
    torch.onnx.export(ImageTower(model), (torch.zeros(2, 3, 224, 224),), str(folder / 'onnx/vision_model.onnx'), dynamic_axes=axes, **options)
    make_smaller(folder / 'onnx')
    for file in ['onnx/text_model.onnx', 'onnx/text_model_fp16.onnx', 'onnx/text_model_quantized.onnx', 'tokenizer.json', 'tokenizer_config.json']:
        (folder / file).write_text('')  # no text is encoded


def make_smaller(folder):
    source = str(folder / 'vision_model.onnx')
    half = convert_float_to_float16(onnx.load(source), keep_io_types=True, disable_shape_infer=True)
    onnx.save(half, str(folder / 'vision_model_fp16.onnx'))
    # not the convolution: onnxruntime's ConvInteger takes longer than all matrices together
    options = dict(weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=['MatMul'])
    quantize_dynamic(source, str(folder / 'vision_model_quantized.onnx'), **options)


def encode(model_folder, frames, output, frames_a_video, wanted):
    torch.set_num_threads(THREADS)
    device = wanted if wanted == 'cpu' or torch.cuda.is_available() else 'cpu'
    model = CLIPModel.from_pretrained(model_folder, dtype=torch.float32).eval().to(device)
    processor = CLIPImageProcessorPil.from_pretrained(model_folder)
    output.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    paths = [path for video in sorted(frames.iterdir()) for path in sorted(video.iterdir())[:frames_a_video]]
    waiting = {}
    for first in range(0, len(paths), BATCH):
        batch = paths[first : first + BATCH]
        pixels = processor(images=[Image.open(path) for path in batch], return_tensors='pt')['pixel_values'].to(device)
        with torch.inference_mode():
            states = model.vision_model(pixel_values=pixels).last_hidden_state
            tokens = model.visual_projection(model.vision_model.post_layernorm(states)).half().cpu().numpy()
        for path, of_frame in zip(batch, tokens):
            of_video = waiting.setdefault(path.parent.name, [])
            of_video.append(of_frame)
            if len(of_video) == frames_a_video:
                numpy.save(output / f'{path.parent.name}.npy', numpy.stack(waiting.pop(path.parent.name)))
    return {'images': len(paths), 'seconds': time.perf_counter() - start, 'device': device}


if __name__ == '__main__':
    command, *words = sys.argv[1:]
    if command == 'model':
        make_model(pathlib.Path(words[0]))
    else:
        print(json.dumps(encode(*map(pathlib.Path, words[:3]), int(words[3]), words[4])))
