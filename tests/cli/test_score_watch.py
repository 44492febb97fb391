"""The recording of a watch is known as one, scored in a table, as JSON, as a debrief and as a drawing."""

from __future__ import annotations

import json

import pytest
import staged_by_hand as w
from typer.testing import CliRunner

from hotwash.cli import app
from hotwash.export import recording_folder
from hotwash.model import tables


def said(*arguments):
    done = CliRunner().invoke(app, [str(one) for one in arguments])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def attempt(tmp_path_factory):
    folder = tmp_path_factory.mktemp("watch") / "attempt-9"
    recording_folder.write(folder, w.with_decisions(w.staged(), [w.declare(150.0, 2), w.recommend(100.0, "suspend")]))
    return folder


def test_a_watch_is_scored_as_json(attempt):
    found = json.loads(said("score", attempt, "--json"))
    assert (found["attempt_id"], found["seat"], found["marking"]) == ("attempt-9", "watch", "SYNTHETIC")
    assert found["measures"]["seat_misses"] == {"outcome": "0", "known": "0"}
    assert set(found["scores"][0]) == set(tables.SCORES.names)
    assert found["marked"]["result"] is None


def test_a_watch_is_scored_in_words_by_what_happened_and_what_could_be_known(attempt):
    told = said("score", attempt)
    assert "what could be known" in told
    assert "Track 2 entered at 21:32:00Z and was declared at 21:32:30Z." in told
    assert told.count("SYNTHETIC") >= 2


def test_its_debrief_and_its_drawing_are_written_and_marked(attempt, tmp_path):
    said("score", attempt, "--debrief", tmp_path / "debrief.md", "--svg", tmp_path / "watch.svg")
    for name in ("debrief.md", "watch.svg"):
        assert (tmp_path / name).read_text(encoding="utf-8").count("SYNTHETIC") >= 2


def test_an_instructor_can_mark_a_watch(attempt):
    said("mark", attempt, "--by", "i7", "--error", "minor", "--comment", "did not say when he would look again")
    assert "did not say when he would look again" in said("score", attempt)
