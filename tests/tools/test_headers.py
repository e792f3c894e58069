"""The table of headers: what is isolated, what may be framed, what is kept."""
import base64
import hashlib
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from cvlab_tools import headers  # noqa: E402

SCRIPT = "document.title = 'a < b'"
PAGE = f'<!doctype html><script>{SCRIPT}</script><script src="/x.js"></script><script type="application/json">{{}}</script>'


class Headers(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        dist = Path(self.folder.name)
        for name in ("index.html", "convolution.html", "fr/index.html", "embed/index.html"):
            (dist / name).parent.mkdir(exist_ok=True)
            (dist / name).write_text(PAGE)
        self.rules = headers.table(dist)

    def values(self, path, name):
        return [value for one, value in headers.matching(self.rules, path) if one == name]

    def test_everything_is_cross_origin_isolated_and_may_be_embedded(self):
        for path in ("/", "/convolution", "/embed/", "/module/turbo/cvlab-app.js", "/photos/cat.png"):
            self.assertEqual(self.values(path, "Cross-Origin-Embedder-Policy"), ["require-corp"], path)
            self.assertEqual(self.values(path, "Cross-Origin-Opener-Policy"), ["same-origin"], path)
            self.assertEqual(self.values(path, "Cross-Origin-Resource-Policy"), ["cross-origin"], path)

    def test_pages_stay_out_of_foreign_frames_and_embed_does_not(self):
        for path in ("/", "/convolution", "/convolution.html", "/fr/", "/fr/index.html"):
            self.assertIn("frame-ancestors 'self'", self.values(path, "Content-Security-Policy"), path)
        for path in ("/embed/", "/embed/index.html"):
            self.assertNotIn("frame-ancestors", " ".join(self.values(path, "Content-Security-Policy")), path)

    def test_inline_scripts_are_allowed_by_hash_only(self):
        policy = self.values("/", "Content-Security-Policy")[0]
        digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
        scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
        self.assertEqual(scripts, f"script-src 'self' 'wasm-unsafe-eval' 'sha256-{digest}'")

    def test_only_hashed_names_are_kept_for_ever(self):
        self.assertIn("immutable", self.values("/assets/app.Dj3f.js", "Cache-Control")[0])
        for path in ("/", "/module/baseline/cvlab-app.wasm", "/demos.json"):
            self.assertEqual(self.values(path, "Cache-Control"), ["no-cache"], path)

    def test_no_two_rules_name_a_header_twice_except_the_policy(self):
        for path in ("/", "/assets/x.js", "/embed/", "/fr/"):
            names = [name for name, _ in headers.matching(self.rules, path) if name != "Content-Security-Policy"]
            self.assertEqual(len(names), len(set(names)), path)

    def test_file_for_static_hosts_says_the_same(self):
        lines = headers.as_file(self.rules).splitlines()
        self.assertIn("/convolution", lines)
        self.assertEqual(lines[lines.index("/convolution") + 1], "  Content-Security-Policy: frame-ancestors 'self'")


if __name__ == "__main__":
    unittest.main()
