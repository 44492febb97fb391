"""How each sensor did, what it states of itself beside what its plots show, and what a reader should know of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from hotwash.geo.frames import FloatArray
from hotwash.model import schema, tables
from hotwash.track import layout, models, plots
from hotwash.track.arrays import IntArray
from hotwash.track.registration import AZIMUTH, CLOCK, RANGE, WORTH_SAYING, Registration
from hotwash.track.scans import Habit
from hotwash.track.tracker import Chunk, Tracker

Said = list[Mapping[str, object]]

# A figure is worth a remark beyond 3 sigma and beyond these: a tenth more or fewer looks missed, half as many false
# plots again. Less moves no track.
WORTH_SAYING_PROBABILITY, WORTH_SAYING_CLUTTER = 0.1, 1.5
_LEAST_LOOKS = 10  # scans of a sensor, before which nothing can be learnt of it


def measure_health(
    tracker: Tracker, chunks: Sequence[Chunk], found: Registration, *, is_corrected: bool
) -> pl.DataFrame:
    """Return HEALTH, one row a sensor.

    tracker        after its last step; chunks: all that it gave
    found          the sensors' errors
    is_corrected   whether these were taken out first

    The detection probability is that of looks at confirmed tracks inside the sensor's reach, at the places where
    tracks were; a look that missed counts once a later one hit. False plots are all that went into no confirmed
    track, so the first plots of what was never confirmed are among them. Both are means over the recording.
    """
    many = tracker.sensors.height
    sensor, time_s = _plots(chunks)
    is_on = _on_tracks(chunks, sensor.size)
    used, on = (np.bincount(part, minlength=many) for part in (sensor, sensor[is_on]))
    rows: list[Mapping[str, object]] = []
    for n, stated in enumerate(tracker.sensors.iter_rows(named=True)):
        habit = tracker.habits[n] if chunks else None
        scans = _scans(time_s[sensor == n], habit)
        row: dict[str, Any] = {
            "sensor_id": stated["sensor_id"], "plots": int(used[n]), "scans": scans, "on_tracks": int(on[n]),
            "stated_detection_probability": stated["detection_probability"],
            "stated_false_per_scan": stated["false_per_scan"], "stated_clock_offset_s": stated["clock_offset_s"],
            "common_tracks": int(found.common_tracks[n]), "is_corrected": is_corrected,
        }  # fmt: skip
        if scans:
            false = int(used[n] - on[n])
            row |= {"false_per_scan": false / scans, "sigma_false_per_scan": float(np.sqrt(false + 1.0)) / scans}
            row |= _probability(tracker, n, stated["detection_probability"])
        for k, name in ((CLOCK, "clock_offset_s"), (RANGE, "range_bias_m"), (AZIMUTH, "azimuth_bias_deg")):
            row |= {name: _or_none(found.value[n, k]), f"sigma_{name}": _or_none(found.sigma[n, k])}
        rows.append(row)
    return schema.frame(tables.HEALTH, rows)


def _plots(chunks: Sequence[Chunk]) -> tuple[IntArray, FloatArray]:
    """Return sensor and time of each plot used, as numbered over the recording."""
    sensor = np.concatenate([chunk.placed.sensor for chunk in chunks] or [np.empty(0, np.int64)])
    time_s = np.concatenate([chunk.placed.time_s for chunk in chunks] or [np.empty(0)])
    return sensor.astype(np.int64), time_s


def _on_tracks(chunks: Sequence[Chunk], many: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    is_on = np.zeros(many, dtype=np.bool_)
    for chunk in chunks:
        for part, column in ((chunk.whole, 3), (chunk.early, 1)):
            for rows in part:
                taken = rows[:, column]
                is_on[taken[taken >= 0]] = True
    return is_on


def _scans(time_s: FloatArray, habit: Habit | None) -> int | None:
    """Return the number of looks: those that showed anything, where hardly one is empty; else all that had time."""
    if habit is None or not habit.period_s:
        return None
    look = np.rint(time_s / habit.period_s)
    if habit.is_turning:
        look = np.floor((time_s - time_s.min(initial=0.0)) / habit.period_s)
    if habit.has_empties and not habit.is_turning and look.size:
        return int(look.max() - look.min()) + 1
    return int(np.unique(look).size)


def _probability(tracker: Tracker, n: int, stated: float | None) -> dict[str, float | None]:
    """Return the share of looks that hit, what was believed beforehand taken away again; nothing without looks."""
    believed = min(max(0.8 if stated is None else stated, 0.05), 0.99)
    hits, misses = tracker.learnt.detected[n, layout.RINGS]
    hits, misses = hits - models.PRIOR_LOOKS * believed, misses - models.PRIOR_LOOKS * (1.0 - believed)
    looks = hits + misses
    if looks < 0.5:
        return {}
    middle = (hits + 0.5) / (looks + 1.0)  # so that ten hits of ten still leave a doubt
    sigma = float(np.sqrt(middle * (1.0 - middle) / looks))
    return {"detection_probability": float(np.clip(hits / looks, 0.0, 1.0)), "sigma_detection_probability": sigma}


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


# ---------------------------------------------------------------- remarks


def remark_on_sensors(found: pl.DataFrame, detections: pl.DataFrame, sensors: pl.DataFrame) -> Said:
    """Return rows of REMARKS on the sensors' figures and on what was taken on trust.

    found        HEALTH
    detections   DETECTIONS, all that was given
    """
    said: Said = []
    for row in found.iter_rows(named=True):
        said += _on_probability(row) + _on_clutter(row)
    return said + _assumed(detections, sensors) + _thin(found)


def _on_probability(row: dict[str, Any]) -> Said:
    value, sigma, stated = (
        row[name] for name in ("detection_probability", "sigma_detection_probability", "stated_detection_probability")
    )
    if value is None or stated is None or abs(value - stated) <= max(3.0 * sigma, WORTH_SAYING_PROBABILITY):
        return []
    text = (
        f"{row['sensor_id']} states a detection probability of {stated:.2f}; its plots show {value:.2f} "
        f"(sigma {sigma:.2f}). The tracks use the observed value."
    )
    if _is_off(row):
        text += " Its clock or azimuth is off, so plots beside the tracks count as missed."
    return [{"kind": "detection_probability", "sensor_id": row["sensor_id"], "text": text}]


def _is_off(row: dict[str, Any]) -> bool:
    """Tell whether an error that was left in is so great that it keeps plots from their tracks."""
    names = ("clock_offset_s", "range_bias_m", "azimuth_bias_deg")
    worth = zip(names, WORTH_SAYING, strict=True)
    return not row["is_corrected"] and any(abs(row[name] or 0.0) > least for name, least in worth)


def _on_clutter(row: dict[str, Any]) -> Said:
    value, sigma, stated = (row[name] for name in ("false_per_scan", "sigma_false_per_scan", "stated_false_per_scan"))
    if value is None or stated is None or row["scans"] < _LEAST_LOOKS:
        return []
    factor = max(value, 0.1) / max(stated, 0.1)
    if abs(value - stated) <= 3.0 * sigma or 1.0 / WORTH_SAYING_CLUTTER < factor < WORTH_SAYING_CLUTTER:
        return []
    text = (
        f"{row['sensor_id']} states {stated:.3g} false plots per scan; {value:.3g} per scan (sigma {sigma:.2g}) belong "
        "to no track. The tracks use the observed value."
    )
    return [{"kind": "clutter", "sensor_id": row["sensor_id"], "text": text}]


def _assumed(detections: pl.DataFrame, sensors: pl.DataFrame) -> Said:
    """Say of which sensors a noise was assumed, since their detections state none."""
    is_position = pl.col("lat_deg").is_not_null()
    is_polar = ~is_position & pl.col("range_m").is_not_null() & pl.col("azimuth_deg").is_not_null()
    lacks = {
        f"{plots.ASSUMED_HORIZONTAL_M:g} m of position": is_position & pl.col("sigma_horizontal_m").is_null(),
        f"{plots.ASSUMED_RANGE_M:g} m of range": is_polar & pl.col("sigma_range_m").is_null(),
        f"{plots.ASSUMED_AZIMUTH_DEG:g} deg of azimuth": is_polar & pl.col("sigma_azimuth_deg").is_null(),
        f"{plots.ASSUMED_ELEVATION_DEG:g} deg of elevation": (
            is_polar & pl.col("elevation_deg").is_not_null() & pl.col("sigma_elevation_deg").is_null()
        ),
    }
    many = detections.group_by("sensor_id").agg(**{name: lack.sum() for name, lack in lacks.items()})
    said: Said = []
    for row in many.join(sensors.select("sensor_id"), on="sensor_id").sort("sensor_id").iter_rows(named=True):
        for name in lacks:
            if row[name]:
                stated = f"{row[name]} detection{' states' if row[name] == 1 else 's state'} no sigma"
                text = f"{row['sensor_id']}: {stated}; {name} was assumed."
                said.append({"kind": "assumed", "sensor_id": row["sensor_id"], "rows": row[name], "text": text})
    return said


def _thin(found: pl.DataFrame) -> Said:
    said: Said = []
    for row in found.filter(pl.col("scans").is_between(1, _LEAST_LOOKS - 1)).iter_rows(named=True):
        scans = "1 scan" if row["scans"] == 1 else f"{row['scans']} scans"
        text = f"{row['sensor_id']} has plots in only {scans}. Its stated values are used, and tracks may begin late."
        said.append({"kind": "thin", "sensor_id": row["sensor_id"], "rows": row["plots"], "text": text})
    return said
