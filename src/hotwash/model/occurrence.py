"""The block by which an authority files an occurrence: the fields that Regulation (EU) No 376/2014 makes mandatory.

    Occurrence, AircraftInvolved ─fields_of─▶ OccurrenceField ─┬─▶ the keys of [occurrence] and their checks
    (each field is declared here, once)                        ├─▶ the facts of the page; the account's JSON, its schema
                                                               └─▶ OCCURRENCE_FIELDS: occurrence.csv

Source: Annex I of the Regulation for the list and its numbering; ECCAIRS Aviation 5.1.0.0, domain RIT, for the
entities, numbers and short names of the attributes; EASA, E5X implementation for organisations, version 10 of
22 July 2015, for the risk classification and the persons injured. docs/reference/bundle.md says what is not verified.
"""
# ruff: noqa: RUF009 - the calls that stand for a default are dataclasses.field with a declaration

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from hotwash.model.schema import BOOL, I64, TEXT, column, needed, table

UNKNOWN = "unknown"  # the Regulation allows it in any field, and asks to avoid it
Count = int | str | None  # a whole number, "unknown", or not stated
Value = str | tuple[str, ...] | date | int | None


@dataclass(frozen=True, slots=True)
class OccurrenceField:
    """One field of Annex I.

    kind         text; texts, one or several; date; or count
    title        what the page calls it
    annex        its section and number in Annex I: "2.1 (3)"
    entity       the entity of ECCAIRS that has the attribute
    attribute    the number of the attribute in ECCAIRS
    eccairs      its short name there
    one_of       the only words allowed; empty where any text will do, since the lists of ECCAIRS change
    redaction    what a copy for release does with it: wash (persons and addresses), remove, or keep (but for persons)
    key          its key in `incident.toml`
    """

    kind: str
    title: str
    annex: str
    entity: str
    attribute: int
    eccairs: str
    one_of: tuple[str, ...] = ()
    redaction: str = "wash"
    key: str = ""

    @property
    def section(self) -> str:
        """The section of Annex I: its fields are mandatory together."""
        return self.annex.split(" ", maxsplit=1)[0]


# Each gives a field of a dataclass that carries its declaration; a field that repeats is a tuple.


def _text(*declared: Any, **more: Any) -> Any:
    return field(default="", metadata={"declared": OccurrenceField("text", *declared, **more)})


def _texts(*declared: Any) -> Any:
    return field(default=(), metadata={"declared": OccurrenceField("texts", *declared)})


def _date(*declared: Any) -> Any:
    return field(default=None, metadata={"declared": OccurrenceField("date", *declared)})


def _count(*declared: Any) -> Any:
    return field(default=None, metadata={"declared": OccurrenceField("count", *declared)})


_WHOLE, _CRAFT = "Occurrence", "Aircraft"


@dataclass(frozen=True, slots=True)
class AircraftInvolved:
    """One aircraft involved, crewed or not: a block [[occurrence.aircraft]]."""

    state_of_registry: str = _text("State of registry", "2.1 (1)", _CRAFT, 281, "State of registry")
    make_model: str = _text("Make, model, series", "2.1 (1)", _CRAFT, 21, "Manufacturer/model")
    serial_number: str = _text("Serial number", "2.1 (1)", _CRAFT, 254, "Serial number", redaction="remove")
    registration: str = _text("Registration", "2.1 (1)", _CRAFT, 244, "Aircraft registration", redaction="remove")
    call_sign: str = _text("Call sign", "2.1 (1)", _CRAFT, 54, "Call sign", redaction="remove")
    operator: str = _text("Operator", "2.1 (2)", _CRAFT, 215, "Operator", redaction="remove")
    operation_type: str = _text("Type of operation", "2.1 (2)", _CRAFT, 214, "Operation type")
    aircraft_category: str = _text("Aircraft category", "2.1 (3)", _CRAFT, 32, "Aircraft category")
    propulsion_type: str = _text("Propulsion type", "2.1 (3)", _CRAFT, 232, "Propulsion type")
    mass_group: str = _text("Mass group", "2.1 (3)", _CRAFT, 319, "Mass group")
    last_departure_point: str = _text("Last departure point", "2.1 (4)", _CRAFT, 167, "Last departure point")
    planned_destination: str = _text("Planned destination", "2.1 (4)", _CRAFT, 228, "Planned destination")
    flight_phase: str = _text("Flight phase", "2.1 (4)", _CRAFT, 121, "Flight phase")
    fatal_on_board: Count = _count("Fatal injuries on board", "2.4 (2)", _CRAFT, 114, "Total number fatalities")
    serious_on_board: Count = _count(
        "Serious injuries on board", "2.4 (2)", _CRAFT, 262, "Total number serious injuries"
    )
    minor_on_board: Count = _count("Minor injuries on board", "2.4 (2)", _CRAFT, 187, "Total number minor injuries")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """What the block [occurrence] says; what it does not say is "", (), or None."""

    headline: str = _text("Headline", "1 (1)", _WHOLE, 601, "Headline")
    responsible_entity: str = _text("Responsible entity", "1 (2)", _WHOLE, 453, "Responsible entity")
    file_number: str = _text("File number", "1 (2)", _WHOLE, 452, "File number", redaction="keep")
    status: str = _text("Occurrence status", "1 (2)", _WHOLE, 455, "Occurrence status")
    utc_date: date | None = _date("Date (UTC)", "1 (3)", _WHOLE, 477, "UTC date")
    state_area: str = _text("State or area of occurrence", "1 (4)", _WHOLE, 454, "State/area of occ")
    location: str = _text("Location of occurrence", "1 (4)", _WHOLE, 440, "Location name")
    occurrence_class: str = _text("Occurrence class", "1 (5)", _WHOLE, 431, "Occurrence class")
    category: tuple[str, ...] = _texts("Occurrence category", "1 (5)", _WHOLE, 430, "Occurrence category")
    narrative_language: str = _text("Language of the narrative", "1 (6)", "Narrative", 424, "Narrative language")
    narrative: str = _text("Narrative", "1 (6)", "Narrative", 425, "Narrative text")
    event_type: tuple[str, ...] = _texts("Event type", "1 (7)", "Events", 390, "Event type")
    risk_classification: str = _text("Risk classification", "1 (8)", "Reporting history", 1065, "Risk classification")
    weather_relevant: str = _text(
        "Weather relevant", "2.1 (5)", _WHOLE, 606, "Weather relevant", one_of=("yes", "no", UNKNOWN)
    )
    atm_contribution: str = _text("ATM contribution", "2.2 (1)", _WHOLE, 428, "ATM contribution")
    service_affected: str = _text("Service affected", "2.2 (1)", _WHOLE, 436, "Effect on ATM service")
    ats_unit: str = _text("ATS unit", "2.2 (2)", "Air Navigation Service", 372, "ATS Unit name")
    airspace_type: str = _text("Airspace type", "2.2.1 (1)", "Air Space", 15, "Airspace type")
    airspace_class: str = _text("Airspace class", "2.2.1 (1)", "Air Space", 13, "Airspace class")
    fir_uir: str = _text("FIR or UIR", "2.2.1 (1)", "Air Space", 16, "FIR/UIR name")
    location_indicator: tuple[str, ...] = _texts(
        "Location indicator", "2.3 (1)", "Aerodrome General", 5, "Location indicator"
    )
    location_on_aerodrome: str = _text(
        "Location on the aerodrome", "2.3 (2)", "Aerodrome General", 641, "Location on aerodrome"
    )
    highest_damage: str = _text("Highest damage", "2.4 (1)", _WHOLE, 432, "Highest damage")
    injury_level: str = _text("Injury level", "2.4 (1)", _WHOLE, 451, "Injury level")
    fatal_on_ground: Count = _count("Fatal injuries on the ground", "2.4 (2)", _WHOLE, 460, "Total fatalities ground")
    serious_on_ground: Count = _count(
        "Serious injuries on the ground", "2.4 (2)", _WHOLE, 472, "Total serious injuries-ground"
    )
    minor_on_ground: Count = _count(
        "Minor injuries on the ground", "2.4 (2)", _WHOLE, 469, "Total minor injuries-ground"
    )
    aircraft: tuple[AircraftInvolved, ...] = ()


def fields_of(block: type[Occurrence | AircraftInvolved]) -> tuple[OccurrenceField, ...]:
    """Return the fields that a block declares, in the order of Annex I."""
    return tuple(replace(item.metadata["declared"], key=item.name) for item in fields(block) if item.metadata)


OF_OCCURRENCE, OF_AIRCRAFT = fields_of(Occurrence), fields_of(AircraftInvolved)


def texts_of(value: Value) -> tuple[str, ...]:
    """Return what a field holds, as texts: none where nothing is stated, several where it repeats."""
    if isinstance(value, tuple):
        return value
    text = "" if value is None else value.isoformat() if isinstance(value, date) else str(value)
    return (text,) if text else ()


OCCURRENCE_FIELDS = table(
    "occurrence_fields",
    "one field of Annex I to Regulation (EU) No 376/2014, stated or not; occurrence.csv",
    needed("field", TEXT, "its key in the block [occurrence], or in [[occurrence.aircraft]]"),
    needed("eccairs_attribute", I64, "number of the attribute in ECCAIRS"),
    needed("eccairs_name", TEXT, "short name of the attribute in ECCAIRS"),
    column("value", TEXT, "what is stated, in the words of the bundle; null where nothing is"),
    needed("entity", TEXT, "entity of ECCAIRS that has the attribute"),
    needed("instance", I64, "which aircraft, or which of several values, counted from 1", least=1.0),
    needed("annex", TEXT, "section and number in Annex I"),
    needed("is_missing", BOOL, "whether it is mandatory for this occurrence, and not stated"),
    needed("is_derived", BOOL, "whether hotwash took the value from another part of the bundle"),
    key=("field", "instance"),
)
