"""Saves what PyTorch computes, forward and gradients, for tests/core/autodiff/torch_*_test.cpp.

    /usr/bin/python3 tests/data/make_torch.py        # needs python3-torch

Writes tests/data/torch/ops/: one .npy a case, all its arrays one after the other as float32; cases.txt, one line a case with
the names and shapes of its arrays in that order; VERSION. `y` is the result, `dy` the gradient put into it, `d_x` what comes
out for the argument `x`.
"""
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch.distributions import Normal, kl_divergence

OUT = Path(__file__).resolve().parent / "torch/ops"
lines = []


def save(name, arrays):
    flat = [np.asarray(a.detach() if torch.is_tensor(a) else a, np.float32) for a in arrays.values()]
    np.save(OUT / f"{name}.npy", np.concatenate([a.ravel() for a in flat]))
    shapes = [f"{key}:{','.join(map(str, a.shape)) or 1}" for key, a in zip(arrays, flat)]
    lines.append(" ".join([name, *shapes]))


def case(name, function, differentiable, fixed={}, after=lambda: {}):
    """Runs function(*differentiable, **fixed), sends a random gradient back, saves everything."""
    leaves = {key: value.clone().requires_grad_() for key, value in differentiable.items()}
    y = function(*leaves.values(), **fixed)
    dy = torch.randn(y.shape)
    y.backward(dy)
    gradients = {f"d_{key}": leaf.grad for key, leaf in leaves.items()}
    save(name, {**leaves, **fixed, "y": y, "dy": dy, **gradients, **after()})


def random(*shape):
    return torch.randn(shape)


def activations():
    x = random(3, 37) * 2
    functions = {
        "relu": F.relu, "leaky_relu": F.leaky_relu, "elu": F.elu, "gelu": F.gelu, "silu": F.silu, "sigmoid": torch.sigmoid,
        "tanh": torch.tanh, "softplus": F.softplus,
        "leaky_relu_0.2": lambda x: F.leaky_relu(x, 0.2), "elu_1.5": lambda x: F.elu(x, 1.5),
    }
    for name, function in functions.items():
        case(name, function, {"x": x})
    save("step", {"x": x, "y": torch.heaviside(x, torch.ones(1))})


def pooling():
    x = random(1, 2, 7, 19)
    for name, options in {
        "2": dict(kernel_size=2), "2_ceil": dict(kernel_size=2, ceil_mode=True),
        "3_stride_2_padding_1": dict(kernel_size=3, stride=2, padding=1),
        "3_stride_2_padding_1_ceil": dict(kernel_size=3, stride=2, padding=1, ceil_mode=True),
        "3x2_stride_1x2": dict(kernel_size=(3, 2), stride=(1, 2), padding=(1, 0)),
    }.items():
        case(f"max_pool2d_{name}", lambda x: F.max_pool2d(x, **options), {"x": x})
        case(f"avg_pool2d_{name}", lambda x: F.avg_pool2d(x, **options), {"x": x})
    case("global_avg_pool2d", lambda x: F.adaptive_avg_pool2d(x, 1).flatten(1), {"x": x})


def norms():
    for name, shape, training in (
        ("batch_norm_2d", (3, 4, 5, 7), True), ("batch_norm_1d", (6, 5), True), ("batch_norm_one", (1, 3, 2, 3), True),
        ("batch_norm_2d_eval", (3, 4, 5, 7), False), ("batch_norm_1d_eval", (6, 5), False),
    ):
        channels = shape[1]
        before = {"mean": random(channels), "variance": torch.rand(channels) + 0.5}
        mean, variance = before["mean"].clone(), before["variance"].clone()
        case(name,
             lambda x, gamma, beta, **_: F.batch_norm(x, mean, variance, gamma, beta, training=training),
             {"x": random(*shape) * 2 + 1, "gamma": random(channels), "beta": random(channels)}, before,
             lambda: {"mean_after": mean, "variance_after": variance})
    case("layer_norm", lambda x, gamma, beta: F.layer_norm(x, (19,), gamma, beta),
         {"x": random(2, 5, 19) * 2 + 1, "gamma": random(19), "beta": random(19)})


def attention(query, key, value, heads):
    def split(x):
        return x.reshape(x.shape[0], x.shape[1], heads, -1).transpose(1, 2)

    q, k, v = split(query), split(key), split(value)
    weights = torch.softmax(q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5, -1)
    return (weights @ v).transpose(1, 2).reshape(query.shape)


def module_attention(query, key, value):
    """The same by nn.MultiheadAttention, its projections set to the identity: the formula above is PyTorch's."""
    module = torch.nn.MultiheadAttention(query.shape[2], 3, bias=False, batch_first=True)
    eye = torch.eye(query.shape[2])
    with torch.no_grad():
        module.in_proj_weight.copy_(torch.cat([eye, eye, eye]))
        module.out_proj.weight.copy_(eye)
    return module(query, key, value)[0]


def products():
    case("linear", F.linear, {"x": random(2, 3, 17), "weight": random(5, 17), "bias": random(5)})
    case("linear_no_bias", F.linear, {"x": random(4, 9), "weight": random(3, 9)})
    case("matmul", lambda a, b: a @ b, {"a": random(2, 3, 4, 9), "b": random(2, 3, 9, 5)})
    for heads in (1, 3):
        q, k, v = random(2, 4, 12), random(2, 7, 12), random(2, 7, 12)
        case(f"attention_{heads}", lambda query, key, value: attention(query, key, value, heads),
             {"query": q, "key": k, "value": v})
        if heads == 3:
            assert torch.allclose(module_attention(q, k, v), attention(q, k, v, 3), atol=1e-6)
    for name, options, x, weight in (
        ("plain", {}, (2, 2, 5, 19), (3, 2, 3, 3)),
        ("padding_1", dict(padding=1), (2, 2, 5, 19), (3, 2, 3, 3)),
        ("stride_2_padding_1", dict(stride=2, padding=1), (2, 3, 8, 9), (4, 3, 3, 3)),
        ("dilation_2", dict(dilation=2, padding=2), (1, 2, 9, 10), (3, 2, 3, 3)),
        ("groups_2", dict(groups=2, padding=1), (2, 4, 5, 6), (6, 2, 3, 3)),
        ("depthwise", dict(groups=4, stride=2, padding=1), (2, 4, 7, 6), (4, 1, 3, 3)),
        ("5x3", dict(stride=(2, 1), padding=(2, 1), dilation=(1, 2)), (1, 3, 11, 12), (2, 3, 5, 3)),
        ("1x1", dict(), (2, 5, 4, 9), (3, 5, 1, 1)),
        ("7_stride_2_padding_3", dict(stride=2, padding=3), (1, 3, 16, 15), (2, 3, 7, 7)),
    ):
        case(f"conv2d_{name}", lambda x, weight, bias: F.conv2d(x, weight, bias, **options),
             {"x": random(*x), "weight": random(*weight), "bias": random(weight[0])})
    case("conv2d_no_bias", F.conv2d, {"x": random(1, 2, 6, 6), "weight": random(3, 2, 3, 3)})
    for name, options, x, weight in (
        ("plain", {}, (2, 3, 4, 5), (3, 4, 3, 3)),
        ("4_stride_2_padding_1", dict(stride=2, padding=1), (2, 3, 5, 4), (3, 2, 4, 4)),
        ("output_padding_1", dict(stride=2, padding=1, output_padding=1), (1, 3, 4, 5), (3, 2, 3, 3)),
        ("groups_2_dilation_2", dict(groups=2, dilation=2), (1, 4, 3, 4), (4, 3, 2, 3)),
    ):
        outputs = weight[1] * options.get("groups", 1)
        case(f"conv_transpose2d_{name}", lambda x, weight, bias: F.conv_transpose2d(x, weight, bias, **options),
             {"x": random(*x), "weight": random(*weight), "bias": random(outputs)})


def shapes():
    x, picture = random(3, 4, 19), random(2, 3, 4, 5)
    case("softmax", lambda x: torch.softmax(x, -1), {"x": x * 3})
    case("log_softmax", lambda x: torch.log_softmax(x, -1), {"x": x * 3})
    for factor in (2, 3):
        case(f"upsample2d_nearest_{factor}", lambda x: F.interpolate(x, scale_factor=factor), {"x": picture})
        case(f"upsample2d_bilinear_{factor}",
             lambda x: F.interpolate(x, scale_factor=factor, mode="bilinear", align_corners=False), {"x": picture})
    sides = (1, 2, 3, 1)  # left, right, top, bottom
    case("pad2d_constant", lambda x: F.pad(x, sides, value=0.5), {"x": picture})
    case("pad2d_replicate", lambda x: F.pad(x, sides, mode="replicate"), {"x": picture})
    case("pad2d_reflect", lambda x: F.pad(x, sides, mode="reflect"), {"x": picture})
    for name, shape in (("same", (3, 4, 19)), ("row", (19,)), ("column", (4, 1)), ("middle", (3, 1, 19)), ("one", (1,))):
        b = random(*shape)
        case(f"add_{name}", lambda a, b: a + b, {"a": x, "b": b})
        case(f"sub_{name}", lambda a, b: a - b, {"a": x, "b": b})
        case(f"mul_{name}", lambda a, b: a * b, {"a": x, "b": b})
    case("scale", lambda x: -2.5 * x + 0.75, {"x": x})
    case("exp", torch.exp, {"x": x})
    case("reshape", lambda x: x.reshape(4, 57), {"x": x})
    case("permute", lambda x: x.permute(0, 2, 3, 1), {"x": picture})
    case("concat", lambda a, b, c: torch.cat([a, b, c], 1), {"a": random(2, 1, 5), "b": random(2, 3, 5), "c": random(2, 2, 5)})
    case("slice", lambda x: x[:, 1:3], {"x": x})
    case("sum", lambda x: x.sum().reshape(1), {"x": x})
    case("mean", lambda x: x.mean().reshape(1), {"x": x})
    for axis in range(3):
        case(f"sum_{axis}", lambda x: x.sum(axis), {"x": x})
        case(f"mean_{axis}", lambda x: x.mean(axis), {"x": x})
        case(f"max_{axis}", lambda x: x.amax(axis), {"x": x})
    x = random(4, 9)
    y = F.dropout(x, 0.3)
    save("dropout", {"x": x, "y": y})


def losses():
    a, b = random(5, 7) * 2, random(5, 7)
    one = lambda loss: loss.reshape(1)
    case("mse_loss", lambda a, b: one(F.mse_loss(a, b)), {"a": a, "b": b})
    case("mae_loss", lambda a, b: one(F.l1_loss(a, b)), {"a": a, "b": b})
    for delta in (1.0, 0.3):
        case(f"huber_loss_{delta}", lambda a, b: one(F.huber_loss(a, b, delta=delta)), {"a": a, "b": b})
    case("binary_cross_entropy", lambda x, target: one(F.binary_cross_entropy_with_logits(x, target)), {"x": a},
         {"target": torch.rand(5, 7)})
    labels = torch.tensor([0, 6, 3, 3, 5])
    weights = torch.rand(7) + 0.2
    for name, weight, smoothing in (("", None, 0.0), ("_weights", weights, 0.0), ("_smoothing", None, 0.1),
                                    ("_both", weights, 0.1)):
        case(f"cross_entropy{name}",
             lambda x, **_: one(F.cross_entropy(x, labels, weight, label_smoothing=smoothing)), {"x": a},
             {"labels": labels, "weights": weights})
    case("hinge_loss", lambda x, **_: one(F.multi_margin_loss(x, labels, margin=1.5)), {"x": a}, {"labels": labels})

    def gaussian_kl(mean, log_variance, mean2, log_variance2):
        q, p = Normal(mean, (log_variance / 2).exp()), Normal(mean2, (log_variance2 / 2).exp())
        return one(kl_divergence(q, p).sum() / len(mean))

    case("gaussian_kl", gaussian_kl, {"mean": a, "log_variance": b},
         {"mean2": torch.zeros(5, 7), "log_variance2": torch.zeros(5, 7)})
    case("gaussian_kl_two", gaussian_kl, {"mean": a, "log_variance": b},
         {"mean2": random(5, 7), "log_variance2": random(5, 7)})
    p = torch.softmax(random(5, 7), -1)
    p[0] = torch.eye(7)[2]
    case("categorical_kl", lambda log_q, p: one(F.kl_div(log_q, p, reduction="batchmean")),
         {"log_q": torch.log_softmax(a, -1)}, {"p": p})
    case("triplet_loss", lambda a, b, c: one(F.triplet_margin_loss(a, b, c, margin=2.0)),
         {"a": a, "b": a + random(5, 7) * 0.5, "c": b})

    def dice(x, target):  # PyTorch has none: the formula of losses.hpp, differentiated by autograd
        s, axes = torch.sigmoid(x), (1, 2, 3)
        return one((1 - (2 * (s * target).sum(axes) + 1) / (s.sum(axes) + target.sum(axes) + 1)).mean())

    case("dice_loss", dice, {"x": random(3, 1, 6, 7)}, {"target": (torch.rand(3, 1, 6, 7) > 0.6).float()})


def main():
    torch.manual_seed(7)
    torch.set_num_threads(1)
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.glob("*"):
        old.unlink()
    for group in (activations, pooling, norms, products, shapes, losses):
        group()
    (OUT / "cases.txt").write_text("\n".join(lines) + "\n")
    (OUT / "VERSION").write_text(f"PyTorch {torch.__version__}, NumPy {np.__version__}, by tests/data/make_torch.py\n")


main()
