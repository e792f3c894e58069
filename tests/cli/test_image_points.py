"""`cvlab image`: operations on bytes, against OpenCV's results in tests/data/points (tests/data/make_points.py) and, where
they are fetched, on whole photographs.   python3 -m unittest tests/cli/test_image_points.py
"""
import importlib.util
import json
import unittest
from pathlib import Path

spec = importlib.util.spec_from_file_location("test_cli", Path(__file__).with_name("test_cli.py"))
cli = importlib.util.module_from_spec(spec)
spec.loader.exec_module(cli)

DATA = cli.ROOT / "tests/data/points"
PHOTOS = cli.ROOT / "build/assets/photos"


class Points(unittest.TestCase):
    setUp, run_cvlab, image, refused, tiny, assert_close = (
        getattr(cli.Cli, name) for name in ("setUp", "run_cvlab", "image", "refused", "tiny", "assert_close"))

    def saved(self, name):
        """A saved picture, read by the program itself."""
        return self.image("add", "--value", "0", source=DATA / f"{name}.png", out="saved.npy")

    def check(self, name, op, *args, source=None, tolerance=0.5):
        with self.subTest(name):
            self.assert_close(self.image(op, *args, source=DATA / f"{source}.png"), self.saved(name), tolerance)

    def test_every_operation_equals_opencv(self):
        for name in ("coins", "page", "random"):
            def check(saved, op, *args, tolerance=0.5):
                self.check(f"{name}-{saved}", op, *args, source=name, tolerance=tolerance)

            check("invert", "invert")
            check("gamma", "gamma", "--gamma", "0.5")
            check("multiply", "multiply", "--factor", "1.6")
            check("equalise", "equalize")
            check("clahe", "clahe", tolerance=1.5)
            check("threshold", "threshold", "--value", "100")
            check("otsu", "threshold", "--otsu")
            check("mean-15-7", "threshold", "--adaptive", "mean", "--size", "15", "--offset", "7")
            check("gaussian-31--3", "threshold", "--adaptive", "gaussian", "--size", "31", "--offset", "-3")
            check("close-square-5", "morphology", "--kind", "close", "--size", "5")
            check("dilate-disc-9", "morphology", "--kind", "dilate", "--shape", "disc", "--size", "9")
        for name in ("colour", "wheel"):
            self.check(f"{name}-hsv", "hsv", source=name)
            self.check(f"{name}-lab", "lab", source=name, tolerance=1.5)
            self.check(f"{name}-from-hsv", "hsv", "--inverse", source=f"{name}-hsv", tolerance=1.5)

    def test_add_saturates(self):
        source = self.tiny([[250.0, 10.0]])
        self.image("add", "--value", "20", source=source, out="out.png")
        self.assertEqual(self.image("multiply", "--factor", "1", source=self.folder / "out.png")[1], [255, 30])

    def test_curve_and_contrast(self):
        source = self.tiny([[0.0, 64.0, 128.0, 255.0]])
        self.assertEqual(self.image("curve", "--points", "0,255 128,0 255,0", source=source)[1], [255, 128, 0, 0])
        self.assertEqual(self.image("multiply", "--factor", "2", "--about", "128", source=source)[1], [0, 0, 128, 255])
        self.assertIn("left to right", self.refused("image", "curve", "--points", "5,5 5,6", source, self.folder / "x.png"))

    def test_components(self):
        source = self.tiny([[9.0, 0.0, 9.0], [0.0, 9.0, 0.0]])
        target = self.folder / "labels.npy"
        for neighbours, labels, count in (("8", [1, 0, 1, 0, 1, 0], 1), ("4", [1, 0, 2, 0, 3, 0], 3)):
            done = self.run_cvlab("image", "components", "--neighbours", neighbours, "--json", source, target)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            said = json.loads(done.stdout)
            self.assertEqual(said["count"], count)
            self.assertEqual(cli.read_npy(target)[1], labels)
        self.assertEqual(said["components"][1], {"label": 2, "area": 1, "box": [2, 0, 1, 1], "centroid": [2.0, 0.0]})
        checkers = self.tiny([[255.0 * ((x + y) % 2) for x in range(40)] for y in range(40)])
        self.assertIn("255 labels", self.refused("image", "components", "--neighbours", "4", checkers, self.folder / "x.png"))

    def test_distance(self):
        source = self.tiny([[0.0, 9.0, 9.0], [9.0, 9.0, 9.0]])
        self.assert_close(self.image("distance", source=source), ((2, 3), [0, 1, 2, 1, 2**0.5, 5**0.5]), 1e-5)
        self.assertIn("No pixel is 0", self.refused("image", "distance", self.tiny([[1.0]]), self.folder / "x.npy"))

    @unittest.skipUnless(PHOTOS.exists(), "the photographs are not fetched")
    def test_otsu_and_components_of_whole_photographs(self):
        for line in (DATA / "counts.txt").read_text().splitlines():
            photo, level, four, eight = line.split()
            with self.subTest(photo):
                source = PHOTOS / f"{photo}.png"
                mask = self.image("threshold", "--otsu", source=source, out="mask.npy")
                self.assertEqual(mask, self.image("threshold", "--value", level, source=source, out="fixed.npy"))
                for neighbours, count in (("4", four), ("8", eight)):
                    done = self.run_cvlab("image", "components", "--neighbours", neighbours, "--json",
                                          self.folder / "mask.npy", self.folder / "labels.npy")
                    self.assertEqual(json.loads(done.stdout)["count"], int(count))

    def test_refused_in_words(self):
        out = self.folder / "x.npy"
        grey, colour = DATA / "coins.png", DATA / "colour.png"
        for args in (["threshold", grey, out], ["threshold", "--value", "1", "--otsu", grey, out], ["threshold", "--otsu", colour, out],
                     ["threshold", "--adaptive", "mean", "--size", "4", grey, out], ["threshold", "--value", "256", grey, out],
                     ["gamma", "--gamma", "0", grey, out], ["clahe", "--tiles", "0", grey, out], ["hsv", grey, out],
                     ["morphology", "--size", "2", grey, out], ["components", "--neighbours", "6", grey, out],
                     ["components", colour, out], ["distance", colour, out], ["curve", "--points", "x", grey, out]):
            with self.subTest(args[:3]):
                self.refused("image", *args)

    def test_help(self):
        for op in ("invert", "gamma", "multiply", "curve", "equalize", "clahe", "hsv", "lab", "threshold", "morphology", "components",
                   "distance"):
            self.assertEqual(self.run_cvlab("image", op, "--help").returncode, 0)
        self.assertIn("replicate", self.run_cvlab("image", "threshold", "--help").stdout)


if __name__ == "__main__":
    unittest.main()
