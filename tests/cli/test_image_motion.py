"""`cvlab image flow`, `average`, `fft`.   python3 -m unittest tests/cli/test_image_motion.py   ($CVLAB names another program)

Reference numbers: tests/data/motion, made by OpenCV and NumPy through tests/data/make_motion.py.
"""
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import test_cli  # noqa: E402
from test_cli import read_npy, write_npy  # noqa: E402

MOTION = test_cli.ROOT / "tests/data/motion"


class Motion(unittest.TestCase):
    setUp = test_cli.Cli.setUp
    run_cvlab = test_cli.Cli.run_cvlab
    refused = test_cli.Cli.refused

    def made(self, *args, out="out.npy"):
        target = self.folder / out
        done = self.run_cvlab("image", *args, target)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return read_npy(target) if out.endswith(".npy") else target

    def test_flow_finds_points_where_opencv_does(self):
        (height, width, two), flow = self.made("flow", "--iterations", 20, MOTION / "first.npy", MOTION / "second.npy")
        self.assertEqual((height, width, two), (96, 112, 2))
        (count, _), points = read_npy(MOTION / "points.npy")
        _, tracked = read_npy(MOTION / "tracked.npy")
        for i in range(count):
            x, y = round(points[2 * i]), round(points[2 * i + 1])
            at = 2 * (y * width + x)
            self.assertAlmostEqual(x + flow[at], tracked[2 * i], delta=0.05)
            self.assertAlmostEqual(y + flow[at + 1], tracked[2 * i + 1], delta=0.05)

    def test_flow_in_colours_and_by_horn_and_schunck(self):
        picture = self.made("flow", "--method", "horn-schunck", MOTION / "first.npy", MOTION / "second.npy", out="flow.png")
        self.assertEqual(picture.read_bytes()[:4], b"\x89PNG")
        _, small = self.made("flow", "--method", "horn-schunck", "--sweeps", 3000, MOTION / "small-first.npy", MOTION / "small-second.npy")
        _, want = read_npy(MOTION / "horn-schunck.npy")  # (2, H, W), by a direct solve
        half = len(want) // 2
        self.assertLess(max(abs(small[2 * i] - want[i]) for i in range(half)), 2e-3)
        self.assertLess(max(abs(small[2 * i + 1] - want[half + i]) for i in range(half)), 2e-3)

    def test_flow_refuses_frames_of_two_sizes(self):
        self.assertIn("same size", self.refused("image", "flow", MOTION / "first.npy", MOTION / "small-first.npy", self.folder / "x.npy"))

    def test_average_equals_numpy(self):
        (frames, count), values = read_npy(MOTION / "noisy.npy")
        paths = []
        for k in range(frames):
            paths.append(self.folder / f"{k}.npy")
            write_npy(paths[-1], (7, 11), values[k * count : (k + 1) * count])
        shape, mean = self.made("average", *paths)
        self.assertEqual(shape, (7, 11))
        _, want = read_npy(MOTION / "noisy-mean.npy")
        self.assertLess(max(abs(a - b) for a, b in zip(mean, want)), 1e-3)
        self.assertIn("one size", self.refused("image", "average", paths[0], MOTION / "first.npy", self.folder / "x.png"))

    def test_fft_equals_numpy(self):
        (rows, columns), plane = read_npy(MOTION / "fourier-15x21.npy")
        _, parts = read_npy(MOTION / "fourier-15x21-out.npy")
        shape, got = self.made("fft", "--linear", MOTION / "fourier-15x21.npy")
        self.assertEqual(shape, (rows, columns))
        for y in range(rows):
            for x in range(columns):
                want = (parts[y * columns + x] ** 2 + parts[(rows + y) * columns + x] ** 2) ** 0.5
                at = (y + rows // 2) % rows * columns + (x + columns // 2) % columns
                self.assertAlmostEqual(got[at], want, delta=0.02)
        self.assertEqual(self.made("fft", MOTION / "first.npy", out="f.png").read_bytes()[:4], b"\x89PNG")


if __name__ == "__main__":
    unittest.main()
