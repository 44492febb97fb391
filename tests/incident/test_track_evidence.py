"""Tracks in an account: breaches, what they count, and claims weighed against that."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import jsonschema
import polars as pl
import pytest
from breaching import FAR, after, rng, straight, zone
from laid_out import at, bundle, claim, finds, question

from hotwash.export import account_json
from hotwash.incident.reconstruct import reconstruct
from hotwash.incident.track_evidence import TrackEvidence
from hotwash.model import schema, tables
from hotwash.model.incident import Incident
from hotwash.model.schema import drift
from hotwash.report.view import build_view

CROSSINGS, AIRFRAMES = question("count", "crossings"), question("count", "airframes")
OTHER = {"zone_id": "W", "kind": "land_border", "name": "the other"}
PLACES = schema.frame(tables.AERODROMES, [{"aerodrome_id": "EPAA", "name": "x", "lat_deg": 52.0, "lon_deg": 23.03}])


def crossing(number: int, **fields: object) -> pl.DataFrame:
    """Return a track that comes in for good, well beyond all doubt."""
    choices = {"track_id": number, "sigma_m": 20.0, "sigma_mps": 1.0, "detection_id": 1} | fields
    return straight(range(0, 201, 10), (-8_000, 100.0 * number), (80, 0), **choices)


def account(
    *tracks: pl.DataFrame,
    asked: dict[str, object] = CROSSINGS,
    said: dict[str, object] | None = None,
    recorded_by: str | None = "S-TOWER",
    **laid: object,
) -> Incident:
    """Return the account of tracks over the line; the plots stand in a recording that someone published."""
    given = bundle([asked], [said or claim(2)], **laid)
    plots = schema.frame(
        tables.DETECTIONS, [{"detection_id": 1, "sensor_id": "R1", "time_utc": after(0), "source_id": recorded_by}]
    )
    given = replace(given, recording=replace(given.recording, detections=plots))
    evidence = TrackEvidence(pl.concat(tracks), rng()) if tracks else None
    return reconstruct(given, zones=zone(line_sigma_m=100.0), aerodromes=PLACES, track=lambda _: evidence)


def count(incident: Incident, unit: str) -> dict[str, object]:
    return incident.counts.row(by_predicate=pl.col("unit") == unit, named=True)


def finding(incident: Incident) -> dict[str, object]:
    return incident.findings.row(0, named=True)


def test_crossings_and_airframes_have_their_distribution_from_tracks():
    found = account(crossing(1), crossing(2), crossing(3))
    for unit in ("crossings", "airframes"):
        row = count(found, unit)
        assert (row["most_likely"], row["low_90"], row["high_90"]) == (3, 3, 3)
        assert "the zone" in row["why"]
        assert row["rows"] == ["breaches:1", "breaches:2", "breaches:3"]
    assert found.breaches.height == 3
    assert found.exposures["nearest_track_id"].to_list() == [1]
    assert found.tracks.height == 63


def test_without_tracks_nothing_changes():
    found = account()
    assert (found.breaches.height, found.exposures.height) == (0, 0)
    assert count(found, "crossings")["most_likely"] is None
    assert "M-SEEN" not in found.bundle.assumptions["assumption_id"]


def test_tracks_with_an_identity_are_no_intruders_and_are_told_apart():
    row = count(account(crossing(1), crossing(2, ident="48AE01")), "crossings")
    assert (row["most_likely"], row["low_90"], row["high_90"]) == (1, 1, 1)
    assert "With them, the number is 2 (2 to 2)." in row["why"]


@pytest.mark.parametrize(
    ("value", "relation", "verdict"),
    [
        (3, "exactly", "supported"),
        (2, "at_least", "supported"),
        (4, "at_most", "supported"),
        (19, "exactly", "contradicted"),
        (2, "at_most", "contradicted"),
        (4, "at_least", "contradicted"),
    ],
)
def test_a_claim_of_crossings_is_weighed_against_the_tracks(value: int, relation: str, verdict: str):
    row = finding(account(crossing(1), crossing(2), crossing(3), said=claim(value, relation)))
    assert row["verdict"] == verdict
    assert "The tracks give 3 crossings of the zone (90 %)" in row["reason"]
    assert row["assumptions"] == ["M-SEEN"]
    assert row["rows"] == ["breaches:1", "breaches:2", "breaches:3"]
    assert row["independent_lines"] == ["S-TOWER (S-TOWER)"]


def test_being_inside_the_interval_supports_nothing():
    row = finding(account(*(crossing(number, existence=0.6) for number in range(6)), said=claim(3)))
    assert row["verdict"] == "compatible"
    assert "neither confirmed nor ruled out" in row["reason"]


@pytest.mark.parametrize("recorded_by", ["S-SPEAKER", None])
def test_a_recording_of_the_speaker_or_of_nobody_told_supports_nothing_but_contradicts(recorded_by: str | None):
    told = {"recorded_by": recorded_by, "said": claim(1)}
    assert finding(account(crossing(1), **told))["verdict"] == "uncorroborated"
    assert finding(account(crossing(1), **told | {"said": claim(9)}))["verdict"] == "contradicted"


def test_a_crossed_assumption_counts_only_where_there_are_no_tracks():
    laid = {"finds": finds(1.0, 1.0), "assumptions": [{"assumption_id": "A-CROSSED", "text": "x", "known_utc": at(0)}]}
    assert count(account(**laid), "crossings")["low_90"] == 2
    assert count(account(crossing(1), **laid), "crossings")["low_90"] == 1


def test_finds_still_bound_airframes_from_below():
    row = count(account(crossing(1), finds=finds(1.0, 1.0, 1.0)), "airframes")
    assert (row["most_likely"], row["low_90"], row["high_90"]) == (None, 3, None)
    assert "there is no upper limit" in row["why"]
    said = {"asked": AIRFRAMES, "finds": finds(1.0, 1.0, 1.0)}
    assert finding(account(crossing(1), said=claim(1), **said))["verdict"] == "contradicted"
    assert finding(account(crossing(1), said=claim(5), **said))["verdict"] == "compatible"


def test_airframes_that_tracks_and_finds_agree_on_are_weighed_against_the_tracks():
    tracks = [crossing(number) for number in range(3)]
    said = {"asked": AIRFRAMES, "finds": finds(1.0)}
    assert finding(account(*tracks, said=claim(3), **said))["verdict"] == "supported"
    assert finding(account(*tracks, said=claim(19), **said))["verdict"] == "contradicted"


def test_the_zones_are_counted_apart_and_the_first_gives_the_count():
    west = zone((0, -FAR), (0, FAR), (-FAR, FAR), (-FAR, -FAR), line_sigma_m=100.0, **OTHER)
    given = bundle([CROSSINGS], [claim(1)])
    both = pl.concat([zone(line_sigma_m=100.0), west])
    found = reconstruct(given, zones=both, aerodromes=PLACES, track=lambda _: TrackEvidence(crossing(1), rng()))
    assert sorted(found.breaches["zone_id"].to_list()) == ["W", "Z"]
    row = count(found, "crossings")
    assert len(row["rows"]) == 1
    assert "Other borders are counted separately." in row["why"]


def test_a_zone_that_is_no_border_has_stays_and_counts_nothing():
    given = bundle([CROSSINGS], [claim(1)])
    found = reconstruct(
        given, zones=zone(kind="fir"), aerodromes=PLACES, track=lambda _: TrackEvidence(crossing(1), rng())
    )
    assert (found.breaches.height, count(found, "crossings")["most_likely"]) == (1, None)


def test_the_account_as_json_holds_the_breaches_and_keeps_to_its_schema():
    found = account(crossing(1))
    for name in ("breaches", "exposures", "health", "remarks", "tracks", "counts"):
        assert drift(getattr(found, name), tables.TABLES[name]) == []
    told = json.loads(
        account_json.to_json(account_json.account(build_view(found, made_utc=datetime(2026, 1, 1, tzinfo=UTC))))
    )
    jsonschema.Draft202012Validator(account_json.schema()).validate(told)
    assert told["breaches"][0]["answer"] == "inside"
    assert told["exposures"][0]["aerodrome_id"] == "EPAA"
