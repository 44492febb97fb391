"""The drawings of the air picture: its maps for a desk and for a phone, the charts, and the map's key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from markupsafe import Markup

from hotwash.geo.zones import Zone
from hotwash.model.incident import Incident
from hotwash.report import clock, track_map
from hotwash.report.air_view import AirView, Stay
from hotwash.report.border_chart import draw_distance
from hotwash.report.flights import Flight, first_zone, zones_by_id
from hotwash.report.links import anchor

SHOWN = 12  # charts that stand open: two screens of them
FOLDED = 36  # charts more that a click opens; each takes about 3 kB
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Chart:
    """One track's chart: its place on the page, the stay it belongs to, the words above it."""

    anchor: str
    href: str
    track: str
    said: str
    drawing: Markup


@dataclass(frozen=True, slots=True)
class Charts:
    """The charts that stand open, those that a click opens, how many have none, and each track's place."""

    shown: tuple[Chart, ...] = ()
    folded: tuple[Chart, ...] = ()
    left: int = 0
    of: Mapping[int, str] = field(default_factory=dict)


def maps(incident: Incident, air: AirView, *, wide: float, narrow: float) -> dict[str, Markup]:
    """Return by name the map of the tracks and, where it shows more, that of the entries; empty where there is none."""
    return {
        f"{stem}_{size}": track_map.draw_tracks(
            incident, air.drawn, width=width, name=f"{stem}-{size}", is_detail=stem == "entries"
        )
        for stem in ("tracks", "entries")
        for size, width in (("wide", wide), ("narrow", narrow))
    }


def charts(incident: Incident, air: AirView) -> Charts:
    """Return a chart for each track with a stay, in the order of the stays, up to a number that a page can hold."""
    own: dict[int, list[Stay]] = {}
    for stay in air.stays:
        own.setdefault(stay.track_id, []).append(stay)
    tracked = {flight.track_id: flight for flight in air.drawn}
    wanted = [track_id for track_id in own if track_id in tracked]
    zones, first = zones_by_id(incident), first_zone(incident)
    made = [
        _chart(tracked[track_id], own[track_id][0], zones, first, incident) for track_id in wanted[: SHOWN + FOLDED]
    ]
    found = [chart for chart in made if chart is not None]
    of = {track_id: chart.anchor for track_id, chart in zip(wanted, made, strict=False) if chart is not None}
    return Charts(tuple(found[:SHOWN]), tuple(found[SHOWN:]), len(own) - len(found), of)


def _chart(
    flight: Flight, stay: Stay, zones: Mapping[str, Zone], first: Zone | None, incident: Incident
) -> Chart | None:
    """Return a track's chart against the first zone of interest; against that of its first stay where it has none."""
    rows = incident.breaches.filter(pl.col("track_id") == flight.track_id).to_dicts()
    against = {row["zone_id"] for row in rows}
    zone = first if first is not None and first.zone_id in against else zones.get(rows[0]["zone_id"], first)
    if zone is None:
        return None
    brief, name = incident.bundle.brief, anchor("distance", str(flight.track_id))
    stays = [row for row in rows if row["zone_id"] == zone.zone_id]
    window, at = (brief.start_utc, brief.end_utc), clock.zone(brief.zone)
    drawn = draw_distance(flight, zone, stays, window=window, at=at, name=name + "-drawing")
    if not drawn:
        return None
    day = clock.day(flight.first_utc.astimezone(at))
    return Chart(name, stay.anchor, stay.track, f"{zone.name}, {day}: {stay.word.lower()}, {stay.probability}", drawn)


def tracks_legend(incident: Incident, found: Sequence[Flight]) -> list[tuple[Markup, str]]:
    """Return the legend of the map of tracks: of each kind of thing that is on it, its glyph and the words."""
    sensors = incident.bundle.recording.sensors
    there = (
        ("unknown", "Track, not identified", any(not flight.ident for flight in found)),
        ("known", "Track that stated an identity", any(flight.ident for flight in found)),
        ("coasting", "Continued without a detection", any("coasting" in flight.rows["status"] for flight in found)),
        ("aside", "Pale: never in a zone", incident.breaches.height),
        ("ends", "Ring: start of the track. Arrowhead: its end", True),
        ("entry", "Entry into a zone, inside", "inside" in incident.breaches["answer"]),
        ("undecided", "Entry, undecided or outside", bool((incident.breaches["answer"] != "inside").any())),
        (
            "spread",
            "Where the track was at entry, with 90 % probability (where larger than its mark)",
            incident.breaches.height,
        ),
        ("sensor", "Sensor", sensors.height),
        ("reach", "Greatest range of the sensor", sensors["max_range_m"].count()),
        ("hot_spot", "Where a sensor's false plots crowd", bool(track_map.hot_spots(incident))),
    )
    return [(track_map.track_key(kind), words) for kind, words, is_there in there if is_there]
