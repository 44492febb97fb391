"""A number repeated in another unit supports nothing, in whatever words; a sum has its number from its parts."""

from __future__ import annotations

import pytest
from laid_out import account, bundle, claim, event, question

GRADES = {"S-TOWER": "A", "S-HUT": "B", "S-PAPER": "C"}


def verdict(*said, events=(), name="C-P"):
    questions = [question("count", "drones"), question("count", "reports", question_id="Q2")]
    found = account(bundle(questions, said, grades=GRADES, events=events)).findings
    return found.filter(claim_id=name).row(0, named=True)


def hut(number, **more):
    return claim(number, by="Hut", source="S-HUT", claim_id="C-H", question_id="Q2", **more)


def paper(number, relation="exactly", **more):
    return claim(number, relation, by="Paper", source="S-PAPER", claim_id="C-P", derived_from=["Hut"], **more)


@pytest.mark.parametrize(
    ("number", "relation"), [(212, "exactly"), (212, "about"), (200, "more_than"), (200, "at_least"), (212, "at_least")]
)
def test_a_number_told_in_another_unit_is_contradicted_whether_exact_or_rounded_down(number: int, relation: str):
    found = verdict(hut(212), paper(number, relation))
    assert found["verdict"] == "contradicted"
    assert "212 reports (C-H)" in found["reason"]


@pytest.mark.parametrize(("number", "relation"), [(150, "more_than"), (220, "at_least"), (300, "at_most")])
def test_another_bound_is_not_taken_for_it(number: int, relation: str):
    assert verdict(hut(212), paper(number, relation))["verdict"] != "contradicted"


def test_a_sum_has_its_number_from_its_parts_and_not_from_whatever_else_its_origin_counted():
    marks = [
        event("marks_counted", low=0, high=30, value=15.0, event_id="E-1", by="Hut", source="S-HUT"),
        event("marks_counted", low=40, high=90, value=12.0, event_id="E-2", by="Hut", source="S-HUT"),
    ]
    found = verdict(hut(27), paper(27, parts=["E-1", "E-2"]), events=marks)
    assert "reports" not in found["reason"]
