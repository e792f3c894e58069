"""Runs CMake, Ninja and npm: quiet while all goes well, progress while it lasts, the tool's own words when it fails."""
import os
import re
import subprocess
import sys
import time

from .cache import BUILD, PROJECT, cache_dir
from .report import Failure, elapsed, say

PROGRESS = re.compile(r"\[(\d+)/(\d+)\]")


def run_with_progress(command, what, log_name, env=None, cwd=PROJECT):
    """Runs a command; its last lines are shown when it fails."""
    log = cache_dir() / "logs" / log_name
    log.parent.mkdir(exist_ok=True)
    lines, shown, terminal = [], time.monotonic(), sys.stdout.isatty()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               text=True, errors="replace", env=env, cwd=cwd)
    try:
        with open(log, "w") as handle:
            for line in process.stdout:
                handle.write(line)
                lines.append(line)
                del lines[:-400]
                step = PROGRESS.match(line)
                if step and terminal:
                    print(f"\r[{elapsed()}]   {what}: {step[1]} of {step[2]} ", end="", flush=True)
                elif step and time.monotonic() - shown > 20:
                    shown = time.monotonic()
                    say(f"  {what}: {step[1]} of {step[2]}")
        code = process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
    if terminal:
        print("\r" + " " * 72 + "\r", end="", flush=True)
    if code != 0:
        failed = next((i for i, line in enumerate(lines) if line.startswith("FAILED:")), max(0, len(lines) - 40))
        sys.stderr.write("".join(lines[failed:failed + 60]))
        raise Failure(f"{what} failed: the lines above say where (all of it is in {log}).")


def ninja_jobs():
    return str(max(1, os.cpu_count() or 1))


def build(preset, targets, options=()):
    """Configures a preset when needed and builds targets of it."""
    folder = BUILD / preset
    if not (folder / "build.ninja").is_file() or options:
        # A configuration that broke off half way leaves no build.ninja, and starts anew.
        run_with_progress(["cmake", "--preset", preset, *options], f"configuring {preset}", f"cmake-{preset}.log")
    run_with_progress(["ninja", "-C", str(folder), "-j", ninja_jobs(), *targets], f"building {preset}", f"build-{preset}.log")
