"""Which kinds of events change the state of an aerodrome, and how: one record each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

OPEN = "open"
# Layers of a state, each open or not by itself: a closed aerodrome, closed airspace and a closed runway differ.
AERODROME, AIRSPACE, RUNWAY, CURFEW, UNPLANNED = "aerodrome", "airspace", "runway", "curfew", "unplanned"
SCHEDULES = (CURFEW, UNPLANNED)  # hours in which nothing would have flown anyway


@dataclass(frozen=True, slots=True)
class Change:
    """What an event of a kind changes: the layer, and the state that begins; `open` ends the one before."""

    layer: str
    state: str


CHANGES: Mapping[str, Change] = {
    "aerodrome_closed": Change(AERODROME, "closed"),
    "traffic_suspended": Change(AERODROME, "closed"),
    "aerodrome_restricted": Change(AERODROME, "restricted"),
    "aerodrome_partly_reopened": Change(AERODROME, "restricted"),
    "aerodrome_reopened": Change(AERODROME, OPEN),
    "traffic_resumed": Change(AERODROME, OPEN),
    "restriction_lifted": Change(AERODROME, OPEN),
    "airspace_closed": Change(AIRSPACE, "airspace_closed"),
    "airspace_reopened": Change(AIRSPACE, OPEN),
    "runway_closed": Change(RUNWAY, "runway_closed"),
    "runway_reopened": Change(RUNWAY, OPEN),
    "curfew": Change(CURFEW, "curfew"),
    "published_closed_hours": Change(CURFEW, "curfew"),
    "curfew_ended": Change(CURFEW, OPEN),
    "no_traffic_planned": Change(UNPLANNED, "no_traffic_planned"),
}
_OF_THE_NIGHT = {kind: change for kind, change in CHANGES.items() if change.layer not in SCHEDULES}
PARTLY_REOPENED = "aerodrome_partly_reopened"
UNPLANNED_STATES = ("curfew", "no_traffic_planned")  # the states that those hours are
# The kinds that begin a measure, and those that take it back.
REOPENINGS = tuple(kind for kind, change in _OF_THE_NIGHT.items() if change.state == OPEN)
CLOSINGS = tuple(kind for kind in _OF_THE_NIGHT if kind not in (*REOPENINGS, PARTLY_REOPENED))
MEASURES = ("closed", "airspace_closed", "runway_closed", "restricted")  # taken because of what happened
# The measure that each state shows, and what it is called in a sentence.
STATE_WORDS: Mapping[str, str] = {
    "open": "open",
    "closed": "closed",
    "airspace_closed": "airspace closed",
    "runway_closed": "runway closed",
    "restricted": "restricted",
    "curfew": "curfew",
    "no_traffic_planned": "no traffic planned",
}
# What each change is called as a thing: "the log entry of the reopening".
_NOUNS: Mapping[str, str] = {
    "aerodrome_closed": "the closing",
    "traffic_suspended": "the suspension of traffic",
    "aerodrome_restricted": "the restriction",
    "aerodrome_partly_reopened": "the partial reopening",
    "aerodrome_reopened": "the reopening",
    "traffic_resumed": "the resumption of traffic",
    "restriction_lifted": "the lifting of the restriction",
    "airspace_closed": "the closing of the airspace",
    "airspace_reopened": "the reopening of the airspace",
    "runway_closed": "the closing of the runway",
    "runway_reopened": "the reopening of the runway",
}
_PARTICIPLES = ("ed", "seen", "heard", "found", "lit", "shut", "sent", "left", "told", "shown", "down", "out", "off")
# The kinds that tell the same change as another: traffic that is suspended closes, and nothing lands or departs.
_ALSO_TELLS: Mapping[str, str] = {"traffic_suspended": "aerodrome_closed", "traffic_resumed": "aerodrome_reopened"}
CANCELLED = "_cancelled"  # the end of the kinds that take an order back: `notam_cancelled`
ONCE = ("first_", "last_")  # kinds of events that happen once in an incident
MOVEMENTS = ("landing", "departure", "take_off", "takeoff", "movement")


def is_movement(kind: str) -> bool:
    """Tell whether an event of a kind is a landing or a departure that took place: `departure`, `landings`.

    What a bundle calls `departure_held` or `landing_lights_seen` is its own.
    """
    return kind.removesuffix("s") in MOVEMENTS


def name_kind(kind: str) -> str:
    """Return a kind of event as a thing, in words: "the first find"; one that ends in a verb as it is: "drone seen"."""
    words = kind.replace("_", " ")
    is_thing = happens_once(kind) or not words.endswith(_PARTICIPLES)
    return _NOUNS.get(kind) or (f"the {words}" if is_thing else words)


def happens_once(kind: str) -> bool:
    """Tell whether an event of a kind happens once on an occasion, so that all tellings are of that one."""
    return kind.startswith(ONCE)


def plain_kind(kind: str) -> str:
    """Return the kind whose change a kind tells: a suspension of traffic is a closing; of any other, itself."""
    return _ALSO_TELLS.get(kind, kind)


def is_same_part(one: str | None, other: str | None) -> bool:
    """Tell whether two names mean one part: "runway 02C/20C" is "20C/02C", and 02C is a direction of it."""
    first, second = ({*_directions(name)} for name in (one, other))
    return bool(first & second)


def _directions(name: str | None) -> list[str]:
    words = (name or "").casefold().replace("_", " ").removeprefix("runway ").removeprefix("rwy ")
    return [word for part in words.split("/") if (word := part.strip().removeprefix("0"))]
