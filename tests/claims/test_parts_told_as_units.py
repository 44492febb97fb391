"""A part in a unit of its own is no slip of the unit, and a height repeated without its datum is above the same.

A coastal radar marked 9, all eastward; the ministry that repeats it tells 12 marks, 9 of them eastward.
"""

from __future__ import annotations

import pytest
from laid_out import account, bundle, claim, question

from hotwash.model.questions import CountUnit

EAST = CountUnit(name="marks_eastward", title="Eastward", nouns=("mark eastward", "marks eastward"))
ASKED = [question("count", "marks"), question("count", "marks_eastward", question_id="Q-EAST")]
RADAR = claim(9, by="Radar", source="S-TOWER", claim_id="C-RADAR", unit="marks", said=60)
HEIGHT = [question("height", "m", about_fraction=0.1)]


def told(*claims, asked=ASKED):
    """Return the account and the verdicts, by claim."""
    found = account(bundle(asked, claims, own_units=(EAST,)))
    return found, dict(found.findings.select("claim_id", "verdict").iter_rows())


def repeated(value, unit, name, question_id="Q", **more):
    return claim(
        *(value, "exactly"),
        by="Ministry",
        source="S-PAPER",
        derived_from=["Radar"],
        unit=unit,
        claim_id=name,
        question_id=question_id,
        **more,
    )


def test_a_declared_part_of_the_unit_of_whom_it_repeats_is_its_own_statement():
    found, verdicts = told(RADAR, repeated(9, "marks_eastward", "C-EAST", "Q-EAST"))
    assert verdicts["C-EAST"] == "uncorroborated"
    assert not found.contradictions["is_unit_drift"].any()


def test_who_tells_the_unit_of_its_origin_too_takes_no_unit_for_another():
    asked = [question("count", "marks"), question("count", "drones", question_id="Q-EAST")]
    both = repeated(12, "marks", "C-MARKS"), repeated(9, "drones", "C-DRONES", "Q-EAST")
    found, verdicts = told(RADAR, *both, asked=asked)
    assert verdicts["C-DRONES"] != "contradicted"
    assert not found.contradictions["is_unit_drift"].any()


def test_who_tells_the_number_of_its_origin_in_another_unit_alone_takes_one_for_the_other():
    asked = [question("count", "marks"), question("count", "drones", question_id="Q-EAST")]
    found, verdicts = told(RADAR, repeated(9, "drones", "C-DRONES", "Q-EAST"), asked=asked)
    assert verdicts["C-DRONES"] == "contradicted"
    assert found.contradictions["is_unit_drift"].any()


@pytest.mark.parametrize(("ref", "value"), [("AMSL", 1800), ("AGL", 600)])
def test_a_height_told_again_without_its_datum_is_above_the_same(ref, value):
    pilot = claim(value, by="Pilot", source="S-RADIO", claim_id="C-PILOT", unit="ft", value_ref=ref)
    paper = claim(value, by="Paper", source="S-PAPER", claim_id="C-PAPER", unit="m", derived_from=["Pilot"])
    found, verdicts = told(pilot, paper, asked=HEIGHT)
    assert verdicts == {"C-PILOT": "uncorroborated", "C-PAPER": "contradicted"}
    reason = found.findings.filter(claim_id="C-PAPER")["reason"][0]
    assert reason == "It repeats Pilot, who tells the same number in ft (C-PILOT)."
    (row,) = found.conclusions.filter(question_id="Q").to_dicts()
    assert "Paper" not in row["answer"]
    assert row["against"].endswith("according to Paper.")


def test_a_height_told_again_rightly_without_its_datum_is_an_echo():
    pilot = claim(1800, by="Pilot", source="S-RADIO", claim_id="C-PILOT", unit="ft", value_ref="AMSL")
    paper = claim(550, by="Paper", source="S-PAPER", claim_id="C-PAPER", unit="m", derived_from=["Pilot"])
    found, _ = told(pilot, paper, asked=[question("height", "m", about_fraction=0.1)])
    answer = found.conclusions.filter(question_id="Q")["answer"][0]
    assert "above what is not told" not in answer
