"""`hotwash evaluate`: a table for people, one JSON object for programs, one plain sentence where it is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

TRUTH = """object_id,time_utc,lat_deg,lon_deg
a,2026-03-12T20:00:00Z,52.00,21.00
a,2026-03-12T20:00:08Z,52.01,21.00
"""
TRACKS = """track_id,time_utc,lat_deg,lon_deg,status
1,2026-03-12T20:00:00Z,52.000,21.00,tentative
1,2026-03-12T20:00:04Z,52.005,21.00,confirmed
1,2026-03-12T20:00:08Z,52.010,21.00,confirmed
"""
NAMES = (
    "gospa_m ospa_m localisation_m missed false switches siap_completeness siap_ambiguity siap_spuriousness "
    "siap_position_m siap_velocity_mps siap_changes_per_h siap_longest_share nees_per_dimension cover_90 cutoff_m"
)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    paths = tmp_path / "tracks.csv", tmp_path / "truth.csv"
    for path, text in zip(paths, (TRACKS, TRUTH), strict=True):
        path.write_text(text)
    return paths


def test_evaluate_says_each_measure_with_its_meaning(hotwash, files: tuple[Path, Path]):
    done = hotwash("evaluate", *files)
    assert (done.code, done.err) == (0, "")
    assert "1 track, 1 object, 3 times." in done.out
    for word in ("GOSPA", "missed", "switches", "completeness", "nothing to measure"):
        assert word in done.out


def test_evaluate_prints_one_json_object_with_units_in_its_names(hotwash, files: tuple[Path, Path]):
    done = hotwash("evaluate", *files, "--json", "--cutoff-m", "500")
    said = json.loads(done.out)
    assert (done.code, done.err) == (0, "")
    assert said.keys() >= set(NAMES.split())
    assert said["cutoff_m"] == 500.0
    assert said["missed"] == pytest.approx(1 / 3)  # the tentative row does not count
    assert said["localisation_m"] == pytest.approx(0.0, abs=0.1)
    assert said["siap_velocity_mps"] is None


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (["evaluate", "nowhere.csv", "{truth}"], "nowhere.csv: cannot be read"),
        (["evaluate", "{tracks}", "{tracks}"], "column 'track_id' is not declared"),
        (["evaluate", "{tracks}", "{truth}", "--cutoff-m", "-1"], "cutoff_m: -1 is no distance or time"),
        (["evaluate", "{tracks}", "{truth}", "--zones", "z.geojson"], "give both or neither"),
    ],
)
def test_what_cannot_be_measured_ends_with_2_and_one_sentence(hotwash, files: tuple[Path, Path], typed, says: str):
    tracks, truth = files
    done = hotwash(*(one.format(tracks=tracks, truth=truth) for one in typed))
    assert (done.code, done.out) == (2, "")
    assert says in done.err
    assert done.err.count("\n") == 1
