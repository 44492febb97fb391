"""Aerodromes against tracks: who came near, and was the aerodrome closed while it lasted?

tracks ──▶ near:    ────████████───────████───     united over all tracks
events ──▶ closed:  ──────────█████████████───
                        open    closed  closed and near
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from hotwash.breach import paths as on_paths
from hotwash.breach import profiles
from hotwash.breach import spans as on_spans
from hotwash.breach import stays as on_stays
from hotwash.breach.areas import RADIUS_M
from hotwash.breach.paths import Paths
from hotwash.breach.rows import Row, when
from hotwash.breach.spans import Span, Spans
from hotwash.geo import geodesy
from hotwash.geo.frames import FloatArray
from hotwash.model import schema, tables

CLOSES = ("aerodrome_closed", "airspace_closed")
REOPENS = ("aerodrome_reopened", "airspace_reopened")
_ONE_MOVEMENT = ("movement", "departure", "arrival", "landing", "take_off")
MOVEMENTS = (*_ONE_MOVEMENT, *(f"{kind}s" for kind in _ONE_MOVEMENT))


def exposures(
    tracks: pl.DataFrame, aerodromes: pl.DataFrame, events: pl.DataFrame, *, radius_m: float = RADIUS_M
) -> pl.DataFrame:
    """Return EXPOSURES, one row an aerodrome.

    tracks       TRACKS; the estimated paths are taken as they are, without their uncertainty
    aerodromes   AERODROMES
    events       EVENTS: aerodrome_closed and airspace_closed close, at their stated start, until their stated end
                 or else the next reopening, or else the last row of the tracks; aerodromes and air space alike.
                 Where no closing is told the aerodrome counts as open. Movements are events of MOVEMENTS: `value`
                 of them (1 when left out), evenly from start to end
    radius_m     what counts as near

    An event counts for the aerodrome that is its `subject_id`, and only where its start is stated: what is told
    by bounds alone closes nothing here. Several tellings of one closure are united.
    """
    paths = on_paths.paths(tracks)
    dated = events.filter(pl.col("start_utc").is_not_null()).sort("start_utc", "event_id")
    rows = [_row(paths, place, dated, radius_m) for place in aerodromes.iter_rows(named=True)]
    return schema.frame(tables.EXPOSURES, [*rows])


@dataclass(frozen=True)
class _Near:
    """When any object was near, the first of it, and the closest approach of all."""

    spans: Spans
    tracks: tuple[int, ...]
    nearest: tuple[int, float, float] | None  # track, distance_m, time_s


def _row(paths: Paths, place: Mapping[str, Any], events: pl.DataFrame, radius_m: float) -> Row:
    near = _near(paths, place["lat_deg"], place["lon_deg"], radius_m)
    own = events.filter(pl.col("subject_id") == place["aerodrome_id"]).to_dicts()
    last_s = float(paths.time_s.max()) if paths.time_s.size else 0.0
    closed = _closed_spans(own, paths.base_us, last_s)
    both = on_spans.intersect(near.spans, closed)
    open_near = on_spans.subtract(near.spans, closed)
    used = [row for row in own if row["kind"] in (*CLOSES, *REOPENS, *MOVEMENTS)]
    row: Row = {
        "aerodrome_id": place["aerodrome_id"],
        "radius_m": radius_m,
        "first_near_utc": when(paths, near.spans[0][0]) if near.spans else None,
        "closed_near_min": on_spans.minutes(both),
        "closed_clear_min": on_spans.minutes(closed) - on_spans.minutes(both),
        "open_near_min": on_spans.minutes(open_near),
        "movements_exposed": _movements(own, open_near, paths.base_us),
        "rows": [f"events:{row['event_id']}" for row in used] + [f"tracks:{name}" for name in near.tracks],
    }
    if near.nearest is not None:
        track, distance_m, time_s = near.nearest
        row |= {
            "nearest_m": distance_m,
            "nearest_utc": when(paths, time_s),
            "nearest_track_id": int(paths.track_id[track]),
        }
    return row


def _near(paths: Paths, lat_deg: float, lon_deg: float, radius_m: float) -> _Near:
    if not paths.time_s.size:
        return _Near((), (), None)

    def inside_m(lat: FloatArray, lon: FloatArray) -> FloatArray:
        return radius_m - geodesy.distance_m(lat, lon, lat_deg, lon_deg)

    nodes = profiles.profile(paths, inside_m, line_sigma_m=0.0, near=0.0)
    nodes = profiles.deepen(paths, nodes, inside_m, line_sigma_m=0.0, near=0.0, from_m=-np.inf)
    best = int(nodes.distance_m.argmax())
    stays = on_stays.find_stays(nodes, nodes.distance_m, merge_s=0.0, merge_m=0.0).stays
    spans = [
        (
            float(nodes.time_s[stay.begin]) if stay.enter_s is None else stay.enter_s,
            float(nodes.time_s[stay.end]) if stay.exit_s is None else stay.exit_s,
        )
        for stay in stays
        if not stay.is_graze
    ]
    names = sorted({int(paths.track_id[stay.track]) for stay in stays if not stay.is_graze})
    nearest = (int(nodes.track[best]), radius_m - float(nodes.distance_m[best]), float(nodes.time_s[best]))
    return _Near(on_spans.unite(spans), tuple(names), nearest)


def _closed_spans(events: list[dict[str, Any]], base_us: int, last_s: float) -> Spans:
    """Return when an aerodrome, or the air space over it, was told to be closed."""
    reopened = [_seconds(row["start_utc"], base_us) for row in events if row["kind"] in REOPENS]
    spans: list[Span] = []
    for row in events:
        if row["kind"] in CLOSES:
            start = _seconds(row["start_utc"], base_us)
            after = [again for again in reopened if again >= start]
            until = _seconds(row["end_utc"], base_us) if row["end_utc"] else min(after, default=max(last_s, start))
            spans.append((start, until))
    return on_spans.unite(spans)


def _movements(events: list[dict[str, Any]], spans: Iterable[Span], base_us: int) -> float | None:
    """Return how many movements fell into the spans; None where none are told."""
    movements = [row for row in events if row["kind"] in MOVEMENTS]
    if not movements:
        return None
    total = 0.0
    for row in movements:
        start = _seconds(row["start_utc"], base_us)
        end = _seconds(row["end_utc"], base_us) if row["end_utc"] else start
        common = sum(max(0.0, min(end, high) - max(start, low)) for low, high in spans)
        is_in = any(low <= start <= high for low, high in spans)
        share = common / (end - start) if end > start else float(is_in)
        total += share * (1.0 if row["value"] is None else float(row["value"]))
    return total


def _seconds(moment: Any, base_us: int) -> float:
    return float(moment.timestamp()) - base_us / 1e6
