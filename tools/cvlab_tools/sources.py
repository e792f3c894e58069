"""The dependencies' sources and the fonts, out of Debian 13's archive into the cache.

Laid out as the upstream trees that the pinned tags in cmake/dependencies.cmake name, so that the native and the web
build compile the same text, with or without a way to the tags' own host.
"""
import re
import shutil
import tarfile
from pathlib import Path

from .cache import fingerprint, made
from .debian import Archive
from .report import Failure

# FetchContent's name -> Debian's source package and the version that cmake/dependencies.cmake asks for
TARBALLS = {
    "catch2": ("catch2", "3.7.1"),
    "imgui": ("imgui", "1.90.1"),
    "sdl2": ("libsdl2", "2.32"),
}
# Headers alone: FetchContent's name -> package, folder in it, where that lies in the upstream tree
HEADERS = {
    "cli11": ("libcli11-dev", "usr/include/CLI", "include/CLI"),
    "eigen3": ("libeigen3-dev", "usr/include/eigen3", "."),
    "fonttools": ("python3-fonttools", "usr/lib/python3/dist-packages/fontTools", "fontTools"),  # app/gfx/fonts cuts fonts with it
    "nlohmann_json": ("nlohmann-json3-dev", "usr/include/nlohmann", "include/nlohmann"),
    "stb": ("libstb-dev", "usr/include/stb", "."),
    "xsimd": ("libxsimd-dev", "usr/include/xsimd", "include/xsimd"),
}
FONTS = ["fonts-inter", "fonts-jetbrains-mono"]
# Trees that nobody here compiles; SDL's holds dangling links, which stop Emscripten's copy of it.
UNWANTED = re.compile(r"(android-project|Xcode|VisualC|tests?/data|docs?/mkdocs)", re.I)


def sources_dir(cache):
    return cache / f"sources-{fingerprint(TARBALLS, HEADERS, 2)}"


def fonts_dir(cache):
    return cache / f"fonts-{fingerprint(FONTS, 1)}"


def _unpack(tarball, folder):
    """Unpacks without the tarball's own top folder, regular files only, nothing outside `folder`."""
    with tarfile.open(tarball) as archive:
        for member in archive:
            parts = Path(member.name).parts[1:]
            if not member.isfile() or not parts or ".." in parts or UNWANTED.search("/".join(parts)):
                continue
            target = folder.joinpath(*parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.extractfile(member) as source, open(target, "wb") as out:
                shutil.copyfileobj(source, out)
            target.chmod(0o755 if member.mode & 0o100 else 0o644)


def make_sources(cache, archive):
    def make(folder):
        download = folder / "download"
        download.mkdir()
        archive().fetch_sources([package for package, _ in TARBALLS.values()], download)
        for name, (package, version) in TARBALLS.items():
            found = [path for path in download.glob(f"{package}_{version}*.orig.tar.*") if not path.name.endswith(".asc")]
            if not found:
                raise Failure(f"Debian's archive has no {package} {version}: change its version in tools/cvlab_tools/sources.py and cmake/dependencies.cmake.")
            _unpack(found[0], folder / name)
        archive().fetch_packages([package for package, _, _ in HEADERS.values()], download)
        for name, (_, inside, place) in HEADERS.items():
            shutil.copytree(download / inside, folder / name / place, dirs_exist_ok=True)
        shutil.rmtree(download)

    return made(sources_dir(cache), make)


def make_fonts(cache, archive):
    def make(folder):
        unpacked = folder / "unpacked"
        unpacked.mkdir()
        archive().fetch_packages(FONTS, unpacked)
        for pattern in ("*.ttf", "*.otf", "*.ttc"):
            for font in unpacked.rglob(pattern):
                if not font.is_symlink():
                    shutil.copy(font, folder / font.name)
        for package in FONTS:
            notes = unpacked / "usr/share/doc" / package / "copyright"
            if notes.is_file():
                shutil.copy(notes, folder / f"{package}-licence.txt")
        shutil.rmtree(unpacked)

    return made(fonts_dir(cache), make)


def open_archive_once(cache):
    """A function that reads Debian 13's lists at its first call and remembers them."""
    opened = []

    def archive():
        if not opened:
            opened.append(Archive(cache / "apt"))
        return opened[0]

    return archive
