"""A runway is closed with its aerodrome too: an inland field, shut twice, and one of its runways once more."""

from __future__ import annotations

import pytest
from laid_out import account, bundle, claim, event, question


def here(kind, start, **more):
    return event(kind, start, **{"subject_id": "FACT", **more})


def shut(start, end, *, kind="aerodrome", **more):
    return [here(f"{kind}_closed", start, **more), here(f"{kind}_reopened", end, **more)]


WHOLE = [*shut(0, 30), *shut(60, 110)]
ALONE = shut(400, 425, kind="runway", part="01/19")


def judged(what, *said, events=(*WHOLE, *ALONE), **more):
    asked = question("duration", "min", subject_id=f"FACT {what}", **more)
    return account(bundle([asked], said, events=events))


def answer(*given, **more):
    return judged(*given, **more).conclusions.filter(question_id="Q")["answer"][0]


def verdict(what, minutes, **more):
    return judged(what, claim(minutes), **more).findings["verdict"][0]


BOTH = "Runway 01/19 of FACT was closed for 1 h 45 min in all: 1 h 20 min with the whole aerodrome, 25 min by itself."


def test_a_runway_was_closed_as_long_as_the_aerodrome_and_longer_by_itself():
    assert answer("runway closed in all") == BOTH


def test_a_minute_in_which_both_are_told_closed_counts_once():
    doubled = shut(60, 110, kind="runway", part="01/19")
    assert answer("runway closed in all", events=[*WHOLE, *ALONE, *doubled]) == BOTH


@pytest.mark.parametrize(("what", "part"), [("runway 01/19 closed in all", None), ("runway closed in all", "01/19")])
def test_one_of_several_runways_is_named_in_the_length_or_as_the_part(what, part):
    other = shut(200, 300, kind="runway", part="16/34")
    assert answer(what, events=[*WHOLE, *ALONE, *other], part=part) == BOTH


def test_a_runway_of_which_nothing_is_told_was_closed_with_its_aerodrome():
    wanted = "Runway 16/34 of FACT was closed for 1 h 20 min in all, with the whole aerodrome."
    assert answer("runway 16/34 closed in all") == wanted
    assert answer("runway closed in all", events=WHOLE) == wanted.replace("Runway 16/34", "Each runway")


def test_what_it_was_closed_by_itself_may_be_asked():
    assert answer("runway closed by itself in all") == "Runway 01/19 of FACT was closed by itself for 25 min in all."


def test_from_first_to_last_takes_in_what_closed_all_of_it():
    assert answer("runway closed from first to last") == (
        "From the first closing of runway 01/19 of FACT at 20:00 to the last reopening at 03:05: 7 h 5 min, closings "
        "of the whole aerodrome included; closed by itself for 25 min."
    )


@pytest.mark.parametrize(
    ("what", "minutes", "wanted"),
    [
        ("runway closed in all", 105, "supported"),
        ("runway closed in all", 25, "compatible"),
        ("runway closed in all", 80, "contradicted"),
        ("runway closed from first to last", 425, "supported"),
        ("runway closed from first to last", 25, "compatible"),
        ("runway closed by itself in all", 25, "supported"),
        ("runway closed by itself in all", 105, "contradicted"),
    ],
)
def test_a_claim_that_fits_either_reading_is_not_contradicted(what, minutes, wanted):
    assert verdict(what, minutes) == wanted


# ---------------------------------------------------------------- closed in all, and from first to last


def test_a_restriction_after_a_closing_is_no_stretch_of_it():
    events = [*shut(0, 30), here("aerodrome_closed", 60), here("aerodrome_partly_reopened", 110)]
    events.append(here("aerodrome_reopened", 200))
    said = answer("closed in all", events=events)
    assert said == "FACT was closed for 1 h 20 min in all, in 2 stretches; the longest 50 min, from 21:00."
    assert answer("closed from first to last", events=events) == (
        "From the first closing of FACT at 20:00 to the partial reopening at 21:50: 1 h 50 min."
    )


@pytest.mark.parametrize("relation", ["exactly", "about"])
def test_hours_that_were_open_between_are_not_closed_in_all_however_exactly_they_are_told(relation):
    found = judged("closed in all", claim(420, relation), about_fraction=0.1).findings.row(0, named=True)
    assert found["verdict"] == "contradicted"
    assert found["reason"] == (
        "The states that the events tell give 80 min; it fits from first to last (7 h 5 min, “aerodrome closed to "
        "runway reopened”), which includes 5 h 45 min in which it was not closed."
    )


def test_the_time_of_a_partial_reopening_is_a_sentence():
    events = [here("aerodrome_closed", 60), here("aerodrome_partly_reopened", 110)]
    asked = question("time", "utc", subject_id="aerodrome_partly_reopened", event_subject_id="FACT")
    (row,) = account(bundle([asked], events=events)).conclusions.filter(question_id="Q").to_dicts()
    assert row["answer"] == "FACT was partly reopened at 21:50, according to Tower."
