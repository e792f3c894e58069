"""The built `cvlab`, run as a person runs it.   python3 -m unittest tests/cli/test_cli.py   ($CVLAB names another program)

Standard library only. Reference numbers: tests/data/opencv, made by OpenCV through tests/data/make_opencv.py.
"""
import ast
import json
import math
import os
import struct
import subprocess
import tempfile
import unittest
import zlib
from array import array
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CVLAB = os.environ.get("CVLAB", ROOT / "build/native/bin/cvlab")
DATA = ROOT / "tests/data/opencv"
PHOTO = DATA / "photo.png"
BINOMIAL = "1 2 1; 2 4 2; 1 2 1"


def read_npy(path):
    """(shape, flat list) of a version 1 file."""
    data = Path(path).read_bytes()
    length = struct.unpack("<H", data[8:10])[0]
    header = ast.literal_eval(data[10 : 10 + length].decode())
    assert not header["fortran_order"]
    values = array("f" if header["descr"] == "<f4" else "B")
    values.frombytes(data[10 + length :])
    return header["shape"], list(values)


def write_npy(path, shape, values, kind="<f4"):
    header = str({"descr": kind, "fortran_order": False, "shape": tuple(shape)}).encode()
    header += b" " * (-(11 + len(header)) % 64) + b"\n"
    body = struct.pack(f"<{len(values)}f", *values) if kind == "<f4" else bytes(values)
    Path(path).write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + body)


def png(width, height, colour_type, lines, depth=8):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(lines))) + chunk(b"IEND", b""))


class Cli(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def run_cvlab(self, *args):
        return subprocess.run([CVLAB, *map(str, args)], capture_output=True, text=True, timeout=60)

    def image(self, op, *args, source=PHOTO, out="out.npy"):
        """Runs an operation that must succeed; returns (shape, values) of what it wrote."""
        target = self.folder / out
        done = self.run_cvlab("image", op, *args, source, target)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return read_npy(target) if out.endswith(".npy") else None

    def refused(self, *args):
        """Runs something that must be refused with one sentence; returns the sentence."""
        done = self.run_cvlab(*args)
        self.assertEqual(done.returncode, 2, done)
        self.assertEqual(done.stdout, "")
        self.assertRegex(done.stderr, r"\Acvlab: [^\n]+\n\Z")
        return done.stderr

    def tiny(self, rows):
        path = self.folder / "tiny.npy"
        write_npy(path, (len(rows), len(rows[0])), [v for row in rows for v in row])
        return path

    def assert_close(self, got, expected, tolerance=1e-3):
        self.assertEqual(got[0], expected[0])
        self.assertLess(max(abs(a - b) for a, b in zip(got[1], expected[1])), tolerance)

    # ---- filter -------------------------------------------------------------------------------------------------

    def test_filter_equals_opencv_reflect_101(self):
        self.assert_close(self.image("filter", "--kernel", BINOMIAL, "--padding", "reflect"), read_npy(DATA / "out-0.npy"))

    def test_colour_channel_by_channel(self):
        got = self.image("filter", "--kernel", BINOMIAL, source=DATA / "photo-colour.png")
        self.assert_close(got, read_npy(DATA / "photo-colour-binomial.npy"))

    def test_every_saved_case(self):
        for line in (DATA / "cases.txt").read_text().splitlines():
            number, source, padding, stride, dilation, flip = line.split()
            shape, weights = read_npy(DATA / f"kernel-{number}.npy")
            rows = [weights[i * shape[1] : (i + 1) * shape[1]] for i in range(shape[0])]
            kernel = "; ".join(" ".join(repr(v) for v in row) for row in rows)
            args = ["--kernel", kernel, "--padding", padding, "--stride", stride, "--dilation", dilation]
            with self.subTest(line):
                got = self.image("filter", *args, *(["--flip"] if flip == "1" else []), source=DATA / f"{source}.npy")
                self.assert_close(got, read_npy(DATA / f"out-{number}.npy"))

    def test_one_pixel(self):
        source = self.tiny([[7.0]])
        for padding, value in (("zero", 7), ("replicate", 63), ("reflect", 63)):
            got = self.image("filter", "--kernel", "1 1 1; 1 1 1; 1 1 1", "--padding", padding, source=source)
            self.assertEqual(got, ((1, 1), [value]))

    def test_even_kernel_looks_down_and_right(self):
        got = self.image("filter", "--kernel", "10 1", "--padding", "zero", source=self.tiny([[1.0, 2.0, 3.0]]))
        self.assertEqual(got, ((1, 3), [12, 23, 30]))

    def test_kernel_larger_than_the_picture(self):
        got = self.image("filter", "--kernel", " ".join(["1"] * 7), source=self.tiny([[1.0, 2.0, 3.0]]))
        self.assertEqual(got, ((1, 3), [15, 14, 13]))
        sentence = self.refused("image", "filter", "--kernel", "1 1; 1 1; 1 1", "--padding", "valid", PHOTO.with_name("tiny.npy"),
                                self.folder / "x.npy", "--dilation", "9")
        self.assertIn("does not fit", sentence)

    def test_kernel_spellings(self):
        source = self.tiny([[1.0, 2.0], [3.0, 4.0]])
        for kernel in ("-1 0 1", "-1,0,1", " -1  0 +1 ; ", "-1e0 0.0 1."):
            got = self.image("filter", "--kernel", kernel, "--padding", "zero", source=source)
            self.assertEqual(got[1], [2, -1, 4, -3])
        self.assertEqual(self.image("filter", "--kernel", "-.5", source=source)[1], [-0.5, -1, -1.5, -2])

    def test_bad_kernels(self):
        for kernel in ("", " ", ";", "1 2; 3", "a", "1 nan", "inf", "1e99", "1;;2", "0x1", "1 2 3; 4 5", "1-2", "--", ";1",
                       " ".join(["1"] * 300)):
            with self.subTest(kernel):
                self.refused("image", "filter", f"--kernel={kernel}", PHOTO, self.folder / "x.png")
        self.assertFalse((self.folder / "x.png").exists())

    def test_nan_stays_where_it_is_used(self):
        source = self.tiny([[1.0, 2.0, 3.0, 4.0, math.nan]] * 5)
        shape, values = self.image("mean", "--size", "3", "--padding", "replicate", source=source)
        self.assertEqual([math.isnan(v) for v in values[:5]], [False, False, False, True, True])
        self.assertIn("NaN", self.refused("image", "mean", source, self.folder / "x.png"))

    # ---- the other operations -----------------------------------------------------------------------------------

    def test_mean(self):
        self.assert_close(self.image("mean", "--size", "3", source=self.tiny([[9.0] * 4] * 3)), ((3, 4), [9.0] * 12), 1e-4)

    def test_gray(self):
        (self.folder / "rgb.png").write_bytes(png(2, 1, 2, [0, 255, 0, 0, 10, 20, 30]))
        self.assert_close(self.image("gray", source=self.folder / "rgb.png"), ((1, 2), [76.245, 18.15]))

    def test_flip(self):
        source = self.tiny([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
        self.assertEqual(self.image("flip", "--axis", "x", source=source)[1], [3, 2, 1, 6, 5, 4])
        self.assertEqual(self.image("flip", "--axis", "y", source=source)[1], [4, 5, 6, 1, 2, 3])

    def test_add_is_unclamped_in_npy_and_saturated_and_rounded_in_png(self):
        source = self.tiny([[250.0, 10.4, 0.5]])
        self.assert_close(self.image("add", "--value", "20", source=source), ((1, 3), [270.0, 30.4, 20.5]))
        self.image("add", "--value", "20", source=source, out="out.png")
        self.assertEqual(self.image("add", "--value", "0", source=self.folder / "out.png")[1], [255, 30, 21])
        self.image("add", "--value", "-20", source=source, out="out.png")
        self.assertEqual(self.image("add", "--value", "0", source=self.folder / "out.png")[1], [230, 0, 0])

    # ---- files --------------------------------------------------------------------------------------------------

    def test_kinds_of_png(self):
        for name, colour_type, line, expected in (
            ("grey", 0, [7], ((1, 1), [7])), ("grey and alpha", 4, [7, 9], ((1, 1), [7])),
            ("colour", 2, [1, 2, 3], ((1, 1, 3), [1, 2, 3])), ("colour and alpha", 6, [1, 2, 3, 4], ((1, 1, 3), [1, 2, 3])),
        ):
            with self.subTest(name):
                (self.folder / "in.png").write_bytes(png(1, 1, colour_type, [0, *line]))
                self.assertEqual(self.image("add", "--value", "0", source=self.folder / "in.png"), expected)

    def test_jpeg(self):
        self.assertEqual(self.image("gray", source=DATA / "colour.jpg")[0], (48, 64))

    def test_uint8_npy(self):
        self.assertEqual(self.image("add", "--value", "0.5", source=DATA / "tiny.npy")[0], (4, 5))

    def test_bad_files(self):
        cases = {
            "empty.png": b"", "text.png": b"hello", "cut.png": PHOTO.read_bytes()[:-20],
            "wide.png": png(9000, 9000, 0, [0]), "none.png": png(0, 0, 0, []), "empty.npy": b"", "cut.npy": b"\x93NUMPY\x01\x00",
        }
        for name, content in cases.items():
            (self.folder / name).write_bytes(content)
        for name, shape in (("flat.npy", (4,)), ("deep.npy", (1, 1, 2, 2)), ("none.npy", (0, 0)), ("thin.npy", (0, 5)),
                            ("scalar.npy", ())):
            write_npy(self.folder / name, shape, [1.0] * math.prod(shape))
        for name in [*cases, "flat.npy", "deep.npy", "none.npy", "thin.npy", "scalar.npy", "missing.png"]:
            with self.subTest(name):
                self.refused("image", "mean", self.folder / name, self.folder / "x.png")
        self.refused("image", "mean", self.folder, self.folder / "x.png")
        self.assertIn("header" , self.refused_npy("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 2)}"))
        self.assertIn("float32", self.refused_npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1)}"))
        self.assertIn("Fortran", self.refused_npy("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1)}"))
        self.assertFalse((self.folder / "x.png").exists())

    def refused_npy(self, header):
        data = header.encode()
        path = self.folder / "bad.npy"
        path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(data)) + data + bytes(8))
        return self.refused("image", "mean", path, self.folder / "x.png")

    def test_bad_outputs(self):
        self.assertIn(".png or .npy", self.refused("image", "mean", PHOTO, self.folder / "x.jpg"))
        self.assertIn("cannot be written", self.refused("image", "mean", PHOTO, self.folder / "no/such/x.png"))
        write_npy(self.folder / "five.npy", (1, 1, 5), [1.0] * 5)
        self.assertIn("5 channels", self.refused("image", "mean", self.folder / "five.npy", self.folder / "x.png"))
        self.refused("image", "gray", self.folder / "five.npy", self.folder / "x.npy")
        self.assertEqual(self.image("mean", "--size", "1", source=self.folder / "five.npy")[0], (1, 1, 5))

    def test_bad_arguments(self):
        out = self.folder / "x.png"
        for args in ([], ["image"], ["image", "nope"], ["nope"], ["image", "filter", PHOTO, out], ["image", "mean", PHOTO],
                     ["image", "mean", "--size", "0", PHOTO, out], ["image", "mean", "--size", "x", PHOTO, out],
                     ["image", "mean", "--padding", "wrap", PHOTO, out], ["image", "add", PHOTO, out],
                     ["image", "add", "--value", "nan", PHOTO, out], ["image", "flip", "--axis", "z", PHOTO, out],
                     ["image", "filter", "--kernel", "1", "--stride", "0", PHOTO, out], ["list", "--nope"]):
            with self.subTest(args):
                self.refused(*args)

    # ---- help and list ------------------------------------------------------------------------------------------

    def test_help_says_defaults_and_which_reflect(self):
        done = self.run_cvlab("image", "filter", "--help")
        self.assertEqual(done.returncode, 0)
        self.assertIn("BORDER_REFLECT_101", done.stdout)
        self.assertIn("[reflect]", done.stdout)
        for op in ("mean", "gray", "flip", "add"):
            self.assertEqual(self.run_cvlab("image", op, "--help").returncode, 0)

    def test_list(self):
        self.assertIn("convolution", self.run_cvlab("list").stdout)
        catalogue = json.loads(self.run_cvlab("list", "--json").stdout)
        self.assertEqual(catalogue["version"], 1)
        demos = {demo["id"]: demo for demo in catalogue["demos"]}
        self.assertEqual(list(demos)[:3], ["pixels", "point-ops", "threshold"])
        chapters = [chapter["id"] for chapter in catalogue["chapters"]]
        self.assertEqual(chapters[:2], ["classic", "networks"])
        self.assertEqual(sorted(demos, key=lambda one: chapters.index(demos[one]["chapter"])), list(demos))
        for demo in demos.values():
            self.assertTrue(demo["title"]["en"] and demo["title"]["fr"])
            self.assertTrue(demo["readouts"])
            for readout in demo["readouts"]:
                self.assertTrue(readout["label"]["en"] and readout["label"]["fr"], readout["id"])
            for param in demo["params"]:
                choices = [choice["id"] for choice in param["choices"]]
                self.assertTrue(not choices or param["default"] in choices, param["id"])
                for choice in param["choices"]:
                    self.assertTrue(choice["label"]["en"] and choice["label"]["fr"], choice["id"])


if __name__ == "__main__":
    unittest.main()
