"""What is lost of operating time where one runway alone is told to be closed: a desert strip with a helipad."""

from __future__ import annotations

import pytest
from laid_out import account, bundle, claim, event, question


def here(kind, start, **more):
    return event(kind, start, **{"subject_id": "FYLZ", **more})


# An hour closed, of which the last twenty minutes are in the curfew.
HOUR = [here("runway_closed", 0, part="10/28"), here("runway_reopened", 60, part="10/28")]
CURFEW = here("curfew", 40, end=500)


def asked(what):
    return question("duration", "min", subject_id=f"FYLZ {what}")


def judged(what, said):
    return account(bundle([asked(what)], [claim(said)], events=[*HOUR, CURFEW]))


def answer(found):
    return found.conclusions.filter(question_id="Q")["answer"][0]


def advices(found):
    return found.bundle_remarks.filter(kind="length_untold").to_dicts()


def test_the_operating_time_that_a_runway_lost_is_its_closure_without_the_curfew():
    found = judged("runway operating time lost", 40)
    assert answer(found) == "Runway 10/28 of FYLZ lost 40 min of operating time."
    assert found.findings["verdict"][0] == "supported"
    assert not advices(found)


@pytest.mark.parametrize("what", ["operating time lost", "closed in all", "closed from first to last"])
def test_of_the_aerodrome_the_answer_and_the_remark_say_what_to_ask_or_enter(what):
    found = judged(what, 40)
    wanted = f'sk for "FYLZ runway {what}"; or, if all of it was closed, enter aerodrome_closed too'
    assert wanted in answer(found)
    (row,) = advices(found)
    assert row["row_id"] == "Q"
    assert wanted in row["advice"]
    assert found.findings["reason"][0] == (
        "Not testable: only a runway of FYLZ is told to be closed, and nobody tells whether another was in use."
    )


def test_an_aerodrome_that_is_told_closed_needs_no_advice():
    events = [*HOUR, here("aerodrome_closed", 0), here("aerodrome_reopened", 60)]
    found = account(bundle([asked("closed in all")], events=events))
    assert answer(found) == "FYLZ was closed for 1 h in all."
    assert not advices(found)
