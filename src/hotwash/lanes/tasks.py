"""What a lane is made of: stands with buckets, walls, and tasks; and how each is read from its piece of the file."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hotwash.errors import LaneError
from hotwash.lanes.figures import Figures

Place = tuple[float, float, float]

KINDS = ("take_off", "hold", "capture", "leg", "turn", "circle", "sustain", "land", "wait")
MARKERS = ("machine", "instructor", "both")
HEADING_RULES = ("free", "fixed", "nose_in", "along")
SIDES = {"clockwise": 1, "anticlockwise": -1, "either": 0}  # seen from above; a right turn is clockwise

# What stands for a number that a task leaves out. None bounds nothing.
_COMMON = {"name", "kind", "call", "marker", "points", "limit_s", "heading_deg", "heading_tolerance_deg"}
_KEYS = {
    "take_off": {"at_m", "tolerance_m", "height_tolerance_m", "hold_s"},
    "hold": {"at_m", "tolerance_m", "height_tolerance_m", "hold_s", "outside_s"},
    "capture": {"bucket", "view_height_m", "view_m"},
    "leg": {"from_m", "at_m", "tolerance_m", "corridor_m", "height_tolerance_m", "outside_s", "slow_mps", "quick_mps"},
    "turn": {"at_m", "tolerance_m", "height_tolerance_m", "hold_s", "outside_s", "side"},
    "circle": {
        *("centre_m", "radius_m", "radius_end_m", "height_end_m", "tolerance_m", "height_tolerance_m", "side", "turns"),
        *("heading_rule", "outside_s", "slow_mps", "quick_mps"),
    },
    "sustain": {"from_m", "at_m", "corridor_m", "height_tolerance_m", "outside_s", "slow_mps", "quick_mps"},
    "land": {"at_m", "tolerance_m", "hold_s", "touch_mps"},
    "wait": {"from_m", "at_m", "corridor_m", "height_tolerance_m", "hold_s", "outside_s"},
}
_NEEDED = {
    "take_off": {"at_m", "tolerance_m", "height_tolerance_m"},
    "hold": {"tolerance_m", "height_tolerance_m", "hold_s"},
    "capture": {"bucket"},
    "leg": {"at_m", "tolerance_m", "corridor_m", "height_tolerance_m"},
    "turn": {"heading_deg", "heading_tolerance_deg", "tolerance_m", "height_tolerance_m"},
    "circle": {"centre_m", "radius_m", "tolerance_m", "height_tolerance_m", "side", "turns"},
    "sustain": {"at_m", "corridor_m", "height_tolerance_m", "slow_mps"},
    "land": {"at_m", "tolerance_m"},
    "wait": {"corridor_m", "height_tolerance_m", "hold_s"},
}


@dataclass(frozen=True, slots=True)
class Stand:
    """A post that buckets are mounted on: where it stands, and how high its buckets are [m]."""

    name: str
    at_m: Place


@dataclass(frozen=True, slots=True)
class Ring:
    """A bucket with a ring at its bottom.

    stand            the stand it is mounted on
    mouth_m          the middle of its mouth: east, north, up
    axis             the way its mouth opens: a unit vector
    mouth_radius_m, ring_radius_m, depth_m   of the bucket
    tilt_deg         of the axis above the level; 90 opens upwards
    seen_from_m      a place on the axis for the camera, at the height or distance that the file asks
    seen_heading_deg, seen_pitch_deg         how the camera looks from there to see the ring in the middle
    """

    name: str
    stand: str
    mouth_m: Place
    axis: Place
    mouth_radius_m: float
    ring_radius_m: float
    depth_m: float
    tilt_deg: float
    seen_from_m: Place
    seen_heading_deg: float | None
    seen_pitch_deg: float


@dataclass(frozen=True, slots=True)
class Wall:
    """Something upright beside the way: from one foot to the other, so high [m]; drawn, never bumped into."""

    name: str
    from_m: Place
    to_m: Place
    height_m: float


@dataclass(frozen=True, slots=True)
class Path:
    """The way a task wants to be flown.

    kind         "line" from start_m to the task's target; "circle" about centre_m (its height is the one at the start)
    side         1 clockwise seen from above, -1 anticlockwise, 0 either
    """

    kind: str
    start_m: Place
    centre_m: Place | None = None
    radius_m: float = 0.0
    radius_end_m: float = 0.0
    height_end_m: float = 0.0
    side: int = 0
    turns: float = 0.0


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do, with all that a referee or a policy needs; a bound that is None does not hold.

    call                 what is called out to the pilot
    marker               who marks it: machine, instructor, both
    target_m             where to be; of a circle: where it begins
    heading_deg          which way to look there; where the task does not care, as the task before it
    heading_rule         free, fixed, nose_in (to the centre), along (the way of flight)
    gimbal_pitch_deg     how the camera shows the ring from the target; None where no ring is to be seen
    tolerance_m          how far from the target, or off a circle's radius, counts as there
    hold_s               how long to stay; of a landing: how long it must stand
    outside_s            how much time outside tolerance is allowed before the task is failed
    ring                 which ring, by its number in the lane
    corridor_m           how far off the line counts as on it
    slow_mps, quick_mps  the band of speed over ground
    touch_mps            the greatest speed of descent at touch-down
    """

    name: str
    kind: str
    part: str
    call: str
    marker: str
    points: float
    limit_s: float | None
    target_m: Place
    heading_deg: float
    heading_rule: str
    heading_tolerance_deg: float
    gimbal_pitch_deg: float | None
    tolerance_m: float
    height_tolerance_m: float
    hold_s: float
    outside_s: float | None
    ring: int | None
    corridor_m: float
    slow_mps: float | None
    quick_mps: float | None
    touch_mps: float | None
    path: Path | None

    @property
    def end_m(self) -> Place:
        """Where a vehicle is that has done it."""
        if self.path is None or self.path.centre_m is None:
            return self.target_m
        east, north, _ = self.path.centre_m
        turned = self.path.side * math.tau * self.path.turns
        sine, cosine = math.sin(turned), math.cos(turned)
        x, y = self.target_m[0] - east, self.target_m[1] - north
        grown = self.path.radius_end_m / self.path.radius_m
        return east + grown * (x * cosine + y * sine), north + grown * (y * cosine - x * sine), self.path.height_end_m


# ---------------------------------------------------------------- stands, buckets, walls


def stand_of(given: Mapping[str, Any], figures: Figures, place: str) -> Stand:
    """Return a stand; raises LaneError, also for one below ground."""
    only(figures, place, given, {"name", "at_m", "buckets"})
    at_m = place_of(given, "at_m", figures, place)
    if at_m[2] < 0.0:
        why = f"the stand is {-at_m[2]:g} m below ground; give the height of its buckets"
        raise LaneError(figures.lane, place=f"{place}, key at_m", why=why)
    return Stand(word(given, "name", figures, place), at_m)


def ring_of(given: Mapping[str, Any], stand: Stand, types: Mapping[str, Any], figures: Figures, place: str) -> Ring:
    """Return a bucket on its stand; raises LaneError for one in which no ring could be seen."""
    only(figures, place, given, {"name", "type", "azimuth_deg", "tilt_deg", "offset_m", "view_height_m", "view_m"})
    kind = word(given, "type", figures, place)
    if kind not in types:
        raise LaneError(figures.lane, place=f"{place}, key type", why=f"no bucket {kind!r}; there are {list(types)}")
    mouth, ring, depth = (
        amount(types[kind], key, figures, f"[buckets.{kind}]", above=0.0)
        for key in ("mouth_radius_m", "ring_radius_m", "depth_m")
    )
    if ring >= mouth:
        why = f"the ring ({ring:g} m) should be smaller than the mouth ({mouth:g} m), or it is never seen whole"
        raise LaneError(figures.lane, place=f"[buckets.{kind}], key ring_radius_m", why=why)
    tilt = amount(given, "tilt_deg", figures, place, least=-90.0, most=90.0)
    azimuth = amount(given, "azimuth_deg", figures, place, default=0.0)
    axis = direction(azimuth, tilt)
    offset = amount(given, "offset_m", figures, place, default=0.0, least=0.0)
    mouth_m = _plus(stand.at_m, axis, offset + depth)
    view_m = _view_m(given, figures, place, mouth_m[2], axis[2])
    heading = None if abs(tilt) > 89.9 else (azimuth + 180.0) % 360.0
    name = word(given, "name", figures, place)
    seen_from_m = _plus(mouth_m, axis, view_m)
    return Ring(name, stand.name, mouth_m, axis, mouth, ring, depth, tilt, seen_from_m, heading, -tilt)


def _view_m(given: Mapping[str, Any], figures: Figures, place: str, mouth_up_m: float, rise: float) -> float:
    """Return how far out on the axis the camera is wanted; raises LaneError where the axis does not go there."""
    if ("view_m" in given) == ("view_height_m" in given):
        raise LaneError(
            figures.lane, place=place, why="give view_m (distance on the axis) or view_height_m, one of them"
        )
    if "view_m" in given:
        return amount(given, "view_m", figures, place, above=0.0)
    height_m = amount(given, "view_height_m", figures, place)
    if rise <= 1e-6 or height_m <= mouth_up_m:
        why = f"the axis does not reach {height_m:g} m from a mouth at {mouth_up_m:g} m; give view_m instead"
        raise LaneError(figures.lane, place=f"{place}, key view_height_m", why=why)
    return (height_m - mouth_up_m) / rise


def wall_of(given: Mapping[str, Any], figures: Figures, place: str) -> Wall:
    """Return a wall; raises LaneError."""
    only(figures, place, given, {"name", "from_m", "to_m", "height_m"})
    ends = [place_of(given, key, figures, place) for key in ("from_m", "to_m")]
    height_m = amount(given, "height_m", figures, place, above=0.0)
    return Wall(word(given, "name", figures, place), ends[0], ends[1], height_m)


def direction(azimuth_deg: float, tilt_deg: float) -> Place:
    """Return the unit vector that points so: east, north, up."""
    azimuth, tilt = math.radians(azimuth_deg), math.radians(tilt_deg)
    return math.sin(azimuth) * math.cos(tilt), math.cos(azimuth) * math.cos(tilt), math.sin(tilt)


def _plus(at_m: Place, way: Place, far_m: float) -> Place:
    return at_m[0] + far_m * way[0], at_m[1] + far_m * way[1], at_m[2] + far_m * way[2]


# ---------------------------------------------------------------- tasks


def task_of(
    given: Mapping[str, Any], figures: Figures, place: str, *,
    part: str, rings: tuple[Ring, ...], before_m: Place, facing_deg: float,
) -> Task:  # fmt: skip
    """Return a task.

    before_m, facing_deg   where the task before it ended: what is left out here goes on from there
    raises                 LaneError naming the key
    """
    kind, marker = word(given, "kind", figures, place), given.get("marker", "machine")
    if kind not in KINDS or marker not in MARKERS:
        key, known = ("kind", KINDS) if kind not in KINDS else ("marker", MARKERS)
        raise LaneError(figures.lane, place=f"{place}, key {key}", why=f"should be one of {', '.join(known)}")
    only(figures, place, given, _COMMON | _KEYS[kind], _NEEDED[kind])
    name = word(given, "name", figures, place)
    ring = _ring_number(given, rings, figures, place) if kind == "capture" else None
    path = _path(given, kind, figures, place, before_m)
    rule = _heading_rule(given, figures, place)
    heading = amount(given, "heading_deg", figures, place, default=_facing(ring, rings, facing_deg))
    seen = None if ring is None else rings[ring]
    if seen is None:
        target_m = _target(given, path, figures, place, before_m, heading)
    else:
        target_m = _seen_from(given, seen, figures, place)
    return Task(
        name=name,
        kind=kind,
        part=part,
        call=word({"call": name, **given}, "call", figures, place),
        marker=marker,
        points=amount(given, "points", figures, place, default=0.0, least=0.0),
        limit_s=bound(given, "limit_s", figures, place),
        target_m=target_m,
        heading_deg=heading % 360.0,
        heading_rule=rule,
        heading_tolerance_deg=amount(given, "heading_tolerance_deg", figures, place, default=180.0, above=0.0),
        gimbal_pitch_deg=None if seen is None else seen.seen_pitch_deg,
        tolerance_m=amount(given, "tolerance_m", figures, place, default=math.inf, above=0.0),
        height_tolerance_m=amount(given, "height_tolerance_m", figures, place, default=math.inf, above=0.0),
        hold_s=amount(given, "hold_s", figures, place, default=1.0 if kind == "land" else 0.0, least=0.0),
        outside_s=bound(given, "outside_s", figures, place),
        ring=ring,
        corridor_m=amount(given, "corridor_m", figures, place, default=math.inf, above=0.0),
        slow_mps=bound(given, "slow_mps", figures, place),
        quick_mps=bound(given, "quick_mps", figures, place),
        touch_mps=bound(given, "touch_mps", figures, place),
        path=path,
    )


def _seen_from(given: Mapping[str, Any], ring: Ring, figures: Figures, place: str) -> Place:
    """Return where the camera is wanted for this picture: as the bucket says, or as the task does."""
    if "view_m" not in given and "view_height_m" not in given:
        return ring.seen_from_m
    return _plus(ring.mouth_m, ring.axis, _view_m(given, figures, place, ring.mouth_m[2], ring.axis[2]))


def _facing(ring: int | None, rings: tuple[Ring, ...], facing_deg: float) -> float:
    seen = None if ring is None else rings[ring].seen_heading_deg
    return facing_deg if seen is None else seen


def _ring_number(given: Mapping[str, Any], rings: tuple[Ring, ...], figures: Figures, place: str) -> int:
    names = [ring.name for ring in rings]
    wanted = word(given, "bucket", figures, place)
    if wanted not in names:
        why = f"no stand carries a bucket {wanted!r}; there are {', '.join(names) or 'none'}"
        raise LaneError(figures.lane, place=f"{place}, key bucket", why=why)
    return names.index(wanted)


def _heading_rule(given: Mapping[str, Any], figures: Figures, place: str) -> str:
    rule = given.get("heading_rule", "fixed" if "heading_tolerance_deg" in given else "free")
    if rule not in HEADING_RULES:
        why = f"should be one of {', '.join(HEADING_RULES)}"
        raise LaneError(figures.lane, place=f"{place}, key heading_rule", why=why)
    if rule != "free" and "heading_tolerance_deg" not in given:
        raise LaneError(figures.lane, place=f"{place}, key heading_tolerance_deg", why="is missing: the nose is judged")
    return str(rule)


def _path(given: Mapping[str, Any], kind: str, figures: Figures, place: str, before_m: Place) -> Path | None:
    side = _side(given, figures, place)
    if kind == "turn":
        return Path("line", before_m, side=side)
    if kind in ("leg", "sustain", "wait"):
        return Path("line", place_of(given, "from_m", figures, place, default=before_m))
    if kind != "circle":
        return None
    if side == 0:
        raise LaneError(
            figures.lane,
            place=f"{place}, key side",
            why="should be clockwise or anticlockwise: a circle has a way round",
        )
    centre = place_of(given, "centre_m", figures, place)
    radius = amount(given, "radius_m", figures, place, above=0.0)
    return Path(
        "circle",
        before_m,
        centre,
        radius,
        amount(given, "radius_end_m", figures, place, default=radius, above=0.0),
        amount(given, "height_end_m", figures, place, default=centre[2]),
        side,
        amount(given, "turns", figures, place, above=0.0),
    )


def _side(given: Mapping[str, Any], figures: Figures, place: str) -> int:
    side = given.get("side", "either")
    if side not in SIDES:
        raise LaneError(figures.lane, place=f"{place}, key side", why=f"should be one of {', '.join(SIDES)}")
    return SIDES[side]


def _target(
    given: Mapping[str, Any], path: Path | None, figures: Figures, place: str, before_m: Place, heading_deg: float
) -> Place:
    """Return where a task is flown to: of a circle the nearest place on it from where the task before ended."""
    if path is None or path.centre_m is None:
        return place_of(given, "at_m", figures, place, default=before_m)
    east, north, up = path.centre_m
    away = math.hypot(before_m[0] - east, before_m[1] - north)
    if away < 1e-6:
        way = direction(heading_deg, 0.0)
    else:
        way = ((before_m[0] - east) / away, (before_m[1] - north) / away, 0.0)
    return _plus((east, north, up), way, path.radius_m)


# ---------------------------------------------------------------- single keys


def only(
    figures: Figures, place: str, given: Mapping[str, Any], keys: set[str], needed: set[str] | None = None
) -> None:
    """Refuse keys that are unknown here, and the lack of needed ones; raises LaneError."""
    unknown = sorted(set(given) - keys)
    if unknown:
        why = f"not a key of this; there are {', '.join(sorted(keys))}"
        raise LaneError(figures.lane, place=f"{place}, key {unknown[0]}", why=why)
    missing = sorted((needed or set()) - set(given))
    if missing:
        raise LaneError(figures.lane, place=f"{place}, key {missing[0]}", why="is missing; it has to be given here")


def word(given: Mapping[str, Any], key: str, figures: Figures, place: str) -> str:
    """Return a text; raises LaneError where it is missing."""
    value = given.get(key)
    if not isinstance(value, str) or not value.strip():
        raise LaneError(figures.lane, place=f"{place}, key {key}", why="is missing, or is no text")
    return value


def place_of(
    given: Mapping[str, Any], key: str, figures: Figures, place: str, *, default: Place | None = None
) -> Place:
    """Return a place [m] from its three numbers; raises LaneError."""
    value = given.get(key)
    if value is None and default is not None:
        return default
    if not isinstance(value, list) or len(value) != 3:
        raise LaneError(figures.lane, place=f"{place}, key {key}", why="should be three numbers: east, north, up")
    east, north, up = (figures.value(one, f"{place}, key {key}") for one in value)
    return east, north, up


def bound(given: Mapping[str, Any], key: str, figures: Figures, place: str) -> float | None:
    """Return a bound, or None where the file sets none; raises LaneError where it is negative."""
    return amount(given, key, figures, place, least=0.0) if key in given else None


def amount(
    given: Mapping[str, Any], key: str, figures: Figures, place: str, *,
    default: float | None = None, least: float = -math.inf, most: float = math.inf, above: float = -math.inf,
) -> float:  # fmt: skip
    """Return a number; raises LaneError where it is missing or out of bounds."""
    if key not in given:
        if default is None:
            raise LaneError(figures.lane, place=f"{place}, key {key}", why="is missing; it has to be given here")
        return default
    value = figures.value(given[key], f"{place}, key {key}")
    if not (least <= value <= most and value > above):
        low = f"above {above:g}" if above > -math.inf else f"{least:g} or more"
        why = f"{value:g} cannot be; give {low}" + (f", {most:g} at most" if most < math.inf else "")
        raise LaneError(figures.lane, place=f"{place}, key {key}", why=why)
    return value
