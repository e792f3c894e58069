"""Saves what OpenCV's filters make of noisy pictures, and scikit-image's PSNR and SSIM of that, for
tests/app/demos/denoise_test.cpp and tests/core/image/denoise_test.cpp.

    /usr/bin/python3 tests/data/make_denoise.py      # needs python3-opencv, python3-skimage and build/native/bin/cvlab

Writes tests/data/denoise/: clean.npy (a crop of camera.png), salt.npy and gaussian.npy (with our seeded noise, the only part
that is ours), filtered pictures, measures.txt (noise, filter, PSNR in dB, SSIM) and VERSION.
"""
import subprocess
import tempfile
from pathlib import Path

import cv2
import numpy as np
import skimage
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

HERE = Path(__file__).resolve().parent
OUT = HERE / "denoise"
ROOT = HERE.parents[1]


def noisy(picture, kind, amount):
    with tempfile.TemporaryDirectory() as folder:
        before, after = f"{folder}/a.png", f"{folder}/b.png"
        cv2.imwrite(before, picture)
        subprocess.run([ROOT / "build/native/bin/cvlab", "image", "noise", "--kind", kind, "--amount", str(amount), "--seed", "1",
                        before, after], check=True)
        return cv2.imread(after, cv2.IMREAD_UNCHANGED)


def main():
    OUT.mkdir(exist_ok=True)
    clean = cv2.imread(str(ROOT / "build/assets/photos/camera.png"), cv2.IMREAD_GRAYSCALE)[80:144, 190:286]
    np.save(OUT / "clean.npy", clean)
    lines = []
    for name, kind, amount in (("salt", "salt-and-pepper", 10), ("gaussian", "gaussian", 20)):
        picture = noisy(clean, kind, amount)
        np.save(OUT / f"{name}.npy", picture)
        reflect = cv2.BORDER_REFLECT_101
        filtered = {
            "noisy": picture,
            "mean": cv2.blur(picture, (5, 5), borderType=reflect),
            "gaussian": cv2.GaussianBlur(picture, (0, 0), 1.2, borderType=reflect),
            "median": cv2.medianBlur(picture, 3),
            "bilateral": cv2.bilateralFilter(picture, 0, 50, 2, borderType=reflect),  # radius round(1.5 * 2)
        }
        for filter_name, result in filtered.items():
            similarity = structural_similarity(clean, result, data_range=255, gaussian_weights=True, sigma=1.5,
                                               use_sample_covariance=False)
            decibels = peak_signal_noise_ratio(clean, result, data_range=255)
            lines.append(f"{name} {filter_name} {decibels:.10g} {similarity:.10g}\n")
        np.save(OUT / f"{name}-bilateral.npy", filtered["bilateral"])
    (OUT / "measures.txt").write_text("".join(lines))
    (OUT / "VERSION").write_text(f"OpenCV {cv2.__version__}, scikit-image {skimage.__version__}, by tests/data/make_denoise.py\n"
        "clean: camera.png rows 80-143, columns 190-285 (Lav Varshney, CC0; see assets/manifest.json)\n")


main()
