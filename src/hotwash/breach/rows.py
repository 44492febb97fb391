"""Stays and their draws to rows of BREACHES."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from hotwash.breach import kernels
from hotwash.breach import paths as on_paths
from hotwash.breach.joint_draws import Across, DrawnMargins
from hotwash.breach.paths import BoolArray, Paths
from hotwash.breach.profiles import UNTOLD_M, Profile
from hotwash.breach.stays import Stay
from hotwash.geo.frames import FloatArray
from hotwash.geo.zones import PLAINLY_INSIDE, PLAINLY_OUTSIDE, Zone

LEAST_PROBABILITY = PLAINLY_OUTSIDE  # of a graze: below it, it is no row
_LEAST_ENTRIES = 0.2  # of the draws must come in for the spread of the entry time to mean anything
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Row = dict[str, object]


def breach_rows(
    paths: Paths,
    zone: Zone,
    nodes: Profile,
    seen: Across,
    drawn: DrawnMargins,
    stays: Sequence[Stay],
    *,
    merge_s: float,
    merge_m: float,
) -> list[Row]:
    """Return each stay, and each graze that is probable enough, as a row of BREACHES without its number.

    nodes, seen, drawn   the nodes that the stays lie on
    returns              with `track`, `from_s` and `to_s` beside the columns: which path, from when to when
    """
    if not stays:
        return []
    low, high = (np.array([getattr(stay, side) for stay in stays], dtype=np.int64) for side in ("low", "high"))
    enter_s, margin_m = kernels.entries(drawn.margin_m, nodes.time_s, low, high, merge_s, merge_m)
    is_in = margin_m > 0.0
    existence = paths.existence[np.floor(nodes.q).astype(np.int64)]
    rows: list[Row] = []
    for place, stay in enumerate(stays):
        exists = float(existence[stay.begin : stay.end + 1].max())
        probability = float(is_in[place].mean()) * exists
        if stay.is_graze and probability < LEAST_PROBABILITY:
            continue
        greatest_m = float(nodes.distance_m[stay.begin : stay.end + 1].max())
        is_told = greatest_m < UNTOLD_M  # a clipped drawing may not say how deep
        depth_m = _depths(drawn, stay, is_in[place])
        rows.append(
            {
                "track_id": int(paths.track_id[stay.track]),
                "zone_id": zone.zone_id,
                **_times(paths, nodes, stay, enter_s[place]),
                "depth_m": (0.0 if stay.is_graze else greatest_m) if is_told else None,
                "depth_sigma_m": float(depth_m.std()) if depth_m.size and is_told else None,
                "probability": probability,
                "answer": _answer(stay, probability, seen.is_untold[stay.begin : stay.end + 1]),
            }
        )
    return rows


def _depths(drawn: DrawnMargins, stay: Stay, is_in: BoolArray) -> FloatArray:
    """Return the greatest distance inside the line in each draw that comes in; of a graze, in every draw."""
    here = slice(stay.low, stay.high)
    if stay.is_graze:
        return np.asarray(drawn.across_m[stay.begin], dtype=np.float64)
    if not is_in.any():
        return np.empty(0)
    margin_m, across_m = drawn.margin_m[here][:, is_in], drawn.across_m[here][:, is_in]
    return np.asarray(np.where(margin_m > 0.0, across_m, -np.inf).max(axis=0), dtype=np.float64)


def _times(paths: Paths, nodes: Profile, stay: Stay, enter_s: FloatArray) -> Row:
    from_s = float(nodes.time_s[stay.begin]) if stay.enter_s is None else stay.enter_s
    to_s = float(nodes.time_s[stay.end]) if stay.exit_s is None else stay.exit_s
    row: Row = {
        "track": stay.track,
        "from_s": from_s,
        "to_s": to_s,
        "enter_utc": when(paths, stay.enter_s),
        "exit_utc": when(paths, stay.exit_s),
        "duration_s": to_s - from_s,
    }
    if stay.enter_s is None:
        return row
    q = on_paths.coordinate(paths, np.array([stay.enter_s]), np.array([stay.track]))
    where = on_paths.places(paths, q)
    entered = enter_s[np.isfinite(enter_s)]
    is_told = not stay.is_graze and entered.size >= _LEAST_ENTRIES * enter_s.size
    row["enter_sigma_s"] = float(entered.std()) if is_told else None
    return {**row, "enter_lat_deg": float(where.lat_deg[0]), "enter_lon_deg": float(where.lon_deg[0])}


def when(paths: Paths, time_s: float | None) -> datetime | None:
    """Return seconds since the first row of the paths as a time; None stays None."""
    return None if time_s is None else _EPOCH + timedelta(microseconds=int(on_paths.stamp(paths, time_s)))


def _answer(stay: Stay, probability: float, is_untold: BoolArray) -> str:
    if probability <= PLAINLY_OUTSIDE:
        return "outside"
    if probability < PLAINLY_INSIDE or stay.is_graze or is_untold.any():
        return "undecided"
    return "inside"
