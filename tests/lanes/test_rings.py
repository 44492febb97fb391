"""The ring at the bottom of a bucket is seen whole exactly where rays say so."""

from __future__ import annotations

import math

import numpy as np
import pytest
from flown import facing, pose
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hotwash.lanes import kernels, rings
from hotwash.lanes.tasks import Ring, direction

WIDE_DEG = (84.0, 62.0)
EDGE_DEG = 0.02  # rays are cast at a finite number of points: nearer to the edge than this they cannot tell
RAYS = 1440
BUCKET = {"mouth_radius_m": 0.11, "ring_radius_m": 0.095, "depth_m": 0.23}


def bucket(*, azimuth_deg=0.0, tilt_deg=90.0, mouth_m=(0.0, 0.0, 1.0), **size):
    axis = direction(azimuth_deg, tilt_deg)
    return Ring("R", "1", mouth_m, axis, *{**BUCKET, **size}.values(), tilt_deg, mouth_m, 0.0, -tilt_deg)


def margin(row, ring, fov_deg=WIDE_DEG):
    return float(rings.margins_deg(row, [ring], np.zeros(1, int), fov_deg=fov_deg)[0])


def is_seen_by_rays(row, ring, fov_deg):
    """Cast a ray from points of the ring to the camera, march it past the wall, and project it into the picture."""
    axis = np.array(ring.axis)
    side = np.cross(axis, [1.0, 0.0, 0.0] if abs(axis[0]) < 0.9 else [0.0, 1.0, 0.0])
    side /= np.linalg.norm(side)
    turn = np.linspace(0.0, 2.0 * np.pi, RAYS, endpoint=False)[:, None]
    bottom = np.array(ring.mouth_m) - ring.depth_m * axis
    points = bottom + ring.ring_radius_m * (np.cos(turn) * side + np.sin(turn) * np.cross(axis, side))
    ways = row[0, :3] - points
    return misses_the_wall(points - bottom, ways, axis, ring) and is_in_picture(points - row[0, :3], row, fov_deg)


def misses_the_wall(starts, ways, axis, ring):
    """Intersect each ray with the wall: a cone's mantle from the ring's own radius at the bottom to the mouth's."""
    slope = (ring.mouth_radius_m - ring.ring_radius_m) / ring.depth_m
    up0, up1 = starts @ axis, ways @ axis
    flat0, flat1 = starts - up0[:, None] * axis, ways - up1[:, None] * axis
    # |flat0 + t flat1| = ring + slope (up0 + t up1): the wall, for t above 0 (the ray starts on it)
    a = (flat1**2).sum(1) - (slope * up1) ** 2
    b = 2.0 * ((flat0 * flat1).sum(1) - slope * up1 * (ring.ring_radius_m + slope * up0))
    t = np.divide(-b, a, out=np.full(len(a), -1.0), where=np.abs(a) > 1e-15)
    is_hit = (t > 1e-9) & (t <= 1.0) & (up0 + t * up1 <= ring.depth_m) & (up0 + t * up1 >= 0.0)
    is_out = (up1 > 0.0) & (starts @ axis + up1 > ring.depth_m)  # the camera lies beyond the plane of the mouth
    leaves_at_once = (b > 0.0) & (a > 0.0)  # outside the wall from the first step on
    return not is_hit.any() and is_out.all() and not leaves_at_once.any()


def is_in_picture(offsets, row, fov_deg):
    """Project into a pinhole camera by its rotation matrix."""
    x, y, z, w = row[0, 6:10]
    ahead = np.array([1 - 2 * (y * y + z * z), 2 * (x * y + z * w), 0.0])
    heading, pitch = math.atan2(ahead[0], ahead[1]), row[0, kernels.GIMBAL]
    yaw = np.array([[math.cos(heading), -math.sin(heading), 0], [math.sin(heading), math.cos(heading), 0], [0, 0, 1]])
    tip = np.array([[1, 0, 0], [0, math.cos(pitch), math.sin(pitch)], [0, -math.sin(pitch), math.cos(pitch)]])
    right, deep, up = (offsets @ yaw.T @ tip.T).T
    tangents = [math.tan(math.radians(angle) / 2.0) for angle in fov_deg]
    return bool((deep > 0).all() and (abs(right) <= tangents[0] * deep).all() and (abs(up) <= tangents[1] * deep).all())


@settings(max_examples=400, deadline=None)
@given(
    tilt=st.floats(-30.0, 90.0), azimuth=st.floats(0.0, 360.0), off_deg=st.floats(0.0, 12.0),
    round_deg=st.floats(0.0, 360.0), far=st.floats(0.3, 9.0), look=st.floats(-45.0, 45.0), nod=st.floats(-35.0, 35.0),
    mouth=st.floats(0.1, 0.2), tall=st.floats(20.0, 80.0),
)  # fmt: skip
def test_a_ring_is_seen_exactly_where_rays_say_so(tilt, azimuth, off_deg, round_deg, far, look, nod, mouth, tall):
    ring = bucket(azimuth_deg=azimuth, tilt_deg=tilt, mouth_radius_m=mouth)
    axis = np.array(ring.axis)
    side = np.cross(axis, [0.3, -0.5, 0.81])
    side = side / np.linalg.norm(side)
    side = math.cos(math.radians(round_deg)) * side + math.sin(math.radians(round_deg)) * np.cross(axis, side)
    off = math.radians(off_deg)
    at = np.array(ring.mouth_m) + far * (math.cos(off) * axis + math.sin(off) * side)
    row = pose(at, heading_deg=azimuth + 180.0 + look, gimbal_deg=-tilt + nod)
    fov = (70.0, tall)
    found = margin(row, ring, fov)
    assume(abs(found) > EDGE_DEG)
    assert (found > 0.0) == is_seen_by_rays(row, ring, fov)


def test_the_margin_is_zero_on_the_cone_through_ring_and_mouth():
    ring = bucket()
    for out in (0.5, 2.0, 6.0):
        off = 0.11 + out * (0.11 - 0.095) / 0.23  # similar triangles, from the ring's far side over the mouth's edge
        row = pose((off, 0.0, 1.0 + out), gimbal_deg=-90.0)
        assert margin(row, ring) == pytest.approx(0.0, abs=1e-9)


def test_the_margin_straight_above_is_the_angle_of_the_cone_there():
    row = pose((0.0, 0.0, 3.0), gimbal_deg=-90.0)
    expected = math.degrees(math.atan2(0.11 + 2.0 * 0.015 / 0.23, 2.0))
    assert margin(row, bucket()) == pytest.approx(expected, abs=1e-9)


def test_a_camera_that_looks_away_sees_no_ring():
    assert margin(pose((0.0, 0.0, 3.0), gimbal_deg=0.0), bucket()) < 0.0


def test_a_camera_behind_the_bucket_sees_no_ring():
    assert margin(pose((0.0, 0.0, 0.0), gimbal_deg=90.0), bucket()) < 0.0


def test_a_camera_level_with_the_mouth_sees_no_ring():
    assert margin(pose((0.0, -2.0, 1.0), gimbal_deg=0.0), bucket()) < 0.0


def test_the_picture_cuts_a_ring_that_the_mouth_shows():
    row = pose((0.0, 0.0, 3.0), gimbal_deg=-90.0)
    assert margin(row, bucket(), fov_deg=(84.0, 62.0)) > 0.0
    assert margin(row, bucket(), fov_deg=(84.0, 4.0)) < 0.0  # the ring's radius fills 2.4 deg at 2.23 m


def test_a_gimbal_keeps_the_picture_level_while_the_vehicle_leans():
    level, leaning = (pose((0.0, -1.0, 2.0), gimbal_deg=-45.0) for _ in range(2))
    leaning[0, 6:10] = facing(0.0, pitch_deg=-20.0, roll_deg=0.0)
    ring = bucket(azimuth_deg=180.0, tilt_deg=45.0)
    assert margin(leaning, ring) == pytest.approx(margin(level, ring), abs=1e-9)


def test_a_world_without_a_ring_has_no_margin():
    found = rings.margins_deg(pose((0.0, 0.0, 3.0), worlds=2), [bucket()], np.array([-1, 0]), fov_deg=WIDE_DEG)
    assert np.isnan(found[0])
    assert np.isfinite(found[1])
