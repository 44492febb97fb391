"""A place of which only that it was not closed is told, and an interval over two occasions: a river port with a pad."""

from __future__ import annotations

import pytest
from laid_out import account, bundle, claim, event, question

from hotwash.model.incident import Interval

PAD = question("status", subject_id="SGAS-PAD")
COUNTED = event("closures_counted", low=55, high=86, value=0.0, unit="closures", subject_id="SGAS-PAD")


def answered(asked, *said, **laid):
    (row,) = account(bundle([asked], said, **laid)).conclusions.filter(question_id="Q").to_dicts()
    return row


def test_a_pad_of_which_no_closing_was_counted_is_answered_by_that_count():
    row = answered(PAD, claim("closed", by="Paper", source="S-PAPER", said=60), events=[COUNTED])
    assert row["answer"] == "No closing of SGAS-PAD was counted 20:55 to 21:26, according to Tower."
    assert (row["standing"], row["lines"]) == ("likely", 1)
    assert row["against"].startswith("Closed")


@pytest.mark.parametrize(
    "other", [{"subject_id": "SGAS"}, {"source_id": ["S-PAPER"]}, {"value": 1.0}], ids=["another", "poor", "one"]
)
def test_a_count_of_another_place_or_of_a_poor_source_answers_nothing(other):
    assert answered(PAD, events=[COUNTED | other])["answer"].startswith("Nothing tells the state of SGAS-PAD")


def test_an_interval_whose_ends_are_told_on_two_occasions_does_not_say_that_an_end_is_not_reported():
    both = Interval("both closed", "aerodrome_closed", "aerodrome_reopened", "SGES", "SGAS", occasion_id="first")
    ends = [
        event("aerodrome_closed", 0, subject_id="SGES", occasion_id="second"),
        event("aerodrome_reopened", 71, subject_id="SGAS", occasion_id="first"),
    ]
    asked = question("duration", "min", subject_id="both closed")
    text = answered(asked, events=ends, intervals=[both])["answer"]
    assert "is reported on another occasion" in text
    assert "no event" not in text
