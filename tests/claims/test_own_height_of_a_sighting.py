"""What a sighting states of its own height and distance: the word of its observer. A lighthouse keeper and a beam."""

from __future__ import annotations

import pytest
from laid_out import account, at, bundle, claim, question

BEAM = {"sighting_id": "BEAM", "role": "lighthouse keeper", "saw_nothing": False, "known_utc": at(30),
        "said_by": "Keeper", "source_id": "S-RADIO", "height_agl_m": 150.0, "distance_m": 2400.0}  # fmt: skip
KEEPER = {"by": "Keeper", "source": "S-RADIO"}


def weighed(kind, value, *, looked=BEAM, **more):
    asked = question(kind, "m", subject_id="BEAM")
    return account(bundle([asked], [claim(value, unit="m", **more)], sightings=[looked])).findings.row(0, named=True)


@pytest.mark.parametrize(
    ("kind", "value", "more", "verdict"),
    [
        ("height", 140, {"value_ref": "AGL"}, "compatible"),
        ("height", 600, {"value_ref": "AGL"}, "not_testable"),
        ("distance", 2500, {}, "compatible"),
        ("distance", 9000, {}, "not_testable"),
        ("distance", 9000, {"derived_from": ["Keeper"]}, "contradicted"),
        ("distance", 9000, {"derived_from": ["BEAM"]}, "contradicted"),
        ("distance", 9000, KEEPER, "uncorroborated"),  # the observer is no witness of themselves
        ("height", 600, {}, "uncorroborated"),  # above what, nobody says
        ("height", 600, {"value_ref": "AMSL"}, "uncorroborated"),
        ("speed", 60, {}, "uncorroborated"),
    ],
)
def test_a_claim_on_a_sighting_is_weighed_by_what_its_observer_states(kind, value, more, verdict):
    unit = {"unit": "km/h"} if kind == "speed" else {}
    asked = question(kind, unit.get("unit", "m"), subject_id="BEAM")
    said = claim(value, **{"unit": "m", **unit, **more})
    assert account(bundle([asked], [said], sightings=[BEAM])).findings["verdict"].to_list() == [verdict]


def test_the_one_line_is_that_of_the_observer():
    row = weighed("distance", 2500)
    assert (row["reason"], row["rows"], row["independent_lines"]) == (
        "Keeper states about 2\u202f400 m (BEAM), which admits this value and others.",
        ["sightings:BEAM"],
        ["Keeper (S-RADIO)"],
    )


def test_a_poor_source_of_a_sighting_excludes_nothing():
    assert weighed("distance", 9000, looked={**BEAM, "source_id": "S-PAPER"})["verdict"] == "uncorroborated"
