"""Zones as a table: the shipped borders, a bundle's own zones.geojson, and a better border from a file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import shapely

from hotwash.documents import parse_json
from hotwash.errors import BundleError, ReadError
from hotwash.geo import borders, zones
from hotwash.geo.coordinate_order import check_coordinate_order
from hotwash.ingest.geojson_table import zone_row
from hotwash.ingest.table_file import Source, table_of
from hotwash.model import schema, tables

OWN_FILE = "zones.geojson"
UNSTATED_SIGMA_M = borders.OVERVIEW_SIGMA_M  # a better line earns less by stating it


def collect_zones(
    names: Sequence[str], *, own: bytes | None = None, border: bytes | None = None, border_name: str = "--border"
) -> pl.DataFrame:
    """Return ZONES: those that an incident names, the best line known for each.

    names         zone ids; "PL-land" and its like are shipped, and "PL-airspace"
    own           the bundle's zones.geojson
    border        a better border; a zone of it stands in for the shipped one of the same id, and a file of one
                  zone stands in for the first zone named
    raises        BundleError when a zone is named that nobody holds; ReadError, GeometryError for a bad file
    """
    known = {} if own is None else {zone.zone_id: zone for zone in zones.from_geojson(own, name=OWN_FILE)}
    if border is not None:
        better = zones.from_geojson(_state_precision(border, border_name), name=border_name, default_kind="land_border")
        known |= {zone.zone_id: zone for zone in better}
        if len(better) == 1 and names:
            known[names[0]] = better[0]
    shipped = borders.zone_ids()
    missing = [name for name in names if name not in known and name not in shipped]
    if missing:
        why = f"there is no zone {', '.join(missing)}; choose from {', '.join(shipped)}, or add the zone to {OWN_FILE}"
        raise BundleError("incident.toml", place="zones_of_interest", why=why)
    known |= {
        name: borders.load_zone(name) for name in names if name not in known
    }  # only these: a fine line takes its time
    return schema.frame(tables.ZONES, [zone_row(name, known[name]) for name in names])


def read_zones(source: Source) -> pl.DataFrame:
    """Return ZONES: all zones of a file or a frame, or one shipped zone by its id.

    source   a path (GeoJSON, or ZONES as Parquet), "PL-land" and its like, or a frame of ZONES; a shipped zone is the
             same as in an account: that of `borders.load_zone`
    raises   ReadError when it is none of these; ReadError, GeometryError for a bad file or a zone that cannot be taken
    """
    if isinstance(source, str) and not Path(source).is_file():
        return _read_shipped(source)
    rows, rejects = table_of(source, tables.ZONES)
    for reject in rejects:  # no zone is left out in silence: what it holds would count as outside
        why = f"{reject['reason']}; {reject['advice']}"
        raise ReadError(str(reject["file"]), place=f"zone {reject['line']}, column {reject['column']}", why=why)
    _check_geometries(rows)
    return rows


def ends_of(rows: pl.DataFrame, identity: str) -> pl.DataFrame:
    """Return lat_deg and lon_deg of the first and the last row of each track or object."""
    ends = [pl.col("lat_deg", "lon_deg").drop_nulls().first(), pl.col("lat_deg", "lon_deg").drop_nulls().last()]
    return pl.concat([rows.group_by(identity).agg(end).select("lat_deg", "lon_deg") for end in ends])


def check_zone_order(area: pl.DataFrame, points: pl.DataFrame, *, thing: str) -> None:
    """Refuse zones that lie near the points only with latitude and longitude exchanged.

    area     ZONES
    points   lat_deg, lon_deg: where what is weighed against the zones is; null says nothing
    thing    what messages call the zones
    raises   GeometryError
    """
    named = ((f"zone {row[0]}", shapely.from_wkb(row[1])) for row in area.select("zone_id", "geometry").iter_rows())
    lat, lon = (points[name].cast(pl.Float64).fill_null(float("nan")).to_numpy() for name in ("lat_deg", "lon_deg"))
    check_coordinate_order(named, lat, lon, thing=thing)


def _read_shipped(zone_id: str) -> pl.DataFrame:
    if zone_id not in borders.zone_ids():
        shipped = ", ".join(borders.zone_ids())
        raise ReadError(
            zone_id, why=f"there is no such file, and no zone of that name is shipped; choose from {shipped}"
        )
    return schema.frame(tables.ZONES, [zone_row(zone_id, borders.load_zone(zone_id))])


def _check_geometries(rows: pl.DataFrame) -> None:
    for zone_id, content in rows.select("zone_id", "geometry").iter_rows():
        geometry = shapely.from_wkb(content, on_invalid="ignore")
        if geometry is None or geometry.geom_type not in ("Polygon", "MultiPolygon") or geometry.is_empty:
            why = "contains no polygon as well-known binary; give zones as GeoJSON if in doubt"
            raise ReadError("zones", place=f"zone {zone_id}, column geometry", why=why)


def _state_precision(content: bytes, name: str) -> bytes:
    """Return a border file in which every feature states its precision: none stated is taken as the shipped one."""
    border = parse_json(content, name=name)
    if not isinstance(border, dict):
        return content
    if border.get("type") not in ("FeatureCollection", "Feature"):
        border = {"type": "Feature", "properties": {}, "geometry": border}
    features = border.get("features", []) if border["type"] == "FeatureCollection" else [border]
    for feature in features if isinstance(features, list) else []:
        if isinstance(feature, dict) and isinstance(feature.get("properties") or {}, dict):
            stated = dict(feature.get("properties") or {})
            if stated.get("line_sigma_m") is None:
                assumed = f"it states no line_sigma_m, so {UNSTATED_SIGMA_M:,.0f} m is assumed"
                stated["source"] = f"{stated.get('source') or name}; {assumed}"
                stated["line_sigma_m"] = UNSTATED_SIGMA_M
            feature["properties"] = stated
    return json.dumps(border).encode()
