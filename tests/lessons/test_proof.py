"""What attempts prove: the five results, and each guard against fooling oneself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import chain
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trying import BY_PEOPLE, NAMED, NOW, WARNED, flown, frames_of, history, proved, scored

from hotwash.lessons.proof import verify
from hotwash.model import schema, tables
from hotwash.model.guards import Guard
from hotwash.model.objective import Reference, Rule, Standard

A_DAY = timedelta(days=1)
LATER = NAMED + 30 * A_DAY  # when a second round is named: all of the first is over
AT_FOUR_FIFTHS = replace(WARNED, rule=Rule(of_subjects=6, share=0.8))
SIX_SHOW = 0.5794  # the share x at which six passes are worth 1/0.05: x^-6 / 2 + ((1 - (1 - x) / 4) / x)^6 / 2 = 20

# ---------------------------------------------------------------- the five results


def test_six_of_six_hold_and_it_says_where_and_for_whom():
    proof = proved(flown("++++++"))
    assert (proof.result, proof.passes, proof.trials) == ("HOLDS", 6, 6)
    assert proof.lower_90 == pytest.approx(SIX_SHOW, abs=1e-4)
    assert proof.says == "holds in this exercise; shown for the procedure, not for people"
    assert proof.rows == tuple(f"attempts:a{number}" for number in range(6))


def test_one_miss_in_six_does_not_hold_and_one_in_eight_does():
    assert proved(flown("+++-++")).result == "DOES NOT HOLD"
    assert proved(flown("+++-++++")).result == "HOLDS"


@pytest.mark.parametrize(("marks", "of_fewer"), [("+" * 15, "+" * 14), ("-" + "+" * 30, "-" + "+" * 29)])
def test_four_fifths_take_fifteen_passes_or_thirty_of_thirty_one(marks: str, of_fewer: str):
    assert proved(flown(marks), AT_FOUR_FIFTHS).result == "HOLDS"
    assert proved(flown(of_fewer), AT_FOUR_FIFTHS).result != "HOLDS"


def test_five_passes_are_not_enough_evidence_and_it_says_what_is_missing():
    proof = proved(flown("+++++"))
    assert proof.result == "NOT ENOUGH EVIDENCE"
    assert "t least 1 more run is needed" in proof.why


def test_nothing_named_is_not_enough_evidence():
    proof = proved([])
    assert (proof.result, proof.passes, proof.trials, proof.lower_90) == ("NOT ENOUGH EVIDENCE", 0, 0, None)


def test_evidence_older_than_its_life_is_stale():
    old = NOW + timedelta(days=400)
    assert proved(flown("++++++"), when=NOW).until_utc == NAMED + 6 * A_DAY + timedelta(hours=1) + timedelta(days=365)
    proof = proved(flown("++++++"), when=old)
    assert proof.result == "STALE"
    assert "It held; the evidence was valid until" in proof.why
    assert proof.says == ""


def test_what_held_once_and_failed_later_is_lost():
    proof = proved(flown("++++++") + flown("--++++", named=LATER, name="b"))
    assert proof.result == "LOST"
    assert (proof.passes, proof.trials) == (4, 6)


def test_what_failed_first_and_held_later_holds_and_says_how_often_it_was_tried():
    proof = proved(flown("--++++") + flown("++++++", named=LATER, name="b"))
    assert proof.result == "HOLDS"
    assert "It was tried in 2 rounds; 1 of the earlier ones did not hold." in proof.why
    assert [one.result for one in proof.rounds] == ["DOES NOT HOLD", "HOLDS"]
    assert [one.level for one in proof.rounds] == pytest.approx([1 / 20, 1 / 60])


def test_a_newer_round_that_does_not_decide_yet_leaves_what_was_shown():
    proof = proved(flown("++++++") + flown("++....", named=LATER, name="b"))
    assert proof.result == "HOLDS"
    assert "Newer attempts are planned but not yet decisive." in proof.why


def test_it_does_not_hold_as_soon_as_no_further_pass_could_mend_it():
    assert proved(flown("-......")).result == "DOES NOT HOLD"
    assert proved(flown("-.......")).result == "NOT ENOUGH EVIDENCE"


# ---------------------------------------------------------------- guards against fooling oneself


@pytest.mark.parametrize("mark", ["o", "?"])
def test_no_opportunity_and_no_data_are_no_passes(mark: str):
    proof = proved(flown("+++++" + mark))
    assert (proof.result, proof.passes, proof.trials) == ("NOT ENOUGH EVIDENCE", 5, 6)
    assert "1 showed neither a pass nor a miss" in proof.why


def test_an_attempt_without_a_score_is_no_data():
    rows = flown("++++++")
    rows[2]["score"] = None
    assert proved(rows).result == "NOT ENOUGH EVIDENCE"


def test_a_value_in_another_unit_is_no_data():
    rows = flown("++++++")
    rows[2]["score"]["unit"] = "min"
    assert proved(rows).result == "NOT ENOUGH EVIDENCE"


def test_a_value_counts_only_where_the_occasion_came():
    asked = replace(WARNED, opportunity="detected")
    rows = flown("++++++")
    came = [scored(row, "detected", 2.0) for row in rows]
    assert proved(rows, asked, more_scores=came).result == "HOLDS"
    never = [*came[:5], scored(rows[5], "detected", 0.0)]
    assert "1 attempt: NO OPPORTUNITY" in proved(rows, asked, more_scores=never).why
    assert "1 attempt: NO DATA" in proved(rows, asked, more_scores=came[:5]).why


def test_an_abandoned_attempt_is_a_miss():
    proof = proved(flown("+++++a"))
    assert proof.result == "DOES NOT HOLD"
    assert "1 attempt: abandoned." in proof.why


def test_an_attempt_that_was_left_under_way_is_a_miss_after_a_day():
    rows = flown("++++++")
    rows[5] |= {"state": "started", "ended_utc": None, "score": None}
    began = rows[5]["started_utc"]
    assert proved(rows, when=began + timedelta(hours=2)).result == "NOT ENOUGH EVIDENCE"
    assert proved(rows, when=began + timedelta(hours=25)).result == "DOES NOT HOLD"


def test_an_attempt_is_void_only_with_a_reason():
    rows = flown("+++++a") + flown("+", name="b", start=7)
    rows[5] |= {"state": "void", "void_by": "i7", "void_why": "the simulator stopped"}
    proof = proved(rows)
    assert (proof.result, proof.trials) == ("HOLDS", 6)
    assert "1 attempt does not count: void: the simulator stopped." in proof.why
    rows[5]["void_why"] = " "
    assert proved(rows).result == "DOES NOT HOLD"


def test_a_failed_attempt_that_is_struck_from_the_list_still_counts():
    rows = flown("++++++-")
    kept = replace(WARNED, attempts=tuple(row["attempt_id"] for row in rows[:6]))
    assert proved(rows, kept).result == "DOES NOT HOLD"


def test_an_attempt_named_after_it_was_flown_does_not_count():
    rows = flown("++++++")
    rows[0]["named_utc"] = rows[0]["started_utc"] + A_DAY
    proof = proved(rows)
    assert (proof.result, proof.trials) == ("NOT ENOUGH EVIDENCE", 5)
    assert "not named before it was flown" in proof.why


def test_an_attempt_that_another_objective_named_counts_from_when_this_one_did():
    rows = flown("++++++", objective_id="another")
    assert proved(rows, replace(WARNED, named_utc=NAMED)).result == "HOLDS"
    assert proved(rows, replace(WARNED, named_utc=NOW)).trials == 0


def test_practice_never_counts():
    assert proved(flown("++++++", is_test=False)).trials == 0


def test_a_policys_attempts_never_count_for_people():
    rows = flown("++++++", subject="person", policy="rule-book")
    proof = proved(rows, BY_PEOPLE)
    assert (proof.result, proof.trials) == ("NOT ENOUGH EVIDENCE", 0)
    assert "never counts for people" in proof.why
    assert proved(flown("++++++"), BY_PEOPLE).trials == 0


def test_repeated_tries_of_one_person_add_no_person():
    rows = flown("++++++", subject="person", subject_id="p1")
    assert proved(rows, BY_PEOPLE).trials == 1


def test_a_person_who_passes_at_the_second_try_has_failed():
    rows = flown("++++++", subject="person") + flown("-+", subject="person", name="b", start=8, subject_id="bp")
    proof = proved(rows, BY_PEOPLE)
    assert (proof.passes, proof.trials) == (6, 7)


def test_each_subject_meets_their_own_rule_and_the_bound_is_on_the_share_of_subjects():
    two_of_three = replace(BY_PEOPLE, rule=Rule(of_subjects=6, share=0.4, passes=2, of_trials=3))
    each = [flown(marks, subject="person", name=name, subject_id=name)
            for name, marks in zip("abcdef", ["++-", "+-+", "+++", "++-", "-++", "++-"], strict=True)]  # fmt: skip
    proof = proved(list(chain(*each)), two_of_three)
    assert (proof.result, proof.passes, proof.trials) == ("HOLDS", 6, 6)
    each[0] = flown("+--", subject="person", name="a", subject_id="a")
    assert proved(list(chain(*each)), two_of_three).result == "DOES NOT HOLD"


def test_seeds_are_drawn_new_for_each():
    again = flown("+++++", seeds=1) + flown("+", name="b", seeds=3, start=7)
    proof = proved(again)
    assert (proof.result, proof.passes) == ("NOT ENOUGH EVIDENCE", 5)
    assert "flown with a seed that was used before: draw new ones" in proof.why


def test_a_miss_with_a_used_seed_stays_a_miss_even_while_it_is_open():
    assert proved(flown("++++++", seeds=1) + flown("-", name="b", seeds=3, start=7)).result == "DOES NOT HOLD"


def test_two_people_on_one_seed_are_not_two_draws():
    assert proved(flown("++++++", subject="person", seed=7), BY_PEOPLE).result == "NOT ENOUGH EVIDENCE"


def test_a_person_who_practised_with_the_seed_shows_nothing_with_it():
    rows = flown("++++++", subject="person")
    practice = [{**rows[0], "attempt_id": "x", "is_test": False, "objective_id": None,
                 "started_utc": NAMED - A_DAY, "ended_utc": NAMED - A_DAY}]  # fmt: skip
    proof = proved(rows + practice, BY_PEOPLE)
    assert (proof.result, proof.passes) == ("NOT ENOUGH EVIDENCE", 5)
    assert "had flown this seed before" in proof.why


@pytest.mark.parametrize(
    "other", [{"exercise_version": "2"}, {"exercise": "day"}, {"seat": "tower"}, {"setting": "field"}]
)
def test_another_version_exercise_seat_or_setting_is_no_pass(other: dict[str, str]):
    rows = flown("++++++")
    rows[5] |= other
    assert proved(rows).result == "NOT ENOUGH EVIDENCE"


def test_what_is_flown_outside_the_window_or_not_at_all_is_no_pass():
    window = replace(WARNED, window_from_utc=NAMED, window_until_utc=NAMED + 5.5 * A_DAY)
    assert "1 attempt: flown outside its window" in proved(flown("++++++"), window).why
    proof = proved(flown("+++++."), window)
    assert (proof.passes, proof.trials) == (5, 6)
    assert "named, but not flown in its window" in proof.why


def test_nobody_stops_while_it_goes_well():
    assert proved(flown("++++++........")).result == "NOT ENOUGH EVIDENCE"


def test_what_is_named_before_a_round_is_decided_belongs_to_it():
    rows = flown("++-...", name="a") + flown("......", name="b", named=NAMED + 2 * A_DAY)
    proof = proved(rows)
    assert (proof.result, [one.trials + one.waiting for one in proof.rounds]) == ("NOT ENOUGH EVIDENCE", [12])


def test_nine_more_that_are_named_before_the_sixth_ends_mend_no_miss():
    """Six with one miss did not hold; naming nine more while the sixth was under way made it 14 of 15, which held."""
    six, nine = flown("++-+++"), flown("+" * 9, name="b", named=NAMED + 5.5 * A_DAY)
    proof = proved(six + nine, AT_FOUR_FIFTHS)
    assert proof.result == "DOES NOT HOLD"
    assert [(one.result, one.passes, one.trials) for one in proof.rounds] == [
        ("DOES NOT HOLD", 5, 6), ("NOT ENOUGH EVIDENCE", 9, 9),
    ]  # fmt: skip
    assert proof.rounds[0].decided_utc == NAMED + 3 * A_DAY + timedelta(hours=1)


def test_a_void_after_the_decision_does_not_reopen_a_round_and_one_before_does_count():
    rows = flown("++-+++")
    decided = rows[2]["ended_utc"]
    rows[2] |= {"state": "void", "void_by": "i7", "void_why": "the wind was wrong", "void_utc": decided + A_DAY}
    proof = proved(rows)
    assert (proof.result, proof.passes, proof.trials) == ("DOES NOT HOLD", 5, 6)
    assert "1 attempt: declared void after its round was decided, so it counts." in proof.why
    rows[2]["void_utc"] = decided - timedelta(minutes=1)
    proof = proved(rows)
    assert (proof.result, proof.passes, proof.trials) == ("NOT ENOUGH EVIDENCE", 5, 5)
    assert "1 attempt does not count: void: the wind was wrong." in proof.why


def test_a_void_in_a_round_that_is_open_takes_its_pass_or_miss_away():
    rows = flown("++-+++..")
    rows[2] |= {"state": "void", "void_by": "i7", "void_why": "the wind was wrong", "void_utc": NAMED + 40 * A_DAY}
    assert proved(rows, when=NAMED + 39 * A_DAY).rounds[0].trials == 6
    (round_,) = proved(rows, when=NAMED + 41 * A_DAY).rounds
    assert (round_.passes, round_.trials, round_.waiting) == (5, 5, 2)


def test_an_open_attempt_of_somebody_who_has_passed_may_still_fail_them():
    rows = flown("++++++", subject="person") + flown(".", subject="person", name="b", subject_id="ap0")
    assert proved(rows, BY_PEOPLE).result == "NOT ENOUGH EVIDENCE"


def test_a_naming_after_the_decision_opens_a_round_and_leaves_the_decided_one():
    first = proved(flown("++++++")).rounds
    later = proved(flown("++++++") + flown("-.........", named=LATER, name="b")).rounds
    assert later[:1] == first
    assert (later[1].number, later[1].result) == (2, "NOT ENOUGH EVIDENCE")


def test_another_objective_that_asks_the_same_is_named_with_its_rounds():
    rows = flown("+++-++") + flown("++++++", name="b", named=LATER, objective_id="again")
    again = replace(WARNED, objective_id="again")
    proofs = verify([WARNED, again], *frames_of(rows), when_utc=NOW)
    assert [one.result for one in proofs] == ["DOES NOT HOLD", "HOLDS"]
    assert "Objective warned asks the same: 1 round, DOES NOT HOLD" in proofs[1].why
    other = replace(again, exercise_version="2")
    assert "asks the same" not in verify([WARNED, other], *frames_of(rows), when_utc=NOW)[1].why


# ---------------------------------------------------------------- guards: one number is not had at any price

GUARDED = replace(
    WARNED, guards=(Guard("km2", "km2_min", "at_most", 10_000.0), Guard("false", "count", "at_most", 1.0))
)


def guarding(
    rows: Sequence[dict[str, Any]], km2: float | None = 4_000.0, false: float | None = 0.0
) -> list[dict[str, Any]]:
    return [
        scored(row, measure, value) | {"unit": unit}
        for row in rows
        for measure, value, unit in (("km2", km2, "km2_min"), ("false", false, "count"))
    ]


def test_an_attempt_that_breaks_a_guard_is_a_miss_that_names_it():
    rows = flown("++++++")
    assert proved(rows, GUARDED, more_scores=guarding(rows)).result == "HOLDS"
    wide = guarding(rows[:5]) + guarding(rows[5:], km2=7.85e6)
    proof = proved(rows, GUARDED, more_scores=wide)
    assert (proof.result, proof.passes) == ("DOES NOT HOLD", 5)
    assert "1 attempt: a guard is broken: km2 was 7850000.0, at most 10000.0 km2_min required." in proof.why
    assert proof.decides.endswith("km2 at most 10000 km2_min; false at most 1 count.")


def test_a_guard_without_a_figure_is_no_pass():
    rows = flown("++++++")
    untold = guarding(rows[:5]) + guarding(rows[5:], km2=None)
    proof = proved(rows, GUARDED, more_scores=untold)
    assert (proof.result, proof.passes) == ("NOT ENOUGH EVIDENCE", 5)
    assert "1 attempt: NO DATA for a guard: km2 at most 10000 km2_min." in proof.why
    other_unit = [one | {"unit": "people"} if one["measure"] == "km2" else one for one in guarding(rows)]
    assert proved(rows, GUARDED, more_scores=other_unit).passes == 0


def test_a_guard_whose_occasion_did_not_come_is_kept():
    rows = flown("++++++")
    never = [one | {"value": None, "opportunity": "no"} if one["measure"] == "km2" else one for one in guarding(rows)]
    assert proved(rows, GUARDED, more_scores=never).result == "HOLDS"


def test_a_broken_guard_is_a_miss_even_where_the_measure_had_no_opportunity():
    rows = flown("o+++++")
    broken = guarding(rows[:1], false=9.0) + guarding(rows[1:])
    assert proved(rows, GUARDED, more_scores=broken).result == "DOES NOT HOLD"
    assert proved(rows, GUARDED, more_scores=guarding(rows)).result == "NOT ENOUGH EVIDENCE"


def test_a_miss_that_keeps_its_guards_stays_a_miss():
    rows = flown("+++++-")
    assert proved(rows, GUARDED, more_scores=guarding(rows)).result == "DOES NOT HOLD"


HABITS = {
    "one at a time": (1, False), "six at a time": (6, False), "fifteen at a time": (15, False),
    "nine more before the sixth ends": (6, True),
}  # fmt: skip


@pytest.mark.parametrize("habit", HABITS)
def test_a_share_of_seven_tenths_is_called_four_fifths_in_less_than_one_case_of_ten(habit: str):
    """400 histories of 60 attempts, looked at after each: 0.10 is the promise for histories without end."""
    at_once, is_sly = HABITS[habit]
    rng = np.random.default_rng(7)
    objectives, rows = [], []
    for number in range(400):
        name = f"o{number}"
        objectives.append(replace(AT_FOUR_FIFTHS, objective_id=name))
        rows += history(name, rng.random(60) < 0.7, at_once=at_once, is_sly=is_sly)
    found = verify(objectives, *frames_of(rows), when_utc=NOW)
    assert sum(any(one.result == "HOLDS" for one in proof.rounds) for proof in found) < 0.1 * len(found)


def test_a_no_go_by_the_exercises_own_marks_is_no_pass():
    rows = flown("++++++")
    rows[0]["score"]["result"] = "NO-GO"
    assert proved(rows).result == "DOES NOT HOLD"


def test_groups_of_people_under_five_are_not_shown():
    proof = proved(flown("+++-", subject="person"), BY_PEOPLE)
    assert (proof.passes, proof.lower_90, proof.rows, proof.trials) == (None, None, (), 4)
    assert "Fewer than five were tried" in proof.why
    assert proved(flown("+++-+", subject="person"), BY_PEOPLE).passes == 4


# ---------------------------------------------------------------- reference and effect


def test_the_figure_of_the_night_stands_beside_it_and_is_no_effect():
    night = Reference(27_000.0, "s", None, 27_300.0, ("durations:violation to warning",))
    proof = proved(flown("++++++"), replace(WARNED, reference=night))
    assert (proof.reference, proof.reference_high) == (27_000.0, 27_300.0)
    assert (proof.effect, proof.effect_low, proof.effect_high) == (None, None, None)


def test_an_effect_is_given_between_rounds_on_the_same_exercise_version():
    rows = flown("------") + flown("++++++", named=LATER, name="b")
    proof = proved(rows)
    assert (proof.effect, proof.effect_low, proof.effect_high) == (-600.0, -600.0, -600.0)
    for row in rows[:6]:
        row["exercise_version"] = "0"
    assert proved(rows).effect is None


def test_a_time_that_never_came_is_a_miss_and_leaves_no_effect():
    rows = flown("------") + flown("++++++", named=LATER, name="b")
    rows[0]["score"] |= {"value": None, "result": "NO-GO"}
    assert proved(rows).effect is None
    assert proved(rows[:6]).result == "DOES NOT HOLD"


def test_too_few_earlier_attempts_give_no_effect():
    assert proved(flown("-") + flown("++++++", named=LATER, name="b")).effect is None


# ---------------------------------------------------------------- laws

MARKS = st.text(alphabet="+-o?a.", max_size=16)


@given(MARKS, MARKS, st.integers(0, 1000))
@settings(max_examples=30, deadline=None)
def test_the_order_of_rows_does_not_matter(first: str, second: str, dice: int):
    rows = flown(first) + flown(second, named=LATER, name="b")
    assert proved(rows, shuffle=dice) == proved(rows)


@given(st.text(alphabet="+-o?a", max_size=16))
@settings(max_examples=30, deadline=None)
def test_another_pass_never_lowers_the_bound_nor_undoes_what_holds(marks: str):
    before, after = proved(flown(marks)), proved(flown(marks + "+"))
    assert (after.lower_90 or 0.0) >= (before.lower_90 or 0.0)
    assert after.holds or not before.holds


@given(MARKS)
@settings(max_examples=30, deadline=None)
def test_another_miss_never_makes_it_hold(marks: str):
    assert proved(flown(marks)).holds or not proved(flown(marks + "-")).holds


@given(st.text(alphabet="+-o?a", max_size=16))
@settings(max_examples=30, deadline=None)
def test_turning_no_data_into_a_pass_is_never_worse_than_leaving_it(marks: str):
    assert proved(flown(marks.replace("?", "+"))).holds or not proved(flown(marks)).holds


def test_many_objectives_are_each_answered_as_if_alone():
    rows = flown("++++++") + flown("+-++++", name="b", objective_id="two")
    attempts, scores = frames_of(rows)
    two = replace(WARNED, objective_id="two", standard=Standard("at_most", 1500.0), lesson_id="L-2")
    found = verify([WARNED, two], attempts, scores, when_utc=NOW)
    assert [one.result for one in found] == ["HOLDS", "HOLDS"]
    assert found[0] == verify([WARNED], attempts, scores, when_utc=NOW)[0]
    assert not verify([], pl.DataFrame(schema=tables.ATTEMPTS.schema), schema.empty(tables.SCORES), when_utc=NOW)
