"""Aerodromes: by code, and what is advised for a code that is not known."""

from __future__ import annotations

import pytest

from hotwash.errors import PlaceError
from hotwash.ingest import aerodromes

ONE_FOOT_M = 0.3048
HALF_A_KILOMETRE_DEG = 0.005


def test_an_aerodrome_is_found_with_its_place_height_and_zone():
    (chopin,) = aerodromes.find_aerodromes(["EPWA"])
    # Source: AIP Poland, AD 2 EPWA: 52 09 57 N 020 58 02 E, 362 ft.
    assert chopin["lat_deg"] == pytest.approx(52.1658, abs=HALF_A_KILOMETRE_DEG)
    assert chopin["lon_deg"] == pytest.approx(20.9672, abs=HALF_A_KILOMETRE_DEG)
    assert chopin["elevation_amsl_m"] == pytest.approx(362 * ONE_FOOT_M, abs=ONE_FOOT_M)
    assert (chopin["iata"], chopin["zone"], chopin["country"]) == ("WAW", "Europe/Warsaw", "PL")


def test_the_answer_keeps_the_order_of_the_codes_and_takes_either_kind():
    found = aerodromes.find_aerodromes(["LUZ", "eprz", "EPMO"])
    assert [row["aerodrome_id"] for row in found] == ["EPLB", "EPRZ", "EPMO"]


def test_no_codes_give_no_aerodromes():
    assert aerodromes.find_aerodromes([]) == []


def test_an_unknown_code_is_refused_with_codes_that_look_like_it():
    with pytest.raises(PlaceError, match=r"EPWX: no aerodrome.*did you mean EPW") as refused:
        aerodromes.find_aerodromes(["EPWA", "EPWX"])
    assert refused.value.thing == "EPWX"


def test_a_code_of_no_known_shape_is_refused():
    with pytest.raises(PlaceError, match="give the ICAO code, four letters"):
        aerodromes.find_aerodromes(["Warszawa-Okęcie"])
