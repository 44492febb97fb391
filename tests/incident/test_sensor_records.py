"""A sensor that marked nothing: no number of drones, no proof of absence, and a record that covered the time."""

from __future__ import annotations

import pytest
import remarked
from laid_out import account, bundle, claim, event, question

DRONES = question("count", "drones", subject_id="LROP")
PRESENCE = question("presence", text="Was there a drone?")


def zero(kind="drones_counted", by="CAA", value=0.0, **more):
    words = {"text": "The RF receiver of the airport showed none.", **more}
    return event(kind, by=by, low=10, high=70, value=value, subject_id="LROP", **words)


def answer(asked, *said, events=()):
    return account(bundle([asked], said, events=events)).conclusions.filter(question_id="Q").row(0, named=True)


@pytest.mark.parametrize("words", [{}, {"text": None, "by": "Approach radar"}, {"text": "Czujniki nic nie wykryły"}])
def test_a_sensor_that_marked_nothing_tells_no_number_of_drones(words):
    row = answer(DRONES, events=[zero(**words)])
    who = words.get("by", "CAA")
    assert row["answer"] == (
        f"No number of drones can be given: a sensor marked nothing, according to {who}, which is no number of drones "
        "and proves no absence."
    )
    assert row["standing"] == "open"


def test_the_zero_of_a_sensor_contradicts_and_supports_no_number():
    for value in (0, 3):
        found = account(bundle([DRONES], [claim(value, by="Radio", source="S-PAPER")], events=[zero()])).findings
        assert found["verdict"].to_list() == ["uncorroborated"]


def test_a_number_of_others_is_told_beside_what_the_sensor_did_not_mark():
    row = answer(DRONES, events=[zero(), event("drones_counted", 20, by="Police", value=2.0, subject_id="LROP")])
    assert row["answer"].startswith("2 drones were reported, according to Police; a sensor marked nothing,")
    assert row["against"] is None


def test_that_nobody_reported_one_stays_a_number():
    row = answer(DRONES, events=[zero(text="Nobody called.")])
    assert row["answer"] == "No drones were reported, according to CAA."


@pytest.mark.parametrize("kind", ["drones_counted", "marks_counted"])
def test_presence_knows_that_a_sensor_covered_it_and_recorded_nothing(kind):
    row = answer(PRESENCE, events=[zero(kind)])
    assert row["answer"] == (
        "Whether there was a drone cannot be told: a sensor covered it between 20:10 and 21:10 and recorded nothing, "
        "according to CAA (“The RF receiver of the airport showed none.”)."
    )
    assert row["standing"] == "open"


def test_presence_knows_what_a_sensor_marked():
    row = answer(PRESENCE, events=[zero("marks_counted", value=7.0)])
    assert "a sensor covered it between 20:10 and 21:10 and marked 7, according to CAA" in row["answer"]


def test_a_sensor_told_as_a_count_of_drones_is_remarked():
    told = {"kind": "drones_counted", "value": "0", "subject_id": "EDDV", "text": "Nothing on the radar"}
    assert remarked.kinds(events=[told]) == ["sensor_zero"]
    assert remarked.kinds(events=[{**told, "kind": "marks_counted"}]) == []
    assert remarked.kinds(events=[{**told, "text": "No calls"}]) == []
    own = {"kind": "recording"}
    assert remarked.kinds(events=[{**told, "text": "No calls"}], sources=[own]) == ["sensor_zero"]
