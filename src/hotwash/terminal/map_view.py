"""A small map in characters: tracks, aerodromes, sensors, warnings and the zone; no label covers another.

+13   a track and its number       13+   the number stands where there is room for it
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hotwash.geo import zones
from hotwash.geo.frames import FloatArray, enu2geodetic, geodetic2enu
from hotwash.geo.zones import Zone
from hotwash.model.scenario_parts import Place
from hotwash.visible import on_one_line
from hotwash.watch.seat import WatchView

TRACK, INSIDE, AERODROME, SENSOR, WARNED = "+", "·", "A", "^", "o"
LEGEND = "  ".join(  # a sign and its word stay on one line
    f"{sign}\u00a0{word}"
    for sign, word in (
        (TRACK, "track"), (AERODROME, "aerodrome"), (SENSOR, "sensor"), (WARNED, "warned"), (INSIDE, "inside"),
    )
)  # fmt: skip
_TALL = 2.0  # a character is twice as tall as it is wide


@dataclass(frozen=True, slots=True)
class CharacterMap:
    """A map as lines of text, and how many labels found no room on it."""

    lines: tuple[str, ...]
    unlabelled: int


def draw_map(
    view: WatchView, tracks: Sequence[Mapping[str, Any]], place: Place, zone: Zone | None, *, half_km: float,
    columns: int, rows: int,
) -> CharacterMap:  # fmt: skip
    """Return the map, `rows` lines of `columns` characters, north at the top.

    tracks    those to be drawn; the first get their labels first
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
    sheet = _Sheet(grid, place, step_m)
    sheet.mark(view.sensors.drop_nulls(["lat_deg", "lon_deg"]).to_dicts(), SENSOR)
    fields = sheet.mark(view.aerodromes.to_dicts(), AERODROME)
    moving = sheet.mark(tracks, TRACK)
    unlabelled = sum(not sheet.label(at, str(one["track_id"]), gap=0) for at, one in moving)
    unlabelled += sum(not sheet.label(at, on_one_line(one["aerodrome_id"]), gap=1) for at, one in fields)
    return CharacterMap(tuple("".join(one) for one in grid.tolist()), unlabelled)


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


class _Sheet:
    """Marks and labels on the ground; `taken` says where one stands."""

    def __init__(self, grid: Any, place: Place, step_m: float) -> None:
        self.grid, self.place, self.step_m = grid, place, step_m
        self.taken = np.zeros(grid.shape, dtype=np.bool_)

    def mark(self, some: Iterable[Mapping[str, Any]], sign: str) -> list[tuple[tuple[int, int], Mapping[str, Any]]]:
        """Draw a sign for each, and return those that are on the map with their row and column."""
        rows, columns = self.grid.shape
        drawn = []
        for one in some:
            lat0, lon0 = self.place.lat_deg, self.place.lon_deg
            east, north, _ = geodetic2enu(one["lat_deg"], one["lon_deg"], 0.0, lat0, lon0, 0.0)
            column = round(float(east) / self.step_m + (columns - 1) / 2.0)
            row = round(-float(north) / (self.step_m * _TALL) + (rows - 1) / 2.0)
            if 0 <= row < rows and 0 <= column < columns:
                self.grid[row, column], self.taken[row, column] = sign, True
                drawn.append(((row, column), one))
        return drawn

    def label(self, at: tuple[int, int], text: str, *, gap: int) -> bool:
        """Write a label beside its sign where there is room, and return whether there was."""
        row, column = at
        right, left = column + 1 + gap, column - len(text) - gap
        beside = [(row, right), (row, left)]
        across = [(row + down, start) for down in (-1, 1) for start in (column, column + 1, left, column - 1)]
        for line, start in (*beside, *across):
            if self._is_free(line, start, len(text), own=at):
                self.grid[line, start : start + len(text)] = list(text)
                self.taken[line, start : start + len(text)] = True
                return True
        return False

    def _is_free(self, row: int, start: int, length: int, *, own: tuple[int, int]) -> bool:
        """Tell whether a label has room here, with nothing but its own sign right before or after it."""
        rows, columns = self.grid.shape
        if not (0 <= row < rows and start >= 0 and start + length <= columns):
            return False
        around = {(row, column) for column in range(max(start - 1, 0), min(start + length + 1, columns))}
        return not any(self.taken[one] for one in around - {own})
