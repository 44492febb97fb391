"""An exercise repeats itself bit for bit, whatever flies beside it, and keeps what a recording needs."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from seated import Flight, fault, scenario

from hotwash.air import scenarios
from hotwash.errors import AirframeError, CommandError, HotwashError, ScenarioError
from hotwash.flight.exercise import FlightExercise
from hotwash.flight.seats import fields
from hotwash.flight.seats.pilot import Command
from hotwash.front.exercises import replay, start_exercise
from hotwash.geo.frames import geodetic2enu
from hotwash.lanes import kernels as lane_kernels
from hotwash.model import schema, tables
from hotwash.model.flight_scenario import FAULT_VALUES
from hotwash.model.recording import Recording
from hotwash.model.scenario import as_flight, as_watch, parse
from hotwash.watch.exercise import WatchExercise

HERE = Path(__file__).resolve().parent
ONE_MICROMETRE = 1e-6
AS_COMPILED = 1e-9  # plain and compiled code round some library calls differently

GUSTY = '[weather]\nwind_mps = 4\nturbulence = "moderate"\n'
VARIED = """
[randomise]
weather.wind_mps = [0, 8]
airframe.mass = [0.9, 1.1]
airframe.drag = [0.8, 1.2]
seats.ann.east_m = [-20, 20]
seats.ann.heading_deg = [0, 360]
faults.satnav_drift.onset_s = [0.1, 1.0]
faults.satnav_drift.speed_mps = [0.2, 2.0]
"""
BUSY = GUSTY + fault("satnav_drift", 1, speed_mps=1.0) + fault("link_jitter", 0, jitter_s=0.1) + VARIED


def waved(worlds, step):
    """Return sticks that go to and fro, the same in every world."""
    sticks = {name: 0.6 * np.sin(0.05 * step + phase) for phase, name in enumerate(("roll", "pitch", "yaw"))}
    return Command.of_sticks(worlds, throttle=0.2 * np.cos(0.03 * step), gimbal_pitch_rate=-0.3, **sticks)


def flown(of, *, worlds=1, steps=150, seed=5, **choices):
    exercise = FlightExercise(of, worlds=worlds, **choices)
    exercise.reset(seed)
    views = [exercise.step({"ann": waved(worlds, step)})["ann"] for step in range(steps)]
    exercise.close()
    return exercise, views


def same(first: Recording, second: Recording) -> bool:
    frames = ("truth", "controls", "events", "sensors", "detections")
    return first.scenario == second.scenario and all(
        getattr(first, name).equals(getattr(second, name)) for name in frames
    )


# ---------------------------------------------------------------- repeating itself


def test_one_seed_gives_one_recording():
    (first, _), (second, _) = (flown(scenario(BUSY), record=True) for _ in range(2))
    assert same(first.recording(), second.recording())
    other, _ = flown(scenario(BUSY), record=True, seed=6)
    assert not first.recording().truth.equals(other.recording().truth)


def test_the_controls_of_a_recording_fly_it_again():
    recording = flown(scenario(BUSY), record=True)[0].recording()
    assert same(replay(recording), recording)


def test_the_recording_of_any_world_flies_again_by_itself():
    exercise, _ = flown(scenario(BUSY), worlds=40, record=True)
    recording = exercise.recording(37)
    assert same(replay(recording), recording)


@pytest.mark.parametrize(("airframe", "sight"), [("quad-900g", "line_of_sight"), ("wing-2kg", "camera")])
def test_a_world_does_not_depend_on_how_many_fly_beside_it(airframe: str, sight: str):
    of = scenario(BUSY, airframe=airframe, seat=f'sight = "{sight}"')
    alone, few, many = (flown(of, worlds=worlds)[1][-1].rows[0] for worlds in (1, 3, 70))
    assert np.array_equal(alone, few)
    assert np.array_equal(alone, many)


def test_worlds_differ():
    rows = flown(scenario(BUSY), worlds=8)[1][-1].seen_position_m
    assert len(np.unique(rows[:, 0])) == 8


def test_threads_change_nothing():
    one, two = (flown(scenario(BUSY), worlds=100, threads=threads)[1][-1].rows for threads in (1, 2))
    assert np.array_equal(one, two)


def test_compiled_and_plain_code_agree(tmp_path: Path):
    program = (
        "import sys, numpy as np\n"
        f"sys.path[:0] = {[str(HERE), str(HERE.parent)]!r}\n"
        "from test_exercise import BUSY, flown\nfrom seated import scenario\n"
        "np.save(sys.argv[1], np.array([view.rows for view in flown(scenario(BUSY), steps=30)[1]]))\n"
    )
    path = tmp_path / "rows.npy"
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run([sys.executable, "-c", program, str(path)], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    compiled = np.array([view.rows for view in flown(scenario(BUSY), steps=30)[1]])
    assert np.allclose(np.load(path), compiled, rtol=0.0, atol=AS_COMPILED)


# ---------------------------------------------------------------- resets


def test_a_world_that_is_reset_alone_flies_as_it_did_and_leaves_the_others_be():
    of, mask = scenario(BUSY), np.arange(5) == 2
    _, straight = flown(of, worlds=5, steps=80)
    exercise = FlightExercise(of, worlds=5)
    exercise.reset(5)
    for step in range(30):
        exercise.step({"ann": waved(5, step)})
    exercise.reset(5, worlds=mask)
    late = [exercise.step({"ann": waved(5, step)})["ann"] for step in range(80)]
    assert exercise.times_s[2] == pytest.approx(1.6)
    assert np.array_equal(late[-1].rows[2], straight[-1].rows[2])
    assert exercise.times_s[1] == pytest.approx(2.2)


def test_a_view_never_changes_after_it_was_given():
    exercise = FlightExercise(scenario())
    first = exercise.reset(1)["ann"]
    kept = first.rows.copy()
    exercise.step({"ann": Command.of_sticks(1, throttle=1.0)})
    assert np.array_equal(first.rows, kept)


def test_a_command_that_was_given_never_changes():
    exercise = FlightExercise(scenario())
    exercise.reset(1)
    command = Command.of_sticks(1, throttle=0.5)
    exercise.step({"ann": command})
    exercise.reset(1)
    assert command.throttle[0] == 0.5


def test_ranges_are_drawn_within_their_bounds():
    exercise = FlightExercise(scenario(BUSY), worlds=200)
    view = exercise.reset(9)["ann"]
    east = view.seen_position_m[:, 0]
    assert -20.0 <= east.min() < -15.0
    assert 15.0 < east.max() <= 20.0
    masses = exercise.pilot_seats[0].fleet.params[:, 0].ravel()[:200]
    assert masses.min() > 0.9 * 0.895
    assert masses.max() < 1.1 * 0.895
    assert np.ptp(masses) > 0.1


# ---------------------------------------------------------------- commands that cannot be

BAD = [
    ("roll", 1.5, "roll"), ("pitch", np.nan, "pitch"), ("throttle", -1.001, "throttle"), ("yaw", np.inf, "yaw"),
    ("gimbal_pitch_rate", 2.0, "gimbal_pitch_rate"), ("capture", 0.5, "capture"), ("mode", 7.0, "mode"),
    ("mode", 1.5, "mode"), ("buttons", 4.0, "buttons"), ("buttons", -1.0, "buttons"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value", "named"), BAD)
def test_a_command_out_of_range_is_refused_by_seat_world_and_field(field: str, value: float, named: str):
    exercise = FlightExercise(scenario(), worlds=3)
    before = exercise.reset(1)["ann"].rows
    command = Command.of_sticks(3, **{field: np.array([0.0, 0.0, value])})
    with pytest.raises(CommandError) as caught:
        exercise.step({"ann": command})
    assert caught.value.thing == "ann"
    assert caught.value.place == f"world 2, {named}"
    after = exercise.pilot_seats[0].view
    assert np.array_equal(before, after)


@pytest.mark.parametrize(
    ("commands", "why"),
    [
        ({}, "no command"),
        ({"ann": Command.neutral(2)}, "it is for 2 worlds"),
        ({"ann": Command.neutral(), "bo": Command.neutral()}, "no such seat"),
        ({"ann": Command(np.zeros((1, 5)))}, "shape"),
    ],
)
def test_commands_for_others_are_refused(commands, why):
    exercise = FlightExercise(scenario())
    exercise.reset(1)
    with pytest.raises(CommandError, match=why):
        exercise.step(commands)


def test_a_step_before_the_first_reset_is_refused():
    with pytest.raises(CommandError, match="reset"):
        FlightExercise(scenario()).step({"ann": Command.neutral()})


# ---------------------------------------------------------------- scenarios that cannot be


def test_an_unknown_airframe_is_refused_with_the_nearest():
    with pytest.raises(ScenarioError, match="did you mean quad-900g"):
        FlightExercise(scenario(airframe="quad-900"))


def test_an_unknown_lane_or_task_is_refused():
    with pytest.raises(ScenarioError, match="lane"):
        FlightExercise(scenario(top='lane = "no-such-lane"'))
    with pytest.raises(ScenarioError, match="when_task"):
        FlightExercise(scenario('[[faults]]\nkind = "battery"\nwhen_task = "no such"\n', top='lane = "bperp"'))


def test_a_carried_airframe_of_negative_mass_is_refused():
    from hotwash import resources

    text = resources.read("flight/airframes/quad-900g.toml").decode()
    text = text.replace("mass = { value = 0.895", "mass = { value = -0.895")
    tables_of = f"[carried.airframes]\nown = '''\n{text}'''\n"
    with pytest.raises(AirframeError, match="body"):
        FlightExercise(scenario(tables_of, airframe="own"))


def test_ranges_in_which_it_cannot_hover_are_refused():
    with pytest.raises(AirframeError, match="hover"):
        FlightExercise(scenario("[randomise]\nairframe.mass = [3.0, 3.0]\n")).reset(1)


@pytest.mark.parametrize("name", scenarios.FLIGHTS)
def test_every_shipped_scenario_flies(name: str):
    of = scenarios.read_scenario(name)
    exercise = FlightExercise(of, record=True)
    exercise.reset(1)
    for _ in range(5):
        exercise.step({seat: Command.neutral() for seat in exercise.seats})
    assert same(replay(exercise.recording()), exercise.recording())


def test_every_lane_has_a_scenario_of_its_name():
    from hotwash.lanes import lane

    assert set(lane.SHIPPED) <= set(scenarios.SHIPPED)


# ---------------------------------------------------------------- the recording


def test_a_recording_is_of_the_declared_tables_and_carries_its_scenario():
    recording = flown(scenario(BUSY), record=True)[0].recording()
    for name in ("truth", "controls", "events", "sensors", "detections"):
        assert not schema.drift(getattr(recording, name), tables.TABLES[name])
    carried = parse(recording.scenario or "", name="carried")
    assert (carried.seed, carried.world) == (5, 0)
    assert "quad-900g" in carried.airframes
    assert recording.truth.height == 151
    assert recording.controls.height == 150


def test_truth_is_where_the_drone_was():
    exercise, views = flown(scenario(GUSTY), record=True, steps=100)
    last = exercise.recording().truth.row(-1, named=True)
    place = exercise.scenario.place
    found = geodetic2enu(
        last["lat_deg"], last["lon_deg"], last["height_hae_m"], place.lat_deg, place.lon_deg, place.height_hae_m
    )
    assert np.allclose(found, views[-1].seen_position_m[0], rtol=0.0, atol=ONE_MICROMETRE)


def test_a_flight_that_breaks_off_is_recorded_up_to_there():
    exercise, _ = flown(scenario(), record=True, steps=40)
    with pytest.raises(CommandError):
        exercise.step({"ann": Command.of_sticks(1, roll=np.nan)})
    exercise.close()
    assert exercise.recording().controls.height == 40


def test_nothing_is_recorded_before_the_first_reset():
    with pytest.raises(HotwashError, match="reset"):
        FlightExercise(scenario(), record=True).recording()


def test_without_a_record_there_is_none():
    with pytest.raises(HotwashError, match="record=True"):
        flown(scenario(), steps=1)[0].recording()


def test_events_tell_modes_faults_messages_pictures_and_landings():
    inject = '[[injects]]\ntime_s = 1.0\ntext = "a walker comes near"\n'
    flight = Flight(scenario(fault("satnav_off", 2, end_s=3) + inject, up_m=3), record=True).hold(4)
    flight.press(capture=1).press(mode="land").hold(10)
    events = flight.exercise.recording().events
    told = events.select("kind", "text").rows()
    assert told[0] == ("mode", "position_hold")
    assert ("inject", "a walker comes near") in told
    assert ("fault", "satnav_off") in told
    assert ("warning", "no satellite fix") in told
    assert {"capture", "landed", "disarmed"} <= set(events["kind"])
    of_fault = events.filter(pl.col("kind") == "fault").row(0, named=True)
    assert (of_fault["end_utc"] - of_fault["start_utc"]).total_seconds() == 1.0
    assert flight.view.inject[0] == 1.0


def test_sensors_of_a_scenario_detect_the_drone_and_do_so_again():
    sensor = """
[[sensors]]
sensor_id = "tower"
kind = "primary_radar"
lat_deg = 52.01
lon_deg = 21.0
height_hae_m = 120.0
max_range_m = 5000.0
scan_period_s = 1.0
detection_probability = 0.9
"""
    recording = Flight(scenario(sensor, up_m=60), record=True).hold(10, pitch=0.5).exercise.recording()
    assert recording.detections.height > 3
    assert same(replay(recording), recording)


def test_two_seats_fly_two_drones_and_each_has_its_own_faults():
    other = '\n[[seats]]\nname = "bo"\nairframe = "quad-5kg"\nposition_m = [30, 0, 10]\n'
    of = scenario(fault("satnav_off", 1, seat="bo"), seat=other)
    exercise = FlightExercise(of, record=True)
    exercise.reset(1)
    for _ in range(100):
        views = exercise.step({"ann": Command.of_sticks(1, pitch=0.5), "bo": Command.neutral()})
    assert views["ann"].has_fix[0] == 1.0
    assert views["bo"].has_fix[0] == 0.0
    assert set(exercise.recording().truth["object_id"]) == {"ann", "bo"}
    assert same(replay(exercise.recording()), exercise.recording())


def test_a_scenario_is_run_by_the_exercise_of_its_kind():
    watch, flight = scenarios.read_scenario("watch-night"), scenario()
    assert isinstance(start_exercise(flight), FlightExercise)
    assert isinstance(start_exercise(watch), WatchExercise)
    with pytest.raises(ScenarioError, match="keeps the watch"):
        as_flight(watch)
    with pytest.raises(ScenarioError, match="no watch seat"):
        as_watch(flight)


def test_a_fault_that_waits_for_a_task_sets_in_when_the_lane_comes_to_it():
    tables_of = '[[faults]]\nkind = "satnav_off"\nwhen_task = "{task}"\nend_s = 2\n'
    lane = FlightExercise(scenario(top='lane = "bperp"')).lane
    of = scenario(tables_of.format(task=lane.tasks[0].name), top='lane = "bperp"', up_m=0)
    flight = Flight(of).hold(1)
    assert flight.view.has_fix[0] == 0.0
    assert flight.hold(2).view.has_fix[0] == 1.0


def test_a_view_shows_the_task_that_is_called_out():
    flight = Flight(scenario(top='lane = "bperp"', up_m=0)).hold(0.1)
    lane = flight.exercise.lane
    assert flight.view.tasks[0] == len(lane.tasks)
    referee = flight.exercise.referees["ann"]
    assert flight.view.task_position_m[0].tolist() == referee.target_m[0].tolist()
    east, north = referee.state[0, lane_kernels.AIM + 3 : lane_kernels.AIM + 5]
    assert flight.view.task_heading_deg[0] == pytest.approx(math.degrees(math.atan2(east, north)) % 360.0)
    assert flight.view.seconds_left[0] == pytest.approx(lane.time_limit_s - 0.1)


def test_an_exercise_is_over_when_its_time_is_up():
    flight = Flight(replace(scenario(), time_limit_s=1.0)).hold(0.98)
    assert not flight.exercise.is_over[0]
    assert flight.hold(0.04).exercise.is_over[0]


def test_the_kinds_of_fault_are_numbered_as_the_scenario_names_them():
    assert tuple(FAULT_VALUES) == fields.FAULT_KINDS
