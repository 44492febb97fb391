"""Flight modes and failsafes, each as a pilot knows it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from seated import Flight, fault, scenario

from hotwash.flight.seats.pilot import Command, View
from hotwash.model.words import FLIGHT_MODES

HALF_A_METRE, ONE_METRE, TWO_METRES = 0.5, 1.0, 2.0
STILL_MPS = 0.3
WIND = "[weather]\nwind_mps = 5\nwind_from_deg = 270\n"
EXACT_FIX = "[navigation]\nsigma_m = 0\nsigma_velocity_mps = 0\nsigma_height_m = 0\n"

# ---------------------------------------------------------------- modes


@pytest.mark.parametrize("airframe", ["hummingbird", "crazyflie", "quad-250g", "quad-900g", "quad-5kg"])
def test_centred_sticks_in_position_hold_keep_the_place_and_the_height(airframe: str):
    flown = Flight(scenario(EXACT_FIX, airframe=airframe)).hold(10)
    assert flown.moved_m < HALF_A_METRE
    assert abs(flown.at_m[2] - 20.0) < HALF_A_METRE
    assert flown.speed_mps < STILL_MPS


def test_position_hold_stands_against_the_wind():
    assert Flight(scenario(WIND + EXACT_FIX)).hold(15).moved_m < ONE_METRE


def test_a_stick_in_position_hold_asks_for_a_speed_and_letting_go_brakes():
    flown = Flight(scenario(EXACT_FIX, seat="heading_deg = 90")).hold(8, pitch=0.5)
    assert flown.pose.velocity_mps[0, 0] == pytest.approx(
        0.5 * 15 * 0.95, abs=1.0
    )  # to the east, where its nose points
    assert flown.hold(8).speed_mps < STILL_MPS


def test_roll_to_the_right_flies_to_the_right_and_yaw_to_the_right_turns_clockwise():
    flown = Flight(scenario(EXACT_FIX)).hold(3, roll=0.4)
    assert flown.at_m[0] > TWO_METRES  # its nose points north
    turned = Flight(scenario()).hold(1, yaw=0.5)
    assert 20.0 < turned.view.heading_deg[0] < 90.0


def test_altitude_hold_keeps_the_height_and_drifts_with_the_wind():
    flown = Flight(scenario(WIND, seat='mode = "altitude_hold"')).hold(15)
    assert abs(flown.at_m[2] - 20.0) < ONE_METRE
    assert flown.at_m[0] > 10.0


def test_a_throttle_stick_asks_for_a_climb_and_letting_go_holds_the_height():
    flown = Flight(scenario(EXACT_FIX)).hold(3, throttle=0.5)
    flown.hold(3)
    height = flown.at_m[2]
    assert height > 25.0
    assert abs(flown.hold(5).at_m[2] - height) < HALF_A_METRE


def test_stabilised_tilts_by_the_stick_and_levels_when_it_is_let_go():
    flown = Flight(scenario(seat='mode = "stabilised"')).hold(1, pitch=0.5)
    x, y = flown.pose.quaternion[0, :2]
    assert np.degrees(np.arccos(1 - 2 * (x * x + y * y))) == pytest.approx(17.5, abs=2.0)  # half of the 35 it may
    x, y = flown.hold(1).pose.quaternion[0, :2]
    assert np.degrees(np.arccos(1 - 2 * (x * x + y * y))) < 2.0


def test_rate_keeps_the_tilt_that_it_was_left_in():
    flown = Flight(scenario(seat='mode = "rate"', up_m=60)).hold(0.2, roll=0.5).hold(0.5)
    first = flown.pose.quaternion[0, 0]
    assert abs(first) > 0.05
    assert flown.hold(0.3).pose.quaternion[0, 0] == pytest.approx(first, abs=0.02)


def test_return_home_climbs_flies_home_lands_and_stops_its_motors():
    flown = Flight(scenario(EXACT_FIX, up_m=5)).hold(6, pitch=0.6)
    assert flown.moved_m > 20.0
    flown.press(mode="return_home")
    highest = max(flown.hold(1).at_m[2] for _ in range(60))
    assert 19.0 < highest < 22.0
    assert flown.moved_m < ONE_METRE
    assert not flown.is_armed


def test_land_comes_down_where_it_is_and_stops_its_motors():
    flown = Flight(scenario(EXACT_FIX)).press(mode="land").hold(25)
    assert flown.moved_m < ONE_METRE
    assert flown.view.is_on_ground[0] == 1.0
    assert not flown.is_armed
    assert flown.pose.is_upside_down[0] == 0.0  # it stands upright


# ---------------------------------------------------------------- arming


def test_motors_stand_still_until_they_are_armed():
    flown = Flight(scenario(up_m=0, seat="is_armed = false")).hold(2, throttle=1.0)
    assert flown.view.is_on_ground[0] == 1.0
    flown.press(buttons=1).hold(3, throttle=0.5)
    assert flown.at_m[2] > TWO_METRES


def test_motors_cannot_be_stopped_in_the_air():
    assert Flight(scenario()).press(buttons=2).hold(1).is_armed


def test_arming_with_the_throttle_up_is_refused_where_the_throttle_is_thrust():
    flown = Flight(scenario(up_m=0, seat='is_armed = false\nmode = "stabilised"')).press(buttons=1, throttle=0.2)
    assert not flown.is_armed
    assert "arm_refused" in flown.warnings
    assert flown.press(buttons=1, throttle=-1.0).is_armed


# ---------------------------------------------------------------- failsafes


def test_position_hold_falls_back_to_altitude_hold_without_a_fix_and_says_so():
    flown = Flight(scenario(WIND + fault("satnav_off"))).hold(4)
    assert flown.modes == ["position_hold", "altitude_hold"]
    assert {"fix_lost", "fell_back"} <= set(flown.warnings)
    assert flown.view.has_fix[0] == 0.0


def test_position_hold_comes_back_once_the_fix_has_been_back_for_a_while():
    flown = Flight(scenario(fault("satnav_off", end_s=4))).hold(5)
    assert flown.mode == "altitude_hold"
    assert flown.hold(1.5).mode == "position_hold"


def test_a_lost_link_hovers_then_returns_home_and_lands():
    flown = Flight(scenario(EXACT_FIX + fault("link_loss", 6))).hold(9, pitch=0.4)
    assert flown.mode == "position_hold"
    flown.hold(60, pitch=0.4)  # nobody hears these sticks
    assert "return_home" in flown.modes
    assert flown.moved_m < ONE_METRE
    assert not flown.is_armed


def test_a_lost_link_without_a_fix_lands():
    flown = Flight(scenario(fault("link_loss", 3) + fault("satnav_off", 2))).hold(45)
    assert flown.modes[:3] == ["position_hold", "altitude_hold", "land"]
    assert not flown.is_armed


def test_a_link_that_comes_back_while_it_hovers_gives_the_sticks_back():
    flown = Flight(scenario(EXACT_FIX + fault("link_loss", 2, end_s=4))).hold(8, pitch=0.3)
    assert flown.modes == ["position_hold"]
    assert flown.speed_mps > 2.0


def test_a_return_for_a_lost_link_is_called_off_by_asking_for_a_mode():
    flown = Flight(scenario(EXACT_FIX + fault("link_loss", 6, end_s=14))).hold(16, pitch=0.5)
    assert flown.mode == "return_home"
    assert flown.press(mode="position_hold").hold(1).mode == "position_hold"


def test_a_low_battery_warns_then_returns_then_lands():
    assert Flight(scenario(fault("battery", share=0.29))).hold(3).warnings == ("battery_low",)
    returns = Flight(scenario(EXACT_FIX + fault("battery", 5, share=0.14))).hold(6, pitch=0.5)
    assert returns.mode == "return_home"
    lands = Flight(scenario(fault("battery", share=0.06))).hold(3)
    assert lands.mode == "land"


def test_a_return_for_the_battery_may_be_called_off_but_not_a_landing():
    returns = Flight(scenario(EXACT_FIX + fault("battery", 5, share=0.14))).hold(6, pitch=0.5)
    assert returns.press(mode="position_hold").hold(1).mode == "position_hold"
    lands = Flight(scenario(fault("battery", share=0.06))).hold(3)
    assert lands.press(mode="position_hold").hold(1).mode == "land"


# ---------------------------------------------------------------- faults


def test_position_hold_follows_a_drifting_fix_so_the_drone_drifts_the_other_way():
    flown = Flight(scenario(EXACT_FIX + fault("satnav_drift", speed_mps=0.5, direction_deg=0))).hold(22)
    assert flown.at_m[1] == pytest.approx(-10.0, abs=ONE_METRE)
    assert abs(flown.view.nav_position_m[0, 1]) < ONE_METRE
    assert flown.warnings == ()


def test_position_hold_follows_a_jump_of_the_fix():
    flown = Flight(scenario(EXACT_FIX + fault("satnav_jump", distance_m=8, direction_deg=90))).hold(20)
    assert flown.at_m[0] == pytest.approx(-8.0, abs=ONE_METRE)


def test_a_stuck_fix_stays_and_looks_sound():
    flown = Flight(scenario(fault("satnav_stuck"))).hold(6, pitch=0.3)
    assert flown.moved_m > 5.0
    assert flown.at_m[1] - flown.view.nav_position_m[0, 1] > 5.0
    assert flown.view.has_fix[0] == 1.0


def test_a_compass_that_is_off_makes_position_hold_circle():
    flown = Flight(scenario(WIND + EXACT_FIX + fault("compass_offset", offset_deg=60))).hold(10)
    far = [flown.hold(0.5).moved_m for _ in range(40)]
    assert max(far) > 3.0
    assert max(far) < 60.0


def test_a_delayed_link_delays_the_answer_by_as_much():
    def answers_after_s(of):
        flown = Flight(of)
        while abs(flown.pose.rates_radps[0, 2]) < 0.05:
            flown.press(yaw=1.0)
        return flown.view.time_s[0]

    delayed, prompt = answers_after_s(scenario(fault("link_delay", 0, delay_s=0.4))), answers_after_s(scenario())
    assert delayed - prompt == pytest.approx(0.4, abs=0.021)


def test_a_picture_pressed_over_a_late_link_is_taken_once():
    flown = Flight(scenario(fault("link_delay", 0, delay_s=0.1) + fault("link_jitter", 0, jitter_s=0.1)))
    flown.hold(0.5).press(capture=1)
    taken = 0
    for _ in range(30):
        taken += int(flown.press().pose.is_captured[0])
    assert taken == 1


def test_half_of_the_pictures_pressed_over_a_link_that_loses_half_are_taken():
    flown = Flight(scenario(fault("link_loss", 0, share=0.5) + fault("link_delay", 0, delay_s=0.1)))
    taken = sum(int(flown.press(capture=step % 2).pose.is_captured[0]) for step in range(800))
    assert 150 < taken < 250
    assert "link_lost" not in flown.warnings


def test_a_motor_that_pushes_less_is_flown_out_and_one_that_stands_brings_it_down():
    worn = Flight(scenario(EXACT_FIX + fault("motor_loss", rotor=1, share=0.8))).hold(10)
    assert worn.moved_m < ONE_METRE
    dead = Flight(scenario(fault("motor_loss", rotor=1, share=0.0))).hold(15)
    assert dead.pose.is_upside_down[0] == 1.0
    assert "upside_down" in dead.warnings


def test_a_gust_front_pushes_it_away_and_it_comes_back():
    flown = Flight(scenario(EXACT_FIX + fault("gust_front", speed_mps=8, from_deg=270)))
    far = [flown.hold(0.5).at_m[0] for _ in range(40)]
    assert max(far) > HALF_A_METRE
    assert abs(far[-1]) < ONE_METRE


# ---------------------------------------------------------------- what a seat may know


def test_a_lost_link_freezes_the_instruments_but_not_the_eye():
    flown = Flight(scenario(fault("link_loss"))).hold(5, pitch=0.5)
    before = flown.view
    after = flown.hold(3).view
    assert np.array_equal(before.nav_position_m, after.nav_position_m)
    assert not np.array_equal(before.seen_position_m, after.seen_position_m)
    assert after.link_quality[0] == 0.0
    assert "link_lost" in flown.warnings


def test_a_camera_shows_the_picture_late_and_a_frozen_one_stands_still():
    flown = Flight(scenario(fault("video_freeze", 4), seat='sight = "camera"\nvideo_delay_s = 0.2')).hold(3, pitch=0.5)
    behind_m = flown.at_m[1] - flown.view.seen_position_m[0, 1]
    assert behind_m == pytest.approx(0.2 * flown.pose.velocity_mps[0, 1], abs=0.2)
    frozen = flown.hold(2, pitch=0.5).view.seen_position_m
    assert np.array_equal(frozen, flown.hold(1, pitch=0.5).view.seen_position_m)
    assert flown.view.is_seen[0] == 1.0


def test_a_seat_without_sight_sees_nothing():
    flown = Flight(scenario(seat='sight = "none"')).hold(1)
    assert flown.view.is_seen[0] == 0.0
    assert not flown.view.seen_position_m.any()


def test_a_spoofed_view_never_tells_the_truth_it_hides():
    flown = Flight(scenario(EXACT_FIX + fault("satnav_jump", distance_m=500, direction_deg=0), seat='sight = "none"'))
    flown.hold(2.1)
    rows = flown.view.rows[0]
    assert not np.isclose(rows, flown.at_m[1], atol=0.3, rtol=0).any() or abs(flown.at_m[1]) < ONE_METRE
    assert flown.view.nav_position_m[0, 1] == pytest.approx(500.0, abs=TWO_METRES)


def test_the_gimbal_turns_at_its_rate_and_stops_at_its_end():
    flown = Flight(scenario()).hold(0.5, gimbal_pitch_rate=-1.0)
    assert flown.view.gimbal_pitch_deg[0] == pytest.approx(-45.0, abs=0.1)
    assert flown.hold(2, gimbal_pitch_rate=-1.0).view.gimbal_pitch_deg[0] == pytest.approx(-90.0)


# ---------------------------------------------------------------- whatever is done

FAULTS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                ("satnav_off", {}),
                ("satnav_stuck", {}),
                ("satnav_drift", {"speed_mps": 2.0}),
                ("satnav_jump", {"distance_m": 30.0}),
                ("link_delay", {"delay_s": 0.3}),
                ("link_jitter", {"jitter_s": 0.2}),
                ("link_loss", {"share": 0.5}),
                ("link_loss", {}),
                ("motor_loss", {"rotor": 2, "share": 0.3}),
                ("compass_offset", {"offset_deg": 90.0}),
                ("video_freeze", {}),
                ("battery", {"share": 0.05}),
                ("gust_front", {"speed_mps": 10.0}),
            ]
        ),
        st.integers(0, 6),
        st.integers(1, 8),
    ),
    max_size=4,
    unique_by=lambda one: one[0][0],
)
STICK = st.sampled_from([-1.0, -0.4, 0.0, 0.04, 0.7, 1.0])
COMMANDS = st.lists(
    st.tuples(STICK, STICK, STICK, STICK, st.sampled_from(["", *FLIGHT_MODES]), st.sampled_from([0, 0, 1, 2])),
    min_size=1,
    max_size=8,
)
# What may follow a mode without anybody asking for it.
BY_ITSELF = {("position_hold", "altitude_hold"), ("altitude_hold", "position_hold"), ("loiter", "altitude_hold")}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(faults=FAULTS, commands=COMMANDS)
def test_no_command_and_no_fault_makes_a_number_that_is_none_or_a_mode_that_nobody_asked_for(faults, commands):
    tables = "".join(fault(kind, onset, end_s=onset + lasts, **more) for (kind, more), onset, lasts in faults)
    flown = Flight(scenario(WIND + tables, seat='sight = "camera"', up_m=4))
    for roll, pitch, yaw, throttle, mode, buttons in commands:
        sticks = {"roll": roll, "pitch": pitch, "yaw": yaw, "throttle": throttle}
        flown.press(**sticks, buttons=buttons, **({"mode": mode} if mode else {})).hold(1, **sticks)
        assert np.isfinite(flown.view.rows).all()
        assert np.isfinite(flown.pose.rows).all()
    asked = {"position_hold", *(mode for *_, mode, _ in commands)}
    for before, after in zip(flown.modes[:-1], flown.modes[1:], strict=True):
        safe = after in ("return_home", "land", "altitude_hold", "position_hold")
        assert after in asked or safe or (before, after) in BY_ITSELF


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    mode=st.sampled_from(["altitude_hold", "position_hold", "loiter", "stabilised"]), stick=STICK, blind=st.booleans()
)
def test_a_link_lost_for_good_always_ends_in_a_return_or_a_landing(mode: str, stick: float, blind: bool):
    tables = fault("link_loss", 1) + (fault("satnav_off", 1) if blind else "")
    flown = Flight(scenario(tables, seat=f'mode = "{mode}"', up_m=15)).hold(1, pitch=stick / 2)
    flown.hold(7, pitch=stick)
    assert flown.mode == ("land" if blind else "return_home")
    flown.hold(50)
    assert flown.view.rows.shape == View(flown.view.rows).rows.shape
    assert not flown.is_armed


def test_neutral_is_a_command_of_no_stick_and_no_button():
    assert not Command.neutral(2).rows[:, :6].any()
    assert (Command.neutral(2).mode == -1.0).all()


def test_a_warning_names_the_mode_that_really_flies():
    held = Flight(scenario(fault("satnav_off", 1))).hold(3)
    assert held.mode == "altitude_hold"
    assert "fell_back" in held.warnings  # in words: flying altitude hold
    returning = Flight(scenario(fault("satnav_off", 1))).press(mode="return_home").hold(3)
    assert returning.mode == "land"
    assert "landing" in returning.warnings
    assert "fell_back" not in returning.warnings
