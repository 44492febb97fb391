"""The point that a command names: its frame is obeyed or refused, its height counted from what the frame says.

frame 0, 5    height above the ellipsoid, which stands for sea level here: there is no geoid
      3, 6    above home
      10, 11  above the ground under the point
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from hotwash.geo import frames
from hotwash.mavlink.answers import DENIED, UNSUPPORTED_FRAME, Answer
from hotwash.mavlink.messages import Message
from hotwash.mavlink.telemetry import VehicleState

# Source: MAVLink common.xml: MAV_FRAME.
SEA, HOME, TERRAIN = "sea", "home", "terrain"
HEIGHT_FROM = {0: SEA, 5: SEA, 3: HOME, 6: HOME, 10: TERRAIN, 11: TERRAIN}
_OPEN_32 = (-(2**31), 2**31 - 1)  # both are in use for "no position"


@dataclass(frozen=True, slots=True)
class NamedPoint:
    """A point as a command names it; NaN is what it leaves open.

    height_from   one of SEA, HOME, TERRAIN
    """

    lat_deg: float
    lon_deg: float
    height_m: float
    height_from: str

    @property
    def is_here(self) -> bool:
        """Whether no place on the map is named."""
        return math.isnan(self.lat_deg) and math.isnan(self.lon_deg)


def read_point(message: Message) -> NamedPoint | Answer:
    """Return the point of a COMMAND_INT or COMMAND_LONG, or the refusal of its frame or its numbers.

    A COMMAND_LONG has no frame: its heights are above sea level, and its zeros may be what a client left open.
    """
    if message.name == "COMMAND_LONG":
        return _checked(message.number("param5"), message.number("param6"), message.number("param7"), SEA)
    height_from = HEIGHT_FROM.get(message.integer("frame"))
    if height_from is None:
        return Answer(UNSUPPORTED_FRAME, f"frame {message.integer('frame')} is not flown in; send a global one")
    lat, lon = (math.nan if message.integer(name) in _OPEN_32 else message.integer(name) * 1e-7 for name in ("x", "y"))
    return _checked(lat, lon, message.number("z"), height_from)


def _checked(lat_deg: float, lon_deg: float, height_m: float, height_from: str) -> NamedPoint | Answer:
    if any(math.isinf(number) for number in (lat_deg, lon_deg, height_m)):
        return Answer(DENIED, "no such place: a number of it is infinite")
    if abs(lat_deg) > 90.0 or abs(lon_deg) > 180.0:
        return Answer(DENIED, "no such place: its latitude or longitude is beyond the Earth's")
    return NamedPoint(lat_deg, lon_deg, height_m, height_from)


def place_point(
    point: NamedPoint, vehicle: VehicleState, here_m: tuple[float, float, float]
) -> tuple[float, float, float]:
    """Return a point as east, north, up; what it leaves open is as where the vehicle is.

    here_m   where the vehicle takes itself to be
    """
    here_lat, here_lon, here_height = vehicle.geodetic(here_m)
    lat = here_lat if math.isnan(point.lat_deg) else point.lat_deg
    lon = here_lon if math.isnan(point.lon_deg) else point.lon_deg
    height_hae_m = here_height
    if not math.isnan(point.height_m):
        height_hae_m = point.height_m + _reference_hae_m(point.height_from, vehicle, lat, lon)
    place = vehicle.place
    at = frames.geodetic2enu(lat, lon, height_hae_m, place.lat_deg, place.lon_deg, place.height_hae_m)
    return float(at[0]), float(at[1]), float(at[2])


def _reference_hae_m(height_from: str, vehicle: VehicleState, lat_deg: float, lon_deg: float) -> float:
    """Return what a height is counted from, above the ellipsoid, at a place."""
    if height_from == HOME and vehicle.home_m is not None:
        return vehicle.geodetic(vehicle.home_m)[2]
    if height_from == SEA:
        return 0.0
    place = vehicle.place
    east, north, _ = frames.geodetic2enu(
        lat_deg, lon_deg, place.height_hae_m, place.lat_deg, place.lon_deg, place.height_hae_m
    )
    return vehicle.geodetic((float(east), float(north), vehicle.ground_up_m))[2]  # an exercise's ground is level
