"""How the annex says what somebody assessed: finds, balloons, and sightings that were examined or explained."""

from __future__ import annotations

import pytest
from laid_out import account, at, bundle, find

from hotwash.report import account_page
from hotwash.report.view import build_view

SEEN = {"sighting_id": "G1", "role": "tower", "saw_nothing": False, "known_utc": at(0), "source_id": "S-TOWER"}
BOUNDS = {"probability_find_low": 0.7, "probability_find_high": 0.9}
OF_UAS = {"probability_find_low": 0.1, "probability_find_high": 0.3}


def page(**laid):
    return account_page.render(build_view(account(bundle(**laid)), made_utc=at(1440)))


@pytest.mark.parametrize(
    ("chance", "bounds", "words"),
    [(0.8, BOUNDS, "Balloon of that night"), (0.2, OF_UAS, "Balloon, no uncrewed aircraft")],
)
def test_a_balloon_has_the_probability_that_it_is_one_however_that_is_stated(chance, bounds, words):
    said = page(finds=[find("F-B", chance, object_kind="balloon", **bounds)])
    assert f"{words}: 80 % (70 % to 90 %)" in said
    assert "Piece of an uncrewed aircraft" not in said


def test_an_examined_sighting_has_its_probability_and_says_who_examined_it():
    judged = {"probability_uas": 0.8, "assigned_by": "Institute", "assigned_why": "The radar was replayed."}
    said = page(sightings=[{**SEEN, **judged}])
    for words in ("Examined", "Drone of that night: 80 %", "Judged by Institute: The radar was replayed."):
        assert words in said
    assert "Not yet investigated" not in said


def test_a_kite_that_is_no_uas_at_all_is_of_no_night_unless_its_occasion_says_so():
    said = page(finds=[find("F-K", 0.0, object_kind="kite")])
    assert "Kite, no uncrewed aircraft: over 99 %" in said
    assert "Kite of that night" not in said
    own = {"occasion_id": "O1", "kind": "find", "subject_id": "F-K", "is_related": False}
    said = page(finds=[find("F-K", 0.0, object_kind="kite", occasion_id="O1")], occasions=[own])
    assert "Kite of that night: over 99 %" in said


@pytest.mark.parametrize(("why", "said"), [("The witness takes it back.", "Explained"), (None, "Other")])
def test_what_is_explained_otherwise_is_told_by_its_reason(why, said):
    text = page(sightings=[{**SEEN, "explained_by": "other", "explained_why": why}])
    assert f">{said}<" in text
    assert why is None or why in text
