"""RotorPy's batched multirotor (torch, RK4 at 10 ms, velocity commands); run by its interpreter."""

import sys

import torch
from measuring import best_s, say
from rotorpy.vehicles.crazyflie_params import quad_params
from rotorpy.vehicles.multirotor import BatchedMultirotor, BatchedMultirotorParams

torch.set_num_threads(2)
for worlds in (1, 64, 1024, 16384):
    device = torch.device("cpu")
    params = BatchedMultirotorParams([quad_params] * worlds, worlds, device=device)
    state = {
        "x": torch.zeros(worlds, 3).double(),
        "v": torch.zeros(worlds, 3).double(),
        "q": torch.tensor([0, 0, 0, 1]).repeat(worlds, 1).double(),
        "w": torch.zeros(worlds, 3).double(),
        "wind": torch.zeros(worlds, 3).double(),
        "rotor_speeds": torch.full((worlds, 4), 1788.53).double(),
    }
    vehicle = BatchedMultirotor(
        params, num_drones=worlds, initial_states=state, device=device, control_abstraction="cmd_vel", integrator="rk4"
    )
    control = {"cmd_v": torch.zeros(worlds, 3).double()}

    def call(vehicle=vehicle, control=control, held=[state]):  # noqa: B006
        with torch.no_grad():
            held[0] = vehicle.step(held[0], control, 0.01)

    say("rotorpy batched, RK4 10 ms, float64, 2 threads", worlds, worlds / best_s(call, float(sys.argv[1])))
