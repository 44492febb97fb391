"""Numbers that were forecast, planned or ordered: no count of what came, and told beside it. Trains and flights."""

from __future__ import annotations

from laid_out import account, at, bundle, claim, event, question

CANCELLED = question("count", "cancellations", subject_id="ESSA")
OCCASION = {"occasion_id": "O", "kind": "closure", "subject_id": "ESSA", "utc_high": at(300), "known_utc": at(0)}


def came(value=31.0, **more):
    return event("cancellation", low=0, high=300, value=value, subject_id="ESSA", **more) | {"event_id": "E-CAME"}


def said(value, told_as, **more):
    return claim(value, by="Network manager", source="S-RADIO", told_as=told_as, **{"said": 20.0, **more})


def made(*claims, events=(), asked=CANCELLED):
    return account(bundle([asked], claims, events=events, occasions=[OCCASION]))


def answer(*claims, **laid):
    return made(*claims, **laid).conclusions.filter(question_id="Q").row(0, named=True)


def finding(*claims, **laid):
    return made(*claims, **laid).findings.row(0, named=True)


def test_a_forecast_is_weighed_against_what_came_and_not_at_the_hour_it_was_said():
    early = event("cancellation", 20, value=4.0, subject_id="ESSA", is_running=True, counted_utc=at(20))
    row = finding(said(40, "forecast"), events=[came(), early])
    assert (row["verdict"], row["reason"]) == ("contradicted", "The events give 31 cancellations, not 40.")
    assert finding(said(31, "forecast"), events=[came(), early])["verdict"] == "supported"
    assert finding(said(4, "forecast"), events=[came(), early])["verdict"] == "contradicted"


def test_a_forecast_for_a_time_is_weighed_by_that_time():
    then = event("cancellation", 100, value=12.0, subject_id="ESSA", is_running=True, counted_utc=at(100))
    row = finding(said(12, "forecast", counted_utc=at(100)), events=[came(), then])
    assert row["verdict"] == "supported"


def test_a_plan_and_an_order_count_nothing():
    for told_as, word in (("plan", "a plan"), ("order", "an order")):
        row = finding(said(40, told_as), events=[came()])
        assert (row["verdict"], row["reason"]) == (
            "not_weighed",
            f"As {word} it tells what was to be, and counts nothing that came.",
        )


def test_the_answer_tells_what_was_expected_beside_what_came():
    row = answer(said(40, "forecast"), events=[came()])
    assert row["answer"] == (
        "31 flights were cancelled, according to Tower; 40 had been forecast, according to Network manager."
    )
    assert row["against"] is None
    plan = came(25.0, told_as="plan", by="Airline") | {"event_id": "E-PLAN"}
    assert "; 25 had been planned, according to Airline." in answer(events=[came(), plan])["answer"]


def test_what_was_only_expected_is_no_number():
    row = answer(said(40, "forecast"))
    assert row["answer"].startswith("No number can be given")
    assert row["answer"].endswith("; 40 had been forecast, according to Network manager.")
    assert row["standing"] == "open"
