"""What every map has: ground, borders, a graticule, a scale and names; and the small steps from a place to ink."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import shapely
from markupsafe import Markup

from hotwash.model.incident import Incident
from hotwash.report import map_ground, map_sheet
from hotwash.report.map_labels import Box, Label, Wish
from hotwash.report.map_sheet import FloatArray, Point, Sheet
from hotwash.report.phrases import plain
from hotwash.report.svg import drawing, el, line, path, text, track, width_of

SIGMAS_90 = 2.146  # a circle of this many sigmas holds 90 % of a round normal error: sqrt(-2 ln 0.1)
SIGMAS_EDGE = 1.645  # a band this many sigmas to either side holds a line with 90 %
NAMELESS_DEG = 89.0
WIDEST_BAND = 0.25  # of the sheet: a line good to 1 km, drawn on a map of an aerodrome, must not cover it
FINEST_UNITS = 0.6  # a line simplified by less than this looks the same
Row = dict[str, Any]


def frame_map(
    sheet: Sheet, inner: Iterable[Markup], corner: Markup, *, title: str, about: str, name: str, has_links: bool = False
) -> Markup:
    """Return a map with its sea, what is drawn on it, its corner and its frame; nothing runs over the edge."""
    clip = el("clipPath", el("rect", x=0, y=0, width=sheet.width, height=sheet.height), id=f"{name}-clip")
    return drawing(
        [
            clip,
            el(
                "g",
                el("rect", x=0, y=0, width=sheet.width, height=sheet.height, class_="sea"),
                *inner,
                clip_path=f"url(#{name}-clip)",
            ),
            corner,
            el("rect", x=0.5, y=0.5, width=sheet.width - 1, height=sheet.height - 1, class_="frame"),
        ],
        width=sheet.width,
        height=sheet.height,
        title=title,
        about=about,
        name=name,
        class_="map",
        has_links=has_links,
    )


def frame_of(sheet: Sheet) -> Box:
    return Box(4.0, 15.0, sheet.width - 4.0, sheet.height - 4.0)


def scale_corner(sheet: Sheet) -> tuple[Markup, Box]:
    """Return the scale bar and the north arrow in the lower left corner, and the box that they fill."""
    length_km = map_sheet.bar_km(sheet.width * 0.24 * sheet.km_per_unit)
    long, low = length_km / sheet.km_per_unit, sheet.height - 16.0
    said = f"{plain(length_km)} km"
    wide = 14.0 + long + 10.0 + width_of(said, 11.0)
    box = Box(8.0, sheet.height - 34.0, 34.0 + wide, sheet.height - 8.0)
    left = 34.0
    bar = el(
        "g",
        el("rect", x=box.left, y=box.top, width=box.right - box.left, height=26, class_="plate"),
        el("path", d=f"M{18} {low - 11}l5 15l-5 -4l-5 4z", class_="north"),
        text(left, low - 5.5, "N", "grid-name", anchor="end"),
        path([(left + 6, low - 5), (left + 6, low), (left + 6 + long, low), (left + 6 + long, low - 5)], "bar"),
        text(left + 12 + long, low + 1.5, said, "bar-name"),
    )
    return bar, box


def draw_ground(incident: Incident, sheet: Sheet, *, name: str) -> Iterable[Markup]:
    """Yield the lands, the graticule, and the line of each zone of interest in a band as wide as its uncertainty.

    name   the stem of the drawing's ids: a zone is written once and drawn three times
    """
    yield from (el("path", d=d, class_="land", fill_rule="evenodd") for d in map_ground.land_outlines(sheet))
    zones = zip(map_ground.zones_as_land(incident.zones), incident.zones["line_sigma_m"].to_list(), strict=False)
    shapes = [(map_ground.outlines(map_ground.land_on_sheet(zone, sheet)), sigma_m) for zone, sigma_m in zones]
    there = [(f"{name}-zone-{number}", d, sigma_m) for number, (d, sigma_m) in enumerate(shapes) if d]
    yield el("defs", *(el("path", d=d, fill_rule="evenodd", id=zone_id) for zone_id, d, _ in there))
    yield from (el("use", href=f"#{zone_id}", class_="own-land") for zone_id, _, _ in there)
    yield from _graticule(sheet)
    for zone_id, _, sigma_m in there:
        wide = 2 * SIGMAS_EDGE * (sigma_m or 0.0) / 1000.0 / sheet.km_per_unit
        band = min(max(wide, 5.0), WIDEST_BAND * sheet.width)
        yield el("use", href=f"#{zone_id}", class_="border-band", stroke_width=band)
        yield el("use", href=f"#{zone_id}", class_="border")


def _graticule(sheet: Sheet) -> Iterable[Markup]:
    """Yield parallels and meridians at round degrees, each named where it meets the upper or the left edge."""
    half_lat = sheet.height / 2 * sheet.km_per_unit / 111.2
    narrowing = float(np.cos(np.radians(sheet.lat0_deg)))
    half_lon = min(sheet.width / 2 * sheet.km_per_unit / (111.2 * max(narrowing, 0.01)), 180.0 / 1.4)
    step = map_sheet.grid_step_deg(2 * half_lat)
    lon_step = map_sheet.grid_step_deg(2 * half_lon * 0.8)
    lats = np.linspace(max(sheet.lat0_deg - 1.4 * half_lat, -90.0), min(sheet.lat0_deg + 1.4 * half_lat, 90.0), 60)
    lons = np.linspace(sheet.lon0_deg - 1.4 * half_lon, sheet.lon0_deg + 1.4 * half_lon, 60)
    is_near_pole = abs(sheet.lat0_deg) + half_lat > NAMELESS_DEG  # lines there meet, and their names would too
    for lon in _round_steps(lons, lon_step):
        x, y = sheet.place(lats, np.full(60, lon))
        yield _grid_line(x, y, sheet)
        at = float(np.interp(8.0, y[::-1], x[::-1]))
        if 40.0 < at < sheet.width - 40.0 and not is_near_pole:
            yield text(at, 11.0, _degrees(lon, "E", "W"), "grid-name", anchor="middle")
    for lat in _round_steps(lats, step):
        x, y = sheet.place(np.full(60, lat), lons)
        yield _grid_line(x, y, sheet)
        at = float(np.interp(4.0, x, y))
        if 26.0 < at < sheet.height - 60.0 and not is_near_pole:
            yield text(4.0, at - 3.0, _degrees(lat, "N", "S"), "grid-name")


def _grid_line(x: FloatArray, y: FloatArray, sheet: Sheet) -> Markup:
    d = line_on_sheet(x, y, sheet)
    return el("path", d=d, class_="grid") if d else Markup("")


def _degrees(value: float, positive: str, negative: str) -> str:
    """Return a line's name: 181 degrees is 179 W, and neither the equator nor 180 has a side."""
    turned = (value + 180.0) % 360.0 - 180.0 if positive == "E" else value
    side = positive if turned > 0.0 else negative
    return f"{plain(round(abs(turned), 6))}°{'' if abs(turned) in (0.0, 180.0) else f' {side}'}"


def _round_steps(values: np.ndarray, step: float) -> list[float]:
    first, last = int(np.ceil(values.min() / step)), int(np.floor(values.max() / step))
    return [round(number * step, 6) for number in range(first, last + 1)]


def clip_to_sheet(x: np.ndarray, y: np.ndarray, sheet: Sheet) -> list[list[Point]]:
    near = (x > -30) & (x < sheet.width + 30) & (y > -30) & (y < sheet.height + 30)
    cuts = np.flatnonzero(np.diff(near.astype(int))) + 1
    parts = zip(np.split(x, cuts), np.split(y, cuts), np.split(near, cuts), strict=True)
    return [points_of(a, b) for a, b, on in parts if len(on) > 1 and on[0]]


def line_on_sheet(x: FloatArray, y: FloatArray, sheet: Sheet) -> str:
    """Return the `d` of a line, cut to the sheet and simplified by less than the eye sees.

    x, y   (n,) in the drawing's units; what is nan is left out
    """
    on = np.isfinite(x) & np.isfinite(y)
    if on.sum() < 2:
        return ""
    whole = shapely.linestrings(x[on], y[on])
    cut_off = shapely.clip_by_rect(whole, -20.0, -20.0, sheet.width + 20.0, sheet.height + 20.0)
    parts = shapely.get_parts(shapely.simplify(cut_off, FINEST_UNITS, preserve_topology=False))
    return "".join(track(shapely.get_coordinates(part).tolist()) for part in parts if part.geom_type == "LineString")


def country_names(sheet: Sheet, taken: Sequence[Box]) -> list[Label]:
    """Return the names of lands that fit wholly into what is seen of them, as near to its middle as is free."""
    found: list[Label] = []
    size = 15.0 if sheet.width >= 500 else 11.5  # spaced letters: a seventh wider than they are high
    seen = shapely.box(0.0, 0.0, sheet.width, sheet.height)
    for land, reach in map_ground.lands_on_sheet(sheet):
        shape = shapely.intersection(reach, seen)
        shapely.prepare(shape)
        busy = [*taken, *boxes_of(found, ())]
        for spot in map_ground.spots(shape):
            label = centre_label(Wish(land.name.upper(), *spot, 0.0, size, "name-land"))
            box = label.box
            if not box.within(frame_of(sheet)) or any(box.meets(other, 4.0) for other in busy):
                continue
            if shapely.contains(shape, shapely.box(box.left, box.top, box.right, box.bottom)):
                found.append(label)
                break
    return found


def centre_label(wish: Wish) -> Label:
    half, high = width_of(wish.name, wish.size) / 2, wish.size * 1.15 / 2
    return Label(wish, Box(wish.x - half, wish.y - high, wish.x + half, wish.y + high))


def boxes_of(named: Sequence[Label], wishes: Sequence[Wish]) -> list[Box]:
    return [label.box for label in named] + [dot_box((wish.x, wish.y), wish.radius) for wish in wishes]


def draw_labels(named: Sequence[Label]) -> Iterable[Markup]:
    yield from (line(*label.leader, class_="leader") for label in named if label.leader)
    for label in named:
        middle = (label.box.left + label.box.right) / 2
        is_centred = label.wish.radius == 0.0
        x, y = label.baseline
        class_ = f"label {label.wish.class_}{' strong' if label.wish.bold else ''}"
        small = " small" if label.wish.size < 10.4 else ""
        yield text(
            middle if is_centred else x, y, label.wish.name, class_ + small, anchor="middle" if is_centred else "start"
        )


def xy(row: Row, sheet: Sheet) -> Point:
    return sheet.point(row["lat_deg"], row["lon_deg"])


def points_of(x: np.ndarray, y: np.ndarray) -> list[Point]:
    on = np.isfinite(x) & np.isfinite(y)
    return [(float(a), float(b)) for a, b in zip(x[on], y[on], strict=True)]


def dot_box(at: Point, radius: float) -> Box:
    return Box(at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius)
