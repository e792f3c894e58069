"""Data sets of the asset manifest: how they are divided and laid out. Nothing here needs the network."""
import gzip
import json
import struct
import sys
import tempfile
import unittest
import zlib
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from cvlab_tools import cache, datasets  # noqa: E402
from cvlab_tools.report import Failure  # noqa: E402

SIZE = datasets.SIDE * datasets.SIDE


def picture(number):
    """A picture that no other number has."""
    return struct.pack(">I", number) + bytes(SIZE - 4)


def pixels(png):
    """Width, height and rows of a grey PNG without filters."""
    width, height = struct.unpack(">II", png[16:24])
    at, packed = 8, b""
    while at < len(png):
        length = struct.unpack(">I", png[at:at + 4])[0]
        if png[at + 4:at + 8] == b"IDAT":
            packed += png[at + 8:at + 8 + length]
        at += 12 + length
    raw = zlib.decompress(packed)
    return width, height, [raw[y * (width + 1) + 1:(y + 1) * (width + 1)] for y in range(height)]


class Datasets(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_shares_add_up_and_are_in_proportion(self):
        self.assertEqual(datasets.shares([1, 1, 1], 10), [4, 3, 3])
        self.assertEqual(datasets.shares([50, 30, 20], 10), [5, 3, 2])
        counts = [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]
        self.assertEqual(sum(datasets.shares(counts, 1000)), 1000)

    def test_split_is_stratified_complete_and_always_the_same(self):
        classes = [[picture(1000 * label + i) for i in range(count)] for label, count in enumerate((40, 100, 60))]
        train, test = datasets.split_by_hash(classes, 20)
        self.assertEqual([sum(label == wanted for _, label in test) for wanted in range(3)], [4, 10, 6])
        everything = {(one, label) for label, pictures in enumerate(classes) for one in pictures}
        self.assertEqual(set(train) | set(test), everything)
        self.assertEqual(len(train) + len(test), len(everything))
        # The order in which the pictures were read does not matter.
        self.assertEqual(datasets.split_by_hash([pictures[::-1] for pictures in classes], 20), (train, test))
        # The beginning is a sample, not one class.
        self.assertEqual({label for _, label in train[:30]}, {0, 1, 2})

    def test_sprite_lays_a_hundred_a_row(self):
        width, height, rows = pixels(datasets.sprite([bytes([i % 256]) * SIZE for i in range(101)]))
        self.assertEqual((width, height), (2800, 56))
        self.assertEqual((rows[0][0], rows[27][28 * 99], rows[0][28 * 57 + 3]), (0, 99, 57))
        self.assertEqual((rows[28][0], rows[28][28]), (100, 0))

    def test_readers(self):
        (self.folder / "3.json").write_text(json.dumps({"data": [round(v / 255, 3) for v in range(256)] + [0] * (2 * SIZE - 256)}))
        digits = datasets.read_digits(self.folder / "3.json")
        self.assertEqual(len(digits), 2)
        self.assertEqual(digits[0][:256], bytes(range(256)))
        with gzip.open(self.folder / "images.gz", "wb") as out:
            out.write(struct.pack(">IIII", 0x803, 3, 28, 28) + picture(1) + picture(2) + picture(3))
        self.assertEqual(datasets.read_idx(self.folder / "images.gz", 2), [picture(1), picture(2)])
        with gzip.open(self.folder / "labels.gz", "wb") as out:
            out.write(struct.pack(">II", 0x801, 3) + b"\x07\x08\x09")
        self.assertEqual(datasets.read_idx(self.folder / "labels.gz", 3), [b"\x07", b"\x08", b"\x09"])

    def test_what_cannot_be_fetched_is_said_and_the_rest_is_there(self):
        def fail(*_):
            raise Failure("the network is down.")

        def make_fashion(data, source, folder):
            (folder / "fashion-mnist-test.png").write_bytes(b"picture")

        said = []
        with mock.patch.object(datasets, "_fetch_npm", fail), mock.patch.object(datasets, "_fetch_debian", lambda *_: self.folder), \
             mock.patch.object(datasets, "_check", lambda *_: None), mock.patch.dict(datasets.MAKERS, {"fashion-mnist": make_fashion}), \
             mock.patch.object(datasets, "TARGET", self.folder / "target"), mock.patch.object(datasets, "say", said.append):
            self.assertEqual(datasets.provide(self.folder / "cache", None), 1)
            self.assertEqual([path.name for path in datasets.outputs()], ["fashion-mnist-test.png"])
        self.assertEqual(len(said), 1)
        self.assertIn("digits is not there: the network is down.", said[0])

    def test_a_changed_file_is_refused(self):
        data = {"npm": "thing", "files": {"a.json": "0" * 64}}
        (self.folder / "a.json").write_text("{}")
        with self.assertRaisesRegex(Failure, "a.json of thing is not the file"):
            datasets._check(data, self.folder)

    def test_manifest_is_complete(self):
        keys = {"id", "train", "test", "what", "classes", "files", "author", "source", "licence"}
        locked = json.loads((datasets.NPM_FOLDER / "package-lock.json").read_text())["packages"]
        for data in json.loads(cache.MANIFEST.read_text())["data"]:
            self.assertEqual(set(data) - {"npm", "package"}, keys, data["id"])
            self.assertEqual(("npm" in data) + ("package" in data), 1)
            self.assertEqual(len(data["classes"]), 10)
            if "npm" in data:
                self.assertIn(f"node_modules/{data['npm']}", locked)
            for sha256 in data["files"].values():
                self.assertRegex(sha256, r"^[0-9a-f]{64}$")
        self.assertNotIn("resolved", (datasets.NPM_FOLDER / "package-lock.json").read_text())


if __name__ == "__main__":
    unittest.main()
