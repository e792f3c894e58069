"""`cvlab train` and `cvlab eval` as a person runs them, on small data sets made here.

    python3 -m unittest tests/cli/test_train.py   ($CVLAB names another program)
"""
import json
import os
import random
import re
import signal
import struct
import subprocess
import tempfile
import unittest
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CVLAB = os.environ.get("CVLAB", ROOT / "build/native/bin/cvlab")
DIGITS = ROOT / "build/assets/data/digits-train.png"
WEIGHTS = ROOT / "assets/weights"
SIDE = 12


def png(width, height, rows, colour=False):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2 if colour else 0, 0, 0, 0)
    packed = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def bars(folder, count, seed, colour=False):
    """Pictures of upright and lying bars at any place, a folder for each class."""
    rng = random.Random(seed)
    for label, name in enumerate(("lying", "upright")):
        (folder / name).mkdir(parents=True)
        for i in range(count):
            place = rng.randrange(SIDE)
            grey = [[(200 if (y, x)[label] == place else 0) + rng.randrange(50) for x in range(SIDE)] for y in range(SIDE)]
            rows = [[v for value in row for v in (value, value // 2, 0)] for row in grey] if colour else grey
            (folder / name / f"{i:03}.png").write_bytes(png(SIDE, SIDE, rows, colour))
    (folder / "notes.txt").write_text("not a picture")


def safetensors(path):
    """(header, metadata) of a file."""
    data = Path(path).read_bytes()
    header = json.loads(data[8:8 + struct.unpack("<Q", data[:8])[0]])
    return header, header.pop("__metadata__", {})


class Train(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.TemporaryDirectory()
        cls.data = Path(cls.kept.name) / "bars"
        bars(cls.data / "train", 100, 1)
        bars(cls.data / "test", 30, 2)
        cls.bare = ["train", "mlp", "--data", cls.data, "--size", SIDE, "--batch", 20]
        cls.line = [*cls.bare, "--lr", "3e-3"]

    @classmethod
    def tearDownClass(cls):
        cls.kept.cleanup()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def run_cvlab(self, *args, env=None):
        return subprocess.run([CVLAB, *map(str, args)], capture_output=True, text=True, timeout=300, env={**os.environ, **(env or {})})

    def good(self, *args):
        done = self.run_cvlab(*args)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def refused(self, *args, env=None):
        done = self.run_cvlab(*args, env=env)
        self.assertEqual(done.returncode, 2, done)
        self.assertEqual(done.stdout, "")
        self.assertRegex(done.stderr.splitlines()[-1], r"\Acvlab: [^\n]+\Z")
        return done.stderr

    def accuracy(self, done):
        match = re.fullmatch(r"test accuracy (\d+\.\d\d) %", done.stdout.splitlines()[-1])
        self.assertTrue(match, done.stdout)
        return float(match[1])

    def test_learns_reports_and_saves(self):
        weights, log = self.folder / "w.safetensors", self.folder / "log.jsonl"
        done = self.good(*self.line, "--epochs", 6, "--save", weights, "--log", log)
        self.assertGreaterEqual(self.accuracy(done), 95)
        self.assertEqual(len(done.stdout.splitlines()), 1)
        # Not on a terminal: a line an epoch, nothing that moves.
        lines = done.stderr.splitlines()
        self.assertEqual(len(lines), 6)
        for i, line in enumerate(lines, 1):
            self.assertRegex(line, rf"^epoch {i}/6: loss \d+\.\d{{4}}, accuracy \d+\.\d\d %, test loss \d+\.\d{{4}}, test accuracy \d+\.\d\d %, \d+\.\d s$")
        entries = [json.loads(line) for line in log.read_text().splitlines()]
        steps, epochs = [e for e in entries if "step" in e], [e for e in entries if "epoch" in e]
        self.assertEqual([e["step"] for e in steps], list(range(60)))
        self.assertEqual([e["epoch"] for e in epochs], list(range(1, 7)))
        self.assertAlmostEqual(epochs[-1]["train_loss"], sum(e["loss"] for e in steps[-10:]) / 10, places=5)
        self.assertAlmostEqual(100 * epochs[-1]["test_accuracy"], self.accuracy(done), places=2)
        header, metadata = safetensors(weights)
        self.assertFalse([name for name in header if name.startswith("optimizer.")])
        self.assertEqual((metadata["model"], metadata["input"], metadata["classes"]), ("mlp", "1x12x12", "2"))
        self.assertEqual(json.loads(metadata["class_names"]), ["lying", "upright"])
        self.assertFalse(list(self.folder.glob("*.part")))

        shown = self.good("eval", "mlp", "--weights", weights, "--data", self.data)
        self.assertEqual(self.accuracy(shown), self.accuracy(done))
        result = json.loads(self.good("eval", "mlp", "--weights", weights, "--data", self.data, "--json").stdout)
        self.assertAlmostEqual(100 * result["accuracy"], self.accuracy(done), places=2)
        self.assertEqual([sum(row) for row in result["confusion"]], [30, 30])
        self.assertAlmostEqual((result["confusion"][0][0] + result["confusion"][1][1]) / 60, result["accuracy"], places=6)
        on_train = self.good("eval", "mlp", "--weights", weights, "--data", self.data, "--train")
        self.assertRegex(on_train.stdout.splitlines()[-1], r"^train accuracy ")

    def test_same_seed_same_file_other_seed_another(self):
        files = [self.folder / name for name in "abc"]
        for path, seed, threads in zip(files, (1, 1, 2), (1, 2, 1)):
            self.good(*self.line, "--epochs", 2, "--seed", seed, "--threads", threads, "--augment", "shift=1,noise=0.05", "--save", path)
        self.assertEqual(files[0].read_bytes(), files[1].read_bytes())
        self.assertNotEqual(files[0].read_bytes(), files[2].read_bytes())

    def test_ctrl_c_keeps_a_checkpoint_and_a_resumed_run_equals_the_uninterrupted_one(self):
        line = [*self.line, "--epochs", 200, "--schedule", "cosine", "--augment", "shift=1", "--weight-decay", "1e-4"]
        whole, part, log = self.folder / "whole", self.folder / "part", self.folder / "log"
        self.good(*line, "--save", whole)
        process = subprocess.Popen([CVLAB, *map(str, line), "--save", part, "--log", log], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for line_of_epoch in process.stderr:
            if line_of_epoch.startswith("epoch 3/"):
                break
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, errors)
        self.assertEqual(out, "")
        self.assertNotIn("epoch 200/", errors)
        stopped = re.search(r"stopped after mini-batch (\d+) of 2000; the checkpoint is in (\S+): go on with --resume", errors)
        self.assertTrue(stopped, errors)
        self.assertLess(int(stopped[1]), 2000)
        header, metadata = safetensors(part)
        self.assertTrue([name for name in header if name.startswith("optimizer.second.")])
        self.assertEqual(json.loads(metadata["progress"])["steps"], int(stopped[1]))
        # A checkpoint's weights are weights.
        self.good("eval", "mlp", "--weights", part, "--data", self.data)

        sentence = self.refused(*line, "--resume", part, "--optimizer", "sgd")
        self.assertIn("--optimizer adam", sentence)
        done = self.good(*line, "--resume", part, "--save", part, "--log", log)
        self.assertIn(f"going on after mini-batch {stopped[1]}", done.stderr)
        self.assertEqual(part.read_bytes(), whole.read_bytes())

    def test_finished_weights_are_a_beginning(self):
        weights = self.folder / "w"
        first = self.accuracy(self.good(*self.line, "--epochs", 6, "--save", weights))
        done = self.good(*self.bare, "--epochs", 1, "--lr", "0", "--resume", weights)
        self.assertIn("finished weights", done.stderr)
        self.assertEqual(self.accuracy(done), first)

    def test_half_is_half_the_size_and_what_it_says(self):
        whole, half = self.folder / "whole", self.folder / "half"
        self.good(*self.line, "--epochs", 3, "--save", whole)
        done = self.good(*self.line, "--epochs", 3, "--save", half, "--half")
        self.assertLess(half.stat().st_size, 0.55 * whole.stat().st_size)
        self.assertTrue(all(tensor["dtype"] == "F16" for tensor in safetensors(half)[0].values()))
        shown = self.good("eval", "mlp", "--weights", half, "--data", self.data)
        self.assertEqual(self.accuracy(shown), self.accuracy(done))

    def test_folder_without_train_and_test_colour_and_size(self):
        folder = self.folder / "colour"
        bars(folder, 50, 3, colour=True)
        done = self.good("train", "mlp", "--data", folder, "--epochs", 4, "--batch", 10, "--lr", "3e-3", "--save", self.folder / "w")
        self.assertGreater(self.accuracy(done), 50)
        self.assertEqual(safetensors(self.folder / "w")[1]["input"], "1x28x28")  # the network's own size

    def test_idx_folder(self):
        folder = self.folder / "idx"
        folder.mkdir()
        rng = random.Random(4)
        for stem, count in (("train", 200), ("t10k", 50)):
            labels = bytes(rng.randrange(2) for _ in range(count))
            pixels = bytes(rng.randrange(40) + (200 if (i // 64 % 8 // 4) == labels[i // 64] else 0) for i in range(count * 64))
            (folder / f"{stem}-images-idx3-ubyte").write_bytes(struct.pack(">IIII", 0x803, count, 8, 8) + pixels)
            (folder / f"{stem}-labels-idx1-ubyte").write_bytes(struct.pack(">II", 0x801, count) + labels)
        self.good("train", "mlp", "--data", folder, "--epochs", 1)
        (folder / "t10k-labels-idx1-ubyte").write_bytes(struct.pack(">II", 0x801, 50) + bytes(20))
        self.assertIn("ends too early", self.refused("train", "mlp", "--data", folder, "--epochs", 1))

    def test_divergence_is_a_sentence(self):
        sentence = self.refused(*self.bare, "--epochs", 3, "--optimizer", "sgd", "--lr", "1000", "--weight-decay", "100")
        self.assertIn("diverged in mini-batch", sentence)
        self.assertIn("smaller learning rate", sentence)

    def test_autoencoder(self):
        weights = self.folder / "w"
        done = self.good("train", "autoencoder", "--data", self.data, "--size", SIDE, "--epochs", 2, "--code", 8, "--save", weights)
        self.assertRegex(done.stdout, r"\Atest loss 0\.\d{6}\n\Z")
        shown = self.good("eval", "autoencoder", "--weights", weights, "--data", self.data)
        self.assertEqual(shown.stdout, done.stdout)

    def test_bad_input_is_one_sentence(self):
        data = ["--data", self.data]
        cases = [
            (["train", "lenet6", *data], "lenet5"),
            (["train", "mlp", "--data", "nothing"], 'no data set "nothing"'),
            (["train", "mlp", "--data", self.folder], "no data set"),
            (["train", "mlp", *data, "--optimizer", "adama"], "adamw"),
            (["train", "mlp", *data, "--schedule", "sine"], "cosine"),
            (["train", "mlp", *data, "--augment", "turn=3"], "rotate=DEGREES"),
            (["train", "mlp", *data, "--epochs", "0"], "not in range"),
            (["train", "mlp", *data, "--lr", "nan"], "not a number"),
            (["train", "mlp", *data, "--seed", "-1"], "--seed"),
            (["train", "mlp", *data, "--save", self.folder / "no" / "w"], "cannot be written"),
            (["train", "mlp", *data, "--resume", self.folder / "no"], "cannot be read"),
            (["train", "mlp", *data, "--log", self.folder / "no" / "log"], "cannot be written"),
            (["train", "dcgan-generator", *data], "dcgan-generator"),
            (["train", "mlp"], "--data"),
            (["eval", "mlp", *data, "--weights", self.folder / "no"], "cannot be read"),
            (["eval", "mlp", "--weights", __file__, *data], "test_train.py"),
            (["eval", "dcgan-generator", "--weights", __file__, *data], "test_train.py"),
        ]
        for line, words in cases:
            with self.subTest(" ".join(map(str, line))):
                self.assertIn(words, self.refused(*line))

    def test_data_that_was_not_fetched(self):
        for name in ("digits", "fashion-mnist"):
            sentence = self.refused("train", "mlp", "--data", name, env={"CVLAB_ASSETS": str(self.folder)})
            self.assertIn(f"{name} is not there: run tools/assets", sentence)

    def test_help(self):
        for command in ("train", "eval"):
            done = self.good(command, "--help")
            self.assertIn("--data", done.stdout)

    @unittest.skipUnless(DIGITS.is_file(), "the digits were not fetched")
    def test_digits(self):
        done = self.good("train", "lenet5", "--data", "digits", "--epochs", 2, "--lr", "2e-3", "--seed", 1)
        self.assertGreaterEqual(self.accuracy(done), 95)

    @unittest.skipUnless(DIGITS.is_file(), "the data sets were not fetched")
    def test_committed_weights_are_as_good_as_their_page_says(self):
        rows = re.findall(r"^\| `([\w-]+)` \| `cvlab train ([\w-]+) --data ([\w-]+) [^`]*` \| [^|]+ \| ([\d.]+)( %)? \|$",
                          (WEIGHTS / "README.md").read_text(), re.M)
        self.assertEqual({row[0] for row in rows}, {path.stem for path in WEIGHTS.glob("*.safetensors")})
        for name, model, data, value, percent in rows:
            with self.subTest(name):
                done = self.good("eval", model, "--weights", WEIGHTS / f"{name}.safetensors", "--data", data)
                shown = float(re.search(r"test (?:accuracy|loss) ([\d.]+)", done.stdout.splitlines()[-1])[1])
                # Another processor adds in another order: a picture on the border may fall to the other side.
                self.assertAlmostEqual(shown, float(value), delta=0.2 if percent else 1e-3 * float(value) + 1e-4)


if __name__ == "__main__":
    unittest.main()
