"""`cvlab summary`, `predict`, `export-onnx` as a person runs them.   python3 -m unittest tests/cli/test_models.py   ($CVLAB names another program)

Weights are written and read here, by the description of the safetensors format alone (struct and json), and a small network's
answer is computed again, number by number. What the exported networks answer: tests/onnx.
"""
import json
import math
import os
import random
import struct
import subprocess
import tempfile
import unittest
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CVLAB = os.environ.get("CVLAB", ROOT / "build/native/bin/cvlab")
PHOTO = ROOT / "tests/data/opencv/photo.png"
LETTERS = {"F64": "d", "F32": "f", "F16": "e", "I64": "q", "I32": "i", "U8": "B"}


def read_safetensors(path):
    """({name: (shape, values)}, metadata); asserts what the format demands."""
    data = Path(path).read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header, body = json.loads(data[8 : 8 + length]), data[8 + length :]
    assert data[8:9] == b"{"
    metadata, tensors, at = header.pop("__metadata__", {}), {}, 0
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        begin, end = entry["data_offsets"]
        count = math.prod(entry["shape"])
        assert begin == at and end - begin == count * struct.calcsize(LETTERS[entry["dtype"]]), name
        tensors[name] = (entry["shape"], list(struct.unpack(f"<{count}{LETTERS[entry['dtype']]}", body[begin:end])))
        at = end
    assert at == len(body)
    return tensors, metadata


def write_safetensors(path, tensors, metadata=None, dtype="F32"):
    header, body = {"__metadata__": metadata} if metadata else {}, b""
    for name, (shape, values) in tensors.items():
        numbers = struct.pack(f"<{len(values)}{LETTERS[dtype]}", *values)
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(body), len(body) + len(numbers)]}
        body += numbers
    text = json.dumps(header).encode()
    Path(path).write_bytes(struct.pack("<Q", len(text)) + text + body)


def png(width, height, colour_type, lines):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, colour_type, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(lines))) + chunk(b"IEND", b"")


def npy(path, shape, values):
    header = str({"descr": "<f4", "fortran_order": False, "shape": tuple(shape)}).encode()
    header += b" " * (-(11 + len(header)) % 64) + b"\n"
    Path(path).write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + struct.pack(f"<{len(values)}f", *values))


def mlp_weights(inputs, classes, seed=1):
    rng = random.Random(seed)
    shapes = {"fc1.weight": [128, inputs], "fc1.bias": [128], "fc2.weight": [classes, 128], "fc2.bias": [classes]}
    return {name: (shape, [rng.uniform(-0.5, 0.5) for _ in range(math.prod(shape))]) for name, shape in shapes.items()}


def mlp(weights, x):
    """The definition: logits of one example."""
    def dense(name, x):
        w, b = weights[name + ".weight"][1], weights[name + ".bias"][1]
        return [sum(w[o * len(x) + i] * v for i, v in enumerate(x)) + b[o] for o in range(len(b))]

    return dense("fc2", [max(0.0, v) for v in dense("fc1", x)])


class Models(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.weights = self.folder / "w.safetensors"
        self.pixels = [10, 200, 30, 255, 0, 128]
        self.picture = self.folder / "p.png"  # 3 wide, 2 high
        self.picture.write_bytes(png(3, 2, 0, [0, *self.pixels[:3], 0, *self.pixels[3:]]))

    def run_cvlab(self, *args):
        return subprocess.run([CVLAB, *map(str, args)], capture_output=True, text=True, timeout=120)

    def done(self, *args):
        done = self.run_cvlab(*args)
        self.assertEqual((done.returncode, done.stderr), (0, ""), args)
        return done.stdout

    def refused(self, *args):
        done = self.run_cvlab(*args)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done)
        self.assertRegex(done.stderr, r"\Acvlab: [^\n]+\n\Z")
        return done.stderr

    def predict(self, *files, metadata=None, weights=None, size=("--input", "1x2x3", "--classes", 4), dtype="F32"):
        write_safetensors(self.weights, weights or mlp_weights(6, 4), metadata, dtype)
        return json.loads(self.done("predict", "mlp", "--weights", self.weights, *size, *files, "--json"))["predictions"]

    def assert_logits(self, prediction, expected, tolerance=1e-5):
        self.assertEqual(len(prediction["logits"]), len(expected))
        self.assertLess(max(abs(a - b) for a, b in zip(prediction["logits"], expected)), tolerance)

    # ---- summary ------------------------------------------------------------------------------------------------

    def test_summary_json(self):
        lenet = json.loads(self.done("summary", "lenet5", "--json"))
        self.assertEqual((lenet["model"], lenet["parameters"], lenet["multiply_adds"]), ("lenet5", 61706, 416520))
        layers = {layer["name"]: layer for layer in lenet["layers"]}
        self.assertEqual(layers["conv2"]["output"], [16, 10, 10])
        self.assertEqual(layers["conv2"]["inputs"], ["pool1"])
        self.assertEqual(layers["conv2"]["weights"], [{"name": "conv2.weight", "shape": [16, 6, 5, 5]}, {"name": "conv2.bias", "shape": [16]}])
        self.assertEqual((layers["conv2"]["receptive_field"], layers["conv2"]["receptive_jump"]), (14, 2))
        for key in ("parameters", "multiply_adds", "activation_bytes"):
            self.assertEqual(lenet[key], sum(layer[key] for layer in lenet["layers"]), key)

    def test_summary_of_other_sizes(self):
        small = json.loads(self.done("summary", "resnet18", "--input", "1x28x28", "--classes", "10", "--json"))
        self.assertEqual(small["layers"][0]["output"], [1, 28, 28])
        self.assertEqual(small["layers"][-1]["output"], [10])
        self.assertEqual(small["parameters"], 11689512 - 2 * 64 * 49 - 990 * 513)

    def test_summary_table(self):
        table = self.done("summary", "vgg16")
        self.assertIn("138,357,544 parameters", table)
        self.assertRegex(table, r"(?m)^features\.0 +conv2d +64 x 224 x 224 +1,792 +86,704,128 +12,845,056 +3$")
        self.assertRegex(table, r"(?m)^classifier\.6 .* all$")

    def test_summary_refusals(self):
        self.assertIn("lenet5", self.refused("summary", "lenet"))
        self.assertIn("conv2", self.refused("summary", "lenet5", "--input", "1x4x4"))
        for size in ("28x28", "1x28", "1x28x28x", "ax1x1", "1x-2x3", "0x1x1", "1x1x99999999999999999999", "1x2x3x4x5x6x7"):
            with self.subTest(size):
                self.refused("summary", "lenet5", "--input", size)
        for classes in ("0", "-1", "x", "100001"):
            self.refused("summary", "lenet5", "--classes", classes)
        self.refused("summary")
        self.assertEqual(self.run_cvlab("summary", "--help").returncode, 0)

    # ---- predict ------------------------------------------------------------------------------------------------

    def test_predict_is_the_network(self):
        weights = mlp_weights(6, 4)
        expected = mlp(weights, [v / 255 for v in self.pixels])
        for dtype, tolerance in (("F32", 1e-5), ("F64", 1e-5), ("F16", 5e-3)):
            with self.subTest(dtype):
                one = self.predict(self.picture, weights=weights, dtype=dtype)[0]
                self.assert_logits(one, expected, tolerance)
        total = sum(math.exp(v) for v in one["logits"])
        for p, v in zip(one["probabilities"], one["logits"]):
            self.assertAlmostEqual(p, math.exp(v) / total, places=9)
        self.assertEqual(one["class"], max(range(4), key=lambda i: expected[i]))
        self.assertEqual((one["name"], one["files"], one["resized_from"]), (str(one["class"]), [str(self.picture)], []))

    def test_predict_reads_what_the_weights_say(self):
        weights = mlp_weights(6, 4)
        metadata = {"model": "mlp", "input": "1x2x3", "classes": "4", "mean": "0.25", "deviation": "0.5",
                    "class_names": json.dumps(["a", "b", "c", "déjà"])}
        one = self.predict(self.picture, weights=weights, metadata=metadata, size=())[0]
        expected = mlp(weights, [(v / 255 - 0.25) / 0.5 for v in self.pixels])
        self.assert_logits(one, expected)
        best = max(range(4), key=lambda i: expected[i])
        self.assertEqual(one["name"], ["a", "b", "c", "déjà"][best])
        text = self.done("predict", "mlp", "--weights", self.weights, self.picture)
        self.assertTrue(text.startswith(f"{self.picture}: {one['name']} {100 * one['probabilities'][best]:.1f} %, "), text)

    def test_predict_several_files_at_once(self):
        other = self.folder / "q.png"
        other.write_bytes(png(3, 2, 0, [0, 1, 2, 3, 0, 4, 5, 6]))
        predictions = self.predict(self.picture, other)
        self.assertEqual([one["files"] for one in predictions], [[str(self.picture)], [str(other)]])
        self.assert_logits(predictions[1], mlp(mlp_weights(6, 4), [v / 255 for v in range(1, 7)]))

    def test_predict_colours_sizes_and_arrays(self):
        weights, x = mlp_weights(6, 4), [0.1, -2.0, 3.0, 0.0, 5.0, 0.25]
        npy(self.folder / "x.npy", (1, 2, 3), x)
        self.assert_logits(self.predict(self.folder / "x.npy", weights=weights)[0], mlp(weights, x))
        colour = self.folder / "c.png"
        colour.write_bytes(png(3, 2, 2, [0, *[250, 100, 50] * 3, 0, *[250, 100, 50] * 3]))
        grey = round(0.299 * 250 + 0.587 * 100 + 0.114 * 50)
        self.assert_logits(self.predict(colour, weights=weights)[0], mlp(weights, [grey / 255] * 6))
        big = self.folder / "b.png"  # twice as large: the mean of four
        rows = [[v for v in self.pixels[y * 3 : y * 3 + 3] for _ in range(2)] for y in range(2) for _ in range(2)]
        big.write_bytes(png(6, 4, 0, [v for row in rows for v in (0, *row)]))
        one = self.predict(big, weights=weights)[0]
        self.assert_logits(one, mlp(weights, [v / 255 for v in self.pixels]))
        self.assertEqual(one["resized_from"], [{"file": str(big), "width": 6, "height": 4}])
        self.assertIn("(resized from 6x4)", self.done("predict", "mlp", "--weights", self.weights, "--input", "1x2x3", "--classes", "4", big))
        rgb = mlp_weights(18, 4)
        one = self.predict(self.picture, weights=rgb, size=("--input", "3x2x3", "--classes", 4))[0]
        self.assert_logits(one, mlp(rgb, [v / 255 for v in self.pixels] * 3))

    def test_predict_of_networks_that_do_not_classify(self):
        layers = json.loads(self.done("summary", "siamese", "--json"))["layers"]
        rng = random.Random(1)
        write_safetensors(self.weights, {w["name"]: (w["shape"], [rng.uniform(-0.1, 0.1) for _ in range(math.prod(w["shape"]))])
                                         for layer in layers for w in layer["weights"]})
        same, = json.loads(self.done("predict", "siamese", "--weights", self.weights, PHOTO, PHOTO, "--json"))["predictions"]
        self.assertEqual((same["shape"], same["files"]), ([1], [str(PHOTO)] * 2))
        bias = read_safetensors(self.weights)[0]["fc.bias"][1][0]
        self.assertAlmostEqual(same["output"][0], bias, places=6)  # no distance between a picture and itself
        self.assertIn("2 files", self.refused("predict", "siamese", "--weights", self.weights, PHOTO))
        self.assertIn(" numbers, ", self.done("predict", "siamese", "--weights", self.weights, PHOTO, PHOTO))

    def test_predict_refusals(self):
        write_safetensors(self.weights, mlp_weights(6, 4))
        good = ["predict", "mlp", "--weights", self.weights, "--input", "1x2x3", "--classes", "4"]
        self.done(*good, self.picture)
        self.assertIn("784", self.refused("predict", "mlp", "--weights", self.weights, self.picture))  # another size
        self.assertIn("There is no model", self.refused("predict", "mlpp", "--weights", self.weights, self.picture))
        self.refused(*good)
        self.refused("predict", "mlp", self.picture)
        self.refused(*good, self.folder / "none.png")
        self.refused(*good, self.weights)
        self.refused("predict", "mlp", "--weights", self.picture, self.picture)
        self.refused("predict", "mlp", "--weights", self.folder / "none", self.picture)
        npy(self.folder / "x.npy", (2, 3), [0.0] * 6)
        self.assertIn("1x2x3", self.refused(*good, self.folder / "x.npy"))
        self.assertIn("lenet5", self.refused_metadata({"model": "lenet5"}))
        for metadata in ({"mean": "x"}, {"deviation": "0"}, {"deviation": "-1"}, {"mean": ""}):
            self.assertIn("metadata", self.refused_metadata(metadata))
        self.assertIn("input size", self.refused("predict", "mlp", "--weights", self.weights, "--input", "2x", self.picture))
        generator = json.loads(self.done("summary", "dcgan-generator", "--json"))["layers"]
        write_safetensors(self.weights, {w["name"]: (w["shape"], [0.0] * math.prod(w["shape"])) for layer in generator for w in layer["weights"]})
        self.assertIn(".npy", self.refused("predict", "dcgan-generator", "--weights", self.weights, self.picture))

    def refused_metadata(self, metadata):
        write_safetensors(self.weights, mlp_weights(6, 4), metadata)
        return self.refused("predict", "mlp", "--weights", self.weights, "--input", "1x2x3", "--classes", "4", self.picture)

    def test_weights_that_do_not_fit_are_named(self):
        for change, word in ((lambda w: w.pop("fc2.bias"), "fc2.bias"), (lambda w: w.update({"fc3.bias": ([1], [0.0])}), "fc3.bias"),
                             (lambda w: w.update({"fc1.bias": ([2, 64], [0.0] * 128)}), "2x64")):
            weights = mlp_weights(6, 4)
            change(weights)
            write_safetensors(self.weights, weights)
            self.assertIn(word, self.refused("predict", "mlp", "--weights", self.weights, "--input", "1x2x3", "--classes", "4", self.picture))

    def test_weights_written_by_training_are_read_here(self):
        for label in ("dark", "light"):
            (self.folder / "data" / label).mkdir(parents=True)
            for i in range(10):
                value = (label == "light") * 200 + i
                (self.folder / "data" / label / f"{i}.png").write_bytes(png(4, 4, 0, [0, *[value] * 4] * 4))
        for half in ([], ["--half"]):
            done = self.run_cvlab("train", "mlp", "--data", self.folder / "data", "--size", "4", "--epochs", "20", "--save", self.weights, *half)
            self.assertEqual(done.returncode, 0, done)
            tensors, metadata = read_safetensors(self.weights)
            self.assertEqual({name: shape for name, (shape, _) in tensors.items()},
                             {"fc1.weight": [128, 16], "fc1.bias": [128], "fc2.weight": [2, 128], "fc2.bias": [2]})
            self.assertEqual(metadata["model"], "mlp")
            picture = self.folder / "data/light/3.png"
            one, = json.loads(self.done("predict", "mlp", "--weights", self.weights, picture, "--json"))["predictions"]
            self.assert_logits(one, mlp(tensors, [203 / 255] * 16))
            self.assertEqual(one["name"], "light")

    # ---- export-onnx --------------------------------------------------------------------------------------------

    def test_export(self):
        out = self.folder / "net.onnx"
        write_safetensors(self.weights, mlp_weights(6, 4))
        arguments = ["export-onnx", "mlp", out, "--weights", self.weights, "--input", "1x2x3", "--classes", "4"]
        said = self.done(*arguments)
        first = out.read_bytes()
        self.assertEqual(said, f"{out}: {len(first)} bytes\n")
        self.assertTrue(first.startswith(b"\x08\x06\x12\x05cvlab"))  # ir_version 6, producer_name
        self.assertIn(struct.pack("<6f", *mlp_weights(6, 4)["fc1.weight"][1][:6]), first)
        self.done("export-onnx", "mlp", out, "--seed", "3")
        third = out.read_bytes()
        self.done("export-onnx", "mlp", out, "--seed", "3")
        self.assertEqual(out.read_bytes(), third)
        self.done("export-onnx", "mlp", out, "--seed", "4")
        self.assertNotEqual(out.read_bytes(), third)

    def test_export_refusals(self):
        out = self.folder / "net.onnx"
        self.assertIn(".onnx", self.refused("export-onnx", "mlp", self.folder / "net.pb"))
        self.assertIn("cannot be written", self.refused("export-onnx", "mlp", self.folder / "no/net.onnx"))
        self.refused("export-onnx", "mlp")
        self.refused("export-onnx", "nothing", out)
        self.refused("export-onnx", "mlp", out, "--weights", self.folder / "none")
        self.assertFalse(out.exists())
        self.assertEqual(self.run_cvlab("export-onnx", "--help").returncode, 0)


if __name__ == "__main__":
    unittest.main()
