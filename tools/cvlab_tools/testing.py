"""./tests/run: builds and runs every test there is, adds them all up, closes on "N passed, N failed"."""
import functools
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as xml
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import site
from .build import build
from .cache import BUILD, PROJECT, checkout_lock
from .report import Failure, say
from .setup import found, set_up
from .tidy import tidy

RESULTS = BUILD / "test-results"
FUZZ_SECONDS = 5
HUNG_MINUTES = 120  # no test is timed, this only ends what hangs: the longest program takes 15 minutes on 2 cores
OUR_FOLDERS = ["core", "app", "cli", "bench", "tests"]
FORMAT_VERSION = 14
TIDY_FOLDERS = ["core", "app", "cli"]


class Tally:
    """What one part ran."""

    def __init__(self, part):
        self.part, self.passed, self.failed, self.started = part, 0, 0, time.monotonic()
        self.lock = threading.Lock()  # programs run side by side

    def add(self, name, passed, failed, note=""):
        if passed + failed == 0:
            failed, note = 1, note or "ran no test"
        with self.lock:
            self.passed += passed
            self.failed += failed
        mark = "ok  " if failed == 0 and passed > 0 else "FAIL"
        say(f"  {mark} {name}: {passed} passed, {failed} failed{' (' + note + ')' if note else ''}")

    def close(self):
        if self.passed + self.failed == 0:
            self.failed += 1
            say(f"  FAIL {self.part}: ran no test")
        seconds = time.monotonic() - self.started
        say(f"{self.part}: {self.passed} passed, {self.failed} failed in {int(seconds // 60)} min {int(seconds % 60):02d} s")


def run(command, name, env=None, cwd=PROJECT):
    """(exit code, output) of a test program; the output is shown when it fails, and kept in build/test-results. One that hangs
    is asked to end, upon which Catch2 names the test it was in."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    with subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", cwd=cwd, env={**os.environ, **(env or {})}) as process:
        hung = threading.Timer(60 * HUNG_MINUTES, process.terminate)
        hung.start()
        output, _ = process.communicate()
        hung.cancel()
    output = re.sub(r"\x1b\[[0-9;]*m", "", output)
    (RESULTS / f"{name.replace(' ', '-').replace('/', '-')}.log").write_text(output)
    if process.returncode != 0:
        sys.stdout.write("\n".join(output.splitlines()[-120:]) + "\n")
    return process.returncode, output


def catch2(tally, name, command, env=None):
    """Runs a Catch2 program and counts its test cases."""
    report = RESULTS / f"{name.replace(' ', '-')}.xml"
    report.unlink(missing_ok=True)
    RESULTS.mkdir(parents=True, exist_ok=True)
    code, _ = run([*command, "--reporter", "console", "--reporter", f"junit::out={report}"], name, env)
    passed = failed = 0
    try:
        for case in xml.parse(report).iter("testcase"):
            bad = any(child.tag in ("failure", "error") for child in case)
            skipped = any(child.tag == "skipped" for child in case)
            failed += bad
            passed += not bad and not skipped
    except (OSError, xml.ParseError):
        pass  # it died before it could write
    if code != 0 and failed == 0:
        tally.add(name, passed, 1, f"ended with exit code {code}")
    else:
        tally.add(name, passed, failed)


def counted(tally, name, command, env=None, cwd=PROJECT):
    """Runs a program that closes on "N passed, N failed"; one without that line is one test."""
    code, output = run(command, name, env, cwd)
    match = re.findall(r"^\s*(?:\w+: )?(\d+) passed, (\d+) failed", output, re.M)
    passed, failed = map(int, match[-1]) if match else (int(code == 0), int(code != 0))
    tally.add(name, passed, max(failed, int(code != 0)))


def unittests(tally, name, folder, env=None):
    """Python's unittest over a folder."""
    if not any((PROJECT / folder).glob("test_*.py")):
        return
    code, output = run([sys.executable, "-B", "-m", "unittest", "discover", "-s", folder], name, env)
    ran = re.search(r"^Ran (\d+) tests?", output, re.M)
    bad = sum(int(number) for number in re.findall(r"(?:failures|errors)=(\d+)", output))
    skipped = sum(int(number) for number in re.findall(r"skipped=(\d+)", output))
    total = int(ran[1]) if ran else 0
    tally.add(name, total - bad - skipped, max(bad, int(code != 0)))


def node_tests(tally, name, folder, env):
    """Node's own test runner over a folder, one file at a time: several browsers drawing by software on two cores only wait for one another."""
    report = RESULTS / f"{folder.replace('/', '-')}.tap"
    report.unlink(missing_ok=True)
    RESULTS.mkdir(parents=True, exist_ok=True)
    code, _ = run(["node", "--test", "--test-concurrency=1", "--test-reporter=spec", "--test-reporter-destination=stdout",
                   "--test-reporter=tap", f"--test-reporter-destination={report}", *sorted((PROJECT / folder).glob("*.test.mjs"))],
                  folder, env, PROJECT / folder)
    text = report.read_text() if report.is_file() else ""
    count = {word: int(number) for word, number in re.findall(r"^# (pass|fail|cancelled) (\d+)", text, re.M)}
    failed = count.get("fail", 0) + count.get("cancelled", 0)
    tally.add(name, count.get("pass", 0), max(failed, int(code != 0)))


def side_by_side(*jobs):
    """Two at a time: a test program keeps one core busy, and the machine has two."""
    with ThreadPoolExecutor(2) as threads:
        for result in [threads.submit(job) for job in jobs]:
            result.result()


class Builds:
    """Builds one preset after another behind the tests, most of which keep one core busy. built() waits for one."""

    def __init__(self, parts):
        targets = {}
        for part in parts:
            for preset, names in TARGETS[part].items():
                targets.setdefault(preset, dict.fromkeys([])).update(dict.fromkeys(names))
        self.done = {preset: threading.Event() for preset in targets}
        self.failures = {}
        threading.Thread(target=self._run, args=[targets], daemon=True).start()

    def _run(self, targets):
        for preset, names in targets.items():
            try:
                build(preset, list(names), werror())
            except Failure as failure:
                self.failures[preset] = failure
            except BaseException as error:  # told where it is waited for, never lost with the thread
                self.failures[preset] = Failure(f"building {preset} failed: {error!r}")
            self.done[preset].set()

    def built(self, preset):
        self.done[preset].wait()
        if preset in self.failures:
            raise self.failures[preset]
        return BUILD / preset / "bin"


def werror():
    return [f"-DCVLAB_WERROR={'ON' if os.environ.get('CI') else 'OFF'}"]


def our_sources(*suffixes, folders=OUR_FOLDERS):
    return sorted(path for folder in folders for path in (PROJECT / folder).rglob("*")
                  if path.suffix in suffixes and "node_modules" not in path.parts)


def check_format(tally):
    """Versions of clang-format disagree on details, so one is the judge: Debian 12's."""
    version = subprocess.run(["clang-format", "--version"], stdout=subprocess.PIPE, text=True).stdout
    if f"version {FORMAT_VERSION}." not in version:
        say(f"  --   clang-format: not checked here, only version {FORMAT_VERSION} is the judge")
        return
    files = our_sources(".cpp", ".hpp")
    code, output = run(["clang-format", "--dry-run", "-Werror", *files], "clang-format")
    bad = sorted(set(re.findall(r"^(\S+?):\d+:\d+: error:", output, re.M)))
    tally.add("clang-format", len(files) - len(bad), max(len(bad), int(code != 0)), f"run clang-format -i on {' '.join(os.path.relpath(path, PROJECT) for path in bad)}" if bad else "")


def check_tidy(tally):
    """clang-tidy over the files of the programs that the native build compiles."""
    count, failed, said = tidy(BUILD / "native", TIDY_FOLDERS)
    sys.stdout.write(said)
    tally.add("clang-tidy", count - len(failed), len(failed))


def native(tally, builds):
    binaries = builds.built("native")
    environment = {"CVLAB": str(binaries / "cvlab"), "CVLAB_APP": str(binaries / "cvlab-app")}
    side_by_side(
        lambda: unittests(tally, "tests/cli", "tests/cli", environment),
        lambda: counted(tally, "native smoke", [binaries / "cvlab-app", "--smoke"]),
        lambda: node_tests(tally, "networks in onnxruntime", "tests/onnx", environment),
        lambda: catch2(tally, "native app", [binaries / "app_tests"]),
        lambda: catch2(tally, "native core", [binaries / "core_tests"]),
        lambda: unittests(tally, "tests/tools", "tests/tools", environment))
    check_format(tally)
    check_tidy(tally)


def asan(tally, builds):
    if not found("clang++"):
        raise Failure("the sanitized build and the fuzz targets need clang: install clang.")
    binaries = builds.built("native-debug")

    def fuzz(name):
        seeds = PROJECT / "tests" / "fuzz" / "corpus" / name[len("fuzz_"):]
        grown = RESULTS / "corpus" / name
        grown.mkdir(parents=True, exist_ok=True)
        code, _ = run([binaries / name, f"-max_total_time={FUZZ_SECONDS}", "-rss_limit_mb=2048", "-timeout=10", "-print_final_stats=1",
                       f"-artifact_prefix={RESULTS}/{name}-", grown, *([seeds] if seeds.is_dir() else [])], name)
        tally.add(name, int(code == 0), int(code != 0))

    side_by_side(
        lambda: catch2(tally, "asan app", [binaries / "app_tests"]),
        lambda: catch2(tally, "asan core", [binaries / "core_tests"]),
        # Mesa's driver keeps what it allocates; our own leaks are found by the two suites above.
        lambda: counted(tally, "asan smoke", [binaries / "cvlab-app", "--smoke", "--frames", "4"], {"ASAN_OPTIONS": "detect_leaks=0"}),
        *(functools.partial(fuzz, name) for name in FUZZERS))


def node():
    """Node as a command that runs both modules: 20 has relaxed SIMD behind a flag, which later ones no longer know."""
    flag = "--experimental-wasm-relaxed-simd"
    known = subprocess.run(["node", "--v8-options"], stdout=subprocess.PIPE, text=True).stdout
    return ["node", flag] if flag in known else ["node"]


def wasm(tally, builds):
    binaries = builds.built("native")
    reference = RESULTS / "readouts-native.json"
    _dump(reference, [binaries / "readouts_dump"])
    losses = RESULTS / "losses-native.json"
    _dump(losses, [binaries / "losses_dump"])
    run_wasm = node()

    def test(preset):
        binaries = builds.built(preset)
        catch2(tally, f"{preset} core", [*run_wasm, binaries / "core_tests.js"])
        catch2(tally, f"{preset} app", [*run_wasm, binaries / "app_tests.js"])
        dump = RESULTS / f"readouts-{preset}.json"
        _dump(dump, [*run_wasm, binaries / "readouts_dump.js"])
        counted(tally, f"{preset} read-outs = native", [sys.executable, "-B", PROJECT / "tests/app/compare_readouts.py", reference, dump])
        dump = RESULTS / f"losses-{preset}.json"
        _dump(dump, [*run_wasm, binaries / "losses_dump.js"])
        counted(tally, f"{preset} losses = native", [sys.executable, "-B", PROJECT / "tests/core/train/compare_losses.py", losses, dump])

    side_by_side(*(functools.partial(test, preset) for preset in site.MODULES.values()))


def _dump(path, command):
    RESULTS.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as out:
        if subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=out).returncode != 0:
            raise Failure(f"{command[-1]} failed: run it by hand and see.")


def web(tally, builds):
    for preset in TARGETS["web"]:
        builds.built(preset)
    site.build_site()
    node_tests(tally, "web pages in Chromium", "tests/web", {"CVLAB_RESULTS": str(RESULTS), "CHROMIUM": found("chromium") or ""})


FUZZERS = [f"fuzz_{path.stem}" for path in sorted((PROJECT / "tests" / "fuzz").glob("*.cpp"))]
DUMPS = ["readouts_dump", "losses_dump"]
TARGETS = {  # what each part needs of which preset
    "native": {"native": ["all"]},
    "asan": {"native-debug": ["core_tests", "app_tests", "cvlab-app", *FUZZERS]},
    "wasm": {"native": DUMPS, **{preset: ["core_tests", "app_tests", *DUMPS] for preset in site.MODULES.values()}},
    "web": {"native": ["cvlab", "cvlab-app"], **{preset: ["cvlab-app"] for preset in site.MODULES.values()}},
}
PARTS = {"native": native, "asan": asan, "wasm": wasm, "web": web}


def main():
    wanted = sys.argv[1:] or list(PARTS)
    if any(part not in PARTS for part in wanted):
        print("usage: tests/run [native] [asan] [wasm] [web]\n\nBuilds and runs the tests, all parts when none is named:\n"
              "  native  optimised build, command line, tools, formatting, static analysis\n"
              "  asan    address and undefined-behaviour sanitizers, fuzz targets\n"
              "  wasm    baseline and turbo builds under Node, read-outs equal to native ones\n"
              "  web     the built site in Chromium")
        return 0 if sys.argv[1:] in (["-h"], ["--help"]) else 2
    with checkout_lock():
        return run_parts(wanted)


def run_parts(wanted):
    passed = failed = 0
    try:
        set_up("tests", quietly=True)
    except Failure as failure:
        say(f"FAIL set-up: {failure}")
        wanted, failed = [], 1
    builds = Builds(wanted)
    for part in wanted:
        say(f"{part}:")
        tally = Tally(part)
        try:
            PARTS[part](tally, builds)
        except Failure as failure:
            sys.stderr.flush()
            say(f"  FAIL {part}: {failure}")
            tally.failed += 1
        tally.close()
        passed += tally.passed
        failed += tally.failed
    print(f"{passed} passed, {failed} failed", flush=True)
    return 0 if failed == 0 and passed > 0 else 1
