"""A drone whose operator is known, what one alone judged, and who looked in vain: a reservoir, invented."""

from __future__ import annotations

from laid_out import account, at, bundle, claim, question

GRADES = {"S-DAM": "B", "S-POLICE": "B", "S-LOG": "A", "S-POST": "D"}


def sighting(name, *, by="Warden", source="S-DAM", low=30, high=40, **more):
    return {
        "sighting_id": name, "role": "warden", "saw_nothing": False, "after_alarm": False, "said_by": by,
        "utc_low": at(low), "utc_high": at(high), "known_utc": at(900), "source_id": source, **more,
    }  # fmt: skip


def flown(name, **more):
    return sighting(
        name, explained_by="known_uas", explained_why="It was the dam's own survey drone.",
        assigned_by="Supervisor", **more,
    )  # fmt: skip


def presence(*said, sightings):
    found = account(bundle([question("presence")], said, grades=GRADES, sightings=sightings))
    verdicts = dict(found.findings.select("claim_id", "verdict").rows())
    return found.conclusions.filter(question_id="Q").row(0, named=True), verdicts


def test_a_drone_of_a_known_operator_is_a_drone_and_the_answer_says_whose():
    row, verdicts = presence(
        claim("present", by="Police", source="S-POLICE", claim_id="C-P"),
        claim("absent", by="Walker", source="S-POST", claim_id="C-W"),
        sightings=[flown("G-1")],
    )
    assert row["answer"] == "There was a drone, and its operator is known: it was the dam's own survey drone."
    assert verdicts == {"C-P": "supported", "C-W": "contradicted"}
    assert row["against"] == "Absent according to Walker."


def test_what_stays_unexplained_beside_it_is_said():
    row, _ = presence(sightings=[flown("G-1"), sighting("G-2", explained_by="unexplained", by="Angler")])
    assert row["answer"].endswith("survey drone; one of two sightings stays unexplained.")


def test_who_saw_what_one_alone_judged_is_told():
    video = sighting(
        "G-1", probability_uas=0.96, assigned_by="Institute", assigned_why="Four rotors on the film.", by="Angler"
    )
    row, _ = presence(sightings=[video, sighting("G-2", explained_by="confirmed", source="S-LOG", by="Tower")])
    assert row["how_sure"] == "Institute alone judged it; 2 observers independent of one another saw something"
    assert row["lines"] == 1
    row, _ = presence(sightings=[video])
    assert "observers" not in row["how_sure"]


def test_who_looked_in_vain_stands_against_a_drone_that_is_shown():
    patrol = sighting("G-3", saw_nothing=True, by="Patrol", source="S-POLICE", low=50, high=80)
    row, _ = presence(sightings=[flown("G-1"), patrol])
    assert row["against"] == "Patrol looked between 20:50 and 21:20 and saw nothing."


def test_a_poor_voice_turns_no_answer_round():
    explained = sighting("G-1", explained_by="celestial", assigned_by="Observatory")
    said = claim("absent", by="Police", source="S-POLICE", claim_id="C-P")
    poor = claim("present", by="Neighbour", source="S-POST", claim_id="C-N")
    row, _ = presence(said, poor, sightings=[explained])
    assert row["answer"].startswith("Nothing shows that there was a drone")
    assert row["against"] == "Present according to Neighbour."
    row, _ = presence(said, poor | {"source_id": "S-DAM"}, sightings=[explained])
    assert "cannot be told" in row["answer"]
    row, _ = presence(poor | {"value": "absent"}, sightings=[explained])
    assert "cannot be told" in row["answer"]
