"""Tracks × zones → breaches, and in the same draws how many there were.

tracks ─▶ paths ─┐
                 ├─▶ profile ─▶ stays, grazes ─┐
zones ─▶ area ───┘        └──▶ draws ──────────┴─▶ rows of BREACHES, stays a track and draw
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

from hotwash.breach import kernels, nearest, profiles, registration
from hotwash.breach import paths as on_paths
from hotwash.breach import stays as on_stays
from hotwash.breach.areas import areas, is_limited
from hotwash.breach.joint_draws import (
    LINE_CORRELATION_M,
    Across,
    Rng,
    SharedErrors,
    draw_margins,
    estimated_margin_m,
    nodes_across,
)
from hotwash.breach.paths import BoolArray, IntArray, Paths
from hotwash.breach.profiles import Profile
from hotwash.breach.registration import Registration, SingleArray
from hotwash.breach.rows import Row, breach_rows
from hotwash.geo.frames import FloatArray
from hotwash.geo.zones import Zone, contains, signed_distance_m
from hotwash.model import schema, tables

DRAWS = 400  # a probability of 0.05 then has a standard error of 0.011
# To leave and come back takes a full turn: 60 s for half of one at the standard rate of 3 deg/s. What is back
# sooner flew along a crooked line, or its track did.
MERGE_S = 60.0

_DEEP = 2.0  # sigmas below a stay's greatest depth: what lies shallower is the deepest in one draw of a hundred
_NODES_AT_ONCE = 8192  # nodes × draws a pass: 8192 × 400 numbers are 13 MB, and five such arrays are held


@dataclass(frozen=True)
class ZoneStays:
    """The stays of one zone in each draw.

    stays   (t, draws) int64, tracks in the order of `Survey.track_id`
    before, after   stays of the estimated paths, before and after merging
    """

    zone_id: str
    stays: IntArray
    before: int
    after: int


@dataclass(frozen=True)
class Survey:
    """All breaches, and what the draws count.

    breaches          BREACHES
    track_id          (t,) int64
    is_identified     (t,) bool: the track bears an identity
    """

    breaches: pl.DataFrame
    track_id: IntArray
    is_identified: BoolArray
    zone_stays: tuple[ZoneStays, ...]


def survey(
    tracks: pl.DataFrame,
    zones: pl.DataFrame,
    *,
    rng: Rng,
    aerodromes: pl.DataFrame | None = None,
    detections: pl.DataFrame | None = None,
    sensors: pl.DataFrame | None = None,
    health: pl.DataFrame | None = None,
    sigma_range_m: float = 0.0,
    sigma_azimuth_deg: float = 0.0,
    sigma_clock_s: float = 0.0,
    draws: int = DRAWS,
    merge_s: float = MERGE_S,
    merge_m: float | None = None,
    correlation_m: float = LINE_CORRELATION_M,
) -> Survey:
    """Return the stays of all tracks in all zones with their probabilities, and the draws that count them.

    tracks               TRACKS; `deleted` rows are left out, `tentative` ones give a position but no certainty
    zones                ZONES
    rng                  the dice
    aerodromes           AERODROMES: the nearest to each stay is named
    detections, sensors  DETECTIONS and SENSORS: with both, the sensors' common errors move all tracks they made
    health               HEALTH: where the tracks were corrected, its sigmas hold instead of the next three
    sigma_range_m, sigma_azimuth_deg, sigma_clock_s   one standard deviation of each sensor's common errors
    merge_s, merge_m     a stay goes on over a shorter, or a shallower, way out; merge_m left open is the
                         zone's line_sigma_m
    correlation_m        how far along a line its error goes on: covariance exp(-(distance / correlation_m)² / 2)

    The line is taken as straight over a few sigma, and its error as a shift. Track errors are those of a Matérn
    process whose position and velocity variances are the track's. Draws of one zone belong together; draws of
    two zones share the line's, the sensors' and existence's, not the tracks'.

    `probability` of a breach is that of the object being there and inside. A stay of the estimated path is always a
    row; a graze is one from rows.LEAST_PROBABILITY on, with both times at the closest approach, no duration, and never
    the answer `inside`. Where a zone has limits and the height is not known, `inside` becomes `undecided`.
    """
    paths = on_paths.paths(tracks)
    sensors_off = Registration()
    if detections is not None and sensors is not None:
        paths, sensors_off = registration.attach_sensors(
            paths,
            detections,
            sensors,
            health=health,
            sigma_range_m=sigma_range_m,
            sigma_azimuth_deg=sigma_azimuth_deg,
            sigma_clock_s=sigma_clock_s,
        )
    shared = SharedErrors.draw(rng, draws, correlation_m=correlation_m, sensors=len(sensors_off.sensor_id))
    level = rng.random((paths.track_id.size, draws))
    rows: list[Row] = []
    zone_stays: list[ZoneStays] = []
    for zone in areas(zones):
        merging = {"merge_s": merge_s, "merge_m": zone.line_sigma_m if merge_m is None else merge_m}
        count, of_zone = _Crossing(paths, zone, merging, shared, sensors_off, level).run(rng)
        rows += of_zone
        zone_stays.append(count)
    if aerodromes is not None:
        rows = nearest.with_aerodrome(paths, rows, aerodromes)
    return Survey(_number_rows(paths, rows), paths.track_id, paths.is_identified, tuple(zone_stays))


def _number_rows(paths: Paths, rows: list[Row]) -> pl.DataFrame:
    """Return rows as BREACHES; `track`, `from_s` and `to_s` were for our own use."""
    own = ("track", "from_s", "to_s")
    named = [{name: value for name, value in row.items() if name not in own} for row in rows]
    return schema.frame(tables.BREACHES, [{**row, "breach_id": place} for place, row in enumerate(named, start=1)])


@dataclass(frozen=True)
class _Crossing:
    """All tracks against one zone."""

    paths: Paths
    zone: Zone
    merging: dict[str, float]
    shared: SharedErrors
    registration: Registration
    level: FloatArray

    def distance(self, lat_deg: FloatArray, lon_deg: FloatArray) -> FloatArray:
        distance_m = signed_distance_m(lat_deg, lon_deg, self.zone)
        if np.isfinite(distance_m).all():
            return distance_m
        return profiles.fill_untold(distance_m, contains(lat_deg, lon_deg, self.zone))

    def run(self, rng: Rng) -> tuple[ZoneStays, list[Row]]:
        """Return the counts of this zone, and its rows without their numbers."""
        stays = np.zeros((self.paths.track_id.size, self.shared.draws), dtype=np.int64)
        nodes, across = self._near()
        margin_m = estimated_margin_m(nodes, across)
        stays_found = on_stays.find_stays(nodes, margin_m, **self.merging)
        rows: list[Row] = []
        for low, high in _slices(nodes.track):
            part, part_seen = profiles.choose_nodes(nodes, slice(low, high)), across.only(slice(low, high))
            margins = draw_margins(self.paths, part, part_seen, self.zone, self.shared, self.registration, rng)
            self._count(part, margins.margin_m, stays)
            own_stays = [stay.shift(-low) for stay in stays_found.stays if low <= stay.begin < high]
            rows += breach_rows(self.paths, self.zone, part, part_seen, margins, own_stays, **self.merging)
        return ZoneStays(self.zone.zone_id, stays, stays_found.before, stays_found.after), rows

    def _near(self) -> tuple[Profile, Across]:
        """Return the nodes of the tracks for which something can happen at this zone's line, or inside it."""
        sigma_m = self.zone.line_sigma_m
        nodes = profiles.profile(self.paths, self.distance, line_sigma_m=sigma_m, every_row=is_limited(self.zone))
        nodes = profiles.deepen(self.paths, nodes, self.distance, line_sigma_m=sigma_m, near=_DEEP)
        across = nodes_across(self.paths, nodes, self.zone, self.distance, is_deep=_deep(nodes))
        near = np.zeros(self.paths.track_id.size, dtype=np.bool_)
        near[nodes.track[across.is_drawn]] = True
        near_nodes = np.flatnonzero(near[nodes.track])
        return profiles.choose_nodes(nodes, near_nodes), across.only(near_nodes)

    def _count(self, part: Profile, margin_m: SingleArray, stays: IntArray) -> None:
        which, first = np.unique(part.track, return_index=True)
        first = np.append(first, part.q.size).astype(np.int64)
        existence = self.paths.existence[np.floor(part.q).astype(np.int64)]
        merge_s, merge_m = self.merging["merge_s"], self.merging["merge_m"]
        stays[which] = kernels.count_stays(margin_m, part.time_s, first, existence, self.level[which], merge_s, merge_m)


def _deep(nodes: Profile) -> BoolArray:
    """Return which nodes lie so near the depth of their run inside that an error may make them the deepest."""
    is_in = nodes.distance_m > 0.0
    change = np.diff(is_in, prepend=False) | (np.diff(nodes.track, prepend=-1) != 0)
    run = np.cumsum(change)
    best_m = np.full(int(run[-1]) + 1 if run.size else 1, -np.inf)
    np.maximum.at(best_m, run, nodes.distance_m)
    is_deep: BoolArray = (
        is_in & (best_m[run] < profiles.UNTOLD_M) & (nodes.distance_m >= best_m[run] - _DEEP * nodes.sigma_m)
    )
    return is_deep


def _slices(track: IntArray) -> Iterator[tuple[int, int]]:
    """Yield stretches of nodes that hold whole tracks and, where one track allows, no more than _NODES_AT_ONCE."""
    starts = [*np.flatnonzero(np.diff(track, prepend=-1) != 0).tolist(), track.size]
    low = 0
    for start, end in pairwise(starts):
        if end - low > _NODES_AT_ONCE and start > low:
            yield low, start
            low = start
    if track.size:
        yield low, track.size
