"""A watch exercise is made of an incident from the command line."""

from __future__ import annotations

import json
from pathlib import Path


def test_design_writes_an_exercise_and_says_what_it_is(hotwash, tmp_path: Path):
    done = hotwash("design", "poland-2025", "--out", tmp_path / "ex", "--minutes", 3, "--drones", 1, "--json")
    told = json.loads(done.out)
    assert told["marked"] == "SYNTHETIC"
    assert "no single one is called what happened" in told["note"]
    assert len(told["drones"]) == 1
    assert all((tmp_path / "ex" / name).is_file() for name in told["files"])


def test_design_tells_people_how_to_go_on(hotwash, tmp_path: Path):
    done = hotwash("design", "airport-2026", "--out", tmp_path / "ex", "--replay", "--minutes", 3)
    assert "3 minutes from 2026-03-12 20:15 UTC" in done.out
    assert f"hotwash watch {tmp_path / 'ex'}" in done.out


def test_what_cannot_be_designed_is_refused_in_one_line(hotwash, tmp_path: Path):
    done = hotwash("design", "airport-2026", "--out", tmp_path / "ex")
    assert done.code == 2
    assert "replay it instead" in done.err
    assert not (tmp_path / "ex").exists()
