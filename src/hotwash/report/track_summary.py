"""One track in a few sentences: how long it lasted, what it used, how well that fitted, and where it was in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

import polars as pl

from hotwash.report.phrases import count_noun
from hotwash.track.models import GATE_SIGMAS
from hotwash.visible import on_one_line

_NAMED = 3  # times of looks in doubt that are named; the table has all
_MODELS = ("straight", "turning", "hovering")


def summarise_track(looks: pl.DataFrame, begun_with: Sequence[int]) -> list[str]:
    """Return the summary of one track.

    looks        UPDATES of one track, at least one row
    begun_with   the detections that it had before its first look
    """
    parts = (_lasted(looks), _begun(begun_with), _used(looks), _gap(looks), _fit(looks), _doubt(looks), _motion(looks))
    return [part for part in parts if part]


def _lasted(looks: pl.DataFrame) -> str:
    first, last = looks["time_utc"][0], looks["time_utc"][-1]
    states = ", ".join(
        f"{status} in {many}" for status, many in looks["status"].value_counts(sort=True, name="many").iter_rows()
    )
    return (
        f"Track {looks['track_id'][0]}: {count_noun(looks.height, 'look')} from {first:%Y-%m-%d %H:%M:%S} to "
        f"{last:%H:%M:%S} UTC, {states}."
    )


def _begun(begun_with: Sequence[int]) -> str:
    if not begun_with:
        return ""
    noun = "detection" if len(begun_with) == 1 else "detections"
    return f"It began with {noun} {', '.join(map(str, begun_with))}, before its first row."


def _used(looks: pl.DataFrame) -> str:
    used = looks.filter(pl.col("detection_id").is_not_null())
    if not used.height:
        return "None of these looks used a detection: all is prediction."
    by = used["sensor_id"].value_counts(sort=True, name="many").iter_rows()
    sensors = ", ".join(f"{many} of {on_one_line(sensor)}" for sensor, many in by)
    return f"{count_noun(used.height, 'look')} used a detection ({sensors}), {looks.height - used.height} had none."


def _gap(looks: pl.DataFrame) -> str:
    used = looks.filter(pl.col("detection_id").is_not_null())["time_utc"]
    ends = [*used, looks["time_utc"][-1]]
    gaps = [((after - before).total_seconds(), before) for before, after in pairwise(ends)]
    if not gaps:
        return ""
    longest_s, since = max(gaps, key=lambda gap: gap[0])
    return f"The longest time without a detection was {longest_s:.1f} s, after {since:%H:%M:%S}."


def _fit(looks: pl.DataFrame) -> str:
    far = looks["distance"].drop_nulls()
    if not far.len():
        return ""
    worst = looks["time_utc"][int(looks["distance"].arg_max() or 0)]
    return (
        f"Detections lay {_number(far.median()):.1f} sigma from the prediction in the median, at most "
        f"{_number(far.max()):.1f} (at {worst:%H:%M:%S}); beyond {GATE_SIGMAS:g} none is taken."
    )


def _doubt(looks: pl.DataFrame) -> str:
    rivals = looks.filter(pl.col("near_detection_ids").list.len().fill_null(0) > 0)
    if not rivals.height:
        return "No other detection was near: the choice was never in doubt."
    times: list[datetime] = rivals["time_utc"].to_list()
    more = f" and {len(times) - _NAMED} more" if len(times) > _NAMED else ""
    named = ", ".join(f"{time:%H:%M:%S}" for time in times[:_NAMED])
    return f"In {count_noun(len(times), 'look')} other detections were near too: read those first ({named}{more})."


def _motion(looks: pl.DataFrame) -> str:
    known = looks.select(_MODELS).drop_nulls()
    if not known.height:
        return ""
    best = known.select(pl.concat_list(_MODELS).list.arg_max())[_MODELS[0]].to_list()
    counts = ((best.count(n), name) for n, name in enumerate(_MODELS))
    said = ", ".join(f"{name} in {many}" for many, name in sorted(counts, reverse=True) if many)
    return f"Its motion was most probably {said}."


def _number(value: Any) -> float:
    return float(value)
