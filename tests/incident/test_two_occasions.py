"""Intervals over two occasions: from the end of one closure to the start of another, invented, at Vilnius."""

from __future__ import annotations

import pytest
from bundles import HEAD, read
from laid_out import account, bundle, claim, event, question

from hotwash.errors import BundleError
from hotwash.model.incident import Interval

OCCASIONS = [
    {"occasion_id": name, "kind": "closure", "subject_id": "EYVI", "text": text}
    for name, text in (("N1", "First closure"), ("N2", "Second closure"), ("N3", "Third closure"))
]


def change(kind, start, occasion, **more):
    row = event(f"aerodrome_{kind}", start, subject_id="EYVI", occasion_id=occasion, **more)
    return row | {"event_id": f"E-{kind}-{start}"}


NIGHT = [
    change("closed", 0, "N1"),
    change("reopened", 30, "N1"),
    change("closed", 90, "N2"),
    change("reopened", 100, "N2"),
    change("closed", 205, "N3"),
    change("reopened", 240, "N3"),
]


def gap(start="N1", end="N3", *, first="aerodrome_reopened", last="aerodrome_closed"):
    return Interval("pause", first, last, from_occasion_id=start, to_occasion_id=end)


ASKED = question("duration", "min", subject_id="pause", about_amount=5.0)


def made(interval, *said, events=NIGHT, asked=ASKED):
    return account(bundle([asked], said, events=events, occasions=OCCASIONS, intervals=[interval]))


def length(interval, **laid):
    return made(interval, **laid).durations.row(0, named=True)


def test_each_end_takes_the_tellings_of_its_own_occasion():
    row = length(gap())
    assert (row["minutes"], row["from_occasion_id"], row["to_occasion_id"]) == (175.0, "N1", "N3")  # 205 − 30
    assert row["rows"] == ["events:E-reopened-30", "events:E-closed-205"]


def test_an_end_that_names_no_occasion_is_the_event_nearest_to_the_other():
    assert length(gap("N1", ""))["minutes"] == 60.0  # to the closing that follows: 90 − 30
    assert length(gap("", "N3"))["minutes"] == 105.0  # from the reopening before it: 205 − 100


def test_the_same_kind_at_both_ends_is_two_events():
    assert length(gap(first="aerodrome_closed"))["minutes"] == 205.0
    assert length(gap("N1", "", first="aerodrome_closed"))["minutes"] == 90.0


def test_an_occasion_is_left_by_its_last_reopening_and_the_choice_is_named():
    row = length(gap(), events=[*NIGHT, change("closed", 40, "N1"), change("reopened", 55, "N1")])
    assert row["minutes"] == 150.0
    assert row["why"] == "The last of 2 events aerodrome reopened is taken."


def test_the_answer_names_both_occasions():
    row = made(gap()).conclusions.filter(question_id="Q").row(0, named=True)
    assert row["answer"] == "Pause: 2 h 55 min, from “First closure” to “Third closure”."


def test_an_end_that_nobody_tells_is_named_with_its_occasion():
    row = length(gap(), events=[one for one in NIGHT if one["event_id"] != "E-closed-205"])
    assert row["why"] == 'Not testable: no event of the kind aerodrome closed of occasion "N3" is reported.'


@pytest.mark.parametrize(("minutes", "verdict"), [(175, "supported"), (90, "contradicted")])
def test_a_claim_on_it_is_weighed(minutes, verdict):
    said = claim(minutes, by="Radio", source="S-PAPER", occasion_id="N1")
    assert made(gap(), said).findings["verdict"].to_list() == [verdict]


def test_a_length_that_does_not_fit_the_two_times_told_is_found():
    times = [
        question("time", "utc", question_id=name, subject_id=kind, occasion_id=occasion)
        for name, kind, occasion in (("Q1", "aerodrome_reopened", "N1"), ("Q3", "aerodrome_closed", "N3"))
    ]
    said = [
        claim("2026-03-12T20:30:00Z", claim_id="C1", question_id="Q1"),
        claim("2026-03-12T23:25:00Z", claim_id="C3", question_id="Q3"),
        claim(60, claim_id="C"),
    ]
    laid = bundle([ASKED, *times], said, occasions=OCCASIONS, intervals=[gap()])
    (row,) = account(laid).contradictions.to_dicts()
    assert (row["claim_id"], row["gap"]) == ("C", 113.5)  # 175 − 60, less half a minute for each of the three


def test_an_occasion_that_is_not_declared_is_refused_with_the_nearest():
    span = '\n[[intervals]]\nname = "pause"\nfrom = "a"\nto = "b"\nfrom_occasion_id = "N2"\nto_occasion_id = "N8"\n'
    with pytest.raises(BundleError, match=r"interval pause: from_occasion_id is 'N2', which is not in occasions\.csv"):
        read(head=HEAD + span)
    with pytest.raises(BundleError, match=r"to_occasion_id is 'N8', which is not in occasions\.csv"):
        read(head=HEAD + span, occasions=[{"occasion_id": "N2", "kind": "closure"}])
