"""The map of the tracks: solid where updated, dashed where coasting, with entries, their errors, and the sensors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from markupsafe import Markup

from hotwash.course.local_times import say_time_of_day
from hotwash.geo import geodesy
from hotwash.model.incident import Incident
from hotwash.report import clock, map_sheet
from hotwash.report.cartography import (
    SIGMAS_90,
    boxes_of,
    clip_to_sheet,
    country_names,
    dot_box,
    draw_ground,
    draw_labels,
    frame_map,
    frame_of,
    line_on_sheet,
    points_of,
    scale_corner,
)
from hotwash.report.flights import DASHED, SOLID, Flight, join_short_dashes, stretches
from hotwash.report.links import anchor
from hotwash.report.map_labels import Wish, place_labels
from hotwash.report.map_marks import aerodrome_wish, mark_aerodrome
from hotwash.report.map_sheet import FloatArray, Point, Sheet
from hotwash.report.phrases import count_noun, plain, shorten
from hotwash.report.svg import el, legend_key, path

MOST_NAMES = 36  # more names than this find no place beside each other
LEAST_DASHED = 6.0  # a dash and its gap: a shorter stretch would look like a hole
CLOSER = 0.45  # a second map is worth its room where it shows the entries at more than twice the size
LEAST_KM = 12.0
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One stay's entry on the map: where, when, the stay's place on the page, and the error ellipse around it."""

    label: str
    title: str
    href: str
    lat_deg: float
    lon_deg: float
    answer: str
    ellipse: tuple[FloatArray, FloatArray] | None


def draw_tracks(
    incident: Incident, found: Sequence[Flight], *, width: float, name: str, is_detail: bool = False
) -> Markup:
    """Return the map of the tracks; empty where there are none, or where the detail would show nothing new.

    found       the tracks to draw, those that matter most first
    width       760 for a desk, 360 for a phone
    is_detail   whether only the surroundings of the entries are shown, where that is much less than the whole
    """
    crossings, stayed = entries(incident, found), set(incident.breaches["track_id"].to_list())
    sheet = _detail(found, crossings, width) if is_detail else _sheet_of_all(found, width)
    if sheet is None:
        return Markup("")
    narrow = width < 500
    sensors = incident.bundle.recording.sensors.drop_nulls(["lat_deg", "lon_deg"]).to_dicts()
    places = [row for row in incident.aerodromes.to_dicts() if sheet.holds(_at(row, sheet))]
    corner, corner_box = scale_corner(sheet)
    wishes = _wishes(found, crossings, sensors, places, sheet, narrow=narrow)
    named, _ = place_labels(wishes, frame_of(sheet), [corner_box])
    marks = [dot_box(sheet.point(item.lat_deg, item.lon_deg), 5.0) for item in crossings]
    named += country_names(sheet, [corner_box, *marks, *boxes_of(named, wishes)])
    inner = [
        *draw_ground(incident, sheet, name=name),
        *(_reach(row, sheet) for row in sensors),
        *(_hot_spot(row, sheet) for row in hot_spots(incident)),
        *(_line(flight, sheet, is_aside=bool(stayed) and flight.track_id not in stayed) for flight in reversed(found)),
        *(_sensor(row, sheet) for row in sensors),
        *(mark_aerodrome(row, sheet) for row in places),
        *(_entry(item, sheet) for item in crossings),
        *draw_labels(named),
    ]
    title = "Map of the entries" if is_detail else "Map of the tracks"
    things = ((len(found), "track", ""), (len(crossings), "entry", "entries"), (len(sensors), "sensor", ""))
    about = f"{', '.join(count_noun(*thing) for thing in things)}; north is up."
    return frame_map(sheet, inner, corner, title=title, about=about, name=name, has_links=True)


def entries(incident: Incident, found: Sequence[Flight]) -> list[Entry]:
    """Return the entries of the drawn tracks, with the error ellipse of the row next to each."""
    drawn = {flight.track_id: flight for flight in found}
    at = clock.zone(incident.bundle.brief.zone)
    zones = dict(incident.zones.select("zone_id", "name").rows())
    rows = incident.breaches.drop_nulls(["enter_lat_deg", "enter_lon_deg"]).to_dicts()
    return [_entered(row, drawn.get(row["track_id"]), zones, at) for row in rows if row["track_id"] in drawn]


def _entered(row: Row, flight: Flight | None, zones: dict[str, str], at: Any) -> Entry:
    when: datetime | None = row["enter_utc"]
    hour = f" · {say_time_of_day(when, at)}" if when else ""
    error = f" ± {plain(round(row['enter_sigma_s'], 1))} s" if row["enter_sigma_s"] is not None else ""
    said = f"{clock.exact(when, at)}{error}" if when else "time not known"
    zone = zones.get(row["zone_id"], row["zone_id"])
    return Entry(
        label=f"{row['track_id']}{hour}",
        title=f"Track {row['track_id']} into {zone}: {said}; {row['answer']}",
        href=f"#{anchor('breaches', str(row['breach_id']))}",
        lat_deg=row["enter_lat_deg"],
        lon_deg=row["enter_lon_deg"],
        answer=row["answer"],
        ellipse=_ellipse(row, flight) if flight and when else None,
    )


def _ellipse(row: Row, flight: Flight) -> tuple[FloatArray, FloatArray] | None:
    """Return the 90 % ellipse of the position, taken from the row next to the entry, around the entry."""
    near = int(np.argmin(np.abs(flight.time_s - row["enter_utc"].timestamp())))
    names = ("var_east_m2", "var_north_m2", "cov_east_north_m2")
    east, north, both = (flight.rows[name][near] for name in names)
    if east is None or north is None:
        return None
    spread, turn = np.linalg.eigh(np.array([[east, both or 0.0], [both or 0.0, north]]))
    around = np.linspace(0.0, 2.0 * np.pi, 37)
    axes = SIGMAS_90 * np.sqrt(np.maximum(spread, 0.0))[:, None] * np.array([np.cos(around), np.sin(around)])
    e, n = turn @ axes
    bearing, away = np.degrees(np.arctan2(e, n)), np.hypot(e, n)
    lat, lon = geodesy.direct(row["enter_lat_deg"], row["enter_lon_deg"], bearing, away)
    return lat, lon


# ---------------------------------------------------------------- the sheet


def _sheet_of_all(found: Sequence[Flight], width: float) -> Sheet | None:
    if not found:
        return None
    lat = np.concatenate([flight.lat_deg for flight in found])
    lon = np.concatenate([flight.lon_deg for flight in found])
    shape = (0.6, 1.1) if width >= 500 else (0.8, 1.4)
    return map_sheet.around(lat, lon, width=width, margin=0.06, least_km=LEAST_KM, shape=shape)


def _detail(found: Sequence[Flight], crossings: Sequence[Entry], width: float) -> Sheet | None:
    """Return the sheet around the entries; none where it would not be much closer than the whole."""
    whole = _sheet_of_all(found, width)
    if whole is None or not crossings:
        return None
    lat, lon = [item.lat_deg for item in crossings], [item.lon_deg for item in crossings]
    shape = (0.6, 1.1) if width >= 500 else (0.8, 1.4)
    close = map_sheet.around(lat, lon, width=width, margin=0.2, least_km=LEAST_KM, shape=shape)
    return close if close.km_per_unit < CLOSER * whole.km_per_unit else None


# ---------------------------------------------------------------- marks


def _line(flight: Flight, sheet: Sheet, *, is_aside: bool) -> Markup:
    """Return one track: its line, a ring where it begins, an arrowhead where it ends; pale where it had no stay."""
    x, y = sheet.place(flight.lat_deg, flight.lon_deg)
    spots = {SOLID: "", DASHED: ""}
    for run, first, last in stretches(join_short_dashes(flight.link, x, y, least=LEAST_DASHED)):
        spots[run] += line_on_sheet(x[first : last + 1], y[first : last + 1], sheet)
    ends = [mark for mark in (_start(x, y, sheet), _finish(x, y, sheet)) if mark]
    lines = [el("path", d=d, class_=class_) for d, class_ in ((spots[SOLID], None), (spots[DASHED], "coasting")) if d]
    if not lines and not ends:
        return Markup("")
    kind = "identified" if flight.ident else "unidentified"
    said = f"Track {flight.name}" if flight.ident else f"Track {flight.name}, not identified"
    return el("g", el("title", said), *lines, *ends, class_=f"flight {kind}{' aside' if is_aside else ''}")


def _start(x: FloatArray, y: FloatArray, sheet: Sheet) -> Markup:
    at = (float(x[0]), float(y[0]))
    return el("circle", cx=at[0], cy=at[1], r=2.4, class_="start") if sheet.holds(at) else Markup("")


def _finish(x: FloatArray, y: FloatArray, sheet: Sheet) -> Markup:
    """Return an arrowhead at the end, in the direction of the last stretch that is long enough to have one."""
    at = (float(x[-1]), float(y[-1]))
    away = np.hypot(x - at[0], y - at[1])
    before = np.flatnonzero(away > 3.0)
    if not len(before) or not sheet.holds(at):
        return Markup("")
    turn = float(np.arctan2(at[1] - y[before[-1]], at[0] - x[before[-1]]))
    corners = [(4.5, 0.0), (-3.0, 2.8), (-3.0, -2.8)]
    cos, sin = float(np.cos(turn)), float(np.sin(turn))
    return path([(at[0] + a * cos - b * sin, at[1] + a * sin + b * cos) for a, b in corners], "finish", closed=True)


def _entry(item: Entry, sheet: Sheet) -> Markup:
    x, y = sheet.point(item.lat_deg, item.lon_deg)
    if not sheet.holds((x, y)):
        return Markup("")
    around = _around(item, sheet)
    diamond = path([(x, y - 5.0), (x + 5.0, y), (x, y + 5.0), (x - 5.0, y)], f"entry entry-{item.answer}", closed=True)
    return el("a", el("title", item.title), around, diamond, href=item.href)


def _around(item: Entry, sheet: Sheet) -> Markup:
    if item.ellipse is None:
        return Markup("")
    x, y = sheet.place(*item.ellipse)
    is_seen = max(float(np.ptp(x)), float(np.ptp(y))) > 12.0  # smaller than the diamond it is hidden by it
    return path(points_of(x, y), "entry-spread", closed=True) if is_seen else Markup("")


def _reach(row: Row, sheet: Sheet) -> Markup:
    if not row["max_range_m"]:
        return Markup("")
    lat, lon = geodesy.circle(row["lat_deg"], row["lon_deg"], row["max_range_m"], corners=720)
    parts = clip_to_sheet(*sheet.place(lat, lon), sheet)
    return Markup("").join(path(points, "sensor-range") for points in parts)


def hot_spots(incident: Incident) -> list[Row]:
    """Return the remarks on places where a sensor's false plots crowd."""
    return incident.remarks.filter(kind="hot_spot").drop_nulls(["lat_deg", "lon_deg", "radius_m"]).to_dicts()


def _hot_spot(row: Row, sheet: Sheet) -> Markup:
    lat, lon = geodesy.circle(row["lat_deg"], row["lon_deg"], row["radius_m"], corners=72)
    parts = [path(points, "hot-spot", closed=True) for points in clip_to_sheet(*sheet.place(lat, lon), sheet)]
    return el("g", el("title", row["text"]), *parts) if parts else Markup("")


def _sensor(row: Row, sheet: Sheet) -> Markup:
    x, y = _at(row, sheet)
    if not sheet.holds((x, y)):
        return Markup("")
    mast = el("path", d=f"M{x - 5:.1f} {y + 5:.1f}l5 -11l5 11z", class_="sensor")
    return el("g", el("title", f"{row['sensor_id']}, {row['kind'].replace('_', ' ')}"), mast)


# ---------------------------------------------------------------- names


def _wishes(
    found: Sequence[Flight],
    crossings: Sequence[Entry],
    sensors: Sequence[Row],
    places: Sequence[Row],
    sheet: Sheet,
    *,
    narrow: bool,
) -> list[Wish]:
    """Return the names that want a place: entries first, then sensors and aerodromes, then tracks without an entry."""
    size = 9.5 if narrow else 10.5
    first = [Wish(item.label, *sheet.point(item.lat_deg, item.lon_deg), 5.5, size, "name-entry") for item in crossings]
    own = [Wish(shorten(row["sensor_id"], 18), *_at(row, sheet), 6.0, size, "name-sensor") for row in sensors]
    own += [aerodrome_wish(row, sheet, narrow=narrow) for row in places]
    entered = {item.label.partition(" ")[0] for item in crossings}
    rest = [flight for flight in found if str(flight.track_id) not in entered]
    ends = [Wish(shorten(item.name, 20), *_end(item, sheet), 5.0, size, "name-flight") for item in rest]
    most = MOST_NAMES // 2 if narrow else MOST_NAMES
    return [wish for wish in [*first, *own, *ends] if sheet.holds((wish.x, wish.y))][:most]


def _end(flight: Flight, sheet: Sheet) -> Point:
    return sheet.point(float(flight.lat_deg[-1]), float(flight.lon_deg[-1]))


def _at(row: Row, sheet: Sheet) -> Point:
    return sheet.point(row["lat_deg"], row["lon_deg"])


def track_key(kind: str) -> Markup:
    """Return the glyph of the map's key for one kind of thing."""
    shapes = {
        "unknown": el("g", el("path", d="M-8 0h16"), class_="flight unidentified"),
        "known": el("g", el("path", d="M-8 0h16"), class_="flight identified"),
        "coasting": el("g", el("path", d="M-8 0h16", class_="coasting"), class_="flight unidentified"),
        "aside": el("g", el("path", d="M-8 0h16"), class_="flight unidentified aside"),
        "ends": el(
            "g",
            el("circle", cx=-5, cy=0, r=2.6, class_="start"),
            el("path", d="M9 0l-7.5 3v-6z", class_="finish"),
            class_="flight unidentified",
        ),
        "entry": el("path", d="M0 -6L6 0L0 6L-6 0Z", class_="entry entry-inside"),
        "undecided": el("path", d="M0 -6L6 0L0 6L-6 0Z", class_="entry entry-undecided"),
        "spread": el("ellipse", cx=0, cy=0, rx=8, ry=5, class_="entry-spread"),
        "sensor": el("path", d="M-5 5l5 -11l5 11z", class_="sensor"),
        "reach": el("path", d="M-8 4q8 -8 16 0", class_="sensor-range"),
        "hot_spot": el("circle", cx=0, cy=0, r=5.5, class_="hot-spot"),
    }
    return legend_key(shapes[kind])
