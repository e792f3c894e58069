#!/usr/bin/env python3
"""Reference numbers for core/train, made by PyTorch: each optimizer over the same gradients, clipping, schedules.

    /usr/bin/python3 tests/data/make_torch_optimizer.py        (python3-torch 1.13; the versions are noted beside the numbers)

optimizer_start.npy (37), optimizer_gradients.npy (steps, 37); optimizer_<kind>.npy (steps, 37): the parameter after each
step, learning rate 0.05, weight decay 0.01; optimizer_clip.npy: adam with the gradients' norm clipped to 1;
optimizer_schedule_<kind>.npy: what multiplies the learning rate of each step.
"""
from pathlib import Path

import numpy
import torch

FOLDER = Path(__file__).parent / "torch"
STEPS, COUNT = 30, 37


def save(name, values):
    numpy.save(FOLDER / f"optimizer_{name}.npy", numpy.asarray(values, dtype=numpy.float32))


def main():
    random = numpy.random.default_rng(7)
    start = random.normal(size=COUNT).astype(numpy.float32)
    gradients = (random.normal(size=(STEPS, COUNT)) * numpy.exp(random.normal(size=COUNT) * 2)).astype(numpy.float32)
    gradients[:, 5] = 0  # a parameter that nothing uses
    save("start", start)
    save("gradients", gradients)
    common = {"lr": 0.05, "weight_decay": 0.01}
    kinds = {
        "sgd": lambda p: torch.optim.SGD(p, **common),
        "momentum": lambda p: torch.optim.SGD(p, momentum=0.9, **common),
        "nesterov": lambda p: torch.optim.SGD(p, momentum=0.9, nesterov=True, **common),
        "adagrad": lambda p: torch.optim.Adagrad(p, **common),
        "rmsprop": lambda p: torch.optim.RMSprop(p, **common),
        "adam": lambda p: torch.optim.Adam(p, **common),
        "adamw": lambda p: torch.optim.AdamW(p, **common),
    }

    def run(make, clip=None):
        parameter = torch.nn.Parameter(torch.from_numpy(start.copy()))
        optimizer = make([parameter])
        rows = []
        for gradient in gradients:
            parameter.grad = torch.from_numpy(gradient.copy())
            if clip:
                torch.nn.utils.clip_grad_norm_([parameter], clip)
            optimizer.step()
            rows.append(parameter.detach().numpy().copy())
        return rows

    for name, make in kinds.items():
        save(name, run(make))
    save("clip", run(kinds["adam"], clip=1.0))

    schedules = {
        "step": lambda o: torch.optim.lr_scheduler.StepLR(o, step_size=7, gamma=0.3),
        "cosine": lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, T_max=20),
    }
    for name, make in schedules.items():
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
        schedule = make(optimizer)
        factors = []
        for _ in range(21):
            factors.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.step()
        save(f"schedule_{name}", factors)
    (FOLDER / "optimizer_VERSION").write_text(f"PyTorch {torch.__version__}, NumPy {numpy.__version__}\n")


main()
