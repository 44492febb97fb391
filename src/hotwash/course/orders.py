"""Impossible orders: what in a bundle cannot be as it stands, each with what is wrong and what to do.

Bundle ─▶ dossier ─┬─ early_tellings    known, published, said, explained before it happened; outside the window
                   ├─ event_orders      ends before beginnings, causes after effects, occasions hours apart or untold
                   ├─ printed_orders    clocks, weekdays, hours that come twice, summer time in winter
                   ├─ shifted_clocks    times of one event exactly a zone's offset apart
                   ├─ log_totals        totals that the same log's entries do not give
                   ├─ sensor_records    what a sensor marked, told as a number of things
                   ├─ other_objects     a balloon of which nobody says that it was of that night
                   ├─ differing_reviews a review that is said to repeat those with whom it disagrees
                   ├─ replaced_numbers  a number that replaces one of something else
                   ├─ stand_ins         what a template left to be filled in; aerodromes that no list has
                   └─ sums              parts that do not add up ─────────────────────────────▶ BUNDLE_REMARKS

Nothing is corrected here, and nothing rejected: a remark says what to look at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain

import polars as pl

from hotwash.course import (
    differing_reviews,
    early_tellings,
    event_orders,
    log_totals,
    other_objects,
    printed_orders,
    replaced_numbers,
    sensor_records,
    shifted_clocks,
    stand_ins,
    sums,
)
from hotwash.course.dossier import Dossier, open_dossier
from hotwash.model import schema, tables
from hotwash.model.incident import Bundle

Remark = dict[str, object]
_RULES: tuple[Callable[[Dossier], Iterator[Remark]], ...] = (
    early_tellings.find_early_ends,
    early_tellings.find_early_explanations,
    early_tellings.find_early_sayings,
    early_tellings.find_outside,
    early_tellings.find_page_dates,
    event_orders.find_below_zero,
    event_orders.find_early_reopenings,
    event_orders.find_part_reopenings,
    event_orders.find_late_causes,
    event_orders.find_hours_apart,
    event_orders.find_untold_occasions,
    printed_orders.find_printed_orders,
    printed_orders.find_repeated_hours,
    shifted_clocks.find_shifted_clocks,
    log_totals.find_log_totals,
    sensor_records.find_sensor_zeros,
    other_objects.find_objects_of_any_night,
    sums.find_wrong_sums,
    replaced_numbers.find_other_scopes,
    differing_reviews.find_differing_reviews,
    stand_ins.find_stand_ins,
    stand_ins.find_unlisted_aerodromes,
)
# The order of a bundle's files, for the order of remarks.
_TABLES = ("incident.toml", "intervals", "sources", "occasions", "claims", "events", "finds", "sightings")


def find_impossible_orders(bundle: Bundle) -> pl.DataFrame:
    """Return BUNDLE_REMARKS: what in a bundle cannot be as it stands, in the order of its tables and names.

    A row that several rules remark stands there once for each: their causes differ.
    """
    return survey_orders(bundle)[2]


def impossible_tellings(bundle: Bundle) -> frozenset[tuple[str, str]]:
    """Return the rows that tell as a fact what had not happened when they were known or published: no evidence.

    returns   table and name of each row; of several rows of one name the earlier ones with a number: ("events", "E1#1")
    """
    return survey_orders(bundle)[0]


def survey_orders(bundle: Bundle) -> tuple[frozenset[tuple[str, str]], Mapping[str, str], pl.DataFrame]:
    """Return what in a bundle cannot be as it stands, from one look.

    returns   the tellings that are impossible as facts; the events that may tell another one in another clock, with
              that one, by event_id; and all remarks
    """
    dossier = open_dossier(bundle)
    early = list(early_tellings.find_early_tellings(dossier))
    impossible = frozenset((entry.table, entry.name) for entry, _ in early)
    found = [*early_tellings.group_by_source(early), *chain.from_iterable(rule(dossier) for rule in _RULES)]
    shifted = {
        weak.name: strong.name
        for one in shifted_clocks.find_shifted_closures(dossier)
        for weak, strong in zip(one.weak, one.strong, strict=True)
    }
    return impossible, shifted, sort_remarks(found)


def sort_remarks(remarks: Sequence[Remark]) -> pl.DataFrame:
    """Return remarks as BUNDLE_REMARKS, by table, row and kind."""
    ordered = sorted(remarks, key=lambda one: (_rank(one), str(one["row_id"]), str(one["kind"]), str(one["text"])))
    return schema.frame(tables.BUNDLE_REMARKS, ordered)


def _rank(one: Remark) -> tuple[int, str]:
    table = str(one["table"])
    return (_TABLES.index(table) if table in _TABLES else len(_TABLES), table)
