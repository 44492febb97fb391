"""What a sensor or an observer answers when the seat asks it to look: a row of SIGHTINGS, some time later.

A sensor tells how many tracks it follows there. An observer at an aerodrome, or the one who sent a report, looks at the
sky of the scenario's truth: by eye, near by, and not always.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from hotwash.air import interpolation
from hotwash.air.random_numbers import uniforms
from hotwash.geo import geodesy
from hotwash.model import schema
from hotwash.model.recording import Recording
from hotwash.watch.air_picture import AirPicture
from hotwash.watch.seat import Decision

PREFIX = "answer-"  # of the sighting_id of an answer: what else stands among the sightings was staged
AREA_M = 5_000.0  # around the place asked about, where the seat gave no radius
RECENT_S = 60.0
SEEN_SHARE = 0.8  # of what is near enough to be seen by eye: chosen, not measured
# How far off a thing of that kind is seen by eye in clear air: chosen, of the order of its size times 3,000 (one minute
# of arc, what an eye resolves).
SIGHT_M: Mapping[str, float] = {
    "airliner": 15_000.0, "aircraft": 15_000.0, "light_aircraft": 8_000.0, "helicopter": 8_000.0, "balloon": 6_000.0,
    "fixed_wing": 3_000.0, "drone": 2_000.0, "multirotor": 1_500.0, "bird": 1_000.0,
}  # fmt: skip
_WORDS = {
    "airliner": "an aeroplane", "aircraft": "an aeroplane", "light_aircraft": "a small aeroplane",
    "helicopter": "a helicopter", "balloon": "a balloon", "fixed_wing": "a small uncrewed aeroplane",
    "drone": "a drone", "multirotor": "a drone", "bird": "a bird",
}  # fmt: skip


def answer(
    asked: Decision, number: int, due_utc: datetime, *, staged: Recording, picture: AirPicture, seed: int, world: int
) -> dict[str, Any] | None:
    """Return what comes back, a row of SIGHTINGS; None where nobody can look.

    number   of the decision that asked
    due_utc  when the answer is given
    """
    row = {
        "sighting_id": f"{PREFIX}{number}", "utc_low": due_utc, "utc_high": due_utc, "known_utc": due_utc,
        "said_by": asked.place_id, "place": asked.place_id, "after_alarm": True, "role": "observer",
    }  # fmt: skip
    if asked.place_id in staged.sensors["sensor_id"]:
        return row | {"role": "sensor"} | _of_sensor(asked, due_utc, picture)
    eye = eyes(staged).get(asked.place_id or "")
    if eye is None or not staged.truth.height:
        return None
    looked = _by_eye(asked, eye, due_utc, staged, uniforms(seed, np.array([world]), f"answer {number}"))
    return row | {"lat_deg": eye[0], "lon_deg": eye[1]} | looked


def eyes(staged: Recording) -> dict[str, tuple[float, float]]:
    """Return where the observers stand that can be asked: towers by aerodrome_id, others by their report's name."""
    towers = staged.aerodromes.select("aerodrome_id", "lat_deg", "lon_deg").iter_rows()
    others = staged.sightings.select("sighting_id", "lat_deg", "lon_deg").drop_nulls().iter_rows()
    return {name: (lat, lon) for name, lat, lon in (*towers, *others)}


def _of_sensor(asked: Decision, due_utc: datetime, picture: AirPicture) -> dict[str, Any]:
    now_us = int(pl.Series([due_utc], dtype=schema.UTC).dt.epoch("us")[0])
    rows = picture.rows_of_sensor(asked.place_id or "", since_us=now_us - int(RECENT_S * 1e6), now_us=now_us)
    if asked.lat_deg is not None and rows.height:
        away = geodesy.distance_m(rows["lat_deg"], rows["lon_deg"], asked.lat_deg, asked.lon_deg or 0.0)
        rows = rows.filter(pl.Series(away <= (asked.radius_m or AREA_M)))
    names = sorted(rows["track_id"].unique().to_list())
    told = f"follows {', '.join(map(str, names))} there" if names else "follows nothing there"
    return {"saw_nothing": not names, "seen": f"{asked.place_id} {told}", "lat_deg": None, "lon_deg": None}


def _by_eye(
    asked: Decision, eye: tuple[float, float], due_utc: datetime, staged: Recording, luck: Any
) -> dict[str, Any]:
    """Return what an eye sees of the truth: the nearest thing within sight and within the area asked about."""
    there = interpolation.truth_at(staged.truth, pl.Series([due_utc - timedelta(seconds=1)], dtype=schema.UTC))
    if there.height:
        lat, lon = there["lat_deg"].to_numpy(), there["lon_deg"].to_numpy()
        away, bearing, _ = geodesy.inverse(*eye, lat, lon)[:3]
        sight = np.array([SIGHT_M.get(label or "", 2_000.0) for label in there["class_label"]])
        in_area = geodesy.distance_m(lat, lon, asked.lat_deg or eye[0], asked.lon_deg or eye[1])
        seen = np.flatnonzero((away <= sight) & (in_area <= (asked.radius_m or AREA_M)))
        if seen.size and float(luck[0]) < SEEN_SHARE:
            best = int(seen[away[seen].argmin()])
            return _as_said(there["class_label"][best], float(away[best]), float(bearing[best]), int(seen.size))
    return {"saw_nothing": True, "seen": "looked and saw nothing"}


def _as_said(label: str | None, away_m: float, bearing_deg: float, many: int) -> dict[str, Any]:
    """Return what was seen as a person tells it: to ten degrees and to half a kilometre."""
    more = f", and {many - 1} more" if many > 1 else ""
    return {
        "saw_nothing": False, "seen": f"{_WORDS.get(label or '', 'something')}{more}",
        "azimuth_deg": round(bearing_deg / 10.0) * 10.0 % 360.0, "distance_m": max(round(away_m / 500.0), 1) * 500.0,
    }  # fmt: skip
