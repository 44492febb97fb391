"""Errors that an instructor counted stand beside the machine's result; a scheme that is asked for fails an attempt."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hotwash.errors import ReadError
from hotwash.model import schema, tables
from hotwash.score import marking

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def marks(**errors):
    rows = [
        {"attempt_id": "a", "marked_by": "i1", "marked_utc": NOW, "error_class": name}
        for name, count in errors.items()
        for _ in range(count)
    ]
    return schema.frame(tables.MARKS, [{"mark_id": at, **row} for at, row in enumerate(rows)])


@pytest.mark.parametrize(
    ("errors", "result"),
    [
        ({"minor": 6, "major": 2}, "GO"),
        ({"minor": 7}, "NO-GO"),
        ({"major": 3}, "NO-GO"),
        ({"safety": 1}, "NO-GO"),
        ({}, "GO"),
    ],
)
def test_the_guide_fails_at_seven_minor_three_major_or_one_safety_error(errors, result):
    assert marking.count_marks(marks(**errors), marking.load_scheme("gvc")).result == result


def test_without_a_scheme_errors_are_counted_and_nothing_is_passed():
    found = marking.count_marks(marks(minor=9), None)
    assert (found.errors["minor"], found.result) == (9, None)


def test_a_void_attempt_has_no_result():
    void = schema.frame(
        tables.MARKS,
        [{"mark_id": 0, "attempt_id": "a", "marked_by": "i1", "marked_utc": NOW, "is_void": True, "comment": "rain"}],
    )
    found = marking.count_marks(void, marking.load_scheme("gvc"))
    assert found.is_void
    assert found.result is None


OWN = 'name = "own"\ntitle = "Ours"\nsource = "us"\nconfidence = "high"\n[fail_at]\n'


def test_a_school_counts_by_its_own_scheme():
    assert marking.count_marks(marks(major=1), marking.parse(OWN + "major = 1", name="own.toml")).result == "NO-GO"
    assert marking.count_marks(marks(minor=99), marking.parse(OWN + "major = 1", name="own.toml")).result == "GO"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (OWN + "grave = 1", "key grave: is not a class of error"),
        (OWN + "minor = 0", "1 or more"),
        (OWN, "say at how many errors"),
        (OWN.replace("title", "titel"), "key title"),
        ("name =", "is not valid TOML"),
    ],
)
def test_a_scheme_that_cannot_be_is_refused_with_the_key(text, said):
    with pytest.raises(ReadError, match=said):
        marking.parse(text, name="own.toml")


def test_an_unknown_scheme_is_refused_with_those_that_there_are():
    with pytest.raises(ReadError, match="gvc"):
        marking.load_scheme("abc")
