"""Numbers that are final though their occasion went on: geese on a runway, counted in one short look."""

from __future__ import annotations

import pytest
from laid_out import account, at, bundle, claim, event, question

from hotwash.model.questions import CountUnit

GEESE = CountUnit(name="geese", title="Geese", nouns=("goose", "geese"))
CLOSURE = {"occasion_id": "O1", "kind": "closure", "subject_id": "EPAA", "utc_low": at(0), "utc_high": at(200)}
ASKED = question("count", "geese", occasion_id="O1")


def judged(claimed, **more):
    row = event("geese_counted", value=1.0, unit="geese", occasion_id="O1", **more)
    found = account(bundle([ASKED], [claim(claimed)], events=[row], occasions=[CLOSURE], own_units=(GEESE,)))
    return found.findings["verdict"][0], found.conclusions["answer"][0]


@pytest.mark.parametrize(
    "more",
    [
        {"low": 5, "high": 9, "known_utc": at(10)},  # the look was over
        {"start": 5, "end": 9, "known_utc": at(30)},
        {"low": 5, "high": 9, "known_utc": at(9), "is_running": False},  # the row says so
        {"start": 5, "known_utc": at(9), "is_running": False},
    ],
)
def test_a_number_that_is_over_is_final_though_its_occasion_goes_on(more):
    assert judged(2, **more) == ("contradicted", "There was 1 goose, according to Tower.")


@pytest.mark.parametrize(
    "more",
    [
        {"start": 5, "known_utc": at(9)},
        {"low": 5, "high": 9, "known_utc": at(9)},
        {"low": 5, "high": 90, "known_utc": at(9)},
    ],
)
def test_a_number_of_which_nothing_says_that_it_is_over_still_runs(more):
    assert judged(2, **more)[0] == "compatible"


@pytest.mark.parametrize(("runs", "wanted"), [(False, "contradicted"), (None, "compatible")])
def test_a_claim_that_says_that_it_does_not_run_is_the_final_number_though_it_was_said_early(runs, wanted):
    row = event("geese_counted", low=0, high=200, value=3.0, unit="geese", occasion_id="O1")
    said = claim(1, said=20, is_running=runs)
    found = account(bundle([ASKED], [said], events=[row], occasions=[CLOSURE], own_units=(GEESE,)))
    assert found.findings["verdict"][0] == wanted
