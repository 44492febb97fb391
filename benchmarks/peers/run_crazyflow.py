"""crazyflow's own physics steps: first principles, RK4 at 500 Hz, state control at 100 Hz; run by its interpreter."""

import os
import sys

import jax
import numpy as np
from crazyflow.control import Control
from crazyflow.dynamics import Dynamics
from crazyflow.sim import Sim
from crazyflow.sim.integration import Integrator
from measuring import best_s, say

os.environ.setdefault("JAX_PLATFORMS", "cpu")  # read when the first array is made
for worlds in (1, 64, 1024, 16384):
    sim = Sim(
        n_worlds=worlds, n_drones=1, dynamics=Dynamics.first_principles, control=Control.state,
        integrator=Integrator.rk4, freq=500, state_freq=100, attitude_freq=500,
    )  # fmt: skip
    sim.reset()
    command = np.zeros((worlds, 1, 16), np.float32)
    command[..., 2] = 0.5

    def call(sim=sim, command=command):
        sim.state_control(command)
        sim.step(5)
        jax.block_until_ready(sim.data)

    took_s = best_s(call, float(sys.argv[1]))
    say("crazyflow, RK4 2 ms, float32, all cores", worlds, 5 * worlds / took_s)
