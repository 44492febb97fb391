"""The ground of a map: countries and the zones of interest, cut to the sheet and drawn as paths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import polars as pl
import shapely
from markupsafe import Markup
from shapely.geometry.base import BaseGeometry

from hotwash.geo import borders
from hotwash.report.map_sheet import Point, Sheet
from hotwash.report.svg import el, track

LEAST_SEEN = 4000.0  # square units: a smaller piece has no room for a name
FINEST_UNITS = 0.35  # a line simplified by less than this looks the same


@dataclass(frozen=True, slots=True)
class Land:
    """One piece of ground: a country, or a zone of interest."""

    land_id: str
    name: str
    geometry: BaseGeometry


@cache
def countries() -> tuple[Land, ...]:
    """Return the countries whose borders travel with hotwash."""
    return tuple(Land(zone.zone_id, zone.name, zone.geometry) for zone in borders.load_borders())


def zones_as_land(zones: pl.DataFrame) -> list[Land]:
    """Return the zones of an incident as ground; one whose geometry cannot be read is left out."""
    found = []
    for row in zones.iter_rows(named=True):
        geometry = shapely.from_wkb(row["geometry"], on_invalid="ignore")
        if geometry is not None and not geometry.is_empty:
            found.append(Land(row["zone_id"], row["name"], geometry))
    return found


@lru_cache(maxsize=256)  # a country is drawn, named and bordered on one sheet
def clip_land(land: Land, sheet: Sheet) -> BaseGeometry:
    """Return what of a land falls on the sheet and a little around it, simplified, in longitude and latitude."""
    half_km = sheet.km_per_unit * float(np.hypot(sheet.width, sheet.height)) / 2 * 1.08
    lat = half_km / 111.0
    lon = lat / max(float(np.cos(np.radians(min(abs(sheet.lat0_deg) + lat, 85.0)))), 0.09)
    west, east = max(sheet.lon0_deg - lon, -180.0), min(sheet.lon0_deg + lon, 180.0)
    window = shapely.box(west, max(sheet.lat0_deg - lat, -89.0), east, min(sheet.lat0_deg + lat, 89.0))
    if not shapely.intersects(shapely.box(*land.geometry.bounds), window):
        return shapely.MultiPolygon()
    whole = land.geometry if land.geometry.is_valid else shapely.make_valid(land.geometry)
    return shapely.simplify(shapely.intersection(whole, window), FINEST_UNITS * sheet.km_per_unit / 111.0)


def ground(land: Land, sheet: Sheet, class_: str) -> Markup:
    """Return a land as one path; nothing where it does not reach the sheet."""
    rings = [
        track(ring, closed=True)
        for part in shapely.get_parts(clip_land(land, sheet))
        if part.geom_type == "Polygon"
        for ring in (_ring(part.exterior, sheet), *(_ring(hole, sheet) for hole in part.interiors))
        if len(ring) > 2
    ]
    if not rings:
        return Markup("")
    return el("path", d="".join(rings), class_=class_, fill_rule="evenodd")


def land_on_sheet(land: Land, sheet: Sheet) -> BaseGeometry:
    """Return what of a land is seen on the sheet, as a shape in the drawing's own units."""
    parts = [
        shapely.polygons(ring)
        for part in shapely.get_parts(clip_land(land, sheet))
        if part.geom_type == "Polygon" and len(ring := _ring(part.exterior, sheet)) > 2
    ]
    whole = shapely.make_valid(shapely.multipolygons(parts)) if parts else shapely.MultiPolygon()
    return shapely.intersection(whole, shapely.box(0.0, 0.0, sheet.width, sheet.height))


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


def _ring(line: shapely.LinearRing, sheet: Sheet) -> list[Point]:
    corners = shapely.get_coordinates(line)
    x, y = sheet.place(corners[:, 1], corners[:, 0])
    on = np.isfinite(x)
    return [(float(a), float(b)) for a, b in zip(x[on], y[on], strict=True)]
