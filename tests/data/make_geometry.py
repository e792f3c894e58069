"""Saves what OpenCV computes, for tests/core/image/{warp,resize,homography,features,stereo}_test.cpp.

    /usr/bin/python3 tests/data/make_geometry.py   # needs python3-opencv and the photographs of tools/setup

Writes tests/data/geometry/: crops of shipped photographs and a random picture as .npy (H, W) or (H, W, 3), R G B; results;
cases.txt (one line a case: kind, number, input, width, height, numbers); VERSION. The stereo crop has its measured
disparities of the Middlebury data set, four times as many per pixel, 255 where there is none: --truth motorcycle_disp.npz,
which lies beside the pictures in the package.
"""
import sys
from pathlib import Path

import cv2
import numpy as np

HERE = Path(__file__).resolve().parent
OUT = HERE / "geometry"
PHOTOS = HERE.parents[1] / "build/assets/photos"


def photo(name, rows, columns, flag=cv2.IMREAD_GRAYSCALE):
    picture = cv2.imread(str(PHOTOS / f"{name}.png"), flag)[rows, columns]
    return np.ascontiguousarray(picture if picture.ndim == 2 else picture[:, :, ::-1])


def stereo_crops(truth):
    rows, columns = slice(120, 360), slice(260, 660)
    left = cv2.resize(photo("motorcycle_left", rows, columns), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    right = cv2.resize(photo("motorcycle_right", rows, columns), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    disparity = np.load(truth)["arr_0"][rows, columns][::2, ::2].astype(np.float64) / 2
    known = np.isfinite(disparity)
    return left, right, np.where(known, np.round(np.where(known, disparity, 0) * 4), 255).astype(np.uint8)


def block_match(left, right, radius, most):
    """The least cost over whole disparities, with OpenCV's own box sums; edge pixels are repeated."""
    pad = radius + most
    a = cv2.copyMakeBorder(left, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    b = cv2.copyMakeBorder(right, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    costs = []
    for d in range(most + 1):
        cost = cv2.boxFilter(cv2.absdiff(a, np.roll(b, d, 1)), cv2.CV_32S, (2 * radius + 1,) * 2, normalize=False)[pad:-pad, pad:-pad].copy()
        cost[:, :d] = 2**30
        costs.append(cost)
    return np.argmin(np.stack(costs), axis=0).astype(np.uint8)


def main():
    truth = sys.argv[sys.argv.index("--truth") + 1]
    OUT.mkdir(exist_ok=True)
    for old in OUT.glob("*"):
        old.unlink()
    rng = np.random.default_rng(11)
    inputs = {
        "colour": photo("coffee", slice(120, 184), slice(220, 316), cv2.IMREAD_COLOR),
        "grey": photo("camera", slice(60, 180), slice(160, 320)),
        "random": rng.integers(0, 256, (23, 31), np.uint8),
    }
    inputs["left"], inputs["right"], inputs["truth"] = stereo_crops(truth)
    for name, picture in inputs.items():
        np.save(OUT / f"{name}.npy", picture)
    cases = []

    def case(kind, name, out, numbers):
        number = len(cases)
        np.save(OUT / f"out-{number}.npy", np.ascontiguousarray(out))
        cases.append(f"{kind} {number} {name} {out.shape[1]} {out.shape[0]} " + " ".join(repr(float(v)) for v in numbers))

    def warp(name, size, m):
        m = np.asarray(m, np.float64)
        out = cv2.warpPerspective(inputs[name], m, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_CONSTANT, borderValue=(40, 40, 40))
        case("warp", name, out, m.ravel())

    quad = cv2.getPerspectiveTransform(np.float32([[0, 0], [70, 0], [70, 50], [0, 50]]), np.float32([[12, 7], [80, 15], [71, 55], [5, 44]]))
    warp("colour", (70, 50), quad)
    warp("grey", (90, 60), [[1.1037, 0.2113, -8.3217], [-0.1539, 0.9071, 12.7133], [0.00113, -0.00071, 1]])
    warp("grey", (75, 61), [[1, 0.5, -20], [0.1, 1.6, -9], [0.01, -0.02, 0.505]])  # the horizon runs through it, between pixels
    warp("random", (40, 33), [[0.6, -0.3, 4.2], [0.25, 0.7, -3.1], [0.002, 0.004, 1]])
    warp("random", (31, 23), np.vstack([cv2.invertAffineTransform(cv2.getRotationMatrix2D((15, 11), 30, 1)), [0, 0, 1]]))
    for how, flag in (("nearest", cv2.INTER_NEAREST), ("bilinear", cv2.INTER_LINEAR), ("area", cv2.INTER_AREA)):
        sizes = [("colour", (48, 32)), ("colour", (37, 29)), ("grey", (80, 60)), ("grey", (53, 40)), ("random", (10, 7))]
        if how != "area":
            sizes += [("random", (70, 51)), ("random", (31, 40))]
        for name, size in sizes:
            case(how, name, cv2.resize(inputs[name], size, interpolation=flag), [])
    for name in ("grey", "random"):
        response = cv2.cornerHarris(inputs[name], 5, 3, 0.04, borderType=cv2.BORDER_REPLICATE)
        case("harris", name, response[::3, ::3].astype(np.float32), [])
    for radius, most in ((0, 20), (3, 32)):
        case("stereo", "left", block_match(inputs["left"], inputs["right"], radius, most), [radius, most])
    four = [np.float32([[10, 12], [300, 40], [280, 210], [30, 190]]), np.float32([[0, 0], [200, 0], [200, 150], [0, 150]])]

    def fitted(kind, h, points):  # numbers: the nine of H, then the points
        numbers = [*h.ravel(), *np.concatenate(points).ravel()]
        cases.append(f"{kind} {len(cases)} - 3 3 " + " ".join(repr(float(v)) for v in numbers))

    fitted("four", cv2.getPerspectiveTransform(*four), four)
    many = rng.uniform(0, 300, (20, 2))
    h = np.array([[1.1, 0.1, 5], [-0.05, 0.95, 9], [2e-4, -1e-4, 1]])
    mapped = cv2.perspectiveTransform(many[None], h)[0] + rng.normal(0, 0.5, (20, 2))
    fitted("many", cv2.findHomography(many, mapped, 0)[0], [many, mapped])
    (OUT / "cases.txt").write_text("\n".join(cases) + "\n")
    (OUT / "VERSION").write_text(
        f"OpenCV {cv2.__version__}, NumPy {np.__version__}, by tests/data/make_geometry.py\n"
        "colour: coffee.png (Rachel Michetti, CC0); grey: camera.png (Lav Varshney, CC0); left, right, truth: motorcycle\n"
        "(Middlebury stereo data set 2014, D. Scharstein et al.; see assets/manifest.json)\n"
    )


main()
