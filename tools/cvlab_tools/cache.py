"""The folders that set-up fills: the user's cache (shared by all checkouts) and build/ of this checkout.

A folder in the cache is made under a temporary name and renamed when complete, and its name carries a hash of the
recipe it was made by: what exists is whole and right, whatever was killed half way.
"""
import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path

from .report import Failure, say

PROJECT = Path(__file__).resolve().parents[2]
BUILD = PROJECT / "build"
ASSETS = BUILD / "assets"  # photographs and data sets, as the programs read them
MANIFEST = PROJECT / "assets" / "manifest.json"


def cache_dir():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    path = Path(base).absolute() / "cvlab"
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Failure(f"cannot make the cache folder {path} ({error.strerror}): set XDG_CACHE_HOME to a folder you may write to.")
    return path


def fingerprint(*parts):
    """Eight hex digits that change when any of the parts (anything JSON can write) does."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:8]


@contextlib.contextmanager
def lock(name, wait_text, folder=None):
    """Held by one process of the machine at a time; the kernel frees it when its holder dies."""
    folder = Path(folder or cache_dir())
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / f"{name}.lock", "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(wait_text)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def checkout_lock():
    """One build of this checkout at a time."""
    return lock(".building", "waiting for another build of this checkout to end", BUILD)


def made(folder, make, remove=lambda path: shutil.rmtree(path, ignore_errors=True)):
    """`folder`, made by make(temporary_folder) unless it exists. Call it with the lock held."""
    folder = Path(folder)
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    for left_over in folder.parent.glob(f".making-{folder.name}-*"):
        remove(left_over)
    temporary = Path(tempfile.mkdtemp(prefix=f".making-{folder.name}-", dir=folder.parent))
    temporary.chmod(0o755)
    try:
        make(temporary)
        temporary.rename(folder)
    except BaseException:
        remove(temporary)
        raise
    return folder


def write_if_changed(path, text):
    """Writes whole files only, and leaves the time stamp alone when nothing changed."""
    path = Path(path)
    if path.is_file() and path.read_text() == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text)
    temporary.rename(path)
    return True
