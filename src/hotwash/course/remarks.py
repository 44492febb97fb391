"""All remarks on a bundle, from whichever rule."""

from __future__ import annotations

import polars as pl

from hotwash.course.course import Course, survey_course
from hotwash.course.orders import find_impossible_orders, impossible_tellings, sort_remarks
from hotwash.model.incident import Bundle


def find_remarks(bundle: Bundle, course: Course | None = None) -> pl.DataFrame:
    """Return BUNDLE_REMARKS: what cannot be as it stands, and what was taken so and should be looked at.

    course   the course of events of that bundle, where it is known already
    """
    surveyed = course or survey_course(bundle, impossible=impossible_tellings(bundle))
    return sort_remarks([*find_impossible_orders(bundle).to_dicts(), *surveyed.remarks.to_dicts()])
