"""The tracker's figures, each with its reason: how things move, come and go, and what is believed before data."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hotwash.track.arrays import Bank, Rules

# How an object moves. With the noise that the model allows for, turns of 1 to 4 deg/s are followed: the standard rate
# is 3 deg/s; a drone's tighter ones, at its speed, stay within the noise of a radar's plots.
STRAIGHT_NOISE_M2PS3 = 0.05
TURN_DPS = 2.5
TURN_NOISE_M2PS3 = 3.0
SLOW_MEMORY_S = 25.0  # a hovering multirotor's speed is another one after this long
SLOW_MPS = 8.0
TENTATIVE_NOISE_M2PS3 = 1.0
CALM_S = 40.0  # mean time for which an object keeps to one way of moving

# Before a second plot: three in four objects fly at some 35 m/s on each axis, the others at 150.
SLOW_SHARE, SLOW_START_MPS, FAST_START_MPS = 0.75, 35.0, 150.0
MOST_MPS = 360.0  # faster than any airliner over ground with the jet stream behind it

GATE_SIGMAS = 4.0  # misses one hit in 3,000
JUMP_SIGMAS = 8.0  # what bears the same name may be this far off before it is another object, or a fault
LIFE_S = 800.0  # mean time for which an object stays in the picture
BIRTH_PER_M2S = 3.0e-12  # a busy sky: a hundred new objects an hour over 100 km x 100 km
CONFIRM, KEEP, DROP = 0.6, 0.5, 0.003  # existence: a track counts while it is likelier there than not
BEGIN = 1.0e-4  # pairs less likely than this are not followed: one clutter pair in a thousand is
LOST_M = 1_000.0  # a place known worse than this is no place to point at
MEMORY_SCANS = 200.0  # over which a sensor's clutter is averaged
FINE_SCANS = 100.0  # then its fine map forgets half: a shower at 12 m/s passes five cells meanwhile
SHRINK_SCANS = 20.0  # a cell with fewer scans believes the whole sensor more than itself
PRIOR_LOOKS = 20.0  # how many looks the stated detection probability is worth
PRIOR_SCANS = 2.0  # how many scans the stated clutter is worth
EXACT_TRACKS = 64  # a cluster of more tracks is solved greedily, and a remark says so


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user may choose.

    association      "nearest": each track takes the one plot of the best assignment; "joint": it takes all in its
                     gate, each by its probability
    every_s          tracks of sources without scans get a row at least this often [s]
    late_s           a detection this much later than its sensor's latest is left out [s]
    assume_height_m  lowest and highest height above the ellipsoid of what has none; None: that of the sensor
    is_corrected     whether stated or estimated clock offsets and biases are taken out first
    """

    association: str = "joint"
    every_s: float = 1.0
    late_s: float = 10.0
    assume_height_m: tuple[float, float] | None = None
    is_corrected: bool = False


def rules(*, period_s: float, association: str = "nearest", traced: int = 0) -> Rules:
    """Return the rules.

    period_s   between two looks of the slowest sensor
    association   as in Settings
    traced     number of a track to explain; 0 for none
    """
    return Rules(
        gate=GATE_SIGMAS**2, life_s=LIFE_S, birth_per_m2s=BIRTH_PER_M2S, confirm=CONFIRM, keep=KEEP, drop=DROP,
        begin=math.log(BEGIN), seed_s=1.25 * period_s, calm_s=CALM_S, slow_mps=SLOW_START_MPS, slow_share=SLOW_SHARE,
        fast_mps=FAST_START_MPS, most_mps=MOST_MPS, forget=1.0 - 1.0 / MEMORY_SCANS, fine_scans=FINE_SCANS,
        shrink=SHRINK_SCANS,
        lost_m=LOST_M, jump=JUMP_SIGMAS**2, exact=EXACT_TRACKS, joint=int(association == "joint"), traced=traced,
    )  # fmt: skip


def bank() -> Bank:
    """Return the models: straight, turning left, turning right, hovering or slow; and that of tentative tracks."""
    turn = math.radians(TURN_DPS)
    motion = np.array(
        [
            [0.0, 0.0, STRAIGHT_NOISE_M2PS3],
            [turn, 0.0, TURN_NOISE_M2PS3],
            [-turn, 0.0, TURN_NOISE_M2PS3],
            [0.0, SLOW_MEMORY_S, SLOW_MPS],
            [0.0, 0.0, TENTATIVE_NOISE_M2PS3],
        ]
    )
    return Bank(motion, np.full(4, 0.25), np.full(4, 0.25))
