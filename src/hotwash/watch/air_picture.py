"""The picture that a watch seat looks at: the live tracks of a staged recording, as they come to be shown.

    detections ─ track.live_tracks ─▶ rows of TRACKS, each with when it can be shown ─▶ newest row of each living track

Detections do not depend on what the seat decides, so the rows are made at once, and shown one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotwash.breach import levels
from hotwash.geo import geodesy
from hotwash.geo.frames import FloatArray, geodetic2ecef
from hotwash.geo.zones import Zone
from hotwash.model import schema
from hotwash.track.live_tracks import reception_times_us, track_live
from hotwash.track.steadiness import steadiness

IntArray = NDArray[np.int64]

LEAST_HOLD_S = 15.0  # a track that has had no row for so long, or for HOLD_LOOKS of the slowest sensor, is gone
HOLD_LOOKS = 2.5


class AirPicture:
    """All that the picture of a staged recording will show, and up to where it is shown by now.

    detections   DETECTIONS, in any order
    sensors      SENSORS
    start_utc    when the watch begins
    zone         of which breaches are declared; None where there is none
    aerodromes   AERODROMES
    sea_hae_m    height of mean sea level above the ellipsoid, for a zone's limits; None: nobody says

    `picture_rows` is what `track.live_tracks.track_as_received` gave, for whoever measures the same detections.
    """

    def __init__(
        self, detections: pl.DataFrame, sensors: pl.DataFrame, *, start_utc: datetime, zone: Zone | None,
        aerodromes: pl.DataFrame, sea_hae_m: float | None = None,
    ) -> None:  # fmt: skip
        came = reception_times_us(detections)
        order = np.argsort(came, kind="stable")
        self.detections, self._came_us = detections[order], came[order]
        self.picture_rows = track_live(detections, sensors, start_utc=start_utc)
        rows = self.picture_rows.sort("shown_utc", "time_utc", maintain_order=True)
        self._shown_us = rows["shown_utc"].dt.epoch("us").to_numpy()
        self.rows = _placed(rows.drop("shown_utc"), zone, aerodromes, sea_hae_m)
        self._time_us = self.rows["time_utc"].dt.epoch("us").to_numpy()
        self.names, self._slot = np.unique(self.rows["track_id"].to_numpy(), return_inverse=True)
        periods = [period for period in sensors["scan_period_s"].to_list() if period]
        self._hold_us = int(1e6 * max(LEAST_HOLD_S, HOLD_LOOKS * max(periods, default=0.0)))
        self.rewind()

    def rewind(self) -> None:
        """Go back to before the first detection."""
        self._plots = self._at = 0
        self._newest = np.full(self.names.size, -1, dtype=np.int64)

    def plots_until(self, now_us: int) -> pl.DataFrame:
        """Return DETECTIONS that came in since the last call, up to now."""
        end = int(np.searchsorted(self._came_us, now_us, side="right"))
        found, self._plots = self.detections[self._plots : end], max(end, self._plots)
        return found

    def advance(self, now_us: int) -> IntArray:
        """Show what can be shown by now; return the newest row of each living track, by track."""
        end = int(np.searchsorted(self._shown_us, now_us, side="right"))
        self._newest[self._slot[self._at : end]] = np.arange(self._at, end)
        self._at = max(end, self._at)
        known = self._newest[self._newest >= 0]
        living: IntArray = known[self._time_us[known] >= now_us - self._hold_us]
        return living

    @property
    def newest(self) -> IntArray:
        """The last row shown of each track that was ever shown, by track."""
        found: IntArray = self._newest[self._newest >= 0]
        return found

    def rows_of_sensor(self, sensor_id: str, *, since_us: int, now_us: int) -> pl.DataFrame:
        """Return rows shown by now that used a detection of one sensor since a time."""
        rows = self.rows[: int(np.searchsorted(self._shown_us, now_us, side="right"))]
        recent = rows.filter(pl.col("time_utc").dt.epoch("us") >= since_us)
        mine = self.detections.filter(pl.col("sensor_id") == sensor_id)["detection_id"]
        return recent.filter(pl.col("detection_id").is_in(mine.implode()))


def _placed(rows: pl.DataFrame, zone: Zone | None, aerodromes: pl.DataFrame, sea_hae_m: float | None) -> pl.DataFrame:
    """Return rows with what the picture tells of each beside its estimate."""
    lat, lon = rows["lat_deg"].to_numpy(), rows["lon_deg"].to_numpy()
    east, north = rows["v_east_mps"].to_numpy(), rows["v_north_mps"].to_numpy()
    name, away = _nearest(lat, lon, aerodromes)
    return rows.with_columns(
        *_against(rows, zone, sea_hae_m),
        speed_mps=pl.Series(np.hypot(east, north)),
        course_deg=pl.Series(np.degrees(np.arctan2(east, north)) % 360.0),
        begun_utc=pl.col("time_utc").min().over("track_id"),
        aerodrome_id=name, aerodrome_m=away, steadiness=steadiness(rows),
    ).with_columns(begun_distance_m=pl.col("distance_m").sort_by("time_utc").first().over("track_id"))  # fmt: skip


def _against(rows: pl.DataFrame, zone: Zone | None, sea_hae_m: float | None) -> Sequence[pl.Series]:
    if zone is None or not rows.height:
        kinds = (("distance_m", schema.F64), ("probability_inside", schema.F64), ("answer", schema.TEXT))
        return [pl.Series(name, [None] * rows.height, dtype=kind) for name, kind in kinds]
    spread = rows.select(pl.max_horizontal("var_east_m2", "var_north_m2").fill_null(0.0).sqrt()).to_series()
    found = levels.place_with_height(rows, spread.to_numpy(), zone, sea_hae_m=sea_hae_m).placed
    return [
        pl.Series("distance_m", found.distance_m).fill_nan(None),
        pl.Series("probability_inside", found.probability_inside).fill_nan(None),
        pl.Series("answer", found.answer.tolist(), dtype=schema.TEXT),
    ]


def _nearest(lat: FloatArray, lon: FloatArray, aerodromes: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    if not aerodromes.height or not lat.size:
        none = [None] * lat.size
        return pl.Series(none, dtype=schema.TEXT), pl.Series(none, dtype=schema.F64)
    here = np.stack(geodetic2ecef(lat, lon, 0.0), axis=1)
    places = aerodromes["lat_deg"].to_numpy(), aerodromes["lon_deg"].to_numpy()
    there = np.stack(geodetic2ecef(*places, 0.0), axis=1)
    best = np.array([((here - one) ** 2).sum(axis=1) for one in there]).argmin(axis=0)  # nearest by chord is nearest
    nearest = aerodromes[best]
    away_m = geodesy.distance_m(lat, lon, nearest["lat_deg"].to_numpy(), nearest["lon_deg"].to_numpy())
    return nearest["aerodrome_id"], pl.Series(away_m)
