"""Questions after one find or sighting that is not known: a ferry port where a frame was fished out the day after."""

from __future__ import annotations

import pytest
from laid_out import account, at, bundle, claim, event, find, question

ASKED = {**question("presence", subject_id="FRAME", text="Is the frame a drone of that night?")}
COUNTED = event("drones_counted", low=0, high=90, value=2.0, by="Harbour", known_utc=at(120))
LATE = find("FRAME", 0.2, known_utc=at(900))


def made(**laid):
    when = laid.pop("as_of_utc", None)
    return account(bundle([ASKED], [claim("present")], **laid), as_of_utc=when)


def test_nobody_asks_of_a_find_before_it_is_found():
    found = made(finds=[LATE], events=[COUNTED], as_of_utc=at(600))
    assert found.conclusions.is_empty()
    left = {(row["table"], row["row_id"]): row["why"] for row in found.left_out.to_dicts()}
    assert left["questions", "Q"] == "its find or sighting is left out"
    assert left["claims", "C"] == "its question is left out"


def test_a_find_that_is_known_is_told_by_its_own_assessment():
    found = made(finds=[LATE], events=[COUNTED], as_of_utc=at(1000))
    assert found.conclusions["answer"].to_list() == [
        "FRAME is a piece of a drone of that night with a probability of 20 %, as Assessor assesses it."
    ]


def test_of_what_the_bundle_does_not_tell_nothing_is_said_whatever_was_counted():
    found = made(finds=[find("OTHER", 1.0)], events=[COUNTED])
    assert found.conclusions.select("answer", "standing").row(0) == ("Nothing of FRAME is told.", "open")
    row = found.findings.row(0, named=True)
    assert (row["verdict"], row["reason"]) == ("not_testable", "Not testable: nothing of FRAME is told.")


@pytest.mark.parametrize(
    ("explained", "wanted"),
    [(None, "nobody has sought an explanation of the sighting"), ("unexplained", "it stays unexplained")],
)
def test_a_sighting_that_nobody_examined_is_not_told_by_drones_counted_elsewhere(explained, wanted):
    look = {"sighting_id": "FRAME", "role": "deckhand", "saw_nothing": False, "explained_by": explained,
            "known_utc": at(60), "source_id": "S-RADIO"}  # fmt: skip
    found = made(sightings=[look], events=[COUNTED], finds=[find("OTHER", 1.0)])
    assert found.conclusions["answer"].to_list() == [f"Whether FRAME was a drone cannot be told: {wanted}."]
    assert found.findings["verdict"][0] in ("compatible", "not_testable")
