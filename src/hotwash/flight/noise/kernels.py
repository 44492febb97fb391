"""Counter-based random numbers: NOISE[block, field, lane] from each world's key and step, whatever flies beside it.

    key (64 bits), (step, stream) ─Philox 4x32-10─▶ 8 words of 32 bits ─▶ 7 normals, 1 uniform

Only sums, products, quotients and square roots are used, in one order, so the numbers are the same bit for bit
compiled or plain, in a block of one lane or of many.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hotwash.flight.layout import LINK_NOISE

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
WordArray = NDArray[np.uint64]

EXACT: dict[str, Any] = {"cache": True, "error_model": "numpy", "nogil": True, "no_cfunc_wrapper": True}
INNER: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}

WORDS = 8  # words of 32 bits a step, two turns of Philox; LINK_NOISE is the last, and the normals stand before it
LOW = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
M0, M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
W0, W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
LN2 = 0.6931471805599453
ONE_BITS, FRACTION_BITS = np.int64(1023 << 52), np.int64((1 << 52) - 1)


@njit(**EXACT)
def philox(words: WordArray, counter: WordArray, key: WordArray) -> None:
    """Fill words (4, n) from counter (4, n) and key (2, n), all numbers of 32 bits kept in uint64.

    Source: Salmon, Moraes, Dror, Shaw 2011, Parallel random numbers: as easy as 1, 2, 3 (Philox 4x32, 10 rounds).
    """
    for i in range(words.shape[1]):
        a, b, c, d = counter[0, i], counter[1, i], counter[2, i], counter[3, i]
        k, m = key[0, i], key[1, i]
        for _ in range(10):
            p, r = M0 * (a & LOW), M1 * (c & LOW)  # so told, the compiler multiplies 32 bits by 32
            a, b, c, d = (r >> HALF) ^ b ^ k, r & LOW, (p >> HALF) ^ d ^ m, p & LOW
            k, m = (k + W0) & LOW, (m + W1) & LOW
        words[0, i], words[1, i], words[2, i], words[3, i] = a, b, c, d


@njit(**EXACT)
def logs(values: FloatArray, out: FloatArray, room: FloatArray) -> None:
    """Write the natural logarithms of positive normal numbers (n,) to out (n,); room (2, n) is overwritten.

    The exponent is cut out of the bits; the fraction f goes through log f = 2 atanh((f - 1)/(f + 1)), f in
    [0.75, 1.5). Within 1e-9 of the truth, relative: a quantile needs no more.
    """
    n = values.shape[0]
    parts = room.view(np.int64)
    for i in range(n):
        room[0, i] = values[i]
    for i in range(n):
        parts[1, i] = (parts[0, i] & FRACTION_BITS) | ONE_BITS
    for i in range(n):
        fraction = room[1, i]
        exponent = float((parts[0, i] >> 52) - 1023)
        is_high = fraction >= 1.5
        fraction = fraction * 0.5 if is_high else fraction
        exponent = exponent + 1.0 if is_high else exponent
        s = (fraction - 1.0) / (fraction + 1.0)
        t = s * s
        series = 1.0 / 3.0 + t * (1.0 / 5.0 + t * (1.0 / 7.0 + t * (1.0 / 9.0 + t * (1.0 / 11.0 + t / 13.0))))
        out[i] = exponent * LN2 + 2.0 * s * (1.0 + t * series)


@njit(**EXACT)
def normals(shares: FloatArray, out: FloatArray, room: FloatArray) -> None:
    """Write the standard normal quantiles of shares (n,), 0 to 1 and neither, to out (n,); room (4, n) is overwritten.

    Within 1e-6 of the truth for shares between 1e-10 and 1 - 1e-10; its far tails are left out.

    Source: Wichura 1988, Algorithm AS 241 (PPND7), Applied Statistics 37(3).
    """
    for i in range(shares.shape[0]):
        room[2, i] = min(shares[i], 1.0 - shares[i])
    logs(room[2], room[3], room[:2])
    for i in range(shares.shape[0]):
        q = shares[i] - 0.5
        r = 0.180625 - q * q
        middle = q * (((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179)
        middle_by = ((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1.0
        r = np.sqrt(-room[3, i]) - 1.6
        tail = ((0.17023821103 * r + 1.3067284816) * r + 2.7568153900) * r + 1.4234372777
        tail_by = (0.12021132975 * r + 0.73700164250) * r + 1.0
        tail = -tail if q < 0.0 else tail
        is_middle = abs(q) <= 0.425
        out[i] = (middle if is_middle else tail) / (middle_by if is_middle else tail_by)


@njit(**INNER)
def share(word: np.uint64) -> float:
    """Return a number between 0 and 1, neither of them, for a word of 32 bits."""
    return (float(np.int64(word)) + 0.5) * (1.0 / 4294967296.0)


@njit(**EXACT)
def fill(noise: FloatArray, keys: WordArray, steps: IntArray, first: int, last: int) -> None:
    """Draw what one step needs, for the blocks `first` to `last`, the last left out.

    noise   (blocks, NOISES, lanes), overwritten: standard normals, and at LINK_NOISE a uniform between 0 and 1
    keys    (blocks, lanes) uint64, one for each world
    steps   (blocks, lanes) int64, the number of each world's step since its own reset: a world that is reset
            alone starts anew at 0 and draws what it drew before
    """
    lanes = noise.shape[2]
    # two arrays for all: making one takes as long as a tenth of a lone world's numbers
    whole, real = np.empty((6 + WORDS, lanes), np.uint64), np.empty((5 * LINK_NOISE, lanes))
    key, counter, words = whole[:2], whole[2:6], whole[6:]
    shares, room = real[:LINK_NOISE], real[LINK_NOISE:].reshape(4, LINK_NOISE * lanes)
    for block in range(first, last):
        for i in range(lanes):
            step = np.uint64(steps[block, i])
            key[0, i], key[1, i] = keys[block, i] & LOW, keys[block, i] >> HALF
            counter[0, i], counter[1, i] = step & LOW, step >> HALF
            counter[3, i] = np.uint64(0)
        for stream in range(2):
            for i in range(lanes):
                counter[2, i] = np.uint64(stream)
            philox(words[4 * stream : 4 * stream + 4], counter, key)
        for field in range(LINK_NOISE):
            for i in range(lanes):
                shares[field, i] = share(words[field, i])
        for i in range(lanes):
            noise[block, LINK_NOISE, i] = share(words[LINK_NOISE, i])
        drawn = noise[block, :LINK_NOISE].reshape(LINK_NOISE * lanes)
        normals(shares.reshape(LINK_NOISE * lanes), drawn, room)
