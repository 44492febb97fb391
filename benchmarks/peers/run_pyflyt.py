"""PyFlyt's quadrotor in Bullet at 240 Hz; run by its interpreter."""

import sys

import numpy as np
from measuring import best_s, say
from PyFlyt.core import Aviary

air = Aviary(start_pos=np.array([[0.0, 0.0, 10.0]]), start_orn=np.zeros((1, 3)), drone_type="quadx")
air.set_mode(7)
say("PyFlyt Aviary, Bullet 240 Hz", 1, air.updates_per_step / best_s(air.step, float(sys.argv[1])))
