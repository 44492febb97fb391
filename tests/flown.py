"""POSE rows along known paths: what the tests of lanes and scores fly without a simulator."""

from __future__ import annotations

import math

import numpy as np

from hotwash.lanes import kernels
from hotwash.lanes.rings import margins_deg

POSITION, VELOCITY, QUATERNION, ON_GROUND, GIMBAL, CAPTURED, ARMED, UPSIDE, POSES = 0, 3, 6, 15, 16, 17, 18, 20, 24


def facing(heading_deg, *, pitch_deg=0.0, roll_deg=0.0):
    """Return the quaternion x y z w, body (x forward, y left, z up) to east-north-up."""
    half = [math.radians(angle) / 2.0 for angle in (90.0 - heading_deg, -pitch_deg, roll_deg)]
    (cz, cy, cx), (sz, sy, sx) = [math.cos(a) for a in half], [math.sin(a) for a in half]
    return np.array([
        sx * cy * cz - cx * sy * sz, cx * sy * cz + sx * cy * sz,
        cx * cy * sz - sx * sy * cz, cx * cy * cz + sx * sy * sz,
    ])  # fmt: skip


def pose(
    at_m, *, heading_deg=0.0, gimbal_deg=0.0, velocity_mps=(0.0, 0.0, 0.0), ground=False, captured=False, worlds=1
):
    """Return POSE rows of one vehicle, the same in every world."""
    row = np.zeros(POSES)
    row[POSITION : POSITION + 3], row[VELOCITY : VELOCITY + 3] = at_m, velocity_mps
    row[QUATERNION : QUATERNION + 4] = facing(heading_deg)
    row[ON_GROUND], row[GIMBAL], row[CAPTURED], row[ARMED] = ground, math.radians(gimbal_deg), captured, not ground
    return np.tile(row, (worlds, 1))


def along(from_m, to_m, *, speed_mps, step_s=0.02, heading_deg=0.0, gimbal_deg=0.0):
    """Yield POSE rows from one place to another at one speed; the last one stands at the end."""
    start, end = np.asarray(from_m, float), np.asarray(to_m, float)
    steps = max(1, math.ceil(np.linalg.norm(end - start) / (speed_mps * step_s)))
    for step in range(1, steps + 1):
        velocity = (end - start) / (steps * step_s)
        yield pose(
            start + (end - start) * step / steps, heading_deg=heading_deg, gimbal_deg=gimbal_deg, velocity_mps=velocity
        )


def around(
    centre_m, radius_m, *, turns, side, speed_mps, step_s=0.02, nose="along", begin_deg=180.0, climb_m=0.0, grow_m=0.0
):
    """Yield POSE rows round a centre; side 1 is clockwise from above; begin_deg is the bearing from the centre."""
    total = 2.0 * math.pi * turns
    steps = math.ceil(total * radius_m / (speed_mps * step_s))
    for step in range(1, steps + 2):  # one more: the first only says where the turning begins
        bearing = math.radians(begin_deg) + side * total * step / steps
        radius = radius_m + grow_m * step / steps
        out = np.array([math.sin(bearing), math.cos(bearing), 0.0])
        way = side * np.array([math.cos(bearing), -math.sin(bearing), 0.0])
        look = {"along": way, "in": -out, "out": out}[nose]
        at = np.asarray(centre_m, float) + radius * out + [0.0, 0.0, climb_m * step / steps]
        heading = math.degrees(math.atan2(look[0], look[1]))
        yield pose(at, heading_deg=heading, velocity_mps=speed_mps * way)


def fly(referee, rows):
    """Fold rows into a referee until it is over; return how many were taken."""
    taken = 0
    for row in rows:
        if referee.is_over.all():
            break
        referee.judge(row)
        taken += 1
    return taken


def still(at_m, seconds, *, step_s=0.02, **how):
    """Yield the same POSE row for so long."""
    for _ in range(round(seconds / step_s)):
        yield pose(at_m, **how)


# ---------------------------------------------------------------- a flight without fault through any lane


def margins_now(referee, pose):
    """Return the margin of the ring that each world is to take now, as it stands, (n,) [deg]; NaN without one."""
    now = [referee.lane.tasks[min(number, len(referee.lane.tasks) - 1)].ring for number in referee.task.tolist()]
    which = np.array([-1 if ring is None else ring for ring in now])
    return margins_deg(pose, referee.lane.rings, which, fov_deg=referee.fov_deg)


def target_heading_deg(referee):
    """Return which way to look where each world is to go now, (n,) [deg]."""
    east, north = referee.state[:, kernels.AIM + 3], referee.state[:, kernels.AIM + 4]
    return np.degrees(np.arctan2(east, north)) % 360.0


def faultless(lane, *, step_s=0.02):
    """Yield POSE rows that do each task of a lane as it is asked; between tasks the vehicle is simply there."""
    for task in lane.tasks:
        yield from done(task, step_s)


def done(task, step_s=0.02):
    """Yield POSE rows that do one task as it is asked."""
    look = {"heading_deg": task.heading_deg, "gimbal_deg": task.gimbal_pitch_deg or 0.0}
    if task.kind == "capture":
        yield pose(task.target_m, **look)
        yield pose(task.target_m, captured=True, **look)
    elif task.kind in ("leg", "sustain"):
        yield from along(task.path.start_m, task.target_m, speed_mps=band(task), step_s=step_s, **look)
    elif task.kind == "circle":
        yield from round_about(task, step_s)
    elif task.kind == "land":
        at = (*task.target_m[:2], 0.0)
        yield pose((*at[:2], 0.1), velocity_mps=(0.0, 0.0, -0.3), **look)
        yield from still(at, task.hold_s + 2 * step_s, step_s=step_s, ground=True, **look)
    elif task.kind == "turn":
        for left in np.linspace(-60.0, 0.0, 30):
            yield pose(task.target_m, heading_deg=task.heading_deg + (task.path.side or 1) * left)
        yield from still(task.target_m, task.hold_s, step_s=step_s, **look)
    else:
        yield from still(task.target_m, task.hold_s + step_s, step_s=step_s, **look)


def round_about(task, step_s):
    path = task.path
    start = np.array(task.target_m) - path.centre_m
    nose = {"nose_in": "in", "along": "along", "free": "along", "fixed": "along"}[task.heading_rule]
    yield from around(
        path.centre_m, path.radius_m, turns=path.turns, side=path.side, speed_mps=band(task), step_s=step_s, nose=nose,
        begin_deg=math.degrees(math.atan2(start[0], start[1])), climb_m=path.height_end_m - path.centre_m[2],
        grow_m=path.radius_end_m - path.radius_m,
    )  # fmt: skip


def band(task):
    """Return a speed within a task's band."""
    if task.slow_mps is not None and task.quick_mps is not None:
        return (task.slow_mps + task.quick_mps) / 2.0
    return task.slow_mps * 1.2 if task.slow_mps is not None else 0.8 * (task.quick_mps or 2.5)


# ---------------------------------------------------------------- recordings of such flights

SCENARIO = """
name = "{lane}"
lane = "{lane}"
{marks}
[place]
lat_deg = 51.5
lon_deg = 7.0
height_hae_m = 120.0
[[seats]]
name = "pilot"
airframe = "quad-900g"
mode = "altitude_hold"
"""


def scenario_of(lane, *, marks="", more=""):
    """Return the text of a scenario that flies a lane; `more` is appended."""
    return SCENARIO.format(lane=lane, marks=marks) + more


def recorded(rows, scenario, *, seat="pilot", step_s=0.02, events=(), controls=None):
    """Return a Recording of POSE rows: truth every step, pictures as events, as an exercise writes them."""
    from datetime import timedelta

    from hotwash.geo.frames import enu2geodetic
    from hotwash.model import scenario as scenarios
    from hotwash.model import schema, tables
    from hotwash.model.recording import Recording

    place = scenarios.parse(scenario, name="scenario.toml")
    poses = np.concatenate(list(rows))
    times = [place.start_utc + timedelta(microseconds=round((at + 1) * step_s * 1e6)) for at in range(len(poses))]
    origin = (place.place.lat_deg, place.place.lon_deg, place.place.height_hae_m)
    lat, lon, up = enu2geodetic(poses[:, 0], poses[:, 1], poses[:, 2], *origin)
    truth = schema.frame(tables.TRUTH, [
        {
            "object_id": seat, "time_utc": time, "lat_deg": lat[at], "lon_deg": lon[at], "height_hae_m": up[at],
            "v_east_mps": row[3], "v_north_mps": row[4], "v_up_mps": row[5], "q_x": row[6], "q_y": row[7],
            "q_z": row[8], "q_w": row[9], "gimbal_pitch_deg": math.degrees(row[GIMBAL]),
            "is_on_ground": bool(row[ON_GROUND]),
        }
        for at, (time, row) in enumerate(zip(times, poses, strict=True))
    ])  # fmt: skip
    taken = [
        {"event_id": f"picture-{at}", "kind": "capture", "start_utc": time, "known_utc": time, "subject_id": seat}
        for at, (time, row) in enumerate(zip(times, poses, strict=True))
        if row[CAPTURED]
    ]
    told = [
        {
            "event_id": f"event-{at}",
            "known_utc": place.start_utc,
            "start_utc": place.start_utc + timedelta(seconds=s),
            **one,
        }
        for at, (s, one) in enumerate(events)
    ]
    given = controls if controls is not None else schema.empty(tables.CONTROLS)
    return Recording(truth=truth, events=schema.frame(tables.EVENTS, taken + told), controls=given, scenario=scenario)


def sticks_of(seconds, *, seat="pilot", step_s=0.02, start_utc=None, **columns):
    """Return CONTROLS of one seat, a row a step; each column is a function of time, or a value."""
    from datetime import timedelta

    from hotwash.model import schema, tables
    from hotwash.model.scenario_parts import START_UTC

    rows = [
        {
            "seat": seat, "sequence": at,
            "time_utc": (start_utc or START_UTC) + timedelta(microseconds=round(at * step_s * 1e6)),
            **{name: one(at * step_s) if callable(one) else one for name, one in columns.items()},
        }
        for at in range(round(seconds / step_s))
    ]  # fmt: skip
    return schema.frame(tables.CONTROLS, rows)
