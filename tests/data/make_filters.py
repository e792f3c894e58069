"""Saves what OpenCV computes, for tests/core/image/filters_opencv_test.cpp.

    /usr/bin/python3 tests/data/make_filters.py      # needs python3-opencv (with contrib), and the photographs of tools/setup

Writes tests/data/filters/: three inputs as .npy (crops of two shipped photographs, one in colour, and a random picture of
odd size), one .npy for each operation and input, and VERSION. uint8 unless the result has a sign.
"""
from pathlib import Path

import cv2
import numpy as np

HERE = Path(__file__).resolve().parent
OUT = HERE / "filters"
PHOTOS = HERE.parents[1] / "build/assets/photos"


def main():
    OUT.mkdir(exist_ok=True)
    for old in OUT.glob("*"):
        old.unlink()
    rng = np.random.default_rng(7)
    grey = cv2.imread(str(PHOTOS / "camera.png"), cv2.IMREAD_GRAYSCALE)[60:108, 180:252]
    colour = cv2.imread(str(PHOTOS / "coffee.png"), cv2.IMREAD_COLOR)[100:132, 200:248, ::-1]
    inputs = {"grey": grey, "colour": np.ascontiguousarray(colour), "random": rng.integers(0, 256, (19, 23), np.uint8)}
    reflect, replicate = cv2.BORDER_REFLECT_101, cv2.BORDER_REPLICATE

    def save(name, op, values):
        np.save(OUT / f"{name}-{op}.npy", np.ascontiguousarray(values if values.dtype == np.uint8 else values.astype(np.float32)))

    for name, p in inputs.items():
        np.save(OUT / f"{name}.npy", p)
        save(name, "gaussian-5-1", cv2.GaussianBlur(p, (5, 5), 1, borderType=reflect))
        save(name, "gaussian-2.5", cv2.GaussianBlur(p, (0, 0), 2.5, borderType=reflect))
        save(name, "gaussian-replicate", cv2.GaussianBlur(p, (7, 7), 0.8, borderType=replicate))
        save(name, "mean-3", cv2.blur(p, (3, 3), borderType=reflect))
        save(name, "mean-15", cv2.blur(p, (15, 15), borderType=reflect))
        save(name, "median-3", cv2.medianBlur(p, 3))
        save(name, "median-5", cv2.medianBlur(p, 5))
        save(name, "median-9", cv2.medianBlur(p, 9))
        save(name, "bilateral", cv2.bilateralFilter(p, 7, 25, 2, borderType=reflect))
        save(name, "sharpen", cv2.filter2D(p, -1, np.float32([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]), borderType=reflect))
        for kernel, weights in (("whole", [[-1, 2, -3], [4, 5, 1], [2, -6, 1]]), ("fractions", [[0.1, 0.15, -0.2], [0.3, 0.7, 0.05], [-0.4, 0.25, 0.02]])):
            save(name, f"dense-{kernel}", cv2.filter2D(p, -1, np.float32(weights), borderType=reflect))
        if p.ndim == 3:
            continue
        x, y = (cv2.Sobel(p, cv2.CV_16S, 1 - d, d, borderType=reflect) for d in (0, 1))
        save(name, "sobel-x", x)
        save(name, "sobel-y", y)
        save(name, "scharr-x", cv2.Scharr(p, cv2.CV_16S, 1, 0, borderType=reflect))
        save(name, "scharr-y", cv2.Scharr(p, cv2.CV_16S, 0, 1, borderType=reflect))
        save(name, "laplacian", cv2.Laplacian(p, cv2.CV_16S, borderType=reflect))
        smooth = cv2.GaussianBlur(p, (5, 5), 1, borderType=reflect)
        save(name, "canny", cv2.Canny(p, 60, 180))
        save(name, "canny-smooth", cv2.Canny(smooth, 30, 90))
        save(name, "canny-euclidean", cv2.Canny(smooth, 25, 70, L2gradient=True))
        save(name, "canny-swapped", cv2.Canny(p, 180, 60))

    noisy = np.clip(grey + np.round(rng.normal(0, 12, grey.shape)), 0, 255).astype(np.uint8)
    np.save(OUT / "grey-noisy.npy", noisy)
    # Structural similarity over the inside, from OpenCV's map (its border is of another kind).
    _, parts = cv2.quality.QualitySSIM_compute(grey, noisy)
    (OUT / "quality.txt").write_text(f"{cv2.PSNR(grey, noisy):.12g}\n{parts[5:-5, 5:-5].mean():.12g}\n")
    (OUT / "VERSION").write_text(f"OpenCV {cv2.__version__}, NumPy {np.__version__}, by tests/data/make_filters.py\n"
        "grey: camera.png rows 60-107, columns 180-251 (Lav Varshney, CC0); colour: coffee.png rows 100-131, columns 200-247\n"
        "(Rachel Michetti, CC0); see assets/manifest.json\n")


main()
