"""Everything hotwash refuses, as one tree.

HotwashError                 anything we refuse on purpose; exit code 2 on the command line
├── ReadError                a file that cannot be read for what it claims to be
│   ├── BundleError          an incident bundle that cannot be used as a whole
│   ├── ScenarioError        a scenario that cannot be flown
│   ├── AirframeError        an airframe that cannot be, or cannot fly
│   ├── LaneError            a test lane that cannot be set up or marked
│   ├── RuleError            a file of rules for a watch seat that cannot be followed
│   ├── CurriculumError      a graph of skills that cannot be
│   └── ExchangeError        a file of lessons from another centre that cannot be taken
├── CommandError             a command of a seat that is out of range, not a number, or not of that seat
├── LessonError              a lesson that cannot be, or a move of it that is not permitted
│   └── ObjectiveError       an objective that a machine cannot check
├── CentreError              a centre's folder that is missing, damaged or in use
├── TableError               a frame that does not fit its declared table
├── UnitError                a unit we do not know, or of the wrong kind
├── GeometryError            a position, ring or zone that cannot exist
├── PlaceError               a name that the gazetteer or the list of aerodromes does not hold
└── WriteError               a place we may not or cannot write to

An error names the thing, the place in it and the way out, and carries them as attributes.
"""

from __future__ import annotations


class HotwashError(Exception):
    """Say what is wrong, where, and what would help.

    thing    what was being handled: a file name, a table, a unit
    place    where in it, as text: "line 4, column said_utc_low"; empty when it is the whole
    why      what is wrong, and the way out, in one or two plain sentences
    """

    def __init__(self, thing: str, *, why: str, place: str = "") -> None:
        self.thing = thing
        self.place = place
        self.why = why
        super().__init__(f"{thing}, {place}: {why}" if place else f"{thing}: {why}")


class ReadError(HotwashError):
    """A file that cannot be read for what it claims to be."""


class BundleError(ReadError):
    """An incident bundle that cannot be used as a whole."""


class ScenarioError(ReadError):
    """A scenario that cannot be flown."""


class AirframeError(ReadError):
    """An airframe that cannot be, or cannot fly."""


class LaneError(ReadError):
    """A test lane that cannot be set up or marked."""


class RuleError(ReadError):
    """A file of rules for a watch seat that cannot be followed."""


class CurriculumError(ReadError):
    """A graph of skills that cannot be."""


class ExchangeError(ReadError):
    """A file of lessons from another centre that cannot be taken."""


class CommandError(HotwashError):
    """A command of a seat that is out of range, not a number, or not of that seat."""


class LessonError(HotwashError):
    """A lesson that cannot be, or a move of it that is not permitted."""


class ObjectiveError(LessonError):
    """An objective that a machine cannot check."""


class CentreError(HotwashError):
    """A centre's folder that is missing, damaged or in use by another."""


class TableError(HotwashError):
    """A frame whose columns or types are not those of its declared table."""


class UnitError(HotwashError):
    """A unit that is unknown, or of the wrong kind for the question."""


class GeometryError(HotwashError):
    """A position, ring or zone that cannot exist."""


class PlaceError(HotwashError):
    """A place name that we do not hold."""


class WriteError(HotwashError):
    """A place that we may not or cannot write to."""
