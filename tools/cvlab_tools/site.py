"""Builds the site into build/site/dist, step by step; a step whose inputs did not change is skipped."""
import gzip
import hashlib
import json
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import datasets, headers
from .build import build, run_with_progress
from .cache import BUILD, PROJECT, write_if_changed
from .report import Failure, say

SITE = BUILD / "site"
DIST = SITE / "dist"
STAMPS = SITE / ".steps.json"
POSTER_WIDTH = 1280
COMPRESSED = {".css", ".html", ".js", ".json", ".mjs", ".svg", ".txt", ".wasm", ".webmanifest", ".xml"}
SKIPPED_FOLDERS = {"node_modules", "__pycache__", "cache", "dist", "generated"}  # none of it is written by people
CODE = ["core", "app", "cli", "cmake", "shaders", "assets/tokens.json", "CMakeLists.txt", "CMakePresets.json", "build/toolchain.cmake"]
MODULES = {"baseline": "web", "turbo": "web-turbo"}  # folder of the site -> preset


def tree_stamp(paths):
    """Changes when a file below the paths comes, goes or is written."""
    digest = hashlib.sha256()
    for path in map(lambda one: PROJECT / one, paths):
        if path.is_file():
            details = path.stat()
            digest.update(f"{path}\0{details.st_size}\0{details.st_mtime_ns}\n".encode())
        for folder, folders, files in os.walk(path):
            folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS)
            for name in sorted(files):
                details = os.stat(os.path.join(folder, name))
                digest.update(f"{folder}/{name}\0{details.st_size}\0{details.st_mtime_ns}\n".encode())
    return digest.hexdigest()


class Steps:
    """Remembers with which inputs each step was last done."""

    def __init__(self):
        try:
            self.done = json.loads(STAMPS.read_text())
        except (OSError, ValueError):
            self.done = {}

    def run(self, name, text, inputs, outputs, action):
        """Does the step unless it was done with the same inputs and its outputs are there; True when it was done."""
        if self.done.get(name) == tree_stamp(inputs) and all(Path(output).exists() for output in outputs):
            return False
        say(text)
        self.done.pop(name, None)
        self._keep()
        before = tree_stamp(inputs)  # taken first: a file written while we build is built next time
        action()
        missing = [str(output) for output in outputs if not Path(output).exists()]
        if missing:
            raise Failure(f"the step \"{text}\" did not make {missing[0]}: look at its messages above.")
        self.done[name] = before
        self._keep()
        return True

    def _keep(self):
        write_if_changed(STAMPS, json.dumps(self.done, indent=1))


def native_program(name):
    return BUILD / "native" / "bin" / name


def _catalogue():
    text = subprocess.run([str(native_program("cvlab")), "list", "--json"], stdout=subprocess.PIPE, check=False).stdout
    try:
        json.loads(text)
    except ValueError:
        raise Failure("`cvlab list --json` printed no JSON: run build/native/bin/cvlab list --json and see.")
    write_if_changed(SITE / "demos.json", text.decode())


def _demos():
    return json.loads((SITE / "demos.json").read_text())["demos"]


def _posters():
    folder = SITE / "posters"
    folder.mkdir(parents=True, exist_ok=True)
    jobs = []
    for demo in _demos():
        height = round(POSTER_WIDTH / (demo.get("aspect") or 1.6))
        for theme in ("light", "dark"):
            # Drawn at half the size and two device pixels a px: sharp on dense screens, lettering of the usual size.
            jobs.append([str(native_program("cvlab-app")), "--demo", demo["id"], "--theme", theme, "--no-panel", "--reduced-motion",
                         "--size", f"{POSTER_WIDTH // 2}x{height // 2}", "--scale", "2", "--screenshot", str(folder / f"{demo['id']}-{theme}.png")])

    def draw(job):
        return subprocess.run(job, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    with ThreadPoolExecutor(max_workers=2) as pool:
        for job, result in zip(jobs, pool.map(draw, jobs)):
            if result.returncode != 0:
                raise Failure(f"`{' '.join(job)}` failed: {result.stdout.strip().splitlines()[-1] if result.stdout.strip() else 'it said nothing'}.")


def _pages():
    run_with_progress(["npm", "run", "build"], "building the pages", "site.log", cwd=PROJECT / "web")


def _compress(path):
    data = path.read_bytes()
    if len(data) < 512:
        return
    with open(f"{path}.gz", "wb") as out:  # no name and no time in it: the same bytes from the same file
        with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=out, mtime=0) as packed:
            packed.write(data)
    if shutil.which("brotli"):
        subprocess.run(["brotli", "--quality=11", "--lgwin=24", "--force", "--keep", f"--output={path}.br", str(path)], check=True)
        os.utime(f"{path}.br")  # brotli gives it the original's time, cut off: it would look older


def _assemble():
    """Adds to the pages what they load, and what a host sends with them."""
    for folder, preset in MODULES.items():
        target = DIST / "module" / folder
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for file in sorted((BUILD / preset / "bin").glob("cvlab-app.*")):
            if file.suffix in (".js", ".wasm", ".mjs"):
                shutil.copy2(file, target)
    for folder, source in (("photos", BUILD / "assets" / "photos"), ("posters", SITE / "posters")):
        shutil.rmtree(DIST / folder, ignore_errors=True)
        shutil.copytree(source, DIST / folder)
    for folder, files in (("data", datasets.outputs()), ("weights", datasets.weights())):
        shutil.rmtree(DIST / folder, ignore_errors=True)
        (DIST / folder).mkdir()
        for file in files:
            shutil.copy2(file, DIST / folder)
    shutil.copy2(SITE / "demos.json", DIST / "demos.json")
    (DIST / "_headers").unlink(missing_ok=True)
    for path in [*DIST.rglob("*.br"), *DIST.rglob("*.gz")]:
        path.unlink()
    worker = PROJECT / "web" / "scripts" / "service-worker.mjs"
    if worker.is_file():  # again, now that all it may keep for offline use is there
        run_with_progress(["node", str(worker)], "writing the service worker", "service-worker.log", cwd=PROJECT / "web")
    (DIST / "_headers").write_text(headers.as_file(headers.table(DIST)))
    files = [path for path in DIST.rglob("*") if path.is_file() and path.suffix in COMPRESSED]
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        list(pool.map(_compress, files))


def build_site():
    steps = Steps()
    programs = [native_program("cvlab"), native_program("cvlab-app")]
    steps.run("native", "site 1/6: native programs", CODE, programs, lambda: build("native", ["cvlab", "cvlab-app"]))
    steps.run("demos", "site 2/6: list of demos", [programs[0]], [SITE / "demos.json"], _catalogue)
    photos = BUILD / "assets" / "photos"
    steps.run("posters", "site 3/6: posters", [programs[1], SITE / "demos.json", photos, datasets.TARGET],
              [SITE / "posters" / f"{demo['id']}-{theme}.png" for demo in _demos() for theme in ("light", "dark")], _posters)
    modules = [BUILD / preset / "bin" / f"cvlab-app{suffix}" for preset in MODULES.values() for suffix in (".js", ".wasm")]

    def web():
        for preset in MODULES.values():
            build(preset, ["cvlab-app"])

    steps.run("modules", "site 4/6: web modules, baseline and turbo", CODE, modules, web)
    steps.run("pages", "site 5/6: pages", ["web", "assets/tokens.json", SITE / "demos.json", BUILD / "assets" / "credits.json"],
              [DIST / "index.html", DIST / "404.html"], _pages)
    # What the pages step writes decides, too: it empties the folder.
    steps.run("assemble", "site 6/6: putting together and compressing",
              [*modules, photos, datasets.TARGET, *datasets.weights(), SITE / "posters", SITE / "demos.json", DIST / "index.html", "web", "tools/cvlab_tools/headers.py"],
              [DIST / "module" / "turbo" / "cvlab-app.wasm", DIST / "_headers"], _assemble)
