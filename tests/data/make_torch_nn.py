"""Saves what PyTorch computes for whole networks, for tests/core/nn.

    python3 tests/data/make_torch_nn.py        # needs python3-torch 1.13 and python3-torchvision 0.14

Writes tests/data/torch/nn_*: for each model the output in training mode, the loss, the gradients (up to 24 numbers of each
parameter), the running statistics after the step and the output in evaluation; names and shapes of torchvision's weights; and
nn_VERSION. Weights and pictures are not saved: both sides compute them from names, see `numbers`.
"""
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import torchvision

OUT = Path(__file__).resolve().parent / "torch"
SAMPLES = 24


def numbers(name, count):
    """`count` numbers in [-1, 1) that look random: what follows the point in 43758.5453 sin(12.9898 i + phase)."""
    phase = sum((i + 1) * ord(c) for i, c in enumerate(name)) % 1000 / 100
    values = []
    for i in range(count):
        v = math.sin(12.9898 * i + phase) * 43758.5453
        values.append(2 * (v - math.floor(v)) - 1)
    return torch.tensor(values, dtype=torch.float64)


def fill(model):
    with torch.no_grad():
        for name, p in list(model.named_parameters()) + list(model.named_buffers()):
            if name.endswith("num_batches_tracked"):
                continue
            u = numbers(name, p.numel())
            if name.endswith("running_mean"):
                u = 0.1 * u
            elif name.endswith("running_var") or p.dim() == 1 and name.endswith("weight"):
                u = 1 + 0.3 * u
            elif p.dim() == 1:
                u = 0.2 * u
            elif "." not in name:  # class token, positions
                u = 0.2 * u
            else:
                u = math.sqrt(6 / (p.numel() / p.shape[0])) * u
            p.copy_(u.reshape(p.shape))


class SmallCnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2, self.fc = nn.Conv2d(1, 8, 3), nn.Conv2d(8, 16, 3), nn.Linear(400, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc(x.flatten(1))


class CnnBn(nn.Module):
    def __init__(self):
        super().__init__()
        before = 1
        for i, channels in enumerate((16, 32, 64), 1):
            setattr(self, f"conv{i}", nn.Conv2d(before, channels, 3, padding=1, bias=False))
            setattr(self, f"bn{i}", nn.BatchNorm2d(channels))
            before = channels
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        for i in (1, 2, 3):
            x = F.relu(getattr(self, f"bn{i}")(getattr(self, f"conv{i}")(x)))
            x = F.max_pool2d(x, 2) if i < 3 else x
        return self.fc(x.mean((2, 3)))


class ResNet8(nn.Module):
    def __init__(self):
        super().__init__()
        Block = torchvision.models.resnet.BasicBlock

        def project(a, b):
            return nn.Sequential(nn.Conv2d(a, b, 1, 2, bias=False), nn.BatchNorm2d(b))

        self.conv1, self.bn1 = nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16)
        self.layer1 = nn.Sequential(Block(16, 16))
        self.layer2 = nn.Sequential(Block(16, 32, 2, project(16, 32)))
        self.layer3 = nn.Sequential(Block(32, 64, 2, project(32, 64)))
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        x = self.layer3(self.layer2(self.layer1(F.relu(self.bn1(self.conv1(x))))))
        return self.fc(x.mean((2, 3)))


class VitBlock(nn.Module):
    class Attention(nn.Module):
        def __init__(self):
            super().__init__()
            self.qkv, self.proj = nn.Linear(64, 192), nn.Linear(64, 64)

        def forward(self, x):
            n, t, d = x.shape
            q, k, v = self.qkv(x).reshape(n, t, 3, 4, 16).permute(2, 0, 3, 1, 4)
            weights = (q @ k.transpose(-1, -2) / 4).softmax(-1)
            return self.proj((weights @ v).transpose(1, 2).reshape(n, t, d))

    class Mlp(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc1, self.fc2 = nn.Linear(64, 128), nn.Linear(128, 64)

        def forward(self, x):
            return self.fc2(F.gelu(self.fc1(x)))

    def __init__(self):
        super().__init__()
        self.norm1, self.attn, self.norm2, self.mlp = nn.LayerNorm(64, 1e-6), self.Attention(), nn.LayerNorm(64, 1e-6), self.Mlp()

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Vit(nn.Module):
    class Patches(nn.Module):
        def __init__(self):
            super().__init__()
            self.proj = nn.Conv2d(1, 64, 4, 4)

    def __init__(self):
        super().__init__()
        self.cls_token, self.pos_embed = nn.Parameter(torch.zeros(1, 1, 64)), nn.Parameter(torch.zeros(1, 50, 64))
        self.patch_embed = self.Patches()
        self.blocks = nn.Sequential(*(VitBlock() for _ in range(4)))
        self.norm, self.head = nn.LayerNorm(64, 1e-6), nn.Linear(64, 10)

    def forward(self, x):
        x = self.patch_embed.proj(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls_token.expand(len(x), -1, -1), x], 1) + self.pos_embed
        return self.head(self.norm(self.blocks(x))[:, 0])


class UnetTiny(nn.Module):
    class Double(nn.Module):
        def __init__(self, before, channels, up=False):
            super().__init__()
            if up:
                self.up = nn.ConvTranspose2d(before, channels, 2, 2)
            self.conv1, self.bn1 = nn.Conv2d(before, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels)
            self.conv2, self.bn2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels)

        def forward(self, x):
            return F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))))

    def __init__(self):
        super().__init__()
        self.inc, self.down1, self.down2, self.down3 = (self.Double(*c) for c in ((3, 8), (8, 16), (16, 32), (32, 64)))
        self.up1, self.up2, self.up3 = (self.Double(*c, True) for c in ((64, 32), (32, 16), (16, 8)))
        self.outc = nn.Conv2d(8, 4, 1)

    def forward(self, x):
        skips = [self.inc(x)]
        for down in (self.down1, self.down2, self.down3):
            skips.append(down(F.max_pool2d(skips[-1], 2)))
        x = skips.pop()
        for up in (self.up1, self.up2, self.up3):
            x = up(torch.cat([skips.pop(), up.up(x)], 1))
        return self.outc(x)


class Siamese(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2, self.embedding = nn.Conv2d(1, 16, 3), nn.Conv2d(16, 32, 3), nn.Linear(800, 32)
        self.fc = nn.Linear(32, 1)

    def embed(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        return self.embedding(F.max_pool2d(F.relu(self.conv2(x)), 2).flatten(1))

    def forward(self, x, y):
        return self.fc((self.embed(x) - self.embed(y)) ** 2)


class DdpmUnet(nn.Module):
    class Block(nn.Module):
        def __init__(self, before, channels):
            super().__init__()
            self.bn1, self.conv1, self.time = nn.BatchNorm2d(before), nn.Conv2d(before, channels, 3, padding=1), nn.Linear(128, channels)
            self.bn2, self.conv2 = nn.BatchNorm2d(channels), nn.Conv2d(channels, channels, 3, padding=1)
            if before != channels:
                self.shortcut = nn.Conv2d(before, channels, 1)

        def forward(self, x, t):
            y = self.conv1(F.silu(self.bn1(x))) + self.time(t)[:, :, None, None]
            y = self.conv2(F.silu(self.bn2(y)))
            return y + (self.shortcut(x) if hasattr(self, "shortcut") else x)

    class Attention(nn.Module):
        def __init__(self):
            super().__init__()
            self.norm, self.qkv, self.proj = nn.BatchNorm2d(64), nn.Linear(64, 192), nn.Linear(64, 64)

        def forward(self, x):
            n, c, h, w = x.shape
            q, k, v = self.qkv(self.norm(x).flatten(2).transpose(1, 2)).reshape(n, h * w, 3, 4, 16).permute(2, 0, 3, 1, 4)
            seen = ((q @ k.transpose(-1, -2) / 4).softmax(-1) @ v).transpose(1, 2).reshape(n, h * w, c)
            return x + self.proj(seen).transpose(1, 2).reshape(x.shape)

    def __init__(self):
        super().__init__()
        self.time = nn.Module()
        self.time.fc1, self.time.fc2 = nn.Linear(64, 128), nn.Linear(128, 128)
        self.conv_in = nn.Conv2d(1, 32, 3, padding=1)
        self.down1, self.down2 = self.Block(32, 32), self.Block(32, 64)
        self.down1.halve, self.down2.halve = nn.Conv2d(32, 32, 3, 2, 1), nn.Conv2d(64, 64, 3, 2, 1)
        self.mid1, self.mid, self.mid2 = self.Block(64, 64), self.Attention(), self.Block(64, 64)
        self.up1, self.up2 = self.Block(128, 32), self.Block(64, 32)
        self.bn_out, self.conv_out = nn.BatchNorm2d(32), nn.Conv2d(32, 1, 3, padding=1)

    def forward(self, x, t):
        t = F.silu(self.time.fc2(F.silu(self.time.fc1(t))))
        high = self.down1(self.conv_in(x), t)
        middle = self.down2(self.down1.halve(high), t)
        low = self.mid2(self.mid(self.mid1(self.down2.halve(middle), t)), t)
        x = self.up1(torch.cat([F.interpolate(low, scale_factor=2), middle], 1), t)
        x = self.up2(torch.cat([F.interpolate(x, scale_factor=2), high], 1), t)
        return self.conv_out(F.silu(self.bn_out(x)))


def save(name, values):
    np.save(OUT / f"nn_{name}.npy", np.ascontiguousarray(values, np.float32))


def sample(values):
    flat = values.detach().flatten()
    step = -(-len(flat) // SAMPLES)
    return flat[::step]


def case(name, model, shapes):
    """In double, so that the saved numbers are right to the last place of a float."""
    model = model.double()
    fill(model)
    inputs = [numbers(f"input {i}", math.prod(shape)).reshape(shape) for i, shape in enumerate(shapes)]
    inputs = [x.float().double() for x in inputs]
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(p.float().double())
        for b in model.buffers():
            b.copy_(b.float().double() if b.is_floating_point() else b)
    model.train()
    out = model(*inputs)
    out.backward(numbers("output", out.numel()).float().double().reshape(out.shape))
    names = sorted(name for name, _ in model.named_parameters())
    gradients = dict(model.named_parameters())
    save(f"{name}_train", sample(out))
    save(f"{name}_gradients", torch.cat([sample(gradients[n].grad) for n in names]))
    running = [b for n, b in sorted(model.named_buffers()) if "running" in n]
    if running:
        save(f"{name}_running", torch.cat([sample(b) for b in running]))
    model.eval()
    save(f"{name}_eval", sample(model(*inputs)))


def main():
    OUT.mkdir(exist_ok=True)
    case("small-cnn", SmallCnn(), [(3, 1, 28, 28)])
    case("cnn-bn", CnnBn(), [(3, 1, 28, 28)])
    case("resnet-8", ResNet8(), [(3, 3, 32, 32)])
    case("vit-tiny", Vit(), [(3, 1, 28, 28)])
    case("unet-tiny", UnetTiny(), [(2, 3, 64, 64)])
    case("siamese", Siamese(), [(3, 1, 28, 28), (3, 1, 28, 28)])
    case("ddpm-unet-tiny", DdpmUnet(), [(2, 1, 28, 28), (2, 64)])
    for name in ("alexnet", "vgg16", "resnet18", "resnet50"):
        state = getattr(torchvision.models, name)(weights=None).state_dict()
        lines = [f"{key} {'x'.join(map(str, value.shape))}\n" for key, value in state.items() if "num_batches" not in key]
        (OUT / f"nn_names_{name}.txt").write_text("".join(lines))
    (OUT / "nn_VERSION").write_text(f"PyTorch {torch.__version__}, torchvision {torchvision.__version__}\n")


if __name__ == "__main__":
    main()
