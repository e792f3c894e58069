"""Prints what tests/core/rng_test.cpp expects, computed here independently: the hash of Rng(2024).normal(), 10,000 times,
and quantiles so far out that no such draw reaches them.

Python's floats are IEEE 754 doubles, so the two must agree to the last bit.   python3 tests/data/make_rng.py
The normal quantile is that of Python's own standard library, statistics.NormalDist: AS 241 too, but its coefficients
were typed in by others, so that a wrong digit in core/rng.cpp shows.
"""
import math
import struct
import sys

sys.modules["_statistics"] = None  # the module's Python code, not its C twin: that one's logarithm cannot be changed
import statistics  # noqa: E402

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


statistics.log = log
quantile = statistics.NormalDist().inv_cdf

draw, value = words(2024), 1469598103934665603
for _ in range(10_000):
    high, low = next(draw) >> 6, next(draw) >> 6
    x = quantile((float(high << 26 | low) + 0.5) * 2.0**-52)
    value = ((value ^ struct.unpack("<Q", struct.pack("<d", 0.0 + 1.0 * x))[0]) * 1099511628211) % 2**64
print(f"0x{value:016x}")
for p in (1e-12, 1e-15, 1e-30, 1e-100, 1e-300):
    print(f"{{{p!r}, {quantile(p)!r}}}")
