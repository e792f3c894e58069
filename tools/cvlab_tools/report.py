"""How the tools speak: numbered steps with elapsed time, and failures that are one sentence."""
import signal
import sys
import time

_started = time.monotonic()


class Failure(Exception):
    """Something went wrong; the text is one sentence that says what, and what to do about it."""


def elapsed():
    seconds = int(time.monotonic() - _started)
    return f"{seconds // 60}:{seconds % 60:02d}"


def say(text):
    print(f"[{elapsed()}] {text}", flush=True)


class Steps:
    """Announces `steps.next("…")` as "[0:12] set-up 2/5: …"."""

    def __init__(self, name, count):
        self.name, self.count, self.done = name, count, 0

    def next(self, text):
        self.done += 1
        say(f"{self.name} {self.done}/{self.count}: {text}")


def run_main(main):
    """Calls main(), turns a Failure into one line on standard error and exit code 1, Ctrl-C into 130."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended, too
    try:
        sys.exit(main())
    except Failure as failure:
        sys.stdout.flush()
        print(f"error: {failure}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nstopped; the next start goes on where this one left off", file=sys.stderr)
        sys.exit(130)
