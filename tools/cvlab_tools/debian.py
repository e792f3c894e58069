"""Debian's packages: which system this is, what apt must install, and Debian 13's archive through a private apt
configuration (the machine's own lists and sources stay as they are)."""
import os
import re
import shutil
import subprocess
from pathlib import Path

from .cache import cache_dir
from .report import Failure, say

REFERENCE_SUITE = "trixie"  # Debian 13: the versions the project is built and tested with


def os_release():
    values = {}
    try:
        for line in Path("/etc/os-release").read_text().splitlines():
            key, _, value = line.partition("=")
            values[key] = value.strip().strip('"')
    except OSError:
        pass
    return values


def is_debian():
    return os_release().get("ID") == "debian"


def has_apt():
    return shutil.which("apt-get") is not None


def _stanzas(text):
    for block in re.split(r"\n\s*\n", text):
        fields, key = {}, None
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            if line[:1] in " \t" and key:
                fields[key] += " " + line.strip()
            elif ":" in line:
                key, _, value = line.partition(":")
                key = key.strip().lower()
                fields[key] = value.strip()
        if fields:
            yield fields


def parse_sources(text, deb822):
    """(uri, suites, components) of every enabled binary source in one file of /etc/apt."""
    found = []
    if deb822:
        for fields in _stanzas(text):
            if "deb" in fields.get("types", "").split() and fields.get("enabled", "yes").lower() not in ("no", "false"):
                for uri in fields.get("uris", "").split():
                    found.append((uri, fields.get("suites", "").split(), fields.get("components", "").split()))
    else:
        for line in text.splitlines():
            match = re.match(r"\s*deb\s+(?:\[[^]]*\]\s+)?(\S+)\s+(\S+)\s*(.*)", line.split("#")[0])
            if match:
                found.append((match[1], [match[2]], match[3].split()))
    return found


def mirror():
    """The address of the Debian archive that this machine's own apt sources name."""
    codename = os_release().get("VERSION_CODENAME", "")
    root = Path("/etc/apt")
    files = [root / "sources.list"] + sorted((root / "sources.list.d").glob("*"))
    for path in files:
        if path.suffix not in (".list", ".sources") or not path.is_file():
            continue
        for uri, suites, components in parse_sources(path.read_text(), path.suffix == ".sources"):
            if codename in suites and "main" in components:
                if uri.startswith("mirror+file:"):  # cloud images keep the address in a file of its own
                    lines = Path(uri[len("mirror+file:"):]).read_text().split()
                    uri = lines[0] if lines else uri
                return uri.rstrip("/")
    raise Failure("no Debian archive is named in /etc/apt/sources.list or sources.list.d: add your mirror's line there, or install emsdk and set EMSDK.")


def sudo():
    """The words before a command that needs root; None when there is no way to become root."""
    if os.geteuid() == 0:
        return []
    return ["sudo"] if shutil.which("sudo") else None


def missing_packages(wanted):
    """Those of the packages that are not installed."""
    result = subprocess.run(["dpkg-query", "-W", "-f=${Package} ${db:Status-Abbrev}\n", *wanted],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    present = {line.split()[0] for line in result.stdout.splitlines() if line.split()[1:2] == ["ii"]}
    return [name for name in wanted if name not in present]


def quiet(command, failure, log_name, env=None, cwd=None):
    """Runs a command with its output in a log file of the cache; a Failure names the log and the last line of it."""
    log = cache_dir() / "logs" / log_name
    log.parent.mkdir(exist_ok=True)
    with open(log, "w") as handle:
        code = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=handle, stderr=subprocess.STDOUT, env=env, cwd=cwd).returncode
    if code != 0:
        lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
        errors = [line for line in lines if re.match(r"(E:|error|fatal|ninja: error)", line, re.I)] or lines[-1:]
        raise Failure(f"{failure} ({errors[0] if errors else f'exit code {code}'}; all of it is in {log}).")


def install(packages):
    """apt-get install of what is missing of `packages`."""
    missing = missing_packages(packages)
    if not missing:
        return
    become = sudo()
    line = "apt-get install " + " ".join(missing)
    if become is None:
        raise Failure(f"these packages are missing and this user may not install them: run, as root, `{line}`.")
    say(f"installing {len(missing)} packages: {' '.join(missing)}")
    environment = [*become, "env", "DEBIAN_FRONTEND=noninteractive"]
    quiet([*environment, "apt-get", "update", "-qq"], "apt-get update failed: check the network and /etc/apt", "apt-update.log")
    quiet([*environment, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing], f"`{line}` failed: run it by hand and see", "apt-install.log")


class Archive:
    """Debian 13's packages, seen through an apt of our own in the cache."""

    def __init__(self, folder):
        self.folder = Path(folder)
        for name in ("lists/partial", "archives/partial", "parts"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        uri = mirror()
        (self.folder / "sources.list").write_text(
            f"deb {uri} {REFERENCE_SUITE} main\ndeb-src {uri} {REFERENCE_SUITE} main\n")
        (self.folder / "status").touch()
        settings = {
            "Dir::Etc::sourcelist": self.folder / "sources.list", "Dir::Etc::sourceparts": self.folder / "parts",
            "Dir::Etc::preferences": "/dev/null", "Dir::Etc::preferencesparts": self.folder / "parts",
            "Dir::State": self.folder, "Dir::State::lists": self.folder / "lists", "Dir::State::status": self.folder / "status",
            "Dir::Cache": self.folder, "Dir::Cache::archives": self.folder / "archives",
            "APT::Sandbox::User": "", "Acquire::Languages": "none", "Acquire::Retries": "3",
            "Debug::NoLocking": "1", "APT::Get::List-Cleanup": "0",
        }
        self.options = [f"-o{key}={value}" for key, value in settings.items()]
        quiet(["apt-get", *self.options, "update", "-qq"], "Debian 13's package lists could not be fetched: check the network",
              "trixie-update.log")

    def fetch_sources(self, packages, folder):
        """Downloads the upstream tarballs of source packages into `folder`."""
        quiet(["apt-get", *self.options, "source", "--download-only", "-qq", *packages],
              "the dependencies' sources could not be fetched from Debian's archive: check the network", "trixie-source.log", cwd=folder)

    def fetch_packages(self, packages, folder):
        """Downloads binary packages into `folder` and unpacks them there, without installing anything."""
        quiet(["apt-get", *self.options, "download", "-qq", *packages],
              f"{', '.join(packages)} could not be fetched from Debian's archive: check the network", "trixie-download.log", cwd=folder)
        for deb in sorted(Path(folder).glob("*.deb")):
            quiet(["dpkg", "-x", str(deb), str(folder)], f"{deb.name} could not be unpacked: is the disk full?", "trixie-unpack.log")
            deb.unlink()
