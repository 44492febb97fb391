"""All remarks on a bundle: what cannot be as it stands, and what was taken so and should be looked at."""

from __future__ import annotations

import polars as pl

from hotwash.course.course import survey_course
from hotwash.course.orders import find_impossible_orders, impossible_tellings, sort_remarks
from hotwash.model.incident import Bundle


def find_remarks(bundle: Bundle) -> pl.DataFrame:
    """Return BUNDLE_REMARKS on a bundle: its impossible orders, and what its course of events was taken for."""
    return join_remarks(bundle, survey_course(bundle, impossible=impossible_tellings(bundle)).remarks)


def join_remarks(bundle: Bundle, taken: pl.DataFrame) -> pl.DataFrame:
    """Return BUNDLE_REMARKS: impossible orders together with what the course of events was taken for, sorted.

    taken   the remarks of `survey_course` on the same bundle
    """
    return sort_remarks([*find_impossible_orders(bundle).to_dicts(), *taken.to_dicts()])
