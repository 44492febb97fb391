"""Where each number stands in the arrays of the tracker's compiled core: who fills or reads them uses these names.

The arrays, their shapes and units stand in `arrays.py`.
"""

from __future__ import annotations

import math

# A Gaussian: means, then the upper triangle of the covariance. A place: x, y [m] and the covariance of the noise [m2];
# where it is a bearing, x and y of the sensor, and then what ANGLE and the next two say [rad, rad, m].
X, Y, U, V, XX, XY, YY, XU, XV, YU, YV, UU, UV, VV = range(14)
MEANS, GAUSS = 4, 14
RXX, RXY, RYY, PLACE = 2, 3, 4, 5
ANGLE, ANGLE_SIGMA, ANGLE_REACH = 2, 3, 4
MARK_CELL, MARK_IDENT, MARK_FINE = 0, 1, 2

# Tracks.real: a Gaussian for each model, and then
MODELS = 4
MIX = MODELS * GAUSS  # the model probabilities
ONE = MIX + MODELS  # the combined Gaussian
TIME, ODDS, SEEN = ONE + GAUSS, ONE + GAUSS + 1, ONE + GAUSS + 2  # [s], log odds of existence, last update [s]
ROWED = SEEN + 1  # time of the last row [s]
HEARD = ROWED + 1  # x, y of the last named report [m]
WIDTH = HEARD + 2

# Tracks.whole
ID, STATUS, IDENT, HITS, LAST, SENSOR, MISSES, ROW, EARLY = range(9)
REMEMBERED = 6  # plots kept of a track that is not yet confirmed
INTS = EARLY + REMEMBERED
FREE, TENTATIVE, CONFIRMED, COASTING, DORMANT, DELETED = range(6)  # STATUS
LIVE, NEXT_ID, SEED_BEGIN, SEED_END, CROWDS, NUMBERS = range(6)  # Tracks.number

# Seeds.real begins with a place; Seeds.whole
SEED_TIME, SEED_HOPE, SEED_REALS = 5, 6, 7
SEED_PLOT, SEED_SENSOR, SEED_IDENT, SEED_MISSES, SEED_FINE, SEED_INTS = range(6)

# Rows.real is a Gaussian and EXISTENCE; Rows.whole, early, near, belief and number
EXISTENCE = GAUSS
ROW_SCAN, ROW_TRACK, ROW_STATUS, ROW_PLOT, ROW_IDENT, ROW_INTS = range(6)
EARLY_TRACK, EARLY_PLOT = 0, 1
NEAR_SCAN, NEAR_PLOT = 0, 1
BELIEF_SCAN, BELIEFS = 0, 1
N_ROWS, N_EARLY, N_NEAR, N_BELIEFS = range(4)

# Sensors.fixed begins with x, y; flow; detected; Scans.beam
REACH, HAS_SCANS = 2, 3
LOOKS, UNSEEN, LAST_LOOK, USUAL_S, FINE_LOOKS, FLOWS = range(6)
FOUND, MISSED = 0, 1
BEAM_FROM, BEAM_TO = 0, 1

# Bank.motion; Bench.step: position += B v, v = D v, and the noise of position, of both, of speed; pd; odds; mixed
TURN_RATE, MEMORY, NOISE = range(3)
B1, B2, D1, D2, Q1, Q2, Q3, STEP, STEPS = range(9)
PD, LOG_PD = 0, 1
LOG_ALIVE, LOG_NOTHING, RING, OFFER = range(4)
WEIGHTS = 2

DONE, ROWS_FULL, TRACKS_FULL = range(3)
ALL, QUIET, NONE = range(3)
BEARING = -2  # stands for the cell of a bearing

# A sensor's polar grid: clutter crowds near it, so rings end at 1, 4, 9 ... 64 64ths of its reach
RINGS, SECTORS = 8, 12
CELLS = RINGS * SECTORS
# and a fine one of equal rings: at 50 km of reach a cell is 1 km deep, and 1.3 km wide half way out
FINE_RINGS, FINE_SECTORS = 48, 120
FINE = FINE_RINGS * FINE_SECTORS
# Shape of the gamma law of the rate about a place, whose mean is its cell's. A wind farm shows ten plots within some
# scans; of an object that nobody knows yet the map has two or three, and these must not pass for clutter.
PLACE_SHAPE = 10.0
SIDE = 64  # cells a side of the hashed grid, a power of two; it wraps round, so the world may be of any size
CELL_M = 4000.0
NEVER = -1.0e18
EXACT_PLOTS = 8  # a cluster that shares more is weighed by messages: each more doubles the work of the exact way
PLAIN = 0.99  # a plot this likely is taken as the one: blending in the rest would change nothing to speak of
LOG_2PI = math.log(2.0 * math.pi)
NAMED = 20.0  # log odds that one name is no chance: the same name binds before any distance within the gate does
