"""A lane of the school's own: from where its stands are and what is called out, a whole lane file.

    plan (short TOML) ─plan_of─▶ Plan ─build─▶ lane file (TOML), read back by lane.parse

A plan gives stands by distance and angle from the pad, and call-outs as words:

    take off      climb to the flight height over the pad, and hover
    1A            a picture of bucket 1A: A faces the pad, B is on its left as seen from the pad, C beyond, D right;
                  1 alone opens upwards
    hover 1       hover over stand 1
    to 2          fly to over stand 2
    round 1 left  once round stand 1, nose in, moving to the left (clockwise seen from above); or right
    land          land on the pad
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hotwash.documents import parse_toml
from hotwash.errors import LaneError
from hotwash.lanes.figures import Figures
from hotwash.lanes.lane import Lane, parse
from hotwash.lanes.pieces import Piece
from hotwash.visible import quote

SIDE_BUCKETS = {"A": 180.0, "B": 270.0, "C": 0.0, "D": 90.0}  # azimuth of the mouth, from the way out to the stand

# What a plan may say of the whole lane, with what holds where it does not: unit in the name, meaning beside it.
NUMBERS = {
    "flight_height_m": (3.0, "flown at"),
    "time_limit_s": (600.0, "after which the lane is over"),
    "mouth_radius_m": (0.11, "of a bucket"),
    "ring_radius_m": (0.095, "of the ring at its bottom"),
    "depth_m": (0.23, "of a bucket"),
    "tilt_deg": (45.0, "of the side buckets above the level"),
    "hover_s": (3.0, "how long a hover lasts"),
    "tolerance_m": (0.5, "off a hover's place and height"),
    "corridor_m": (1.5, "half width of the way between stands"),
    "orbit_m": (2.5, "radius of the way round a stand"),
    "orbit_tolerance_m": (1.0, "off that radius and the flight height"),
    "nose_tolerance_deg": (30.0, "of the nose from the stand, on the way round"),
    "orbit_outside_s": (5.0, "time off the way round that is forgiven"),
    "landing_m": (0.5, "how near the pad's middle a landing counts"),
    "touch_mps": (1.0, "greatest speed of descent at touch-down"),
    "patience_s": (60.0, "after which a task is given up"),
}


@dataclass(frozen=True, slots=True)
class PlannedStand:
    """One stand: how far from the pad, in which direction, how high its buckets are, and which it carries."""

    name: str
    distance_m: float
    angle_deg: float
    height_m: float
    buckets: tuple[str, ...] = ("", "A", "B", "C", "D")


@dataclass(frozen=True, slots=True)
class Plan:
    """A lane in short: its stands, its call-outs, and what differs from NUMBERS."""

    name: str
    title: str
    stands: tuple[PlannedStand, ...]
    calls: tuple[str, ...]
    numbers: Mapping[str, float] = field(default_factory=dict)
    missed: str = "lost"
    said_by: str = "The school's own measure"


def read_plan(text: str, *, name: str) -> Plan:
    """Return the plan of a short TOML text; raises LaneError naming the key."""
    given = parse_toml(text, name=name, refused=LaneError)
    unknown = sorted(set(given) - {"name", "title", "stands", "calls", "missed", "source", *NUMBERS})
    if unknown:
        known = "name, title, stands, calls, missed, source"
        raise LaneError(name, place=f"key {unknown[0]}", why=f"not known; there are {known}, {', '.join(NUMBERS)}")
    for key in ("name", "stands", "calls"):
        if not given.get(key):
            raise LaneError(name, place=f"key {key}", why="is missing; a plan has a name, stands and calls")
    numbers = {key: _number(given[key], f"key {key}", name) for key in NUMBERS if key in given}
    return Plan(
        str(given["name"]),
        str(given.get("title", given["name"])),
        tuple(_stand(one, at, name) for at, one in enumerate(given["stands"])),
        tuple(str(one) for one in given["calls"]),
        numbers,
        str(given.get("missed", "lost")),
        str(given.get("source", "The school's own measure")),
    )


def build_lane(plan: Plan) -> Lane:
    """Return the lane of a plan; its `text` is the file to write.

    raises   LaneError naming the call-out or the number that cannot be
    """
    names = [stand.name for stand in plan.stands]
    for name in names:
        if names.count(name) > 1:
            raise LaneError(f"{plan.name}.toml", place="stands", why=f"two are called {name}; give each its own name")
    lines = [*_head(plan), *_numbers(plan)]
    lines += ["", "[buckets.own]", *(f'{key} = "{key}"' for key in ("mouth_radius_m", "ring_radius_m", "depth_m"))]
    for stand in plan.stands:
        lines += _stand_lines(stand)
    lines += ["", "[[parts]]", 'name = "calls"', 'title = "Call-outs"', 'source = "school"', 'confidence = "high"']
    lines += ["tasks = [", *(f"    {{ {_task(plan, call, at)} }}," for at, call in enumerate(plan.calls)), "]"]
    return parse("\n".join(lines) + "\n", name=f"{plan.name}.toml")


def _head(plan: Plan) -> list[str]:
    text = f"A lane of the school's own: {len(plan.stands)} stands, {len(plan.calls)} call-outs."
    given = {"name": plan.name, "version": "1", "title": plan.title, "text": text, "missed": plan.missed}
    head = [f"{key} = {_quoted(value)}" for key, value in given.items()]
    sources = [f"school = {_quoted(plan.said_by)}", 'usual = "What this program takes where a plan does not say"']
    return [*head, 'time_limit_s = "time_limit_s"', "", "[sources]", *sources]


def _numbers(plan: Plan) -> list[str]:
    lines = ["", "[numbers]"]
    for key, (usual, note) in NUMBERS.items():
        source, sure = ("school", "high") if key in plan.numbers else ("usual", "low")
        lines.append(_figure(key, plan.numbers.get(key, usual), source, sure, note))
    for stand in plan.stands:
        way = math.radians(stand.angle_deg)
        for axis, value in (
            ("east_m", stand.distance_m * math.sin(way)),
            ("north_m", stand.distance_m * math.cos(way)),
            ("up_m", stand.height_m),
        ):
            lines.append(_figure(_key(stand, axis), round(value, 4), "school", "high", f"of stand {stand.name}"))
        lines.append(_figure(_key(stand, "angle_deg"), stand.angle_deg, "school", "high", "from the pad to it"))
    return lines


def _figure(key: str, value: float, source: str, confidence: str, note: str) -> str:
    return f'{key} = {{ value = {value!r}, source = "{source}", confidence = "{confidence}", note = {_quoted(note)} }}'


def _key(stand: PlannedStand, what: str) -> str:
    return f"stand_{stand.name}_{what}"


def _stand_lines(stand: PlannedStand) -> list[str]:
    buckets = []
    for letter in stand.buckets:
        side = (
            f'azimuth_deg = "{_key(stand, "angle_deg")} + {SIDE_BUCKETS.get(letter, 0.0):.0f}", tilt_deg = "tilt_deg"'
        )
        look = side if letter else "tilt_deg = 90"
        named = f"{stand.name}{letter}"
        buckets.append(f'    {{ name = "{named}", type = "own", {look}, view_height_m = "flight_height_m" }},')
    at = ", ".join(f'"{_key(stand, axis)}"' for axis in ("east_m", "north_m", "up_m"))
    return ["", "[[stands]]", f'name = "{stand.name}"', f"at_m = [{at}]", "buckets = [", *buckets, "]"]


# ---------------------------------------------------------------- call-outs


def _task(plan: Plan, call: str, at: int) -> str:
    """Return one task of the lane file from its call-out."""
    said = call.split()
    buckets = {f"{stand.name}{letter}" for stand in plan.stands for letter in stand.buckets}
    common = f'name = {_quoted(f"{at + 1:02d} {call}")}, call = {_quoted(call)}, points = 1, limit_s = "patience_s"'
    near = 'tolerance_m = "tolerance_m", height_tolerance_m = "tolerance_m"'
    pad = 'at_m = [0, 0, "flight_height_m"]'
    if said == ["take", "off"]:
        return f'{common}, kind = "take_off", {pad}, {near}, hold_s = "hover_s"'
    if said == ["land"]:
        return f'{common}, kind = "land", at_m = [0, 0, 0], tolerance_m = "landing_m", touch_mps = "touch_mps"'
    if len(said) == 1 and said[0] in buckets:
        return f'{common}, kind = "capture", bucket = "{said[0]}"'
    if len(said) == 2 and said[0] in ("hover", "to"):
        return f"{common}, {_over(plan, said, call, near)}"
    if len(said) == 3 and said[0] == "round" and said[2] in ("left", "right"):
        return f"{common}, {_round(plan, said, call)}"
    why = f"{quote(call)} is no call-out; say take off, a bucket's name, hover 1, to 2, round 1 left, or land"
    raise LaneError(f"{plan.name}.toml", place=f"calls {at + 1}", why=why)


def _over(plan: Plan, said: Sequence[str], call: str, near: str) -> str:
    at = f'at_m = [{_above(_find_stand(plan, said[1], call))}, "flight_height_m"]'
    if said[0] == "hover":
        return f'kind = "hold", {at}, {near}, hold_s = "hover_s"'
    return f'kind = "leg", {at}, {near}, corridor_m = "corridor_m"'


def _round(plan: Plan, said: Sequence[str], call: str) -> str:
    centre = f'centre_m = [{_above(_find_stand(plan, said[1], call))}, "flight_height_m"], radius_m = "orbit_m"'
    band = 'tolerance_m = "orbit_tolerance_m", height_tolerance_m = "orbit_tolerance_m", outside_s = "orbit_outside_s"'
    nose = 'heading_rule = "nose_in", heading_tolerance_deg = "nose_tolerance_deg"'
    side = "clockwise" if said[2] == "left" else "anticlockwise"  # to its left, with the nose to the stand
    return f'kind = "circle", {centre}, {band}, {nose}, side = "{side}", turns = 1'


def _above(stand: PlannedStand) -> str:
    return ", ".join(f'"{_key(stand, axis)}"' for axis in ("east_m", "north_m"))


def _find_stand(plan: Plan, name: str, call: str) -> PlannedStand:
    for stand in plan.stands:
        if stand.name == name:
            return stand
    why = f"there is no stand {name}; there are {', '.join(stand.name for stand in plan.stands)}"
    raise LaneError(f"{plan.name}.toml", place=f"calls, {quote(call)}", why=why)


# ---------------------------------------------------------------- reading


def _stand(given: Any, at: int, name: str) -> PlannedStand:
    piece = Piece(given, Figures(name, {}, {}), f"stands {at + 1}")
    if not isinstance(given, dict):
        raise piece.fault("", "write { name = '1', distance_m = 5, angle_deg = 0, height_m = 1 }")
    piece.check_keys({"name", "distance_m", "angle_deg", "height_m", "buckets"})
    buckets = tuple(given.get("buckets", ("", "A", "B", "C", "D")))
    if not set(buckets) <= {"", *SIDE_BUCKETS}:
        raise piece.fault("buckets", f"buckets are '' (upwards), {', '.join(SIDE_BUCKETS)}")
    own = str(given.get("name", at + 1))
    if not own.isidentifier() and not own.isdigit():
        raise piece.fault("name", f"{quote(own)} should be a number, or letters and digits")
    distance, angle, height = (
        _number(given.get(key, usual), f"{piece.place}, key {key}", name)
        for key, usual in (("distance_m", None), ("angle_deg", 0.0), ("height_m", 1.0))
    )
    return PlannedStand(own, distance, angle, height, buckets)


def _number(given: Any, place: str, name: str) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise LaneError(name, place=place, why="is missing, or is no number")
    return float(given)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
