"""A running number stays one when it is repeated; parts of two sayers are not joined; ignorance is said first."""

from __future__ import annotations

from laid_out import account, at, bundle, claim, event, question

GRADES = {"S-PORT": "B", "S-AGENCY": "C", "S-LEAF": "D"}


def answer(asked, *said, **more):
    found = account(bundle([asked], said, grades=GRADES, **more))
    return found.conclusions.filter(question_id="Q").row(0, named=True)


def port(value, relation="exactly", **more):
    return claim(value, relation, by="Port", source="S-PORT", claim_id="C-P", said=60, **more)


def agency(value, **more):
    return claim(value, by="Agency", source="S-AGENCY", claim_id="C-A", said=90, derived_from=["Port"], **more)


DIVERTED = question("count", "diversions")


def test_whoever_repeats_a_running_number_makes_it_no_final_one():
    running = port(3, is_running=True, counted_utc=at(50))
    row = answer(DIVERTED, running, agency(3))
    assert row["answer"].endswith("according to Port, whom Agency repeats; no final number is told.")
    assert "no final number" not in answer(DIVERTED, running, agency(3, is_final=True))["answer"]
    assert "no final number" not in answer(DIVERTED, running, agency(4))["answer"]


def test_a_running_part_of_one_sayer_is_not_told_as_part_of_anothers_part():
    early = port(385, "about", part="diverted flights", is_running=True, counted_utc=at(50))
    late = claim(500, by="Carrier", source="S-PORT", claim_id="C-C", said=600, part="Carrier")
    row = answer(question("count", "passengers", about_fraction=0.05), early, late)
    assert "of them" not in row["answer"]


def test_a_rough_running_number_is_said_as_it_was_told():
    row = answer(question("count", "passengers", about_fraction=0.05), port(600, "about", is_running=True))
    assert row["answer"].startswith("About 600 passengers")


def test_that_reliable_bodies_do_not_know_comes_before_what_a_poor_voice_tells():
    poor = claim(3, "at_least", by="Leaflet", source="S-LEAF", claim_id="C-L", derived_from=["unknown"])
    row = answer(question("count", "drones"), port("not_known"), poor)
    assert row["answer"].startswith("The number is not known, according to Port; at least 3")


def test_a_partial_reopening_is_not_the_reopening():
    events = [
        event("aerodrome_closed", 10, subject_id="SGAS"),
        event("aerodrome_partly_reopened", 90, subject_id="SGAS"),
    ]
    asked = question("time", "utc", subject_id="aerodrome_reopened", event_subject_id="SGAS")
    assert "reopened at" not in answer(asked, events=events)["answer"]
    row = answer({**asked, "subject_id": "aerodrome_partly_reopened"}, events=events)
    assert "at 21:30" in row["answer"]


def test_an_explained_balloon_is_no_line_for_a_drone():
    seen = [
        {
            "sighting_id": name, "role": "resident", "saw_nothing": False, "after_alarm": False, "said_by": name,
            "known_utc": at(90), "source_id": "S-PORT", "probability_uas": chance, "explained_by": why,
            "assigned_by": by, "assigned_why": "Looked at.",
        }
        for name, chance, why, by in (("G1", 0.7, None, "Institute"), ("G2", 0.01, "balloon", "Weather service"))
    ]  # fmt: skip
    row = answer(question("presence"), sightings=seen)
    assert "1 examined sighting speaks for it" in row["answer"]
    assert row["lines"] == 1
