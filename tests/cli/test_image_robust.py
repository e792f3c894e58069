"""`cvlab image`, every operation of it, on pictures that are hardly any, huge or broken: a right result or one sentence.
python3 -m unittest tests/cli/test_image_robust.py

Reference numbers: tests/data/degenerate, made by OpenCV and NumPy through tests/data/make_degenerate.py.
"""
import json
import math
import resource
import struct
import sys
import unittest
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import test_cli  # noqa: E402
from test_cli import read_npy, write_npy  # noqa: E402

DATA = test_cli.ROOT / "tests/data/degenerate"
GREY_1, COLOUR_3 = 1, 3

# Every operation: options that it cannot do without, channels that it wants, pictures in. A test compares this with --help.
OPERATIONS = {
    **{name: ([], GREY_1, 1) for name in (
        "mean", "gray", "flip", "invert", "equalize", "clahe", "morphology", "distance", "gaussian", "median", "bilateral", "sharpen",
        "unsharp", "sobel", "scharr", "laplacian", "canny", "noise", "components", "fft")},
    "filter": (["--kernel", "0 1 0"], GREY_1, 1), "filter-bytes": (["--kernel", "0 0 0; 0 1 0; 0 0 0"], GREY_1, 1), "add": (["--value", "1"], GREY_1, 1), "gamma": (["--gamma", "2"], GREY_1, 1),
    "multiply": (["--factor", "2"], GREY_1, 1), "curve": (["--points", "0,0 255,255"], GREY_1, 1),
    "hsv": ([], COLOUR_3, 1), "lab": ([], COLOUR_3, 1), "threshold": (["--otsu"], GREY_1, 1),
    "resize": (["--size", "3x2"], GREY_1, 1), "rotate": (["--angle", "30"], GREY_1, 1),
    "warp": (["--points", "0,0 1,0 1,1 0,1", "--size", "2x2"], GREY_1, 1),
    "match": ([], GREY_1, 2), "disparity": ([], GREY_1, 2), "psnr": ([], GREY_1, 2), "ssim": ([], GREY_1, 2), "flow": ([], GREY_1, 2),
    "average": ([], GREY_1, 2),
}
WITHOUT_OUTPUT = ("match", "psnr", "ssim")
FLOATS = ("filter", "mean", "gray", "flip", "add")  # any float goes in, NaN and infinity too

# All operations read files through the same functions, so these stand for all broken ones.
EVERYWHERE = ("empty.png", "cut.png", "cut.jpg", "cmyk.jpg", "shape-2-0.npy", "missing.png")

# Values that an option refuses.
NO_NUMBER = ("nan", "inf", "-inf", "1e999", "x", "")
REFUSED = {
    ("gaussian", "--sigma"): (*NO_NUMBER, "0", "-1", "1e9"), ("gaussian", "--size"): ("0", "-1", "2", "1.5", "257"),
    ("unsharp", "--sigma"): (*NO_NUMBER, "0", "-1", "1e9"), ("unsharp", "--amount"): (*NO_NUMBER, "1e9"),
    ("bilateral", "--sigma"): (*NO_NUMBER, "0", "-1", "1e9"), ("bilateral", "--range"): (*NO_NUMBER, "0", "-1", "1e9"),
    ("bilateral", "--size"): ("0", "4", "-3", "53"), ("median", "--size"): ("0", "4", "-3", "1e9", "nan"),
    ("mean", "--size"): ("0", "-1", "256", "nan"), ("morphology", "--size"): ("0", "-1", "4", "503", "nan"),
    ("canny", "--low"): (*NO_NUMBER, "-1", "1e9"), ("canny", "--high"): (*NO_NUMBER, "-1"), ("canny", "--sigma"): (*NO_NUMBER, "-1", "99"),
    ("noise", "--amount"): (*NO_NUMBER, "-1", "256"), ("noise", "--seed"): ("x", "1e99", "-1"), ("gamma", "--gamma"): (*NO_NUMBER, "0", "-1", "101"),
    ("multiply", "--factor"): (*NO_NUMBER, "1e9"), ("multiply", "--about"): (*NO_NUMBER, "-1", "256"), ("add", "--value"): (*NO_NUMBER, "1e300"),
    ("clahe", "--clip"): (*NO_NUMBER, "0", "-1"), ("clahe", "--tiles"): ("0", "65", "nan"), ("rotate", "--angle"): (*NO_NUMBER, "1e9"),
    ("rotate", "--border"): ("-1", "256"), ("threshold", "--value"): ("-1", "256", "nan"), ("threshold", "--size"): ("0", "4", "1003"),
    ("curve", "--points"): ("0,nan 255,0", "5,5 5,6", "1", ""), ("filter", "--kernel"): ("nan", "inf", "", "1;2 3"),
    ("filter-bytes", "--kernel"): ("nan", "1", "1e30 0 0; 0 0 0; 0 0 0 0"),
    ("filter", "--stride"): ("0", "-1"), ("filter", "--dilation"): ("0", "-1"), ("components", "--neighbours"): ("6",),
    ("components", "--smallest"): ("0", "-1"), ("resize", "--size"): ("0x0", "5x0", "-5x5", "nanxnan", "99999x99999", "5x5x5"),
    ("warp", "--points"): ("0,0 1,0 1,1 0,nan", "0,0 1,1 2,2 0,5", "1,2", "0,0 1e999,0 1,1 0,1"), ("warp", "--size"): ("0x2", "1x1", "2"),
    ("flow", "--window"): ("0", "257", "nan"), ("flow", "--levels"): ("0", "11"), ("flow", "--alpha"): (*NO_NUMBER, "0", "-1"),
    ("flow", "--range"): (*NO_NUMBER, "-1"), ("flow", "--sweeps"): ("0",), ("disparity", "--window"): ("0", "4", "65"),
    ("disparity", "--range"): ("0", "256"), ("match", "--ratio"): (*NO_NUMBER, "0", "2"), ("match", "--threshold"): (*NO_NUMBER, "0"),
}


def flat(rows):
    return [v for part in rows for v in flat(part)] if isinstance(rows, list) else [rows]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, colour, lines, *more):
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)) +
            b"".join(chunk(kind, data) for kind, data in more) + chunk(b"IDAT", zlib.compress(bytes(lines))) + chunk(b"IEND", b""))


class Robust(unittest.TestCase):
    setUp, run_cvlab, refused = test_cli.Cli.setUp, test_cli.Cli.run_cvlab, test_cli.Cli.refused

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def npy(self, name, shape, values, kind="<f4"):
        write_npy(self.folder / name, shape, values, kind)
        return self.folder / name

    def call(self, op, sources, *options, out="out.npy"):
        """The command line of an operation with as many pictures as it wants, the last of `sources` repeated."""
        needed, _, inputs = OPERATIONS[op]
        pictures = [*sources, *[sources[-1]] * (inputs - len(sources))]
        return ["image", op, *needed, *options, *pictures, *([] if op in WITHOUT_OUTPUT else [self.folder / out])]

    def value(self, path):
        done = self.run_cvlab("image", "add", "--value", "0", path, self.folder / "same.npy")
        self.assertEqual((done.returncode, done.stderr), (0, ""), path)
        return read_npy(self.folder / "same.npy")

    def test_the_table_is_whole(self):
        lines = self.run_cvlab("image", "--help").stdout.split("Subcommands:")[1].splitlines()
        self.assertEqual({line.split()[0] for line in lines if line.startswith("  ") and line[2] != " "}, set(OPERATIONS))

    def test_hardly_a_picture_and_kernels_beyond_it_as_opencv(self):
        for case in json.loads((DATA / "cases.json").read_text()):
            rows, args = case["input"], case["args"]
            colour = isinstance(rows[0][0], list)
            source = self.npy("in.npy", (len(rows), len(rows[0]), *([3] if colour else [])), flat(rows))
            with self.subTest(args=args, input=rows):
                done = self.run_cvlab("image", *args, source, self.folder / "out.npy")
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                shape, values = read_npy(self.folder / "out.npy")
                expected = case["expected"]
                self.assertEqual(shape[:2], (len(expected), len(expected[0])))
                self.assertLessEqual(max(abs(a - b) for a, b in zip(values, flat(expected), strict=True)), case["tolerance"] + 1e-9)

    def test_two_pictures_that_are_hardly_any(self):
        for shape in ((1, 1), (1, 7), (7, 1)):
            one = self.npy("one.npy", shape, [float(40 + i) for i in range(math.prod(shape))])
            for op, result in (("disparity", [0] * math.prod(shape)), ("flow", [0] * 2 * math.prod(shape)), ("average", read_npy(one)[1])):
                done = self.run_cvlab(*self.call(op, [one]))
                self.assertEqual((done.returncode, done.stderr, read_npy(self.folder / "out.npy")[1]), (0, "", result), (op, shape))
            self.assertEqual(self.run_cvlab(*self.call("psnr", [one])).stdout, "inf\n")
            self.assertIn("small", self.refused(*self.call("ssim", [one])))
            found = json.loads(self.run_cvlab(*self.call("match", [one], "--json")).stdout)
            self.assertEqual((found["matches"], found["inliers"], found["homography"]), (0, 0, None))
        other = self.npy("other.npy", (2, 2), [1.0] * 4)
        for op in ("disparity", "flow", "average", "psnr", "ssim"):
            self.assertIn("size", self.refused(*self.call(op, [one, other])))
        self.assertEqual(self.run_cvlab(*self.call("match", [one, other])).returncode, 0)
        line = self.npy("line.npy", (1, 3), [1.0, 2.0, 3.0])
        for op in ("noise", "unsharp", "warp"):  # what has no line in cases.json
            self.assertEqual(self.run_cvlab(*self.call(op, [line])).returncode, 0)

    def broken(self):
        whole = png(2, 1, 8, 2, [0, 1, 2, 3, 4, 5, 6])
        jpeg = (test_cli.DATA / "colour.jpg").read_bytes()
        write_npy(self.folder / "cut-whole.npy", (9, 9), [1.0] * 81)
        files = {
            "empty.png": b"", "empty.npy": b"", "text.png": b"hello", "cut.png": whole[:-20], "head.png": whole[:20],
            "flipped.png": whole[:45] + bytes([whole[45] ^ 1]) + whole[46:], "cut.jpg": jpeg[: len(jpeg) // 2], "head.jpg": jpeg[:5],
            "cmyk.jpg": (DATA / "cmyk.jpg").read_bytes(), "none.png": png(0, 0, 8, 0, []), "wide.png": png(9000, 9000, 8, 0, [0]),
            "cut.npy": (self.folder / "cut-whole.npy").read_bytes()[:-1],
        }
        for name, content in files.items():
            yield self.file(name, content)
        for shape in ((0, 0), (0, 5), (5, 0, 3), (), (4,)):
            yield self.npy(f"shape-{len(shape)}-{sum(shape)}.npy", shape, [1.0] * math.prod(shape))
        yield self.npy("six.npy", (1, 1, 2, 1, 1, 1), [1.0] * 2)
        yield from (self.folder / "missing.png", self.folder)

    def test_broken_files_are_refused_by_every_operation(self):
        out = self.folder / "out.npy"
        for source in self.broken():
            for op in OPERATIONS if source.name in EVERYWHERE else ("median",):
                with self.subTest(op=op, source=source.name):
                    self.refused(*self.call(op, [source]))
                    self.assertFalse(out.exists())

    def test_each_broken_file_has_its_sentence(self):
        files = {path.name: path for path in self.broken()}
        for name, words in (("empty.png", "is empty"), ("text.png", "not a PNG or JPEG"), ("cut.png", "ends too early"), ("cut.jpg", "ends too early"),
                            ("head.jpg", "ends too early"), ("flipped.png", "damaged"), ("cmyk.jpg", "CMYK"), ("cut.npy", "ends too early"),
                            ("wide.png", "64 million"), ("shape-2-0.npy", "no pixels"), ("shape-1-4.npy", "1 axis"), ("missing.png", "cannot be read")):
            self.assertIn(words, self.refused("image", "gray", files[name], self.folder / "x.png"))

    def test_kinds_of_png(self):
        wide = struct.pack(">6H", 0, 128, 129, 0x7FFF, 0xFF7F, 0xFFFF)  # round(v / 257)
        palette = (b"PLTE", bytes([1, 2, 3, 40, 50, 60]))
        for name, content, expected in (
            ("16 bits", png(6, 1, 16, 0, b"\0" + wide), ((1, 6), [0, 0, 1, 127, 255, 255])),
            ("16 bits, colour and alpha", png(1, 1, 16, 6, b"\0" + struct.pack(">4H", 257, 514, 771, 1)), ((1, 1, 3), [1, 2, 3])),
            ("grey and alpha", png(2, 1, 8, 4, [0, 7, 0, 200, 255]), ((1, 2), [7, 200])),
            ("colour and alpha", png(1, 1, 8, 6, [0, 9, 8, 7, 0]), ((1, 1, 3), [9, 8, 7])),
            ("palette", png(2, 1, 8, 3, [0, 1, 0], palette), ((1, 2, 3), [40, 50, 60, 1, 2, 3])),
            ("palette of 1 bit, transparent", png(2, 1, 1, 3, [0, 0b10000000], palette, (b"tRNS", b"\0")), ((1, 2, 3), [40, 50, 60, 1, 2, 3])),
            ("1 bit", png(3, 1, 1, 0, [0, 0b01000000]), ((1, 3), [0, 255, 0])), ("4 bits", png(2, 1, 4, 0, [0, 0x1F]), ((1, 2), [17, 255])),
        ):
            with self.subTest(name):
                self.assertEqual(self.value(self.file("in.png", content)), expected)

    def test_nothing_is_clamped_silently(self):
        """What holds NaN, infinity, or more than bytes can: worked on as floats, or refused with the place where it is."""
        for bad, words in ((math.nan, "nan"), (math.inf, "inf"), (300.0, "300"), (-1.0, "-1")):
            for op, (_, channels, _) in OPERATIONS.items():
                values = [5.0] * 12 * channels
                values[7 * channels] = bad
                source = self.npy("in.npy", (3, 4, *([channels] if channels > 1 else [])), values)
                with self.subTest(op=op, value=bad):
                    if op in FLOATS or (op in ("flow", "fft", "average") and math.isfinite(bad)):
                        self.assertEqual(self.run_cvlab(*self.call(op, [source])).returncode, 0)
                    else:
                        self.assertIn(f"{words} in row 1, column 3", self.refused(*self.call(op, [source])))
        almost = self.npy("in.npy", (1, 2), [-0.5, 255.4])  # round to bytes
        self.run_cvlab(*self.call("invert", [almost]))
        self.assertEqual(read_npy(self.folder / "out.npy")[1], [255, 0])

    def test_floats_follow_the_definition(self):
        source = self.npy("in.npy", (1, 6), [1.0, math.nan, 3.0, 4.0, math.inf, 6.0])
        for args, expected in (
            (["flip"], [6, math.inf, 4, 3, math.nan, 1]), (["add", "--value", "300"], [301, math.nan, 303, 304, math.inf, 306]),
            (["filter", "--kernel", "2"], [2, math.nan, 6, 8, math.inf, 12]), (["gray"], [1, math.nan, 3, 4, math.inf, 6]),
            (["filter", "--kernel", "1 1 1", "--padding", "zero"], [math.nan] * 3 + [math.inf] * 3),
            (["mean", "--size", "3", "--padding", "replicate"], [math.nan] * 3 + [math.inf] * 3),
        ):
            self.assertEqual(self.run_cvlab("image", *args, source, self.folder / "out.npy").returncode, 0)
            got = read_npy(self.folder / "out.npy")[1]
            self.assertEqual(list(map(str, got)), [str(float(v)) for v in expected], args)
        self.assertIn("NaN", self.refused("image", "gray", source, self.folder / "x.png"))

    def test_options_out_of_range(self):
        ones = {channels: self.npy(f"ones-{channels}.npy", (4, 4, *([channels] if channels > 1 else [])), [1.0] * 16 * channels) for channels in (1, 3)}
        for (op, option), values in REFUSED.items():
            needed, channels, _ = OPERATIONS[op]
            for value in values:
                with self.subTest(op=op, option=option, value=value):
                    call = self.call(op, [ones[channels]])
                    if option in needed:
                        call[call.index(option):call.index(option) + 2] = [f"{option}={value}"]
                    else:
                        call[2:2] = [*(["--adaptive", "mean"] if option == "--size" and op == "threshold" else []), f"{option}={value}"]
                    if op == "threshold":
                        call.remove("--otsu")
                    self.refused(*call)

    def test_far_away_points(self):
        source = self.npy("in.npy", (2, 2), [1.0, 2.0, 3.0, 4.0])
        for points in ("0,0 1e300,0 1e300,1e300 0,1e300", "1e15,1e15 1e16,1e15 1e16,1e16 1e15,1e16"):
            done = self.run_cvlab("image", "warp", "--points", points, "--size", "3x3", "--border", "9", source, self.folder / "out.npy")
            self.assertTrue(done.returncode == 2 or read_npy(self.folder / "out.npy")[1][4] == 9, (points, done))

    def test_wrong_places_and_counts(self):
        one = {channels: self.npy(f"one-{channels}.npy", (12, 12, *([channels] if channels > 1 else [])), [float(i % 200) for i in range(144 * channels)])
               for channels in (1, 3)}
        self.refused("image", "nope", one[1], self.folder / "x.npy")
        for op, (_, channels, inputs) in OPERATIONS.items():
            call = self.call(op, [one[channels]])
            with self.subTest(op=op):
                self.refused(*call[: -(1 if op in WITHOUT_OUTPUT else inputs)])
                if op != "average":
                    self.refused(*call, one[channels])
                if op not in WITHOUT_OUTPUT:
                    self.assertIn("cannot be written", self.refused(*self.call(op, [one[channels]], out="no/such/x.npy")))
                    self.assertIn(".png or .npy", self.refused(*self.call(op, [one[channels]], out="x.jpg")))

    def test_twenty_megapixels(self):
        width, height, period = 5000, 4000, bytes(range(0, 250, 2))  # 125 levels, 40 times a row
        source = self.npy("big.npy", (height, width), period * 40 * height, "|u1")
        small = self.npy("small.npy", (9, 375), period * 3 * 9, "|u1")
        for args in (["invert"], ["gaussian", "--sigma", "1"], ["threshold", "--value", "99"]):
            self.assertEqual(self.run_cvlab("image", *args, source, self.folder / "out.npy").returncode, 0)
            self.assertEqual(self.run_cvlab("image", *args, small, self.folder / "small-out.npy").returncode, 0)
            expected = read_npy(self.folder / "small-out.npy")[1][4 * 375 + 125 : 4 * 375 + 250]  # its middle, which no border reaches
            with open(self.folder / "out.npy", "rb") as file:
                file.seek(-4 * (width * 2000 - 2500), 2)
                self.assertEqual(list(struct.unpack("<125f", file.read(500))), expected)
        self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, 600_000)  # KiB


if __name__ == "__main__":
    unittest.main()
