"""Measures of one control trace, or of the speed that came of it: how busy the hand was, and how soon it answered.

They describe; they do not judge. A calm hand far off the line flies badly, so each stands beside an error.
None of them has been validated for the sticks of a drone.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

DEAD_BAND = 0.05  # a twentieth of half the stick's way: less is the hand at rest
BUSY_HZ = 1.0  # a person follows a path well below this; above it stands correcting and trembling
CUTOFF_HZ = 10.0  # of SPARC, as its authors use it
THRESHOLD = 0.05  # of SPARC: spectral lines below this share of the greatest are left out at its end
PADDING = 4  # of SPARC: the spectrum is taken on 2**4 times as many points
BEFORE_S = 1.0  # what a stick did before an event
AFTER_S = 5.0  # within which an answer to it is looked for
FEW = 8  # samples: below this no spectrum says anything


class Response(NamedTuple):
    """How a trace answered an event.

    delay_s     until it left what it did before; None when it did not
    overshoot   how far beyond where it settled it went, as a share of the whole step; None when it hardly moved
    """

    delay_s: float | None
    overshoot: float | None


def reversals_per_s(values: FloatArray, *, step_s: float, dead_band: float = DEAD_BAND) -> float | None:
    """Return how often a trace turned back by more than a dead band, a second.

    values    (n,) evenly spaced
    returns   None for fewer than two samples

    Source: the steering wheel reversal rate of SAE J2944, with the band as its gap.
    """
    if values.size < 2:
        return None
    low = high = float(values[0])  # since the last turn
    way, turns = 0, 0
    for value in values.tolist():
        low, high = min(low, value), max(high, value)
        if way >= 0 and value < high - dead_band:
            turns, way, low = turns + (way > 0), -1, value
        elif way <= 0 and value > low + dead_band:
            turns, way, high = turns + (way < 0), 1, value
    return turns / (values.size * step_s)


def busy_share(values: FloatArray, *, step_s: float, above_hz: float = BUSY_HZ) -> float | None:
    """Return the share of a trace's power, its mean taken out, that lies above a frequency.

    values    (n,) evenly spaced
    returns   0 to 1; None where there are too few samples or the trace never moved
    """
    if values.size < FEW:
        return None
    power = np.abs(np.fft.rfft(values - values.mean())) ** 2
    frequency = np.fft.rfftfreq(values.size, step_s)
    power[1 : (values.size + 1) // 2] *= 2.0  # each line but the first and an even last stands for two
    whole = float(power[1:].sum())
    return float(power[frequency > above_hz].sum()) / whole if whole > 1e-9 * values.size else None


def spectral_arc_length(speed: FloatArray, *, step_s: float) -> float | None:
    """Return the spectral arc length of a speed profile: 0 at the smoothest, more negative when more jerky.

    speed     (n,) evenly spaced, any unit: only its shape counts
    returns   None where there are too few samples or nothing moved

    Source: Balasubramanian, Melendez-Calderon, Roby-Brami and Burdet 2015, J. NeuroEngineering and Rehabilitation 12,
    112 (SPARC), with its cut-off of 10 Hz and threshold of 0.05.
    """
    if speed.size < FEW:
        return None
    points = 2 ** (math.ceil(math.log2(speed.size)) + PADDING)
    lines = np.abs(np.fft.rfft(speed, points))
    if lines.max() <= 1e-12:
        return None
    frequency = np.fft.rfftfreq(points, step_s)
    lines = (lines / lines.max())[frequency <= CUTOFF_HZ]
    last = int(np.flatnonzero(lines >= THRESHOLD)[-1])
    first = int(np.flatnonzero(lines >= THRESHOLD)[0])
    kept = lines[first : last + 1]
    if kept.size < 2:
        return None
    return -float(np.hypot(1.0 / (kept.size - 1), np.diff(kept)).sum())


def response(values: FloatArray, *, step_s: float, event_s: float) -> Response:
    """Return how a trace answered a sudden event, such as a gust front or a fault.

    values     (n,) evenly spaced, the first at time 0
    event_s    when it happened
    returns    looked for within AFTER_S: the first departure by more than three standard deviations of the second
               before, and at least a dead band; and the way beyond its last second's mean

    A hand that was busy before hides a small answer.
    """
    at = round(event_s / step_s)
    before = values[max(0, at - round(BEFORE_S / step_s)) : at]
    after = values[at : at + round(AFTER_S / step_s)]
    if before.size < 2 or after.size < FEW:
        return Response(None, None)
    level = float(before.mean())
    away = np.abs(after - level) > max(3.0 * float(before.std()), DEAD_BAND)
    if not away.any():
        return Response(None, None)
    settled = float(after[-round(BEFORE_S / step_s) :].mean())
    step = settled - level
    if abs(step) < DEAD_BAND:
        return Response(float(np.argmax(away)) * step_s, None)
    beyond = float(((after - settled) * math.copysign(1.0, step)).max())
    return Response(float(np.argmax(away)) * step_s, max(0.0, beyond / abs(step)))


def evenly(time_s: FloatArray, values: FloatArray, *, step_s: float) -> FloatArray:
    """Return a trace on an even clock from its first to its last time; each value holds until the next.

    time_s, values   (n,), times rising
    """
    if not time_s.size:
        return values
    clock = time_s[0] + step_s * np.arange(math.floor((time_s[-1] - time_s[0]) / step_s + 0.5) + 1)
    held: FloatArray = values[np.maximum(np.searchsorted(time_s, clock + 0.5 * step_s, side="right") - 1, 0)]
    return held
