"""How an authority files the occurrence, on the page: what is stated, in the order of Annex I, and nothing else."""

from __future__ import annotations

from datetime import date

from hotwash.model.occurrence import AircraftInvolved, Occurrence
from hotwash.report.filing import filing_facts


def said(occurrence: Occurrence) -> list[tuple[str, str]]:
    return [(fact.name, fact.text) for fact in filing_facts(occurrence)]


def test_what_is_not_stated_has_no_fact_and_the_headline_leads_the_page():
    assert said(Occurrence()) == []
    assert said(Occurrence(headline="Lights")) == []


def test_what_is_stated_comes_in_the_order_of_the_annex():
    filed = Occurrence(
        fatal_on_ground=0, category=("SEC", "OTHR"), utc_date=date(2025, 9, 9), state_area="Poland", file_number="7/25"
    )
    assert said(filed) == [
        ("File number", "7/25"),
        ("Date (UTC)", "9 Sep 2025"),
        ("State or area of occurrence", "Poland"),
        ("Occurrence category", "SEC; OTHR"),
        ("Fatal injuries on the ground", "0"),
    ]


def test_each_aircraft_is_one_fact():
    seen = AircraftInvolved(registration="SP-LRA", flight_phase="En route", minor_on_board=2)
    assert said(Occurrence(aircraft=(seen, AircraftInvolved()))) == [
        ("Aircraft 1", "registration SP-LRA; flight phase En route; minor injuries on board 2"),
        ("Aircraft 2", "nothing stated"),
    ]
