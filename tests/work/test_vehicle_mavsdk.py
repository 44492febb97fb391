"""A real client flies the simulated vehicle: MAVSDK, over UDP on loopback, at the pace of the clock."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest
from point_mass import PointMass

from hotwash.geo import frames
from hotwash.work import vehicle
from hotwash.work.vehicle import Served

mavsdk = pytest.importorskip("mavsdk", reason="MAVSDK is not installed: it comes with the group dev")
PATIENCE_S = 15.0


@dataclass
class Flying:
    exercise: PointMass
    port: int
    over: threading.Event = field(default_factory=threading.Event)
    served: list[Served] = field(default_factory=list)

    def run(self) -> None:
        url = f"udp:127.0.0.1:{self.port}"
        self.served.append(vehicle.serve(self.exercise, url, stop=self.over.is_set))


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@pytest.fixture
def flying() -> Iterator[Flying]:
    flight = Flying(PointMass(), free_port())
    thread = threading.Thread(target=flight.run)
    thread.start()
    yield flight
    flight.over.set()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()


@pytest.fixture
def client(flying: Flying) -> Iterator[object]:
    from mavsdk import ComponentType, Configuration, Mavsdk

    link = Mavsdk(Configuration.create_with_component_type(ComponentType.GROUND_STATION))
    link.add_any_connection(f"udpin://127.0.0.1:{flying.port}")
    yield link
    link.destroy()


def until(holds: Callable[[], bool], *, what: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def test_a_client_connects_reads_arms_takes_off_goes_and_lands(flying: Flying, client: object):
    from mavsdk.plugins.action import Action
    from mavsdk.plugins.telemetry import Telemetry

    system = client.first_autopilot(1.0)
    assert system is not None, "not found within a second"
    telemetry, action = Telemetry(system), Action(system)
    positions, attitudes = [], []
    telemetry.subscribe_position(lambda position, _=None: positions.append((time.monotonic(), position)))
    telemetry.subscribe_attitude_quaternion(lambda attitude, _=None: attitudes.append(time.monotonic()))
    until(lambda: len(positions) > 5 and len(attitudes) > 5, what="no telemetry")
    time.sleep(1.0)
    for times in ([at for at, _ in positions], attitudes):
        assert (len(times) - 1) / (times[-1] - times[0]) > 20.0
    action.set_takeoff_altitude(5.0)
    action.arm()
    assert flying.exercise.is_armed
    action.takeoff()
    until(lambda: flying.exercise.position[2] > 4.5, what="not at 5 m")
    home = positions[0][1]
    place = flying.exercise.scenario.place
    east, north = flying.exercise.position[0] + 20.0, flying.exercise.position[1]
    lat, lon, height = frames.enu2geodetic(east, north, 5.0, place.lat_deg, place.lon_deg, place.height_hae_m)
    action.goto_location(float(lat), float(lon), float(height), float("nan"))
    until(lambda: np.hypot(*(flying.exercise.position[:2] - (east, north))) < 1.0, what="not there")
    assert positions[-1][1].relative_altitude_m == pytest.approx(5.0, abs=0.6)
    action.land()
    until(lambda: not flying.exercise.is_armed, what="not landed and disarmed")
    assert home.latitude_deg == pytest.approx(place.lat_deg, abs=1e-4)
