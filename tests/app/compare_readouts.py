#!/usr/bin/env python3
"""Compares two outputs of readouts_dump: native against WASM, same states, same numbers up to float rounding.

compare_readouts.py REFERENCE.json OTHER.json [--tolerance 1e-5]
Closes on one line "N passed, N failed"; exit code 1 on any failure and on nothing compared.
"""
import argparse
import json
import math
import sys


def same(a, b, tolerance):
    """Numbers relative to the larger of both and 1, everything else exactly (null is a value too)."""
    number = (int, float)
    if isinstance(a, number) and isinstance(b, number) and not isinstance(a, bool) and not isinstance(b, bool):
        return math.isclose(a, b, rel_tol=tolerance, abs_tol=tolerance)
    return type(a) is type(b) and a == b


def compare(reference, other, tolerance):
    """Yields (state, read-out, reference value, other value, equal) for everything that either side has."""
    missing = "(missing)"
    for state in sorted(reference.keys() | other.keys()):
        left, right = reference.get(state), other.get(state)
        if left is None or right is None:
            yield state, "*", left or missing, right or missing, False
            continue
        for name in sorted(left.keys() | right.keys()):
            a, b = left.get(name, missing), right.get(name, missing)
            yield state, name, a, b, same(a, b, tolerance)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reference")
    parser.add_argument("other")
    parser.add_argument("--tolerance", type=float, default=1e-5)
    arguments = parser.parse_args()
    with open(arguments.reference, encoding="utf-8") as a, open(arguments.other, encoding="utf-8") as b:
        rows = list(compare(json.load(a), json.load(b), arguments.tolerance))
    failed = [row for row in rows if not row[4]]
    for state, name, left, right, _ in failed[:40]:
        print(f"{state}  {name}: {left} is not {right}")
    print(f"{len(rows) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
