"""Where each number stands in an observation and an action, and what it means; the manual prints these lists.

Every number of an observation is between −1 and 1. A length, speed or rate x is written as x / (|x| + scale): straight
near zero, never cut off, so that far away still has a direction.
"""

from __future__ import annotations

from typing import NamedTuple


class Field(NamedTuple):
    """One number of an observation or action."""

    name: str
    meaning: str


OBSERVATION = (
    Field("target_forward", "the task's place, forward of the drone's nose on the level; scale 5 m"),
    Field("target_right", "the task's place, to the right; scale 5 m"),
    Field("target_up", "the task's place, upwards; scale 5 m"),
    Field("near_forward", "the same, forward; scale 0.5 m"),
    Field("near_right", "the same, to the right; scale 0.5 m"),
    Field("near_up", "the same, upwards; scale 0.5 m"),
    Field("speed_forward", "own speed over ground, forward; scale 3 m/s"),
    Field("speed_right", "own speed over ground, to the right; scale 3 m/s"),
    Field("speed_up", "own speed upwards; scale 3 m/s"),
    Field("lean_forward", "upwards as the body sees it, along its nose: positive with the nose up"),
    Field("lean_left", "upwards as the body sees it, along its left side: positive leaning right"),
    Field("upright", "upwards as the body sees it, along its mast: 1 level, −1 upside down"),
    Field("rate_roll", "body rate about the nose, + leans right; scale 3 rad/s"),
    Field("rate_pitch", "body rate about the left side, + nose down; scale 3 rad/s"),
    Field("rate_yaw", "body rate about the mast, + to the left; scale 3 rad/s"),
    Field("turn_sin", "sine of the turn still to make to the task's heading, + clockwise"),
    Field("turn_cos", "its cosine"),
    Field("gimbal", "where the camera looks, above the horizon, as a share of 90°"),
    Field("aim_error", "how far up the camera has to turn to look at the task's ring; scale 15°; 0 without a ring"),
    Field("height", "above take-off by the barometer; scale 10 m"),
    Field("airspeed", "scale 10 m/s"),
    Field("battery", "share left"),
    Field("link_quality", "0 lost to 1 whole"),
    Field("has_fix", "1 with a satellite fix"),
    Field("is_on_ground", "1 on the ground"),
    Field("is_armed", "1 when the motors may turn"),
    Field("mode_rate", "1 in this mode, as all of the next six"),
    Field("mode_stabilised", "see mode_rate"),
    Field("mode_altitude_hold", "see mode_rate"),
    Field("mode_position_hold", "see mode_rate"),
    Field("mode_return_home", "see mode_rate"),
    Field("mode_land", "see mode_rate"),
    Field("mode_loiter", "see mode_rate"),
    Field("is_warned", "1 while any warning is shown"),
    Field("task_done", "share of the tasks that are behind"),
    Field("time_left", "share of the time limit that is left"),
    Field("wants_picture", "1 when the task is done by a capture"),
    Field("wants_landing", "1 when the task is done by landing"),
)

ACTION = (
    Field("roll", "stick, + right"),
    Field("pitch", "stick, + forward"),
    Field("yaw", "stick, + clockwise seen from above"),
    Field("throttle", "stick, + up; 0 holds the height in modes that hold it"),
    Field("gimbal", "lever of the camera's pitch, + up"),
    Field("capture", "above 0 a picture is taken"),
)

OBSERVATIONS, ACTIONS = len(OBSERVATION), len(ACTION)
