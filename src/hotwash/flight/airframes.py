"""Airframes: what each drone weighs, pushes and stores, read from files in which every number has a unit and a source.

[sources]
scale = "weighed on a kitchen scale, ± 1 g"
[body]
mass = { value = 0.249, unit = "kg", source = "scale" }
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotwash import resources
from hotwash.documents import parse_toml
from hotwash.errors import AirframeError
from hotwash.flight.level_flight import trim
from hotwash.flight.quantities import KINDS, Quantity
from hotwash.visible import quote

FloatArray = NDArray[np.float64]

PROVENANCES = ("measured", "published", "estimated")
SHIPPED = ("hummingbird", "crazyflie", "quad-250g", "quad-900g", "quad-5kg", "wing-2kg", "wing-12kg", "wing-30kg")
FORMAT = 1
GRAVITY_MPS2 = 9.81
SPARE = 1.05  # full thrust over weight below which we say that it cannot hover: none is left to steer with
HEADS = ("format", "title", "kind", "provenance", "note", "sources")


@dataclass(frozen=True)
class Camera:
    """What a stabilised camera sees and how its gimbal moves [deg, deg/s]; pitch is above the horizon."""

    fov_horizontal_deg: float
    fov_vertical_deg: float
    gimbal_lowest_deg: float
    gimbal_highest_deg: float
    gimbal_fastest_dps: float


@dataclass(frozen=True)
class Limits:
    """What a flight controller asks of it at most."""

    max_tilt_deg: float
    max_rate_dps: float
    max_yaw_rate_dps: float
    max_climb_mps: float
    max_sink_mps: float
    max_speed_mps: float
    cruise_mps: float


@dataclass(frozen=True)
class Number:
    """One number of a file, or one row of them, with its unit and its source in words."""

    value: FloatArray
    unit: str
    source: str


@dataclass(frozen=True, eq=False)
class Airframe:
    """One airframe, checked: it can be, and it can fly.

    kind         "multirotor" or "fixed_wing"
    provenance   measured, published or estimated: the weakest of what its flight rests on
    numbers      by key, "body.mass"; keys, units and meanings are those of quantities.KINDS
    text         the file as it was read, so that a recording can carry it
    """

    name: str
    kind: str
    title: str
    provenance: str
    note: str
    camera: Camera
    limits: Limits
    numbers: Mapping[str, Number]
    text: str

    def __getitem__(self, key: str) -> float:
        """Return a single number in its SI unit; degrees stay degrees."""
        return float(self.numbers[key].value)

    def row(self, key: str) -> FloatArray:
        """Return a row of numbers, of the shape that quantities.KINDS states."""
        return self.numbers[key].value

    @property
    def full_thrust_n(self) -> float:
        """The thrust of all rotors at their fastest, in air of 1.225 kg/m3; of a fixed wing standing."""
        if self.kind == "fixed_wing":
            return self["motor.thrust"]
        return 4.0 * self["rotors.thrust"] * self["rotors.fastest"] ** 2

    @property
    def hover_thrust(self) -> float:
        """The share of full thrust that carries the weight in still air of 1.225 kg/m3; of a fixed wing in cruise."""
        if self.kind == "fixed_wing":
            return trim(self, self.limits.cruise_mps, name=self.name).throttle
        return self["body.mass"] * GRAVITY_MPS2 / self.full_thrust_n


def load_airframe(name: str) -> Airframe:
    """Return an airframe that travels in the package.

    raises   AirframeError when there is none of that name
    """
    if name not in SHIPPED:
        raise AirframeError(name, why=f"no such airframe; there are {', '.join(SHIPPED)}")
    return parse(resources.read(f"flight/airframes/{name}.toml").decode(), name=name)


def parse(text: str, *, name: str) -> Airframe:
    """Return the airframe that a file's text describes.

    name     what to call it
    raises   AirframeError, naming the key, for a number that is missing, unknown, of another unit, without a source
             or out of bounds, and for an airframe that cannot be, cannot hover, or cannot fly level at its cruise
    """
    said = parse_toml(text, name=name, refused=AirframeError)
    kind = _head(said, name)
    sources = said["sources"]
    numbers = dict(_numbers(said, sources, KINDS[kind], name))
    airframe = Airframe(
        name=name,
        kind=kind,
        title=str(said["title"]),
        provenance=str(said["provenance"]),
        note=str(said.get("note", "")),
        camera=_camera(numbers, name),
        limits=_limits(numbers),
        numbers=numbers,
        text=text,
    )
    if kind == "multirotor":
        _check_body(airframe)
        _check_rotors(airframe)
        _check_hover(airframe)
    if kind == "fixed_wing":
        _check_body(airframe)
        trim(airframe, airframe.limits.cruise_mps, name=name)
    return airframe


def scale_numbers(airframe: Airframe, worlds: int, factors: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Return every number of an airframe for each world, the world's axis first.

    factors   by key, (worlds,): what a number, or each of a row, is multiplied by
    raises    AirframeError for a factor of no key, or one not above 0
    """
    for key, factor in factors.items():
        if key not in airframe.numbers:
            raise AirframeError(airframe.name, place=key, why="a factor for a number that this airframe does not have")
        if not (np.isfinite(factor).all() and (np.asarray(factor) > 0.0).all()):
            raise AirframeError(airframe.name, place=key, why="a factor must be above 0")
    found = {}
    for key, number in airframe.numbers.items():
        factor = np.broadcast_to(np.asarray(factors.get(key, 1.0), np.float64), (worlds,))
        found[key] = factor.reshape((worlds,) + (1,) * number.value.ndim) * number.value
    return found


def _head(said: dict[str, Any], name: str) -> str:
    """Return the kind, once what stands before the tables of numbers is in order."""
    if said.get("format") != FORMAT:
        raise AirframeError(name, place="format", why=f"this hotwash reads format {FORMAT}")
    for key in ("title", "kind", "provenance"):
        if not isinstance(said.get(key), str):
            raise AirframeError(name, place=key, why="needed, as text")
    if said["kind"] not in KINDS:
        raise AirframeError(name, place="kind", why=f"{quote(said['kind'])} is not one of {', '.join(KINDS)}")
    if said["provenance"] not in PROVENANCES:
        raise AirframeError(name, place="provenance", why=f"say one of {', '.join(PROVENANCES)}")
    sources = said.get("sources")
    if not isinstance(sources, dict) or not all(isinstance(words, str) and words for words in sources.values()):
        raise AirframeError(name, place="sources", why="needed: a table of short names and where each number is from")
    return str(said["kind"])


def _numbers(
    said: dict[str, Any], sources: Mapping[str, str], wanted: Mapping[str, Quantity], name: str
) -> Iterator[tuple[str, Number]]:
    """Yield each number by its key; every key that is wanted must be there, and no other."""
    tables = {key: rows for key, rows in said.items() if key not in HEADS}
    for table, rows in tables.items():
        if not isinstance(rows, dict):
            raise AirframeError(name, place=table, why="no such key; is it outside its table?")
        for key in rows:
            if f"{table}.{key}" not in wanted:
                raise AirframeError(name, place=f"{table}.{key}", why="no such key in this kind of airframe")
    for key, quantity in wanted.items():
        table, _, last = key.partition(".")
        if last not in tables.get(table, {}):
            raise AirframeError(name, place=key, why=f"needed: {quantity.meaning}, in {quantity.unit}")
        yield key, _number(tables[table][last], quantity, sources, name, key)


def _number(said: Any, quantity: Quantity, sources: Mapping[str, str], name: str, key: str) -> Number:
    """Return one number once its unit, source, shape and bounds are in order."""
    if not isinstance(said, dict) or set(said) != {"value", "unit", "source"}:
        raise AirframeError(name, place=key, why='write { value = …, unit = "…", source = "…" }')
    if said["unit"] != quantity.unit:
        raise AirframeError(name, place=key, why=f"the unit must be {quote(quantity.unit)}, not {quote(said['unit'])}")
    if said["source"] not in sources:
        raise AirframeError(name, place=key, why=f"the source {quote(said['source'])} is not in the table of sources")
    try:
        value = np.array(said["value"], dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise AirframeError(name, place=key, why="the value must be a number, or rows of numbers") from error
    if value.shape != quantity.shape:
        raise AirframeError(name, place=key, why=f"it must be {_shape(quantity.shape)}, not {_shape(value.shape)}")
    too_small = value <= quantity.least if quantity.is_open else value < quantity.least
    if not np.isfinite(value).all() or too_small.any() or (value > quantity.most).any():
        edge = "above" if quantity.is_open else "at least"
        raise AirframeError(
            name, place=key, why=f"{said['value']} {quantity.unit}: must be {edge} {quantity.least:g}{_most(quantity)}"
        )
    value.setflags(write=False)
    return Number(value, quantity.unit, sources[said["source"]])


def _shape(shape: tuple[int, ...]) -> str:
    return " x ".join(str(length) for length in shape) if shape else "one number"


def _most(quantity: Quantity) -> str:
    return "" if math.isinf(quantity.most) else f" and at most {quantity.most:g}"


def _camera(numbers: Mapping[str, Number], name: str) -> Camera:
    parts = ("fov_horizontal", "fov_vertical", "gimbal_lowest", "gimbal_highest", "gimbal_fastest")
    camera = Camera(*(float(numbers[f"camera.{part}"].value) for part in parts))
    if camera.gimbal_lowest_deg > camera.gimbal_highest_deg:
        raise AirframeError(name, place="camera.gimbal_lowest", why="must not be above camera.gimbal_highest")
    return camera


def _limits(numbers: Mapping[str, Number]) -> Limits:
    parts = ("tilt", "rate", "yaw_rate", "climb", "sink", "speed", "cruise")
    return Limits(*(float(numbers[f"limits.{part}"].value) for part in parts))


def _check_body(airframe: Airframe) -> None:
    """Refuse a body that no distribution of mass has, and a battery that is fuller when empty."""
    jx, jy, jz = airframe.row("body.inertia")
    if 2.0 * max(jx, jy, jz) > 1.02 * (jx + jy + jz):  # published moments are rounded
        raise AirframeError(
            airframe.name, place="body.inertia", why="no body has one moment of inertia above the sum of the others"
        )
    if airframe["battery.empty"] >= airframe["battery.full"]:
        raise AirframeError(airframe.name, place="battery.empty", why="must be below battery.full")


def _check_rotors(airframe: Airframe) -> None:
    """Refuse rotors that cannot roll, pitch, yaw and lift one by one, or do not stand in one plane."""
    position, spin = airframe.row("rotors.position"), airframe.row("rotors.spin")
    if not np.all(np.abs(spin) == 1.0):
        raise AirframeError(airframe.name, place="rotors.spin", why="each must be 1 or -1")
    if np.ptp(position[:, 2]) > 1.0e-9:
        raise AirframeError(airframe.name, place="rotors.position", why="all rotors must stand at one height")
    arm = float(np.abs(position[:, :2]).max())
    share = np.array([np.ones(4), position[:, 1] / max(arm, 1e-9), -position[:, 0] / max(arm, 1e-9), spin])
    if np.linalg.cond(share) > 1.0e3:
        raise AirframeError(
            airframe.name,
            place="rotors.position",
            why="these places and spins cannot give lift, roll, pitch and yaw apart from each other",
        )


def _check_hover(airframe: Airframe) -> None:
    """Refuse a multirotor that its rotors, or its battery under their load, cannot carry."""
    if airframe.hover_thrust * SPARE > 1.0:
        weight, thrust = airframe["body.mass"] * GRAVITY_MPS2, airframe.full_thrust_n
        raise AirframeError(
            airframe.name,
            place="rotors.thrust",
            why=f"it cannot hover: all rotors give {thrust:.3g} N against a weight of {weight:.3g} N",
        )
    speed = airframe["rotors.fastest"] * math.sqrt(airframe.hover_thrust)
    power_w = 4.0 * airframe["battery.rotor_power"] * speed**3 + airframe["battery.avionics"]
    volts, ohms = airframe["battery.full"], airframe["battery.resistance"]
    left = volts * volts - 4.0 * ohms * power_w
    sagged = 0.5 * (volts + math.sqrt(left)) if left > 0.0 else 0.0
    if (sagged / volts) ** 2 < airframe.hover_thrust * SPARE:
        raise AirframeError(
            airframe.name,
            place="battery.resistance",
            why=f"it cannot hover: {power_w:.3g} W pull its battery from {volts:.3g} V down to {sagged:.3g} V",
        )
