"""A small map in characters: tracks, aerodromes, sensors, warnings and the zone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from hotwash.geo import zones
from hotwash.geo.frames import FloatArray, enu2geodetic, geodetic2enu
from hotwash.geo.zones import Zone
from hotwash.model.scenario_parts import Place
from hotwash.visible import on_one_line
from hotwash.watch.seat import WatchView

INSIDE, AERODROME, SENSOR, WARNED = "·", "A", "^", "o"
LEGEND = f"{INSIDE} inside  {AERODROME} aerodrome  {SENSOR} sensor  {WARNED} warned"
_TALL = 2.0  # a character is twice as tall as it is wide


def draw_map(view: WatchView, place: Place, zone: Zone | None, *, half_km: float, columns: int, rows: int) -> list[str]:
    """Return the map, `rows` texts of `columns` characters, north at the top.

    place     its centre
    half_km   from the centre to the side [km]
    """
    step_m = 2.0 * half_km * 1_000.0 / columns
    grid = _ground(place, zone, step_m, columns, rows)
    lat, lon = _centres(place, step_m, columns, rows)
    for row in view.warnings.iter_rows(named=True):
        east, north, _ = geodetic2enu(lat, lon, 0.0, row["lat_deg"], row["lon_deg"], 0.0)
        edge = np.abs(np.hypot(east, north) - row["radius_m"]) < step_m * _TALL / 2.0
        grid[edge.reshape(rows, columns)] = WARNED
    _put(grid, view.sensors.drop_nulls(["lat_deg", "lon_deg"]).to_dicts(), place, step_m, lambda _: SENSOR)
    _put(
        grid,
        view.aerodromes.to_dicts(),
        place,
        step_m,
        lambda row: f"{AERODROME}{on_one_line(row['aerodrome_id'])[-2:]}",
    )
    _put(grid, view.tracks.to_dicts(), place, step_m, lambda row: str(row["track_id"]))
    return ["".join(one) for one in grid.tolist()]


def _ground(place: Place, zone: Zone | None, step_m: float, columns: int, rows: int) -> Any:
    grid = np.full((rows, columns), " ", dtype="<U1")
    if zone is not None:
        lat, lon = _centres(place, step_m, columns, rows)
        grid[zones.contains(lat, lon, zone).reshape(rows, columns)] = INSIDE
    return grid


def _centres(place: Place, step_m: float, columns: int, rows: int) -> tuple[FloatArray, FloatArray]:
    """Return the position of the centre of each character, row by row from the north."""
    east = (np.arange(columns) - (columns - 1) / 2.0) * step_m
    north = -(np.arange(rows) - (rows - 1) / 2.0) * step_m * _TALL
    easts, norths = (one.ravel() for one in np.meshgrid(east, north))
    lat, lon, _ = enu2geodetic(easts, norths, 0.0, place.lat_deg, place.lon_deg, 0.0)
    return lat, lon


def _put(grid: Any, rows_: Iterable[Mapping[str, Any]], place: Place, step_m: float, sign: Any) -> None:
    rows, columns = grid.shape
    for one in rows_:
        east, north, _ = geodetic2enu(one["lat_deg"], one["lon_deg"], 0.0, place.lat_deg, place.lon_deg, 0.0)
        column = round(float(east) / step_m + (columns - 1) / 2.0)
        row = round(-float(north) / (step_m * _TALL) + (rows - 1) / 2.0)
        if 0 <= row < rows and 0 <= column < columns:
            for at, letter in enumerate(sign(one)[: columns - column]):
                grid[row, column + at] = letter
