"""A test lane from above, as a drawing: pilot, pad, stands with their buckets, walls, and the way through the tasks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from hotwash.lanes.lane import Lane
from hotwash.lanes.pieces import Place
from hotwash.lanes.tasks import Ring, Task
from hotwash.report import svg

_LONGEST = 640.0  # of the drawn field's longer side, in the drawing's own units
_EDGE = 44.0  # round it, for words
_PAD_M, _BUCKET_M = 0.5, 0.9  # how large pad and buckets are drawn, whatever their size
_NARROWEST = 580.0  # so that the notice below fits
_STYLE = """
.lane{font:12px sans-serif;fill:#222}.lane .ground{fill:#f4f3ee;stroke:#bbb}.lane .pad{fill:none;stroke:#222}
.lane .way{fill:none;stroke:#c0392b;stroke-width:1.5;stroke-dasharray:5 4;opacity:.75}.lane .pilot{fill:#222}
.lane .flown{fill:none;stroke:#1f6f43;stroke-width:1.2}
.lane .stand{fill:#555}.lane .bucket{fill:#fff;stroke:#2c5f8a;stroke-width:1.5}
.lane .wall{stroke:#7a5230;stroke-width:5}.lane .scale,.lane .north{fill:none;stroke:#222;stroke-width:2}
"""


class Sheet:
    """Where places of the field fall on the sheet: north is up, one scale both ways."""

    def __init__(self, places: Sequence[Place]) -> None:
        east, north = [place[0] for place in places], [place[1] for place in places]
        margin = 2.0
        self.west, self.top = min(east) - margin, max(north) + margin
        self.wide_m, self.tall_m = max(east) + margin - self.west, self.top - min(north) + margin
        self.scale = _LONGEST / max(self.wide_m, self.tall_m)

    def at(self, place: Place) -> tuple[float, float]:
        return _EDGE + (place[0] - self.west) * self.scale, _EDGE + (self.top - place[1]) * self.scale

    @property
    def size(self) -> tuple[float, float]:
        return max(_NARROWEST, 2 * _EDGE + self.wide_m * self.scale), 2 * _EDGE + self.tall_m * self.scale


def draw_lane(lane: Lane, *, flown_m: Sequence[tuple[float, float]] = ()) -> str:
    """Return a lane's plan as an SVG that needs nothing else.

    lane     as lanes.load or lanes.parse give it
    flown_m  east and north of a flight, drawn over it; empty: none

    The dashed line joins the tasks' places in their order; heights are not drawn.
    """
    ways = [_way(task) for task in lane.tasks]
    places = [(0.0, 0.0, 0.0), lane.pilot_m, *(stand.at_m for stand in lane.stands), *(p for way in ways for p in way)]
    places += [end for wall in lane.walls for end in (wall.from_m, wall.to_m)]
    places += [(east, north, 0.0) for east, north in flown_m]
    sheet = Sheet(places)
    width, height = sheet.size
    parts = [
        svg.el("style", Markup(_STYLE.replace("\n", ""))),  # noqa: S704 - our own words
        svg.el("rect", x=_EDGE, y=_EDGE, width=width - 2 * _EDGE, height=height - 2 * _EDGE, class_="ground"),
        svg.path([sheet.at(place) for way in ways for place in way], "way"),
        svg.path([sheet.at((east, north, 0.0)) for east, north in flown_m], "flown"),
        *_fixed(lane, sheet),
        *_frame(sheet),
        svg.text(_EDGE, 20, lane.title),
        svg.text(_EDGE, height - 12, f"{lane.possible:g} points, {lane.time_limit_s:g} s; {lane.notice}"),
    ]
    about = f"{len(lane.stands)} stands, {len(lane.rings)} buckets, {len(lane.tasks)} tasks"
    return str(
        svg.drawing(parts, width=width, height=height, title=lane.title, about=about, name="lane", class_="lane")
    )


def _way(task: Task) -> list[Place]:
    """Return the places that a task leads through."""
    path = task.path
    if path is None or path.centre_m is None:
        return [task.target_m]
    east, north, up = path.centre_m
    first = math.atan2(task.target_m[0] - east, task.target_m[1] - north)
    steps = max(12, round(24 * path.turns))
    found = []
    for step in range(steps + 1):
        share = step / steps
        turned = first + path.side * math.tau * path.turns * share
        radius = path.radius_m + share * (path.radius_end_m - path.radius_m)
        found.append((east + radius * math.sin(turned), north + radius * math.cos(turned), up))
    return found


def _fixed(lane: Lane, sheet: Sheet) -> Iterator[Markup]:
    for wall in lane.walls:
        yield svg.line(*sheet.at(wall.from_m), *sheet.at(wall.to_m), "wall")
    x, y = sheet.at((0.0, 0.0, 0.0))
    yield svg.el("circle", cx=x, cy=y, r=max(6.0, _PAD_M * sheet.scale), class_="pad")
    yield svg.text(x + 10, y + 16, "pad")
    x, y = sheet.at(lane.pilot_m)
    yield svg.el("circle", cx=x, cy=y, r=4, class_="pilot")
    yield svg.text(x + 10, y + 4, "pilot")
    for stand in lane.stands:
        x, y = sheet.at(stand.at_m)
        yield svg.el("circle", cx=x, cy=y, r=3, class_="stand")
        for ring in lane.rings:
            if ring.stand == stand.name:
                yield from _bucket(ring, stand.at_m, sheet)


def _bucket(ring: Ring, stand_m: Place, sheet: Sheet) -> Iterator[Markup]:
    """Draw a bucket beside its stand, on the side that its mouth looks to; one that opens upwards on the stand."""
    x, y = sheet.at(stand_m)
    level = math.hypot(ring.axis[0], ring.axis[1])
    out = _BUCKET_M * sheet.scale if level > 0.1 else 0.0
    x, y = x + out * ring.axis[0], y - out * ring.axis[1]
    yield svg.el("circle", cx=x, cy=y, r=5, class_="bucket")
    if level > 0.1:
        yield svg.text(x + 15 * ring.axis[0] / level, y - 15 * ring.axis[1] / level + 4, ring.name, anchor="middle")
    else:
        yield svg.text(x + 6, y - 6, ring.name)


def _frame(sheet: Sheet) -> Iterator[Markup]:
    """Draw which way is north, and how long some metres are."""
    width, height = sheet.size
    yield svg.path([(width - 24, 70), (width - 24, 36), (width - 30, 46)], "north")
    yield svg.text(width - 24, 30, "N", anchor="middle")
    long_m = next(m for m in (50, 20, 10, 5, 2, 1) if m * sheet.scale < _LONGEST / 3 or m == 1)
    yield svg.line(_EDGE, height - 32, _EDGE + long_m * sheet.scale, height - 32, "scale")
    yield svg.text(_EDGE + long_m * sheet.scale + 6, height - 28, f"{long_m} m")
