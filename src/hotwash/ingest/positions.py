"""Whether a position can be meant: latitude and longitude swapped is the commonest slip of all."""

from __future__ import annotations

from statistics import fmean

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotwash.errors import BundleError, PlaceError
from hotwash.ingest.faults import Fault
from hotwash.ingest.gathering import Gathering
from hotwash.ingest.rows import Row
from hotwash.model.incident import Brief
from hotwash.model.schema import BOOL
from hotwash.visible import quote

# No find, sighting or assumed origin of one night lies farther than this from its region, unless it is
# swapped: European positions then lie in the Arabian Sea or around it.
FAR_M = 2_000_000.0
_MUCH_NEARER = 0.6
_NEAR_DEG = 10.0  # so much of latitude and of longitude are at most 1,580 km: never far, and no geodesic is needed

# What to do with a strip, a heliport or an invented place.
_IF_UNLISTED = (
    "if it has no listed code, leave it out here (its rows keep it as their subject_id), or draw it into zones.geojson "
    "as a zone of kind aerodrome with zone_id {code}"
)

Region = tuple[float, float]
FloatArray = NDArray[np.float64]


def find_region(brief: Brief, own_zones: bytes | None = None) -> Region | None:
    """Return the middle of the incident's aerodromes, or of its shipped zones; None without either.

    own_zones   the bundle's zones.geojson, which may give the place of an aerodrome that no list has
    raises   BundleError for each aerodrome that nobody knows
    """
    # Borders and geodesy are loaded where they are asked for: a table of plots is read without either, and they take
    # as long to load as a small recording takes to track.
    from hotwash.geo import borders
    from hotwash.ingest import aerodromes

    faults, found = Gathering(), []
    own = aerodromes.own_aerodromes(brief.aerodromes, own_zones)
    for code in brief.aerodromes:
        if code in own:
            found.append((own[code]["lat_deg"], own[code]["lon_deg"]))
            continue
        try:
            found += [(row["lat_deg"], row["lon_deg"]) for row in aerodromes.find_aerodromes([code])]
        except PlaceError as fault:
            why = f"{fault.why}; {_IF_UNLISTED.format(code=code)}"
            faults.add(BundleError("incident.toml", place=f"aerodromes, {quote(fault.thing)}", why=why))
    faults.raise_faults()
    if not found:
        middles = [
            borders.load_zone(name).geometry.centroid for name in brief.zones_of_interest if name in borders.zone_ids()
        ]
        found = [(middle.y, middle.x) for middle in middles]
    return (fmean(lat for lat, _ in found), fmean(lon for _, lon in found)) if found else None


def check_order(row: Row, region: Region) -> None:
    """Refuse a position far from the region that would be near it the other way round."""
    lat, lon = row.values.get("lat_deg"), row.values.get("lon_deg")
    if not isinstance(lat, float) or not isinstance(lon, float) or abs(lon) > 90:
        return
    if abs(lat - region[0]) <= _NEAR_DEG and abs(lon - region[1]) <= _NEAR_DEG:
        return
    from hotwash.geo.geodesy import distance_m

    as_written, swapped = distance_m(*region, [lat, lon], [lon, lat])
    if _is_swapped(as_written, swapped):
        reason = f"{lat:g} N {lon:g} E lies {as_written / 1000:,.0f} km from the incident"
        advice = f"are latitude and longitude swapped? {lon:g} N {lat:g} E is {swapped / 1000:,.0f} km away"
        raise Fault(reason, advice, column="lat_deg")


def _is_swapped(as_written_m: FloatArray, swapped_m: FloatArray) -> NDArray[np.bool_]:
    return (as_written_m > FAR_M) & (swapped_m < _MUCH_NEARER * as_written_m)


def are_swapped(lat_deg: pl.Series, lon_deg: pl.Series, region: Region) -> pl.Series:
    """Return of each position whether it is far from the region and near it the other way round; null is false."""
    from hotwash.geo.geodesy import distance_m

    is_judged = (lat_deg.is_not_null() & lon_deg.is_not_null() & (lon_deg.abs() <= 90.0)).to_numpy()
    lat, lon = lat_deg.to_numpy()[is_judged], lon_deg.to_numpy()[is_judged]
    found = np.zeros(len(is_judged), dtype=bool)
    as_written, swapped = distance_m(*region, lat, lon), distance_m(*region, lon, lat)
    found[is_judged] = _is_swapped(as_written, swapped)
    return pl.Series(found, dtype=BOOL)
