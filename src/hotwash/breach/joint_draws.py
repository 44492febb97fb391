"""One draw is one way in which everything may be wrong at once: the line, each sensor, each track.

line        a field of shifts, the same for all tracks and zones ─┐
sensors     range and azimuth bias, clock: one each ──────────────┼─▶ margin_m (nodes, draws)
track       an error that lasts as long as its memory ────────────┤
height      one error a track, where the zone has limits ─────────┘
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from hotwash.breach import kernels, levels
from hotwash.breach import paths as on_paths
from hotwash.breach.areas import is_limited
from hotwash.breach.paths import BoolArray, IntArray, Paths
from hotwash.breach.profiles import Distance, Profile
from hotwash.breach.registration import Registration, SingleArray
from hotwash.geo.frames import FloatArray, geodetic2ecef
from hotwash.geo.zones import Zone

Rng = np.random.Generator

# Nine in ten edges of the shipped land border of Poland are shorter than 4.6 km, half than 1.6 km. Each corner was
# set by itself, so places farther apart than that err almost independently.
LINE_CORRELATION_M = 5_000.0
_WAVES = 96  # of the field: far places then still share a correlation of up to about 1 / sqrt(2 x 96)
_GRADIENT_M = 20.0  # far above the metre to which distances hold, far below any curve of a border that matters
_DRAWN = 5.0  # sigmas: nodes farther from the line are certain


@dataclass(frozen=True)
class SharedErrors:
    """What all tracks and zones of one set of draws have in common.

    wave_per_m   (w, 3) float64, wave vectors of the field of shifts, earth-centred
    shift        (2, 2 w, d) float32, amplitudes to the east and north: together of unit variance
    bias         (3 s, d) float32: range, azimuth, clock of s sensors, in their own sigmas
    """

    wave_per_m: FloatArray
    shift: SingleArray
    bias: SingleArray
    draws: int

    @staticmethod
    def draw(rng: Rng, draws: int, *, correlation_m: float, sensors: int) -> SharedErrors:
        """Return one set of draws.

        correlation_m   the field's covariance is exp(-(distance / correlation_m)² / 2)
        """
        waves = rng.standard_normal((_WAVES, 3)) / correlation_m
        shift = rng.standard_normal((2, 2 * _WAVES, draws), dtype=np.float32) / np.float32(np.sqrt(_WAVES))
        return SharedErrors(waves, shift, rng.standard_normal((3 * sensors, draws), dtype=np.float32), draws)


@dataclass(frozen=True)
class Across:
    """Nodes seen across the line: where they are, which way is inwards, and what a height changes.

    inward       (k, 2) east, north: how the distance grows
    is_drawn     (k,) whether the errors can matter
    low_m, high_m, height_sigma_m   (k,) above the floor, below the ceiling (nan: not known), and how well
    """

    inward: FloatArray
    is_drawn: BoolArray
    low_m: FloatArray = field(default_factory=lambda: np.empty(0))
    high_m: FloatArray = field(default_factory=lambda: np.empty(0))
    height_sigma_m: FloatArray = field(default_factory=lambda: np.empty(0))

    @property
    def is_limited(self) -> bool:
        return bool(self.low_m.size)

    @property
    def is_untold(self) -> BoolArray:
        """Tell at which nodes a height would matter and is not known, (k,)."""
        if not self.is_limited:
            return np.zeros(self.is_drawn.size, dtype=np.bool_)
        return np.isnan(self.low_m) | np.isnan(self.high_m)

    def only(self, chosen: IntArray | slice) -> Across:
        """Return some of the nodes."""
        heights = (self.low_m, self.high_m, self.height_sigma_m)
        return Across(
            self.inward[chosen], self.is_drawn[chosen], *(some[chosen] if some.size else some for some in heights)
        )


@dataclass(frozen=True)
class DrawnMargins:
    """Nodes in each draw, (k, d) float32 [m].

    across_m   how far inside the line
    margin_m   the same, or what is left to the floor or the ceiling where that is less; above 0 is inside
    """

    across_m: SingleArray
    margin_m: SingleArray


def nodes_across(paths: Paths, nodes: Profile, zone: Zone, distance: Distance, *, is_deep: BoolArray) -> Across:
    """Return the nodes across the line.

    is_deep   (k,) whether a node lies so near its stay's depth that its error matters there
    """
    is_drawn = (np.abs(nodes.distance_m) < _DRAWN * nodes.sigma_m) | is_deep
    inward = np.zeros((nodes.q.size, 2))
    inward[is_drawn] = _gradient(paths, nodes.q[is_drawn], nodes.distance_m[is_drawn], distance)
    if not is_limited(zone):
        return Across(inward, is_drawn)
    return Across(inward, is_drawn, *_heights(paths, nodes.q, zone))


def _gradient(paths: Paths, q: FloatArray, here_m: FloatArray, distance: Distance) -> FloatArray:
    """Return how the distance grows to the east and north, (k, 2), of length 1."""
    where = on_paths.places(paths, q)
    per_lat, per_lon = on_paths.metres_per_degree(where.lat_deg)
    # Towards the equator, so that no step leads over a pole.
    north = np.where(where.lat_deg > 0.0, -1.0, 1.0)
    to_east = distance(where.lat_deg, where.lon_deg + _GRADIENT_M / per_lon) - here_m
    to_north = (distance(where.lat_deg + north * _GRADIENT_M / per_lat, where.lon_deg) - here_m) * north
    # Over a ridge (as far from one edge as from another) the slope is short; its direction is all that is taken.
    length = np.hypot(to_east, to_north)
    safe = np.where(length > 0.0, length, 1.0)
    return np.column_stack([np.where(length > 0.0, to_east / safe, 1.0), to_north / safe])


def _heights(paths: Paths, q: FloatArray, zone: Zone) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return how far each node is above the floor and below the ceiling, nan where unknown, and the sigma."""
    row, after, u = on_paths.split(paths, q)
    height_m, pressure_m, variance_m2 = (
        (1.0 - u) * one[row] + u * one[after]
        for one in (paths.height_hae_m, paths.pressure_altitude_m, paths.var_height_m2)
    )
    return *levels.margins_m(zone, height_m, pressure_m), levels.sigma_m(zone, variance_m2)


def draw_margins(
    paths: Paths, nodes: Profile, across: Across, zone: Zone, shared: SharedErrors, registration: Registration, rng: Rng
) -> DrawnMargins:
    """Return how far inside each node is in each draw; an unknown height leaves nothing out."""
    chosen = np.flatnonzero(across.is_drawn)
    margin = np.repeat(nodes.distance_m.astype(np.float32)[:, None], shared.draws, axis=1)
    if chosen.size:
        margin[chosen] += _track_errors(paths, nodes, across, chosen, shared.draws, rng)
        if zone.line_sigma_m > 0.0:
            margin[chosen] -= np.float32(zone.line_sigma_m) * _shifts(paths, nodes, across, chosen, shared)
        if registration.sensor_id:
            margin[chosen] += registration.across(paths, nodes.q[chosen], across.inward[chosen]) @ shared.bias
    return DrawnMargins(margin, _limit_by_height(margin, nodes, across, rng))


def estimated_margin_m(nodes: Profile, across: Across) -> FloatArray:
    """Return how far inside each node is as estimated, (k,) [m]; an unknown height leaves nothing out."""
    if not across.is_limited:
        return nodes.distance_m
    low_m, high_m = (np.where(np.isnan(known), np.inf, known) for known in (across.low_m, across.high_m))
    return np.minimum(nodes.distance_m, np.minimum(low_m, high_m))


def _track_errors(paths: Paths, nodes: Profile, across: Across, chosen: IntArray, draws: int, rng: Rng) -> SingleArray:
    q, track, time_s = nodes.q[chosen], nodes.track[chosen], nodes.time_s[chosen]
    cov = on_paths.covariances(paths, q)
    inward = across.inward[chosen]
    root_east = np.sqrt(cov[:, 0])
    lower = np.where(root_east > 0.0, cov[:, 2] / np.where(root_east > 0.0, root_east, 1.0), 0.0)
    rest = np.sqrt(np.maximum(cov[:, 1] - lower**2, 0.0))
    factor = np.column_stack([inward[:, 0] * root_east + inward[:, 1] * lower, inward[:, 1] * rest])
    memory_s = paths.memory_s[np.floor(q).astype(np.int64)]
    is_first = np.diff(track, prepend=-1) != 0
    step = np.where(is_first, 0.0, np.diff(time_s, prepend=0.0) / memory_s)
    noise = rng.standard_normal((chosen.size, 4, draws), dtype=np.float32)
    return kernels.errors_along(noise, step, is_first.astype(np.int64), factor)


def _shifts(paths: Paths, nodes: Profile, across: Across, chosen: IntArray, shared: SharedErrors) -> SingleArray:
    """Return the line's shift inwards at the place of the line nearest to each node, (k, d), in sigmas."""
    where = on_paths.places(paths, nodes.q[chosen])
    inward, distance_m = across.inward[chosen], nodes.distance_m[chosen]
    per_lat, per_lon = on_paths.metres_per_degree(where.lat_deg)
    foot_lat = where.lat_deg - distance_m * inward[:, 1] / per_lat
    foot_lon = where.lon_deg - distance_m * inward[:, 0] / per_lon
    foot_m = np.column_stack(geodetic2ecef(foot_lat, foot_lon, 0.0))
    phase = foot_m @ shared.wave_per_m.T
    waves = np.hstack([np.cos(phase), np.sin(phase)]).astype(np.float32)
    east, north = inward.astype(np.float32).T
    shifts: SingleArray = (waves * east[:, None]) @ shared.shift[0] + (waves * north[:, None]) @ shared.shift[1]
    return shifts


def _limit_by_height(margin: SingleArray, nodes: Profile, across: Across, rng: Rng) -> SingleArray:
    if not across.is_limited:
        return margin
    _, which = np.unique(nodes.track, return_inverse=True)
    error = rng.standard_normal((int(which.max()) + 1 if which.size else 0, margin.shape[1]), dtype=np.float32)
    high_by = (across.height_sigma_m.astype(np.float32)[:, None]) * error[which]
    for known_m, sign in ((across.low_m, 1.0), (across.high_m, -1.0)):
        free = np.where(np.isfinite(known_m), known_m, np.inf).astype(np.float32)
        margin = np.minimum(margin, free[:, None] + np.float32(sign) * high_by)
    return margin
