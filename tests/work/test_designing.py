"""An exercise's folder, as `hotwash design` writes it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from hotwash.errors import ReadError, ScenarioError, WriteError
from hotwash.export import recording_folder as written
from hotwash.front.exercises import load_scenario
from hotwash.ingest import recording_folder
from hotwash.model.scenario import parse
from hotwash.work import designing, flying
from hotwash.work.designing import DesignRequest

SHORT = DesignRequest("poland-2025", seed=2, minutes=5.0, drones=2)


def test_a_synthetic_exercise_is_a_scenario_and_one_drawn_night(tmp_path: Path):
    made = designing.design_exercise(SHORT, out=tmp_path / "ex")
    family = load_scenario(tmp_path / "ex" / "scenario.toml")
    assert family.vary
    assert family.watch.marked == "SYNTHETIC"
    night = recording_folder.read(tmp_path / "ex" / "staged")
    assert night.detections.equals(made.recording.detections)
    inner = parse(night.scenario or "", name="inner")
    assert not inner.vary
    assert (inner.seed, inner.world) == (2, 0)


def test_a_replay_lies_beside_its_scenario(tmp_path: Path):
    designing.design_exercise(DesignRequest("airport-2026", is_replay=True, minutes=5.0), out=tmp_path / "ex")
    found = recording_folder.read(tmp_path / "ex")
    assert parse(found.scenario or "", name="x").watch.is_replay
    assert found.detections.height > 10_000
    assert found.sightings.height == 6
    assert found.truth.is_empty()


def test_a_rule_file_is_carried_as_it_is(tmp_path: Path):
    (tmp_path / "ours.toml").write_text('name = "ours"\n', encoding="utf-8")
    made = designing.design_exercise(
        DesignRequest("airport-2026", is_replay=True, minutes=1.0, rules=tmp_path / "ours.toml"), out=tmp_path / "ex"
    )
    assert made.scenario.watch.rules == "ours"
    assert load_scenario(tmp_path / "ex" / "scenario.toml").rules == {"ours": 'name = "ours"\n'}


def test_what_lies_there_is_never_written_over(tmp_path: Path):
    (tmp_path / "note.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(WriteError):
        designing.design_exercise(SHORT, out=tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["note.txt"]


def test_warnings_of_a_synthetic_night_are_judged_by_the_people_who_live_around_its_ways(tmp_path: Path):
    made = designing.design_exercise(SHORT, out=tmp_path / "ex")
    night = recording_folder.read(tmp_path / "ex" / "staged")
    assert night.population.height == made.flat()["cells"] > 50
    assert 10_000 < night.population["people"].sum() == made.flat()["people"] < 38e6
    assert "GeoNames (geonames.org), CC BY 4.0" in made.scenario.watch.note


PEOPLE = """cell_id,lat_deg,lon_deg,people
SYNTHETIC-1,51.5,23.2,1200
SYNTHETIC-2,51.6,23.2,-4
SYNTHETIC-1,51.7,23.1,800
SYNTHETIC-4,151.7,23.1,800
"""


def test_a_table_of_people_is_taken_row_by_row_and_what_cannot_be_is_kept_with_the_reason(tmp_path: Path):
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    made = designing.design_exercise(replace(SHORT, population=tmp_path / "people.csv"), out=tmp_path / "ex")
    assert made.recording.population.rows() == [("SYNTHETIC-1", 51.5, 23.2, 1200.0)]
    assert "GeoNames" not in made.scenario.watch.note
    rejects = pl.read_csv(tmp_path / "ex" / designing.REJECTED)
    assert rejects["line"].to_list() == [3, 4, 5]
    assert made.flat()["rejected"] == 3
    assert designing.REJECTED in made.flat()["files"]


def test_a_replay_takes_a_table_of_people_too(tmp_path: Path):
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    asked = DesignRequest("airport-2026", is_replay=True, minutes=1.0, population=tmp_path / "people.csv")
    designing.design_exercise(asked, out=tmp_path / "ex")
    assert [one.people for one in load_scenario(tmp_path / "ex" / "scenario.toml").population] == [1200.0]


@pytest.mark.parametrize("content", ["cell_id,lat_deg,lon_deg,people\nA,91,23,5\n", "cell_id,lat_deg,lon_deg,people\n"])
def test_a_table_without_a_row_that_can_be_taken_is_refused_before_anything_is_written(tmp_path: Path, content: str):
    (tmp_path / "people.csv").write_text(content, encoding="utf-8")
    with pytest.raises(ReadError, match="people"):
        designing.design_exercise(replace(SHORT, population=tmp_path / "people.csv"), out=tmp_path / "ex")
    assert not (tmp_path / "ex").exists()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(ReadError, match="nowhere"):
        designing.design_exercise(DesignRequest(str(tmp_path / "nowhere")), out=tmp_path / "ex")
    assert not (tmp_path / "ex").exists()


def test_a_written_recording_is_staged_again_from_its_own_scenario(tmp_path: Path):
    from hotwash.watch.staging import stage

    made = designing.design_exercise(SHORT, out=tmp_path / "ex")
    inner = parse((tmp_path / "ex" / "staged" / "scenario.toml").read_text(encoding="utf-8"), name="inner")
    again = stage(inner, seed=2)
    written.write(tmp_path / "again", again)
    assert again.detections.equals(made.recording.detections)


def test_an_aerodrome_that_is_given_by_its_code_gets_its_place_from_the_list(tmp_path: Path):
    (tmp_path / "w.toml").write_text(
        'name = "w"\n[place]\nlat_deg = 52.0\nlon_deg = 21.0\n[[seats]]\nname = "a"\nkind = "watch"\n'
        '[[aerodromes]]\naerodrome_id = "EPWA"\n',
        encoding="utf-8",
    )
    field = load_scenario(tmp_path / "w.toml").aerodromes[0]
    assert field.lat_deg == pytest.approx(52.17, abs=0.02)
    assert "Chopin" in field.name


def test_a_watch_is_not_flown():
    with pytest.raises(ScenarioError, match="hotwash watch"):
        flying.record_flight("watch-night")
