"""Lengths that are bounded on one side only, of an occasion of which nothing is told, and of several together."""

from __future__ import annotations

import pytest
from laid_out import account, at, bundle, claim, event, question

from hotwash.course.remarks import find_remarks
from hotwash.model.incident import Interval

IN_ALL = question("duration", "min", subject_id="EFTU closed in all")
STATUS = question("status", subject_id="EFTU") | {"question_id": "QS"}
CALLED_IN = Interval("crew", "crew_called", "crew_ready")
NIGHTS = [
    {"occasion_id": name, "kind": "closure", "subject_id": "EFTU", "known_utc": at(0)}
    | {"utc_low": at(first), "utc_high": at(last)}
    for name, first, last in (("Monday", 0, 100), ("Tuesday", 1440, 1600))
]


def told(kind, when=None, *, by="Tower", source="S-TOWER", **more):
    name = f"{kind}-{by}-{when}-{more.get('occasion_id')}"
    return event(kind, when, by=by, source=source, subject_id="EFTU", event_id=name, **more)


def answers(questions, events=(), claims=(), **laid):
    laid = account(bundle(questions, claims, events=events, **laid))
    return {row["question_id"]: row for row in laid.conclusions.to_dicts()}, laid


def bounded(*, shut="aerodrome_closed", opened="aerodrome_reopened", **more):
    """Return a closing before 20:12 and a reopening before 21:03, as an operator writes them down afterwards."""
    return [told(shut, high=12, **more), told(opened, high=63, **more)]


# ---------------------------------------------------------------- bounds


@pytest.mark.parametrize(
    ("asked", "kinds", "begins"),
    [
        ("EFTU closed in all", {}, "EFTU was closed"),
        ("EFTU closed from first to last", {}, "EFTU was closed"),
        (
            "EFTU airspace closed in all",
            {"shut": "airspace_closed", "opened": "airspace_reopened"},
            "The airspace over EFTU was closed",
        ),
        (
            "EFTU runway 08/26 closed in all",
            {"shut": "runway_closed", "opened": "runway_reopened", "part": "08/26"},
            "Runway 08/26 of EFTU was closed",
        ),
    ],
)
def test_an_end_known_only_by_its_latest_time_is_an_end(asked, kinds, begins):
    found, _ = answers([question("duration", "min", subject_id=asked)], bounded(**kinds))
    times = "from 20:12 or earlier to 21:03 or earlier"
    assert found["Q"]["answer"] == f"{begins} {times}, then open; how long is not told."


def test_the_lost_time_is_not_told_either():
    found, _ = answers([question("duration", "min", subject_id="EFTU operating time lost")], bounded())
    assert found["Q"]["answer"].endswith("to 21:03 or earlier, then open; the operating time lost is not told.")


def test_why_a_length_is_open_names_the_side_that_is():
    _, laid = answers([IN_ALL], bounded())
    assert laid.durations["why"].to_list() == ["Of a closing only the latest time is known."]
    _, laid = answers([IN_ALL], [told("aerodrome_closed", 5), told("aerodrome_reopened", low=50)])
    assert laid.durations.select("low", "high", "why").row(0) == (
        45.0,
        None,
        "Of an end only the earliest time is known.",
    )


def test_a_closure_without_an_end_still_runs():
    found, laid = answers([IN_ALL], [told("aerodrome_closed", high=12)])
    assert found["Q"]["answer"].startswith("EFTU has been closed since no later than 20:12")
    assert laid.durations["why"].to_list() == ["Nobody tells when it ended."]


def test_a_claim_on_a_length_that_nothing_bounds_is_not_testable():
    _, laid = answers([IN_ALL], bounded(), [claim(51)])
    assert laid.findings.select("verdict", "reason").row(0) == (
        "not_testable",
        "Not testable: of a closing only the latest time is known.",
    )


# ---------------------------------------------------------------- lines

EXACT = [told("aerodrome_closed", 10), told("aerodrome_reopened", 58)]


@pytest.mark.parametrize(
    ("others", "lines"),
    [
        (bounded(by="Operator", source="S-RADIO"), 1),
        ([told("aerodrome_closed", low=1, high=31, by="Operator", source="S-RADIO")], 1),
        (
            [
                told("aerodrome_closed", 10, by="Operator", source="S-RADIO"),
                told("aerodrome_reopened", 58, by="Operator", source="S-RADIO"),
            ],
            2,
        ),
    ],
)
def test_a_bound_is_no_line_for_an_exact_length_nor_for_the_states(others, lines):
    found, _ = answers([IN_ALL, STATUS], [*EXACT, *others])
    assert [found[name]["lines"] for name in ("Q", "QS")] == [lines, lines]
    assert found["Q"]["standing"] == ("settled" if lines > 1 else "likely")


def test_nor_for_the_length_of_an_interval():
    span = Interval("crew", "crew_called", "crew_ready")
    rows = [told("crew_called", 10), told("crew_ready", 58)]
    more = [told("crew_called", high=12, by="Operator", source="S-RADIO")]
    more += [told("crew_ready", high=63, by="Operator", source="S-RADIO")]
    found, laid = answers(
        [question("duration", "min", subject_id="crew")], [*rows, *more], [claim(48)], intervals=[span]
    )
    assert laid.findings["independent_lines"].to_list() == [["Tower (S-TOWER)"]]
    assert found["Q"]["answer"] == "Crew: 48 min."


def test_a_speaker_is_not_supported_by_a_bound_of_somebody_else():
    mine = [claim(48, by="Tower", source="S-TOWER")]
    _, laid = answers([IN_ALL], [*EXACT, *bounded(by="Operator", source="S-RADIO")], mine)
    assert laid.findings["verdict"].to_list() == ["uncorroborated"]


# ---------------------------------------------------------------- occasions


def called(occasion, first, last):
    return [told("crew_called", first, occasion_id=occasion), told("crew_ready", last, occasion_id=occasion)]


def of_tuesday(*events, interval=CALLED_IN, value=25, subject="crew"):
    asked = question("duration", "min", subject_id=subject, occasion_id="Tuesday")
    found, laid = answers([asked], events, [claim(value, said=2000)], occasions=NIGHTS, intervals=[interval])
    return found["Q"]["answer"], laid.findings.row(0, named=True)


def test_the_length_of_one_occasion_is_not_that_of_another():
    answer, finding = of_tuesday(*called("Monday", 20, 75))
    nothing = "nothing of {} is told, neither crew called nor crew ready."
    assert answer.endswith(f"it cannot be checked: {nothing.format('“Tuesday”')}")
    assert (finding["verdict"], finding["reason"]) == ("not_testable", "Not testable: " + nothing.format("'Tuesday'"))


def test_of_an_occasion_with_one_end_the_other_is_missing():
    answer, finding = of_tuesday(*called("Monday", 20, 75), told("crew_called", 1450, occasion_id="Tuesday"))
    assert "no event of the kind crew ready of “Tuesday” is told" in answer
    assert finding["verdict"] == "not_testable"


def test_an_interval_of_which_nothing_at_all_is_told_is_defined():
    assert "defines no such interval" not in of_tuesday()[0]


def test_a_closure_in_all_is_not_taken_from_another_occasion():
    rows = [told("aerodrome_closed", 20, occasion_id="Monday"), told("aerodrome_reopened", 75, occasion_id="Monday")]
    answer, finding = of_tuesday(*rows, subject="EFTU closed in all", value=55)
    assert "no closure of “Tuesday” is told" in answer
    assert finding["verdict"] == "not_testable"


# ---------------------------------------------------------------- sums

BOTH = [*called("Monday", 20, 75), *called("Tuesday", 1450, 1475)]  # 55 and 25 min
PARTS = [
    claim(value, claim_id=name, occasion_id=occasion, said=2000)
    for name, value, occasion in (("M", 55, "Monday"), ("T", 25, "Tuesday"))
]
ASKED = question("duration", "min", subject_id="crew")


def sum_of(value, *, parts=("M", "T"), events=BOTH, asked=ASKED):
    whole = claim(value, claim_id="S", by="Ministry", source="S-POLICE", said=2100, parts=list(parts))
    return answers([asked], events, [*PARTS, whole], occasions=NIGHTS, intervals=[CALLED_IN])


def judged_sum(laid):
    return laid.findings.filter(claim_id="S").row(0, named=True)


def test_a_sum_over_occasions_is_told_as_the_sum_and_agrees():
    found, laid = sum_of(80)
    assert found["Q"]["answer"] == "Crew: 55 min (Monday) and 25 min (Tuesday), 1 h 20 min together."
    assert found["Q"]["against"] is None
    assert judged_sum(laid)["verdict"] == "supported"


def test_a_wrong_sum_is_contradicted_by_the_lengths_together():
    found, laid = sum_of(95)
    assert judged_sum(laid)["verdict"] == "contradicted"
    assert judged_sum(laid)["reason"] == "The events give 55 min (Monday) and 25 min (Tuesday), together 80 min."
    assert found["Q"]["against"] == "1 h 35 min according to Ministry."


def test_a_sum_of_an_occasion_of_which_nothing_is_told_is_not_held_against_the_other():
    found, laid = sum_of(80, events=called("Monday", 20, 75))
    assert judged_sum(laid)["verdict"] == "not_testable"
    assert found["Q"]["against"] is None


def test_a_length_without_parts_that_fits_the_sum_alone_may_mean_it():
    found, laid = sum_of(80, parts=())
    assert judged_sum(laid)["verdict"] == "compatible"
    assert found["Q"]["answer"].endswith("1 h 20 min together.")
    assert found["Q"]["against"] is None


def test_a_question_of_all_in_all_is_told_the_sum_without_any_claim():
    asked = ASKED | {"text": "How long did the crew take in all?"}
    found, _ = answers([asked], BOTH, occasions=NIGHTS, intervals=[CALLED_IN])
    assert found["Q"]["answer"].endswith("1 h 20 min together.")
    found, _ = answers([ASKED], BOTH, occasions=NIGHTS, intervals=[CALLED_IN])
    assert found["Q"]["answer"] == "Crew: 55 min (Monday); 25 min (Tuesday)."


@pytest.mark.parametrize(("value", "unit", "is_wrong"), [(80, "min", False), (95, "min", True), (2, "h", True)])
def test_parts_of_a_length_that_do_not_add_up_are_remarked(value, unit, is_wrong):
    whole = claim(value, claim_id="S", by="Ministry", source="S-POLICE", said=2100, parts=["M", "T"], unit=unit)
    laid = bundle([ASKED], [*PARTS, whole], events=BOTH, occasions=NIGHTS, intervals=[CALLED_IN])
    remarks = find_remarks(laid)
    assert ("S" in remarks.filter(kind="sum_wrong")["row_id"].to_list()) == is_wrong
