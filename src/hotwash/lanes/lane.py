"""A test lane: where everything stands, and what is to be done in which order.

    text (TOML) ─parse─▶ Lane ─▶ Referee (referee.py), drawing (report.lane_plan), policies

The lane's frame is east, north, up from the pad, in metres; its ground is level. Headings are clockwise from north.
Every number of a file says where it comes from and how sure that is (figures.py).
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hotwash import resources
from hotwash.errors import LaneError, ReadError
from hotwash.lanes.figures import Figure, Figures, cited, figure
from hotwash.lanes.tasks import Ring, Stand, Task, Wall, place_of, ring_of, stand_of, task_of, wall_of
from hotwash.model.words import FLIGHT_MODES

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
        raise LaneError(self.name, place=f"task {name!r}", why=why)


def shipped() -> tuple[str, ...]:
    """Return the names of the lanes that travel in the package."""
    return SHIPPED


def load(name: str) -> Lane:
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
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise LaneError(name, why=f"is no TOML file: {fault}") from None
    _known(name, "", given, _KEYS)
    try:
        return _lane(given, text, name)
    except ReadError:
        raise
    except (AttributeError, TypeError, KeyError, OverflowError) as fault:  # a list where a table should be
        why = f"a key is missing or holds the wrong kind of thing ({fault}); compare it with a shipped lane"
        raise LaneError(name, why=why) from None


def _lane(given: Mapping[str, Any], text: str, name: str) -> Lane:
    figures = _figures(given, name)
    heading_deg = figures.value(given.get("heading_deg", 0), "key heading_deg")
    buckets = given.get("buckets", {})
    stands = tuple(stand_of(one, figures, f"stands {at + 1}") for at, one in enumerate(given.get("stands", [])))
    rings = tuple(
        ring_of(one, stand, buckets, figures, f"stands {at + 1}, bucket {number + 1}")
        for at, (stand, entry) in enumerate(zip(stands, given.get("stands", []), strict=True))
        for number, one in enumerate(entry.get("buckets", []))
    )
    walls = tuple(wall_of(one, figures, f"walls {at + 1}") for at, one in enumerate(given.get("walls", [])))
    missed = given.get("missed", "again")
    if missed not in ("lost", "again"):
        raise LaneError(name, place="key missed", why="should be 'lost' (it costs the point) or 'again'")
    parts, tasks = _parts(given, figures, rings, heading_deg)
    lane = Lane(
        name=_text(given, name, "name"),
        version=_text(given, name, "version"),
        title=_text(given, name, "title"),
        text=text,
        about=" ".join(_text(given, name, "text").split()),
        sources=figures.sources,
        figures=tuple(figures.named.values()),
        time_limit_s=figures.value(given.get("time_limit_s"), "key time_limit_s"),
        missed=missed,
        pilot_m=place_of(given, "pilot_m", figures, "the lane", default=(0.0, 0.0, 0.0)),
        heading_deg=heading_deg % 360.0,
        modes=_modes(given, name),
        stands=stands,
        rings=rings,
        walls=walls,
        parts=parts,
        tasks=tasks,
    )
    _check(lane, name)
    return lane


def _figures(given: Mapping[str, Any], name: str) -> Figures:
    sources = given.get("sources", {})
    if not isinstance(sources, dict) or not sources or not all(isinstance(one, str) for one in sources.values()):
        raise LaneError(name, place="[sources]", why="name at least one source, each with a sentence: purdue = '…'")
    named = {key: figure(name, sources, f"[numbers], key {key}", one) for key, one in given.get("numbers", {}).items()}
    return Figures(name, sources, named)


def _parts(
    given: Mapping[str, Any], figures: Figures, rings: tuple[Ring, ...], heading_deg: float
) -> tuple[tuple[Part, ...], tuple[Task, ...]]:
    """Return the parts and their tasks; a task goes on from where the one before it left off."""
    parts: list[Part] = []
    tasks: list[Task] = []
    at, facing = (0.0, 0.0, 0.0), heading_deg
    for number, entry in enumerate(given.get("parts", [])):
        place = f"parts {number + 1}"
        _known(figures.lane, place, entry, {"name", "title", "source", "confidence", "tasks"})
        source, confidence = cited(figures.lane, figures.sources, place, entry)
        name = _text(entry, figures.lane, "name", place)
        title = _text({"title": name, **entry}, figures.lane, "title", place)
        parts.append(Part(name, title, source, confidence))
        for one in entry.get("tasks", []):
            where = f"{place}, task {one.get('name', '?')!r}"
            task = task_of(one, figures, where, part=name, rings=rings, before_m=at, facing_deg=facing)
            at, facing = task.end_m, task.heading_deg
            tasks.append(task)
    return tuple(parts), tuple(tasks)


def _check(lane: Lane, name: str) -> None:
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


def _modes(given: Mapping[str, Any], name: str) -> tuple[str, ...]:
    modes = tuple(given.get("modes", ()))
    unknown = [one for one in modes if one not in FLIGHT_MODES]
    if unknown:
        why = f"{unknown[0]!r} is no flight mode; there are {', '.join(FLIGHT_MODES)}"
        raise LaneError(name, place="key modes", why=why)
    return modes


def _known(name: str, place: str, given: Mapping[str, Any], keys: set[str]) -> None:
    unknown = sorted(set(given) - keys)
    if unknown:
        why = f"not a key that we know; there are {', '.join(sorted(keys))}"
        raise LaneError(name, place=f"{place}, key {unknown[0]}".lstrip(", "), why=why)


def _text(given: Mapping[str, Any], name: str, key: str, place: str = "") -> str:
    value = given.get(key)
    if not isinstance(value, str) or not value.strip():
        raise LaneError(name, place=f"{place}, key {key}".lstrip(", "), why="is missing, or is no text")
    return value
