"""Saves what OpenCV computes, for tests/core/ops/conv2d_opencv_test.cpp and tests/cli/test_cli.py.

    python3 tests/data/make_opencv.py        # needs python3-opencv, and the photographs of tools/setup

Writes tests/data/opencv/: inputs and outputs as .npy, cases.txt (one line a case: input, kernel rows and columns, padding,
stride, dilation, flip, output), and VERSION. Inputs are a crop of a shipped photograph and a random picture of odd size,
so that the tests need neither the photograph nor OpenCV.
"""
from pathlib import Path

import cv2
import numpy as np

HERE = Path(__file__).resolve().parent
OUT = HERE / "opencv"
PHOTO = HERE.parents[1] / "build/assets/photos/astronaut.png"
BORDERS = {
    "valid": cv2.BORDER_CONSTANT,  # cropped below: the border does not reach what is left
    "zero": cv2.BORDER_CONSTANT,
    "replicate": cv2.BORDER_REPLICATE,
    "reflect": cv2.BORDER_REFLECT_101,
}


def dilated(kernel, step):
    rows, columns = kernel.shape
    out = np.zeros(((rows - 1) * step + 1, (columns - 1) * step + 1), np.float32)
    out[::step, ::step] = kernel
    return out


def filter2d(picture, kernel, padding, stride, dilation, flip):
    kernel = dilated(kernel[::-1, ::-1] if flip else kernel, dilation)
    rows, columns = kernel.shape
    top, left = (rows - 1) // 2, (columns - 1) // 2  # our middle of an even kernel; OpenCV's default is one further
    out = cv2.filter2D(picture, cv2.CV_32F, kernel, anchor=(left, top), borderType=BORDERS[padding])
    if padding == "valid":
        out = out[top : top + picture.shape[0] - rows + 1, left : left + picture.shape[1] - columns + 1]
    return np.ascontiguousarray(out[::stride, ::stride])


def main():
    OUT.mkdir(exist_ok=True)
    for old in OUT.glob("*"):
        old.unlink()
    rng = np.random.default_rng(5)
    photo = cv2.imread(str(PHOTO), cv2.IMREAD_COLOR)[90:138, 200:264]  # 48 x 64, eyes and background
    inputs = {
        "photo": cv2.cvtColor(photo, cv2.COLOR_BGR2GRAY),
        "random": rng.integers(0, 256, (23, 31), np.uint8),
    }
    for name, picture in inputs.items():
        np.save(OUT / f"{name}.npy", picture)
    cv2.imwrite(str(OUT / "photo.png"), inputs["photo"])
    cv2.imwrite(str(OUT / "photo-colour.png"), photo)
    cases = []

    def case(name, kernel, padding, stride=1, dilation=1, flip=False):
        kernel = np.asarray(kernel, np.float32)
        number = len(cases)
        np.save(OUT / f"kernel-{number}.npy", kernel)
        np.save(OUT / f"out-{number}.npy", filter2d(inputs[name], kernel, padding, stride, dilation, flip))
        cases.append(f"{number} {name} {padding} {stride} {dilation} {int(flip)}")

    sharpen = [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
    binomial = [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    case("photo", binomial, "reflect")
    for padding in BORDERS:
        case("photo", sharpen, padding)
        case("photo", rng.normal(0, 0.1, (15, 15)), padding)
        for shape in ((1, 1), (2, 2), (3, 4), (5, 2), (1, 7), (9, 9)):
            case("random", rng.normal(0, 0.3, shape), padding)
        case("random", rng.normal(0, 0.3, (3, 3)), padding, stride=2)
        case("random", rng.normal(0, 0.3, (4, 3)), padding, dilation=2)
        case("random", rng.normal(0, 0.3, (3, 2)), padding, stride=3, dilation=3, flip=True)
    # Larger than the picture: mirrored and repeated more than once.
    np.save(OUT / "tiny.npy", rng.integers(0, 256, (4, 5), np.uint8))
    inputs["tiny"] = np.load(OUT / "tiny.npy")
    for padding in ("zero", "replicate", "reflect"):
        case("tiny", rng.normal(0, 0.1, (9, 11)), padding)
    (OUT / "cases.txt").write_text("\n".join(cases) + "\n")
    # For the command line: colour, channel by channel, R G B.
    colour = cv2.filter2D(photo, cv2.CV_32F, np.asarray(binomial, np.float32), borderType=cv2.BORDER_REFLECT_101)
    np.save(OUT / "photo-colour-binomial.npy", np.ascontiguousarray(colour[:, :, ::-1]))
    for name, extra in (("grey", inputs["photo"]), ("colour", photo)):
        smooth = cv2.GaussianBlur(extra, (0, 0), 2)
        cv2.imwrite(str(OUT / f"{name}.jpg"), smooth, [cv2.IMWRITE_JPEG_QUALITY, 95])
        decoded = cv2.imread(str(OUT / f"{name}.jpg"), cv2.IMREAD_UNCHANGED)
        np.save(OUT / f"{name}.jpg.npy", decoded if decoded.ndim == 2 else np.ascontiguousarray(decoded[:, :, ::-1]))
    (OUT / "VERSION").write_text(
        f"OpenCV {cv2.__version__}, NumPy {np.__version__}, by tests/data/make_opencv.py\n"
        "photo*: astronaut.png rows 90-137, columns 200-263 (NASA, public domain; see assets/manifest.json)\n"
    )


main()
