"""Zones whose file has latitude first: refused by every command that knows where they should lie."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
import shapely

from hotwash.errors import GeometryError
from hotwash.front.breaches import find_breaches
from hotwash.front.bundles import read_bundle
from hotwash.front.evaluation import evaluate_tracks
from hotwash.geo.coordinate_order import check_coordinate_order
from hotwash.model import schema, tables

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
AIRPORT = Path(__file__).resolve().parents[2] / "examples" / "airport-2026"


def test_zones_with_latitude_and_longitude_swapped_are_refused_where_tracks_tell(tmp_path: Path):
    ring = "[[51.9,20.8],[51.9,21.2],[52.1,21.2],[52.1,20.8],[51.9,20.8]]"
    path = tmp_path / "zone.geojson"
    path.write_text(f'{{"type":"Polygon","coordinates":[{ring}]}}', encoding="utf-8")
    rows = [{"track_id": 1, "time_utc": NOON, "lat_deg": 52.0, "lon_deg": 21.0, "status": "confirmed"}]
    with pytest.raises(GeometryError, match="latitude and longitude swapped"):
        find_breaches(pl.DataFrame(rows, schema_overrides={"time_utc": schema.UTC}), path)


def test_zones_swapped_are_refused_by_every_command_though_tracks_lie_in_two_regions(tmp_path: Path):
    """One median of all tracks lay in neither region, and a zone in the wrong order was accepted."""
    path = tmp_path / "zone.geojson"
    ring = [[48.1, 11.2], [48.1, 11.9], [48.4, 11.9], [48.4, 11.2], [48.1, 11.2]]  # Munich, latitude first
    path.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}), encoding="utf-8")
    usual = {"status": "confirmed", "time_utc": NOON}
    rows = [usual | {"track_id": 1, "lat_deg": -33.9, "lon_deg": 151.2},
            usual | {"track_id": 2, "lat_deg": 48.3, "lon_deg": 11.0}]  # fmt: skip
    tracks = pl.DataFrame(rows, schema_overrides={"time_utc": schema.UTC})
    truth = schema.frame(tables.TRUTH, [
        {"object_id": str(row["track_id"]), **{name: row[name] for name in ("time_utc", "lat_deg", "lon_deg")}}
        for row in rows
    ])  # fmt: skip
    with pytest.raises(GeometryError, match="latitude and longitude swapped"):
        find_breaches(tracks, path)
    with pytest.raises(GeometryError, match="latitude and longitude swapped"):
        evaluate_tracks(tracks, truth, zones=path, breaches=schema.empty(tables.BREACHES))


def test_a_zone_is_right_where_a_track_is_near_it_and_one_that_is_wrong_beside_it_is_named():
    oman, poland = shapely.box(51.0, 20.0, 53.0, 22.0), shapely.box(20.0, 51.0, 22.0, 53.0)
    check_coordinate_order([("a", oman), ("b", poland)], [21.0, 52.0], [52.0, 21.0], thing="z")
    with pytest.raises(GeometryError, match="a: it is"):
        check_coordinate_order([("a", oman), ("b", poland)], 52.0, 21.0, thing="z")
    ankara = shapely.box(39.5, 32.5, 40.5, 33.5)  # 1,000 km from the exchanged place: only its tracks tell
    with pytest.raises(GeometryError, match="swapped"):
        check_coordinate_order([("a", ankara)], 40.0, 33.0, thing="z")
    fiji = shapely.MultiPolygon([shapely.box(177.0, -19.0, 180.0, -16.0), shapely.box(-180.0, -19.0, -178.0, -16.0)])
    check_coordinate_order([("a", fiji)], -17.0, 178.0, thing="z")


def test_an_account_refuses_zones_that_its_aerodromes_and_finds_show_to_be_swapped(tmp_path: Path):
    folder = Path(shutil.copytree(AIRPORT, tmp_path / "night"))
    drawn = json.loads((folder / "zones.geojson").read_text(encoding="utf-8"))
    for feature in drawn["features"]:
        rings = feature["geometry"]["coordinates"]
        feature["geometry"]["coordinates"] = [[corner[::-1] for corner in ring] for ring in rings]
    (folder / "zones.geojson").write_text(json.dumps(drawn), encoding="utf-8")
    with pytest.raises(GeometryError, match=r"zones\.geojson, zone EPBY-CTR: it is .* swapped"):
        read_bundle(folder)
