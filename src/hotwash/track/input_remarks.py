"""What the tracker left out or could not do justice to, as remarks that a reader understands."""

from __future__ import annotations

import polars as pl

from hotwash.model import schema, tables
from hotwash.track import layout, models
from hotwash.track.tracker import Tracker

LEFT_OUT = ("doubtful", "late", "duplicate", "unused")  # kinds of remark whose rows were not used
_SHARED_OFTEN = 0.05  # of the looks: less often, what an approximation decides moves nothing a reader sees
_CROWDED = 20_000  # plots a scan: ten times what the busiest radar of an air-traffic service gives in a turn


def remark_on_input(tracker: Tracker, *, rows: int) -> pl.DataFrame:
    """Return REMARKS on what went in.

    tracker   after its last step
    rows      of TRACKS that came of it
    """
    said = [
        _doubtful(tracker),
        _late(tracker),
        _twins(tracker),
        _unused(tracker),
        _shared(tracker),
        _crowded(tracker),
        _thin(tracker, rows),
    ]
    return schema.frame(tables.REMARKS, [one for one in said if one])


def _detections(number: int) -> str:
    return f"{number:,} detection{'' if number == 1 else 's'}"


def _cases(number: int) -> str:
    return f"{number:,} case{'' if number == 1 else 's'}"


def remark_on_order(moved: int) -> dict[str, object]:
    """Return the remark on detections that stood out of order and were sorted; nothing for none."""
    if not moved:
        return {}
    text = (
        f"{_detections(moved)} stood after later ones, so the file was put in order of time; "
        "fill received_utc where a report really came late"
    )
    return {"kind": "sorted", "rows": moved, "text": text}


def _doubtful(tracker: Tracker) -> dict[str, object]:
    if not tracker.doubtful:
        return {}
    bears = "bears a time" if tracker.doubtful == 1 else "bear times"
    text = (
        f"{_detections(tracker.doubtful)} {bears} far from all others and {'was' if tracker.doubtful == 1 else 'were'} "
        "left out; was a clock wrong?"
    )
    return {"kind": "doubtful", "rows": tracker.doubtful, "text": text}


def _late(tracker: Tracker) -> dict[str, object]:
    if not tracker.late:
        return {}
    text = (
        f"{_detections(tracker.late)} came more than {tracker.settings.late_s:g} s after later ones and "
        f"{'was' if tracker.late == 1 else 'were'} left out; "
        "allow more with --late-s"
    )
    return {"kind": "late", "rows": tracker.late, "text": text}


def _twins(tracker: Tracker) -> dict[str, object]:
    if not tracker.twins:
        return {}
    repeat = "repeats" if tracker.twins == 1 else "repeat"
    text = (
        f"{_detections(tracker.twins)} {repeat} another of the same sensor, time and measurement; one of each was kept"
    )
    return {"kind": "duplicate", "rows": tracker.twins, "text": text}


def _unused(tracker: Tracker) -> dict[str, object]:
    if not tracker.unused:
        return {}
    gave = "gives no position and was" if tracker.unused == 1 else "give no position and were"
    text = f"{_detections(tracker.unused)} {gave} not used; is the sensor's own position stated?"
    return {"kind": "unused", "rows": tracker.unused, "text": text}


def _shared(tracker: Tracker) -> dict[str, object]:
    """Say where plots that several tracks wanted were shared out by an approximation."""
    if tracker.crowds <= _SHARED_OFTEN * tracker.scans:
        return {}
    text = f"In {_cases(tracker.crowds)}, several tracks competed for more than {layout.EXACT_PLOTS} plots; "
    text += "their probabilities were calculated by message passing, which is nearly exact"
    if tracker.settings.association != "joint":
        text = f"In {_cases(tracker.crowds)}, more than {models.EXACT_TRACKS} tracks competed for the same plots; "
        text += "they were assigned best pair first, which is not always the most likely assignment"
    return {"kind": "association", "rows": tracker.crowds, "text": text}


def _crowded(tracker: Tracker) -> dict[str, object]:
    why = []
    if tracker.most_in_scan > _CROWDED:
        why.append(f"one scan holds {tracker.most_in_scan:,} plots")
    if tracker.thinned:
        tracks = "track was" if tracker.thinned == 1 else "tracks were"
        why.append(f"{tracker.thinned:,} tentative {tracks} dropped for lack of space")
    if not why:
        return {}
    return {"kind": "crowded", "text": f"{'; '.join(why)}: tracks there are less certain than stated"}


def _thin(tracker: Tracker, rows: int) -> dict[str, object]:
    if rows:
        return {}
    if tracker.scans < 2:
        looks = f"{tracker.scans} look{'' if tracker.scans == 1 else 's'}"
        plots = f"{tracker.plots:,} plot{'' if tracker.plots == 1 else 's'}"
        text = f"no track: {plots} in {looks}; an object must be seen in at least two looks"
    else:
        text = f"no track: among {tracker.plots:,} plots in {tracker.scans:,} looks, none moved like a single object"
    return {"kind": "thin", "rows": tracker.plots, "text": text}
