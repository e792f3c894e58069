"""What clang-tidy passed is not looked at again, until anything it depends on changes."""
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from cvlab_tools import tidy  # noqa: E402


class Keys(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.checkout = self.make("one")

    def make(self, name):
        checkout = Path(self.folder.name) / name
        (checkout / "core").mkdir(parents=True)
        (checkout / "core/a.cpp").write_text('#include "core/a.hpp"\n')
        (checkout / "core/a.hpp").write_text("int a();\n")
        return checkout

    def key(self, checkout, checks="checks", options="-O2"):
        entry = {"command": f"c++ {options} -I{checkout} -o a.o -c {checkout}/core/a.cpp"}
        return tidy.key(entry, [checkout / "core/a.cpp", checkout / "core/a.hpp"], tidy.Contents(checkout), checks)

    def test_the_same_in_another_checkout(self):
        self.assertEqual(self.key(self.checkout), self.key(self.make("two")))

    def test_changes_with_a_header_the_options_and_the_checks(self):
        before = self.key(self.checkout)
        self.assertNotEqual(before, self.key(self.checkout, checks="others"))
        self.assertNotEqual(before, self.key(self.checkout, options="-O3"))
        (self.checkout / "core/a.hpp").write_text("int b();\n")
        self.assertNotEqual(before, self.key(self.checkout))

    def test_what_ninja_says_of_objects(self):
        listing = "core/a.o: #deps 2, deps mtime 5 (VALID)\n    /x/core/a.cpp\n    generated/b.hpp\n\nc.o: #deps 0, deps mtime 1 (VALID)\n"
        build = Path("/x/build")
        self.assertEqual(tidy.includes(listing, build), {"core/a.o": [Path("/x/core/a.cpp"), build / "generated/b.hpp"], "c.o": []})


if __name__ == "__main__":
    unittest.main()
