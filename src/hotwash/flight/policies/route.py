"""A pilot of a fixed wing that follows a route: from point to point over the ground, whatever the wind.

It flies altitude hold: the roll stick for the way, the throttle stick for the height; at the end it flies on, circles
(loiter) or lands straight ahead (land).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotwash.flight.airframes import Airframe
from hotwash.flight.seats import fields
from hotwash.flight.seats.pilot import Command, View

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

_GRAVITY_MPS2 = 9.81
_LOOK_S = 5.0  # it steers for where it would be on its line in so many seconds
_TURN_PER_S = 0.3  # a course that is off by 1 rad is turned with so many rad/s
_BANK_SHARE = 0.7  # of the greatest bank; the rest is for gusts
_RISE_PER_S = 0.2
_STILL_M = 2.0  # nearer to its height than this it leaves the stick alone
_SINK_SHARE = 0.12  # of the cruising speed: how steeply the land mode glides


class RoutePilot:
    """Fly a route in each world. It has no clock and no dice: the same views give the same commands.

    routes      for each world the points, (k, 2) east and north [m] from where it begins
    heights_m   for each world the heights above ground at its points, (k,)
    ends        for each world "leaves", "lands" or "stays"

    A point is flown to until the turn to the next leg must begin; sharp corners are overshot and regained. The height
    is that of the point ahead. `is_done` tells which have come to the end of their route.
    """

    def __init__(
        self, airframe: Airframe, routes: Sequence[ArrayLike], heights_m: Sequence[ArrayLike], ends: Sequence[str]
    ) -> None:
        points = [np.asarray(route, dtype=np.float64) for route in routes]
        self._count = np.array([len(one) for one in points], dtype=np.int64)
        most = int(self._count.max())
        self._points = np.stack([np.concatenate([one, np.repeat(one[-1:], most - len(one), axis=0)]) for one in points])
        self._heights = np.stack(
            [np.pad(np.asarray(one, dtype=np.float64), (0, most - len(points[at])), mode="edge")
             for at, one in enumerate(heights_m)]
        )  # fmt: skip
        self._lands = np.array([one == "lands" for one in ends], dtype=np.bool_)
        self._stays = np.array([one == "stays" for one in ends], dtype=np.bool_)
        self._limits = airframe.limits
        self._ahead = 1.0 / (_GRAVITY_MPS2 * math.tan(math.radians(_BANK_SHARE * airframe.limits.max_tilt_deg)))
        self._glide = airframe.limits.cruise_mps / min(
            _SINK_SHARE * airframe.limits.cruise_mps, airframe.limits.max_sink_mps
        )
        self.leg: IntArray = np.zeros(len(points), dtype=np.int64)
        self.is_done: BoolArray = np.zeros(len(points), dtype=np.bool_)

    def reset(self, seed: int, worlds: BoolArray | None = None) -> None:
        """Begin the routes anew; the seed changes nothing."""
        chosen = slice(None) if worlds is None else worlds
        self.leg[chosen], self.is_done[chosen] = 0, False

    def act(self, view: View) -> Command:
        """Return sticks and mode."""
        which = np.arange(len(self.leg))
        begin, end = self._points[which, self.leg], self._points[which, self.leg + 1]
        level = view.nav_velocity_mps[:, :2]
        speed = np.maximum(np.linalg.norm(level, axis=1), 1.0)
        side = end - begin
        length = np.maximum(np.linalg.norm(side, axis=1), 1.0)
        towards = side / length[:, None]
        off = view.nav_position_m[:, :2] - begin
        left_m = length - np.einsum("ni,ni->n", off, towards)
        right_m = off[:, 0] * towards[:, 1] - off[:, 1] * towards[:, 0]
        wanted = np.arctan2(towards[:, 0], towards[:, 1]) - np.arctan2(right_m, _LOOK_S * speed)
        turn = (wanted - np.arctan2(level[:, 0], level[:, 1]) + math.pi) % (2.0 * math.pi) - math.pi
        bank = np.degrees(np.arctan(_TURN_PER_S * turn * speed / _GRAVITY_MPS2)) / self._limits.max_tilt_deg
        is_landing = self._lands & (self.leg == self._count - 2) & (left_m < self._glide * view.height_m)
        self._go_on(left_m, length, towards, speed)
        mode = np.where(is_landing, fields.LAND, fields.ALTITUDE_HOLD)
        mode = np.where(self.is_done & self._stays, fields.LOITER, mode).astype(np.float64)
        return Command.of_sticks(
            len(view), roll=np.clip(bank, -_BANK_SHARE, _BANK_SHARE), throttle=self._throttle(view),
            mode=np.where(view.mode == mode, -1.0, mode),
        )  # fmt: skip

    def _throttle(self, view: View) -> FloatArray:
        """Return the stick that brings it to the height of the point ahead; the mode holds it there."""
        wrong = self._heights[np.arange(len(self.leg)), self.leg + 1] - view.height_m
        rise = _RISE_PER_S * wrong
        stick = np.where(rise > 0.0, rise / self._limits.max_climb_mps, rise / self._limits.max_sink_mps)
        found: FloatArray = np.where(np.abs(wrong) < _STILL_M, 0.0, np.clip(stick, -1.0, 1.0))
        return found

    def _go_on(self, left_m: FloatArray, length: FloatArray, towards: FloatArray, speed: FloatArray) -> None:
        """Come to the next leg where the turn to it begins, and to the end."""
        which = np.arange(len(self.leg))
        is_last = self.leg >= self._count - 2
        after = np.minimum(self.leg + 2, self._points.shape[1] - 1)
        side = self._points[which, after] - self._points[which, self.leg + 1]
        next_m = np.maximum(np.linalg.norm(side, axis=1), 1.0)
        cosine = np.clip(np.einsum("ni,ni->n", towards, side) / next_m, -0.5, 1.0)
        half = np.sqrt((1.0 - cosine) / (1.0 + cosine))
        ahead = np.minimum(speed * speed * self._ahead * half, 0.45 * np.minimum(length, next_m))
        self.is_done |= is_last & (left_m <= 0.0)
        self.leg += ~is_last & (left_m <= ahead)
