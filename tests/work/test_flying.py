"""Flying an exercise from end to end: who flew what, what came of it, what is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from flown_scenarios import scenario

from hotwash.errors import AirframeError, CommandError, ReadError, ScenarioError, WriteError
from hotwash.exercise import replay
from hotwash.ingest import recording_folder
from hotwash.score.attempt import measure_flight
from hotwash.work import exercises, flying
from hotwash.work.flying import Asked


@pytest.fixture
def hop(tmp_path: Path) -> str:
    """A small exercise as a file of one's own."""
    path = tmp_path / "hop.toml"
    path.write_text(scenario(pass_points=3.0).text, encoding="utf-8")
    return str(path)


def test_a_flight_is_scored_and_nothing_is_written(hop: str, tmp_path: Path):
    before = sorted(tmp_path.rglob("*"))
    done = flying.fly(Asked(hop, seed=1))
    assert (done.measured.points, done.measured.possible, done.measured.result) == (3.0, 3.0, "GO")
    assert not done.is_no_go
    assert sorted(tmp_path.rglob("*")) == before


def test_what_is_written_scores_and_flies_again(hop: str, tmp_path: Path):
    done = flying.fly(Asked(hop, policy="novice", seed=2), out=tmp_path / "out")
    read = recording_folder.read(tmp_path / "out")
    assert measure_flight(read).points == done.measured.points
    again = replay(read)
    assert again.truth.equals(read.truth)
    assert again.events.equals(read.events)


def test_one_seed_is_one_flight(hop: str):
    one, other = (flying.fly(Asked(hop, policy="novice", seed=5)).recording for _ in range(2))
    assert one.truth.equals(other.truth)
    assert one.controls.equals(other.controls)
    assert one.scenario == other.scenario


def test_pass_marks_may_be_given_at_the_flight(hop: str):
    assert flying.fly(Asked(hop, pass_points=3.0, pass_seconds=1.0)).is_no_go
    assert not flying.fly(Asked(hop, pass_points=1.0, pass_seconds=60.0)).is_no_go


def test_the_flight_for_a_program_has_what_the_manual_lists(hop: str):
    told = flying.fly(Asked(hop, seed=1, airframe="quad-5kg")).flat()
    page = (Path(__file__).resolve().parents[2] / "docs/how-to/fly.md").read_text(encoding="utf-8")
    rows = page.partition("## As JSON")[2].partition("\n## ")[0]
    listed = {name for line in rows.splitlines() if line.startswith("| `") for name in _words(line)}
    assert set(told) == listed
    assert (told["airframe"], told["seed"], told["policy"]) == ("quad-5kg", 1, "autopilot")
    assert [task["name"] for task in told["tasks"]] == ["up", "over", "down"]


def _words(line: str) -> list[str]:
    """Return the names in the first cell of a row."""
    return [word.strip("` ") for word in line.split("|")[1].split(",")]


def test_logs_lie_beside_the_recording(hop: str, tmp_path: Path):
    flying.fly(Asked(hop), out=tmp_path / "out", ulog=True, bin_=True)
    assert (tmp_path / "out" / flying.ULOG_FILE).stat().st_size > 0
    assert (tmp_path / "out" / flying.BIN_FILE).stat().st_size > 0
    assert recording_folder.read(tmp_path / "out").truth.height > 0


def test_logs_without_a_folder_are_refused(hop: str):
    with pytest.raises(ReadError, match="--out"):
        flying.fly(Asked(hop), ulog=True)


def test_a_folder_that_holds_something_is_left_alone(hop: str, tmp_path: Path):
    with pytest.raises(WriteError):
        flying.fly(Asked(hop), out=tmp_path)


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        (Asked("no-such-exercise"), ScenarioError, "bperp"),
        (Asked("no/such/file.toml"), ReadError, "cannot be read"),
        (Asked("bperp", policy="ace"), CommandError, "autopilot, novice, random"),
        (Asked("bperp", airframe="quad-9g"), ScenarioError, "quad-900g"),
    ],
)
def test_what_cannot_be_flown_is_refused_with_a_way_out(asked: Asked, error: type[Exception], said: str):
    with pytest.raises(error, match=said):
        flying.fly(asked)


def test_an_airframe_of_ones_own_is_carried_by_the_recording(hop: str, tmp_path: Path):
    from hotwash import resources

    own = tmp_path / "mine.toml"
    own.write_bytes(resources.read("flight/airframes/quad-900g.toml"))
    done = flying.fly(Asked(hop, airframe=str(own)))
    assert done.airframe == "mine"
    assert done.recording.scenario is not None
    assert '"mine" = ' in done.recording.scenario


def test_an_airframe_that_cannot_hover_is_refused(hop: str, tmp_path: Path):
    from hotwash import resources

    text = resources.read("flight/airframes/quad-900g.toml").decode()
    heavy = tmp_path / "heavy.toml"
    heavy.write_text(text.replace("mass = { value = 0.895", "mass = { value = 9.0"), encoding="utf-8")
    with pytest.raises(AirframeError):
        flying.fly(Asked(hop, airframe=str(heavy)))


def test_a_scenario_is_found_by_name_by_file_or_as_it_is(hop: str):
    assert exercises.found("bperp").name == "bperp"
    assert exercises.found(hop).name == "hop"
    assert exercises.found(scenario()).name == "hop"


def test_a_ground_station_beyond_this_machine_must_be_asked_for(hop: str):
    with pytest.raises(ReadError, match="mavlink-anywhere"):
        flying.fly(Asked(hop, mavlink="udp:192.0.2.1:14550"))
