"""The map: where things were found, under which borders, rings and names; drawn here, without any server."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
from markupsafe import Markup

from hotwash.geo import geodesy
from hotwash.model.incident import Incident
from hotwash.report import map_ground, map_sheet
from hotwash.report.cartography import (
    SIGMAS_90,
    aerodrome_mark,
    aerodrome_wish,
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
from hotwash.report.map_labels import Box, Label, Wish, place_labels
from hotwash.report.map_sheet import Point, Sheet
from hotwash.report.phrases import OBJECT_WORDS, count_noun, plain, shorten
from hotwash.report.svg import el, legend_key, line, path

LEAST_KM = 25.0
LIKELY = 0.5
SMALL = 10.5
Row = dict[str, Any]


def draw_finds(incident: Incident, *, width: float, name: str, tracks: Sequence[Flight] = ()) -> Markup:
    """Return the map of finds, sightings and aerodromes; empty where nothing has a position.

    width    760 for a desk, 360 for a phone: there finds bear their id in place of the name
    tracks   drawn thin under the finds
    """
    sheet = _detail_sheet(incident, width)
    if sheet is None or not has_finds_map(incident, has_tracks=bool(tracks)):
        return Markup("")
    narrow = width < 500
    finds = [row for row in _placed(incident.bundle.finds) if sheet.holds(sheet.point(row["lat_deg"], row["lon_deg"]))]
    counted = likely_airframes(incident)
    wishes = [_find_wish(row, sheet, narrow=narrow) for row in _crowded_first(finds, sheet)]
    wishes += [aerodrome_wish(row, sheet, narrow=narrow) for row in incident.aerodromes.to_dicts()]
    sightings = _placed(incident.bundle.sightings)
    wishes += [_sighting_wish(row, sheet, narrow=narrow) for row in sightings]
    wishes = [wish for wish in wishes if sheet.holds((wish.x, wish.y))]
    rings = _rings(incident, sheet)
    corner, corner_box = scale_corner(sheet)
    named = _find_names(wishes, {shorten(row["place"], 26): row["find_id"] for row in finds}, sheet, corner_box)
    named += _ring_names(rings, sheet, [corner_box, *boxes_of(named, wishes)], size=SMALL)
    named += country_names(sheet, [corner_box, *boxes_of(named, wishes)])
    inner = [
        *draw_ground(incident, sheet),
        *(path(points, "ring") for _, pieces in rings for points in pieces),
        *(_uncertainty(row, sheet) for row in finds),
        *_tracks(tracks, sheet),
        *(_sighting(row, sheet) for row in sightings),
        *(aerodrome_mark(row, sheet) for row in incident.aerodromes.to_dicts()),
        *(_find(row, sheet, is_counted=row["find_id"] in counted) for row in finds),
        *draw_labels(named),
    ]
    said = f"{count_noun(len(finds), 'find')} with a position, {count_noun(incident.aerodromes.height, 'aerodrome')}"
    about = f"{said}; north is up."
    return frame_map(sheet, inner, corner, title=f"Map: {incident.bundle.brief.title}", about=about, name=name)


def has_finds_map(incident: Incident, *, has_tracks: bool) -> bool:
    """Tell whether the map of finds shows anything; with neither finds nor observers that of the tracks shows all."""
    if _placed(incident.bundle.finds) or _placed(incident.bundle.sightings):
        return True
    return not has_tracks and bool(incident.aerodromes.height or map_ground.zones_as_land(incident.zones))


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
    cross = el("path", d="M-6 0h12M0 -6v12", class_="aerodrome")
    found.append((el("g", el("circle", r=4.2, class_="aerodrome"), cross), "Aerodrome"))
    if incident.bundle.sightings.height:
        eye = el("path", d="M-7 0q7 -7 14 0q-7 7 -14 0z", class_="sighting")
        found.append((eye, "Observer, with the direction of the look; hollow: saw nothing"))
    found.append((el("path", d="M-8 0h16", class_="border"), "Border of interest"))
    if has_tracks:
        found.append((el("path", d="M-8 0h16", class_="track"), "Track; shown in detail on the map of the tracks"))
    if rings:
        found.append((el("path", d="M-8 4q8 -8 16 0", class_="ring"), rings))
    return [(legend_key(glyph), words) for glyph, words in found]


def draw_origins(incident: Incident, *, width: float, name: str) -> Markup:
    """Return the map of assumed origins, with the finds as dots and rings around the origin that the brief names."""
    origins, finds = incident.bundle.origins.to_dicts(), _placed(incident.bundle.finds)
    if not origins:
        return Markup("")
    lat, lon = _columns([*origins, *finds])
    sheet = map_sheet.around(lat, lon, width=width, margin=0.09, least_km=300.0, shape=(0.5, 0.8))
    rings = _rings(incident, sheet)
    narrow = width < 500
    wishes = [_origin_wish(row, sheet, incident.bundle.brief.ring_origin, narrow=narrow) for row in origins]
    corner, corner_box = scale_corner(sheet)
    dots = [dot_box(sheet.point(row["lat_deg"], row["lon_deg"]), 3.0) for row in finds]
    named, _ = place_labels(wishes, frame_of(sheet), [corner_box, *dots])
    named += _ring_names(rings, sheet, [corner_box, *dots, *boxes_of(named, wishes)], size=SMALL, short=True)
    named += country_names(sheet, [corner_box, *dots, *boxes_of(named, wishes)])
    inner = [
        *draw_ground(incident, sheet),
        *(path(points, "ring") for _, pieces in rings for points in pieces),
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


# ---------------------------------------------------------------- the sheet


def _detail_sheet(incident: Incident, width: float) -> Sheet | None:
    rows = [*_placed(incident.bundle.finds), *_placed(incident.bundle.sightings), *incident.aerodromes.to_dicts()]
    shape = (0.8, 1.25) if width >= 500 else (0.9, 1.5)
    if rows:
        lat, lon = _columns(rows)
        return map_sheet.around(lat, lon, width=width, margin=0.09, least_km=LEAST_KM, shape=shape)
    known = map_ground.zones_as_land(incident.zones)
    if not known:
        return None
    west, south, east, north = known[0].geometry.bounds
    return map_sheet.around([south, north], [west, east], width=width, margin=0.06, least_km=LEAST_KM, shape=shape)


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


def _sighting(row: Row, sheet: Sheet) -> Markup:
    """Return an observer, with a line in the direction of the look where one was given."""
    x, y = xy(row, sheet)
    class_ = "sighting nothing" if row["saw_nothing"] else "sighting"
    eye = el("path", d=f"M{x - 7:.1f} {y:.1f}q7 -7 14 0q-7 7 -14 0z", class_=class_)
    if row["azimuth_deg"] is None:
        return eye
    turn = np.radians(row["azimuth_deg"])
    far = (row["distance_m"] or 0.0) / 1000.0 / sheet.km_per_unit or 34.0
    end = (x + far * float(np.sin(turn)), y - far * float(np.cos(turn)))
    return Markup("").join([line(x, y, *end, class_="look"), eye])


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


# ---------------------------------------------------------------- names


def _find_wish(row: Row, sheet: Sheet, *, narrow: bool) -> Wish:
    x, y = xy(row, sheet)
    name = row["find_id"] if narrow else shorten(row["place"], 26)
    return Wish(shorten(name, 26), x, y, 5.5, 10.0 if narrow else 12.0, "name")


def _find_names(wishes: list[Wish], ids: dict[str, str], sheet: Sheet, corner: Box) -> list[Label]:
    """Return names with their places; a find whose name found none bears its id, one for which even that is too long
    is named by its glyph alone."""
    named, homeless = place_labels(wishes, frame_of(sheet), [corner])
    short = [replace(wish, name=ids.get(wish.name, wish.name)) for wish in homeless]
    more, _ = place_labels(short, frame_of(sheet), [corner, *boxes_of(named, wishes)])
    return [*named, *more]


def _sighting_wish(row: Row, sheet: Sheet, *, narrow: bool) -> Wish:
    x, y = xy(row, sheet)
    return Wish(shorten(row["sighting_id"], 22), x, y, 7.0, 9.5 if narrow else 10.5, "name-sighting")


def _origin_wish(row: Row, sheet: Sheet, ring_origin: str, *, narrow: bool) -> Wish:
    x, y = xy(row, sheet)
    name = row["origin_id"] if narrow else f"{row['origin_id']} {short_origin(row['origin'])}"
    return Wish(shorten(name, 30), x, y, 5.0, 10.0 if narrow else 11.0, "name", bold=row["origin_id"] == ring_origin)


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


def _placed(frame: pl.DataFrame) -> list[Row]:
    return frame.filter(pl.col("lat_deg").is_not_null() & pl.col("lon_deg").is_not_null()).to_dicts()


def _crowded_first(finds: list[Row], sheet: Sheet) -> list[Row]:
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
