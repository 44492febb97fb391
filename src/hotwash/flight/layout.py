"""Where each number stands in the buffers that the compiled parts of an exercise share.

Vehicles fly in blocks of LANES side by side. A buffer of a block is flat, field by field: buffer[block, field, lane],
so that a compiled loop over lanes runs on neighbouring numbers. World w is lane w % LANES of block w // LANES; the
last block may have idle lanes. With one world LANES is 1: blocks follow the width of the buffer that they are given.

What leaves the kernels is row by row, buffer[world, field]: POSE and `View`.

                 COMMAND ─guide─▶ SETPOINT ─advance─▶ POSE ─sense─▶ VIEW
                    ▲     seats               flight         seats     │
                    └───────────────────── pilot ◀────────────────────┘
"""

from __future__ import annotations

LANES = 32

# POSE[world, field]: what is true at the end of a step. East, north, up in the plane tangent at the scenario's place.
POSITION, VELOCITY, QUATERNION, RATES = 0, 3, 6, 10  # m; m/s; x y z w, body to ENU; rad/s in body axes
AIRSPEED, BATTERY, ON_GROUND = 13, 14, 15  # m/s; share left; 0 or 1
GIMBAL, CAPTURED, ARMED = 16, 17, 18  # rad above the horizon; a picture was taken in this step, 0 or 1; 0 or 1
VOLTS, UPSIDE = 19, 20  # of the battery under load; 1 once it has tipped over or crashed
POSES = 24

# SETPOINT[block, field, lane]: what the seat asks of the flight controller's inner loop. Angles and rates are
# right-handed about the body axes forward, left, up: roll + right, pitch + nose down, yaw rate + to the left (a stick's
# yaw is + to the right).
INNER = 0  # 0: body rates; 1: attitude; 2: motors stand still (a fixed wing: attitude, its motor still)
# INNER 3, fixed wing: roll, pitch and yaw rate are shares of the most deflection of aileron, elevator and rudder
ROLL, PITCH, YAW_RATE, THRUST = 1, 2, 3, 4  # rad/s or rad; rad/s; share of full thrust (fixed wing: throttle)
MOTORS = 5  # and the next three: share of each motor's thrust that is left, 1 when whole
SETPOINTS = 9

# NOISE[block, field, lane]: what a step draws, made by the world's seed and the number of the step alone.
GUST_NOISE, FIX_NOISE, HEIGHT_NOISE, LINK_NOISE = 0, 3, 6, 7  # three normals; three normals; normal; uniform 0 to 1
NOISES = 8
