"""Prints the hash that tests/core/rng_test.cpp expects: Rng(2024).normal(), 10,000 times, computed here independently.

Python's floats are IEEE 754 doubles, so the two must agree to the last bit.   python3 tests/data/make_rng.py
"""
import math
import re
import struct
from pathlib import Path

MASK = 0xFFFFFFFF


def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(b >> 32) ^ c[1] ^ k[0], b & MASK, (a >> 32) ^ c[3] ^ k[1], a & MASK]
        k = [(k[0] + 0x9E3779B9) & MASK, (k[1] + 0xBB67AE85) & MASK]
    return c


def words(seed, stream=0):
    block = 0
    while True:
        yield from philox([block & MASK, block >> 32, stream & MASK, stream >> 32], [seed & MASK, seed >> 32])
        block += 1


def log(x):  # not math.log: its last bit is the C library's business
    mantissa, exponent = math.frexp(x)
    if mantissa < math.sqrt(0.5):
        mantissa, exponent = mantissa * 2, exponent - 1
    s = (mantissa - 1) / (mantissa + 1)
    series = 0.0
    for k in range(23, 0, -2):
        series = series * (s * s) + 1.0 / k
    return exponent * 0.69314718055994530942 + 2.0 * s * series


def ratio(above, below, x):
    top = bottom = 0.0
    for a, b in zip(reversed(above), reversed(below)):
        top, bottom = top * x + a, bottom * x + b
    return top / bottom


def coefficients():  # a table of 48 published constants: read it where it stands
    source = (Path(__file__).parents[2] / "core/rng.cpp").read_text()
    lists = re.findall(r"constexpr Coefficients \w+ = \{([^}]*)\}", source)
    return [[float(v) for v in text.split(",")] for text in lists]


CENTRE_A, CENTRE_B, SIDE_A, SIDE_B, TAIL_A, TAIL_B = coefficients()


def quantile(p):
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = bottom = 0.0
        for a, b in zip(reversed(CENTRE_A), reversed(CENTRE_B)):
            top, bottom = top * r + a, bottom * r + b
        return q * top / bottom
    r = math.sqrt(-log(p if q < 0 else 1.0 - p))
    x = ratio(SIDE_A, SIDE_B, r - 1.6) if r <= 5.0 else ratio(TAIL_A, TAIL_B, r - 5.0)
    return -x if q < 0 else x


draw, value = words(2024), 1469598103934665603
for _ in range(10_000):
    high, low = next(draw) >> 6, next(draw) >> 6
    x = quantile((float(high << 26 | low) + 0.5) * 2.0**-52)
    value = ((value ^ struct.unpack("<Q", struct.pack("<d", 0.0 + 1.0 * x))[0]) * 1099511628211) % 2**64
print(f"0x{value:016x}")
