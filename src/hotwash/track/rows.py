"""Rows of the plane to rows of TRACKS: geodetic places, true east and north, and what a detection brought along."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from hotwash.geo.frames import FloatArray
from hotwash.model import schema, tables
from hotwash.track import kernels
from hotwash.track.arrays import IntArray
from hotwash.track.plane import Plane, north_of, plane2geodetic

_STATUS = {
    kernels.CONFIRMED: "confirmed",
    kernels.COASTING: "coasting",
    kernels.DORMANT: "tentative",  # it has a number already, but is likelier gone than there
}
_COVARIANCES = (
    *("var_east_m2", "cov_east_north_m2", "var_north_m2", "cov_east_v_east_m2ps", "cov_east_v_north_m2ps"),
    *("cov_north_v_east_m2ps", "cov_north_v_north_m2ps", "var_v_east_m2ps2", "cov_v_east_north_m2ps2"),
    "var_v_north_m2ps2",
)
# What a detection says beside its place, carried to the row that used it.
BROUGHT = ("pressure_altitude_m", "class_label", "class_confidence")


def frame(
    real: FloatArray, whole: IntArray, plane: Plane, *, time_us: IntArray, detection_id: IntArray,
    names: Sequence[str], heights: FloatArray | None = None, brought: pl.DataFrame | None = None,
) -> pl.DataFrame:  # fmt: skip
    """Return TRACKS, in the order of the rows given.

    real           (r, 15) Gaussian in the plane, existence
    whole          (r, 5) any, track, status, any, ident number or -1
    time_us        (r,) [µs since 1970]; detection_id (r,), -1 where none was used
    names          identities by number
    heights        (r, 4) height, its variance, climb, its variance; nan is null
    brought        detection_id and BROUGHT of the detections; None carries nothing along
    """
    lat, lon = plane2geodetic(real[:, 0], real[:, 1], plane)
    turned = turn_to_north(real[:, : kernels.GAUSS], lat, lon, plane)
    height = heights if heights is not None else np.full((len(real), 4), np.nan)
    found = pl.DataFrame(
        {
            "track_id": whole[:, 1],
            "time_utc": pl.Series(time_us, dtype=pl.Int64).cast(pl.Datetime("us", "UTC")),
            "lat_deg": np.clip(lat, -90.0, 90.0),
            "lon_deg": lon,
            "v_east_mps": turned[:, 2],
            "v_north_mps": turned[:, 3],
            **{name: turned[:, 4 + n] for n, name in enumerate(_COVARIANCES)},
            **{
                name: pl.Series(height[:, n]).fill_nan(None)
                for n, name in enumerate(("height_hae_m", "var_height_m2", "v_up_mps", "var_v_up_m2ps2"))
            },
            "existence": np.clip(real[:, kernels.GAUSS], 0.0, 1.0),
            "status": pl.Series(whole[:, 2]).replace_strict(_STATUS, return_dtype=pl.String),
            "detection_id": pl.Series(detection_id).replace(-1, None),
            "ident": pl.Series(whole[:, 4]).replace_strict(
                dict(enumerate(names)), default=None, return_dtype=pl.String
            ),
        }
    )
    if brought is not None:
        found = found.join(
            brought.select("detection_id", *BROUGHT), on="detection_id", how="left", maintain_order="left"
        )
        label = pl.col("class_label", "class_confidence").forward_fill().over("track_id")
        found = found.with_columns(label)
    return schema.conform(found, tables.TRACKS)


def turn_to_north(gauss: FloatArray, lat_deg: FloatArray, lon_deg: FloatArray, plane: Plane) -> FloatArray:
    """Return Gaussians of the plane as true east and north, with lengths of the earth; the places stay as they are.

    gauss   (r, 14)
    """
    north_x, north_y, scale = north_of(lat_deg, lon_deg, plane)
    # East is a quarter turn clockwise of north: [e, n] = A [x, y], A = [[ny, -nx], [nx, ny]] / scale.
    a, b = north_y / scale, north_x / scale
    out = gauss.copy()
    u, v = gauss[:, 2], gauss[:, 3]
    out[:, 2], out[:, 3] = a * u - b * v, b * u + a * v
    for xx, xy, yy in ((4, 5, 6), (11, 12, 13)):
        p, q, r = gauss[:, xx], gauss[:, xy], gauss[:, yy]
        out[:, xx] = np.maximum(a * a * p - 2.0 * a * b * q + b * b * r, 0.0)
        out[:, xy] = a * b * (p - r) + (a * a - b * b) * q
        out[:, yy] = np.maximum(b * b * p + 2.0 * a * b * q + a * a * r, 0.0)
    xu, xv, yu, yv = (gauss[:, n] for n in (7, 8, 9, 10))
    east_u, east_v, north_u, north_v = a * xu - b * yu, a * xv - b * yv, b * xu + a * yu, b * xv + a * yv
    out[:, 7], out[:, 8] = a * east_u - b * east_v, b * east_u + a * east_v
    out[:, 9], out[:, 10] = a * north_u - b * north_v, b * north_u + a * north_v
    return out


def heights(
    whole: IntArray, time_s: FloatArray, measured: FloatArray, held: FloatArray
) -> tuple[FloatArray | None, FloatArray]:
    """Return height, its variance, climb, its variance (r, 4), None while none was measured; and what to hold.

    whole      (r, 5), rows by time
    measured   (r, 2) height and its variance of the detection used, nan where none
    held       (tracks, 6) what earlier rows left, by track number
    """
    most = int(whole[:, 1].max(initial=0)) + 1
    if most > len(held):
        held = np.vstack([held, np.full((most - len(held) + 64, 6), np.nan)])
    if not np.isfinite(measured[:, 0]).any() and not np.isfinite(held[:, 0]).any():
        return None, held
    out = np.full((len(whole), 4), np.nan)
    kernels.climb(np.ascontiguousarray(whole[:, 1]), time_s, np.ascontiguousarray(measured), held, out)
    return out, held


def smoothed_heights(whole: IntArray, time_s: FloatArray, measured: FloatArray) -> FloatArray | None:
    """Return heights and climbs (r, 4) that rest on what came before and after; None when no height was measured.

    whole, time_s   rows track by track, each by time

    A height is filtered forward and backward and both are weighed together, less the measurement that both used.
    """
    forward, _ = heights(whole, time_s, measured, np.full((1, 6), np.nan))
    backward, _ = heights(whole[::-1], -time_s[::-1], measured[::-1], np.full((1, 6), np.nan))
    if forward is None or backward is None:
        return None
    backward = backward[::-1] * np.array([1.0, 1.0, -1.0, 1.0])
    out = np.where(np.isfinite(forward), forward, backward)
    for value, spread in ((0, 1), (2, 3)):
        both = np.isfinite(forward[:, value]) & np.isfinite(backward[:, value])
        used = both & np.isfinite(measured[:, 0]) if value == 0 else np.zeros(len(out), np.bool_)
        own = np.where(used, 1.0 / measured[:, 1], 0.0)
        weight = 1.0 / forward[:, spread] + 1.0 / backward[:, spread] - own
        mean = forward[:, value] / forward[:, spread] + backward[:, value] / backward[:, spread]
        mean = (mean - own * np.where(used, measured[:, 0], 0.0)) / weight
        good = both & (weight > 0.0)
        out[good, value], out[good, spread] = mean[good], 1.0 / weight[good]
    return out
