"""A recording is scored, marked and shown from the command line; lanes are listed, drawn and built."""

from __future__ import annotations

import json

import pytest
from flown import faultless, recorded, scenario_of
from typer.testing import CliRunner

from hotwash.cli import app
from hotwash.errors import HotwashError
from hotwash.export import recording_folder
from hotwash.lanes.lane import NOTICE, load_lane

PLAN = """
name = "our-field"
stands = [{ name = "1", distance_m = 8, height_m = 1.2 }]
calls = ["take off", "1A", "land"]
"""


def run(*arguments):
    return CliRunner().invoke(app, [str(one) for one in arguments])


def said(*arguments):
    done = run(*arguments)
    assert done.exit_code == 0, done.output
    return done.output


def refused(*arguments):
    done = run(*arguments)
    assert isinstance(done.exception, HotwashError)
    return str(done.exception)


@pytest.fixture
def attempt(tmp_path):
    folder = tmp_path / "attempt-7"
    scenario = scenario_of("bperp", marks="pass_points = 36\npass_seconds = 600")
    recording_folder.write(folder, recorded(faultless(load_lane("bperp")), scenario))
    return folder


def test_a_recording_is_scored_as_json(attempt):
    found = json.loads(said("score", attempt, "--json"))
    assert (found["points"], found["possible"], found["result"]) == (40.0, 40.0, "GO")
    assert found["attempt_id"] == "attempt-7"
    assert len(found["tasks"]) == 40
    assert found["notice"] == NOTICE
    assert found["marked"]["result"] is None


def test_a_recording_is_scored_in_words(attempt):
    told = said("score", attempt)
    assert "40 of 40 points" in told
    assert "What to sustain, what to change?" in told
    assert NOTICE in told


def test_the_debrief_and_the_way_flown_are_written(attempt, tmp_path):
    said("score", attempt, "--debrief", tmp_path / "debrief.md", "--svg", tmp_path / "way.svg")
    assert (tmp_path / "debrief.md").read_text().startswith("## What was expected?")
    assert 'class="flown"' in (tmp_path / "way.svg").read_text()


def test_a_mark_stands_beside_the_machines_result_and_never_over_it(attempt):
    before = json.loads(said("score", attempt, "--json"))
    first = json.loads(
        said("mark", attempt, "--by", "i7", "--task", "position 1A", "--result", "NO-GO", "--error", "safety", "--json")
    )
    said("mark", attempt, "--by", "i8", "--comment", "calm [throughout]")
    after = json.loads(said("score", attempt, "--scheme", "gvc", "--json"))
    assert first["mark_id"] == 0
    assert first["marked_by"] == "i7"
    assert [row["mark_id"] for row in after["marks"]] == [0, 1]
    assert after["tasks"] == before["tasks"]
    assert (after["result"], after["marked"]["result"]) == ("GO", "NO-GO")
    told = said("score", attempt)
    assert "GO (instructor: NO-GO)" in told
    assert "calm [throughout]" in told


def test_an_attempt_is_declared_void_with_a_reason(attempt):
    assert "--comment" in refused("mark", attempt, "--by", "i7", "--void")
    said("mark", attempt, "--by", "i7", "--void", "--comment", "a dog on the lane")
    assert json.loads(said("score", attempt, "--json"))["marked"]["is_void"]


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--by", "i7"], "nothing is marked"),
        (["--by", " ", "--comment", "x"], "who marks"),
        (["--by", "i7", "--task", "jump", "--comment", "x"], "no such task"),
    ],
)
def test_a_mark_that_says_nothing_is_refused(attempt, options, word):
    assert word in refused("mark", attempt, *options)
    assert not (attempt / "marks.parquet").exists()


def test_a_folder_without_recording_is_refused(tmp_path):
    assert "contains no recording" in refused("score", tmp_path)


def test_a_scheme_that_is_not_there_is_refused(attempt, tmp_path):
    assert "gvc" in refused("score", attempt, "--scheme", "abc")
    assert "cannot be read" in refused("score", attempt, "--scheme", tmp_path / "abc.toml")


def test_lanes_are_listed_and_shown():
    assert "bperp" in said("lane", "list")
    assert len(json.loads(said("lane", "list", "--json"))) == 12
    told = said("lane", "show", "bperp")
    assert NOTICE in told
    assert "spacing_m" in told
    assert "purdue" in told
    assert json.loads(said("lane", "show", "bperp", "--json"))["possible"] == 40.0


def test_a_lane_is_drawn(tmp_path):
    said("lane", "show", "open-orbit", "--svg", tmp_path / "plan.svg")
    assert (tmp_path / "plan.svg").read_text().startswith("<svg")


def test_a_lane_of_ones_own_is_built_and_shown(tmp_path):
    plan, lane = tmp_path / "plan.toml", tmp_path / "our-field.toml"
    plan.write_text(PLAN)
    told = said("lane", "build", plan, "--out", lane, "--svg", tmp_path / "plan.svg")
    assert "3 tasks, 3 points" in told
    assert "Bucket" not in said("lane", "show", lane)
    assert "is there already" in refused("lane", "build", plan, "--out", lane)


def test_an_unknown_lane_is_refused_with_those_that_there_are(tmp_path):
    assert "bperp" in refused("lane", "show", "nowhere")
    assert "cannot be read" in refused("lane", "build", tmp_path / "no.toml", "--out", tmp_path / "a.toml")
