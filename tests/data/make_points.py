"""Saves what OpenCV computes, for the tests of point operations (tests/core/image/points_data.hpp) and tests/cli.

    /usr/bin/python3 tests/data/make_points.py     # needs python3-opencv and the photographs of tools/setup

Writes tests/data/points/: crops of two shipped photographs and a random picture of odd size as PNG, results as
<picture>-<operation>.png (bytes) or .npy, otsu and component counts of whole photographs in counts.txt, and VERSION.
"""
from pathlib import Path

import cv2
import numpy as np

HERE = Path(__file__).resolve().parent
OUT = HERE / "points"
PHOTOS = HERE.parents[1] / "build/assets/photos"
SHAPES = {"square": cv2.MORPH_RECT, "cross": cv2.MORPH_CROSS, "disc": cv2.MORPH_ELLIPSE}
KINDS = {"erode": cv2.MORPH_ERODE, "dilate": cv2.MORPH_DILATE, "open": cv2.MORPH_OPEN, "close": cv2.MORPH_CLOSE,
         "gradient": cv2.MORPH_GRADIENT}


def save(name, picture):
    if picture.dtype == np.uint8:
        cv2.imwrite(str(OUT / f"{name}.png"), picture)
    else:
        np.save(OUT / f"{name}.npy", picture.astype(np.float32))


def grey_cases(name, f):
    save(f"{name}-add", cv2.add(f, np.full_like(f, 20)))
    save(f"{name}-invert", cv2.bitwise_not(f))
    curve = np.rint(255 * (np.arange(256) / 255) ** 0.5).astype(np.uint8)
    save(f"{name}-gamma", cv2.LUT(f, curve))
    save(f"{name}-multiply", cv2.multiply(f, 1.6))
    save(f"{name}-equalise", cv2.equalizeHist(f))
    save(f"{name}-clahe", cv2.createCLAHE(2.0, (8, 8)).apply(f))
    save(f"{name}-clahe-3x2", cv2.createCLAHE(4.0, (3, 2)).apply(f))
    save(f"{name}-threshold", cv2.threshold(f, 100, 255, cv2.THRESH_BINARY)[1])
    level, mask = cv2.threshold(f, 0, 255, cv2.THRESH_OTSU)
    save(f"{name}-otsu", mask)
    for kind, method in (("mean", cv2.ADAPTIVE_THRESH_MEAN_C), ("gaussian", cv2.ADAPTIVE_THRESH_GAUSSIAN_C)):
        for size, offset in ((3, 0), (15, 7), (31, -3)):
            save(f"{name}-{kind}-{size}-{offset}", cv2.adaptiveThreshold(f, 255, method, cv2.THRESH_BINARY, size, offset))
    for kind, code in KINDS.items():
        save(f"{name}-{kind}-square-5", cv2.morphologyEx(f, code, cv2.getStructuringElement(cv2.MORPH_RECT, (5, 5))))
    for shape in ("cross", "disc"):
        element = cv2.getStructuringElement(SHAPES[shape], (9, 9))
        save(f"{name}-dilate-{shape}-9", cv2.dilate(f, element))
        save(f"{name}-open-{shape}-9", cv2.morphologyEx(f, cv2.MORPH_OPEN, element))
    for neighbours in (4, 8):
        # Wu's algorithm numbers the pieces in reading order.
        n, labels, stats, centroids = cv2.connectedComponentsWithStatsWithAlgorithm(
            mask, neighbours, cv2.CV_32S, cv2.CCL_WU)
        assert n <= 256
        save(f"{name}-components-{neighbours}", labels.astype(np.uint8))
        left, top, width, height, area = stats[1:].T
        save(f"{name}-statistics-{neighbours}",
             np.column_stack([area, left, top, width, height, centroids[1:, 0], centroids[1:, 1]]))
    distance = cv2.distanceTransform(mask, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    save(f"{name}-distance", np.rint(distance.astype(np.float64) ** 2))
    return int(level)


def counts(photo):
    f = cv2.imread(str(PHOTOS / f"{photo}.png"), cv2.IMREAD_GRAYSCALE)
    level, mask = cv2.threshold(f, 0, 255, cv2.THRESH_OTSU)
    n = [cv2.connectedComponents(mask, connectivity=c)[0] - 1 for c in (4, 8)]
    return f"{photo} {int(level)} {n[0]} {n[1]}"


def main():
    OUT.mkdir(exist_ok=True)
    for old in OUT.glob("*"):
        old.unlink()
    rng = np.random.default_rng(11)
    colour = cv2.imread(str(PHOTOS / "astronaut.png"))[90:154, 180:276]  # 64 x 96
    pictures = {
        "coins": cv2.imread(str(PHOTOS / "coins.png"), cv2.IMREAD_GRAYSCALE)[30:94, 40:136],
        "page": cv2.imread(str(PHOTOS / "page.png"), cv2.IMREAD_GRAYSCALE)[60:124, 30:126],
        "random": rng.integers(0, 256, (29, 37), np.uint8),
    }
    lines = []
    for name, f in pictures.items():
        save(name, f)
        lines.append(f"{name} {grey_cases(name, f)}")
    wheel = rng.integers(0, 256, (31, 37, 3), np.uint8)
    for name, f in (("colour", colour), ("wheel", wheel)):
        save(name, f)
        save(f"{name}-grey", cv2.cvtColor(f, cv2.COLOR_BGR2GRAY))
        # Files hold R G B: write the three channels of the other space in that order.
        hsv = cv2.cvtColor(f, cv2.COLOR_BGR2HSV)
        # Of float pictures: the path for 8 bits has tables that are off by up to 2.
        lab = cv2.cvtColor(f.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
        lab = np.clip(np.rint(lab * [255 / 100, 1, 1] + [0, 128, 128]), 0, 255).astype(np.uint8)
        save(f"{name}-hsv", np.ascontiguousarray(hsv[:, :, ::-1]))
        save(f"{name}-lab", np.ascontiguousarray(lab[:, :, ::-1]))
        save(f"{name}-from-hsv", cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR))
        save(f"{name}-from-lab", cv2.cvtColor(lab, cv2.COLOR_LAB2BGR))
    (OUT / "otsu.txt").write_text("\n".join(lines) + "\n")
    (OUT / "counts.txt").write_text("\n".join(counts(p) for p in ("coins", "page", "camera", "moon")) + "\n")
    (OUT / "VERSION").write_text(
        f"OpenCV {cv2.__version__}, NumPy {np.__version__}, "
        "by tests/data/make_points.py\n"
        "colour: astronaut.png rows 90-153, columns 180-275 (NASA); coins: coins.png rows 30-93, columns 40-135; "
        "page: page.png rows 60-123, columns 30-125 (see assets/manifest.json)\n"
    )


main()
