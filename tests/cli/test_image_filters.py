"""`cvlab image`: filters of bytes, against OpenCV's results in tests/data/filters (tests/data/make_filters.py) and, where
they are fetched, on whole photographs.   python3 -m unittest tests/cli/test_image_filters.py
"""
import importlib.util
import json
import unittest
from pathlib import Path

spec = importlib.util.spec_from_file_location("test_cli", Path(__file__).with_name("test_cli.py"))
cli = importlib.util.module_from_spec(spec)
spec.loader.exec_module(cli)

DATA = cli.ROOT / "tests/data/filters"
PHOTOS = cli.ROOT / "build/assets/photos"


class Filters(unittest.TestCase):
    setUp, run_cvlab, image, refused, tiny, assert_close = (
        getattr(cli.Cli, name) for name in ("setUp", "run_cvlab", "image", "refused", "tiny", "assert_close"))

    def test_every_operation_equals_opencv(self):
        def check(name, saved, op, *args, tolerance=0.001):
            with self.subTest(f"{name} {saved}"):
                self.assert_close(self.image(op, *args, source=DATA / f"{name}.npy"), cli.read_npy(DATA / f"{name}-{saved}.npy"), tolerance)

        for name in ("grey", "colour", "random"):
            check(name, "gaussian-5-1", "gaussian", "--sigma", "1", "--size", "5")
            check(name, "gaussian-2.5", "gaussian", "--sigma", "2.5")
            check(name, "gaussian-replicate", "gaussian", "--sigma", "0.8", "--size", "7", "--padding", "replicate")
            check(name, "mean-3", "mean", "--size", "3", tolerance=0.51)
            check(name, "mean-15", "mean", "--size", "15", tolerance=0.51)
            check(name, "median-3", "median")
            check(name, "median-9", "median", "--size", "9")
            check(name, "sharpen", "sharpen")
            check(name, "dense-whole", "filter-bytes", "--kernel", "-1 2 -3; 4 5 1; 2 -6 1")
            check(name, "dense-fractions", "filter-bytes", "--kernel", "0.1 0.15 -0.2; 0.3 0.7 0.05; -0.4 0.25 0.02", tolerance=1.001)
            if name == "colour":  # OpenCV weighs the differences of all channels together, the command each by itself
                continue
            check(name, "bilateral", "bilateral", "--size", "7", "--sigma", "2", "--range", "25", tolerance=1.001)
            check(name, "sobel-x", "sobel", "--output", "x")
            check(name, "sobel-y", "sobel", "--output", "y")
            check(name, "scharr-x", "scharr", "--output", "x")
            check(name, "laplacian", "laplacian")
            check(name, "canny", "canny", "--low", "60", "--high", "180")

    def test_a_kernel_of_bytes_is_3x3(self):
        self.assertIn("3x3", self.refused("image", "filter-bytes", "--kernel", "1 2; 3 4", DATA / "grey.npy", self.folder / "x.npy"))

    def test_direction_and_magnitude(self):
        step = self.tiny([[100.0] * 3 + [150.0] * 3] * 4)
        self.assertEqual(self.image("sobel", source=step)[1][:6], [0, 0, 200, 200, 0, 0])
        self.assertEqual(self.image("sobel", "--output", "direction", source=self.tiny([[150.0] * 3, [100.0] * 3, [50.0] * 3]))[1][4], 270)

    @unittest.skipUnless((PHOTOS / "camera.png").is_file(), "the photographs are not fetched")
    def test_edges_of_photographs(self):
        # cv2 4.6.0: (Canny(GaussianBlur(p, (0, 0), 1), 40, 120, L2gradient=True) > 0).sum(); Canny(p, 50, 100) alike
        for name, smooth, plain in (("camera", 9656, 35938), ("coins", 8874, 15985)):
            source = PHOTOS / f"{name}.png"
            edges = self.image("canny", "--low", "40", "--high", "120", "--euclidean", "--sigma", "1", source=source)[1]
            self.assertEqual(sum(v > 0 for v in edges), smooth, name)
            self.assertEqual(sum(v > 0 for v in self.image("canny", source=source)[1]), plain, name)

    def test_quality(self):
        decibels, similarity = map(float, (DATA / "quality.txt").read_text().split())
        a, b = DATA / "grey.npy", DATA / "grey-noisy.npy"
        for name, value, tolerance in (("psnr", decibels, 1e-6), ("ssim", similarity, 1e-5)):
            done = self.run_cvlab("image", name, "--json", a, b)
            self.assertAlmostEqual(json.loads(done.stdout)[name], value, delta=tolerance)
        self.assertEqual(self.run_cvlab("image", "psnr", a, a).stdout, "inf\n")
        self.assertIn("one size", self.refused("image", "psnr", a, DATA / "random.npy"))
        self.assertIn("small", self.refused("image", "ssim", self.tiny([[1.0] * 4] * 4), self.folder / "tiny.npy"))

    def test_noise_has_a_seed(self):
        first = self.image("noise", "--amount", "20", "--seed", "3", source=DATA / "grey.npy")
        self.assertEqual(first, self.image("noise", "--amount", "20", "--seed", "3", source=DATA / "grey.npy"))
        self.assertNotEqual(first, self.image("noise", "--amount", "20", "--seed", "4", source=DATA / "grey.npy"))
        flat = self.tiny([[128.0] * 100] * 100)
        values = self.image("noise", "--kind", "salt-and-pepper", "--amount", "10", source=flat)[1]
        self.assertEqual(set(values), {0, 128, 255})
        self.assertTrue(800 < sum(v != 128 for v in values) < 1200)

    def test_small_pictures(self):
        for rows in ([[7.0]], [[7.0, 8.0, 9.0]], [[7.0], [8.0]]):
            source = self.tiny(rows)
            for op in (["gaussian", "--sigma", "3"], ["median", "--size", "5"], ["bilateral"], ["sharpen"], ["unsharp"], ["sobel"],
                       ["scharr"], ["laplacian"], ["canny"], ["noise"], ["mean", "--size", "9"]):
                self.assertEqual(self.image(*op, source=source)[0], (len(rows), len(rows[0])), op)

    def test_refusals(self):
        grey, out = DATA / "grey.npy", self.folder / "x.png"
        self.assertIn("odd", self.refused("image", "median", "--size", "4", grey, out))
        self.assertIn("odd", self.refused("image", "gaussian", "--size", "2", grey, out))
        self.assertIn("1 channel", self.refused("image", "canny", DATA / "colour.npy", out))
        for args in (["gaussian", "--sigma", "0", grey, out], ["sobel", "--output", "z", grey, out], ["psnr", grey],
                     ["noise", "--kind", "pink", grey, out], ["canny", "--low", "-1", grey, out]):
            self.refused("image", *args)


if __name__ == "__main__":
    unittest.main()
