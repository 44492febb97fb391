"""Who repeats whom is named wherever an answer lists who stands for a value: ferries, a tower and papers, invented."""

from __future__ import annotations

from laid_out import account, bundle, claim, event, find, question

GRADES = {"S-TOWER": "A", "S-POLICE": "B", "S-AGENCY": "C", "S-DAILY": "D", "S-RADIO": "D", "S-SPEAKER": "B"}


def answer(asked, *said, **laid):
    return account(bundle([asked], said, grades=GRADES, **laid)).conclusions.filter(question_id="Q").row(0, named=True)


def agency(value, **more):
    return claim(value, by="Agency", source="S-AGENCY", claim_id="C-A", **more)


def daily(value, *origin, **more):
    return claim(value, by="Daily", source="S-DAILY", claim_id="C-D", derived_from=list(origin), **more)


def radio(value, *origin, **more):
    return claim(value, by="Radio", source="S-RADIO", claim_id="C-R", derived_from=list(origin), **more)


RETURNED = question("count", "flights_returned", subject_id="ENGM")


def test_who_repeats_a_number_is_named_in_the_answer():
    row = answer(RETURNED, agency(6), daily(6, "Agency"), radio(6, "C-D"))
    assert row["answer"] == "6 flights turned back, according to Agency, whom Daily and Radio repeat."
    assert row["lines"] == 1


def test_who_repeats_a_number_is_named_in_what_speaks_against_it():
    tower = event("flight_returned", low=0, high=90, value=9.0, subject_id="ENGM")
    row = answer(RETURNED, agency(6), daily(6, "C-A"), radio(6, "S-AGENCY"), events=[tower])
    assert row["against"] == "6 according to Agency, whom Daily and Radio repeat."


def test_beside_others_each_is_named_with_those_who_repeat_it():
    row = answer(RETURNED, agency(6), daily(6, "Agency"), claim(6, by="Union", source="S-RADIO", claim_id="C-U"))
    assert row["answer"] == "6 flights turned back, according to Agency (whom Daily repeats) and Union."


def test_two_who_name_each_other_are_one_and_its_copy():
    row = answer(RETURNED, daily(6, "Radio"), radio(6, "Daily"))
    assert row["answer"].endswith("according to Daily, whom Radio repeats.")


def test_what_somebody_tells_elsewhere_of_their_own_is_no_copy():
    own = claim(6, by="Daily", source="S-DAILY", claim_id="C-OWN")
    row = answer(RETURNED, agency(6), daily(6, "Agency"), own)
    assert "repeat" not in row["answer"]


def test_a_time_a_word_and_what_it_was_say_it_alike():
    times = [make(f"2026-03-12T21:0{4}:00Z", *who) for make, who in ((agency, ()), (daily, ("Agency",)))]
    row = answer(question("time", "utc", subject_id="first_report"), *times)
    assert row["answer"].endswith("according to Agency, whom Daily repeats.")
    row = answer(question("presence"), agency("present"), radio("present", "Agency"), sightings=[])
    assert "Agency (whom Radio repeats) says that there was a drone" in row["answer"]
    row = answer(
        question("identity", subject_id="F"), agency("balloon"), daily("balloon", "Agency"), finds=[find("F", None)]
    )
    assert "Agency, whom Daily repeats" in row["answer"]


def test_a_number_that_its_speaker_replaced_is_said_so_where_it_stands_against_the_answer():
    first = claim(14, by="Police", source="S-POLICE", claim_id="C-1", unit="reports", said=60)
    later = claim(11, by="Police", source="S-POLICE", claim_id="C-2", unit="reports", said=300, supersedes="C-1")
    copy = claim(14, by="Paper", source="S-PAPER", claim_id="C-3", unit="reports", derived_from=["Police"], said=120)
    found = account(bundle([question("count", "reports")], [first, later, copy]))
    row = found.conclusions.filter(question_id="Q").row(0, named=True)
    assert row["against"] == "14 according to Paper (which Police has replaced)."
