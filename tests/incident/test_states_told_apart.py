"""Statements on a state are held against one another where they speak of one time; own kinds of events move nothing."""

from __future__ import annotations

import pytest
from laid_out import account, at, bundle, claim, clock, event, question

GRADES = {"S-TOWER": "A", "S-PORT": "B", "S-PRESS": "B"}
FIELD = "GVAC"


def said(value, first, last, *, by, source, name):
    return claim(
        value, by=by, source=source, claim_id=name, said=2000, at_utc_low=at(first), at_utc_high=at(last)
    )  # fmt: skip


def laid(asked, *claims, **more):
    found = account(bundle([asked], claims, grades=GRADES, **more))
    verdicts = dict(found.findings.select("claim_id", "verdict").rows())
    return found.conclusions.filter(question_id="Q").row(0, named=True), verdicts


@pytest.mark.parametrize(("first", "standing"), [(20, "disputed"), (1500, "likely")])
def test_two_words_of_two_days_are_no_dispute(first: int, standing: str):
    row, verdicts = laid(
        question("status", subject_id=FIELD),
        said("closed", 10, 40, by="Port", source="S-PORT", name="C-1"),
        said("restricted", first, first + 60, by="Press", source="S-PRESS", name="C-2"),
    )
    assert row["standing"] == standing
    is_apart = standing == "likely"
    assert set(verdicts.values()) == {"uncorroborated" if is_apart else "not_testable"}
    assert ("between" in row["answer"]) == is_apart


@pytest.mark.parametrize(
    ("kind", "moved"),
    [("departure", True), ("landings", True), ("departure_stopped", False), ("landing_lights_seen", False)],
)
def test_only_the_kinds_of_the_manual_are_movements_while_closed(kind: str, moved: bool):
    events = [
        event("aerodrome_closed", 10, subject_id=FIELD),
        event("aerodrome_reopened", 70, subject_id=FIELD),
        event(kind, 30, subject_id=FIELD),
    ]
    row, _ = laid(question("status", subject_id=FIELD), events=events)
    assert ("while closed" in row["answer"]) == moved


def test_what_had_not_come_when_somebody_looked_is_not_said_to_have_come_late():
    row, _ = laid(
        question("time", "utc", subject_id="radar_working"),
        claim(clock(100), "less_than", by="Port", source="S-PORT", claim_id="C-1", said=-900, told_as="forecast"),
        claim(clock(3000), "more_than", by="Board", source="S-PRESS", claim_id="C-2", said=3000),
    )
    assert row["answer"].endswith("it had not come by then.")
