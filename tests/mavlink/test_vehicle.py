"""The simulated vehicle as a client of MAVLink meets it: what it says, obeys, refuses, and a client that vanishes."""

from __future__ import annotations

import math
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from point_mass import PointMass, mode_word
from pymavlink import mavutil
from talking import ACCEPTED, DENIED, NOT_NOW, UNSUPPORTED, Talk

from hotwash.errors import ReadError, WriteError
from hotwash.flight.policies import goto
from hotwash.flight.policies.goto import Reach
from hotwash.geo import frames
from hotwash.ingest import recording_folder
from hotwash.mavlink import decoder, server
from hotwash.mavlink import encoder as written
from hotwash.mavlink.messages import MESSAGES

HALF_A_METRE = 0.6
NAN = math.nan


# ---------------------------------------------------------------- what it says


def test_a_vehicle_says_what_its_instruments_say():
    talk = Talk().up()
    said = talk.last("GLOBAL_POSITION_INT")
    east, north, up = frames.geodetic2enu(
        said.number("lat") * 1e-7, said.number("lon") * 1e-7, said.number("alt") * 1e-3, 52.1, 21.2, 130.0
    )
    assert np.hypot(east - 3.0, north + 2.0) < 0.02
    assert up == pytest.approx(talk.place[2], abs=0.01)
    assert said.number("relative_alt") == pytest.approx(1e3 * talk.place[2], abs=1)
    assert said.number("hdg") == pytest.approx(4_000, abs=1)
    assert math.degrees(talk.last("ATTITUDE").number("yaw")) == pytest.approx(40.0, abs=1e-3)
    assert talk.last("SYS_STATUS").integer("battery_remaining") == 75
    assert talk.last("BATTERY_STATUS").values["voltages"][0] == 15_200


def test_messages_come_as_often_as_stated_and_as_asked():
    talk = Talk().fly(2.0)
    talk.heard.clear()
    talk.fly(2.0)
    assert 95 <= len(talk.of("ATTITUDE")) <= 105
    assert 18 <= len(talk.of("VFR_HUD")) <= 22
    talk.order(511, param1=MESSAGES["ATTITUDE"].number, param2=100_000).order(511, param1=74, param2=-1)
    talk.heard.clear()
    talk.fly(2.0)
    assert 18 <= len(talk.of("ATTITUDE")) <= 22
    assert not talk.of("VFR_HUD")


def test_without_a_fix_no_position_is_told():
    talk = Talk().up()
    talk.exercise.fixless = True
    talk.fly(0.1)
    talk.heard.clear()
    talk.fly(1.0)
    assert not talk.of("GLOBAL_POSITION_INT")
    assert not talk.of("LOCAL_POSITION_NED")
    assert talk.last("GPS_RAW_INT").integer("fix_type") == 1
    assert talk.of("ATTITUDE")


def test_a_vehicle_without_a_link_neither_says_nor_hears_anything():
    talk = Talk().fly(0.1)
    talk.exercise.quality = 0.0
    talk.fly(0.02)
    talk.heard.clear()
    talk.send("COMMAND_LONG", command=400, param1=1.0, target_system=1).fly(1.0)
    assert not talk.heard
    assert not talk.exercise.is_armed


@pytest.mark.parametrize("length", [0, 3, 49, 50, 51, 100, 120])
def test_a_long_text_comes_in_pieces_that_end_with_a_short_one(length: int):
    talk, text = Talk(), ("warning " * 20)[:length]
    talk.vehicle.say(text)
    pieces = talk.fly(0.02).of("STATUSTEXT")
    assert "".join(each.text("text") for each in pieces) == text
    assert [each.integer("chunk_seq") for each in pieces] == list(range(len(pieces)))
    assert len(pieces[-1].text("text")) < 50
    assert len({each.integer("id") for each in pieces}) == 1


def test_sequence_numbers_run_on():
    talk = Talk().fly(3.0)
    assert [each.sequence for each in talk.heard] == [n % 256 for n in range(len(talk.heard))]


# ---------------------------------------------------------------- what it obeys


def test_it_arms_takes_off_goes_and_lands():
    talk = Talk().up()
    assert talk.place[2] == pytest.approx(5.0, abs=HALF_A_METRE)
    target = frames.enu2geodetic(23.0, 8.0, 9.0, 52.1, 21.2, 130.0)
    lat, lon, height = (float(value) for value in target)
    talk.order(192, param1=-1.0, param4=NAN, param5=lat, param6=lon, param7=height).fly(12.0)
    assert talk.place == pytest.approx([23.0, 8.0, 9.0], abs=HALF_A_METRE + 0.3)  # a degree in 32 bits errs by 0.2 m
    assert talk.last("HEARTBEAT").integer("custom_mode") == 0x03040000
    talk.order(21).fly(20.0)
    assert talk.place[2] == 0.0
    assert not talk.exercise.is_armed
    assert talk.last("EXTENDED_SYS_STATE").integer("landed_state") == 1


def test_a_point_in_whole_numbers_and_above_home_is_met_exactly():
    talk = Talk().up()
    lat, lon, _ = frames.enu2geodetic(-10.0, 4.0, 0.0, 52.1, 21.2, 130.0)
    talk.send(
        "COMMAND_INT", command=192, frame=6, x=float(lat) * 1e7, y=float(lon) * 1e7, z=7.0, param1=3.0,
        param4=math.radians(90), target_system=1, target_component=1,
    ).fly(15.0)  # fmt: skip
    assert talk.place == pytest.approx([-10.0, 4.0, 7.0], abs=HALF_A_METRE)
    assert talk.exercise.heading_deg == pytest.approx(90.0, abs=2.0)


def test_sticks_fly_it_where_a_pilot_flies_and_only_there():
    talk = Talk().up()
    forward = {"target": 1, "x": 1000, "z": 500}
    talk.send("MANUAL_CONTROL", **forward).fly(1.0)
    assert np.hypot(*(talk.place[:2] - (3.0, -2.0))) < 0.1
    talk.order(176, param1=1, param2=3).send("MANUAL_CONTROL", **forward).fly(0.4).send("MANUAL_CONTROL", **forward)
    talk.fly(5.0)  # after half a second without a word the sticks are in the middle again
    assert talk.place[:2] - (3.0, -2.0) == pytest.approx([13.5 * np.sin(0.698), 13.5 * np.cos(0.698)], abs=0.5)
    assert mode_word(talk.exercise) == "position_hold"
    talk.send("SET_MODE", target_system=1, base_mode=1, custom_mode=2 << 16).fly(0.1)
    assert mode_word(talk.exercise) == "altitude_hold"


def test_going_home_is_the_vehicles_own_mode():
    talk = Talk().up().order(20)
    assert mode_word(talk.exercise) == "return_home"
    assert talk.fly(1.1).last("HEARTBEAT").integer("custom_mode") == 0x05040000


def test_a_message_is_told_when_it_is_asked_for():
    talk = Talk().order(512, param1=MESSAGES["AUTOPILOT_VERSION"].number)
    assert bytes(talk.last("AUTOPILOT_VERSION").values["flight_custom_version"]) == b"hotwash\0"
    assert talk.order(512, param1=242).last("HOME_POSITION").number("z") == 0.0


def test_parameters_are_listed_read_and_set():
    talk = Talk().send("PARAM_REQUEST_LIST", target_system=1, target_component=1).fly(0.02)
    assert [each.text("param_id") for each in talk.of("PARAM_VALUE")] == ["MIS_TAKEOFF_ALT", "MPC_XY_CRUISE"]
    talk.send("PARAM_SET", target_system=1, param_id="MIS_TAKEOFF_ALT", param_value=NAN).fly(0.02)
    assert talk.last("PARAM_VALUE").number("param_value") == 2.5
    talk.send("PARAM_REQUEST_READ", target_system=1, param_id="MPC_XY_CRUISE", param_index=-1).fly(0.02)
    assert talk.last("PARAM_VALUE").integer("param_index") == 1


# ---------------------------------------------------------------- what it refuses


@pytest.mark.parametrize("number", [16, 179, 246, 300, 31_000])
def test_a_command_that_it_does_not_know_is_refused_politely(number: int):
    Talk().order(number, answer=UNSUPPORTED)


def test_what_cannot_be_done_now_is_refused_with_the_reason():
    talk = Talk().order(22, answer=NOT_NOW)
    assert talk.last("STATUSTEXT").text("text") == "cannot take off: not armed"
    talk.up()
    talk.order(400, answer=DENIED, param1=0)
    assert talk.exercise.is_armed
    talk.exercise.fixless = True
    talk.fly(0.1).order(192, answer=NOT_NOW, param5=52.1, param6=21.2, param7=140)
    talk.order(400, param1=0, param2=21_196)
    assert not talk.exercise.is_armed


def test_a_point_below_the_ground_is_refused():
    talk = Talk().up()
    talk.order(192, answer=DENIED, param5=52.1, param6=21.2, param7=20.0)
    talk.order(192, answer=DENIED, param5=95.0, param6=21.2, param7=140.0)


def test_a_fixed_wing_goes_nowhere_by_itself_but_round_and_home():
    talk = Talk(is_wing=True)
    talk.exercise.is_armed, talk.exercise.position = True, np.array([0.0, 0.0, 40.0])
    talk.fly(0.1).order(22, answer=UNSUPPORTED, param7=NAN).order(192, answer=UNSUPPORTED)
    assert mode_word(talk.order(176, param1=1, param2=4, param3=3).exercise) == "loiter"
    assert mode_word(talk.order(20).exercise) == "return_home"
    talk.order(176, param1=1, param2=7).vehicle.lose_client(is_long=False)
    assert mode_word(talk.fly(1.1).exercise) == "loiter"
    assert talk.last("HEARTBEAT").integer("type") == 1


def test_a_silent_client_makes_it_hover_then_return_and_the_heartbeat_says_so():
    talk = Talk().up().order(176, param1=1, param2=3)
    talk.vehicle.lose_client(is_long=False)
    talk.fly(1.1)
    beat = talk.last("HEARTBEAT")
    assert (beat.integer("custom_mode"), beat.integer("system_status")) == (0x03040000, 5)
    talk.vehicle.lose_client(is_long=True)
    talk.vehicle.find_client()
    beat = talk.fly(1.1).last("HEARTBEAT")
    assert (beat.integer("custom_mode"), beat.integer("system_status")) == (0x05040000, 4)
    texts = [each.text("text") for each in talk.of("STATUSTEXT")]
    assert texts == ["client silent: hovering", "client silent: returning home", "client is back"]


def test_an_arming_that_the_vehicle_refuses_is_denied():
    talk = Talk()
    talk.exercise.refuses_to_arm = True
    talk.send("COMMAND_LONG", command=400, param1=1.0, target_system=1).fly(1.5)
    assert [each.integer("result") for each in talk.of("COMMAND_ACK")] == [DENIED]


def test_missions_are_refused_and_there_is_none():
    talk = (
        Talk().send("MISSION_REQUEST_LIST", target_system=1).send("MISSION_COUNT", target_system=1, count=4).fly(0.02)
    )
    assert talk.last("MISSION_COUNT").integer("count") == 0
    assert talk.last("MISSION_ACK").integer("type") == UNSUPPORTED
    talk.order(176, answer=UNSUPPORTED, param1=1, param2=4, param3=4)  # mission
    talk.order(176, answer=UNSUPPORTED, param1=1, param2=6)  # control from outside


def test_what_is_meant_for_another_vehicle_is_passed_over():
    talk = Talk().send("COMMAND_LONG", command=400, param1=1.0, target_system=7).fly(1.0)
    assert not talk.of("COMMAND_ACK")
    assert not talk.exercise.is_armed


def test_a_vehicle_that_lost_its_fix_on_the_way_gives_up_going():
    talk = Talk().up()
    talk.order(192, param1=-1, param4=NAN, param5=52.2, param6=21.2, param7=140.0).fly(2.0)
    talk.exercise.fixless = True
    talk.fly(2.0)
    before = talk.place.copy()
    talk.fly(2.0)
    assert talk.place == pytest.approx(before)
    assert talk.last("HEARTBEAT").integer("custom_mode") == 2 << 16


def field_values(name: str) -> st.SearchStrategy[dict[str, object]]:
    whole, number = st.integers(-(2**31), 2**63), st.floats(width=32)
    return st.fixed_dictionaries(
        {
            field.name: st.text("ab", max_size=3) if field.is_text else number if field.kind == "f32" else whole
            for field in MESSAGES[name].fields
            if not field.many or field.is_text
        }
    )


@settings(max_examples=60)
@given(st.lists(st.sampled_from(sorted(MESSAGES)).flatmap(lambda name: st.tuples(st.just(name), field_values(name)))))
def test_whatever_a_client_says_the_vehicle_flies_on(said: list[tuple[str, dict[str, object]]]):
    talk = Talk()
    for name, values in said:
        values = values | {key: 1 for key in values if key in ("target_system", "target_component", "target")}
        talk.send(name, **values).fly(0.04)
    assert np.isfinite(talk.place).all()


@settings(max_examples=60)
@given(
    st.sampled_from([16, 20, 21, 22, 176, 178, 192, 400, 510, 511, 512, 2000]),
    st.lists(st.floats(width=32), min_size=7, max_size=7),
)
def test_whatever_a_command_holds_it_is_answered_once(number: int, values: tuple[float, ...]):
    talk = Talk()
    filled = {f"param{n}": value for n, value in enumerate(values, start=1)}
    talk.send("COMMAND_LONG", command=number, target_system=1, **filled).fly(1.2)
    assert len(talk.of("COMMAND_ACK")) == 1
    assert np.isfinite(talk.place).all()


# ---------------------------------------------------------------- the way to a point


@given(
    st.tuples(*[st.floats(-200, 200)] * 3), st.floats(0, 360), st.tuples(*[st.floats(-200, 200)] * 3),
    st.floats(0, 360) | st.just(NAN), st.floats(0.5, 30) | st.none(),
)  # fmt: skip
def test_sticks_are_sticks_and_lead_towards_the_point(
    here: tuple[float, ...], nose: float, there: tuple[float, ...], turn: float, speed: float | None
):
    ((roll, pitch, yaw, throttle),) = goto.sticks([here], [nose], [there], [turn], reach=Reach(), speed_mps=speed)
    assert np.abs([roll, pitch, yaw, throttle]).max() <= 1.0
    away, angle = np.subtract(there, here), np.radians(nose)
    east = pitch * np.sin(angle) + roll * np.cos(angle)
    north = pitch * np.cos(angle) - roll * np.sin(angle)
    assert east * away[0] + north * away[1] >= -1e-9
    assert throttle * away[2] >= 0.0
    assert abs(yaw) <= 1.0


def test_many_worlds_are_guided_as_each_alone():
    rng = np.random.default_rng(4)
    here, there, nose = rng.normal(size=(5, 3)) * 30, rng.normal(size=(5, 3)) * 30, rng.random(5) * 360
    together = goto.sticks(here, nose, there, nose + 20, reach=Reach(dead_band=0.05))
    for n in range(5):
        alone = goto.sticks([here[n]], [nose[n]], [there[n]], [nose[n] + 20], reach=Reach(dead_band=0.05))
        assert np.array_equal(together[n], alone[0])


# ---------------------------------------------------------------- the wire


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("tcp:127.0.0.1:14550", "begins with neither"),
        ("", "begins with neither"),
        ("udp:127.0.0.1", "ends in no port"),
        ("udp:127.0.0.1:99999", "ends in no port"),
        ("udp:drone.example:14550", "is no address"),
        ("udp:239.0.0.1:14550", "address of many"),
        ("udp:192.0.2.7:14550", "beyond this machine"),
        ("udpin:0.0.0.0:14550", "beyond this machine"),
    ],
)
def test_a_url_that_cannot_be_is_refused_with_the_way_out(url: str, why: str):
    with pytest.raises(ReadError, match=why):
        server.address(url)


def test_urls_are_read_in_the_forms_that_clients_use():
    assert server.address("udp://localhost:14540") == server.Address("127.0.0.1", 14_540, is_listening=False)
    assert server.address("udpin:127.0.0.1:14550").is_listening
    assert not server.address("udpout:192.0.2.7:1", is_anywhere=True).is_loopback


@pytest.fixture
def ground_station(port: int) -> Iterator[object]:
    link = mavutil.mavlink_connection(f"udpout:127.0.0.1:{port}", dialect="common", source_system=255)
    yield link
    link.close()


def test_pymavlink_finds_a_listening_vehicle_and_arms_it(port: int, ground_station: object):
    exercise, over = PointMass(), threading.Event()
    served: list[server.Served] = []
    thread = threading.Thread(
        target=lambda: served.append(server.serve(exercise, f"udpin:127.0.0.1:{port}", stop=over.is_set))
    )
    thread.start()
    try:
        for _ in range(50):
            ground_station.mav.heartbeat_send(6, 8, 0, 0, 4)
            if ground_station.wait_heartbeat(blocking=True, timeout=0.2):
                break
        ground_station.mav.command_long_send(1, 1, 400, 0, 1, 0, 0, 0, 0, 0, 0)
        answer = ground_station.recv_match(type="COMMAND_ACK", blocking=True, timeout=5.0)
    finally:
        over.set()
        thread.join(10.0)
    assert (answer.command, answer.result) == (400, ACCEPTED)
    assert (served[0].clients, served[0].why) == (1, "stopped")


def test_a_port_that_is_taken_is_said(port: int):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as held:
        held.bind(("127.0.0.1", port))
        with pytest.raises(WriteError, match="cannot be opened"):
            server.serve(PointMass(), f"udpin:127.0.0.1:{port}", seconds=0.1)


def test_a_client_that_vanishes_costs_the_link_and_the_recording_is_kept(
    port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(server, "SILENT_S", 0.2)
    monkeypatch.setattr(server, "LONG_S", 0.4)
    exercise = PointMass()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.bind(("127.0.0.1", port))
        client.settimeout(5.0)
        told: list[server.Served] = []
        flight = threading.Thread(
            target=lambda: told.append(
                server.serve(exercise, f"udp:127.0.0.1:{port}", out=tmp_path / "flight", seconds=12.0, speed=4.0)
            )
        )
        flight.start()
        _, there = client.recvfrom(1000)
        for number, filled in ((400, {"param1": 1.0}), (22, {"param7": NAN})):
            client.sendto(written.encode("COMMAND_LONG", {"command": number, "target_system": 1} | filled), there)
            while (heard := decoder.decode(client.recv(1000)).messages[0]).name != "COMMAND_ACK":
                pass
            assert heard.integer("result") == ACCEPTED
        flight.join(20.0)
    assert (told[0].why, told[0].vanished) == ("seconds", 1)
    assert mode_word(exercise) == "return_home"
    kept = recording_folder.read(tmp_path / "flight")
    assert kept.truth.height == round(12.0 / exercise.step_s)


def test_an_exercise_that_breaks_leaves_its_recording(port: int, tmp_path: Path):
    class Breaking(PointMass):
        def step(self, commands: object) -> object:
            if self.time_s > 0.2:
                raise KeyboardInterrupt
            return super().step(commands)

    told = server.serve(Breaking(), f"udp:127.0.0.1:{port}", out=tmp_path / "flight", speed=20.0)
    assert told.why == "interrupted"
    assert recording_folder.read(tmp_path / "flight").truth.height == 11


def test_a_folder_that_is_not_empty_is_refused_before_the_flight(port: int, tmp_path: Path):
    (tmp_path / "diary.txt").write_text("mine")
    with pytest.raises(WriteError, match="not empty"):
        server.serve(PointMass(), f"udp:127.0.0.1:{port}", out=tmp_path, seconds=0.1)
    with pytest.raises(ReadError, match="no pace"):
        server.serve(PointMass(), f"udp:127.0.0.1:{port}", speed=0.0)
