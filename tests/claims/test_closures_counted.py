"""How often it was closed: all of it, or one of its runways. A field of two runways, shut twice, and one once more."""

from __future__ import annotations

import pytest
from laid_out import account, at, bundle, claim, event, question


def shut(start, end, *, kind="aerodrome", **more):
    named = {"subject_id": "FACT", "occasion_id": f"night {start}", **more}
    return [event(f"{kind}_closed", start, **named), event(f"{kind}_reopened", end, **named)]


RUNWAY = {"kind": "runway", "part": "01/19"}
NIGHT = [*shut(0, 30), *shut(60, 110), *shut(400, 425, **RUNWAY)]


def found(*said, events=NIGHT, **more):
    asked = question("count", "closures", **{"subject_id": "FACT", **more})
    return account(bundle([asked], said, events=events))


def answer(**more):
    return found(**more).conclusions.filter(question_id="Q")["answer"][0]


def judged(value, relation="exactly", *, events=NIGHT, said=900.0, counted=None, **more):
    told = claim(value, relation, said=said, **({} if counted is None else {"counted_utc": at(counted)}))
    return found(told, events=events, **more).findings.row(0, named=True)


def test_closings_of_all_and_of_a_runway_are_told_apart():
    assert answer() == "There were 3 closures: 2 of the aerodrome, 1 of runway 01/19."


def test_the_airspace_is_told_apart_too():
    events = [*NIGHT, *shut(700, 720, kind="airspace")]
    assert answer(events=events) == ("There were 4 closures: 2 of the aerodrome, 1 of the airspace, 1 of runway 01/19.")


@pytest.mark.parametrize(
    ("part", "wanted"),
    [
        ("aerodrome", "There were 2 closures: events tell a closing of the whole aerodrome on 2 occasions."),
        ("01/19", "There were 3 closures: 2 with the whole aerodrome, 1 by itself."),
        ("16/34", "There were 2 closures: events tell a closing on 2 occasions."),
    ],
)
def test_a_question_may_ask_for_one_of_them(part, wanted):
    assert answer(part=part) == wanted


@pytest.mark.parametrize(
    ("value", "part", "wanted"),
    [
        (3, None, "supported"),
        (2, None, "compatible"),
        (1, None, "contradicted"),
        (4, None, "contradicted"),
        (2, "aerodrome", "supported"),
        (3, "aerodrome", "contradicted"),
        (3, "01/19", "supported"),
        (1, "01/19", "compatible"),
    ],
)
def test_a_number_that_fits_one_reading_is_not_contradicted(value, part, wanted):
    assert judged(value, part=part)["verdict"] == wanted


def test_the_reason_names_the_reading_and_the_answer_has_nothing_against_it():
    assert judged(2)["reason"] == (
        "The events report 3 closures: 2 of the aerodrome, 1 of runway 01/19; 2 fits the closings of the whole "
        "aerodrome, which may be meant."
    )
    assert found(claim(2, said=900.0)).conclusions.filter(question_id="Q")["against"][0] is None


def test_all_on_one_occasion_count_alike_and_a_runway_closed_with_all_is_none():
    one = [{**row, "occasion_id": "night"} for row in NIGHT]
    assert answer(events=one) == "There were 3 closures: 2 of the aerodrome, 1 of runway 01/19."
    with_all = [*one, *shut(60, 110, **RUNWAY | {"occasion_id": "night"})]
    assert answer(events=with_all) == "There were 3 closures: 2 of the aerodrome, 1 of runway 01/19."


@pytest.mark.parametrize(("counted", "when"), [(200, "12 23:20"), (300, "13 01:00")])
def test_a_number_of_an_earlier_hour_is_weighed_as_of_then_and_the_reason_says_so(counted, when):
    row = judged(2, counted=counted)
    assert (row["verdict"], judged(3, counted=counted)["verdict"]) == ("supported", "contradicted")
    assert row["reason"] == (
        f"The events report 2 closures by 2026-03-{when} UTC: events tell a closing on 2 occasions, reported "
        "independently of the speaker."
    )
