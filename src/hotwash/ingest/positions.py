"""Whether a position can be meant: latitude and longitude swapped is the commonest slip of all."""

from __future__ import annotations

import math
from dataclasses import dataclass

from hotwash.ingest import aerodromes
from hotwash.ingest.csv_table import Row
from hotwash.ingest.faults import Fault
from hotwash.model.incident import Brief

# Beyond this no find, sighting or assumed origin of one night lies from its region; swapped European positions do.
FAR_KM = 3000.0


@dataclass(frozen=True, slots=True)
class Region:
    """The middle of the incident's region, on a sphere that is good to half a percent: enough to smell a swap."""

    lat_deg: float
    lon_deg: float

    def distance_km(self, lat_deg: float, lon_deg: float) -> float:
        lat0, lat1 = math.radians(self.lat_deg), math.radians(lat_deg)
        half = math.sin((lat1 - lat0) / 2) ** 2
        half += math.cos(lat0) * math.cos(lat1) * math.sin(math.radians(lon_deg - self.lon_deg) / 2) ** 2
        return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(half)))


def region(brief: Brief) -> Region | None:
    """Return the middle of the incident's aerodromes; None when it names none, and nothing can be judged."""
    rows = [row for row in aerodromes.aerodromes(brief.aerodromes)] if brief.aerodromes else []
    if not rows:
        return None
    return Region(
        math.fsum(float(row["lat_deg"]) for row in rows) / len(rows),
        math.fsum(float(row["lon_deg"]) for row in rows) / len(rows),
    )


def check_not_swapped(row: Row, region: Region) -> None:
    """Refuse a position far from the region that would be near it the other way round."""
    lat, lon = row.values.get("lat_deg"), row.values.get("lon_deg")
    if not isinstance(lat, float) or not isinstance(lon, float) or abs(lon) > 90:
        return
    as_written, swapped = region.distance_km(lat, lon), region.distance_km(lon, lat)
    if as_written > FAR_KM and swapped < as_written / 2:
        reason = f"{lat:g} N {lon:g} E lies {as_written:,.0f} km from the incident's aerodromes"
        raise Fault(
            reason,
            f"latitude and longitude look swapped: {lon:g} N {lat:g} E is {swapped:,.0f} km away",
            column="lat_deg",
        )
