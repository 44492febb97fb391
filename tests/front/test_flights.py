"""A flight as a value: flown by a policy, recorded and scored; nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from flown_scenarios import scenario

import hotwash
from hotwash.errors import AirframeError, CommandError, ReadError, ScenarioError


@pytest.fixture
def hop(tmp_path: Path) -> str:
    """A small exercise as a file of one's own."""
    path = tmp_path / "hop.toml"
    path.write_text(scenario(pass_points=3.0).text, encoding="utf-8")
    return str(path)


def test_a_flight_is_scored_and_nothing_is_written(hop: str, tmp_path: Path):
    before = sorted(tmp_path.rglob("*"))
    done = hotwash.fly(hop, seed=1)
    assert (done.measured.points, done.measured.possible, done.measured.result) == (3.0, 3.0, "GO")
    assert not done.is_no_go
    assert sorted(tmp_path.rglob("*")) == before


def test_one_seed_is_one_flight(hop: str):
    one, other = (hotwash.fly(hop, policy="novice", seed=5).recording for _ in range(2))
    assert one.truth.equals(other.truth)
    assert one.controls.equals(other.controls)
    assert one.scenario == other.scenario


def test_pass_marks_may_be_given_at_the_flight(hop: str):
    assert hotwash.fly(hop, pass_points=3.0, pass_seconds=1.0).is_no_go
    assert not hotwash.fly(hop, pass_points=1.0, pass_seconds=60.0).is_no_go


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"scenario": "no-such-exercise"}, ScenarioError, "bperp"),
        ({"scenario": "no/such/file.toml"}, ReadError, "cannot be read"),
        ({"scenario": "bperp", "policy": "ace"}, CommandError, "autopilot, novice, random"),
        ({"scenario": "bperp", "airframe": "quad-9g"}, ScenarioError, "quad-900g"),
    ],
)
def test_what_cannot_be_flown_is_refused_with_a_way_out(asked: dict[str, str], error: type[Exception], said: str):
    with pytest.raises(error, match=said):
        hotwash.fly(**asked)


def test_an_airframe_of_ones_own_is_carried_by_the_recording(hop: str, tmp_path: Path):
    from hotwash import resources

    own = tmp_path / "mine.toml"
    own.write_bytes(resources.read("flight/airframes/quad-900g.toml"))
    done = hotwash.fly(hop, airframe=str(own))
    assert done.airframe == "mine"
    assert done.recording.scenario is not None
    assert '"mine" = ' in done.recording.scenario


def test_an_airframe_that_cannot_hover_is_refused(hop: str, tmp_path: Path):
    from hotwash import resources

    text = resources.read("flight/airframes/quad-900g.toml").decode()
    heavy = tmp_path / "heavy.toml"
    heavy.write_text(text.replace("mass = { value = 0.895", "mass = { value = 9.0"), encoding="utf-8")
    with pytest.raises(AirframeError):
        hotwash.fly(hop, airframe=str(heavy))


def test_a_scenario_is_found_by_name_by_file_or_as_it_is(hop: str):
    assert hotwash.load_scenario("bperp").name == "bperp"
    assert hotwash.load_scenario(hop).name == "hop"
    assert hotwash.load_scenario(scenario()).name == "hop"
