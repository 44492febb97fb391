"""Faults of an exercise reach a client of MAVLink as they reach a pilot: it is fooled, cut off, told what a seat is."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from hotwash.flight.exercise import FlightExercise
from hotwash.geo import attitudes, frames
from hotwash.mavlink import decoder
from hotwash.mavlink.messages import Message
from hotwash.mavlink.telemetry import FIXED_WING
from hotwash.mavlink.vehicle import Vehicle
from hotwash.model import scenario

FIELD = """
name = "field"

[place]
lat_deg = 52.1
lon_deg = 21.2

[[seats]]
name = "pilot"
airframe = "{airframe}"
position_m = [0.0, 0.0, 30.0]

[[faults]]
kind = "{kind}"
onset_s = 2.0
end_s = 12.0
{values}
"""


@dataclass
class Heard:
    """What a client heard, and the truth that it did not."""

    vehicle: Vehicle
    messages: list[Message] = field(default_factory=list)
    truth_m: list[np.ndarray] = field(default_factory=list)
    heading_deg: float = 0.0

    def of(self, name: str, *, begin_s: float, end_s: float) -> list[Message]:
        times = (begin_s * 1e3, end_s * 1e3)
        return [each for each in self.messages if each.name == name and times[0] < _time_ms(each) <= times[1]]

    @property
    def texts(self) -> list[str]:
        return [each.text("text") for each in self.messages if each.name == "STATUSTEXT"]


def _time_ms(message: Message) -> float:
    return message.number("time_boot_ms") if "time_boot_ms" in message.values else -1.0


def flown(kind: str, *, values: str = "", airframe: str = "quad-900g", seconds: float = 16.0) -> Heard:
    """Let a vehicle hover through a fault, and listen."""
    text = FIELD.format(kind=kind, values=values, airframe=airframe)
    exercise = FlightExercise(scenario.parse(text, name="field.toml"), record=True)
    place = exercise.scenario.place
    heard = Heard(Vehicle(place, exercise.reset(5)["pilot"], is_wing=exercise.airframes["pilot"].kind == "fixed_wing"))
    for _ in range(round(seconds / exercise.scenario.step_s)):
        heard.vehicle.see(exercise.step({"pilot": heard.vehicle.command()})["pilot"])
        for frame in heard.vehicle.due_frames():
            heard.messages += decoder.decode(frame).messages
    truth = exercise.recording().truth
    turned = attitudes.enu2ned_quaternion([truth[name][-1] for name in ("q_x", "q_y", "q_z", "q_w")])
    heard.heading_deg = float(attitudes.quaternion2euler(turned)[2])
    heard.truth_m = np.stack(
        frames.geodetic2enu(
            truth["lat_deg"], truth["lon_deg"], truth["height_hae_m"], place.lat_deg, place.lon_deg, place.height_hae_m
        ),
        axis=-1,
    )
    return heard


def test_a_drift_of_the_satellites_carries_it_away_while_it_says_that_it_stands():
    heard = flown("satnav_drift", values="speed_mps = 1.0\ndirection_deg = 90.0")
    said = heard.of("LOCAL_POSITION_NED", begin_s=11.0, end_s=12.0)
    assert np.hypot(said[-1].number("x"), said[-1].number("y")) < 2.0
    assert np.hypot(*heard.truth_m[round(12.0 / 0.02), :2]) > 7.0


def test_a_cut_link_is_silence_and_the_vehicle_is_heard_again_afterwards():
    heard = flown("link_loss")
    assert heard.of("ATTITUDE", begin_s=1.0, end_s=2.0)
    assert not heard.of("ATTITUDE", begin_s=4.0, end_s=12.0)
    assert heard.of("ATTITUDE", begin_s=13.0, end_s=16.0)


def test_a_lost_fix_is_told_and_no_position_with_it():
    heard = flown("satnav_off")
    assert "no satellite fix" in heard.texts
    assert not heard.of("GLOBAL_POSITION_INT", begin_s=5.0, end_s=12.0)
    assert heard.of("ATTITUDE", begin_s=5.0, end_s=12.0)


def test_a_compass_that_is_off_turns_the_vehicle_while_it_says_that_it_did_not():
    heard = flown("compass_offset", values="offset_deg = 40.0", seconds=8.0)
    told_deg = heard.of("GLOBAL_POSITION_INT", begin_s=0.0, end_s=8.0)[-1].number("hdg") / 100.0
    assert (told_deg + 180.0) % 360.0 == pytest.approx(180.0, abs=2.0)
    assert heard.heading_deg == pytest.approx(320.0, abs=2.0)


def test_a_fixed_wing_is_told_as_one_and_goes_round():
    heard = flown("compass_offset", values="offset_deg = 1.0", airframe="wing-2kg", seconds=4.0)
    beat = [each for each in heard.messages if each.name == "HEARTBEAT"][-1]
    assert beat.integer("type") == FIXED_WING
    assert heard.vehicle.view.airspeed_mps[0] > 10.0
