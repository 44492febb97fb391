"""What a lane is made of: stands with buckets, walls, and tasks; and how each is read from its piece of the file."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hotwash.lanes.kinds import TASK_KINDS, TaskKind
from hotwash.lanes.pieces import Piece, Place
from hotwash.visible import quote

MARKERS = ("machine", "instructor", "both")
HEADING_RULES = ("free", "fixed", "nose_in", "along")
SIDES = {"clockwise": 1, "anticlockwise": -1, "either": 0}  # seen from above; a right turn is clockwise

# The numbers of a task, each with what holds where the file gives none; None bounds nothing.
_ZERO_OR_MORE = {
    "points": 0.0,
    "limit_s": None,
    "outside_s": None,
    **dict.fromkeys(("slow_mps", "quick_mps", "touch_mps"), None),
}
_ABOVE_ZERO = {
    "heading_tolerance_deg": 180.0,
    **dict.fromkeys(("tolerance_m", "height_tolerance_m", "corridor_m"), math.inf),
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

    centre_m     of a circle, at the height of its start; None for a line from start_m to the task's target
    side         1 clockwise seen from above, -1 anticlockwise, 0 either
    """

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


def read_stand(piece: Piece) -> Stand:
    """Return a stand; raises LaneError, also for one below ground."""
    piece.check_keys({"name", "at_m", "buckets"})
    at_m = piece.position("at_m")
    if at_m[2] < 0.0:
        raise piece.fault("at_m", f"the stand is {-at_m[2]:g} m below ground; give the height of its buckets")
    return Stand(piece.text("name"), at_m)


def read_ring(piece: Piece, stand: Stand, types: Mapping[str, Any]) -> Ring:
    """Return a bucket on its stand; raises LaneError for one in which no ring could be seen."""
    piece.check_keys({"name", "type", "azimuth_deg", "tilt_deg", "offset_m", "view_height_m", "view_m"})
    kind = piece.text("type")
    if kind not in types:
        raise piece.fault("type", f"no bucket {quote(kind)}; there are {list(types)}")
    bucket = Piece(types[kind], piece.figures, f"[buckets.{kind}]")
    mouth, ring, depth = (bucket.number(key, above=0.0) for key in ("mouth_radius_m", "ring_radius_m", "depth_m"))
    if ring >= mouth:
        why = f"the ring ({ring:g} m) should be smaller than the mouth ({mouth:g} m), or it is never seen whole"
        raise bucket.fault("ring_radius_m", why)
    tilt = piece.number("tilt_deg", least=-90.0, most=90.0)
    azimuth = piece.number("azimuth_deg", default=0.0)
    axis = direction(azimuth, tilt)
    mouth_m = _plus(stand.at_m, axis, piece.number("offset_m", default=0.0, least=0.0) + depth)
    seen_from_m = _plus(mouth_m, axis, _view_m(piece, mouth_m[2], axis[2]))
    heading = None if abs(tilt) > 89.9 else (azimuth + 180.0) % 360.0
    return Ring(piece.text("name"), stand.name, mouth_m, axis, mouth, ring, depth, tilt, seen_from_m, heading, -tilt)


def _view_m(piece: Piece, mouth_up_m: float, rise: float) -> float:
    """Return how far out on the axis the camera is wanted; raises LaneError where the axis does not go there."""
    if ("view_m" in piece.given) == ("view_height_m" in piece.given):
        raise piece.fault("", "give view_m (distance on the axis) or view_height_m, one of them")
    if "view_m" in piece.given:
        return piece.number("view_m", above=0.0)
    height_m = piece.number("view_height_m")
    if rise <= 1e-6 or height_m <= mouth_up_m:
        why = f"the axis does not reach {height_m:g} m from a mouth at {mouth_up_m:g} m; give view_m instead"
        raise piece.fault("view_height_m", why)
    return (height_m - mouth_up_m) / rise


def read_wall(piece: Piece) -> Wall:
    """Return a wall; raises LaneError."""
    piece.check_keys({"name", "from_m", "to_m", "height_m"})
    from_m, to_m, height_m = piece.position("from_m"), piece.position("to_m"), piece.number("height_m", above=0.0)
    return Wall(piece.text("name"), from_m, to_m, height_m)


def direction(azimuth_deg: float, tilt_deg: float) -> Place:
    """Return the unit vector that points so: east, north, up."""
    azimuth, tilt = math.radians(azimuth_deg), math.radians(tilt_deg)
    return math.sin(azimuth) * math.cos(tilt), math.cos(azimuth) * math.cos(tilt), math.sin(tilt)


def _plus(at_m: Place, way: Place, far_m: float) -> Place:
    return at_m[0] + far_m * way[0], at_m[1] + far_m * way[1], at_m[2] + far_m * way[2]


# ---------------------------------------------------------------- tasks


def read_task(piece: Piece, *, part: str, rings: tuple[Ring, ...], before_m: Place, facing_deg: float) -> Task:
    """Return a task.

    before_m, facing_deg   where the task before it ended: what is left out here goes on from there
    raises                 LaneError naming the key
    """
    kind = TASK_KINDS[piece.choice("kind", TASK_KINDS)]
    marker = piece.choice("marker", MARKERS, default="machine")
    piece.check_keys(kind.keys, needs=kind.needs)
    name = piece.text("name")
    number = _ring_number(piece, rings) if "bucket" in kind.keys else None
    ring = None if number is None else rings[number]
    path = _path(piece, kind, before_m)
    rule = _heading_rule(piece)
    faces = facing_deg if ring is None or ring.seen_heading_deg is None else ring.seen_heading_deg
    heading = piece.number("heading_deg", default=faces)
    return Task(
        name=name,
        kind=kind.name,
        part=part,
        call=piece.text("call") if "call" in piece.given else name,
        marker=marker,
        target_m=_target(piece, path, before_m, heading) if ring is None else _seen_from(piece, ring),
        heading_deg=heading % 360.0,
        heading_rule=rule,
        gimbal_pitch_deg=None if ring is None else ring.seen_pitch_deg,
        hold_s=piece.number("hold_s", default=kind.hold_s, least=0.0),
        ring=number,
        path=path,
        **_numbers(piece),
    )


def _numbers(piece: Piece) -> dict[str, Any]:
    """Return the numbers of a task that need no more than their bound."""
    low = {key: piece.number(key, least=0.0) if key in piece.given else usual for key, usual in _ZERO_OR_MORE.items()}
    return low | {key: piece.number(key, default=usual, above=0.0) for key, usual in _ABOVE_ZERO.items()}


def _seen_from(piece: Piece, ring: Ring) -> Place:
    """Return where the camera is wanted for this picture: as the bucket says, or as the task does."""
    if "view_m" not in piece.given and "view_height_m" not in piece.given:
        return ring.seen_from_m
    return _plus(ring.mouth_m, ring.axis, _view_m(piece, ring.mouth_m[2], ring.axis[2]))


def _ring_number(piece: Piece, rings: tuple[Ring, ...]) -> int:
    names = [ring.name for ring in rings]
    wanted = piece.text("bucket")
    if wanted not in names:
        why = f"no stand carries a bucket {quote(wanted)}; there are {', '.join(names) or 'none'}"
        raise piece.fault("bucket", why)
    return names.index(wanted)


def _heading_rule(piece: Piece) -> str:
    has_tolerance = "heading_tolerance_deg" in piece.given
    rule = piece.choice("heading_rule", HEADING_RULES, default="fixed" if has_tolerance else "free")
    if rule != "free" and not has_tolerance:
        raise piece.fault("heading_tolerance_deg", "is missing: the nose is judged")
    return rule


def _path(piece: Piece, kind: TaskKind, before_m: Place) -> Path | None:
    side = SIDES[piece.choice("side", SIDES, default="either")]
    if kind.path != "circle":
        return Path(piece.position("from_m", default=before_m), side=side) if kind.path else None
    if side == 0:
        raise piece.fault("side", "should be clockwise or anticlockwise: a circle has a way round")
    centre, radius = piece.position("centre_m"), piece.number("radius_m", above=0.0)
    return Path(
        before_m,
        centre,
        radius,
        piece.number("radius_end_m", default=radius, above=0.0),
        piece.number("height_end_m", default=centre[2]),
        side,
        piece.number("turns", above=0.0),
    )


def _target(piece: Piece, path: Path | None, before_m: Place, heading_deg: float) -> Place:
    """Return where a task is flown to: of a circle the nearest place on it from where the task before ended."""
    if path is None or path.centre_m is None:
        return piece.position("at_m", default=before_m)
    east, north, up = path.centre_m
    away = math.hypot(before_m[0] - east, before_m[1] - north)
    if away < 1e-6:
        way = direction(heading_deg, 0.0)
    else:
        way = ((before_m[0] - east) / away, (before_m[1] - north) / away, 0.0)
    return _plus((east, north, up), way, path.radius_m)
