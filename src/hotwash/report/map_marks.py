"""The marks on the map besides finds and tracks: observers and their looks, events, aerodromes, runways and towns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup

from hotwash.geo.runways import Runway, runways_at
from hotwash.geo.towns import load_towns
from hotwash.report.map_labels import Box, Wish
from hotwash.report.map_sheet import Point, Sheet
from hotwash.report.phrases import event_title, shorten
from hotwash.report.svg import el, line

# A bystander points out a direction as a point of the compass rose: 16 of them, so half of 22.5 degrees to either side.
LOOK_SPREAD_DEG = 11.25
LOOK_UNITS = 44.0  # how long a look is drawn of which nobody says how far
LEAST_RUNWAY_UNITS = 8.0  # a shorter runway would hide under the aerodrome's mark
NAMES_BELOW_KM = 90.0  # on a wider sheet an aerodrome bears its code alone
MOST_TOWNS = 8
TOWN_SPACE_UNITS = 85.0  # between two towns: enough to find one's way by, and no more
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Town:
    """A town for orientation, with its place on the sheet."""

    name: str
    x: float
    y: float


def mark_sighting(row: Row, sheet: Sheet) -> Markup:
    """Return an observer and, where a direction was stated, the wedge that it may mean; to the distance, if stated."""
    x, y = sheet.point(row["lat_deg"], row["lon_deg"])
    class_ = "sighting nothing" if row["saw_nothing"] else "sighting"
    eye = el("path", d=f"M{x - 7:.1f} {y:.1f}q7 -7 14 0q-7 7 -14 0z", class_=class_)
    parts = [el("title", shorten(f"{row['sighting_id']}, {row['role']}", 80))]
    if row["azimuth_deg"] is not None:
        far = _look_units(row, sheet)
        left, middle, right = (
            _away(x, y, row["azimuth_deg"] + turn, far) for turn in (-LOOK_SPREAD_DEG, 0, LOOK_SPREAD_DEG)
        )
        arc = f"A{far:.1f} {far:.1f} 0 0 1 {right[0]:.1f} {right[1]:.1f}"
        parts.append(el("path", d=f"M{x:.1f} {y:.1f}L{left[0]:.1f} {left[1]:.1f}{arc}Z", class_="look-wedge"))
        parts.append(line(x, y, *middle, class_="look"))
        if row["distance_m"]:
            parts.append(el("path", d=f"M{left[0]:.1f} {left[1]:.1f}{arc}", class_="look-end"))
    return el("g", *parts, eye)


def mark_event(row: Row, sheet: Sheet) -> Markup:
    """Return the place of an event, with the circle that it holds in where one was stated."""
    x, y = sheet.point(row["lat_deg"], row["lon_deg"])
    radius = (row["radius_m"] or 0.0) / 1000.0 / sheet.km_per_unit
    circle = el("circle", cx=x, cy=y, r=radius, class_="event-reach") if radius > 6.0 else Markup("")
    return el("g", el("title", event_title(row["kind"])), circle, event_glyph(x, y))


def event_glyph(x: float = 0.0, y: float = 0.0) -> Markup:
    """Return the glyph of an event: a cross on its side."""
    return el("path", d=f"M{x - 4.5:.1f} {y - 4.5:.1f}l9 9M{x - 4.5:.1f} {y + 4.5:.1f}l9 -9", class_="event")


def event_wish(row: Row, sheet: Sheet, *, narrow: bool) -> Wish:
    x, y = sheet.point(row["lat_deg"], row["lon_deg"])
    return Wish(shorten(event_title(row["kind"]), 24), x, y, 5.0, 9.5 if narrow else 10.5, "name-sighting")


def mark_aerodrome(row: Row, sheet: Sheet) -> Markup:
    """Return an aerodrome: its runways where they are known and long enough to be seen, and its mark."""
    x, y = sheet.point(row["lat_deg"], row["lon_deg"])
    if not sheet.holds((x, y), margin=-LEAST_RUNWAY_UNITS):
        return Markup("")
    runways = [line(*ends, class_="runway") for _, ends in runway_lines(row["aerodrome_id"], sheet)]
    cross = f"M{x - 6:.1f} {y:.1f}h12M{x:.1f} {y - 6:.1f}v12"
    return el(
        "g",
        el("title", f"{row['aerodrome_id']} {row['name']}"),
        *runways,
        el("circle", cx=x, cy=y, r=4.2, class_="aerodrome"),
        el("path", d=cross, class_="aerodrome"),
    )


def aerodrome_wish(row: Row, sheet: Sheet, *, narrow: bool) -> Wish:
    """Return the name of an aerodrome: its code, on a sheet of its surroundings with its name."""
    x, y = sheet.point(row["lat_deg"], row["lon_deg"])
    code = shorten(row["aerodrome_id"], 12)
    is_close = sheet.width * sheet.km_per_unit < NAMES_BELOW_KM and not narrow and row["name"]
    said = f"{code} {shorten(row['name'], 34)}" if is_close else code
    return Wish(said, x, y, 6.0, 10.0 if narrow else 11.0, "name-aerodrome", bold=True)


def runway_lines(aerodrome_id: str, sheet: Sheet) -> list[tuple[Runway, tuple[float, float, float, float]]]:
    """Return the runways of an aerodrome that are long enough to be seen, each with x1, y1, x2, y2 on the sheet."""
    found = []
    for runway in runways_at(aerodrome_id):
        x, y = sheet.place(runway.lat_deg, runway.lon_deg)
        if np.hypot(x[1] - x[0], y[1] - y[0]) >= LEAST_RUNWAY_UNITS:
            found.append((runway, (float(x[0]), float(y[0]), float(x[1]), float(y[1]))))
    return found


def line_boxes(aerodromes: Iterable[Row], sightings: Iterable[Row], sheet: Sheet) -> list[Box]:
    """Return boxes along runways and looks, so that no name covers them."""
    lines = [ends for row in aerodromes for _, ends in runway_lines(row["aerodrome_id"], sheet)]
    for row in sightings:
        if row["azimuth_deg"] is not None:
            at = sheet.point(row["lat_deg"], row["lon_deg"])
            lines.append(
                (*_away(*at, row["azimuth_deg"], 14.0), *_away(*at, row["azimuth_deg"], _look_units(row, sheet)))
            )
    boxes = []
    for x1, y1, x2, y2 in lines:
        for share in np.linspace(0.0, 1.0, max(int(np.hypot(x2 - x1, y2 - y1) // 6), 2)):
            x, y = x1 + share * (x2 - x1), y1 + share * (y2 - y1)
            boxes.append(Box(x - 2.0, y - 2.0, x + 2.0, y + 2.0))
    return boxes


def _look_units(row: Row, sheet: Sheet) -> float:
    """Return how long a look is drawn: as far as was stated, or a length that says nothing."""
    return (row["distance_m"] or 0.0) / 1000.0 / sheet.km_per_unit or LOOK_UNITS


def towns_on_sheet(sheet: Sheet, taken: Sequence[Box]) -> list[Town]:
    """Return a few towns to find one's way by, the largest first, away from each other and from what is taken."""
    towns = load_towns()
    x, y = sheet.place(towns.lat_deg, towns.lon_deg)
    on = np.flatnonzero((x > 12) & (x < sheet.width - 12) & (y > 20) & (y < sheet.height - 12))
    most = MOST_TOWNS if sheet.width >= 500 else MOST_TOWNS // 2
    found: list[Town] = []
    people = np.array(towns.people)
    for row in on[np.argsort(-people[on], kind="stable")][:400].tolist():
        at = (float(x[row]), float(y[row]))
        near = any(np.hypot(at[0] - town.x, at[1] - town.y) < TOWN_SPACE_UNITS for town in found)
        if not near and not any(box.holds(*at) for box in taken):
            found.append(Town(towns.name[row], *at))
        if len(found) == most:
            break
    return found


def town_wish(town: Town, *, narrow: bool) -> Wish:
    return Wish(shorten(town.name, 24), town.x, town.y, 2.0, 9.5 if narrow else 10.0, "name-town")


def _away(x: float, y: float, azimuth_deg: float, far: float) -> Point:
    turn = np.radians(azimuth_deg)
    return x + far * float(np.sin(turn)), y - far * float(np.cos(turn))
