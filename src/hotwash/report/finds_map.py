"""The map: where things were found, under which borders, rings and names; drawn here, without any server."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import shapely
from markupsafe import Markup

from hotwash.geo import geodesy
from hotwash.geo.borders import OVERVIEW_SIGMA_M
from hotwash.model.incident import Incident
from hotwash.report import map_ground, map_sheet
from hotwash.report.cartography import (
    SIGMAS_90,
    boxes_of,
    centre_label,
    clip_to_sheet,
    country_names,
    dot_box,
    draw_ground,
    draw_labels,
    frame_map,
    frame_of,
    line_on_sheet,
    scale_corner,
    xy,
)
from hotwash.report.flights import DASHED, Flight, stretches
from hotwash.report.map_frame import MapRows, frame_sheet, map_rows, placed_rows, rows_on_sheet
from hotwash.report.map_labels import Box, Label, Wish, place_labels
from hotwash.report.map_marks import (
    Town,
    aerodrome_wish,
    event_glyph,
    event_wish,
    line_boxes,
    mark_aerodrome,
    mark_event,
    mark_sighting,
    runway_lines,
    town_wish,
    towns_on_sheet,
)
from hotwash.report.map_sheet import Point, Sheet
from hotwash.report.phrases import OBJECT_WORDS, count_noun, join_words, plain, say_precision, shorten
from hotwash.report.svg import el, legend_key, line, path

DESK = 760.0
CLOSE_KM = 120.0  # across: on a wider sheet nobody sees two kilometres
RING_UNITS = 0.3
LIKELY = 0.5
SMALL = 10.5
Row = dict[str, Any]


def draw_finds(incident: Incident, *, width: float, name: str, tracks: Sequence[Flight] = ()) -> Markup:
    """Return the map of all that has a place; empty where nothing has.

    width    760 for a desk, 360 for a phone: there finds bear their id in place of the name
    tracks   drawn thin under the finds
    """
    sheet = frame_sheet(incident, width)
    if sheet is None or not has_finds_map(incident, has_tracks=bool(tracks)):
        return Markup("")
    rows, narrow = rows_on_sheet(map_rows(incident), sheet), width < 500
    finds = rows.finds
    origins = [] if rows.observations or rows.aerodromes else rows.origins  # else they have a map of their own
    rings = _rings(incident, sheet)
    corner, corner_box = scale_corner(sheet)
    drawn = line_boxes(rows.aerodromes, rows.sightings, sheet)
    wishes = _wishes(rows, sheet, narrow=narrow)
    wishes += [_origin_wish(row, sheet, incident.bundle.brief.ring_origin, narrow=narrow) for row in origins]
    named = _find_names(
        wishes, {shorten(row["place"], 26): row["find_id"] for row in finds}, sheet, [corner_box, *drawn]
    )
    named += _ring_names(rings, sheet, [corner_box, *boxes_of(named, wishes)], size=SMALL)
    towns, town_names = name_towns(sheet, [corner_box, *drawn, *boxes_of(named, wishes)])
    named += town_names
    named += country_names(sheet, [corner_box, *drawn, *boxes_of(named, wishes)])
    counted = likely_airframes(incident)
    inner = [
        *draw_ground(incident, sheet, name=name),
        *(el("circle", cx=town.x, cy=town.y, r=1.8, class_="town") for town in towns),
        *_draw_rings(rings),
        *(_uncertainty(row, sheet) for row in finds),
        *_tracks(tracks, sheet),
        *(_origin(row, sheet, incident.bundle.brief.ring_origin) for row in origins),
        *(mark_aerodrome(row, sheet) for row in rows.aerodromes),
        *(mark_event(row, sheet) for row in rows.events),
        *(mark_sighting(row, sheet) for row in rows.sightings),
        *(_find(row, sheet, is_counted=row["find_id"] in counted) for row in finds),
        *draw_labels(named),
    ]
    return frame_map(sheet, inner, corner, title=f"Map: {incident.bundle.brief.title}", about=_about(rows), name=name)


def _about(rows: MapRows) -> str:
    counts = (
        (len(rows.finds), "find with a position", "finds with a position"),
        (len(rows.sightings), "sighting", ""),
        (len(rows.events), "event", ""),
        (len(rows.aerodromes), "aerodrome", ""),
    )
    said = join_words([count_noun(number, one, more) for number, one, more in counts if number])
    return f"{said}; north is up." if said else "North is up."


def has_finds_map(incident: Incident, *, has_tracks: bool) -> bool:
    """Tell whether this map shows anything; with neither finds, observers nor events that of the tracks shows all."""
    rows = map_rows(incident)
    if rows.observations:
        return True
    return not has_tracks and bool(rows.aerodromes or rows.origins or map_ground.zones_as_land(incident.zones))


Legend = list[tuple[Markup, str]]


def finds_legend(incident: Incident, *, has_tracks: bool, rings: str) -> Legend:
    """Return the map's legend: of each kind of thing that is there, its glyph and the words.

    rings   what is said of the range rings; "" where none are drawn
    """
    counted = likely_airframes(incident)
    finds = incident.bundle.finds.select("object_kind", "find_id").rows()
    there = {kind: {find_id in counted for other, find_id in finds if other == kind} for kind, _ in finds}
    found = [
        (find_glyph(kind, is_counted=True in there[kind]), OBJECT_WORDS[kind]) for kind in OBJECT_WORDS if kind in there
    ]
    if finds:
        found += [
            (find_glyph("uas", is_counted=False, r=4.0), "Hollow: not, or not likely, an airframe of its own"),
            (el("circle", r=7, class_="spread"), "Where it lay, with 90 % probability (where larger than its mark)"),
        ]
    found += _place_legend(incident)
    if has_tracks:
        found.append((el("path", d="M-8 0h16", class_="track"), "Track; shown in detail on the map of the tracks"))
    if rings:
        found.append((el("path", d="M-8 4q8 -8 16 0", class_="ring"), rings))
    return [(legend_key(glyph), words) for glyph, words in found]


def _place_legend(incident: Incident) -> Legend:
    """Return what the legend says of marks other than finds; of each only where it is on the map."""
    rows, sheet = map_rows(incident), frame_sheet(incident, DESK)
    found: Legend = []
    if rows.aerodromes:
        cross = el("path", d="M-6 0h12M0 -6v12", class_="aerodrome")
        found.append((el("g", el("circle", r=4.2, class_="aerodrome"), cross), "Aerodrome"))
    if sheet and any(runway_lines(row["aerodrome_id"], sheet) for row in rows.aerodromes):
        found.append((line(-8, 3, 8, -3, class_="runway"), "Runway (OurAirports)"))
    if rows.sightings:
        eye = el("path", d="M-7 0q7 -7 14 0q-7 7 -14 0z", class_="sighting")
        found.append((eye, "Observer; hollow: saw nothing"))
    if any(row["azimuth_deg"] is not None for row in rows.sightings):
        wedge = el("path", d="M-7 4L2 -7A14 14 0 0 1 7 2Z", class_="look-wedge")
        found.append((wedge, "Direction of the look, give or take 11°; closed off where a distance was stated"))
    if rows.events:
        found.append((event_glyph(), "Event"))
    if incident.zones.height:
        found.append((el("path", d="M-8 0h16", class_="border"), "Border of interest"))
    if sheet:
        away = [row["aerodrome_id"] for row in rows.aerodromes if not sheet.holds(xy(row, sheet))]
        if away:
            found.append((Markup(""), f"Too far off to be shown: {join_words(away)}"))
        found.append((el("circle", r=1.8, class_="town"), "Town, for orientation (GeoNames, CC BY 4.0)"))
        if sheet.km_per_unit * sheet.width < CLOSE_KM:
            found.append(
                (
                    el("path", d="M-8 5L-3 -3L2 1L8 -5", class_="coast"),
                    f"Other coasts and borders (Natural Earth); lines {say_precision(OVERVIEW_SIGMA_M)}",
                )
            )
    return found


def draw_origins(incident: Incident, *, width: float, name: str) -> Markup:
    """Return the map of assumed origins, with the finds as dots and rings around the origin that the brief names."""
    origins, finds = incident.bundle.origins.to_dicts(), placed_rows(incident.bundle.finds)
    if not origins:
        return Markup("")
    lat, lon = _columns([*origins, *finds])
    sheet = map_sheet.around(lat, lon, width=width, margin=0.09, least_km=300.0, shape=(0.5, 0.8))
    origins, finds = ([row for row in rows if sheet.holds(xy(row, sheet))] for rows in (origins, finds))
    rings = _rings(incident, sheet)
    narrow = width < 500
    wishes = [_origin_wish(row, sheet, incident.bundle.brief.ring_origin, narrow=narrow) for row in origins]
    corner, corner_box = scale_corner(sheet)
    dots = [dot_box(sheet.point(row["lat_deg"], row["lon_deg"]), 3.0) for row in finds]
    named, _ = place_labels(wishes, frame_of(sheet), [corner_box, *dots])
    named += _ring_names(rings, sheet, [corner_box, *dots, *boxes_of(named, wishes)], size=SMALL, short=True)
    named += country_names(sheet, [corner_box, *dots, *boxes_of(named, wishes)])
    inner = [
        *draw_ground(incident, sheet, name=name),
        *_draw_rings(rings),
        *(el("circle", cx=x, cy=y, r=2.2, class_="dot") for x, y in (xy(row, sheet) for row in finds)),
        *(_origin(row, sheet, incident.bundle.brief.ring_origin) for row in origins),
        *draw_labels(named),
    ]
    said = f"{count_noun(len(origins), 'assumed origin')} and {count_noun(len(finds), 'find')}"
    about = f"{said}; every origin is an assumption."
    return frame_map(sheet, inner, corner, title="Map of the assumed origins", about=about, name=name)


def likely_airframes(incident: Incident) -> set[str]:
    """Return the finds that are more likely than not an airframe that no other find counts."""
    likely = incident.bundle.finds.filter(pl.col("probability_airframe") >= LIKELY)
    return set(likely["find_id"].to_list())


def find_glyph(kind: str, *, is_counted: bool, x: float = 0.0, y: float = 0.0, r: float = 5.0) -> Markup:
    """Return the glyph of a find: a circle, triangle, square or diamond by kind; filled where it is counted."""
    class_ = f"find find-{kind} {'counted' if is_counted else 'uncounted'}"
    if kind == "uas":
        return el("circle", cx=x, cy=y, r=r, class_=class_)
    shapes: dict[str, list[Point]] = {
        "missile_part": [(0, -1.25), (1.15, 0.85), (-1.15, 0.85)],
        "model_aircraft": [(-0.95, -0.95), (0.95, -0.95), (0.95, 0.95), (-0.95, 0.95)],
    }
    corners = shapes.get(kind, [(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)])
    return path([(x + r * dx, y + r * dy) for dx, dy in corners], class_, closed=True)


def ring_values(incident: Incident) -> list[float]:
    """Return the claimed ranges [km], each once, ascending."""
    asked = incident.bundle.questions.filter(pl.col("kind") == "range")["question_id"].to_list()
    claims = incident.bundle.claims.filter(pl.col("question_id").is_in(asked) & (pl.col("unit") == "km"))
    values = [_number(value) for column in ("value", "value_high") for value in claims[column].to_list()]
    return sorted({value for value in values if value is not None and 0.0 < value < 10_000.0})


# ---------------------------------------------------------------- glyphs


def _find(row: Row, sheet: Sheet, *, is_counted: bool) -> Markup:
    x, y = xy(row, sheet)
    glyph = find_glyph(row["object_kind"], is_counted=is_counted, x=x, y=y)
    return el("g", el("title", f"{row['find_id']} {row['place']}"), glyph)


def _uncertainty(row: Row, sheet: Sheet) -> Markup:
    radius = SIGMAS_90 * (row["sigma_position_km"] or 0.0) / sheet.km_per_unit
    x, y = xy(row, sheet)
    return el("circle", cx=x, cy=y, r=radius, class_="spread") if radius > 6.0 else Markup("")


def _origin(row: Row, sheet: Sheet, ring_origin: str) -> Markup:
    x, y = xy(row, sheet)
    class_ = "origin ringed" if row["origin_id"] == ring_origin else "origin"
    return el("rect", x=x - 3.6, y=y - 3.6, width=7.2, height=7.2, class_=class_)


def _tracks(tracks: Sequence[Flight], sheet: Sheet) -> Iterable[Markup]:
    """Yield the tracks as thin lines under the finds; the map of the tracks says more of them."""
    for flight in tracks:
        x, y = sheet.place(flight.lat_deg, flight.lon_deg)
        spans = stretches(np.minimum(flight.link, DASHED))  # here only a hole matters
        d = "".join(line_on_sheet(x[first : last + 1], y[first : last + 1], sheet) for _, first, last in spans)
        yield el("path", d=d, class_="track") if d else Markup("")


def _rings(incident: Incident, sheet: Sheet) -> list[tuple[str, list[list[Point]]]]:
    """Return each claimed range around the origin of the brief: its name, and the pieces that the sheet shows."""
    brief = incident.bundle.brief
    origin = incident.bundle.origins.filter(pl.col("origin_id") == brief.ring_origin).to_dicts()
    if not origin:
        return []
    found = []
    for value in ring_values(incident):
        lat, lon = geodesy.circle(origin[0]["lat_deg"], origin[0]["lon_deg"], value * 1000.0, corners=720)
        pieces = clip_to_sheet(*sheet.place(lat, lon), sheet)
        if pieces:
            found.append((f"{plain(value)} km from {brief.ring_origin}", pieces))
    return found


def _draw_rings(rings: Sequence[tuple[str, list[list[Point]]]]) -> Iterable[Markup]:
    """Yield the rings, with no more corners than the eye sees."""
    for points in (points for _, pieces in rings for points in pieces if len(points) > 1):
        thinned = shapely.simplify(shapely.linestrings(points), RING_UNITS)
        yield path(shapely.get_coordinates(thinned).tolist(), "ring")


# ---------------------------------------------------------------- names


def _find_wish(row: Row, sheet: Sheet, *, narrow: bool) -> Wish:
    x, y = xy(row, sheet)
    name = row["find_id"] if narrow else shorten(row["place"], 26)
    return Wish(shorten(name, 26), x, y, 5.5, 10.0 if narrow else 12.0, "name")


def _find_names(wishes: list[Wish], ids: dict[str, str], sheet: Sheet, taken: Sequence[Box]) -> list[Label]:
    """Return names with their places; a find whose name found none bears its id, one for which even that is too long
    is named by its glyph alone."""
    named, homeless = place_labels(wishes, frame_of(sheet), taken)
    short = [replace(wish, name=ids.get(wish.name, wish.name)) for wish in homeless]
    more, _ = place_labels(short, frame_of(sheet), [*taken, *boxes_of(named, wishes)])
    return [*named, *more]


def _sighting_wish(row: Row, sheet: Sheet, *, narrow: bool) -> Wish:
    x, y = xy(row, sheet)
    return Wish(shorten(row["sighting_id"], 22), x, y, 7.0, 9.5 if narrow else 10.5, "name-sighting")


def _wishes(rows: MapRows, sheet: Sheet, *, narrow: bool) -> list[Wish]:
    """Return the names that want a place: finds first, then aerodromes, sightings and events."""
    wishes = [_find_wish(row, sheet, narrow=narrow) for row in _crowded_first(rows.finds, sheet)]
    wishes += [aerodrome_wish(row, sheet, narrow=narrow) for row in rows.aerodromes]
    wishes += [_sighting_wish(row, sheet, narrow=narrow) for row in rows.sightings]
    wishes += [event_wish(row, sheet, narrow=narrow) for row in rows.events]
    return wishes


def _origin_wish(row: Row, sheet: Sheet, ring_origin: str, *, narrow: bool) -> Wish:
    x, y = xy(row, sheet)
    name = row["origin_id"] if narrow else f"{row['origin_id']} {short_origin(row['origin'])}"
    return Wish(shorten(name, 30), x, y, 5.0, 10.0 if narrow else 11.0, "name", bold=row["origin_id"] == ring_origin)


def name_towns(sheet: Sheet, taken: Sequence[Box]) -> tuple[list[Town], list[Label]]:
    """Return the towns that have room for their names, and the names; each close to its dot or not at all."""
    towns = towns_on_sheet(sheet, taken)
    wishes = {town_wish(town, narrow=sheet.width < 500): town for town in towns}
    found, _ = place_labels(list(wishes), frame_of(sheet), taken)
    names = [label for label in found if label.leader is None]
    return [wishes[label.wish] for label in names], names


def short_origin(origin: str) -> str:
    """Return an origin's name without what sort of place it is: "launch area: Kursk" is "Kursk"."""
    return origin.rpartition(": ")[2]


def _ring_names(
    rings: Sequence[tuple[str, list[list[Point]]]],
    sheet: Sheet,
    taken: Sequence[Box],
    *,
    size: float,
    short: bool = False,
) -> list[Label]:
    """Return one name for each ring, on the ring, at the first place that is free."""
    found: list[Label] = []
    for name, pieces in rings:
        said = name.partition(" from")[0] if short or sheet.width < 500 else name
        spots = [spot for points in pieces for spot in points[:: max(len(points) // 24, 1)]]
        for spot in sorted(spots, key=lambda at: abs(at[1] - sheet.height * 0.3)):
            label = centre_label(Wish(said, *spot, 0.0, size, "name-ring"))
            if label.box.within(frame_of(sheet)) and not any(
                label.box.meets(box, 3.0) for box in [*taken, *boxes_of(found, ())]
            ):
                found.append(label)
                break
    return found


# ---------------------------------------------------------------- small things


def _crowded_first(finds: Sequence[Row], sheet: Sheet) -> list[Row]:
    """Return the finds with the nearest neighbours first: these have the least choice of a place for their name."""
    spots = np.array([xy(row, sheet) for row in finds]).reshape(-1, 2)
    gaps = np.hypot(*(spots[:, None, :] - spots[None, :, :]).transpose(2, 0, 1))
    order = (
        np.argsort(np.sort(gaps, axis=1)[:, 1:4].sum(axis=1), kind="stable") if len(finds) > 3 else range(len(finds))
    )
    return [finds[int(index)] for index in order]


def _columns(rows: Sequence[Row]) -> tuple[list[float], list[float]]:
    return [row["lat_deg"] for row in rows], [row["lon_deg"] for row in rows]


def _number(value: str | None) -> float | None:
    try:
        return float(value) if value else None
    except ValueError:
        return None
