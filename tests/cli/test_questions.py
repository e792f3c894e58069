"""The questions of the lessons and the states of the slides, taken by the core: every state is taken, every read-out is a number, every explanation of a
wrong answer can be reached, and both languages ask the same.   python3 -m unittest tests/cli/test_questions.py   ($CVLAB_APP)
"""
import html
import json
import math
import os
import re
import subprocess
import unittest
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APP = os.environ.get("CVLAB_APP", ROOT / "build/native/bin/cvlab-app")
LESSONS = ROOT / "web" / "lessons"
TAG = re.compile(r"^\s*<(cv-check|cv-wrong)\b([^>]*)>", re.M)
ATTRIBUTE = re.compile(r'([\w-]+)(?:="([^"]*)")?')


def questions(path):
    """[(attributes of the question, [attributes of its wrong answers])]"""
    found = []
    for tag, text in TAG.findall(path.read_text(encoding="utf-8")):
        attributes = {name: html.unescape(value) for name, value in ATTRIBUTE.findall(text)}
        if tag == "cv-check":
            found.append((attributes, []))
        else:
            found[-1][1].append(attributes)
    return found


@cache
def readouts(demo, state):
    command = [str(APP), "--demo", demo, *(["--state", state] if state else []), "--size", "320x240", "--readouts"]
    result = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return json.loads(result.stdout) if result.returncode == 0 else result.stderr


def measured(check, wrong=None):
    """What the core says: a list of numbers, or a sentence why not."""
    state = (wrong or {}).get("state", check.get("state", ""))
    cells = check.get("cells", "").split() or [""] if check["kind"] == "kernel" else [""]
    values = []
    for cell in cells:
        said = readouts(check["demo"], "&".join(filter(None, [state, f"cell={cell}" if cell else ""])))
        if isinstance(said, str):
            return said
        for name in map(str.strip, (wrong or {}).get("readout", check["readout"]).split(",")):
            value = said.get(name)
            if not isinstance(value, (int, float)) or not math.isfinite(value):
                return f"{name} is {value!r} in the state \"{state}\""
            values.append(value)
    return values


def same(check, one, other):
    """As web/elements/cv_check.ts compares."""
    tolerance = float(check.get("tolerance", 0))
    return len(one) == len(other) and all(abs(a - b) <= tolerance + 1e-6 * max(1, abs(b)) for a, b in zip(one, other))


class Questions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lessons = {path.stem: questions(path) for path in sorted((LESSONS / "en").glob("*.md"))}
        asked = []
        for checks in cls.lessons.values():
            for check, wrongs in checks:
                asked += [(check, None)] if "equals" not in check else []
                asked += [(check, wrong) for wrong in wrongs if "state" in wrong or "readout" in wrong]
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:  # fills the cache
            list(pool.map(lambda pair: measured(*pair), asked))

    def test_every_demo_has_a_lesson_with_three_questions(self):
        for folder in sorted((ROOT / "app" / "demos").iterdir()):
            if (folder / "params.cpp").is_file():
                self.assertGreaterEqual(len(self.lessons.get(folder.name, [])), 3, folder.name)

    def test_the_core_knows_the_answer(self):
        for lesson, checks in self.lessons.items():
            for check, _ in checks:
                if "equals" in check:
                    continue
                with self.subTest(f"{lesson}: {check['id']}"):
                    self.assertIsInstance(measured(check), list, measured(check))

    def test_every_explanation_can_be_reached(self):
        for lesson, checks in self.lessons.items():
            for check, wrongs in checks:
                for wrong in wrongs:
                    if "state" not in wrong and "readout" not in wrong:
                        continue
                    with self.subTest(f"{lesson}: {check['id']}: {wrong}"):
                        value = measured(check, wrong)
                        self.assertIsInstance(value, list, value)
                        if check["kind"] != "state":
                            self.assertFalse(same(check, value, measured(check)), f"{value} is a right answer")

    def test_both_languages_ask_the_same(self):
        for path in sorted((LESSONS / "en").glob("*.md")):
            def asked(language):
                words = {"unit", "labels"}
                return [({k: v for k, v in check.items() if k not in words}, wrongs) for check, wrongs in questions(LESSONS / language / path.name)]
            with self.subTest(path.stem):
                self.assertEqual(asked("en"), asked("fr"))

    def test_figures_take_what_the_slides_set(self):
        """Every figure of the lecture, and every state that its slide walks through."""
        def values(query):
            return dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        for deck in (ROOT / "web" / "slides" / "index.html", ROOT / "web" / "slides" / "fr" / "index.html"):
            sections = re.findall(r"<section class=\"figure\">(.*?)</section>", deck.read_text(encoding="utf-8"), re.S)
            self.assertGreater(len(sections), 8)
            for section in sections:
                state = values(html.unescape(re.search(r'data-figure="([^"]*)"', section)[1]))
                demo = state.pop("demo")
                for change in ["", *map(html.unescape, re.findall(r'data-set="([^"]*)"', section))]:
                    state.update(values(change))
                    with self.subTest(f"{deck.parent.name}: {demo}: {change}"):
                        self.assertIsInstance(readouts(demo, urllib.parse.urlencode(state)), dict)


if __name__ == "__main__":
    unittest.main()
