"""`cvlab image resize`, `rotate`, `warp`, `match`, `disparity`.   python3 -m unittest tests/cli/test_image_geometry.py   ($CVLAB names another program)

Reference numbers: tests/data/geometry, made by OpenCV through tests/data/make_geometry.py.
"""
import json
import math
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import test_cli  # noqa: E402
from test_cli import read_npy, write_npy  # noqa: E402

DATA = test_cli.ROOT / "tests/data/geometry"


def cases(kind):
    for line in (DATA / "cases.txt").read_text().splitlines():
        name, number, source, width, height, *numbers = line.split()
        if name == kind:
            yield DATA / f"out-{number}.npy", DATA / f"{source}.npy", f"{width}x{height}", [float(n) for n in numbers]


class Geometry(unittest.TestCase):
    setUp = test_cli.Cli.setUp
    run_cvlab = test_cli.Cli.run_cvlab
    refused = test_cli.Cli.refused

    def made(self, *args, out="out.npy"):
        target = self.folder / out
        done = self.run_cvlab("image", *args, target)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return read_npy(target) if out.endswith(".npy") else target

    def test_resize_is_opencvs(self):
        for how, most in (("nearest", 0), ("bilinear", 1), ("area", 1)):
            for expected, source, size, _ in cases(how):
                with self.subTest(how=how, size=size):
                    shape, values = self.made("resize", "--size", size, "--interpolation", how, source)
                    wanted_shape, wanted = read_npy(expected)
                    self.assertEqual(shape, wanted_shape)
                    self.assertLessEqual(max(abs(a - b) for a, b in zip(values, wanted)), most)

    def test_warp_takes_the_points_to_the_corners(self):
        path = self.folder / "numbered.npy"
        write_npy(path, (6, 8), [10 * y + x for y in range(6) for x in range(8)])
        shape, values = self.made("warp", "--points", "1,2 6,1 7,5 0,4", "--size", "5x4", path)
        self.assertEqual(shape, (4, 5))
        self.assertEqual([values[0], values[4], values[19], values[15]], [21, 16, 57, 40])

    def test_rotate_is_opencvs(self):
        expected, source, _, _ = list(cases("warp"))[4]  # 30 degrees about the middle of the random picture
        _, values = self.made("rotate", "--angle", 30, "--border", 40, source)
        _, wanted = read_npy(expected)
        self.assertEqual(values, [float(v) for v in wanted])

    def test_match_finds_the_rotation(self):
        other = self.folder / "turned.npy"
        self.assertEqual(self.run_cvlab("image", "rotate", "--angle", 10, DATA / "grey.npy", other).returncode, 0)
        done = self.run_cvlab("image", "match", "--json", DATA / "grey.npy", other)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        found = json.loads(done.stdout)
        self.assertGreater(found["inliers"], 20)
        self.assertEqual(len(found["pairs"]), found["inliers"])
        self.assertLess(found["rms"], 1.5)
        h = found["homography"]
        self.assertAlmostEqual(math.degrees(math.atan2(h[1][0], h[0][0])), 10, delta=1)
        self.assertIn("agree", self.run_cvlab("image", "match", DATA / "grey.npy", other).stdout)

    def test_disparity_is_opencvs(self):
        expected, _, _, (radius, most) = list(cases("stereo"))[1]
        pair = DATA / "left.npy", DATA / "right.npy"
        options = ("--window", 2 * int(radius) + 1, "--range", int(most), "--no-check", "--no-subpixel")
        _, values = self.made("disparity", *options, *pair)
        self.assertEqual(values, [float(v) for v in read_npy(expected)[1]])
        _, checked = self.made("disparity", "--window", 9, "--range", 40, *pair)
        self.assertTrue(0 < sum(map(math.isnan, checked)) < len(checked) / 2)
        self.assertEqual(self.made("disparity", *pair, out="d.png").read_bytes()[:4], b"\x89PNG")

    def test_bad_input_gets_a_sentence(self):
        grey, out = DATA / "grey.npy", self.folder / "out.npy"
        self.assertIn("640x480", self.refused("image", "resize", "--size", "0x5", grey, out))
        self.assertIn("640x480", self.refused("image", "resize", "--size", "5", grey, out))
        self.assertIn("four points", self.refused("image", "warp", "--points", "1,2 3,4", "--size", "5x5", grey, out))
        self.assertIn("line", self.refused("image", "warp", "--points", "0,0 1,1 2,2 0,5", "--size", "5x5", grey, out))
        self.assertIn("same size", self.refused("image", "disparity", grey, DATA / "left.npy", out))
        self.assertIn("even", self.refused("image", "disparity", "--window", 4, grey, grey, out))


if __name__ == "__main__":
    unittest.main()
