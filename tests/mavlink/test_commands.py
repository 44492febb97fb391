"""Commands of MAVLink: each is flown as its frame and its fields say, or refused in words."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from point_mass import mode_word
from pymavlink.dialects.v20 import common
from talking import ACCEPTED, DENIED, NAN, NOT_NOW, UNSUPPORTED, UNSUPPORTED_FRAME, Talk

from hotwash.flight.exercise import FlightExercise
from hotwash.flight.seats import fields as f
from hotwash.mavlink import decoder, points
from hotwash.mavlink import encoder as written
from hotwash.mavlink.answers import Answer
from hotwash.mavlink.briefing import Briefing
from hotwash.mavlink.messages import Message
from hotwash.mavlink.server import _reach
from hotwash.mavlink.telemetry import VehicleState
from hotwash.mavlink.vehicle import Vehicle
from hotwash.model import scenario
from hotwash.model.scenario_parts import Place

HALF_A_METRE = 0.6
ONE_CENTIMETRE = 0.01
GROUND_HAE_M = 130.0
NORTH = {"x": round(52.1002e7), "y": round(21.2e7)}  # 22 m north of the place
TAKE_OFF, LAND, RETURN, GO, MODE, ARM, SPEED = 22, 21, 20, 192, 176, 400, 178


# ---------------------------------------------------------------- frames


@pytest.mark.parametrize("frame", [frame for frame in (*range(22), 99, 255) if frame not in points.HEIGHT_FROM])
@pytest.mark.parametrize("number", [GO, TAKE_OFF, LAND])
def test_a_frame_that_is_not_flown_in_is_refused_as_such_and_nothing_moves(frame: int, number: int):
    talk = Talk().up()
    before = talk.place.copy()
    talk.order_int(number, answer=UNSUPPORTED_FRAME, frame=frame, x=200_000, y=0, z=140.0).fly(1.0)
    assert talk.place == pytest.approx(before, abs=HALF_A_METRE)
    assert talk.texts == [f"frame {frame} is not flown in; send a global one"]


@pytest.mark.parametrize(
    ("frame", "sent_m", "up_m"), [(0, 150.0, 20.0), (5, 150.0, 20.0), (3, 20.0, 20.0), (6, 20.0, 20.0),
                                  (10, 20.0, 20.0), (11, 20.0, 20.0)],
)  # fmt: skip
def test_a_point_is_flown_to_at_the_height_that_its_frame_says(frame: int, sent_m: float, up_m: float):
    talk = Talk().up()
    talk.order_int(GO, frame=frame, param1=-1.0, param4=NAN, z=sent_m, **NORTH).fly(14.0)
    assert talk.place[2] == pytest.approx(up_m, abs=HALF_A_METRE)
    assert talk.place[1] == pytest.approx(22.25, abs=HALF_A_METRE)  # 0.0002 degrees at 111.26 km each


def test_heights_above_terrain_home_and_sea_level_are_three():
    place = Place(lat_deg=52.1, lon_deg=21.2, height_hae_m=GROUND_HAE_M)
    talk = Talk()
    # A home that stands 12 m above the level ground, as on a roof.
    state = VehicleState(talk.vehicle.view, place, 0, (0.0, 0.0, 12.0), 0.0, "pilot")

    def up_of(frame: int) -> float:
        named = points.read_point(
            Message("COMMAND_INT", {"frame": frame, "z": 150.0, "x": 521_000_000, "y": 212_000_000})
        )
        assert not isinstance(named, Answer)
        return points.place_point(named, state, (0.0, 0.0, 12.0))[2]

    assert up_of(5) == pytest.approx(20.0, abs=ONE_CENTIMETRE)
    assert up_of(6) == pytest.approx(162.0, abs=ONE_CENTIMETRE)
    assert up_of(11) == pytest.approx(150.0, abs=ONE_CENTIMETRE)


@pytest.mark.parametrize(("frame", "sent_m"), [(6, 7.0), (3, 7.0), (11, 7.0), (5, 137.0), (0, 137.0)])
def test_a_take_off_looks_at_its_frame(frame: int, sent_m: float):
    talk = Talk().order(ARM, param1=1)
    talk.order_int(TAKE_OFF, frame=frame, param4=NAN, x=round(52.1e7), y=round(21.2e7), z=sent_m).fly(8.0)
    assert talk.place[2] == pytest.approx(7.0, abs=HALF_A_METRE)


def test_a_take_off_turns_where_it_is_told_to():
    talk = Talk().order(ARM, param1=1).order(TAKE_OFF, param4=90.0, param7=NAN).fly(6.0)
    assert talk.exercise.heading_deg == pytest.approx(90.0, abs=2.0)


def test_a_take_off_or_landing_elsewhere_is_refused_since_it_would_not_be_flown():
    talk = Talk().order(ARM, param1=1)
    talk.order_int(TAKE_OFF, answer=DENIED, frame=6, param4=NAN, z=7.0, **NORTH)
    assert talk.texts == ["it takes off where it is; send it to the point first"]
    talk.up().order_int(LAND, answer=DENIED, frame=6, x=round(52.2e7), y=round(21.2e7))
    assert talk.place[2] > 4.0


def test_a_heading_from_the_nose_is_counted_from_the_nose():
    talk = Talk().up()
    turn = {"param1": -1.0, "param4": math.radians(50.0), "z": 5.0, **NORTH}
    talk.order_int(GO, frame=6, param2=3.0, **turn).fly(8.0)
    assert talk.exercise.heading_deg == pytest.approx(90.0, abs=2.0)  # it stood at 40
    talk.order_int(GO, frame=6, param2=1.0, **turn).fly(8.0)
    assert talk.exercise.heading_deg == pytest.approx(50.0, abs=2.0)
    talk.order_int(GO, answer=DENIED, frame=6, param2=4.0, **turn)


# ---------------------------------------------------------------- fields that change what others mean


@pytest.mark.parametrize(
    ("number", "values", "answer"),
    [
        (ARM, {"param1": 0.5}, DENIED),
        (ARM, {"param1": 2.0}, DENIED),
        (ARM, {"param1": NAN}, DENIED),
        (ARM, {"param1": 1.0, "param2": 7.0}, DENIED),
        (SPEED, {"param1": 2.0, "param2": 3.0}, DENIED),  # a climb
        (SPEED, {"param1": 0.0, "param2": 3.0}, DENIED),  # against the air
        (SPEED, {"param1": 1.0, "param2": 3.0, "param3": 40.0}, DENIED),  # and a throttle
        (SPEED, {"param1": 1.0, "param2": 300.0}, DENIED),
        (MODE, {"param1": 0.0, "param2": 3.0}, DENIED),
        (MODE, {"param1": 1.0, "param2": 2.5}, DENIED),
        (MODE, {"param1": 1.0, "param2": 3.0, "param3": 1.0}, UNSUPPORTED),  # PX4's orbit, not position hold
        (MODE, {"param1": 1.0, "param2": 12.0}, UNSUPPORTED),
        (511, {"param1": 30.0, "param2": -7.0}, DENIED),
        (511, {"param1": 30.0, "param2": 1e5, "param7": 9.0}, DENIED),
        (511, {"param1": 30.5, "param2": 1e5}, DENIED),
        (2000, {"param3": 10.0}, DENIED),
        (205, {"param1": -30.0, "param7": 4.0}, DENIED),
        (1000, {"param1": -30.0, "param2": 20.0}, DENIED),
    ],
)  # fmt: skip
def test_an_unknown_value_never_falls_through_to_a_default(number: int, values: dict[str, float], answer: int):
    talk = Talk()
    before = (talk.exercise.is_armed, talk.exercise.mode, talk.vehicle.orders.speed_mps)
    talk.order(number, answer=answer, **values)
    assert (talk.exercise.is_armed, talk.exercise.mode, talk.vehicle.orders.speed_mps) == before
    assert talk.texts
    assert not talk.exercise.pictures


def test_a_throttle_that_is_not_there_is_no_descent():
    talk = Talk().up().order(MODE, param1=1, param2=3)
    for _ in range(5):
        talk.send("MANUAL_CONTROL", target=1, x=0, y=0, r=0, z=32_767).fly(0.4)
    assert talk.place[2] == pytest.approx(5.0, abs=HALF_A_METRE)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([20, 21, 22, 176, 178, 192, 203, 205, 400, 510, 511, 512, 1000, 2000, 34, 207, 300]),
       st.integers(0, 255), st.lists(st.floats(width=32), min_size=5, max_size=5),
       st.integers(-(2**31), 2**31 - 1), st.integers(-(2**31), 2**31 - 1))  # fmt: skip
def test_every_refusal_has_words(number: int, frame: int, values: list[float], x: int, y: int):
    talk = Talk()
    filled = {f"param{n}": value for n, value in enumerate(values[:4], start=1)}
    talk.send("COMMAND_INT", command=number, target_system=1, frame=frame, x=x, y=y, z=values[4], **filled).fly(1.3)
    (answer,) = talk.of("COMMAND_ACK")
    assert (answer.integer("result") == ACCEPTED) or talk.texts


# ---------------------------------------------------------------- what is accepted is flown


@pytest.mark.parametrize("number", [RETURN, MODE])
def test_without_a_fix_a_landing_is_not_given_up_for_what_cannot_be_flown(number: int):
    talk = Talk().up().order(LAND)
    talk.exercise.fixless = True
    talk.fly(0.1).order(number, answer=NOT_NOW, param1=1, param2=4, param3=3)
    assert talk.texts[-1].startswith(("cannot return: no satellite fix", "cannot hold: no satellite fix"))
    assert mode_word(talk.fly(10.0).exercise) == "land"
    assert talk.place[2] == 0.0


def test_what_a_failsafe_forbids_is_refused_once_it_was_seen_not_to_be_flown():
    talk = Talk().up()
    talk.exercise.is_empty = True
    talk.fly(0.1)
    talk.heard.clear()
    talk.send("COMMAND_LONG", command=MODE, param1=1, param2=4, param3=3, target_system=1).fly(1.3)
    assert [each.integer("result") for each in talk.of("COMMAND_ACK")] == [NOT_NOW]
    assert talk.texts == ["battery critical: it stays in land"]


def test_on_the_ground_there_is_no_way_home_and_none_is_promised():
    talk = Talk().order(RETURN, answer=NOT_NOW)
    assert talk.texts == ["cannot return: it is on the ground"]


def test_a_take_off_of_a_vehicle_that_is_not_armed_is_refused_whatever_asks_for_it():
    talk = Talk().order(TAKE_OFF, answer=NOT_NOW, param7=NAN)
    talk.order_int(TAKE_OFF, answer=NOT_NOW, frame=6, z=5.0, x=-(2**31), y=-(2**31))
    talk.order(MODE, answer=NOT_NOW, param1=1, param2=4, param3=2)
    assert talk.texts == ["cannot take off: not armed"]
    assert talk.fly(2.0).place[2] == 0.0


def test_a_take_off_to_less_than_where_it_is_would_be_none():
    Talk().up().order_int(TAKE_OFF, answer=DENIED, frame=6, z=2.0, x=-(2**31), y=-(2**31))


# ---------------------------------------------------------------- refusals in words


@pytest.mark.parametrize(
    ("number", "said"),
    [(34, "orbits"), (92, "offboard"), (207, "geofence"), (300, "missions"), (246, "restarted"), (31_999, "31999")],
)
def test_what_is_not_offered_is_refused_by_its_name(number: int, said: str):
    talk = Talk().order(number, answer=UNSUPPORTED)
    assert said in talk.texts[0]


@pytest.mark.parametrize(("kind", "said"), [(0, "missions"), (1, "geofence"), (2, "rally"), (9, "type 9")])
def test_an_uploaded_plan_is_refused_by_its_kind_and_an_empty_one_is_taken(kind: int, said: str):
    talk = Talk().send("MISSION_COUNT", target_system=1, count=4, mission_type=kind).fly(0.1)
    assert (talk.last("MISSION_ACK").integer("type"), said in talk.texts[0]) == (UNSUPPORTED, True)
    talk = Talk().send("MISSION_COUNT", target_system=1, count=0, mission_type=kind).fly(0.1)
    assert (talk.last("MISSION_ACK").integer("type"), talk.texts) == (ACCEPTED, [])


def test_setpoints_from_outside_are_refused_once_and_not_fifty_times_a_second():
    talk = Talk().up()
    talk.heard.clear()
    for _ in range(100):
        talk.send("SET_POSITION_TARGET_LOCAL_NED", target_system=1, coordinate_frame=1, x=5.0).fly(0.02)
    assert talk.texts == ["control from outside (offboard) is not offered"]


@pytest.mark.parametrize(
    ("name", "values", "error"),
    [
        ("PARAM_REQUEST_READ", {"param_id": "COM_DISARM_LAND", "param_index": -1}, 1),
        ("PARAM_REQUEST_READ", {"param_id": "MPC_XY_CRUISE", "param_index": 9}, 1),
        ("PARAM_SET", {"param_id": "NAV_DLL_ACT", "param_value": 1.0, "param_type": 9}, 1),
        ("PARAM_SET", {"param_id": "MPC_XY_CRUISE", "param_value": -1.0, "param_type": 9}, 2),
        ("PARAM_SET", {"param_id": "MPC_XY_CRUISE", "param_value": 900.0, "param_type": 9}, 2),
        ("PARAM_SET", {"param_id": "MPC_XY_CRUISE", "param_value": 3.0, "param_type": 6}, 7),
    ],
)
def test_a_parameter_that_is_not_there_or_cannot_be_set_is_answered(name: str, values: dict[str, object], error: int):
    talk = Talk().send(name, target_system=1, **values).fly(0.1)
    assert talk.last("PARAM_ERROR").integer("error") == error
    assert len(talk.texts) == 1
    assert talk.vehicle._parameters.values["MPC_XY_CRUISE"] == 5.0


# ---------------------------------------------------------------- rates of each client


def test_rates_belong_to_the_client_that_asked_and_each_counts_its_own_frames():
    talk, heard = Talk(), {"tablet": [], "desk": []}
    (slower,) = decoder.decode(
        written.encode("COMMAND_LONG", {"command": 511, "param1": 30, "param2": 500_000, "target_system": 1})
    ).messages
    for step in range(200):
        if step == 2:
            talk.vehicle.hear(slower, "tablet")
        talk.vehicle.see(talk.exercise.step({"pilot": talk.vehicle.command()})["pilot"])
        for client, messages in heard.items():
            for frame in talk.vehicle.due_frames(client):
                messages += decoder.decode(frame).messages
    attitudes = {client: sum(each.name == "ATTITUDE" for each in messages) for client, messages in heard.items()}
    answers = {client: sum(each.name == "COMMAND_ACK" for each in messages) for client, messages in heard.items()}
    assert attitudes["desk"] == pytest.approx(200, abs=2)
    assert attitudes["tablet"] == pytest.approx(10, abs=2)
    assert answers == {"tablet": 1, "desk": 0}
    for messages in heard.values():
        assert [each.sequence for each in messages] == [n % 256 for n in range(len(messages))]


def test_a_rate_for_all_is_one_for_all():
    talk = Talk()
    talk.vehicle.due_frames("desk")
    talk.order(511, param1=30, param2=-1, param7=2)
    assert all(math.isinf(stream.periods_s["ATTITUDE"]) for stream in talk.vehicle._streams.all.values())


# ---------------------------------------------------------------- what the pilot is told


def test_messages_call_outs_and_points_reach_the_pilot_in_words():
    talk = Talk(briefing=Briefing(("wind is freshening",), ("Take off", "Bucket 1A")))
    view = talk.exercise._views
    numbers = {f.TASK: 0.0, f.TASKS: 2.0}

    def views() -> dict[str, object]:
        made = view()
        for column, value in numbers.items():
            made["pilot"].rows[0, column] = value
        return made

    talk.exercise._views = views
    talk.fly(0.1)
    numbers |= {f.TASK: 1.0, f.POINTS: 1.0}
    talk.fly(0.1)
    numbers |= {f.TASK: 2.0, f.POINTS: 3.0, f.INJECT: 1.0}
    talk.fly(0.1)
    assert talk.texts == [
        "Task 1 of 2: Take off", "+1 points, 1 so far", "Task 2 of 2: Bucket 1A", "+2 points, 3 so far",
        "All tasks are done", "wind is freshening",
    ]  # fmt: skip


# ---------------------------------------------------------------- the camera


def test_a_client_points_the_camera_and_takes_a_picture():
    talk = Talk().up().order(1000, param1=-45.0, param2=NAN, param3=NAN, param4=NAN).fly(3.0)
    assert talk.exercise.camera_deg == pytest.approx(-45.0, abs=0.5)
    talk.order(205, param1=10.0, param7=2).fly(3.0)
    assert talk.exercise.camera_deg == pytest.approx(10.0, abs=0.5)
    talk.order(1000, param1=NAN, param2=NAN, param3=-5.0, param4=NAN).fly(2.0)
    assert talk.exercise.camera_deg == pytest.approx(-0.5, abs=0.6)
    talk.order(1000, answer=DENIED, param1=-140.0, param2=NAN, param3=NAN, param4=NAN)
    talk.order(2000, param3=1.0).order(203, param5=1.0)
    assert talk.exercise.pictures == 2
    w, _, y, _ = talk.last("GIMBAL_DEVICE_ATTITUDE_STATUS").values["q"]
    assert math.degrees(2.0 * math.atan2(y, w)) == pytest.approx(talk.exercise.camera_deg, abs=1.0)


# ---------------------------------------------------------------- a ground station's first words


def test_the_start_up_of_qgroundcontrol_is_answered_word_for_word():
    """Its order of requests: QGroundControl, src/Vehicle/InitialConnectStateMachine.cc, and the managers it calls."""
    link = common.MAVLink(None, srcSystem=255, srcComponent=190)
    talk = Talk()

    def said(make: object, *values: object) -> Talk:
        (message,) = decoder.decode(bytes(make(*values).pack(link))).messages
        talk.heard.clear()
        talk.vehicle.hear(message)
        return talk.fly(0.1)

    def result_of(number: int) -> int:
        said(common.MAVLink_command_long_message, 1, 1, 512, 0, number, 0, 0, 0, 0, 0, 0)
        return talk.last("COMMAND_ACK").integer("result")

    said(common.MAVLink_heartbeat_message, 6, 8, 0, 0, 4, 3)
    said(common.MAVLink_system_time_message, 1_700_000_000_000_000, 1)
    assert result_of(148) == ACCEPTED
    assert talk.last("AUTOPILOT_VERSION").integer("capabilities") & 0xE == 0xA  # commands in whole numbers, no missions
    assert result_of(435) == DENIED  # standard modes: it then takes PX4's own
    assert result_of(397) == DENIED  # component metadata, and the older message in its place
    assert result_of(395) == DENIED
    assert all(each.integer("severity") == 6 for each in talk.of("STATUSTEXT"))
    said(common.MAVLink_param_request_list_message, 1, 1)
    told = talk.of("PARAM_VALUE")
    assert [each.integer("param_index") for each in told] == list(range(told[0].integer("param_count")))
    for kind in (0, 1, 2):
        said(common.MAVLink_mission_request_list_message, 1, 1, kind)
        count = talk.last("MISSION_COUNT")
        assert (count.integer("count"), count.integer("mission_type"), count.integer("target_system")) == (0, kind, 255)
    assert result_of(280) == ACCEPTED
    assert talk.last("GIMBAL_MANAGER_INFORMATION").number("pitch_min") < -1.5
    assert talk.of("HEARTBEAT") or talk.fly(1.0).of("HEARTBEAT")


# ---------------------------------------------------------------- with the real seat

OUTAGE = """
name = "field"

[place]
lat_deg = 52.1
lon_deg = 21.2

[[seats]]
name = "pilot"
airframe = "quad-900g"
position_m = [0.0, 0.0, 30.0]

[[faults]]
kind = "satnav_off"
onset_s = 1.0
"""


@dataclass
class Flown:
    """A real seat behind a vehicle, and what it said."""

    exercise: FlightExercise
    vehicle: Vehicle
    heard: list[Message] = field(default_factory=list)

    def fly(self, seconds: float) -> None:
        for _ in range(round(seconds / self.exercise.scenario.step_s)):
            self.vehicle.see(self.exercise.step({"pilot": self.vehicle.command()})["pilot"])
            for frame in self.vehicle.due_frames():
                self.heard += decoder.decode(frame).messages

    def order(self, number: int, **values: float) -> list[int]:
        self.heard.clear()
        sent = written.encode("COMMAND_LONG", {"command": number, "target_system": 1, **values}, system=255)
        self.vehicle.hear(decoder.decode(sent).messages[0])
        self.fly(1.3)
        return [each.integer("result") for each in self.heard if each.name == "COMMAND_ACK"]


def seated(text: str) -> Flown:
    exercise = FlightExercise(scenario.parse(text, name="field.toml"))
    first = exercise.reset(5)["pilot"]
    return Flown(exercise, Vehicle(exercise.scenario.place, first, reach=_reach(exercise.airframes["pilot"])))


def test_a_real_seat_without_a_fix_lands_on_though_a_client_asks_for_more():
    flown = seated(OUTAGE)
    flown.fly(3.0)
    assert flown.order(LAND) == [ACCEPTED]
    for number in (RETURN, MODE):
        assert flown.order(number, param1=1, param2=4, param3=3) == [NOT_NOW]
    before = float(flown.vehicle.view.height_m[0])
    flown.fly(3.0)
    assert float(flown.vehicle.view.height_m[0]) < before - 1.0


def test_a_real_camera_goes_where_it_is_pointed():
    flown = seated(OUTAGE)
    assert flown.order(1000, param1=-60.0, param2=NAN, param3=NAN, param4=NAN) == [ACCEPTED]
    flown.fly(3.0)
    assert float(flown.vehicle.view.gimbal_pitch_deg[0]) == pytest.approx(-60.0, abs=0.5)
    assert np.isfinite(flown.vehicle.view.rows).all()
