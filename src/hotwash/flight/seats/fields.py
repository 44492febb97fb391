"""Where each number stands in COMMAND and VIEW, and what the numbers of modes, buttons and warnings mean.

Plain numbers, so that compiled code may import them. Rows are worlds: COMMAND[world, field], VIEW[world, field].
"""

from __future__ import annotations

from hotwash.flight.layout import POSES

# COMMAND: sticks and levers run from -1 to 1.
STICK_ROLL, STICK_PITCH, STICK_YAW, STICK_THROTTLE = 0, 1, 2, 3  # + right; + forward; + clockwise from above; + up
GIMBAL_RATE, CAPTURE, ASKED_MODE, BUTTONS = 4, 5, 6, 7  # + up; 0 or 1; -1 keeps, else a mode; bits
COMMANDS = 8
COMMAND_NAMES = ("roll", "pitch", "yaw", "throttle", "gimbal_pitch_rate", "capture", "mode", "buttons")

ARM, DISARM = 1, 2  # bits of BUTTONS

# Modes, by their place in words.FLIGHT_MODES.
RATE, STABILISED, ALTITUDE_HOLD, POSITION_HOLD, RETURN_HOME, LAND, LOITER = 0, 1, 2, 3, 4, 5, 6
MODES = 7

# VIEW: what the seat sees …
TIME = 0  # s since the start
SEEN_POSITION, SEEN_VELOCITY, SEEN_QUATERNION, IS_SEEN = 1, 4, 7, 11  # m; m/s; x y z w; 0 or 1
# … what its instruments say …
ATTITUDE, BODY_RATES = 12, 16  # x y z w, body to ENU; rad/s
NAV_POSITION, NAV_VELOCITY, HAS_FIX, SATELLITES = 19, 22, 25, 26  # m; m/s; 0 or 1; how many
HEIGHT, CLIMB, HEADING, AIR_SPEED = 27, 28, 29, 30  # m above take-off; m/s; deg by the compass; m/s
CHARGE, VOLTAGE, LINK_QUALITY = 31, 32, 33  # share left; V; 0 to 1
MODE, WARNINGS, IS_ON_GROUND, IS_ARMED, GIMBAL_PITCH = 34, 35, 36, 37, 38  # a mode; bits; 0 or 1; 0 or 1; deg
INJECT = 39  # how many messages of the scenario have come so far
# … and the test that it flies.
TASK, TASKS, POINTS = 40, 41, 42  # index of the task, how many there are, points so far
TASK_POSITION, TASK_HEADING, SECONDS_LEFT = 43, 46, 47  # m; deg; s
VIEWS = 48

# Bits of WARNINGS.
FIX_LOST, LINK_LOST, BATTERY_LOW, BATTERY_CRITICAL = 1, 2, 4, 8
FELL_BACK, RETURNING, LANDING, ARM_REFUSED, UPSIDE_DOWN, STALLING = 16, 32, 64, 128, 256, 512
WARNING_NAMES = {
    FIX_LOST: "fix_lost",
    LINK_LOST: "link_lost",
    BATTERY_LOW: "battery_low",
    BATTERY_CRITICAL: "battery_critical",
    FELL_BACK: "fell_back",
    RETURNING: "returning",
    LANDING: "landing",
    ARM_REFUSED: "arm_refused",
    UPSIDE_DOWN: "upside_down",
    STALLING: "stalling",
}
WARNING_WORDS = {
    FIX_LOST: "no satellite fix",
    LINK_LOST: "link lost",
    BATTERY_LOW: "battery low",
    BATTERY_CRITICAL: "battery critical",
    FELL_BACK: "the mode asked for cannot be held; flying altitude hold",
    RETURNING: "returning home by itself",
    LANDING: "landing by itself",
    ARM_REFUSED: "arming refused",
    UPSIDE_DOWN: "tipped over",
    STALLING: "too slow to fly",
}

# FAULTS[world, fault, number]: what fails, from when to when, and two numbers of its kind.
FAULT_KIND, ONSET, END, FIRST, SECOND = 0, 1, 2, 3, 4  # as below; s; s; see `faults.fault_rows`
FAULTS = 5
FAULT_KINDS = (
    *("satnav_off", "satnav_stuck", "satnav_drift", "satnav_jump", "link_delay", "link_jitter", "link_loss"),
    *("motor_loss", "compass_offset", "video_freeze", "battery", "gust_front"),
)
SATNAV_OFF, SATNAV_STUCK, SATNAV_DRIFT, SATNAV_JUMP, LINK_DELAY, LINK_JITTER, LINK_LOSS = 0, 1, 2, 3, 4, 5, 6
MOTOR_LOSS, COMPASS_OFFSET, VIDEO_FREEZE, BATTERY_DROP, GUST_FRONT = 7, 8, 9, 10, 11

# LIMITS: what one airframe can do and one scenario asks for, the same in all worlds.
IS_WING, STEP, MAX_TILT, MAX_RATE, MAX_YAW_RATE = 0, 1, 2, 3, 4  # 0 or 1; s; rad; rad/s; rad/s
MAX_CLIMB, MAX_SINK, MAX_SPEED, CRUISE, HOVER = (5, 6, 7, 8, 9)  # m/s four times; share of full thrust
GIMBAL_LEAST, GIMBAL_MOST, GIMBAL_FASTEST = 10, 11, 12  # rad; rad; rad/s
LINK_TIMEOUT, LINK_HOVER, RETURN_HEIGHT, FIX_TIMEOUT = 13, 14, 15, 16  # s; s; m; s
BATTERY_WARN, BATTERY_RETURN, BATTERY_LAND = 17, 18, 19  # shares
WANDER, WANDER_DRIVE, WANDER_SPEED, WANDER_SPEED_DRIVE, WANDER_HEIGHT, WANDER_HEIGHT_DRIVE = 20, 21, 22, 23, 24, 25
IN_USE, SIGHT, VIDEO_STEPS, TIME_LIMIT = 26, 27, 28, 29  # satellites; 0 none 1 eye 2 camera; steps; s
PUSH, POSITION_GAIN, SPEED_GAIN, SPEED_WIND_UP = 30, 31, 32, 33  # m/s2; 1/s; 1/s; 1/s2
HEIGHT_GAIN, CLIMB_GAIN, CLIMB_WIND_UP = 34, 35, 36  # 1/s; 1/s; 1/s2
STALL_SPEED, CIRCLE, MAX_PITCH = 37, 38, 39  # m/s; m; rad: of a wing
TASKS_THERE = 40  # how many the lane has; 0 without one
TRIM_PITCH, CLIMB_THRUST = 41, 42  # rad, nose up in level flight; share for 1 m/s of climb: of a wing
MOST_PUSH = 43  # m/s2: what a multirotor's greatest tilt gives
SLOWING = 44  # what drag takes off a multirotor's speed: 1/s of blades, 1/m of the body
APPROACH, APPROACH_SINK, LIFTING = 46, 47, 48  # of a wing: m/s to land with, twice; rad of attack that cruise takes
LIMITS = 49

# A row of a flight's log: POSE, COMMAND, then of the seat the mode flown, its warnings, messages, task and points.
LOG_COMMAND = POSES
LOG_NOTES = LOG_COMMAND + COMMANDS
LOG_MODE, LOG_WARNINGS, LOG_INJECTS, LOG_TASK, LOG_POINTS = (LOG_NOTES + one for one in range(5))
LOGS = LOG_NOTES + 5
