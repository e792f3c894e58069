#!/usr/bin/env python3
"""bench_torch.py THREADS resnet | epoch SEED: PyTorch where its best is reached from Python.

resnet  torchvision's ResNet-18, one picture, forward: plain, channels_last, and optimised by torch.jit
epoch   one epoch of small-cnn on Fashion-MNIST, batch 64, Adam 1e-3, and the test accuracy after it
"""
import gzip
import json
import sys
import time
from pathlib import Path

import numpy
import torch
from torch import nn
from torch.nn import functional

FASHION = Path("/usr/share/datasets/fashion-mnist")  # Debian's dataset-fashion-mnist


def report(library: str, case: str, threads: int, times: list, **more) -> None:
    times = sorted(times)
    print(json.dumps({"library": library, "case": case, "threads": threads, "ms": 1e3 * times[len(times) // 2],
                      "ms_min": 1e3 * times[0], "ms_max": 1e3 * times[-1], "flop": 0, **more}), flush=True)


def timed(work, threads: int, samples: int = 12) -> list:
    clock = time.process_time if threads == 1 else time.perf_counter  # as bench/timing.hpp does
    times = []
    for _ in range(samples + 3):
        start = clock()
        work()
        times.append(clock() - start)
    return times[3:]


def resnet(threads: int) -> None:
    import torchvision

    model = torchvision.models.resnet18().eval()
    image = torch.randn(1, 3, 224, 224)
    case = "resnet18 forward b1"
    with torch.no_grad():
        report("PyTorch", case, threads, timed(lambda: model(image), threads))
        optimised = torch.jit.optimize_for_inference(torch.jit.trace(model, image))
        report("PyTorch jit", case, threads, timed(lambda: optimised(image), threads))
        model = model.to(memory_format=torch.channels_last)
        image = image.contiguous(memory_format=torch.channels_last)
        report("PyTorch channels_last", case, threads, timed(lambda: model(image), threads))


def idx(name: str) -> numpy.ndarray:
    data = gzip.decompress((FASHION / name).read_bytes())
    shape = [int.from_bytes(data[4 + 4 * i:8 + 4 * i], "big") for i in range(data[3])]
    return numpy.frombuffer(data, numpy.uint8, offset=4 + 4 * data[3]).reshape(shape)


def epoch(threads: int, seed: int) -> None:
    def images(name: str) -> torch.Tensor:
        return torch.from_numpy(idx(name).copy()).float().div_(255).unsqueeze(1)

    def labels(name: str) -> torch.Tensor:
        return torch.from_numpy(idx(name).copy()).long()

    train, train_labels = images("train-images-idx3-ubyte.gz"), labels("train-labels-idx1-ubyte.gz")
    test, test_labels = images("t10k-images-idx3-ubyte.gz"), labels("t10k-labels-idx1-ubyte.gz")
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3), nn.ReLU(),
                          nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 10))
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    start = time.perf_counter()
    order = torch.randperm(len(train))
    for first in range(0, len(train), 64):
        batch = order[first:first + 64]
        optimizer.zero_grad(set_to_none=True)
        functional.cross_entropy(model(train[batch]), train_labels[batch]).backward()
        optimizer.step()
    seconds = time.perf_counter() - start
    with torch.no_grad():
        right = torch.cat([model(part) for part in test.split(500)]).argmax(1) == test_labels
    report("PyTorch", "small-cnn epoch", threads, [seconds], accuracy=float(right.float().mean()))


if __name__ == "__main__":
    torch.set_num_threads(int(sys.argv[1]))
    if sys.argv[2] == "resnet":
        resnet(int(sys.argv[1]))
    else:
        epoch(int(sys.argv[1]), int(sys.argv[3]))
