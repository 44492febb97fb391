"""Numbers of events with the sums among them: what each leaves by what it tells, and by its parts as they now stand.

8 ─┬─ 6 ◀─ replaced later by 5      the 8 was told before: its parts now give 7
   └─ 2
8 ─┬─ 5 and 2, as when it was told  one of the three is wrong: between 7 and 8
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from hotwash.claims.parts import adds_into, numbered_events
from hotwash.claims.relations import leave_possible
from hotwash.course.overlaps import is_possible_only, overlap_of, unit_of
from hotwash.geo.frames import FloatArray
from hotwash.model.incident import Bundle
from hotwash.model.questions import CountUnit

DEFAULT_ABOUT = (0.1, 1.0)  # "about" of an event, where no question says what it means: 10 %, and at least 1

BoolArray = np.ndarray[Any, np.dtype[np.bool_]]
Row = Mapping[str, Any]
Adds = tuple[tuple[str, str | None, float], ...]  # subject, occasion, the most that a part has


@dataclass(frozen=True, slots=True)
class ToldSums:
    """What numbers leave possible, with their parts.

    low, high           (n,) float64: of a total that its own parts exclude, as wide as both allow
    sum_low, sum_high   (n,) float64: what these add up to there; nan elsewhere
    is_partial          (n,) bool: which are sums of some places, while others are told too: they are no number of all
    is_mended           (n,) bool: which are as their parts give them, since one was replaced after they were told
    adds                of a sum of parts with other subjects: their subjects and occasions, and the most that each has
    """

    low: FloatArray
    high: FloatArray
    sum_low: FloatArray
    sum_high: FloatArray
    is_mended: BoolArray
    is_partial: BoolArray
    adds: tuple[Adds, ...]


def told_sums(told: Sequence[Row], unit: CountUnit, bundle: Bundle, *, about: tuple[float, float]) -> ToldSums:
    """Return what the events that tell numbers of one unit leave possible, with the sums among them.

    about   what "about" means: a share of the number, and an amount
    """
    low, high = bounds_of(told, unit, about)
    sum_low, sum_high = np.full(len(told), math.nan), np.full(len(told), math.nan)
    is_mended, is_partial = np.zeros(len(told), dtype=np.bool_), np.zeros(len(told), dtype=np.bool_)
    adds = [Adds()] * len(told)
    wanted = [place for place, row in enumerate(told) if row["parts"]]
    rows = {name: row for name, (_, row) in numbered_events(bundle).items()} if wanted else {}
    for place in wanted:
        adds[place] = _subjects_added(told[place], unit, rows, about)
        is_partial[place] = _is_partial(told[place], adds[place], unit, bundle, rows)
        least, most, is_mended[place] = bounds_now(told[place], unit, bundle, rows, about=about)
        if is_mended[place]:
            low[place], high[place] = least, most
            continue
        parts = _add_parts(told[place], unit, bundle, rows, about)
        if parts is not None and (parts.fewest > high[place] or parts.most < low[place]):
            sum_low[place], sum_high[place] = parts.least, parts.most
            low[place], high[place] = min(low[place], parts.least), max(high[place], parts.most)
    return ToldSums(low, high, sum_low, sum_high, is_mended, is_partial, tuple(adds))


def bounds_now(
    row: Row,
    unit: CountUnit,
    bundle: Bundle,
    rows: Mapping[str, Row],
    *,
    about: tuple[float, float] = DEFAULT_ABOUT,
    within: frozenset[str] = frozenset(),
) -> tuple[float, float, bool]:
    """Return the least and the most that a number leaves now, and whether that is by its parts and not as it was told.

    rows     the events that tell a number, by name
    within   the sums that it is a part of; one that is a part of itself stands as told

    A sum no longer stands as told where a part was replaced after it, and its parts now exclude it. What it tells as a
    bound stays one: of at least 8 with a part that fell by one, at least 7 are left.
    """
    (low,), (high,) = (side.tolist() for side in bounds_of([row], unit, about))
    if not row["parts"] or row["event_id"] in within:
        return low, high, False
    parts = _add_parts(row, unit, bundle, rows, about, within)
    if parts is None or not parts.is_later or not (parts.fewest > high or parts.most < low):
        return low, high, False
    return (parts.fewest if low > 0.0 else 0.0), (parts.most if math.isfinite(high) else math.inf), True


@dataclass(frozen=True, slots=True)
class _Parts:
    """What parts add up to: as different things, no fewer than where some may be the same, and if one is new."""

    least: float
    most: float
    fewest: float
    is_later: bool


def _add_parts(
    row: Row,
    unit: CountUnit,
    bundle: Bundle,
    rows: Mapping[str, Row],
    about: tuple[float, float],
    within: frozenset[str] = frozenset(),
) -> _Parts | None:
    """Return what the parts of a sum add up to; None where that cannot be said.

    A sum of parts that are told roughly is an interval: 37 ± 3 and 1 do not exclude 38.
    """
    names = tuple(dict.fromkeys(row["parts"]))
    parts = [rows[name] for name in names if name in rows]
    overlap = overlap_of(row, rows, bundle.brief.count_units)
    if len(parts) < len(names) or not adds_into(parts, unit, bundle) or any(part["is_running"] for part in parts):
        return None
    if overlap and not is_possible_only(overlap):
        return None
    inside = within | {row["event_id"]}
    bounds = [bounds_now(part, unit, bundle, rows, about=about, within=inside) for part in parts]
    lows, highs = [low for low, _, _ in bounds], [high for _, high, _ in bounds]
    least = math.fsum(lows)
    fewest = max(lows) if overlap else least  # what may be in two parts may be counted twice
    is_later = any(_replaces_later(part, row) or mended for part, (_, _, mended) in zip(parts, bounds, strict=True))
    return _Parts(least, math.fsum(highs), fewest, is_later)


def _replaces_later(part: Row, whole: Row) -> bool:
    """Tell whether a part stands in place of another that was told before it, when the sum was told."""
    known, before = part["known_utc"], whole["known_utc"]
    return bool(part["supersedes"]) and known is not None and before is not None and known > before


def _subjects_added(row: Row, unit: CountUnit, rows: Mapping[str, Row], about: tuple[float, float]) -> Adds:
    """Return which others a number adds up, where they are of another subject than its own."""
    parts = [rows[name] for name in row["parts"] if name in rows]
    own = [part for part in parts if part["subject_id"] not in (None, row["subject_id"])]
    highs = bounds_of(own, unit, about)[1].tolist()
    return tuple((one["subject_id"], one["occasion_id"], most) for one, most in zip(own, highs, strict=True))


def _is_partial(row: Row, adds: Adds, unit: CountUnit, bundle: Bundle, rows: Mapping[str, Row]) -> bool:
    """Tell whether a sum of several subjects, told of a subject of its own, leaves out one that is told elsewhere.

    What is told in the unit itself is compared with it; here it is what its unit takes in: a delay at another airport
    is a flight affected that an operator's sum of its own airports does not have.
    """
    if not adds or row["subject_id"] is None:
        return False
    related = set(bundle.occasions.filter(pl.col("is_related").fill_null(value=False))["occasion_id"].to_list())
    units, own = bundle.brief.count_units, {(subject, occasion) for subject, occasion, _ in adds}
    whole = {subject for subject, occasion in own if occasion is None}
    for one in rows.values():
        subject, counted = one["subject_id"], unit_of(one, units)
        is_own = subject in (None, row["subject_id"], *whole) or (subject, one["occasion_id"]) in own
        if one["occasion_id"] is None and any(subject == name for name, _ in own):
            continue  # a number of a place as a whole may be of the very occasion that was added
        is_taken_in = counted is not None and counted.name in unit.takes_in
        if is_taken_in and not is_own and one["value"] and one["occasion_id"] not in related:
            return True
    return False


def are_covered(
    subjects: Sequence[str | None], occasions: Sequence[str | None], low: Sequence[float], adds: Sequence[Adds]
) -> BoolArray:
    """Return which numbers are within a sum of another subject, (n,) bool: they are not added to it once more."""
    most: dict[tuple[str | None, str | None], float] = {}
    for subject, occasion, high in (part for one in adds for part in one):
        most[subject, occasion] = max(high, most.get((subject, occasion), 0.0))
    keys = zip(subjects, occasions, low, strict=True)
    return np.array([least <= most.get((subject, occasion), -1.0) for subject, occasion, least in keys], dtype=np.bool_)


def bounds_of(rows: Sequence[Row], unit: CountUnit, about: tuple[float, float]) -> tuple[FloatArray, FloatArray]:
    """Return the least and the most that each number itself tells, (n,) float64, whatever stands beside it."""
    if not rows:
        return np.zeros(0), np.zeros(0)
    columns = {"value": pl.Float64, "value_high": pl.Float64, "relation": pl.String}
    values = pl.DataFrame([{name: row[name] for name in columns} for row in rows], schema=columns, orient="row")
    low, high = leave_possible(
        pl.col("value"),
        pl.col("value_high"),
        width=pl.max_horizontal(pl.col("value").abs() * about[0], pl.lit(about[1])),
        step=pl.lit(0.0 if unit.is_money else 1.0),
        half_width=pl.lit(0.0),
        is_time=pl.lit(value=False),
    )
    bounds = values.select(low=pl.max_horizontal(low, pl.lit(0.0)), high=high)
    return bounds["low"].to_numpy().astype(np.float64), bounds["high"].to_numpy().astype(np.float64)
