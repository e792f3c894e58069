"""Everything a build needs: packages of the system, sources and fonts, Emscripten, npm packages of the site.

What is in place is written down in build/.setup.json together with a fingerprint of all it depends on; when that still
holds, set-up costs a few file look-ups.
"""
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from . import assets, datasets, emscripten, node, sources
from .cache import BUILD, PROJECT, cache_dir, fingerprint, lock, write_if_changed
from .debian import has_apt, install, is_debian, missing_packages, mirror, quiet
from .report import Failure, Steps, say

STAMP = BUILD / ".setup.json"

# Programs that a build runs, and the Debian packages that hold them; a program found on PATH is not installed again.
PROGRAMS = {
    "build": {"cmake": "cmake", "ninja": "ninja-build", "c++": "g++", "ccache": "ccache", "brotli": "brotli",
              "node": "nodejs", "npm": "npm", "djpeg": "libjpeg-turbo-progs"},
    "tests": {"chromium": "chromium", "xvfb-run": "xvfb", "clang++": "clang", "clang-tidy": "clang-tidy",
              "clang-format": "clang-format"},
}
# Libraries of the native application; the last three are the software driver that draws without a display.
LIBRARIES = ["libsdl2-dev", "libgles-dev", "libegl-dev", "libegl1", "libegl-mesa0", "libgl1-mesa-dri"]
OLDEST = {"cmake": (3, 25)}  # Node: node.py
# Where programs hide that npm packages, browsers and emsdk bring under other names.
ALTERNATIVES = {"chromium": ["chromium-browser", "google-chrome"], "c++": ["g++", "clang++"]}
NPM_FOLDERS = ["web", "tests/web"]
NPM_TEST_FOLDERS = ["tests/onnx"]  # 290 MB, which only tests need


def found(program):
    return next((path for path in map(shutil.which, [program, *ALTERNATIVES.get(program, [])]) if path), None)


def _check_versions():
    for program, oldest in OLDEST.items():
        if not found(program):
            continue
        text = subprocess.run([program, "--version"], stdout=subprocess.PIPE, text=True).stdout
        match = re.search(r"(\d+)\.(\d+)", text)
        if match and tuple(map(int, match.groups())) < oldest:
            raise Failure(f"{program} {match[0]} is too old: install {program} {'.'.join(map(str, oldest))} or later.")


def system_packages(profile):
    """Installs what is missing where apt can; says what to install elsewhere."""
    programs = dict(PROGRAMS["build"])
    if profile == "tests":
        programs.update(PROGRAMS["tests"])
    missing = {program: package for program, package in programs.items() if not found(program)}
    if has_apt():
        install([*missing.values(), *missing_packages(LIBRARIES)])
    elif missing:
        raise Failure(f"these programs are missing: {', '.join(missing)}: install them with your system's package manager, "
                      "with the development files of SDL2 and OpenGL ES, then start again.")
    _check_versions()


def fetch_from_debian():
    """True where Debian 13's archive is within reach of this machine's apt."""
    if not (is_debian() and has_apt()):
        return False
    try:
        mirror()
    except Failure:
        return False
    return True


def write_toolchain(cache, emscripten_home, with_sources):
    """build/toolchain.cmake: what CMake must know of all this."""
    lines = ["# Made by tools/setup: where this machine keeps what the build needs."]
    if with_sources:
        folder = sources.sources_dir(cache)
        names = sorted({*sources.TARBALLS, *sources.HEADERS} - {"sdl2"})
        lines += [f'set(FETCHCONTENT_SOURCE_DIR_{name.upper()} "{folder / name}")' for name in names]
        lines.append(f'set(CVLAB_FONT_DIR "{sources.fonts_dir(cache)}")')
    if emscripten_home:
        lines.append(f'set(CVLAB_EMSCRIPTEN "{emscripten_home}")')
        lines.append(f'set(CVLAB_EMSCRIPTEN_TOOLCHAIN "{emscripten_home}/cmake/Modules/Platform/Emscripten.cmake")')
    write_if_changed(BUILD / "toolchain.cmake", "\n".join(lines) + "\n")


def _lock_hash(folder):
    path = PROJECT / folder / "package-lock.json"
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def npm_folders(profile):
    return NPM_FOLDERS + (NPM_TEST_FOLDERS if profile == "tests" else [])


def npm_packages(profile):
    """`npm ci` in each folder whose lock file is not the one it was last run for."""
    for folder in npm_folders(profile):
        wanted = _lock_hash(folder)
        stamp = PROJECT / folder / "node_modules" / ".cvlab-lock"
        if wanted is None or (stamp.is_file() and stamp.read_text() == wanted):
            continue
        say(f"npm packages of {folder}/")
        quiet(["npm", "ci", "--no-audit", "--no-fund"], f"`npm ci` in {folder}/ failed: check the network",
              f"npm-{folder.replace('/', '-')}.log", cwd=PROJECT / folder)
        stamp.write_text(wanted)


def _recipe(profile):
    """Changes when anything does that set-up depends on: its own text, the locks, the photographs' list, this user's tools."""
    own = [path.read_text() for path in sorted(Path(__file__).parent.glob("*.py"))
           if path.stem in ("assets", "cache", "datasets", "debian", "emscripten", "node", "setup", "sources")]
    weights = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in datasets.weights()]
    environment = [os.environ.get("EMSDK"), shutil.which("emcc"), str(cache_dir()), str(PROJECT)]
    return fingerprint(own, weights, environment, [_lock_hash(folder) for folder in [*npm_folders(profile), "assets/data", "tools/node"]], assets.MANIFEST.read_text(), profile)


def in_place(profile):
    """Whether the last set-up still holds."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return False
    if stamp["recipe"] != _recipe(stamp["profile"]) or (profile == "tests" and stamp["profile"] != "tests"):
        return False
    return all(os.path.exists(path) for path in stamp["paths"]) and all(map(found, stamp["programs"]))


def set_up(profile="build", quietly=False):
    """profile "build": what serve.py needs; "tests": what tests/run needs, too."""
    node.use()
    if in_place(profile):
        if not quietly:
            say("set-up: everything is in place")
        return
    STAMP.unlink(missing_ok=True)
    cache = cache_dir()
    steps = Steps("set-up", 5)
    with lock("setup", "waiting for another set-up on this machine to end"):
        steps.next("packages of the system")
        system_packages(profile)
        node.provide()
        with_sources = fetch_from_debian()
        archive = sources.open_archive_once(cache)
        steps.next("sources and fonts" + ("" if with_sources else " (CMake fetches them on this system)"))
        if with_sources:
            sources.make_sources(cache, archive)
            sources.make_fonts(cache, archive)
        steps.next("Emscripten (the first time on Debian 12: about two minutes)")
        home, how = emscripten.provide(cache, lambda: sources.sources_dir(cache) / "sdl2" if with_sources else None)
        say(f"Emscripten is {how}: {home}")
        write_toolchain(cache, home, with_sources)
        steps.next("photographs and data sets")
        assets.provide(cache, archive if with_sources else None)
        datasets.provide(cache, archive if with_sources else None)
        datasets.provide_weights()
    steps.next("npm packages")
    npm_packages(profile)
    programs = [*PROGRAMS["build"], *(PROGRAMS["tests"] if profile == "tests" else ())]
    paths = [str(home), str(BUILD / "toolchain.cmake"), *map(str, assets.outputs())]
    paths += [str(PROJECT / folder / "node_modules/.cvlab-lock") for folder in npm_folders(profile) if _lock_hash(folder)]
    if with_sources:
        paths += [str(sources.sources_dir(cache)), str(sources.fonts_dir(cache))]
    write_if_changed(STAMP, json.dumps({"recipe": _recipe(profile), "profile": profile, "programs": programs, "paths": paths}, indent=1))
    say("set-up is complete")


def main():
    arguments = sys.argv[1:]
    if any(argument not in ("--tests",) for argument in arguments):
        print("usage: tools/setup [--tests]\n\nPuts in place what a build needs (with --tests: what the tests need, too). "
              "Does nothing when all is there.")
        return 0 if arguments in (["-h"], ["--help"]) else 2
    set_up("tests" if arguments else "build")
    return 0
