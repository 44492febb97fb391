"""What would settle a question, as of an hour before anybody knew of it: a marina and its harbour camera."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from laid_out import account, at, bundle, question

CAMERA = "the harbour camera, kept ten days"


def settled_by(minute, **more):
    asked = question("presence", settled_by=CAMERA, known_utc=at(0), **more)
    laid = bundle([asked], [])
    return account(laid, as_of_utc=None if minute is None else at(minute)).conclusions["discriminator"][0]


def test_an_observation_is_not_named_before_it_is_known():
    known = {"settled_by_known_utc": at(600)}
    assert [settled_by(minute, **known) == CAMERA for minute in (60, 599, 600, None)] == [False, False, True, True]
    assert settled_by(60, **known)  # the rule of its kind says what would


def test_without_a_time_of_its_own_it_is_known_with_the_question():
    assert settled_by(60) == CAMERA


def test_a_bare_date_is_the_whole_day():
    end = datetime(at(0).year, at(0).month, at(0).day, tzinfo=UTC) + timedelta(days=1)
    asked = question("presence", settled_by=CAMERA, known_utc=at(0), settled_by_known_utc=end)
    found = account(bundle([asked], []), as_of_utc=end).conclusions["discriminator"][0]
    assert found == CAMERA
