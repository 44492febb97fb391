"""The kinds of questions and the units of counts: one record each, with all that is declared of it.

A judge in `claims` weighs the claims of each kind; everything else about a kind stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hotwash.units import METRE_PER, METRE_PER_SECOND_PER, MINUTE_PER


@dataclass(frozen=True, slots=True, kw_only=True)
class CountUnit:
    """One thing that is counted.

    title     as the head of its count
    nouns     after 1, and after any other number
    spoken    as the account's sentences name it; empty where that is its noun
    column    of FINDS: the probability that a find is one; empty where events are counted
    events    the kinds of events that tell how many, beside those whose `unit` names it
    why       what its count by finds rests on
    missing   what is said where there is nothing to count
    tally     what is counted of the closings that events tell: `aerodromes`, or how often (`occasions`); else empty
    is_money  whether it is an amount of money, which need not be whole
    takes_in  other units whose numbers may be parts of its own: a flight that is diverted is affected
    is_seen   whether it is an object in the sky, which may be the same one at two times
    """

    name: str
    title: str
    nouns: tuple[str, str]
    spoken: str = ""
    column: str = ""
    events: tuple[str, ...] = ()
    why: str = ""
    missing: str = ""
    tally: str = ""
    is_money: bool = False
    takes_in: tuple[str, ...] = ()
    is_seen: bool = False
    outcome: str = ""
    bound: str = ""


_ENDS_OF_FLIGHTS = ("cancelled", "diverted", "returned")  # a flight has one of them at most


def may_share_flights(one: CountUnit, other: CountUnit) -> bool:
    """Tell whether a flight may be counted in two different units: one that was held may have been diverted too."""
    if one.name == other.name or not one.outcome or not other.outcome:
        return False
    is_apart = one.bound and other.bound and one.bound != other.bound
    ends = one.outcome in _ENDS_OF_FLIGHTS and other.outcome in _ENDS_OF_FLIGHTS and one.outcome != other.outcome
    return not (is_apart or ends)


def _reported(name: str, title: str, one: str, many: str, *events: str, **more: Any) -> CountUnit:
    """Return a unit that events tell: of flights, people, reports, money."""
    missing = f"No event tells the number of {many}."
    return CountUnit(name=name, title=title, nouns=(one, many), events=events, missing=missing, **more)


_COUNT_UNITS = (
    CountUnit(
        name="crossings",
        title="Border crossings",
        nouns=("crossing", "crossings"),
        column="probability_airframe",
        why="Crossings can be counted only from tracks. "
        "Each airframe found is assumed to have crossed at least once; there is no upper limit.",
        missing="Crossings can be counted only from tracks, "
        "and the bundle does not assume that each airframe found crossed.",
    ),
    CountUnit(
        name="airframes",
        title="Airframes inside",
        nouns=("airframe", "airframes"),
        column="probability_airframe",
        why="Finds give only a lower limit for airframes: what was never found, or flew back, is not counted.",
        missing="No find has a probability of being an airframe.",
    ),
    CountUnit(
        name="finds",
        title="Finds",
        nouns=("find", "finds"),
        column="probability_find",
        why="Finds reported so far, each with the probability that it is one of that night.",
        missing="No find has a probability.",
    ),
    CountUnit(
        name="brought_down",
        title="Brought down",
        nouns=("brought down", "brought down"),
        column="probability_brought_down",
        why="Finds give only a lower limit: what was brought down and never found is not counted.",
        missing="No find has a probability of having been brought down.",
    ),
    CountUnit(
        name="diversions",
        title="Flights diverted",
        nouns=("diversion", "diversions"),
        events=("diversion",),
        takes_in=("arrivals_diverted",),
        outcome="diverted",
        missing="No events report diversions.",
    ),
    CountUnit(
        name="cancellations",
        title="Flights cancelled",
        nouns=("cancellation", "cancellations"),
        events=("cancellation",),
        takes_in=("departures_cancelled", "arrivals_cancelled"),
        outcome="cancelled",
        missing="No events report cancellations.",
    ),
    CountUnit(
        name="aerodromes_closed",
        title="Aerodromes closed",
        nouns=("aerodrome closed", "aerodromes closed"),
        spoken="closed aerodromes",
        events=(
            *("aerodrome_closed", "aerodrome_reopened", "airspace_closed", "airspace_reopened"),
            *("traffic_suspended", "traffic_resumed"),
        ),
        tally="aerodromes",
        missing="No events report a closure.",
    ),
    _reported(
        *("flights_affected", "Flights affected", "flight affected", "flights affected", "flights_affected"),
        takes_in=(
            *("diversions", "cancellations", "flights_delayed", "flights_returned", "flights_held", "go_arounds"),
            *("departures_cancelled", "arrivals_cancelled", "departures_delayed", "arrivals_delayed"),
            *("departures_held", "arrivals_held", "arrivals_diverted", "departures_returned"),
        ),
        outcome="affected",
    ),
    _reported(
        *("flights_delayed", "Flights delayed", "flight delayed", "flights delayed", "delay"),
        takes_in=("departures_delayed", "arrivals_delayed"),
        outcome="delayed",
    ),
    _reported(
        *("flights_returned", "Flights turned back", "flight turned back", "flights turned back", "flight_returned"),
        takes_in=("departures_returned",),
        outcome="returned",
    ),
    _reported(
        *("flights_held", "Flights held", "flight held", "flights held", "flight_held"),
        takes_in=("departures_held", "arrivals_held"),
        outcome="held",
    ),
    *(
        _reported(
            f"{bound}s_{outcome}",
            f"{bound.capitalize()}s {words}",
            *(f"{bound} {words}", f"{bound}s {words}", f"{bound}_{outcome}"),
            outcome=outcome,
            bound=f"{bound}s",
        )
        for bound, outcome, words in (
            ("departure", "cancelled", "cancelled"),
            ("arrival", "cancelled", "cancelled"),
            ("departure", "delayed", "delayed"),
            ("arrival", "delayed", "delayed"),
            ("departure", "held", "held on the ground"),
            ("arrival", "held", "held in the air"),
            ("arrival", "diverted", "diverted"),
            ("departure", "returned", "turned back"),
        )
    ),
    _reported(
        "go_arounds", "Go-arounds", "go-around", "go-arounds", "go_around", outcome="go_around", bound="arrivals"
    ),
    _reported("passengers", "Passengers affected", "passenger", "passengers", "passengers_affected"),
    CountUnit(
        name="closures",
        title="Closures",
        nouns=("closure", "closures"),
        events=("aerodrome_closed", "airspace_closed", "runway_closed", "traffic_suspended"),
        tally="occasions",
        missing="No events report a closure.",
    ),
    _reported("reports", "Reports", "report", "reports", "reports_counted"),
    _reported("witnesses", "Witnesses", "witness", "witnesses", "witnesses_counted"),
    _reported("occasions", "Occasions", "occasion", "occasions", "occasions_counted"),
    _reported("marks", "Marks on a screen", "mark on a screen", "marks on a screen", "marks_counted", is_seen=True),
    _reported("drones", "Drones reported", "drone", "drones", "drones_counted", is_seen=True),
    _reported("balloons", "Balloons", "balloon", "balloons", "balloons_counted", is_seen=True),
    _reported("finds_reported", "Things found, whatever they were", "thing found", "things found", "finds_counted"),
    _reported("crashed", "Drones that came down", "drone that came down", "drones that came down", "crashes_counted"),
    _reported("aircraft", "Aircraft", "aircraft", "aircraft", "aircraft_counted", is_seen=True),
    _reported("people_injured", "People injured", "person injured", "people injured", "injury"),
    _reported("costs_eur", "Costs in euros", "EUR", "EUR", "costs_eur", is_money=True),
    _reported("costs_usd", "Costs in US dollars", "USD", "USD", "costs_usd", is_money=True),
    _reported("costs_gbp", "Costs in pounds", "GBP", "GBP", "costs_gbp", is_money=True),
    _reported("costs_pln", "Costs in złoty", "PLN", "PLN", "costs_pln", is_money=True),
)
COUNT_UNITS: Mapping[str, CountUnit] = {unit.name: unit for unit in _COUNT_UNITS}
ALWAYS_COUNTED = ("crossings", "airframes", "finds", "brought_down")  # the four that are mixed up most often


def is_part_of(name: str, whole: str) -> bool:
    """Tell whether a declared unit is a part of another, as its name says: `crossings_in` of `crossings`."""
    return name not in COUNT_UNITS and name.startswith(f"{whole}_")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionKind:
    """One kind of question, for all who read, weigh or print its claims.

    asks           what it asks for, as the page says it
    value          what a claim's value is, as the manual says it
    decided_from   what its claims are held against, as the manual says it
    form           how a value is read: `number`, `time` or `words`
    units          what its questions may be in; none where the answer is words
    scale          units that a claim may take instead, each as a multiple of the question's
    step           between a number and the next possible one: 1 where things are counted whole
    half_width     how far off a value told exactly may be, in the question's unit (minutes for times)
    half_share     the same, as a share of the value: 2 NM are 3704 m, and are told as 3.7 km
    says           the sentence that answers it, `{}` for the amount; empty where the answer is made otherwise
    answers        the only words there are, each as the page says it; empty where any will do
    may_be_empty   whether a claim may give no value
    names_interval whether its subject is an interval of the brief
    two_answers    what two different ones do: `exclude` one another, or do so only where the analyst has `stated` it
    is_listed_only whether the page lists its claims apart, because they are never judged
    """

    name: str
    asks: str
    value: str
    decided_from: str
    form: str = "words"
    units: tuple[str, ...] = ()
    scale: Mapping[str, float] = field(default_factory=dict)
    step: float = 0.0
    half_width: float = 0.0
    half_share: float = 0.0
    says: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    may_be_empty: bool = False
    names_interval: bool = False
    two_answers: str = "exclude"
    is_listed_only: bool = False

    @property
    def is_number(self) -> bool:
        """Whether its answers lie on a scale: numbers and times."""
        return self.form != "words"


def _measured(name: str, says: str, unit: str, scale: Mapping[str, float]) -> QuestionKind:
    """Return a quantity that somebody estimates or measures, and nobody counts: a height, a speed."""
    return QuestionKind(
        name=name,
        asks=f"a {name}",
        value="a number, or `not_known`",
        decided_from="what others say on it, and the sighting `subject_id` where it names one",
        form="number",
        units=(unit,),
        scale={other: share / scale[unit] for other, share in scale.items()},
        half_share=0.01,
        says=says,
    )


_QUESTION_KINDS = (
    QuestionKind(
        name="count",
        asks="a count",
        value="a whole number, or `not_known`, or `none_confirmed`",
        decided_from="the probabilities in `finds`; the numbers in `events`",
        form="number",
        units=tuple(COUNT_UNITS),
        step=1.0,
    ),
    QuestionKind(
        name="range",
        asks="a range",
        value="a number, or empty when the speaker gave none",
        decided_from="origins × finds",
        form="number",
        units=("km",),
        scale={unit: metres / METRE_PER["km"] for unit, metres in METRE_PER.items()},
        may_be_empty=True,
    ),
    _measured("height", "It was at {}", "m", {unit: METRE_PER[unit] for unit in ("m", "ft", "km")}),
    _measured(
        "distance", "The distance was {}", "m", {unit: METRE_PER[unit] for unit in ("m", "ft", "km", "NM", "mi")}
    ),
    _measured("speed", "It moved at {}", "km/h", {u: METRE_PER_SECOND_PER[u] for u in ("km/h", "kt", "m/s")}),
    _measured("size", "It was {} across", "m", {unit: METRE_PER[unit] for unit in ("m", "cm", "ft")}),
    QuestionKind(
        name="time",
        asks="a time",
        value="a time with its zone",
        decided_from="the events of kind `subject_id`",
        form="time",
        units=("utc",),
        half_width=0.5,  # told to the minute, it holds for that minute
    ),
    QuestionKind(
        name="duration",
        asks="a duration",
        value="a number",
        decided_from="the interval named `subject_id`, which must be there",
        form="number",
        units=("min",),
        scale=MINUTE_PER,
        half_width=0.5,
        names_interval=True,
    ),
    QuestionKind(
        name="status",
        asks="a status",
        value="a word",
        decided_from="the states of the aerodrome `subject_id` at the time that the claim speaks of",
        answers={
            "open": "open",
            "restricted": "restricted",
            "runway_closed": "runway closed",
            "closed": "closed",
            "airspace_closed": "airspace closed",
            "no_traffic_planned": "no traffic planned",
            "curfew": "curfew",
        },
    ),
    QuestionKind(
        name="presence",
        asks="presence",
        value="a word",
        decided_from="sightings, finds, tracks",
        answers={"present": "present", "absent": "absent", "cannot_tell": "cannot tell"},
    ),
    QuestionKind(
        name="identity",
        asks="what it was",
        value="a word of `object_kind` where one fits, else free words",
        decided_from="the find `subject_id`",
    ),
    QuestionKind(
        name="cause",
        asks="a cause",
        value="free words",
        decided_from="of the sighting `subject_id`, its explanation; else listed; contrasted where `excludes` says so",
        may_be_empty=True,
        two_answers="stated",
    ),
    QuestionKind(
        name="finding",
        asks="a finding",
        value="free words",
        decided_from="listed; contrasted where `excludes` says so",
        may_be_empty=True,
        two_answers="stated",
    ),
    QuestionKind(
        name="intent",
        asks="intent",
        value="free words",
        decided_from="never judged: listed with who said what",
        may_be_empty=True,
        two_answers="stated",
        is_listed_only=True,
    ),
)
QUESTION_KINDS: Mapping[str, QuestionKind] = {kind.name: kind for kind in _QUESTION_KINDS}
NUMBER_KINDS = tuple(kind.name for kind in _QUESTION_KINDS if kind.is_number)
MEASURED_KINDS = tuple(kind.name for kind in _QUESTION_KINDS if kind.says)  # quantities that nobody counts
