"""A test lane: where everything stands, and what is to be done in which order.

    text (TOML) ─parse─▶ Lane ─▶ Referee (referee.py), drawing (report.lane_plan), policies

The lane's frame is east, north, up from the pad, in metres; its ground is level. Headings are clockwise from north.
Every number of a file says where it comes from and how sure that is (figures.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hotwash import resources
from hotwash.documents import parse_toml
from hotwash.errors import LaneError, ReadError
from hotwash.lanes.figures import Figure, Figures, read_citation, read_figure
from hotwash.lanes.pieces import Piece
from hotwash.lanes.tasks import Ring, Stand, Task, Wall, read_ring, read_stand, read_task, read_wall
from hotwash.model.words import FLIGHT_MODES
from hotwash.visible import quote

NOTICE = "flown on published geometry in simulation; not a NIST, ASTM, CAA or EASA result"
SHIPPED = (
    *("bperp", "open-position", "open-traverse", "open-orbit", "open-spiral", "open-sustain", "basic-flight"),
    *("abnormal-fix-lost", "abnormal-link-lost", "abnormal-gust-landing", "abnormal-battery-low"),
    "abnormal-spoofed-drift",
)
_KEYS = {
    *("name", "version", "title", "text", "time_limit_s", "missed", "pilot_m", "heading_deg", "modes"),
    *("sources", "numbers", "buckets", "stands", "walls", "parts"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a lane that its form calls out as one: a lap, a manoeuvre; and who says that it is so."""

    name: str
    title: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One test lane.

    text          the TOML it was read from
    about         what it is, in a few sentences
    sources       what the file cites, by its short name
    figures       the numbers that the file names, each with its source and confidence
    missed        "lost": a picture that does not show the ring costs the point; "again": another may be taken
    pilot_m       where the pilot stands: east, north, up
    heading_deg   which way the vehicle faces on the pad
    modes         the flight modes that the form allows; empty where it does not say
    """

    name: str
    version: str
    title: str
    text: str
    about: str
    sources: Mapping[str, str]
    figures: tuple[Figure, ...]
    time_limit_s: float
    missed: str
    pilot_m: tuple[float, float, float]
    heading_deg: float
    modes: tuple[str, ...]
    stands: tuple[Stand, ...]
    rings: tuple[Ring, ...]
    walls: tuple[Wall, ...]
    parts: tuple[Part, ...]
    tasks: tuple[Task, ...]

    @property
    def notice(self) -> str:
        return NOTICE

    @property
    def possible(self) -> float:
        """The points that there are; those of tasks which only an instructor marks are not among them."""
        return sum(task.points for task in self.tasks if task.marker != "instructor")

    def index(self, name: str) -> int:
        """Return which task has a name; raises LaneError when none has."""
        for number, task in enumerate(self.tasks):
            if task.name == name:
                return number
        why = f"there is no such task; there are {', '.join(task.name for task in self.tasks)}"
        raise LaneError(self.name, place=f"task {quote(name)}", why=why)


def load_lane(name: str) -> Lane:
    """Return a shipped lane; raises LaneError when there is none of that name."""
    if name not in SHIPPED:
        raise LaneError(name, why=f"no lane of that name is shipped; there are {', '.join(SHIPPED)}")
    return parse(resources.read(f"lanes/{name}.toml").decode("utf-8"), name=f"{name}.toml")


def parse(text: str, *, name: str) -> Lane:
    """Return the lane that a TOML text describes.

    text     the file's content; docs/how-to/build-a-lane.md shows its keys
    name     what to call it in an error: the file's name
    raises   LaneError naming the key at fault and the way out
    """
    given = parse_toml(text, name=name, refused=LaneError)
    Piece(given, Figures(name, {}, {})).check_keys(_KEYS)
    try:
        return _lane(given, text, name)
    except ReadError:
        raise
    except (AttributeError, TypeError, KeyError, OverflowError) as fault:  # a list where a table should be
        why = f"a key is missing or holds the wrong kind of thing ({fault}); compare it with a shipped lane"
        raise LaneError(name, why=why) from None


def _lane(given: Mapping[str, Any], text: str, name: str) -> Lane:
    figures = _figures(given, name)
    head = Piece(given, figures)
    heading_deg = head.number("heading_deg", default=0.0)
    entries = given.get("stands", [])
    stands = tuple(read_stand(Piece(one, figures, f"stands {at + 1}")) for at, one in enumerate(entries))
    rings = tuple(
        read_ring(Piece(one, figures, f"stands {at + 1}, bucket {number + 1}"), stand, given.get("buckets", {}))
        for at, (stand, entry) in enumerate(zip(stands, entries, strict=True))
        for number, one in enumerate(entry.get("buckets", []))
    )
    walls = tuple(read_wall(Piece(one, figures, f"walls {at + 1}")) for at, one in enumerate(given.get("walls", [])))
    missed = given.get("missed", "again")
    if missed not in ("lost", "again"):
        raise head.fault("missed", "should be 'lost' (it costs the point) or 'again'")
    parts, tasks = _parts(given, figures, rings, heading_deg)
    lane = Lane(
        name=head.text("name"),
        version=head.text("version"),
        title=head.text("title"),
        text=text,
        about=" ".join(head.text("text").split()),
        sources=figures.sources,
        figures=tuple(figures.named.values()),
        time_limit_s=figures.value(given.get("time_limit_s"), "key time_limit_s"),
        missed=missed,
        pilot_m=head.position("pilot_m", default=(0.0, 0.0, 0.0)),
        heading_deg=heading_deg % 360.0,
        modes=_modes(head),
        stands=stands,
        rings=rings,
        walls=walls,
        parts=parts,
        tasks=tasks,
    )
    _check_lane(lane, name)
    return lane


def _figures(given: Mapping[str, Any], name: str) -> Figures:
    sources = given.get("sources", {})
    if not isinstance(sources, dict) or not sources or not all(isinstance(one, str) for one in sources.values()):
        raise LaneError(name, place="[sources]", why="name at least one source, each with a sentence: purdue = '…'")
    named = {
        key: read_figure(name, sources, f"[numbers], key {key}", one) for key, one in given.get("numbers", {}).items()
    }
    return Figures(name, sources, named)


def _parts(
    given: Mapping[str, Any], figures: Figures, rings: tuple[Ring, ...], heading_deg: float
) -> tuple[tuple[Part, ...], tuple[Task, ...]]:
    """Return the parts and their tasks; a task goes on from where the one before it left off."""
    parts: list[Part] = []
    tasks: list[Task] = []
    at, facing = (0.0, 0.0, 0.0), heading_deg
    for number, entry in enumerate(given.get("parts", [])):
        piece = Piece(entry, figures, f"parts {number + 1}")
        piece.check_keys({"name", "title", "source", "confidence", "tasks"})
        source, confidence = read_citation(figures.lane, figures.sources, piece.place, entry)
        name = piece.text("name")
        parts.append(Part(name, piece.text("title") if "title" in entry else name, source, confidence))
        for one in entry.get("tasks", []):
            each = Piece(one, figures, f"{piece.place}, task {quote(one.get('name', '?'))}")
            task = read_task(each, part=name, rings=rings, before_m=at, facing_deg=facing)
            at, facing = task.end_m, task.heading_deg
            tasks.append(task)
    return tuple(parts), tuple(tasks)


def _check_lane(lane: Lane, name: str) -> None:
    if not lane.tasks:
        raise LaneError(name, place="parts", why="there is no task; a lane has at least one")
    if not 0.0 < lane.time_limit_s < math.inf:
        raise LaneError(name, place="key time_limit_s", why=f"{lane.time_limit_s:g} s is no time to fly in")
    for kind, names in (
        ("tasks", [task.name for task in lane.tasks]),
        ("buckets", [ring.name for ring in lane.rings]),
        ("stands", [stand.name for stand in lane.stands]),
    ):
        twice = sorted({one for one in names if names.count(one) > 1})
        if twice:
            raise LaneError(name, place=kind, why=f"two are called {', '.join(twice)}; give each its own name")


def _modes(head: Piece) -> tuple[str, ...]:
    modes = tuple(head.given.get("modes", ()))
    if unknown := [one for one in modes if one not in FLIGHT_MODES]:
        raise head.fault("modes", f"{quote(unknown[0])} is no flight mode; there are {', '.join(FLIGHT_MODES)}")
    return modes
