"""On how many lines the explanation of a sighting rests: a light over an invented strait in Denmark."""

from __future__ import annotations

import pytest
from laid_out import account, bundle, claim, question

GRADES = {"S-HARBOUR": "B", "S-SKY": "B", "S-COAST": "B"}
WHAT = question("cause", subject_id="G1")
DRONE = question("presence", text="Was there a drone?")


def light(name="G1", **more):
    seen = {"sighting_id": name, "role": "pilot", "saw_nothing": False, "said_by": "Harbour", "source_id": "S-HARBOUR"}
    return seen | {"explained_by": "celestial", "explained_why": "Jupiter, low in the east."} | more


def says(by, source, value="Jupiter", **more):
    return claim(value, by=by, source=source, claim_id=f"C-{by}", **more)


def answer(asked, *said, sightings):
    laid = bundle([asked], said, sightings=sightings, grades=GRADES)
    return account(laid).conclusions.filter(question_id="Q").row(0, named=True)


PLANETARIUM, COAST = says("Planetarium", "S-SKY"), says("Coast radio", "S-COAST")


def test_two_who_explain_a_light_independently_are_two_lines_and_its_observer_is_none():
    row = answer(WHAT, PLANETARIUM, COAST, sightings=[light()])
    assert (row["lines"], row["how_sure"]) == (2, "told by 2 independent lines, and not confirmed beyond them")


def test_who_rests_on_the_first_explanation_adds_no_line():
    copy = COAST | {"derived_from": ["C-Planetarium"]}
    assert answer(WHAT, PLANETARIUM, copy, sightings=[light()])["lines"] == 1


def test_one_who_explains_alone_is_one_line():
    assert answer(WHAT, PLANETARIUM, sightings=[light()])["lines"] == 1
    assert answer(WHAT, sightings=[light()])["lines"] == 1


@pytest.mark.parametrize(("rests_on", "lines"), [(None, 2), (["Examiner"], 1)])
def test_the_one_named_in_the_row_is_a_line_beside_who_says_the_same(rests_on, lines):
    named = light(assigned_by="Examiner", assigned_why="A chart of the sky.")
    row = answer(WHAT, PLANETARIUM | {"derived_from": rests_on}, sightings=[named])
    assert row["answer"].startswith("A star, a planet or the moon explains it, as Examiner finds: Jupiter, low in")
    assert row["lines"] == lines


@pytest.mark.parametrize("value", ["a lantern", "not Jupiter", None])
def test_who_says_something_else_tells_no_explanation(value):
    assert answer(WHAT, PLANETARIUM, COAST | {"value": value}, sightings=[light()])["lines"] == 1


def test_the_word_of_the_explanation_says_the_same():
    kite = light(explained_by="kite", explained_why="The owner came forward.")
    said = [says("Planetarium", "S-SKY", "a kite"), says("Coast radio", "S-COAST", "lit kite")]
    assert answer(WHAT, *said, sightings=[kite])["lines"] == 2


def test_a_sighting_that_was_examined_is_told_as_examined_and_not_as_one_that_nobody_explains():
    seen = light(explained_by=None, explained_why=None, assigned_by="Institute", assigned_why="The video.")
    none = answer(WHAT, sightings=[seen | {"probability_uas": 0.03}])
    assert none["answer"] == "It was no drone, with a probability of 97 %, as Institute assesses it."
    open_one = answer(WHAT, sightings=[seen | {"probability_uas": 0.4}])
    assert open_one["answer"] == "It may have been a drone, with a probability of 40 %, as Institute assesses it."
    assert (none["standing"], open_one["standing"]) == ("likely", "open")


def test_that_nothing_shows_a_drone_rests_on_those_who_explain_as_well():
    seen = [light(assigned_by="Examiner"), light("G2", assigned_by="Observatory", source_id="S-SKY")]
    row = answer(DRONE, claim("absent", by="Coast radio", source="S-COAST"), sightings=seen)
    assert row["answer"].startswith("Nothing shows that there was a drone: every sighting is explained")
    assert row["lines"] == 3
    own = claim("absent", by="Examiner", source="S-COAST")
    assert answer(DRONE, own, sightings=seen[:1])["lines"] == 1
