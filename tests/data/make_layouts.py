"""Saves shapes, strides, beginnings and elements of tensors that PyTorch and NumPy made of 0, 1, 2, …, for tests/core/tensor.

    /usr/bin/python3 tests/data/make_layouts.py        # python3-torch 1.13, numpy

Writes tests/data/torch/layouts.txt, a line each: start; operations; shape; strides; place of the first element; 1 if numbers
were moved; elements. NumPy stands in where a stride is negative, which PyTorch does not have.
"""
from pathlib import Path

import numpy as np
import torch

OUT = Path(__file__).resolve().parent / "torch" / "layouts.txt"
TORCH = [
    ("2 3 2 4", "permute(0,2,3,1)"), ("2 3 2 4", "permute(3,1,0,2)"), ("2 3 2 4", "permute(0,2,3,1).contiguous()"),
    ("2 3 2 4", "transpose(1,-1)"), ("2 3 2 4", "contiguous()"), ("2 3 4 5", "[1]"), ("2 3 4 5", "[1, 2, 3, 0]"),
    ("2 3 4 5", "[:, 1:, ::2, -3:-1]"), ("2 3 4 5", "[..., 1]"), ("2 3 4 5", "[0, ..., 1:9:3]"), ("2 3 4 5", "[:, 2:1]"),
    ("2 3 4 5", "[:, -1:]"), ("6 4", "[4:0]"), ("6 4", "[1::3]"), ("2 3 4", "reshape(6,4)"), ("2 3 4", "reshape(2,-1)"),
    ("2 3 4", "view(3,2,2,2)"), ("2 3 4", "permute(1,0,2).reshape(6,4)"), ("2 3 4", "permute(1,0,2).reshape(3,2,2,2)"),
    ("2 3 4", "permute(2,0,1).reshape(4,6)"), ("2 3 4", "permute(2,0,1).view(4,6)"), ("2 3 4", "permute(2,0,1).reshape(2,2,6)"),
    ("2 3 4", "permute(2,0,1).reshape(2,12)"), ("4 6", "[:, ::2].reshape(2,2,3)"), ("4 6", "[:, ::2].reshape(12)"),
    ("4 6", "[::2].reshape(2,2,3)"), ("4 6", "[:, :6:2].view(4,3,1)"), ("4 6", "unsqueeze(1).reshape(4,6)"),
    ("1 4 1", "expand(3,4,5)"), ("4 1", "expand(2,-1,3)"), ("3", "expand(2,3)"), ("3 1", "expand(3,4).reshape(12)"),
    ("3 1", "expand(3,4).reshape(3,2,2)"), ("1 3", "expand(4,3).reshape(2,2,3)"), ("2 1 3", "squeeze(1)"),
    ("2 3", "unsqueeze(0)"), ("2 3", "unsqueeze(-1)"), ("2 3", "unsqueeze(1).expand(2,4,3)"), ("2 1 3 1", "reshape(6)"),
    ("1", "reshape(1,1,1)"), ("2 3", "[1, 2].reshape(1,1)"), ("4 4", "reshape(2,2,2,2).permute(0,2,1,3).reshape(4,2,2)"),
    ("4 6 3", "reshape(2,2,3,2,3).permute(0,2,4,1,3).reshape(6,3,2,2)"), ("12", "reshape(4,3).permute(1,0)"),
    ("4 5 3", "permute(2,0,1)"), ("2 3 4", "permute(0,2,1)[:, 1:3].reshape(2,6)"), ("2 3 4", "[:, :, 1:2].reshape(6)"),
]
NUMPY = [
    ("3 4 5", "flip(2)", "[:, :, ::-1]"), ("2 3", "flip(0,1)", "[::-1, ::-1]"), ("6 4", "[::-2]", "[::-2]"),
    ("6 4", "[4:0:-1, 3:1:-1]", "[4:0:-1, 3:1:-1]"), ("6 4", "[-2::-1]", "[-2::-1]"), ("6 4", "[9:-9:-4]", "[9:-9:-4]"),
    ("6 4", "flip(0).flip(0)", "[::-1][::-1]"), ("2 3 4", "flip(1).flip(0).reshape(6,4)", "[::-1, ::-1].reshape(6,4)"),
    ("2 3 4", "flip(1).reshape(6,4)", "[:, ::-1].reshape(6,4)"), ("2 3 4", "flip(2).permute(2,0,1)", "[:, :, ::-1].transpose(2,0,1)"),
    ("5", "[0:3:-1]", "[0:3:-1]"), ("3 2", "[1, ::-1]", "[1, ::-1]"),
]


def sizes(text):
    return [int(s) for s in text.split()]


def line(start, ops, shape, strides, offset, moved, elements):
    return "; ".join([start, ops, " ".join(map(str, shape)), " ".join(map(str, strides)), str(offset), str(int(moved)),
                      " ".join(str(int(v)) for v in elements)])


def main():
    lines = [f"# PyTorch {torch.__version__.split('+')[0]}, NumPy {np.__version__}"]
    for start, ops in TORCH:
        x = torch.arange(int(np.prod(sizes(start)))).reshape(sizes(start))
        try:
            y = eval("x" + ("" if ops[0] == "[" else ".") + ops, {"x": x})
        except RuntimeError:
            lines.append("; ".join([start, ops, "refused"]))
            continue
        moved = y.storage().data_ptr() != x.storage().data_ptr()
        lines.append(line(start, ops, y.shape, y.stride(), y.storage_offset(), moved, y.flatten()))
    for start, ops, indices in NUMPY:
        x = np.arange(int(np.prod(sizes(start)))).reshape(sizes(start))
        y = eval("x" + indices, {"x": x})
        moved = y.size > 0 and not np.shares_memory(x, y)
        offset = (y.__array_interface__["data"][0] - x.__array_interface__["data"][0]) // 8 if y.size and not moved else 0
        lines.append(line(start, ops, y.shape, [s // 8 for s in y.strides], offset, moved, y.flatten()))
    OUT.write_text("\n".join(lines) + "\n")


main()
