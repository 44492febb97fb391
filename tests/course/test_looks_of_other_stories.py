"""Which occasion a find or a sighting belongs to that names none: invented closures at Ostend and at Liège."""

from __future__ import annotations

import pytest
from laid_out import account, at, bundle, find, question

OST, LGG = "EBOS", "EBLG"


def occasion(name, subject, low, high, *, is_related=False):
    times = {"utc_low": at(low), "utc_high": at(high)}
    return {"occasion_id": name, "kind": "closure", "subject_id": subject, "is_related": is_related, **times}


OWN, OTHER = occasion("O1", OST, 0, 180), occasion("OX", LGG, 300, 480, is_related=True)
ASKED = question("presence", occasion_id="O1", text="Was there a drone?")


def made(place, minute, occasions=(OWN, OTHER)):
    times = {"found_utc_low": at(minute), "found_utc_high": at(minute), "known_utc": at(10000)}
    row = find("F1", 0.95, place=place, **times)
    found = account(bundle([ASKED], finds=[row], occasions=occasions))
    remarks = [row for row in found.bundle_remarks.to_dicts() if row["row_id"] == "F1"]
    answer = found.conclusions.filter(question_id="Q").row(0, named=True)
    return answer["answer"].startswith("There was a drone"), [row["kind"] for row in remarks], remarks


@pytest.mark.parametrize(
    ("place", "minute", "counts", "kinds"),
    [
        ("1 km south of EBLG", 360, False, ["occasion_taken"]),
        ("a ditch", 360, True, ["ambiguous_occasion"]),
        ("EBOS, threshold 08", 360, True, []),
        ("1 km south of EBLG", 9000, True, []),  # its probability says that it is of this one; no time says otherwise
        ("a ditch", 9000, True, []),
        ("a ditch", 60, True, []),
    ],
)
def test_only_place_and_time_together_take_a_find_out_of_the_one_occasion(place, minute, counts, kinds):
    assert made(place, minute)[:2] == (counts, kinds)


def test_the_remark_names_the_other_story():
    assert made("1 km south of EBLG", 360)[2][0]["text"] == (
        "F1 is of OX by time and place, which is another story: it enters no answer."
    )


@pytest.mark.parametrize(
    ("place", "minute", "counts", "kinds"),
    [
        ("hall at EBLG", 30, False, ["no_occasion"]),  # in the time of O1 alone, and not at its place
        ("hall at EBOS", 150, True, []),  # in the time of both
        ("a ditch", 150, False, ["no_occasion"]),
        ("a ditch", 30, True, []),
    ],
)
def test_a_place_chooses_among_occasions_of_one_time(place, minute, counts, kinds):
    two = (OWN, occasion("O2", LGG, 120, 240))
    assert made(place, minute, two)[:2] == (counts, kinds)
