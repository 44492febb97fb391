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


@pytest.mark.parametrize(("chance", "bounds"), [(0.8, BOUNDS), (0.2, OF_UAS)])
def test_a_balloon_has_the_probability_that_it_is_one_however_that_is_stated(chance, bounds):
    said = page(finds=[find("F-B", chance, object_kind="balloon", **bounds)])
    assert "Balloon of that night: 80 % (70 % to 90 %)" in said
    assert "Piece of an uncrewed aircraft" not in said


def test_an_examined_sighting_has_its_probability_and_says_who_examined_it():
    judged = {"probability_uas": 0.8, "assigned_by": "Institute", "assigned_why": "The radar was replayed."}
    said = page(sightings=[{**SEEN, **judged}])
    for words in ("Examined", "Drone of that night: 80 %", "Judged by Institute: The radar was replayed."):
        assert words in said
    assert "Not yet investigated" not in said


@pytest.mark.parametrize(("why", "said"), [("The witness takes it back.", "Explained"), (None, "Other")])
def test_what_is_explained_otherwise_is_told_by_its_reason(why, said):
    text = page(sightings=[{**SEEN, "explained_by": "other", "explained_why": why}])
    assert f">{said}<" in text
    assert why is None or why in text
