"""Whether a position can be meant: latitude and longitude swapped is the commonest slip of all."""

from __future__ import annotations

from statistics import fmean

from hotwash.geo.geodesy import distance_m
from hotwash.ingest import aerodromes
from hotwash.ingest.csv_table import Row
from hotwash.ingest.faults import Fault
from hotwash.model.incident import Brief

# No find, sighting or assumed origin of one night lies farther than this from its region, unless it is
# swapped: European positions then lie in the Arabian Sea or around it.
FAR_M = 2_000_000.0
_MUCH_NEARER = 0.6

Region = tuple[float, float]


def region(brief: Brief) -> Region | None:
    """Return the middle of the incident's aerodromes; None when it names none, and nothing can be judged.

    raises   PlaceError for an aerodrome that nobody knows
    """
    rows = aerodromes.aerodromes(brief.aerodromes)
    if not rows:
        return None
    return fmean(row["lat_deg"] for row in rows), fmean(row["lon_deg"] for row in rows)


def check_not_swapped(row: Row, region: Region) -> None:
    """Refuse a position far from the region that would be near it the other way round."""
    lat, lon = row.values.get("lat_deg"), row.values.get("lon_deg")
    if not isinstance(lat, float) or not isinstance(lon, float) or abs(lon) > 90:
        return
    as_written, swapped = (float(away) for away in distance_m(*region, [lat, lon], [lon, lat]))
    if as_written > FAR_M and swapped < _MUCH_NEARER * as_written:
        reason = f"{lat:g} N {lon:g} E lies {as_written / 1000:,.0f} km from the incident's aerodromes"
        advice = f"are latitude and longitude swapped? {lon:g} N {lat:g} E is {swapped / 1000:,.0f} km away"
        raise Fault(reason, advice, column="lat_deg")
