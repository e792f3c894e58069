"""Saves what OpenCV and NumPy compute on pictures that are hardly any, for tests/cli/test_image_robust.py.

    /usr/bin/python3 tests/data/make_degenerate.py      # needs python3-opencv and python3-pil

Writes tests/data/degenerate/: cases.json, a list of {args, input, expected, tolerance} (rows of numbers; each pixel of a colour
picture is a list), with kernels larger than the picture; cmyk.jpg; VERSION.
"""
import json
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, __version__ as pil_version

OUT = Path(__file__).resolve().parent / "degenerate"
REFLECT, REPLICATE = cv2.BORDER_REFLECT_101, cv2.BORDER_REPLICATE
SHARPEN = np.float32([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])


def to_bytes(values):
    return np.clip(np.floor(values + 0.5), 0, 255)


def curve(function):
    return lambda p: to_bytes(function(p.astype(np.float64)))


def adaptive(p):
    return cv2.adaptiveThreshold(p, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 35, 10)


def distance(p):
    padded = cv2.distanceTransform(np.ascontiguousarray(p), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(padded)


def fourier(p):
    return np.abs(np.fft.fftshift(np.fft.fft2(p.astype(np.float64))))


def magnitude(kernel):
    return lambda p: np.hypot(kernel(p, cv2.CV_64F, 1, 0, borderType=REFLECT), kernel(p, cv2.CV_64F, 0, 1, borderType=REFLECT))


def rectangle(size):
    return np.ones((size, size), np.uint8)


# (arguments, reference, tolerance): one channel in
GREY = [
    (["filter", "--kernel", "0 -1 0; -1 5 -1; 0 -1 0"], lambda p: cv2.filter2D(p, cv2.CV_32F, SHARPEN, borderType=REFLECT), 1e-3),
    (["mean", "--size", "9"], lambda p: cv2.blur(p.astype(np.float64), (9, 9), borderType=REFLECT), 1e-3),
    (["gray"], lambda p: p, 0), (["flip"], lambda p: p[:, ::-1], 0), (["flip", "--axis", "y"], lambda p: p[::-1], 0),
    (["add", "--value", "-300"], lambda p: p - 300.0, 1e-3),
    (["invert"], lambda p: 255.0 - p, 0), (["gamma", "--gamma", "0.5"], curve(lambda p: 255 * np.sqrt(p / 255)), 0),
    (["multiply", "--factor", "2"], curve(lambda p: 2 * p), 0),
    (["curve", "--points", "0,255 255,0"], lambda p: 255.0 - p, 0),
    (["equalize"], cv2.equalizeHist, 1),  # of two levels equally near OpenCV takes the even one
    (["clahe"], lambda p: cv2.createCLAHE(2.0, (8, 8)).apply(p), 1),
    (["threshold", "--value", "100"], lambda p: cv2.threshold(p, 100, 255, cv2.THRESH_BINARY)[1], 0),
    (["threshold", "--otsu"], lambda p: cv2.threshold(p, 0, 255, cv2.THRESH_OTSU)[1], 0),
    (["threshold", "--adaptive", "mean"], adaptive, 0),
    (["morphology", "--size", "11"], lambda p: cv2.erode(p, rectangle(11)), 0),
    (["morphology", "--size", "11", "--kind", "close"], lambda p: cv2.morphologyEx(p, cv2.MORPH_CLOSE, rectangle(11)), 0),
    (["gaussian", "--sigma", "5"], lambda p: cv2.GaussianBlur(p, (31, 31), 5, borderType=REFLECT), 0),
    (["gaussian", "--sigma", "1", "--size", "255"], lambda p: cv2.GaussianBlur(p, (255, 255), 1, borderType=REFLECT), 0),
    (["median", "--size", "9"], lambda p: cv2.medianBlur(p, 9), 0),
    (["bilateral", "--size", "9", "--sigma", "2", "--range", "25"], lambda p: cv2.bilateralFilter(p, 9, 25, 2, borderType=REFLECT), 1),
    (["filter-bytes", "--kernel", "1 2 1; 0 0.5 0; -1 -2 -1"],
     lambda p: cv2.filter2D(p, cv2.CV_8U, np.float32([[1, 2, 1], [0, 0.5, 0], [-1, -2, -1]]), borderType=REFLECT), 0),
    (["sharpen"], lambda p: cv2.filter2D(p, cv2.CV_8U, SHARPEN, borderType=REFLECT), 0),
    (["sobel"], magnitude(cv2.Sobel), 1e-3), (["scharr"], magnitude(cv2.Scharr), 1e-2),
    (["laplacian"], lambda p: cv2.Laplacian(p, cv2.CV_64F, ksize=1, borderType=REFLECT), 0),
    (["canny"], lambda p: cv2.Canny(p, 50, 100), 0),
    (["resize", "--size", "5x4", "--interpolation", "bilinear"], lambda p: cv2.resize(p, (5, 4), interpolation=cv2.INTER_LINEAR), 1),
    (["resize", "--size", "5x4", "--interpolation", "nearest"], lambda p: cv2.resize(p, (5, 4), interpolation=cv2.INTER_NEAREST), 0),
    (["resize", "--size", "1x1"], lambda p: cv2.resize(p, (1, 1), interpolation=cv2.INTER_AREA), 1),
    (["rotate", "--angle", "180"], lambda p: p[::-1, ::-1], 0),
    (["components"], lambda p: cv2.connectedComponents(p, connectivity=8)[1], 0),
    (["distance"], distance, 1e-3),
    (["fft", "--linear"], fourier, 1e-2),
]
COLOUR = [
    (["gray"], lambda p: p @ np.float64([0.299, 0.587, 0.114]), 1e-3),
    (["hsv"], lambda p: cv2.cvtColor(p, cv2.COLOR_RGB2HSV), 0), (["lab"], lambda p: cv2.cvtColor(p, cv2.COLOR_RGB2LAB), 1),
    (["median", "--size", "9"], lambda p: cv2.medianBlur(p, 9), 0),
    (["gaussian", "--sigma", "5"], lambda p: cv2.GaussianBlur(p, (31, 31), 5, borderType=REFLECT), 0),
]


def main():
    OUT.mkdir(exist_ok=True)
    rng = np.random.default_rng(11)
    cases = []
    for height, width in ((1, 1), (1, 7), (7, 1), (2, 3)):
        grey = rng.integers(0, 256, (height, width)).astype(np.uint8)
        colour = rng.integers(0, 256, (height, width, 3)).astype(np.uint8)
        mask = np.uint8([0, 9, 9, 9, 9, 0, 9][: height * width]).reshape(height, width)
        for table, picture in ((GREY, grey), (COLOUR, colour)):
            for args, reference, tolerance in table:
                source = mask if args[0] in ("components", "distance") else picture
                expected = np.asarray(reference(np.ascontiguousarray(source)), np.float64).round(4)
                cases.append({"args": args, "input": source.tolist(), "expected": expected.tolist(), "tolerance": tolerance})
    lines = ",\n".join(json.dumps(case).replace(".0,", ",").replace(".0]", "]") for case in cases)
    (OUT / "cases.json").write_text(f"[\n{lines}\n]\n")
    Image.new("CMYK", (2, 1), (10, 20, 30, 40)).save(OUT / "cmyk.jpg", quality=50)
    (OUT / "VERSION").write_text(f"OpenCV {cv2.__version__}, NumPy {np.__version__}, Pillow {pil_version}\n")


if __name__ == "__main__":
    main()
