"""A real client flies the simulated vehicle: MAVSDK, over UDP on loopback, at the pace of the clock."""

from __future__ import annotations

import math
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from hotwash.flight.exercise import FlightExercise
from hotwash.geo import frames
from hotwash.ingest import recording_folder
from hotwash.mavlink import server
from hotwash.model import scenario

mavsdk = pytest.importorskip("mavsdk", reason="MAVSDK is not installed: it comes with the group dev")
PATIENCE_S = 15.0
COMPILING_S = 120.0  # on a machine that has never flown
PLACE = (52.1, 21.2, 130.0)
TEXT = """
name = "field"

[place]
lat_deg = 52.1
lon_deg = 21.2
height_hae_m = 130.0

[weather]
wind_mps = 3.0
turbulence = "light"

[[seats]]
name = "pilot"
airframe = "quad-900g"
is_armed = false
"""


@dataclass
class Flying:
    """An exercise that flies in a thread of its own, and the port at which a client may listen."""

    out: Path
    port: int
    is_ready: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    faults: list[BaseException] = field(default_factory=list)

    def run(self) -> None:
        exercise = FlightExercise(scenario.parse(TEXT, name="field.toml"), record=True)
        try:
            server.serve(
                exercise, f"udp:127.0.0.1:{self.port}", seed=3, out=self.out, stop=self.over.is_set, progress=self.told
            )
        except BaseException as fault:  # it would be lost with the thread
            self.faults.append(fault)
            self.is_ready.set()

    def told(self, text: str, _: float | None = None) -> None:
        if text.startswith("Flying"):
            self.is_ready.set()


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@pytest.fixture
def flying(tmp_path: Path) -> Iterator[Flying]:
    flight = Flying(tmp_path / "flight", free_port())
    thread = threading.Thread(target=flight.run)
    thread.start()
    assert flight.is_ready.wait(COMPILING_S)
    yield flight
    flight.over.set()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    assert not flight.faults


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

    system = client.first_autopilot(PATIENCE_S)
    assert system is not None, "no vehicle was found"
    telemetry, action = Telemetry(system), Action(system)
    positions, attitudes, armed = [], [], []
    telemetry.subscribe_position(lambda position, _=None: positions.append((time.monotonic(), position)))
    telemetry.subscribe_attitude_quaternion(lambda _, __=None: attitudes.append(time.monotonic()))
    telemetry.subscribe_armed(lambda is_armed, _=None: armed.append(is_armed))

    def there() -> tuple[float, float, float]:
        said = positions[-1][1]
        at = frames.geodetic2enu(said.latitude_deg, said.longitude_deg, said.absolute_altitude_m, *PLACE)
        return tuple(float(axis) for axis in at)

    until(lambda: len(positions) > 50 and len(attitudes) > 50, what="no telemetry")
    for times in ([at for at, _ in positions], attitudes):
        assert (len(times) - 1) / (times[-1] - times[0]) >= 20.0
    action.set_takeoff_altitude(5.0)
    action.arm()
    action.takeoff()
    until(lambda: positions[-1][1].relative_altitude_m > 4.5, what="not at 5 m")
    lat, lon, height = frames.enu2geodetic(20.0, 0.0, 5.0, *PLACE)
    action.goto_location(float(lat), float(lon), float(height), math.nan)
    until(lambda: np.hypot(there()[0] - 20.0, there()[1]) < 1.0, what="not at the point")
    action.land()
    until(lambda: armed[-1] is False, what="not landed and disarmed")
    flying.over.set()
    until(lambda: (flying.out / "truth.parquet").is_file(), what="no recording")
    kept = recording_folder.read(flying.out)
    assert kept.events.filter(kept.events["kind"] == "landed").height == 1
    assert kept.truth["height_hae_m"].max() == pytest.approx(135.0, abs=1.5)
