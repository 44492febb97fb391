"""The ground of a map: the lands of the world and the zones of interest, cut to the sheet and drawn as paths."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from hotwash.geo.ground import Land, land_from, load_lands
from hotwash.report.map_sheet import EARTH_KM, Point, Sheet
from hotwash.report.svg import track

LEAST_SEEN = 4000.0  # square units: a smaller piece has no room for a name
FINEST_UNITS = 0.35  # a line simplified by less than this looks the same
COARSEST_UNITS = 1.6  # a fjord coast at this still has its shape, in a fifth of the bytes
MOST_BYTES = 24_000  # of all lands on one sheet
BLEED = 20.0  # units beyond the edge, so that a line along the cut is not seen
SEAM_UNITS = 0.02
WIDEST_DEG = 80.0  # from the middle: no sheet shows more
Window = tuple[float, float, float, float]


def zones_as_land(zones: pl.DataFrame) -> list[Land]:
    """Return the zones of an incident as ground; one whose geometry cannot be read is left out."""
    found = []
    for row in zones.iter_rows(named=True):
        geometry = shapely.from_wkb(row["geometry"], on_invalid="ignore")
        if geometry is not None and not geometry.is_empty:
            found.append(land_from(row["zone_id"], row["name"], geometry))
    return found


@lru_cache(maxsize=16)  # every sheet is drawn, then its lands are named
def lands_on_sheet(sheet: Sheet) -> tuple[tuple[Land, BaseGeometry], ...]:
    """Return each land that reaches the sheet, with what of it falls there: what `land_on_sheet` returns."""
    shapes = ((land, land_on_sheet(land, sheet)) for land in load_lands())
    return tuple((land, shape) for land, shape in shapes if not shape.is_empty)


def land_on_sheet(land: Land, sheet: Sheet) -> BaseGeometry:
    """Return what of a land falls on the sheet and a little around it, as a shape in the drawing's own units."""
    edge = shapely.box(-BLEED, -BLEED, sheet.width + BLEED, sheet.height + BLEED)
    pieces = [shapely.make_valid(shapely.transform(piece, sheet.stretch)) for piece in _pieces(land, sheet)]
    cut = (part for piece in pieces for part in shapely.get_parts(shapely.intersection(piece, edge)))
    polygons = [part for part in cut if part.geom_type == "Polygon"]
    # On a grid, so that the two sides of a cut from pole to pole meet and no line is drawn there.
    return shapely.set_precision(shapely.union_all(polygons), SEAM_UNITS)


def land_outlines(sheet: Sheet) -> list[str]:
    """Return the `d` of each land on the sheet, simplified until all of them are small enough for a page."""
    finest = FINEST_UNITS
    while True:
        found = [outlines(shape, finest) for _, shape in lands_on_sheet(sheet)]
        finest *= 1.5
        if sum(map(len, found)) <= MOST_BYTES or finest > COARSEST_UNITS:
            return [d for d in found if d]


def outlines(shape: BaseGeometry, finest_units: float = FINEST_UNITS) -> str:
    """Return the `d` of a shape's rings; islets that would be smaller than a dot are left out."""
    thinned = shapely.simplify(shape, finest_units)
    parts = (part for part in shapely.get_parts(thinned) if part.geom_type == "Polygon" and part.area > finest_units)
    rings = (ring for part in parts for ring in (part.exterior, *part.interiors))
    return "".join(track(shapely.get_coordinates(ring)[:-1].tolist(), closed=True) for ring in rings)


def spots(shape: BaseGeometry, *, across: int = 14) -> Iterator[Point]:
    """Yield places for a land's name, from its middle outwards; none where little of it is seen."""
    if shape.area < LEAST_SEEN:
        return
    largest = max(shapely.get_parts(shape), key=lambda part: float(part.area))
    middle = shapely.point_on_surface(largest)
    left, top, right, bottom = largest.bounds
    xs, ys = np.meshgrid(np.linspace(left, right, across), np.linspace(top, bottom, across))
    order = np.argsort(np.hypot(xs - middle.x, ys - middle.y), axis=None, kind="stable")
    yield middle.x, middle.y
    yield from ((float(xs.flat[index]), float(ys.flat[index])) for index in order)


# ---------------------------------------------------------------- cutting


def _window(sheet: Sheet) -> Window:
    """Return west, south, east, north of a window that holds the sheet: west of -180 or east of 180 where it must."""
    half_km = sheet.km_per_unit * (float(np.hypot(sheet.width, sheet.height)) / 2 + 2 * BLEED)
    reach = min(float(np.degrees(2.0 * np.arctan(half_km / (2.0 * EARTH_KM)))) * 1.02, WIDEST_DEG)
    south, north = sheet.lat0_deg - reach, sheet.lat0_deg + reach
    is_round_pole = max(abs(south), abs(north)) >= 89.5
    # The meridian that a cap of this radius touches (a right spherical triangle at the pole).
    share = np.sin(np.radians(reach)) / np.cos(np.radians(sheet.lat0_deg))
    half_lon = 180.0 if is_round_pole or share >= 1.0 else float(np.degrees(np.arcsin(share)))
    return sheet.lon0_deg - half_lon, max(south, -90.0), sheet.lon0_deg + half_lon, min(north, 90.0)


def _pieces(land: Land, sheet: Sheet) -> Iterator[BaseGeometry]:
    """Yield what of a land lies about a sheet, once for each way round the earth that it can be reached.

    What is too small to be seen goes before the work of cutting, which on a map of half the world takes seconds.
    """
    west, south, east, north = window = _window(sheet)
    unseen_deg = FINEST_UNITS / 2 * sheet.km_per_unit / 111.2
    step = max(east - west, north - south) / 64.0  # a parallel is bent, so its corners stand close
    for turn in (-360.0, 0.0, 360.0):
        if _is_apart(np.array([land.bounds]), turn, window)[0]:
            continue
        parts = shapely.get_parts(land.geometry)
        bounds = shapely.bounds(parts)
        is_seen = (bounds[:, 2:] - bounds[:, :2]).max(axis=1) > 2.0 * unseen_deg
        parts = parts[is_seen & ~_is_apart(bounds, turn, window)]
        parts = shapely.simplify(parts, unseen_deg, preserve_topology=False)
        is_broken = ~shapely.is_valid(parts)
        parts[is_broken] = shapely.make_valid(parts[is_broken])
        cut = shapely.intersection(parts, shapely.box(west - turn, south, east - turn, north))
        yield from shapely.segmentize(cut[~shapely.is_empty(cut)], step)


def _is_apart(bounds: NDArray[np.float64], turn: float, window: Window) -> NDArray[np.bool_]:
    west, south, east, north = window
    left, low, right, high = bounds.T
    apart = (left + turn > east) | (right + turn < west) | (low > north) | (high < south)
    return np.asarray(apart, dtype=np.bool_)
