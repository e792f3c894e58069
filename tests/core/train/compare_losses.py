#!/usr/bin/env python3
"""Compares two outputs of losses_dump: the same seed gives the same losses, relative to each loss.

compare_losses.py REFERENCE.json OTHER.json [--tolerance 1e-4]
Closes on one line "N passed, N failed", a run each; exit code 1 on any failure and on nothing compared.
"""
import argparse
import json
import math
import sys


def worst(reference, other):
    """(largest relative difference, mini-batch where it is); infinite when the lengths differ or a number is missing."""
    if len(reference) != len(other) or not reference:
        return math.inf, -1
    differences = [abs(a - b) / max(abs(a), abs(b)) if a != b else 0.0 for a, b in zip(reference, other)]
    return max((math.inf if math.isnan(d) else d, step) for step, d in enumerate(differences))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reference")
    parser.add_argument("other")
    parser.add_argument("--tolerance", type=float, default=1e-4)
    arguments = parser.parse_args()
    with open(arguments.reference, encoding="utf-8") as a, open(arguments.other, encoding="utf-8") as b:
        reference, other = json.load(a), json.load(b)
    passed = failed = 0
    for name in sorted(reference.keys() | other.keys()):
        difference, step = worst(reference.get(name, []), other.get(name, []))
        good = difference <= arguments.tolerance
        passed, failed = passed + good, failed + (not good)
        print(f"{'ok  ' if good else 'FAIL'} {name}: largest relative difference {difference:.1e} in mini-batch {step} of {len(reference.get(name, []))}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
