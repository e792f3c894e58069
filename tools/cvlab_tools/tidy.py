"""clang-tidy, file by file, and not again what passed before: a file passes with everything it includes, its compiler's
options, the checks and the version of clang-tidy. What passed is remembered in the user's cache, for all checkouts."""
import hashlib
import json
import os
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .cache import PROJECT, cache_dir
from .report import Failure

REMEMBERED_SECONDS = 60 * 24 * 3600


def includes(listing, build):
    """{object file: paths it was made of} from what `ninja -t deps` prints."""
    found, current = {}, None
    for line in listing.splitlines():
        if line.startswith(" "):
            current.append(build / line.strip())  # an absolute path stays as it is
        elif ": #deps" in line:
            current = found.setdefault(line.split(": #deps")[0], [])
    return found


class Contents:
    """Hashes of files, each read once. Of the system's headers the size is enough: its packages seldom change."""

    def __init__(self, ours=PROJECT):
        self.ours, self.known = str(ours) + os.sep, {}

    def of(self, path):
        path = str(path)
        if path not in self.known:
            is_ours = path.startswith(self.ours)
            what = hashlib.sha256(Path(path).read_bytes()).hexdigest() if is_ours else str(os.path.getsize(path))
            self.known[path] = path.removeprefix(self.ours) + " " + what
        return self.known[path]


def key(entry, made_of, contents, checks):
    """The name under which the pass of one file is remembered; changes with all that its result depends on."""
    command = entry["command"].replace(str(contents.ours).rstrip(os.sep), "")
    return hashlib.sha256("\n".join([checks, command, *sorted(contents.of(path) for path in set(made_of))]).encode()).hexdigest()


def forget_old(folder):
    for path in folder.iterdir():
        if time.time() - path.stat().st_mtime > REMEMBERED_SECONDS:
            path.unlink(missing_ok=True)


def tidy(build, folders):
    """(files, those of them that failed, what clang-tidy printed about these)."""
    program = next(filter(None, map(shutil.which, ["clang-tidy", "clang-tidy-14", "clang-tidy-19"])), None)
    if program is None:
        raise Failure("clang-tidy is missing: install it.")
    version = subprocess.run([program, "--version"], stdout=subprocess.PIPE, text=True).stdout
    checks = version + (PROJECT / ".clang-tidy").read_text()
    listing = subprocess.run(["ninja", "-C", build, "-t", "deps"], stdout=subprocess.PIPE, text=True, check=True).stdout
    made_of, contents = includes(listing, build), Contents()
    entries = [entry for entry in json.loads((build / "compile_commands.json").read_text())
               if any(entry["file"].startswith(f"{PROJECT / folder}{os.sep}") for folder in folders)]
    folder = cache_dir() / "tidy"
    folder.mkdir(exist_ok=True)
    forget_old(folder)

    def check(entry):
        sources = made_of.get(entry["command"].split(" -o ")[1].split(" ")[0])
        passed = folder / key(entry, sources, contents, checks) if sources else None  # nothing known: look
        if passed and passed.is_file():
            passed.touch()
            return ""
        result = subprocess.run([program, "-quiet", "-p", build, entry["file"]], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if result.returncode == 0:
            if passed:
                passed.touch()
            return ""
        return result.stdout or result.stderr

    with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        said = list(threads.map(check, entries))
    failed = [entry["file"] for entry, text in zip(entries, said) if text]
    return len(entries), failed, "\n".join(filter(None, said))
