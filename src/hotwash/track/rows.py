"""Rows of the plane to rows of TRACKS: geodetic places, true east and north, and what a detection brought along."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from hotwash.geo.frames import FloatArray
from hotwash.model import schema, tables
from hotwash.track import layout
from hotwash.track.arrays import IntArray
from hotwash.track.projection import Plane, plane2geodetic, true_north

_STATUS = {
    layout.CONFIRMED: "confirmed",
    layout.COASTING: "coasting",
    layout.DORMANT: "tentative",  # it has a number already, but is likelier gone than there
}
_COVARIANCES = (
    *("var_east_m2", "cov_east_north_m2", "var_north_m2", "cov_east_v_east_m2ps", "cov_east_v_north_m2ps"),
    *("cov_north_v_east_m2ps", "cov_north_v_north_m2ps", "var_v_east_m2ps2", "cov_v_east_north_m2ps2"),
    "var_v_north_m2ps2",
)
# What a detection says beside its place, carried to the row that used it.
BROUGHT = ("pressure_altitude_m", "class_label", "class_confidence")


def build_tracks(
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
    lat, lon = plane2geodetic(real[:, layout.X], real[:, layout.Y], plane)
    turned = turn_to_north(real[:, : layout.GAUSS], lat, lon, plane)
    height = heights if heights is not None else np.full((len(real), 4), np.nan)
    found = pl.DataFrame(
        {
            "track_id": whole[:, layout.ROW_TRACK],
            "time_utc": pl.Series(time_us, dtype=pl.Int64).cast(pl.Datetime("us", "UTC")),
            "lat_deg": np.clip(lat, -90.0, 90.0),
            "lon_deg": lon,
            "v_east_mps": turned[:, layout.U],
            "v_north_mps": turned[:, layout.V],
            **{name: turned[:, layout.XX + n] for n, name in enumerate(_COVARIANCES)},
            **{
                name: pl.Series(height[:, n]).fill_nan(None)
                for n, name in enumerate(("height_hae_m", "var_height_m2", "v_up_mps", "var_v_up_m2ps2"))
            },
            "existence": np.clip(real[:, layout.EXISTENCE], 0.0, 1.0),
            "status": status_words(whole[:, layout.ROW_STATUS]),
            "detection_id": pl.Series(detection_id).replace(-1, None),
            "ident": pl.Series(whole[:, layout.ROW_IDENT]).replace_strict(
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


def status_words(code: IntArray) -> pl.Series:
    """Return the core's codes as the words of TRACKS."""
    return pl.Series(code).replace_strict(_STATUS, return_dtype=pl.String)


def turn_to_north(gauss: FloatArray, lat_deg: FloatArray, lon_deg: FloatArray, plane: Plane) -> FloatArray:
    """Return Gaussians of the plane as true east and north, with lengths of the earth; the places stay as they are.

    gauss   (r, 14)
    """
    north_x, north_y, scale = true_north(lat_deg, lon_deg, plane)
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
