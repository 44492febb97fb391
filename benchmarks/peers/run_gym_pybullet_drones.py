"""gym-pybullet-drones: a hover environment, Bullet at 240 Hz, control at 30 Hz, resets included; its interpreter."""

import sys

import numpy as np
from gym_pybullet_drones.envs.HoverAviary import HoverAviary
from gym_pybullet_drones.utils.enums import Physics
from measuring import best_s, say

air = HoverAviary(physics=Physics.PYB, pyb_freq=240, ctrl_freq=30, gui=False)
air.reset(seed=0)
action = np.zeros(air.action_space.shape)


def call():
    found = air.step(action)
    if found[2] or found[3]:
        air.reset()


say("gym-pybullet-drones HoverAviary, Bullet 240 Hz", 1, 8 / best_s(call, float(sys.argv[1])))
