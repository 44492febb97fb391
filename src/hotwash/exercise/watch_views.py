"""What a watch seat is shown at one time, made of the staged recording and of what the seat decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotwash.breach.exposures import CLOSES, MOVEMENTS, REOPENS
from hotwash.exercise import air_picture, answers
from hotwash.exercise.air_picture import AirPicture
from hotwash.exercise.seats import watch
from hotwash.exercise.seats.watch import WatchView
from hotwash.exercise.seats.watch_desk import Held
from hotwash.geo.zones import Zone
from hotwash.model import schema, tables
from hotwash.model.recording import Recording
from hotwash.model.scenario import Scenario
from hotwash.track import live

IntArray = NDArray[np.int64]

AHEAD_S = 600.0  # movements of the published programme are counted so far ahead
LEAST_SILENCE_S, SILENT_GAPS = 15.0, 10.0  # a sensor is silent after so many of its usual gaps, and no sooner than this
# What a place is called by the strongest measure in force there.
_STATES = (
    ("suspend", "suspended"), ("restrict", "restricted"), ("hold_departures", "held"), ("hold_arrivals", "held"),
    ("inform_traffic", "informed"),
)  # fmt: skip


class Views:
    """What of a staged recording is known when.

    zone   of which breaches are declared
    """

    def __init__(self, scenario: Scenario, staged: Recording, zone: Zone | None) -> None:
        self.scenario, self.zone = scenario, zone
        self._sensors = staged.sensors.select("sensor_id", "kind", "lat_deg", "lon_deg", "max_range_m")
        self._heard = _heard_us(staged)
        self._period_us = [int(1e6 * (period or 0.0)) for period in staged.sensors["scan_period_s"].to_list()]
        self._reports = _reports(staged.sightings)
        self._reports_us = _us(self._reports["known_utc"])
        told = staged.events.filter(pl.col("known_utc").is_not_null()).sort("known_utc", maintain_order=True)
        self._events = told.filter(~pl.col("kind").is_in((*MOVEMENTS, "inject")))  # messages are notes
        self._events_us = _us(self._events["known_utc"])
        self._aerodromes = staged.aerodromes.select("aerodrome_id", "name", "lat_deg", "lon_deg").to_dicts()
        self._moves = {row["aerodrome_id"]: _moves_us(staged.events, row["aerodrome_id"]) for row in self._aerodromes}

    def view(
        self, now: datetime, time_s: float, picture: AirPicture, held: Held, given: tuple[Mapping[str, Any], ...],
        notes: tuple[str, ...], decided: int,
    ) -> WatchView:  # fmt: skip
        """Return what is shown now.

        given    rows of SIGHTINGS: answers that have come
        notes    what the seat is told now
        """
        now_us = int(_us(pl.Series([now], dtype=schema.UTC))[0])
        events = self._events[: int(np.searchsorted(self._events_us, now_us, side="right"))]
        return WatchView(
            time_utc=now, time_s=time_s, plots=picture.plots_until(now_us),
            tracks=self._tracks(picture, picture.advance(now_us), held), sensors=self._heard_by(now, now_us),
            reports=self._reported(now_us, given), aerodromes=self._places(now_us, events, held),
            warnings=_warnings(held), events=events, weather=self.scenario.weather, notes=notes, decided=decided,
            time_left_s=max(self.scenario.time_limit_s - time_s, 0.0),
        )  # fmt: skip

    def _tracks(self, picture: AirPicture, living: IntArray, held: Held) -> pl.DataFrame:
        rows = picture.rows[living]
        names = [str(one) for one in rows["track_id"].to_list()]
        hidden = held.hidden
        if hidden:
            kept = [at for at, name in enumerate(names) if name not in hidden]
            rows, names = rows[kept], [names[at] for at in kept]
        zone_id = self.zone.zone_id if self.zone else None
        return rows.with_columns(
            label=pl.Series([held.labels.get(name) for name in names], dtype=schema.TEXT),
            is_declared=pl.Series([(name, zone_id) in held.declared for name in names], dtype=schema.BOOL),
            zone_id=pl.lit(zone_id, dtype=schema.TEXT),
        ).select(air_picture.empty_tracks().columns)

    def _heard_by(self, now: datetime, now_us: int) -> pl.DataFrame:
        last, silent, is_silent = [], [], []
        for came, period_us in zip(self._heard, self._period_us, strict=True):
            end = int(np.searchsorted(came, now_us, side="right"))
            gap_us = max(period_us, _usual_us(came[:end]))
            away_us = now_us - int(came[end - 1]) if end else None
            last.append(int(came[end - 1]) if end else None)
            silent.append(None if away_us is None else away_us / 1e6)
            is_silent.append(away_us is None or away_us > max(LEAST_SILENCE_S * 1e6, SILENT_GAPS * gap_us))
        return self._sensors.with_columns(
            heard_utc=pl.Series(last, dtype=schema.I64).cast(schema.UTC),
            silent_s=pl.Series(silent, dtype=schema.F64), is_silent=pl.Series(is_silent, dtype=schema.BOOL),
        )  # fmt: skip

    def _reported(self, now_us: int, given: tuple[Mapping[str, Any], ...]) -> pl.DataFrame:
        known = self._reports[: int(np.searchsorted(self._reports_us, now_us, side="right"))]
        if not given:
            return known
        answered = _reports(schema.frame(tables.SIGHTINGS, list(given)))
        return pl.concat([known, answered]).sort("known_utc", maintain_order=True)

    def _places(self, now_us: int, events: pl.DataFrame, held: Held) -> pl.DataFrame:
        closed = _closed(events, now_us)
        rows = []
        for one in self._aerodromes:
            name = one["aerodrome_id"]
            moves = self._moves[name]
            ahead = np.searchsorted(moves, [now_us, now_us + int(AHEAD_S * 1e6)])
            here = held.measures.get(name, {})
            rows.append(
                one | {
                    "is_open": name not in closed, "state": _state(here), "movements": int(ahead[1] - ahead[0]),
                    "held": [f"{measure}:{part}" if part else measure for measure, part in here],
                }
            )  # fmt: skip
        return pl.DataFrame(rows, schema=watch.AERODROME_COLUMNS, orient="row")


def _us(times: pl.Series) -> IntArray:
    found: IntArray = times.dt.epoch("us").to_numpy().astype(np.int64)
    return found


def _heard_us(staged: Recording) -> list[IntArray]:
    """Return when the reports of each sensor came in, in order [µs since 1970]."""
    came = live.received_us(staged.detections)
    whose = staged.detections["sensor_id"].to_numpy()
    return [np.sort(came[whose == name]) for name in staged.sensors["sensor_id"].to_list()]


def _usual_us(came: IntArray) -> int:
    """Return the usual gap between the last fifty reports that came at different times [µs]."""
    gaps = np.diff(came[-50:])
    gaps = gaps[gaps > 0]
    return int(np.median(gaps)) if gaps.size else 0


def _reports(sightings: pl.DataFrame) -> pl.DataFrame:
    """Return SIGHTINGS as a seat is told of them, in the order in which they come; what nobody was told is left out."""
    known = sightings.filter(pl.col("known_utc").is_not_null()).sort("known_utc", maintain_order=True)
    renamed = known.with_columns(
        report_id="sighting_id", text=pl.col("seen").fill_null(""),
        is_answer=pl.col("sighting_id").str.starts_with(answers.PREFIX),
    )  # fmt: skip
    return renamed.select(list(watch.REPORT_COLUMNS))


def _moves_us(events: pl.DataFrame, name: str) -> IntArray:
    """Return when the movements of one aerodrome are planned."""
    own = events.filter(pl.col("kind").is_in(MOVEMENTS) & (pl.col("subject_id") == name))
    return np.sort(_us(own["start_utc"].drop_nulls()))


def _closed(events: pl.DataFrame, now_us: int) -> set[str]:
    """Return the aerodromes that are closed by their own published hours or by what their operator told."""
    hours = events.filter(pl.col("kind") == "aerodrome_hours").select("subject_id", "start_utc", "end_utc")
    now = pl.lit(now_us).cast(schema.UTC)
    is_out = (pl.col("start_utc") > now) | (pl.col("end_utc") <= now).fill_null(False)  # noqa: FBT003
    closed: set[str] = set(hours.filter(is_out)["subject_id"].to_list())
    for kind, name, start in events.filter(pl.col("kind").is_in((*CLOSES, *REOPENS))).select(
        "kind", "subject_id", pl.col("start_utc").dt.epoch("us")
    ).iter_rows():  # fmt: skip
        if start is not None and start <= now_us:
            (closed.add if kind in CLOSES else closed.discard)(name)
    return closed


def _state(here: Mapping[tuple[str, str | None], datetime]) -> str:
    in_force = {measure for measure, _ in here}
    return next((word for measure, word in _STATES if measure in in_force), "open")


def _warnings(held: Held) -> pl.DataFrame:
    rows = [
        {"warning_id": name, "issued_utc": one.issued_utc, "lat_deg": one.lat_deg, "lon_deg": one.lon_deg,
         "radius_m": one.radius_m}
        for name, one in held.warnings.items()
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=watch.WARNING_COLUMNS, orient="row")
