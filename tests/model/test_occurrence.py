"""The fields of an occurrence report are those of the Regulation, with the attributes that ECCAIRS has for them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hotwash.model.occurrence import OF_AIRCRAFT, OF_OCCURRENCE, AircraftInvolved, Occurrence, OccurrenceField, texts_of

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "reference" / "bundle.md"

# Annex I of Regulation (EU) No 376/2014, section by section and in its own words, and beside each field the attributes
# of ECCAIRS Aviation 5.1.0.0 that carry it; those of persons injured are three, fatal, serious, minor.
ANNEX_I = {
    "1": {
        "Headline": (601,),
        "Responsible Entity": (453,),
        "File Number": (452,),
        "Occurrence Status": (455,),
        "UTC Date": (477,),
        "State/Area of Occurrence": (454,),
        "Location of Occurrence": (440,),
        "Occurrence Class": (431,),
        "Occurrence Category": (430,),
        "Narrative Language": (424,),
        "Narrative": (425,),
        "Event Type": (390,),
        "Risk classification": (1065,),
    },
    "2.1": {
        "State of Registry": (281,),
        "Make/Model/Series": (21,),
        "Aircraft serial number": (254,),
        "Aircraft Registration": (244,),
        "Call sign": (54,),
        "Operator": (215,),
        "Type of operation": (214,),
        "Aircraft Category": (32,),
        "Propulsion Type": (232,),
        "Mass Group": (319,),
        "Last Departure Point": (167,),
        "Planned Destination": (228,),
        "Flight Phase": (121,),
        "Weather relevant": (606,),
    },
    "2.2": {"ATM contribution": (428,), "Service affected (effect on ATM service)": (436,), "ATS unit name": (372,)},
    "2.2.1": {"Airspace type": (15,), "Airspace class": (13,), "FIR/UIR name": (16,)},
    "2.3": {"Location Indicator (ICAO indicator of the airport)": (5,), "Location on the aerodrome": (641,)},
    "2.4": {
        "Highest damage": (432,),
        "Injury level": (451,),
        "Number of injuries on ground (fatal, serious, minor)": (460, 472, 469),
        "Number of injuries on aircraft (fatal, serious, minor)": (114, 262, 187),
    },
}
FIELDS = (*OF_OCCURRENCE, *OF_AIRCRAFT)
each_field = pytest.mark.parametrize("one", FIELDS, ids=[one.key for one in FIELDS])


@pytest.mark.parametrize("section", ANNEX_I)
def test_every_field_of_the_annex_is_declared_once_and_no_other(section: str):
    listed = sorted(number for numbers in ANNEX_I[section].values() for number in numbers)
    assert sorted(one.attribute for one in FIELDS if one.section == section) == listed


def test_there_is_no_section_but_those_of_the_annex():
    assert {one.section for one in FIELDS} == set(ANNEX_I)


def test_what_belongs_to_one_aircraft_is_declared_for_each():
    numbers = {number for field, numbers in ANNEX_I["2.1"].items() if field != "Weather relevant" for number in numbers}
    assert {one.attribute for one in OF_AIRCRAFT} == numbers | {114, 262, 187}


def test_no_key_stands_for_two_fields():
    assert len({one.key for one in FIELDS}) == len(FIELDS)


@each_field
def test_the_record_of_a_field_is_complete(one: OccurrenceField):
    assert all((one.key, one.title, one.annex, one.entity, one.eccairs))
    assert one.kind in ("text", "texts", "date", "count")
    assert one.redaction in ("wash", "remove", "keep")


@each_field
def test_every_field_has_its_row_in_the_manual(one: OccurrenceField):
    row = f"| `{one.key}` | {one.title} | {one.annex} | {one.attribute} {one.eccairs} |"
    assert row in MANUAL.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ("", ()),
        ((), ()),
        (None, ()),
        ("Poland", ("Poland",)),
        (("SEC", "OTHR"), ("SEC", "OTHR")),
        (0, ("0",)),  # nobody was hurt: that is stated
        (date(2025, 9, 9), ("2025-09-09",)),
    ],
)
def test_a_value_is_as_many_texts_as_it_states(value: object, texts: tuple[str, ...]):
    assert texts_of(value) == texts


def test_nothing_is_stated_until_somebody_states_it():
    for block, declared in ((Occurrence(), OF_OCCURRENCE), (AircraftInvolved(), OF_AIRCRAFT)):
        assert not any(texts_of(getattr(block, one.key)) for one in declared)
