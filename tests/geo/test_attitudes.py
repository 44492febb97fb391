"""Attitudes between hotwash and autopilots: against scipy's rotations, and there and back again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from hotwash.geo import attitudes

ROUNDING = 1e-12
SWAP = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, -1.0]])  # east-north-up and north-east-down
FLIP = np.diag([1.0, -1.0, -1.0])  # left-up and right-down

quaternions = st.tuples(*[st.floats(-1, 1)] * 4).filter(lambda q: np.linalg.norm(q) > 0.01)


@given(quaternions)
def test_a_quaternion_turned_over_is_the_turned_over_matrix(q: tuple[float, ...]):
    ours = Rotation.from_quat(q)
    w, x, y, z = attitudes.enu2ned_quaternion(ours.as_quat())
    assert Rotation.from_quat([x, y, z, w]).as_matrix() == pytest.approx(SWAP @ ours.as_matrix() @ FLIP, abs=ROUNDING)


@given(quaternions)
def test_there_and_back_again_is_the_same_attitude(q: tuple[float, ...]):
    ours = Rotation.from_quat(q)
    back = attitudes.ned2enu_quaternion(attitudes.enu2ned_quaternion(ours.as_quat()))
    assert Rotation.from_quat(back).as_matrix() == pytest.approx(ours.as_matrix(), abs=ROUNDING)
    assert back[3] >= 0.0


@given(st.floats(-179, 179), st.floats(-89, 89), st.floats(0.001, 359.9))
def test_roll_pitch_and_yaw_are_those_of_the_three_turns(roll_deg: float, pitch_deg: float, yaw_deg: float):
    x, y, z, w = Rotation.from_euler("ZYX", [yaw_deg, pitch_deg, roll_deg], degrees=True).as_quat()
    found = attitudes.quaternion2euler([w, x, y, z])
    assert [float(angle) for angle in found] == pytest.approx([roll_deg, pitch_deg, yaw_deg], abs=1e-9)


def test_a_nose_to_the_east_has_a_yaw_of_ninety():
    found = attitudes.quaternion2euler(attitudes.enu2ned_quaternion([[0.0, 0.0, 0.0, 1.0]] * 3))
    assert np.array(found) == pytest.approx(np.array([[0.0] * 3, [0.0] * 3, [90.0] * 3]))
