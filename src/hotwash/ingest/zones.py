"""Zones as a table: the shipped borders, a bundle's own zones.geojson, and a better border from a file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl
import shapely

from hotwash.errors import BundleError, ReadError
from hotwash.geo import borders, zones
from hotwash.geo.zones import Zone
from hotwash.model import schema, tables
from hotwash.model.words import ZONE_KINDS

OWN_FILE = "zones.geojson"
UNSTATED_SIGMA_M = 1000.0  # that of the shipped overview: a better one earns less by stating it


def of_interest(
    named: Sequence[str], *, own: bytes | None = None, border: bytes | None = None, border_name: str = "--border"
) -> pl.DataFrame:
    """Return ZONES: those that an incident names, the best line known for each.

    named         zone ids; "PL-land" and its like are shipped, and "PL-airspace"
    own           the bundle's zones.geojson
    border        a better border; a zone of it stands in for the shipped one of the same id, and a file of one
                  zone stands in for the first zone named
    raises        BundleError when a zone is named that nobody holds; ReadError, GeometryError for a bad file
    """
    held = {} if own is None else {zone.zone_id: zone for zone in zones.from_geojson(own, name=OWN_FILE)}
    if border is not None:
        better = zones.from_geojson(_with_precision(border, border_name), name=border_name, default_kind="land_border")
        held |= {zone.zone_id: zone for zone in better}
        if len(better) == 1 and named:
            held[named[0]] = better[0]
    shipped = borders.held()
    missing = [name for name in named if name not in held and name not in shipped]
    if missing:
        why = f"there is no zone {', '.join(missing)}; shipped are {', '.join(shipped)}, others go in {OWN_FILE}"
        raise BundleError("incident.toml", place="zones_of_interest", why=why)
    held |= {name: borders.zone(name) for name in named if name not in held}  # only these: a fine line takes its time
    return schema.frame(tables.ZONES, [_row(name, held[name]) for name in named])


def named_or_read(asked: str) -> pl.DataFrame:
    """Return ZONES: all zones of a GeoJSON file, or one shipped zone by its id.

    asked    a path, or "PL-land" and its like
    raises   ReadError when it is neither; ReadError, GeometryError for a bad file
    """
    path = Path(asked)
    if path.is_file():
        found = zones.from_geojson(read_border(path), name=path.name)
        return schema.frame(tables.ZONES, [_row(zone.zone_id, zone) for zone in found])
    held = {zone.zone_id: zone for zone in borders.shipped()}
    if asked not in held:
        why = f"there is no such file, and no zone of that name is shipped; there are {', '.join(sorted(held))}"
        raise ReadError(asked, why=why)
    return schema.frame(tables.ZONES, [_row(asked, held[asked])])


def _with_precision(content: bytes, name: str) -> bytes:
    """Return a border file in which every feature states its precision: none stated is taken as the shipped one."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return content  # the reader of GeoJSON says where it breaks
    if not isinstance(found, dict):
        return content
    if found.get("type") not in ("FeatureCollection", "Feature"):
        found = {"type": "Feature", "properties": {}, "geometry": found}
    features = found.get("features", []) if found["type"] == "FeatureCollection" else [found]
    for feature in features if isinstance(features, list) else []:
        if isinstance(feature, dict) and isinstance(feature.get("properties") or {}, dict):
            stated = dict(feature.get("properties") or {})
            if stated.get("line_sigma_m") is None:
                stated["source"] = (
                    f"{stated.get('source') or name}; it states no line_sigma_m, so {UNSTATED_SIGMA_M:,.0f} m are taken"
                )
                stated["line_sigma_m"] = UNSTATED_SIGMA_M
            feature["properties"] = stated
    return json.dumps(found).encode()


def _row(name: str, zone: Zone) -> Mapping[str, object]:
    return {
        "zone_id": name,
        "name": zone.name,
        "kind": zone.kind if zone.kind in ZONE_KINDS else "other",
        "floor_m": zone.floor_m,
        "ceiling_m": zone.ceiling_m,
        "floor_ref": zone.floor_ref,
        "ceiling_ref": zone.ceiling_ref,
        "line_sigma_m": zone.line_sigma_m,
        "source": zone.source,
        "clip_box": list(zone.clip_box) if zone.clip_box else None,
        "geometry": shapely.to_wkb(zone.geometry),
    }


def read_border(path: Path) -> bytes:
    """Return the content of a border file that the user names.

    raises   ReadError when it is not there
    """
    try:
        return path.read_bytes()
    except OSError as fault:
        raise ReadError(str(path), why=f"cannot be read: {fault.strerror}") from None
