"""What the tracker left out or could not do justice to, as remarks that a reader understands."""

from __future__ import annotations

import polars as pl

from hotwash.model import schema, tables
from hotwash.track import layout, models
from hotwash.track.tracker import Tracker

LEFT_OUT = ("late", "duplicate", "unused")  # kinds of remark whose rows were not used
_SHARED_OFTEN = 0.05  # of the looks: less often, what an approximation decides moves nothing a reader sees
_CROWDED = 20_000  # plots a scan: ten times what the busiest radar of an air-traffic service gives in a turn


def remark_on_input(tracker: Tracker, *, rows: int) -> pl.DataFrame:
    """Return REMARKS on what went in.

    tracker   after its last step
    rows      of TRACKS that came of it
    """
    said = [
        _late(tracker),
        _twins(tracker),
        _unused(tracker),
        _shared(tracker),
        _crowded(tracker),
        _thin(tracker, rows),
    ]
    return schema.frame(tables.REMARKS, [one for one in said if one])


def _late(tracker: Tracker) -> dict[str, object]:
    if not tracker.late:
        return {}
    text = (
        f"{tracker.late:,} detections came more than {tracker.settings.late_s:g} s after later ones and were left out; "
        "allow more with --late-s, or sort the file by time"
    )
    return {"kind": "late", "rows": tracker.late, "text": text}


def _twins(tracker: Tracker) -> dict[str, object]:
    if not tracker.twins:
        return {}
    text = f"{tracker.twins:,} detections repeat another one of the same sensor, time and measurement; one was kept"
    return {"kind": "duplicate", "rows": tracker.twins, "text": text}


def _unused(tracker: Tracker) -> dict[str, object]:
    if not tracker.unused:
        return {}
    text = f"{tracker.unused:,} detections give no place and were not used; was the sensor's own position stated?"
    return {"kind": "unused", "rows": tracker.unused, "text": text}


def _shared(tracker: Tracker) -> dict[str, object]:
    """Say where plots that several tracks wanted were shared out by an approximation."""
    if tracker.crowds <= _SHARED_OFTEN * tracker.scans:
        return {}
    text = f"{tracker.crowds:,} times more than {layout.EXACT_PLOTS} plots were wanted by several tracks at once; "
    text += "their probabilities come from messages passed between them, which is near to exact"
    if tracker.settings.association != "joint":
        text = f"{tracker.crowds:,} times more than {models.EXACT_TRACKS} tracks wanted each other's plots; "
        text += "these were given out best pair first, which is not always the likeliest way"
    return {"kind": "association", "rows": tracker.crowds, "text": text}


def _crowded(tracker: Tracker) -> dict[str, object]:
    why = []
    if tracker.most_in_scan > _CROWDED:
        why.append(f"one scan holds {tracker.most_in_scan:,} plots")
    if tracker.thinned:
        why.append(f"{tracker.thinned:,} beginnings of tracks were given up for want of room")
    if not why:
        return {}
    return {"kind": "crowded", "text": f"{'; '.join(why)}: tracks there are less sure than they say"}


def _thin(tracker: Tracker, rows: int) -> dict[str, object]:
    if rows:
        return {}
    if tracker.scans < 2:
        text = f"no track: {tracker.plots:,} plots in {tracker.scans} looks; it takes two looks at a thing to track it"
    else:
        text = f"no track: nothing in {tracker.plots:,} plots of {tracker.scans:,} looks moved as one thing does"
    return {"kind": "thin", "rows": tracker.plots, "text": text}
