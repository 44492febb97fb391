"""What of an incident has a place, and the sheet that holds it at a scale that fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from hotwash.geo import geodesy
from hotwash.model.incident import Incident
from hotwash.report import map_ground, map_sheet
from hotwash.report.map_sheet import Sheet

LEAST_KM = 20.0  # across: an airport with what is seen from around it
MARGIN = 0.09
# An aerodrome that the brief names, and that would make the picture of all else smaller than this, is left off.
MOST_WIDER = 2.5
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MapRows:
    """The rows of an incident that have a position, and so a mark on the map.

    events   one row for each kind and place: several tell of one event
    """

    finds: list[Row]
    sightings: list[Row]
    events: list[Row]
    aerodromes: list[Row]
    origins: list[Row]

    @property
    def observations(self) -> list[Row]:
        """What the map is about: what was found and seen, and what happened where."""
        return [*self.finds, *self.sightings, *self.events]


def map_rows(incident: Incident) -> MapRows:
    """Return what of an incident has a place."""
    bundle = incident.bundle
    events = placed_rows(bundle.recording.events)
    return MapRows(
        finds=placed_rows(bundle.finds),
        sightings=placed_rows(bundle.sightings),
        events=list({(row["kind"], row["lat_deg"], row["lon_deg"]): row for row in events}.values()),
        aerodromes=placed_rows(incident.aerodromes),
        origins=placed_rows(bundle.origins),
    )


def rows_on_sheet(rows: MapRows, sheet: Sheet) -> MapRows:
    """Return what of it falls on a sheet: from beyond the horizon nothing does."""

    def on(some: list[Row]) -> list[Row]:
        return [row for row in some if sheet.holds(sheet.point(*_at(row)))]

    return MapRows(on(rows.finds), on(rows.sightings), on(rows.events), on(rows.aerodromes), on(rows.origins))


def placed_rows(frame: pl.DataFrame) -> list[Row]:
    """Return the rows of a table that have a position."""
    return frame.filter(pl.col("lat_deg").is_not_null() & pl.col("lon_deg").is_not_null()).to_dicts()


def frame_sheet(incident: Incident, width: float) -> Sheet | None:
    """Return the sheet for what has a place; none where nothing has.

    width   of the drawing, in its own units

    What was found, seen and happened is always on it, and of the aerodromes those that leave it at a useful scale.
    Without any of these it shows the assumed origins, else the first zone of interest.
    """
    rows = map_rows(incident)
    shape = (0.8, 1.25) if width >= 500 else (0.9, 1.5)

    def around(positions: Sequence[tuple[float, float]], margin: float = MARGIN) -> Sheet:
        lat, lon = zip(*positions, strict=True)
        return map_sheet.around(lat, lon, width=width, margin=margin, least_km=LEAST_KM, shape=shape)

    spots = [spot for row in rows.observations for spot in _reach(row)]
    fields = [_at(row) for row in rows.aerodromes]
    if spots:
        close = around(spots)
        by_distance = sorted(fields, key=lambda at: _away_m(at, close))
        for field in by_distance:
            if around([*spots, field]).km_per_unit <= MOST_WIDER * close.km_per_unit:
                spots.append(field)
        return around(spots)
    if fields or rows.origins:
        return around(fields or [_at(row) for row in rows.origins])
    zones = map_ground.zones_as_land(incident.zones)
    if not zones:
        return None
    west, south, east, north = zones[0].bounds
    return around([(south, west), (north, east)], 0.06)


def _reach(row: Row) -> list[tuple[float, float]]:
    """Return the position of a row, and of a look whose distance is stated the place that it meant."""
    if row.get("azimuth_deg") is None or not row.get("distance_m"):
        return [_at(row)]
    lat, lon = geodesy.direct(row["lat_deg"], row["lon_deg"], row["azimuth_deg"], row["distance_m"])
    return [_at(row), (float(lat), float(lon))]


def _at(row: Row) -> tuple[float, float]:
    return row["lat_deg"], row["lon_deg"]


def _away_m(at: tuple[float, float], sheet: Sheet) -> float:
    return float(geodesy.distance_m(sheet.lat0_deg, sheet.lon0_deg, *at))
