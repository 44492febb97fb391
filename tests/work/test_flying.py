"""Flying an exercise from end to end: who flew what, what came of it, what is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from flown_scenarios import scenario

from hotwash.errors import ReadError, WriteError
from hotwash.front.exercises import replay
from hotwash.ingest import recording_folder
from hotwash.score.attempt import measure_flight
from hotwash.work import flying


@pytest.fixture
def hop(tmp_path: Path) -> str:
    """A small exercise as a file of one's own."""
    path = tmp_path / "hop.toml"
    path.write_text(scenario(pass_points=3.0).text, encoding="utf-8")
    return str(path)


def test_what_is_written_scores_and_flies_again(hop: str, tmp_path: Path):
    done = flying.record_flight(hop, policy="novice", seed=2, out=tmp_path / "out")
    read = recording_folder.read(tmp_path / "out")
    assert measure_flight(read).points == done.flight.measured.points
    again = replay(read)
    assert again.truth.equals(read.truth)
    assert again.events.equals(read.events)


def test_the_flight_for_a_program_has_what_the_manual_lists(hop: str):
    told = flying.record_flight(hop, seed=1, airframe="quad-5kg").flat()
    page = (Path(__file__).resolve().parents[2] / "docs/how-to/fly.md").read_text(encoding="utf-8")
    rows = page.partition("## Read it as JSON")[2].partition("\n## ")[0]
    listed = {name for line in rows.splitlines() if line.startswith("| `") for name in _words(line)}
    assert set(told) == listed
    assert (told["airframe"], told["seed"], told["policy"]) == ("quad-5kg", 1, "autopilot")
    assert [task["name"] for task in told["tasks"]] == ["up", "over", "down"]


def _words(line: str) -> list[str]:
    """Return the names in the first cell of a row."""
    return [word.strip("` ") for word in line.split("|")[1].split(",")]


def test_logs_lie_beside_the_recording(hop: str, tmp_path: Path):
    flying.record_flight(hop, out=tmp_path / "out", ulog=True, bin_=True)
    assert (tmp_path / "out" / flying.ULOG_FILE).stat().st_size > 0
    assert (tmp_path / "out" / flying.BIN_FILE).stat().st_size > 0
    assert recording_folder.read(tmp_path / "out").truth.height > 0


def test_logs_without_a_folder_are_refused(hop: str):
    with pytest.raises(ReadError, match="--out"):
        flying.record_flight(hop, ulog=True)


def test_a_folder_that_holds_something_is_left_alone(hop: str, tmp_path: Path):
    with pytest.raises(WriteError):
        flying.record_flight(hop, out=tmp_path)


def test_a_ground_station_beyond_this_machine_must_be_asked_for(hop: str):
    with pytest.raises(ReadError, match="mavlink-anywhere"):
        flying.record_flight(hop, mavlink="udp:192.0.2.1:14550")
