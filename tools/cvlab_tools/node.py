"""Node for the site and its tests: the system's where it is recent enough, else the one that npm itself has.

Debian 12 brings 18, its npm runs on that; VitePress and the tests of the pages want 20.
"""
import os
import re
import subprocess

from .cache import PROJECT
from .debian import quiet
from .report import Failure, say

OLDEST = (20, 0)
FOLDER = PROJECT / "tools/node"


def version():
    """Of the Node on PATH, two numbers; zeros when none runs."""
    try:
        text = subprocess.run(["node", "--version"], stdout=subprocess.PIPE, text=True).stdout
    except OSError:
        return (0, 0)
    match = re.search(r"(\d+)\.(\d+)", text)
    return tuple(map(int, match.groups())) if match else (0, 0)


def use(folder=FOLDER):
    """Puts npm's Node first on this process's PATH, if it was fetched."""
    for program in sorted(folder.glob("node_modules/node-*/bin/node")):
        path = os.environ.get("PATH", "").split(os.pathsep)
        if str(program.parent) not in path:
            os.environ["PATH"] = os.pathsep.join([str(program.parent), *path])


def provide(folder=FOLDER):
    """Fetches it where the system's is too old; a Failure says what to install if that does not help."""
    use(folder)
    if version() >= OLDEST:
        return
    own = ".".join(map(str, version()))
    say(f"Node {own} is too old for the site: npm has a newer one")
    quiet(["npm", "ci", "--no-audit", "--no-fund"], f"Node {own} is too old and npm could not fetch a newer one: install Node {OLDEST[0]} or later",
          "npm-node.log", cwd=folder)
    use(folder)
    if version() < OLDEST:
        raise Failure(f"Node {own} is too old: install Node {OLDEST[0]} or later.")
