"""What people told the seat, weighed as the seat could: where a report may mean, from when it counts, and until when.

    seen ────── known ═══════ near ═══════╪─── need ───╪        somebody saw something; GRACE_S after it
         REPORT_S from when it was seen ──┘
    seen ────── known ═══╪                                      ended: one who stood there looked later and saw nothing

Of a sighting only what the seat was told is used: who looked where and when, and the words of an answer. Whether it is
true, and of what it speaks, stands in the scenario, and is never looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from hotwash.breach.spans import Spans
from hotwash.geo import geodesy
from hotwash.geo.frames import FloatArray
from hotwash.score.watch.conditions import GRACE_S, NOTHING_M, RANGE_SHARE, REPEAT_S, REPORT_S, SEEN_M, Conditions

Row = Mapping[str, Any]

SENSOR = "sensor"  # role of an answer that repeats what stands on the picture
# How an observer who was asked begins to say that it was no drone.
HARMLESS = ("an aeroplane", "a small aeroplane", "a helicopter", "a balloon", "a bird")


@dataclass(frozen=True, slots=True)
class ReportedObject:
    """One report that something was seen: a circle in which it may have been.

    lat_deg, lon_deg, slack_m   the circle
    seen_s, known_s             when it was seen, and when the seat was told
    near     while it is taken to be there still
    need     while a measure on its account has a reason
    """

    report_id: str
    lat_deg: float
    lon_deg: float
    slack_m: float
    seen_s: float
    known_s: float
    near: Spans = ()
    need: Spans = ()

    def away_m(self, lat_deg: FloatArray, lon_deg: FloatArray) -> FloatArray:
        """Return how far from each of some places what was reported was at least, (n,)."""
        found = geodesy.distance_m(np.full(lat_deg.size, self.lat_deg), self.lon_deg, lat_deg, lon_deg)
        return np.maximum(np.asarray(found, dtype=np.float64) - self.slack_m, 0.0)

    def is_within(self, lat_deg: float, lon_deg: float, radius_m: float) -> bool:
        """Tell whether it may have been within a radius of a place."""
        return bool(self.away_m(np.array([lat_deg]), np.array([lon_deg]))[0] <= radius_m)


def weigh_reports(sightings: pl.DataFrame, conditions: Conditions) -> tuple[ReportedObject, ...]:
    """Return the reports that count, in the order in which they became known.

    sightings   SIGHTINGS; those without a place, or that nobody told the seat in time, are left out

    Left out too: what an answer calls no drone, and what repeats a report that was told before: seen at the same time,
    at what may be the same place. A repetition begins nothing and prolongs nothing.
    """
    placed = sightings.filter(pl.col("known_utc").is_not_null() & pl.col("lat_deg").is_not_null())
    rows = [row for row in _timed(placed, conditions) if row["known_s"] <= conditions.end_s and row["role"] != SENSOR]
    looks = [row for row in rows if row["saw_nothing"]]
    found: list[ReportedObject] = []
    for row in rows:
        if row["saw_nothing"] or (row["seen"] or "").startswith(HARMLESS):
            continue
        one = _circle(row)
        if not any(_is_same(one, other) for other in found):
            found.append(one)
    return tuple(_lasting(one, looks, conditions.end_s) for one in found)


def _timed(sightings: pl.DataFrame, conditions: Conditions) -> list[Row]:
    """Return sightings as rows by when they became known, with `seen_s` and `known_s`.

    What nobody dates was seen when it was told.
    """
    timed = sightings.with_columns(
        seen_s=pl.Series(
            conditions.seconds(sightings.select(pl.coalesce("utc_high", "utc_low", "known_utc")).to_series())
        ),
        known_s=pl.Series(conditions.seconds(sightings["known_utc"])),
    )
    return [*timed.sort("known_s", "sighting_id").iter_rows(named=True)]


def _circle(row: Row) -> ReportedObject:
    """Return where an observer's words place it.

    Within SEEN_M of who names no direction; along half of that, and half to either side, of who names one; at the
    stated distance where that is named too, to RANGE_SHARE of it.
    """
    lat, lon, azimuth, distance = (row[name] for name in ("lat_deg", "lon_deg", "azimuth_deg", "distance_m"))
    out_m, slack_m = 0.0, SEEN_M if distance is None else distance * (1.0 + RANGE_SHARE)
    if azimuth is not None:
        out_m = 0.5 * SEEN_M if distance is None else distance
        slack_m = 0.5 * SEEN_M if distance is None else distance * RANGE_SHARE
        lat, lon = (float(one) for one in geodesy.direct(lat, lon, azimuth, out_m))
    return ReportedObject(row["sighting_id"], lat, lon, slack_m, row["seen_s"], row["known_s"])


def _is_same(one: ReportedObject, other: ReportedObject) -> bool:
    """Tell whether a report may be of the same look as an earlier one."""
    apart_m = float(geodesy.distance_m(one.lat_deg, one.lon_deg, other.lat_deg, other.lon_deg))
    return abs(one.seen_s - other.seen_s) <= REPEAT_S and apart_m <= one.slack_m + other.slack_m


def _lasting(one: ReportedObject, looks: Sequence[Row], end_s: float) -> ReportedObject:
    """Return a report with how long it counts."""
    last_s = min(_contradicted(one, looks), end_s)
    near, need = (
        _span(one.known_s, min(one.seen_s + long_s, last_s)) for long_s in (REPORT_S, REPORT_S + GRACE_S)
    )  # fmt: skip
    return ReportedObject(one.report_id, one.lat_deg, one.lon_deg, one.slack_m, one.seen_s, one.known_s, near, need)


def _contradicted(one: ReportedObject, looks: Iterable[Row]) -> float:
    """Return when the seat first knew of somebody who looked there later and saw nothing; inf: of nobody."""
    times = [
        row["known_s"] for row in looks
        if row["seen_s"] > one.seen_s
        and geodesy.distance_m(row["lat_deg"], row["lon_deg"], one.lat_deg, one.lon_deg) <= NOTHING_M
    ]  # fmt: skip
    return min(times, default=float("inf"))


def _span(low_s: float, high_s: float) -> Spans:
    low_s = max(low_s, 0.0)
    return ((low_s, high_s),) if low_s < high_s else ()
