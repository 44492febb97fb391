"""All errors of hotwash, as one tree.

HotwashError                 anything that hotwash refuses; exit code 2 on the command line
├── ReadError                a file that cannot be read as the format it claims to be
│   ├── BundleError          an incident bundle that cannot be used
│   ├── ScenarioError        a scenario that cannot be flown
│   ├── AirframeError        an airframe that is impossible or cannot fly
│   ├── LaneError            a test lane that cannot be set up or marked
│   ├── RuleError            a file of rules for a watch seat that cannot be followed
│   ├── CurriculumError      a curriculum that is not consistent
│   └── ExchangeError        a file of lessons that cannot be imported
├── CommandError             a command of a seat that is out of range, not a number, or not of that seat
├── LessonError              a lesson that is not valid, or a step that is not permitted
│   └── ObjectiveError       an objective that a machine cannot check
├── CentreError              a centre's folder that is missing, damaged or in use
├── TableError               a frame that does not match its declared table
├── UnitError                a unit that is unknown or of the wrong kind
├── GeometryError            an impossible position, ring or zone
├── PlaceError               a place name that is not in the gazetteer or the list of aerodromes
└── WriteError               a file or folder that cannot be written

An error names the thing, the place in it and the remedy, and has them as attributes.
"""

from __future__ import annotations

from hotwash.visible import clip, make_visible, on_one_line

TYPE_CHECKING = False  # that of `typing` would cost every command time
if TYPE_CHECKING:
    from collections.abc import Sequence


_MOST_THING = 300  # letters: paths are long


class HotwashError(Exception):
    """State what is wrong, where, and what would help.

    thing    what is affected: a file name, a table, a unit
    place    where in it, as text: "line 4, column said_utc_low"; empty for the thing as a whole
    why      what is wrong, and the remedy, in one or two plain sentences

    The message repeats text from data so that it can neither drive a terminal nor fill it: `hotwash.visible`.
    """

    def __init__(self, thing: str, *, why: str, place: str = "") -> None:
        self.thing = thing
        self.place = place
        self.why = why
        name, where = clip(on_one_line(thing), _MOST_THING), clip(on_one_line(place))
        reason = make_visible(why)  # of several faults each has a line
        super().__init__(f"{name}, {where}: {reason}" if where else f"{name}: {reason}")


class ReadError(HotwashError):
    """A file that cannot be read as the format it claims to be."""


class BundleError(ReadError):
    """An incident bundle that cannot be used; it names every fault that was found, each on a line of its own.

    faults   one error for each fault; thing, place and why are those of the first
    """

    def __init__(self, thing: str, *, why: str, place: str = "", faults: Sequence[BundleError] = ()) -> None:
        super().__init__(thing, why=why, place=place)
        self.faults = tuple(faults) or (self,)
        if len(self.faults) > 1:
            self.args = ("\n".join(map(str, self.faults)),)

    @classmethod
    def of(cls, faults: Sequence[BundleError]) -> BundleError:
        """Return several faults as one error."""
        first = faults[0]
        return cls(first.thing, place=first.place, why=first.why, faults=faults)


class ScenarioError(ReadError):
    """A scenario that cannot be flown."""


class AirframeError(ReadError):
    """An airframe that is impossible or cannot fly."""


class LaneError(ReadError):
    """A test lane that cannot be set up or marked."""


class RuleError(ReadError):
    """A file of rules for a watch seat that cannot be followed."""


class CurriculumError(ReadError):
    """A curriculum that is not consistent."""


class ExchangeError(ReadError):
    """A file of lessons that cannot be imported."""


class CommandError(HotwashError):
    """A command of a seat that is out of range, not a number, or not of that seat."""


class LessonError(HotwashError):
    """A lesson that is not valid, or a step that is not permitted."""


class ObjectiveError(LessonError):
    """An objective that a machine cannot check."""


class CentreError(HotwashError):
    """A centre's folder that is missing, damaged or in use by another program."""


class TableError(HotwashError):
    """A frame whose columns or types do not match its declared table."""


class UnitError(HotwashError):
    """A unit that is unknown or of the wrong kind."""


class GeometryError(HotwashError):
    """An impossible position, ring or zone."""


class PlaceError(HotwashError):
    """A place name that is not in the gazetteer or the list of aerodromes."""


class WriteError(HotwashError):
    """A file or folder that cannot be written."""
