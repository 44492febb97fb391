"""Ends of a runway's closing that the same bundle refutes: a northern field with one runway, later with two."""

from __future__ import annotations

import pytest
from laid_out import account, bundle, event, question

STATUS = question("status", subject_id="EFXX")


def shut(part="03/21", first=0, last=60):
    return [
        event(kind, minute, by="Centre", source="S-C", subject_id="EFXX", part=part, event_id=f"{kind}-{part}")
        for kind, minute in (("runway_closed", first), ("runway_reopened", last))
    ]


def other(kind, minute, part="FIN12"):
    return event(kind, minute, by="Field", source="S-F", subject_id="EFXX", part=part, event_id=f"{kind}-{minute}")


def found(*rows):
    return account(bundle([STATUS], (), events=rows, grades={"S-C": "B", "S-F": "B"}))


def refuted(*rows):
    return [row for row in found(*rows).bundle_remarks.to_dicts() if row["kind"] == "end_refuted"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (other("departure", 50), "but the departure came at"),
        (other("landing", 50, part="runway 21"), "but the landing came at"),
        (other("notam_cancelled", 52, part="03/21"), "but the NOTAM was cancelled 8 min before that"),
    ],
)
def test_what_moved_there_or_a_notice_that_ended_before_is_remarked_on_the_end(row, words):
    (one,) = refuted(*shut(), row)
    assert (one["row_id"], words in one["text"]) == ("runway_reopened-03/21", True)


@pytest.mark.parametrize(
    "row",
    [
        other("departure", 60),
        other("departure", 75),
        other("notam_cancelled", 57, part="03/21"),
        other("landing", 50, part="15/33"),
    ],
)
def test_what_fits_the_end_is_not_remarked(row):
    assert refuted(*shut(), row) == []


def test_beside_a_second_runway_only_what_names_the_closed_one_counts():
    two = [*shut(), *shut("15/33", 5, 40)]
    assert refuted(*two, other("departure", 50)) == []
    assert len(refuted(*two, other("departure", 50, part="21"))) == 1


def test_a_notice_that_another_one_prolonged_refutes_nothing():
    rows = [other("notam_cancelled", 30, part="03/21"), other("notam_in_force", 30, part="03/21")]
    assert refuted(*shut(), *rows) == []


def test_what_moved_is_an_exception_of_the_closed_runway():
    (row,) = found(*shut(), other("departure", 50)).closures.filter(state="runway_closed").to_dicts()
    assert row["exceptions"] == ["events:departure-50"]


def test_a_notice_that_disagrees_is_told_where_the_answer_is_open():
    rows = [*shut(), other("notam_cancelled", 48, part="03/21")]
    assert "(the notice says 2" in found(*rows).conclusions["discriminator"][0]
