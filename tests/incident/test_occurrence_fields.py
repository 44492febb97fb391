"""The mandatory fields of an occurrence report: what is stated, what follows from the bundle, what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest
from by_hand import BRIEF
from laid_out import bundle

import hotwash
from hotwash.model import schema
from hotwash.model.occurrence import OCCURRENCE_FIELDS, AircraftInvolved, Occurrence
from hotwash.report.terminal import missing_fields

COMMON_FIELDS = 13  # Annex I, section 1
NOTHING = Occurrence()


def fields(occurrence: Occurrence = NOTHING, *, aerodromes: tuple[str, ...] = ()) -> pl.DataFrame:
    laid = bundle([], [])
    return hotwash.occurrence_fields(replace(laid, brief=replace(BRIEF, occurrence=occurrence, aerodromes=aerodromes)))


def missing(found: pl.DataFrame) -> list[str]:
    return found.filter("is_missing")["field"].to_list()


def values(found: pl.DataFrame, name: str) -> list[str | None]:
    return found.filter(field=name)["value"].to_list()


def test_the_table_is_as_declared():
    assert schema.drift(fields(), OCCURRENCE_FIELDS) == []


def test_every_field_has_a_row_in_the_order_of_the_annex():
    found = fields()
    assert found["annex"].to_list() == sorted(found["annex"].to_list())
    assert found["field"].n_unique() == found.height == 43


def test_of_an_empty_block_the_common_fields_are_missing_but_the_date_that_follows_from_the_window():
    found = fields()
    assert len(missing(found)) == COMMON_FIELDS - 1
    assert found.filter("is_missing")["annex"].str.starts_with("1 ").all()


def test_the_date_is_that_on_which_the_window_begins_in_utc():
    laid = bundle([], [])
    midnight = datetime.fromisoformat("2025-09-10T01:30:00+02:00")  # still the 9th in UTC
    found = hotwash.occurrence_fields(replace(laid, brief=replace(BRIEF, start_utc=midnight, occurrence=NOTHING)))
    assert found.filter("is_derived").select("field", "value").rows() == [("utc_date", "2025-09-09")]
    assert midnight.astimezone(UTC).day == 9


def test_a_date_that_is_stated_is_not_replaced():
    found = fields(Occurrence(utc_date=date(2025, 9, 10)))
    assert values(found, "utc_date") == ["2025-09-10"]
    assert not found["is_derived"].any()


def test_the_location_indicator_is_that_of_the_only_aerodrome():
    found = fields(aerodromes=("EPBY",))
    assert values(found, "location_indicator") == ["EPBY"]
    assert found.filter(field="location_indicator")["is_derived"].item()
    assert "location_on_aerodrome" in missing(found)


def test_of_two_aerodromes_none_is_guessed():
    found = fields(aerodromes=("EPWA", "EPMO"))
    assert values(found, "location_indicator") == [None]
    assert {"location_indicator", "location_on_aerodrome"} <= set(missing(found))


def test_several_values_of_a_field_are_several_rows():
    found = fields(Occurrence(category=("SEC", "OTHR")))
    assert found.filter(field="category").select("value", "instance").rows() == [("SEC", 1), ("OTHR", 2)]


def test_the_fields_of_a_section_are_missing_only_where_one_of_them_is_stated():
    assert missing(fields(Occurrence(ats_unit="EPWW")))[-2:] == ["atm_contribution", "service_affected"]
    assert "airspace_class" not in missing(fields(Occurrence(ats_unit="EPWW")))
    assert "airspace_class" in missing(fields(Occurrence(fir_uir="Warszawa")))
    assert {"highest_damage", "minor_on_board"} <= set(missing(fields(Occurrence(fatal_on_ground=0))))


def test_the_fields_of_an_aircraft_are_there_once_for_each():
    found = fields(Occurrence(aircraft=(AircraftInvolved(registration="SP-LRA"), AircraftInvolved())))
    registrations = found.filter(field="registration").select("instance", "value", "is_missing").rows()
    assert registrations == [(1, "SP-LRA", False), (2, None, True)]
    assert found.filter(field="call_sign")["is_missing"].to_list() == [True, True]
    assert found.filter(field="weather_relevant")["is_missing"].to_list() == [True]


def test_unknown_is_a_statement():
    assert "status" not in missing(fields(Occurrence(status="unknown")))


FILLED = Occurrence(
    headline="Lights",
    responsible_entity="Poland",
    file_number="7/25",
    status="open",
    state_area="Poland",
    location="Balice",
    occurrence_class="incident",
    category=("SEC", "OTHR"),
    narrative_language="English",
    narrative="Lights were seen.",
    event_type=("unknown",),
    risk_classification="unknown",
)


@pytest.mark.parametrize(
    ("occurrence", "says"),
    [
        (FILLED, "Occurrence report: all mandatory fields are filled (occurrence.csv)."),
        (
            replace(FILLED, status=""),
            "Occurrence report: 1 of 13 mandatory fields is empty; occurrence.csv lists them.",
        ),
        (NOTHING, "Occurrence report: 12 of 13 mandatory fields are empty; occurrence.csv lists them."),
        (
            # 13 common, 14 of section 2.1, and 13 that belong to the second aircraft
            replace(FILLED, aircraft=(AircraftInvolved(operator="A"), AircraftInvolved(operator="B"))),
            "Occurrence report: 25 of 40 mandatory fields are empty; occurrence.csv lists them.",
        ),
    ],
)
def test_the_terminal_counts_the_fields_that_are_empty(occurrence: Occurrence, says: str):
    assert missing_fields(fields(occurrence)) == says
