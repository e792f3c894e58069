"""Saves what OpenCV and NumPy compute, for tests/core/image/{optical_flow,horn_schunck,line_fit,frame_average,fourier}_test.cpp.

    /usr/bin/python3 tests/data/make_motion.py        # needs python3-opencv, and the photographs of tools/setup

Writes tests/data/motion/. Frames are a crop of a shipped photograph and the same crop 1.3 px further right and 0.8 px
higher up (cut from the photograph resampled by OpenCV's warpAffine), so that the tests need neither.
"""
from pathlib import Path

import cv2
import numpy as np

HERE = Path(__file__).resolve().parent
OUT = HERE / "motion"
PHOTOS = HERE.parents[1] / "build/assets/photos"


def frames(name, top, left, height, width, dx, dy):
    photo = cv2.imread(str(PHOTOS / name), cv2.IMREAD_GRAYSCALE)
    photo = cv2.GaussianBlur(photo, (0, 0), 1.0)
    moved = cv2.warpAffine(photo, np.float32([[1, 0, dx], [0, 1, dy]]), photo.shape[::-1], flags=cv2.INTER_LINEAR)
    crop = np.s_[top : top + height, left : left + width]
    return photo[crop].copy(), moved[crop].copy()


def horn_schunck_direct(first, second, alpha):
    """The fixed point of the iteration by a direct solve: alpha^2 (u - mean u) + Ix (Ix u + Iy v + It) = 0, and so for v."""
    height, width = first.shape
    mean = 0.5 * (first + second)
    ix = cv2.Scharr(mean, cv2.CV_64F, 1, 0) / 32
    iy = cv2.Scharr(mean, cv2.CV_64F, 0, 1) / 32
    it = second - first
    n = height * width
    average = np.zeros((n, n))
    for y in range(height):
        for x in range(width):
            for j in (-1, 0, 1):
                for i in (-1, 0, 1):
                    if i or j:
                        to = min(max(y + j, 0), height - 1) * width + min(max(x + i, 0), width - 1)
                        average[y * width + x, to] += 1 / 12 if i and j else 1 / 6
    smooth = alpha**2 * (np.eye(n) - average)
    ix, iy, it = ix.ravel(), iy.ravel(), it.ravel()
    matrix = np.block([[smooth + np.diag(ix * ix), np.diag(ix * iy)], [np.diag(ix * iy), smooth + np.diag(iy * iy)]])
    solution = np.linalg.solve(matrix, np.concatenate([-ix * it, -iy * it]))
    return solution.reshape(2, height, width)


def main():
    OUT.mkdir(exist_ok=True)
    for old in OUT.glob("*"):
        old.unlink()
    first, second = frames("camera.png", 60, 170, 96, 112, 1.3, -0.8)
    np.save(OUT / "first.npy", first)
    np.save(OUT / "second.npy", second)
    np.save(OUT / "half.npy", cv2.pyrDown(first.astype(np.float32)))
    np.save(OUT / "dx.npy", (cv2.Scharr(first.astype(np.float32), cv2.CV_32F, 1, 0) / 32)[::5])
    np.save(OUT / "dy.npy", (cv2.Scharr(first.astype(np.float32), cv2.CV_32F, 0, 1) / 32)[::5])
    # Eigenvalues of the structure tensor: OpenCV's gradient of float pictures is Scharr / (8 * block).
    for block in (5, 9):
        eigen = cv2.cornerEigenValsAndVecs(first.astype(np.float32), block, -1)[:, :, :2] * (8 * block / 32) ** 2
        np.save(OUT / f"eigen-{block}.npy", eigen[::7, ::7].astype(np.float32))
    points = cv2.goodFeaturesToTrack(first[20:-20, 20:-20], 25, 0.05, 6).reshape(-1, 2) + 20
    tracked, status, _ = cv2.calcOpticalFlowPyrLK(
        first, second, points.astype(np.float32), None, winSize=(15, 15), maxLevel=2,
        criteria=(cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 30, 1e-4))
    good = status.ravel() == 1
    np.save(OUT / "points.npy", points[good].astype(np.float32))
    np.save(OUT / "tracked.npy", tracked[good].astype(np.float32))

    a, b = frames("coins.png", 40, 40, 14, 18, 0.4, 0.3)
    np.save(OUT / "small-first.npy", a)
    np.save(OUT / "small-second.npy", b)
    np.save(OUT / "horn-schunck.npy", horn_schunck_direct(a.astype(float), b.astype(float), 8.0).astype(np.float32))

    rng = np.random.default_rng(7)
    x = rng.uniform(-1, 1, 20)
    y = 0.7 * x - 0.2 + rng.normal(0, 0.05, 20)
    slope, intercept = np.polyfit(x, y, 1)
    np.savetxt(OUT / "line.txt", np.stack([x, y], 1), fmt="%.17g", header=f"{slope:.17g} {intercept:.17g}", comments="")

    noisy = rng.normal(100, 20, (9, 7, 11)).astype(np.float32)
    np.save(OUT / "noisy.npy", noisy.reshape(9, 77))
    np.save(OUT / "noisy-mean.npy", noisy.astype(float).mean(0).ravel().astype(np.float32))
    np.save(OUT / "noisy-variance.npy", noisy.astype(float).var(0, ddof=1).ravel().astype(np.float32))

    for rows, columns in ((16, 32), (15, 21), (1, 7), (12, 1), (13, 16)):
        plane = rng.integers(0, 256, (rows, columns)).astype(np.uint8)
        spectrum = np.fft.fft2(plane.astype(float))
        name = f"fourier-{rows}x{columns}"
        np.save(OUT / f"{name}.npy", plane)
        np.save(OUT / f"{name}-out.npy", np.ascontiguousarray(np.concatenate([spectrum.real, spectrum.imag]), np.float32))
    crop = first[:64, :64].astype(float)
    np.save(OUT / "fourier-photo.npy", np.ascontiguousarray(np.log1p(np.abs(np.fft.fftshift(np.fft.fft2(crop)))), np.float32))
    (OUT / "VERSION").write_text(
        f"OpenCV {cv2.__version__}, NumPy {np.__version__}, by tests/data/make_motion.py\n"
        "first, second: camera.png rows 60-155, columns 170-281 (Lav Varshney, CC0; see assets/manifest.json)\n"
        "small-*: coins.png rows 40-53, columns 40-57 (Brooklyn Museum)\n")


main()
