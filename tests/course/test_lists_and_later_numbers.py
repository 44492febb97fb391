"""A list of single departures over several closures, and a later number beside one that was rising: a ferry port."""

from __future__ import annotations

from laid_out import account, at, bundle, claim, event, question

ASKED = question("count", "cancellations", subject_id="EPAA")


def closed(name, start, end):
    more = {"subject_id": "EPAA", "by": "Harbour office"}
    return [
        {**event("aerodrome_closed", start, **more), "event_id": f"{name}-C"},
        {**event("aerodrome_reopened", end, **more), "event_id": f"{name}-R"},
    ]


def sailing(minute, **more):
    row = event("cancellation", minute, value=1.0, subject_id="EPAA", by="Line", source="S-RADIO", **more)
    return {**row, "event_id": f"L-{minute}", "part": f"sailing {minute}"}


SHUT = [*closed("T1", 0, 30), *closed("T2", 200, 230)]
LIST = [sailing(minute) for minute in (10, 20, 210, 220, 500)]  # the last is near no closure
TOTAL = {
    **event("cancellation", low=0, high=600, value=5.0, subject_id="EPAA", by="Port", known_utc=at(1440)),
    "event_id": "ALL",
}


def test_sailings_that_lie_on_a_closure_stay_parts_of_the_list_of_all():
    found = account(bundle([ASKED], events=[*SHUT, *LIST, TOTAL]))
    assert found.conclusions.filter(question_id="Q")["answer"].to_list() == [
        "5 flights were cancelled, according to Port (Line: at least 5)."
    ]


def test_a_total_below_its_list_is_disputed():
    found = account(bundle([ASKED], events=[*SHUT, *LIST, {**TOTAL, "value": 4.0}]))
    row = found.conclusions.filter(question_id="Q").row(0, named=True)
    assert (row["answer"], row["standing"]) == (
        "Between 4 and 5 flights were cancelled: 4 according to Port and at least 5 according to Line.",
        "disputed",
    )


def test_a_later_number_is_not_against_one_that_was_still_rising():
    rising = {**TOTAL, "value": 11.0, "is_running": True, "counted_utc": at(100), "known_utc": at(100)}
    said = claim(14, by="Minister", source="S-SPEAKER", said=300, is_running=True, counted_utc=at(300))
    found = account(bundle([ASKED], [said], events=[rising]), as_of_utc=at(400))
    row = found.conclusions.filter(question_id="Q").row(0, named=True)
    assert row["answer"].startswith("At least 11 flights were cancelled")
    assert (row["against"], found.findings["verdict"][0]) == (None, "compatible")
