"""A bundle looked through once: its course of events, and all remarks on it, from whichever rule."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from hotwash.course.course import Course, survey_course
from hotwash.course.orders import sort_remarks, survey_orders
from hotwash.model.incident import Bundle


def survey_bundle(bundle: Bundle, *, as_of_utc: datetime | None = None) -> tuple[Course, pl.DataFrame]:
    """Return the course of events of a bundle, and BUNDLE_REMARKS on it.

    bundle      as known at a date
    as_of_utc   that date: an order that begins or ends after it has not yet

    A telling that cannot be a fact, because it was known or published before what it tells, is taken as a forecast.
    A closure that may be another source's, printed in another clock, is not counted beside it.
    """
    impossible, shifted, orders = survey_orders(bundle)
    course = survey_course(bundle, impossible=impossible, shifted=shifted, as_of_utc=as_of_utc)
    return course, sort_remarks([*orders.to_dicts(), *course.remarks.to_dicts()])


def find_remarks(bundle: Bundle) -> pl.DataFrame:
    """Return BUNDLE_REMARKS: what cannot be as it stands, and what was taken so and should be looked at."""
    return survey_bundle(bundle)[1]
