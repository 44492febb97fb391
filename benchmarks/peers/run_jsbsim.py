"""JSBSim's c172x at 120 Hz: a much richer model, of a fixed wing; run by its interpreter."""

import sys

import jsbsim
from measuring import best_s, say

flight = jsbsim.FGFDMExec(jsbsim.get_default_root_dir())
flight.set_debug_level(0)
flight.load_model("c172x")
flight.set_dt(1.0 / 120.0)
flight["ic/h-sl-ft"], flight["ic/vc-kts"] = 3000, 90
flight.run_ic()
flight["propulsion/set-running"] = -1


def call():
    for _ in range(100):
        flight.run()


say("jsbsim c172x, 120 Hz, float64", 1, 100 / best_s(call, float(sys.argv[1])))
