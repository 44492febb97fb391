"""Titles and names that people read fit a line: up to 120 letters, wherever they come in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bundles import files
from kept import SCENARIO
from moves import NOON

from hotwash.errors import BundleError, CentreError, ScenarioError
from hotwash.geo import zones
from hotwash.ingest import bundle
from hotwash.model.scenario import parse
from hotwash.store import centre as centres
from hotwash.store import people

LONG, FITTING = "a" * 121, "a" * 120
SAYS = "has 121 letters; use up to 120"


def test_a_title_of_a_scenario_and_a_name_of_a_centre_or_person_have_a_length(tmp_path: Path):
    with pytest.raises(ScenarioError, match=SAYS):
        parse(f'title = "{LONG}"{SCENARIO}', name="x.toml")
    assert parse(f'title = "{FITTING}"{SCENARIO}', name="x.toml").title == FITTING
    with pytest.raises(CentreError, match=SAYS):
        centres.create(tmp_path / "long", name=LONG, now_utc=NOON)
    with centres.create(tmp_path / "fitting", name=FITTING, now_utc=NOON) as made:
        with pytest.raises(CentreError, match=SAYS):
            people.add_person(made, LONG, now_utc=NOON)
        assert people.add_person(made, FITTING, now_utc=NOON)


def test_a_title_of_a_bundle_has_a_length():
    laid = files()
    head = laid["incident.toml"].decode()
    title = next(line for line in head.splitlines() if line.startswith("title"))
    with pytest.raises(BundleError, match=SAYS):
        bundle.read(laid | {"incident.toml": head.replace(title, f'title = "{LONG}"').encode()})
    assert bundle.read(laid | {"incident.toml": head.replace(title, f'title = "{FITTING}"').encode()})


def test_a_longer_name_of_a_zone_is_cut():
    ring = [[10, 50], [11, 50], [11, 51], [10, 50]]
    drawn = {"type": "Feature", "properties": {"name": LONG}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    (zone,) = zones.from_geojson(json.dumps(drawn).encode(), name="z.geojson")
    assert zone.name == f"{FITTING}…"
