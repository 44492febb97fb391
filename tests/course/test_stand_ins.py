"""What a template left to be filled in, and aerodromes that no list has: each is remarked with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from remarked import HEAD, remarks

from hotwash.errors import BundleError
from hotwash.front.bundles import read_bundle, review
from hotwash.incident.occurrence_fields import occurrence_fields
from hotwash.work.new_bundle import write_template


def left_in(folder: Path, kind: str) -> list[str]:
    write_template(folder, kind=kind)
    return [row["text"] for row in review(read_bundle(folder)).to_dicts() if row["kind"] == "stand_in"]


def test_a_template_that_nobody_filled_in_is_remarked_with_each_stand_in(tmp_path: Path):
    (text,) = left_in(tmp_path / "night", "airport")
    assert text.startswith("incident.toml is not filled in: TITLE in title, AIRPORT in title, DATE in title, ")
    assert "ZZZZ in question Q-CLOSED-MIN" in text
    assert text.endswith("ZZZZ in interval “first report to closure”.")


@pytest.mark.parametrize("kind", ["border", "other"])
def test_every_template_is_remarked(tmp_path: Path, kind: str):
    assert len(left_in(tmp_path / kind, kind)) == 1


def test_a_title_in_capitals_is_a_title():
    head = HEAD.replace("INVENTED: a night at an airport", "DRONES AT AN AIRPORT, DATE UNKNOWN")
    assert remarks(head=head) == []


# ---------------------------------------------------------------- aerodromes that no list has

STRIP = [[[9.60, 52.40], [9.62, 52.40], [9.62, 52.42], [9.60, 52.42], [9.60, 52.40]]]
UNLISTED = HEAD.replace('["EDDV"]', '["MYSTRIP"]')


def strip_bundle(folder: Path, *, zone_id: str = "MYSTRIP", kind: str = "aerodrome") -> Path:
    """Write a bundle about a strip, with one zone of its own."""
    folder.mkdir()
    (folder / "incident.toml").write_text(UNLISTED, encoding="utf-8")
    (folder / "sources.csv").write_text("source_id,publisher\nS1,The paper\n", encoding="utf-8")
    properties = {"zone_id": zone_id, "kind": kind, "name": "My strip"}
    zone = {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": STRIP}}
    (folder / "zones.geojson").write_text(json.dumps(zone), encoding="utf-8")
    return folder


def test_an_aerodrome_that_the_bundle_draws_is_taken_with_a_remark(tmp_path: Path):
    found = read_bundle(strip_bundle(tmp_path / "strip"))
    (row,) = found.aerodromes.to_dicts()
    assert (row["aerodrome_id"], row["name"], round(row["lat_deg"], 3)) == ("MYSTRIP", "My strip", 52.41)
    (text,) = review(found)["text"].to_list()
    assert text.startswith(
        "MYSTRIP is in no list of aerodromes: its place is the middle of its zone in zones.geojson, "
    )


def test_an_aerodrome_without_a_listed_code_fills_no_location_indicator(tmp_path: Path):
    fields = occurrence_fields(read_bundle(strip_bundle(tmp_path / "strip")))
    assert fields.filter(field="location_indicator")["value"].to_list() == [None]


@pytest.mark.parametrize("zone", [{"zone_id": "OTHER"}, {"kind": "restricted"}], ids=["another name", "another kind"])
def test_an_aerodrome_that_nobody_can_place_is_refused_with_the_way_out(tmp_path: Path, zone: dict[str, str]):
    with pytest.raises(BundleError, match=r"leave it out here .* zone of kind aerodrome with zone_id MYSTRIP"):
        read_bundle(strip_bundle(tmp_path / "strip", **zone))
