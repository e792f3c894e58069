#!/usr/bin/env python3
"""Native PyTorch's small-cnn training step, for run.mjs: each line "LAYOUT N" of the input is answered with the
milliseconds of one of N steps. One thread; layouts nchw and channels_last."""
import os
import sys
import time

os.environ["OMP_NUM_THREADS"] = "1"
import torch  # noqa: E402
from torch import nn  # noqa: E402

torch.set_num_threads(1)
torch.manual_seed(0)
BATCH = 32


def stepper(layout):
    model = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3), nn.ReLU(), nn.MaxPool2d(2),
                          nn.Flatten(), nn.Linear(400, 10)).to(memory_format=layout)
    images = torch.randn(BATCH, 1, 28, 28).contiguous(memory_format=layout)
    labels = torch.arange(BATCH) % 10
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)

    def step():
        optimizer.zero_grad(set_to_none=True)
        nn.functional.cross_entropy(model(images), labels).backward()
        optimizer.step()

    return step


steps = {"nchw": stepper(torch.contiguous_format), "channels_last": stepper(torch.channels_last)}
for step in steps.values():
    for _ in range(50):
        step()
print(torch.__version__, torch.get_num_threads(), flush=True)
for line in sys.stdin:
    layout, times = line.split()
    start = time.perf_counter()
    for _ in range(int(times)):
        steps[layout]()
    print((time.perf_counter() - start) * 1e3 / int(times), flush=True)
