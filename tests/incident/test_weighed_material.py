"""Who weighs what others told is no witness beside them, and may find otherwise without misquoting them."""

from __future__ import annotations

import pytest
from laid_out import account, bundle, claim, event, question

GRADES = {"S-TOWER": "A", "S-POLICE": "B", "S-BOARD": "A", "S-PAPER": "C"}


def board(value, **more):
    return claim(value, by="Review board", source="S-BOARD", claim_id="C-B", said=900, **more)


def boatman(value, **more):
    return claim(value, by="Boatman", source="S-PAPER", claim_id="C-M", **more)


def laid(asked, *said, **more):
    found = account(bundle([asked], said, grades=GRADES, **more))
    verdicts = dict(found.findings.select("claim_id", "verdict").rows())
    return found.conclusions.filter(question_id="Q").row(0, named=True), verdicts


def test_a_board_that_finds_otherwise_than_its_witness_is_not_held_to_misquote_him():
    asked = question("presence")
    _, verdicts = laid(asked, boatman("present"), board("absent", weighs=["Boatman"]))
    assert verdicts["C-B"] == "not_testable"  # nobody looked, and nothing was found
    _, verdicts = laid(asked, boatman("present"), board("absent", derived_from=["Boatman"]))
    assert verdicts["C-B"] == "contradicted"


def test_nor_where_it_counts_otherwise():
    asked = question("count", "reports")
    _, verdicts = laid(asked, boatman(7), board(5, weighs=["C-M"]))
    assert verdicts["C-B"] == "uncorroborated"
    _, verdicts = laid(asked, boatman(7), board(5, derived_from=["C-M"]))
    assert verdicts["C-B"] == "contradicted"


@pytest.mark.parametrize("how", ["weighs", "derived_from"])
def test_it_is_no_second_line_for_what_it_weighed(how: str):
    asked = question("count", "reports")
    police = claim(7, by="Police", source="S-POLICE", claim_id="C-P")
    row, verdicts = laid(asked, police, board(7, **{how: ["Police"]}))
    assert row["lines"] == 1
    assert verdicts == {"C-P": "uncorroborated", "C-B": "uncorroborated"}


def test_material_that_nobody_names_makes_it_nobodys_independent_line():
    asked = question("count", "reports")
    _, verdicts = laid(asked, claim(7, by="Police", source="S-POLICE", claim_id="C-P"), board(7, weighs=["unknown"]))
    assert verdicts["C-P"] == "uncorroborated"


def test_an_answer_says_who_follows_after_weighing_and_who_repeats():
    asked = question("count", "reports")
    police = claim(7, by="Police", source="S-POLICE", claim_id="C-P")
    row, _ = laid(asked, police, board(7, weighs=["Police"]), boatman(7, derived_from=["Police"]))
    assert row["answer"].endswith(
        "according to Police, whom Boatman repeats and Review board, having weighed it, follows."
    )


def test_who_repeats_one_share_of_a_declared_sum_does_not_misquote_it_by_the_sum():
    asked = question("count", "diversions")
    shares = [
        event("diversion", low=0, high=90, value=float(number), event_id=name, by=who, subject_id=name)
        for name, number, who in (("EFJO", 4, "Lake ferry office"), ("EFKU", 3, "Hill office"))
    ]
    whole = event("diversion", low=0, high=90, value=7.0, event_id="E-ALL", by="Review board", parts=["EFJO", "EFKU"])
    _, verdicts = laid(asked, board(7, derived_from=["Lake ferry office"]), events=[*shares, whole])
    assert verdicts["C-B"] != "contradicted"
