"""A watch in which nothing was closed says so of itself alone: a field in the hills and a pad on the coast."""

from __future__ import annotations

import pytest
from laid_out import account, bundle, claim, event, question

HILL, PAD = "SGAS", "SGAS-PAD"
NIGHTS = [
    {"occasion_id": name, "kind": "closure", "subject_id": HILL, "text": name, "is_related": False}
    for name in ("O-1", "O-2", "O-3")
]
CLOSINGS = [
    event("aerodrome_closed", 10, subject_id=HILL, occasion_id="O-1"),
    event("aerodrome_reopened", 70, subject_id=HILL, occasion_id="O-1"),
    event("aerodrome_closed", 200, subject_id=HILL, occasion_id="O-2"),
    event("aerodrome_reopened", 260, subject_id=HILL, occasion_id="O-2"),
]
WATCH = {"low": 400, "high": 500, "value": 0.0, "unit": "closures", "by": "Flow", "source": "S-RADIO"}


def answers(*said, watch, events=CLOSINGS, **asked):
    rows = [*events, event("closures_counted", **WATCH, **watch)]
    found = account(bundle([question("count", "closures", **asked)], said, events=rows, occasions=NIGHTS))
    verdicts = dict(found.findings.select("claim_id", "verdict").rows())
    return found.conclusions.filter(question_id="Q").row(0, named=True), verdicts


@pytest.mark.parametrize(
    "watch", [{"subject_id": HILL}, {"subject_id": HILL, "occasion_id": "O-3"}, {"subject_id": PAD}]
)
def test_it_leaves_the_number_of_closings_that_events_tell(watch):
    row, verdicts = answers(claim(2, by="Agency", source="S-POLICE"), watch=watch)
    assert row["answer"].startswith("There were 2 closures")
    assert verdicts == {"C": "supported"}
    _, verdicts = answers(claim(0, by="Agency", source="S-POLICE"), watch=watch)
    assert verdicts == {"C": "contradicted"}


def test_of_its_own_night_it_tells_that_there_was_none():
    watch = {"subject_id": HILL, "occasion_id": "O-3"}
    row, verdicts = answers(claim(1, by="Agency", source="S-POLICE"), watch=watch, occasion_id="O-3")
    assert row["answer"].startswith("No closing of SGAS was counted")
    assert row["answer"].endswith("according to Flow.")
    assert row["against"] == "1 according to Agency."
    assert verdicts == {"C": "contradicted"}


def test_a_number_in_another_unit_is_not_told_against_a_count_of_closings():
    stops = claim(4, by="Union", source="S-PAPER", unit="occasions")
    row, _ = answers(stops, watch={"subject_id": PAD})
    assert row["against"] is None
