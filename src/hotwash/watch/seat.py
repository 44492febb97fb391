"""What a watch seat decides and what it can know: the person who keeps the air picture.

Protective and civil: a watch seat classifies, declares, recommends, warns, asks and notes. There is nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

import polars as pl

from hotwash.errors import CommandError
from hotwash.model.schema import BOOL, F64, I64, TEXT, TEXTS, UTC
from hotwash.model.weather import Weather
from hotwash.model.words import DECISION_KINDS

# What stands beside TRACKS in a view's tracks: what the seat made of them, and how they stand to the zone.
SEAT_COLUMNS = {
    "distance_m": F64,  # to the edge of the zone that breaches are declared of, positive inside
    "probability_inside": F64,  # null without a zone, or where a clipped drawing cannot tell
    "answer": TEXT,  # inside, outside, undecided
    "speed_mps": F64,
    "course_deg": F64,
    "begun_utc": UTC,  # of its first row in the picture
    "begun_distance_m": F64,  # where that was: to the zone's edge, positive inside
    "steadiness": F64,  # of late: 1 straight on at one speed, near 0 round and round; null before it can be told
    "aerodrome_id": TEXT,  # the nearest one
    "aerodrome_m": F64,  # how far that is
    "label": TEXT,  # what the seat classified it as; null: not yet
    "is_declared": BOOL,  # whether a breach of it is declared
    "zone_id": TEXT,  # the zone that breaches are declared of
}
SENSOR_COLUMNS = {
    "sensor_id": TEXT, "kind": TEXT, "lat_deg": F64, "lon_deg": F64, "max_range_m": F64,
    "heard_utc": UTC,  # when its last report came in; null: none yet
    "silent_s": F64, "is_silent": BOOL,  # for much longer than it usually is
}  # fmt: skip
REPORT_COLUMNS = {
    "report_id": TEXT, "known_utc": UTC, "role": TEXT, "text": TEXT, "saw_nothing": BOOL, "utc_low": UTC,
    "utc_high": UTC, "lat_deg": F64, "lon_deg": F64, "azimuth_deg": F64, "distance_m": F64, "said_by": TEXT,
    "is_answer": BOOL,  # whether it answers what the seat asked
}  # fmt: skip
AERODROME_COLUMNS = {
    "aerodrome_id": TEXT, "name": TEXT, "lat_deg": F64, "lon_deg": F64,
    "is_open": BOOL,  # by its own published hours and what its operator told, whatever the seat recommends
    "state": TEXT,  # what the seat recommends: open, informed, held, restricted, suspended
    "held": TEXTS,  # measures in force, a part after a colon: "restrict:06L"
    "movements": I64,  # of its published programme in the next ten minutes
}  # fmt: skip
WARNING_COLUMNS = {
    "warning_id": TEXT, "issued_utc": UTC, "lat_deg": F64, "lon_deg": F64, "radius_m": F64,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing that the seat decides; a row of DECISIONS without its number, seat and time.

    kind       one of words.DECISION_KINDS; what each wants stands in docs/how-to/keep-watch.md
    track_id, other_track_id   as the view names them, as text; a whole number does as well
    rests_on   rules, tracks and reports that it rests on, by name
    raises     CommandError for a kind that is none
    """

    kind: str
    track_id: str | None = None
    other_track_id: str | None = None
    class_label: str | None = None
    zone_id: str | None = None
    place_id: str | None = None
    measure: str | None = None
    part: str | None = None
    warning_id: str | None = None
    lat_deg: float | None = None
    lon_deg: float | None = None
    radius_m: float | None = None
    text: str | None = None
    rests_on: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in DECISION_KINDS:
            why = f"there is no such decision; there are {', '.join(DECISION_KINDS)}"
            raise CommandError("decision", place=str(self.kind), why=why)
        for name in ("track_id", "other_track_id"):
            value = getattr(self, name)
            if value is not None and not isinstance(value, str):
                object.__setattr__(self, name, str(value))

    def flat(self) -> dict[str, Any]:
        """Return its fields by name, lists as DECISIONS holds them."""
        row = {one.name: getattr(self, one.name) for one in fields(self)}
        return row | {"rests_on": list(self.rests_on) or None}


@dataclass(frozen=True, slots=True)
class WatchCommand:
    """What a watch seat decides in one step, in this order; mostly nothing."""

    decisions: tuple[Decision, ...] = ()

    @classmethod
    def of(cls, *decisions: Decision) -> WatchCommand:
        """Return a command of some decisions."""
        return cls(decisions)


@dataclass(frozen=True, slots=True, eq=False)
class WatchView:
    """What a watch seat can know after one step: nothing in it comes from truth.

    time_utc, time_s   now; seconds since the start
    plots        DETECTIONS that came in since the last view
    tracks       newest row of each living track: TRACKS and SEAT_COLUMNS, by track_id. What the seat dropped or
                 merged into another is not there
    sensors      SENSOR_COLUMNS
    reports      REPORT_COLUMNS: all that came in by now, the newest last
    aerodromes   AERODROME_COLUMNS
    warnings     WARNING_COLUMNS: those in force
    events       EVENTS that the seat was told of by now, movements left out
    weather      of the scenario
    notes        what the seat was told since the last view: messages of the exercise, answers
    decided      how many decisions it has given
    """

    time_utc: datetime
    time_s: float
    plots: pl.DataFrame
    tracks: pl.DataFrame
    sensors: pl.DataFrame
    reports: pl.DataFrame
    aerodromes: pl.DataFrame
    warnings: pl.DataFrame
    events: pl.DataFrame
    weather: Weather
    notes: tuple[str, ...] = ()
    decided: int = 0
    time_left_s: float = field(default=0.0)
