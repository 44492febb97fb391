"""All remarks on a bundle, from whichever rule."""

from __future__ import annotations

import polars as pl

from hotwash.course.orders import find_impossible_orders
from hotwash.model.incident import Bundle


def find_remarks(bundle: Bundle) -> pl.DataFrame:
    """Return BUNDLE_REMARKS: what cannot be as it stands, and what was taken so and should be looked at."""
    return find_impossible_orders(bundle)
