"""The photographs of assets/manifest.json, as build/assets/photos/<id>.png, and the credits of all that is fetched; datasets.py
has its data sets.

PNGs lose all but their pixels: a colour profile would make a browser show other numbers than a program reads. Where
nothing can be fetched, drawn pictures of the same size stand in.
"""
import hashlib
import json
import math
import shutil
import struct
import subprocess
import sys

from . import datasets
from .cache import ASSETS as FOLDER, MANIFEST, cache_dir, fingerprint, lock, made, write_if_changed
from .debian import has_apt, is_debian, quiet
from .png import png
from .report import Failure, say
from .sources import open_archive_once

PIXEL_CHUNKS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")


def photos():
    return json.loads(MANIFEST.read_text())["photos"]


def outputs():
    return [FOLDER / "photos" / f"{photo['id']}.png" for photo in photos()] + [FOLDER / "credits.json", *datasets.outputs()]


def only_pixels(data):
    """A PNG without the chunks (colour profile, gamma, texts) that are not its pixels."""
    kept, at = [data[:8]], 8
    while at < len(data):
        end = at + 12 + struct.unpack(">I", data[at:at + 4])[0]
        if data[at + 4:at + 8] in PIXEL_CHUNKS:
            kept.append(data[at:end])
        at = end
    return b"".join(kept)


def png_size(data):
    return struct.unpack(">II", data[16:24])


def from_jpeg(path):
    """A JPEG's decoded pixels as PNG; djpeg is libjpeg's own decoder, so the numbers are the usual ones."""
    try:
        ppm = subprocess.run(["djpeg", "-pnm", str(path)], stdout=subprocess.PIPE, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        raise Failure(f"djpeg could not decode {path.name}: install libjpeg-turbo-progs.")
    kind, size, _, pixels = ppm.split(b"\n", 3)
    width, height = map(int, size.split())
    return png(width, height, 1 if kind == b"P5" else 3, pixels)


def drawn(photo):
    """The stand-in: hills behind hills under a low sun, a little different for each id."""
    width, height, channels = photo["width"], photo["height"], photo["channels"]
    seed = hashlib.sha256(photo["id"].encode()).digest()
    layers = [(seed[3 * i] / 40 + 2, seed[3 * i + 1] / 20, 0.42 + 0.12 * i, 0.10 - 0.015 * i) for i in range(5)]
    sun = (width * (0.2 + seed[20] / 430), height * 0.28, height * 0.09)
    tops = [[height * (base - size * (math.sin(wave * x / width * 3 + shift) + 0.5 * math.sin(wave * x / width * 7.3 + 2 * shift)))
             for x in range(width)] for wave, shift, base, size in layers]
    rows = bytearray()
    for y in range(height):
        sky = (235 - 90 * y / height, 214 - 60 * y / height, 190 + 20 * y / height)
        for x in range(width):
            layer = max((i for i in range(5) if y >= tops[i][x]), default=-1)
            if layer >= 0:
                depth = min(1, (y - tops[layer][x]) / height * 2)
                colour = (150 - 30 * layer + 25 * depth, 165 - 26 * layer + 15 * depth, 175 - 32 * layer)
            elif math.hypot(x - sun[0], y - sun[1]) < sun[2]:
                colour = (255, 240, 205)
            else:
                colour = sky
            values = colour if channels == 3 else (0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2],)
            rows.extend(max(0, min(255, int(value))) for value in values)
    return png(width, height, channels, bytes(rows))


def _fetch(archive, folder):
    """Unpacks the packages that hold the photographs into `folder`."""
    packages = sorted({photo["package"] for photo in photos()})
    if archive:
        archive().fetch_packages(packages, folder)
    elif has_apt():
        quiet(["apt-get", "download", "-qq", *packages], f"apt could not fetch {', '.join(packages)}: check the network", "photos.log", cwd=folder)
        for deb in folder.glob("*.deb"):
            quiet(["dpkg", "-x", str(deb), str(folder)], f"{deb.name} could not be unpacked: is the disk full?", "photos.log")
    else:
        raise Failure("this system has no apt to fetch the photographs with.")


def _make_photos(archive):
    def make(folder):
        unpacked = folder / "unpacked"
        unpacked.mkdir()
        _fetch(archive, unpacked)
        for photo in photos():
            source = unpacked / photo["path"]
            data = source.read_bytes() if source.is_file() else b""
            if hashlib.sha256(data).hexdigest() != photo["sha256"]:
                raise Failure(f"{photo['path']} of {photo['package']} is not the file that assets/manifest.json describes: correct its sha256 there.")
            data = from_jpeg(source) if source.suffix == ".jpg" else only_pixels(data)
            if png_size(data) != (photo["width"], photo["height"]):
                raise Failure(f"{photo['id']} is {png_size(data)} pixels: correct width and height in assets/manifest.json.")
            (folder / f"{photo['id']}.png").write_bytes(data)
        shutil.rmtree(unpacked)
    return make


def _credit(photo, fetched):
    """What the site's credits page says of a picture."""
    keys = ("id", "what", "author", "source", "licence", "package", "width", "height", "channels")
    credit = {**{key: photo[key] for key in keys}, "title": photo["what"]["en"], "drawn": not fetched}
    if not fetched:
        credit.update(author="drawn by tools/assets, in place of the photograph", licence="MIT", source="", package="")
    return credit


def provide(cache, archive):
    """Puts photographs (or stand-ins) and credits in place. Call it with the set-up lock held."""
    folder = cache / f"photos-{fingerprint(photos(), 2)}"
    try:
        made(folder, _make_photos(archive))
        fetched = True
    except Failure as failure:
        say(f"drawn pictures stand in for the photographs: {failure} `tools/assets` tries again.")
        fetched = False
    target = FOLDER / "photos"
    target.mkdir(parents=True, exist_ok=True)
    for photo in photos():
        path = target / f"{photo['id']}.png"
        temporary = path.with_suffix(".new")
        if fetched:
            shutil.copyfile(folder / path.name, temporary)
        else:
            temporary.write_bytes(drawn(photo))
        temporary.rename(path)
    write_if_changed(FOLDER / "credits.json", json.dumps({"version": 1, "photos": [_credit(photo, fetched) for photo in photos()],
                                                          "data": datasets.credits()}, ensure_ascii=False, indent=1) + "\n")
    return fetched


def main():
    if sys.argv[1:]:
        print("usage: tools/assets\n\nFetches the photographs and data sets that assets/manifest.json lists into build/assets.")
        return 0 if sys.argv[1:] in (["-h"], ["--help"]) else 2
    cache = cache_dir()
    with lock("setup", "waiting for another set-up on this machine to end"):
        archive = open_archive_once(cache) if is_debian() and has_apt() else None
        if provide(cache, archive):
            say(f"{len(photos())} photographs are in {FOLDER / 'photos'}")
        there = datasets.provide(cache, archive)
        datasets.provide_weights()
        if there:
            say(f"{there} data sets are in {datasets.TARGET}")
    return 0
