"""A closure that still runs, after others that were reopened: since when, and how often before."""

from __future__ import annotations

from concluding import conclusion, question, state

STATUS = question("status", subject_id="EDDV")
FIRST, SECOND = state("closed", "19:00", "19:10"), state("closed", "20:00", "20:30")
RUNNING = state("closed", "22:00", None)


def answer(*states) -> str:
    return conclusion(STATUS, states=states)["answer"]


def test_a_closure_that_runs_is_said_since_its_closing_and_the_reopened_ones_before_it():
    assert answer(FIRST, SECOND, RUNNING) == (
        "EDDV has been closed since 22:00, as far as anybody tells; "
        "closed twice before, 19:00 to 19:10 and 20:00 to 20:30."
    )


def test_of_many_reopened_closures_the_first_closing_and_the_last_reopening_are_said():
    more = [state("closed", f"20:{minute}", f"20:{minute + 5}") for minute in (35, 45)]
    assert "closed four times before, between 19:00 and 20:50" in answer(FIRST, SECOND, *more, RUNNING)


def test_no_reopening_that_is_told_is_said_not_to_be():
    assert "nobody tells" not in answer(FIRST, SECOND, RUNNING)


def test_a_runway_that_runs_closed_again_is_named():
    earlier = state("runway_closed", "19:00", "19:10", part="09L")
    running = state("runway_closed", "22:00", None, part="09L")
    assert answer(earlier, running).startswith("Runway 09L of EDDV has been closed since 22:00")
    assert "closed once before, 19:00 to 19:10" in answer(earlier, running)


def test_one_closure_without_a_reopening_has_no_others_before_it():
    assert answer(RUNNING) == "EDDV was closed from 22:00; nobody tells when it was reopened."
