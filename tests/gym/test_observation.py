"""An observation says of a view what the manual says it does."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotwash.flight.seats import fields
from hotwash.gym import kernels
from hotwash.gym.fields import ACTION, ACTIONS, OBSERVATION, OBSERVATIONS
from hotwash.model.words import FLIGHT_MODES

SINGLE = 1e-6  # float32 near 1
LIMIT_S, STEP_S = 100.0, 0.02
NAMES = [field.name for field in OBSERVATION]


def view(*, heading_deg: float = 0.0, **columns: float | tuple[float, ...]) -> np.ndarray:
    """One world's view, level, with its nose to a heading; columns by the names of seats.fields."""
    row = np.zeros(fields.VIEWS)
    half = math.radians(90.0 - heading_deg) / 2.0
    row[fields.SEEN_QUATERNION : fields.SEEN_QUATERNION + 4] = 0.0, 0.0, math.sin(half), math.cos(half)
    row[fields.ATTITUDE : fields.ATTITUDE + 4] = row[fields.SEEN_QUATERNION : fields.SEEN_QUATERNION + 4]
    row[fields.IS_SEEN] = 1.0
    for name, value in columns.items():
        at = getattr(fields, name)
        row[at : at + np.size(value)] = value
    return row[None]


def looked(rows: np.ndarray, *, memory: np.ndarray | None = None, aims: np.ndarray | None = None):
    """Return the observation of one world by name, and its reward."""
    kept = np.full((1, kernels.MEMORIES), -1.0) if memory is None else memory
    seen, reward = np.full((1, OBSERVATIONS), np.nan, np.float32), np.zeros(1)
    plan = np.zeros((3, kernels.AIMS)) if aims is None else aims
    over = np.zeros((1, 2), np.bool_)
    kernels.observe(rows, np.zeros(1), np.arange(1), plan, kept, LIMIT_S, STEP_S, seen, reward, over)
    return dict(zip(NAMES, seen[0].tolist(), strict=True)), float(reward[0])


def squashed(value: float, scale: float) -> float:
    return value / (abs(value) + scale)


def test_every_field_is_written():
    seen, _ = looked(view())
    assert not [name for name, value in seen.items() if math.isnan(value)]


@pytest.mark.parametrize(
    ("heading_deg", "forward_m", "right_m"), [(0.0, 3.0, 4.0), (90.0, 4.0, -3.0), (180.0, -3.0, -4.0)]
)
def test_a_place_is_told_from_the_nose(heading_deg: float, forward_m: float, right_m: float):
    seen, _ = looked(view(heading_deg=heading_deg, TASK_POSITION=(4.0, 3.0, 2.0)))
    assert seen["target_forward"] == pytest.approx(squashed(forward_m, 5.0), abs=SINGLE)
    assert seen["target_right"] == pytest.approx(squashed(right_m, 5.0), abs=SINGLE)
    assert seen["near_up"] == pytest.approx(squashed(2.0, 0.5), abs=SINGLE)


def test_the_turn_to_make_is_positive_clockwise():
    seen, _ = looked(view(heading_deg=10.0, TASK_HEADING=100.0))
    assert (seen["turn_sin"], seen["turn_cos"]) == pytest.approx((1.0, 0.0), abs=SINGLE)


def test_leaning_right_lifts_the_left_side():
    half = math.radians(20.0) / 2.0  # a turn about the nose, which points east
    seen, _ = looked(view(SEEN_QUATERNION=(math.sin(half), 0.0, 0.0, math.cos(half))))
    assert seen["lean_left"] == pytest.approx(math.sin(math.radians(20.0)), abs=SINGLE)
    assert seen["upright"] == pytest.approx(math.cos(math.radians(20.0)), abs=SINGLE)


def test_a_nose_that_is_up_leans_the_mast_back():
    half = math.radians(-20.0) / 2.0  # about the left side, + nose down
    seen, _ = looked(view(SEEN_QUATERNION=(0.0, math.sin(half), 0.0, math.cos(half))))
    assert seen["lean_forward"] == pytest.approx(math.sin(math.radians(20.0)), abs=SINGLE)


def test_without_sight_the_drones_own_navigation_counts():
    seen, _ = looked(view(IS_SEEN=0.0, NAV_POSITION=(0.0, -1.0, 0.0), SEEN_POSITION=(9.0, 9.0, 9.0)))
    assert seen["target_forward"] == pytest.approx(squashed(1.0, 5.0), abs=SINGLE)


@pytest.mark.parametrize("mode", range(fields.MODES))
def test_each_mode_has_a_number_of_its_own(mode: int):
    seen, _ = looked(view(MODE=float(mode)))
    told = [word for word in FLIGHT_MODES if seen[f"mode_{word}"] == 1.0]
    assert told == [FLIGHT_MODES[mode]]


def test_the_plan_says_where_to_aim_and_what_a_task_wants():
    aims = np.array([[0.0, 0.0, 0.0, 0.0], [-45.0, 1.0, 1.0, 0.0], [0.0, 0.0, 0.0, 0.0]])
    seen, _ = looked(view(TASK=1.0, GIMBAL_PITCH=-30.0), aims=aims)
    assert seen["aim_error"] == pytest.approx(squashed(-15.0, 15.0), abs=SINGLE)
    assert (seen["wants_picture"], seen["wants_landing"], seen["task_done"]) == (1.0, 0.0, 0.5)


def test_points_are_rewarded_once():
    memory = np.full((1, kernels.MEMORIES), -1.0)
    far = {"TASK_POSITION": (50.0, 0.0, 0.0)}
    _, first = looked(view(**far), memory=memory)
    _, gained = looked(view(**far, POINTS=2.0, TASK=1.0), memory=memory)
    _, after = looked(view(**far, POINTS=2.0, TASK=1.0), memory=memory)
    assert (first, gained, after) == (0.0, 2.0, 0.0)


def test_coming_nearer_is_rewarded_by_where_it_ends():
    memory = np.full((1, kernels.MEMORIES), -1.0)
    rewards = [looked(view(TASK_POSITION=(away, 0.0, 0.0)), memory=memory)[1] for away in (20.0, 12.0, 17.0, 5.0)]
    assert sum(rewards) == pytest.approx(0.8 * (5.0 / 10.0 - 5.0 / 25.0))


def test_a_second_at_the_place_earns_what_the_manual_says():
    memory = np.full((1, kernels.MEMORIES), -1.0)
    steps = round(1.0 / STEP_S)
    total = sum(looked(view(), memory=memory)[1] for _ in range(steps + 1))
    assert total == pytest.approx(kernels.PER_SECOND)


@given(
    st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=fields.VIEWS, max_size=fields.VIEWS),
    st.floats(-math.pi, math.pi),
    st.floats(0.0, 1.0),
)
def test_no_view_leaves_the_space(numbers: list[float], turn: float, share: float):
    row = np.array([numbers])
    for at in (fields.SEEN_QUATERNION, fields.ATTITUDE):
        row[0, at : at + 4] = math.sin(turn) * 0.6, math.sin(turn) * 0.8, 0.0, math.cos(turn)
    for at in (fields.CHARGE, fields.LINK_QUALITY, fields.HAS_FIX, fields.IS_ON_GROUND, fields.IS_ARMED):
        row[0, at] = share
    row[0, fields.GIMBAL_PITCH], row[0, fields.SECONDS_LEFT] = 180.0 * share - 90.0, share * LIMIT_S
    row[0, fields.TASK] = round(2.0 * share)
    seen, _ = looked(row)
    assert max(abs(value) for value in seen.values()) <= 1.0 + SINGLE


def test_an_action_is_cut_off_and_never_no_number():
    asked = np.array([[2.0, -2.0, np.nan, 0.5, 1.0, 0.1]], np.float32)
    rows = np.zeros((1, fields.COMMANDS))
    kernels.command(asked, view(IS_ARMED=1.0), rows)
    assert rows[0].tolist() == [1.0, -1.0, 0.0, 0.5, 1.0, 1.0, -1.0, 0.0]


def test_an_action_arms_motors_that_stand_still():
    rows = np.zeros((1, fields.COMMANDS))
    kernels.command(np.zeros((1, ACTIONS), np.float32), view(IS_ARMED=0.0), rows)
    assert rows[0, fields.BUTTONS] == fields.ARM


@pytest.mark.parametrize(("title", "declared"), [("Observation", OBSERVATION), ("Action", ACTION)])
def test_the_manual_lists_every_number(title: str, declared: tuple):
    page = (Path(__file__).resolve().parents[2] / "docs/reference/gym.md").read_text(encoding="utf-8")
    section = page.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ") and line[2].isdigit()]
    assert rows == [f"| {at} | `{field.name}` | {field.meaning} |" for at, field in enumerate(declared)]
