"""Saves what PyTorch computes about a decision, for tests/core/explain: with the project's own weights, in double.

    python3 tests/data/make_torch_explain.py   # needs python3-torch 1.13 and the data sets in build/assets

Writes tests/data/torch/explain_*: for each network a test picture, its logits, the gradient of a logit in the picture, the
sums of Grad-CAM (before max(0, .)) at relu1 and relu2, the one of relu2 brought to 28 x 28, probabilities with windows covered.
"""
import json
import struct
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
OUT = Path(__file__).resolve().parent / "torch"
KINDS = {"F32": np.float32, "F16": np.float16}


def weights(name):
    data = (ROOT / "assets/weights" / f"{name}.safetensors").read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + size])
    result = {}
    for key, entry in header.items():
        if key == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        raw = np.frombuffer(data[8 + size + begin : 8 + size + end], KINDS[entry["dtype"]])
        result[key] = torch.tensor(raw.astype(np.float64).reshape(entry["shape"]))
    return result


def small_cnn(w, x, kept):
    kept["relu1"] = F.relu(F.conv2d(x, w["conv1.weight"], w["conv1.bias"]))
    x = F.max_pool2d(kept["relu1"], 2)
    kept["relu2"] = F.relu(F.conv2d(x, w["conv2.weight"], w["conv2.bias"]))
    x = F.max_pool2d(kept["relu2"], 2)
    return F.linear(x.flatten(1), w["fc.weight"], w["fc.bias"])


def lenet5(w, x, kept):
    kept["relu1"] = F.relu(F.conv2d(x, w["conv1.weight"], w["conv1.bias"], padding=2))
    x = F.max_pool2d(kept["relu1"], 2)
    kept["relu2"] = F.relu(F.conv2d(x, w["conv2.weight"], w["conv2.bias"]))
    x = F.max_pool2d(kept["relu2"], 2)
    x = F.relu(F.linear(x.flatten(1), w["fc1.weight"], w["fc1.bias"]))
    x = F.relu(F.linear(x, w["fc2.weight"], w["fc2.bias"]))
    return F.linear(x, w["fc3.weight"], w["fc3.bias"])


def picture(data, index):
    sheet = np.asarray(Image.open(ROOT / f"build/assets/data/{data}-test.png").convert("L"))
    row, column = index // 100 * 28, index % 100 * 28
    return sheet[row : row + 28, column : column + 28]


def main():
    for name, network, data, index, target in [
        ("small-cnn-digits", small_cnn, "digits", 17, 7),
        ("lenet5-fashion-mnist", lenet5, "fashion-mnist", 4, 6),
    ]:
        def save(what, values, kind=np.float32):
            np.save(OUT / f"explain_{name}_{what}.npy", np.asarray(values, kind))

        w = weights(name)
        pixels = picture(data, index)
        save("picture", pixels)
        x = torch.tensor(pixels / 255.0)[None, None].requires_grad_()
        kept = {}
        z = network(w, x, kept)
        save("logits", z.detach()[0])
        gradients = torch.autograd.grad(z[0, target], [x, kept["relu1"], kept["relu2"]])
        save("gradient", gradients[0][0, 0])
        for layer, gradient in zip(["relu1", "relu2"], gradients[1:]):
            cam = (gradient.mean((2, 3), keepdim=True) * kept[layer]).sum(1, keepdim=True).detach()
            save(f"cam_{layer}", cam[0, 0])
        save("cam_resized", F.interpolate(cam, (28, 28), mode="bilinear", align_corners=False)[0, 0])
        left = []
        for row in range(0, 23, 3):
            for column in range(0, 23, 3):
                covered = x.detach().clone()
                covered[..., row : row + 6, column : column + 6] = 0.5
                left.append(F.softmax(network(w, covered, {}), 1)[0, target].item())
        save("covered", left)
        print(name, z.detach().numpy().round(3), F.softmax(z, 1)[0, target].item())
    (OUT / "explain_VERSION").write_text(f"PyTorch {torch.__version__}\n")


main()
