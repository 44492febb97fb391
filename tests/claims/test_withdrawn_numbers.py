"""Who repeats a number that its speaker took back: a radar that first told aircraft, then reports."""

from __future__ import annotations

import pytest
from laid_out import account, bundle, claim, question

FIRST = claim(5, by="Radar", source="S-TOWER", claim_id="C1", unit="aircraft", said=60)
ASKED = question("count", "aircraft")


def judged(last, origin):
    copy = claim(5, by="Paper", source="S-PAPER", claim_id="C3", unit="aircraft", derived_from=[origin], said=400)
    found = account(bundle([ASKED], [FIRST, last, copy]))
    return found.findings.filter(claim_id="C3").select("verdict", "reason").row(0)


@pytest.mark.parametrize("origin", ["C1", "Radar", "S-TOWER"])
def test_a_number_taken_back_for_one_of_another_unit_supports_nobody_who_repeats_it(origin):
    last = claim(2, by="Radar", source="S-TOWER", claim_id="C2", unit="reports", supersedes=["C1"])
    assert judged(last, origin) == ("contradicted", "It repeats C1, which Radar withdrew (C2).")


def test_one_taken_back_for_another_number_is_contradicted_by_that_number():
    last = claim(2, by="Radar", source="S-TOWER", claim_id="C2", unit="aircraft", supersedes=["C1"])
    assert judged(last, "C1")[0] == "contradicted"


def test_what_nobody_took_back_is_repeated_without_a_word():
    beside = claim(2, by="Tower", source="S-RADIO", claim_id="C2", unit="reports")
    assert "withdrew" not in judged(beside, "C1")[1]
