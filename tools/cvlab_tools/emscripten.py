"""Where Emscripten comes from, and how it is called.

(a) an emcc of 3.1.69 or later in $EMSDK or on PATH is used as it is;
(b) Debian 13's or a recent Ubuntu's package is installed, and called with a cache that we may write to;
(c) on Debian 12 the package runs out of a Debian 13 root in the user's cache. Wrappers named emcc, em++ … mount that
    root's /usr and /etc over the host's for the length of one call, in a mount namespace of their own: all other paths
    are the host's, so CMake, Ninja and ccache work as if emcc were installed, and nothing can stay mounted.
"""
import os
import re
import shutil
import subprocess
from pathlib import Path

from .cache import PROJECT, fingerprint, made
from .debian import REFERENCE_SUITE, has_apt, install, is_debian, mirror, quiet, sudo
from .report import Failure
from .sources import TARBALLS

MINIMUM = (3, 1, 69)
TOOLS = ["emcc", "em++", "emar", "emranlib", "emnm", "em-config", "emstrip", "embuilder"]
ROOT_PACKAGES = ["emscripten"]
DISTRIBUTION_HOME = Path("/usr/share/emscripten")

# emcc finds LLVM under the root's full path, not under /usr: the paths of clang's own headers, which it writes into
# dependency files, then exist for Ninja and ccache outside, too.
CONFIG = """LLVM_ROOT = '{root}/usr/lib/llvm-{llvm}/bin'
LLVM_ADD_VERSION = ''
CLANG_ADD_VERSION = ''
BINARYEN_ROOT = '/usr'
NODE_JS = '/usr/bin/node'
FROZEN_CACHE = False
"""

# Called by its full path, as CMake does; everything it needs lies beside it.
WRAPPER = """#!/bin/sh
# Made by tools/setup. {what}
home="${{0%/*}}"; tool="${{0##*/}}"
export EM_CONFIG="$home/config.py" EM_CACHE="$home/cache"
{run}
"""
RUN_HERE = 'exec "/usr/share/emscripten/$tool" "$@"'
RUN_IN_ROOT = """unset NODE_EXTRA_CA_CERTS  # names a file of the host's /etc, which is hidden
if [ "$(id -u)" = 0 ]; then user=; else user="--user --map-root-user"; fi
exec unshare $user --mount --propagation private -- /bin/sh -c '
  mount --bind "$0/etc" /etc && mount --bind "$0/usr" /usr || exit 1
  exec "/usr/share/emscripten/$@"' '{root}' "$tool" "$@"
"""


def version_of(emcc):
    """The version of an emcc as three numbers; zeros when it does not run."""
    try:
        text = subprocess.run([str(emcc), "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=60).stdout
    except (OSError, subprocess.TimeoutExpired):
        return (0, 0, 0)
    match = re.search(r"(\d+)\.(\d+)\.(\d+)", text)
    return tuple(int(part) for part in match.groups()) if match else (0, 0, 0)


def present():
    """The folder of a sufficient emcc on this machine, or None."""
    candidates = []
    if os.environ.get("EMSDK"):
        candidates.append(Path(os.environ["EMSDK"]) / "upstream" / "emscripten" / "emcc")
    if shutil.which("emcc"):
        candidates.append(Path(shutil.which("emcc")))
    for emcc in candidates:
        if emcc.exists() and version_of(emcc) >= MINIMUM:
            home = emcc.resolve().parent
            return home if (home / "cmake/Modules/Platform/Emscripten.cmake").is_file() else None
    return None


def offered_by_apt():
    """Whether this system's own packages hold a sufficient Emscripten."""
    if not has_apt():
        return False
    text = subprocess.run(["apt-cache", "policy", "emscripten"], stdout=subprocess.PIPE, text=True).stdout
    match = re.search(r"Candidate: (\d+)\.(\d+)\.(\d+)", text)
    return bool(match) and tuple(int(part) for part in match.groups()) >= MINIMUM


def _remove(folder):
    """Removes a root that may belong to root, and never what is mounted below it."""
    subprocess.run([*(sudo() or []), "rm", "-rf", "--one-file-system", "--", str(folder)], check=False)


def make_root(cache):
    """The Debian 13 root: its address, version and packages are in its name."""
    folder = cache / f"root-{fingerprint(REFERENCE_SUITE, ROOT_PACKAGES, 1)}"
    become = sudo()
    if not folder.is_dir() and become is None:
        raise Failure("making the Debian 13 root needs root once: run tools/setup as root, or install sudo, or install emsdk and set EMSDK.")

    def make(temporary):
        install(["mmdebstrap"])
        # A namespace of processes and mounts of its own, ended by the kernel when this program dies in whatever way.
        alone = ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
        quiet([*become, *alone, "mmdebstrap", "--quiet", "--variant=apt", f"--include={','.join(ROOT_PACKAGES)}",
               "--dpkgopt=force-unsafe-io", "--dpkgopt=path-exclude=/usr/share/man/*", "--dpkgopt=path-exclude=/usr/share/locale/*",
               REFERENCE_SUITE, str(temporary), mirror()],
              "the Debian 13 root could not be made: check the network and the disk's free space (3 GB)", "root.log")
        if not (temporary / "usr/share/emscripten/emcc").exists():
            raise Failure("the Debian 13 root came out without Emscripten: check that apt's archive has the suite trixie.")

    return made(folder, make, remove=_remove)


def _make_home(cache, what, root, sdl2):
    """The folder that CMake takes for Emscripten's: wrappers, configuration, writable cache with SDL2 in it."""
    source = (root / "usr/share/emscripten") if root else DISTRIBUTION_HOME
    run = RUN_IN_ROOT.format(root=root) if root else RUN_HERE
    version = (source / "emscripten-version.txt").read_text().strip().strip('"')
    folder = cache / f"emscripten-{version}-{fingerprint(run, WRAPPER, CONFIG, TARBALLS['sdl2'] if sdl2 else None)}"

    def make(temporary):
        llvm = re.search(r"LLVM_ADD_VERSION = '(\d+)'", (source / ".emscripten").read_text())
        (temporary / "config.py").write_text(CONFIG.format(root=root or "", llvm=llvm[1] if llvm else "19"))
        for tool in TOOLS:
            (temporary / tool).write_text(WRAPPER.format(what=what, run=run))
            (temporary / tool).chmod(0o755)
        (temporary / "cmake").symlink_to(source / "cmake")
        shutil.copytree(source / "cache", temporary / "cache", symlinks=True)
        if sdl2:
            _build_sdl2(temporary, source, sdl2)

    return made(folder, make)


def _build_sdl2(home, source, sdl2):
    """Builds the SDL2 port, without and with threads, from local sources, and marks them as the port's own: emcc
    then neither fetches them nor speaks of them again."""
    quiet([str(home / "embuilder"), "build", "sdl2", "sdl2-mt"], "Emscripten could not build SDL2: is the disk full?",
          "sdl2.log", env={**os.environ, "EMCC_LOCAL_PORTS": f"sdl2={sdl2}"})
    port = (source / "tools/ports/sdl2.py").read_text()
    tag = re.search(r"^TAG = '([^']+)'", port, re.M)[1]
    url = re.search(r"fetch_project\(\s*'sdl2',\s*f?'([^']+)'", port)[1].replace("{TAG}", tag)
    (home / "cache/ports/sdl2/.emscripten_url").write_text(url + "\n")
    shutil.rmtree(home / "cache/ports-builds", ignore_errors=True)


def provide(cache, sdl2):
    """(folder of emcc, how it came about): the first of the ways above that this machine allows."""
    if str(PROJECT).startswith(("/usr/", "/etc/")):
        raise Failure(f"the project lies in {PROJECT}, which Emscripten's root hides: move it to a home folder.")
    home = present()
    if home is None and offered_by_apt():
        install(["emscripten"])
        home = present()
    if home is not None:
        if home == DISTRIBUTION_HOME:
            return _make_home(cache, "Emscripten of this system, with a cache that may be written to.", None, sdl2()), "this system's package"
        return home, "an emsdk"
    if is_debian() and has_apt():
        root = make_root(cache)
        check_namespaces(root)
        return _make_home(cache, "Emscripten of Debian 13, out of its root.", root, sdl2()), "a Debian 13 root"
    raise Failure("Emscripten 3.1.69 or later is missing: install emsdk (its install and activate 3.1.69 or later) and set EMSDK to its folder.")


def check_namespaces(root):
    options = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    command = ["unshare", *options, "--mount", "--propagation", "private", "mount", "--bind", str(root / "usr"), "/usr"]
    if subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode != 0:
        raise Failure("this system does not allow mount namespaces (a container without CAP_SYS_ADMIN?): allow them, or install emsdk and set EMSDK.")
