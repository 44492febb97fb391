"""The calendar's rule of thumb: it grows with passes, shrinks with misses, and says what it is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hotwash.model.mastery import Trial
from hotwash.skills.schedule import LABEL, due

START = datetime(2026, 1, 1, tzinfo=UTC)


def on(day: float, outcome: str = "GO") -> Trial:
    return Trial(START + timedelta(days=day), f"a{day}", outcome)


def test_it_reads_nine_tenths_when_it_is_due_and_one_at_once():
    first = due([on(0)], START)
    assert first.recall == 1.0
    assert due([on(0)], first.due_utc).recall == pytest.approx(0.9)


def test_a_pass_when_due_doubles_the_days_and_a_miss_halves_them():
    assert due([on(0), on(14)], START + timedelta(days=14)).stability_days == 28.0
    assert due([on(0), on(14), on(15, "NO-GO")], START + timedelta(days=15)).stability_days == 14.0


def test_cramming_gains_little():
    assert due([on(0), on(0.1), on(0.2)], START + timedelta(days=1)).stability_days < 15.0


def test_no_opportunity_and_what_is_yet_to_come_change_nothing():
    assert due([on(0), on(3, "NO OPPORTUNITY"), on(90)], START + timedelta(days=5)) == due(
        [on(0)], START + timedelta(days=5)
    )
    assert due([on(3, "NO DATA")], START + timedelta(days=5)) is None


def test_it_says_what_it_is_not():
    assert due([on(0)], START).label == LABEL
    assert "not evidence" in LABEL
