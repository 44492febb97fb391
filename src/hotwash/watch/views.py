"""What a watch seat is shown at one time, made of the staged recording and of what the seat decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotwash.breach.exposures import CLOSES, MOVEMENTS, REOPENS
from hotwash.geo.zones import Zone
from hotwash.model import schema, tables
from hotwash.model.recording import Recording
from hotwash.model.watch_scenario import WatchScenario
from hotwash.track.live_tracks import reception_times_us
from hotwash.watch import answers, seat
from hotwash.watch.air_picture import AirPicture
from hotwash.watch.decisions import InForce, PublicWarning
from hotwash.watch.seat import WatchView

IntArray = NDArray[np.int64]

HOURS = "aerodrome_hours"  # kind of the event that says from when to when an aerodrome is open by its own hours
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

    def __init__(self, scenario: WatchScenario, staged: Recording, zone: Zone | None) -> None:
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
        self._states = _states(self._events)
        self._shown_places: tuple[list[dict[str, Any]] | None, pl.DataFrame] = (None, pl.DataFrame())
        self._shown_warnings: tuple[dict[str, PublicWarning] | None, pl.DataFrame] = (None, pl.DataFrame())
        self._moves = {row["aerodrome_id"]: _moves_us(staged.events, row["aerodrome_id"]) for row in self._aerodromes}

    def view(
        self,
        now: datetime,
        time_s: float,
        picture: AirPicture,
        in_force: InForce,
        given: tuple[Mapping[str, Any], ...],
        notes: tuple[str, ...],
        decided: int,
    ) -> WatchView:
        """Return what is shown now.

        given    rows of SIGHTINGS: answers that have come
        notes    what the seat is told now
        """
        now_us = int(_us(pl.Series([now], dtype=schema.UTC))[0])
        events = self._events[: int(np.searchsorted(self._events_us, now_us, side="right"))]
        return WatchView(
            time_utc=now, time_s=time_s, plots=picture.plots_until(now_us),
            tracks=self._tracks(picture, picture.advance(now_us), in_force), sensors=self._heard_by(now, now_us),
            reports=self._reported(now_us, given), aerodromes=self._places(now_us, in_force),
            warnings=self._warnings(in_force), events=events, weather=self.scenario.weather, notes=notes,
            decided=decided, time_left_s=max(self.scenario.time_limit_s - time_s, 0.0),
        )  # fmt: skip

    def _tracks(self, picture: AirPicture, living: IntArray, in_force: InForce) -> pl.DataFrame:
        rows = picture.rows[living]
        names = [str(one) for one in rows["track_id"].to_list()]
        hidden = in_force.hidden
        if hidden:
            kept = [at for at, name in enumerate(names) if name not in hidden]
            rows, names = rows[kept], [names[at] for at in kept]
        zone_id = self.zone.zone_id if self.zone else None
        return rows.hstack(
            [
                pl.Series("label", [in_force.labels.get(name) for name in names], dtype=schema.TEXT),
                pl.Series("is_declared", [(name, zone_id) in in_force.declared for name in names], dtype=schema.BOOL),
                pl.Series("zone_id", [zone_id] * len(names), dtype=schema.TEXT),
            ]
        )

    def _heard_by(self, now: datetime, now_us: int) -> pl.DataFrame:
        last, silent, is_silent = [], [], []
        for came, period_us in zip(self._heard, self._period_us, strict=True):
            end = int(np.searchsorted(came, now_us, side="right"))
            gap_us = max(period_us, _usual_us(came[:end]))
            away_us = now_us - int(came[end - 1]) if end else None
            last.append(int(came[end - 1]) if end else None)
            silent.append(None if away_us is None else away_us / 1e6)
            is_silent.append(away_us is None or away_us > max(LEAST_SILENCE_S * 1e6, SILENT_GAPS * gap_us))
        return self._sensors.hstack(
            [
                pl.Series("heard_utc", last, dtype=schema.I64).cast(schema.UTC),
                pl.Series("silent_s", silent, dtype=schema.F64), pl.Series("is_silent", is_silent, dtype=schema.BOOL),
            ]
        )  # fmt: skip

    def _reported(self, now_us: int, given: tuple[Mapping[str, Any], ...]) -> pl.DataFrame:
        known = self._reports[: int(np.searchsorted(self._reports_us, now_us, side="right"))]
        if not given:
            return known
        answered = _reports(schema.frame(tables.SIGHTINGS, list(given)))
        return pl.concat([known, answered]).sort("known_utc", maintain_order=True)

    def _places(self, now_us: int, in_force: InForce) -> pl.DataFrame:
        closed = self._closed(now_us)
        rows = []
        for one in self._aerodromes:
            name = one["aerodrome_id"]
            moves = self._moves[name]
            ahead = np.searchsorted(moves, [now_us, now_us + int(AHEAD_S * 1e6)])
            here = in_force.measures.get(name, {})
            rows.append(
                one | {
                    "is_open": name not in closed, "state": _state(here), "movements": int(ahead[1] - ahead[0]),
                    "held": [f"{measure}:{part}" if part else measure for measure, part in here],
                }
            )  # fmt: skip
        if rows != self._shown_places[0]:  # to make a frame of nested lists costs half a millisecond
            self._shown_places = (rows, pl.DataFrame(rows, schema=seat.AERODROME_COLUMNS, orient="row"))
        return self._shown_places[1]

    def _closed(self, now_us: int) -> set[str]:
        """Return the aerodromes that are closed by their own published hours or by what their operator told."""
        closed: set[str] = set()
        for kind, name, known_us, start_us, end_us in self._states:
            if known_us > now_us:
                continue
            if kind == HOURS:
                is_out = now_us < start_us or (end_us is not None and now_us >= end_us)
                (closed.add if is_out else closed.discard)(name)
            elif start_us <= now_us:
                (closed.add if kind in CLOSES else closed.discard)(name)
        return closed

    def _warnings(self, in_force: InForce) -> pl.DataFrame:
        if in_force.warnings != self._shown_warnings[0]:
            self._shown_warnings = (dict(in_force.warnings), _warnings(in_force))
        return self._shown_warnings[1]


def _us(times: pl.Series) -> IntArray:
    found: IntArray = times.dt.epoch("us").to_numpy().astype(np.int64)
    return found


def _heard_us(staged: Recording) -> list[IntArray]:
    """Return when the reports of each sensor came in, in order [µs since 1970]."""
    came = reception_times_us(staged.detections)
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
    return renamed.select(list(seat.REPORT_COLUMNS))


def _moves_us(events: pl.DataFrame, name: str) -> IntArray:
    """Return when the movements of one aerodrome are planned."""
    own = events.filter(pl.col("kind").is_in(MOVEMENTS) & (pl.col("subject_id") == name))
    return np.sort(_us(own["start_utc"].drop_nulls()))


def _states(events: pl.DataFrame) -> list[tuple[str, str, int, int, int | None]]:
    """Return what opens and closes aerodromes: kind, name, known, start and end [µs since 1970]; hours come first."""
    told = events.filter(pl.col("kind").is_in((HOURS, *CLOSES, *REOPENS)) & pl.col("start_utc").is_not_null())
    times = [pl.col(name).dt.epoch("us") for name in ("known_utc", "start_utc", "end_utc")]
    rows = told.sort("start_utc", maintain_order=True).select("kind", "subject_id", *times).rows()
    return sorted(rows, key=lambda row: row[0] != HOURS)


def _state(here: Mapping[tuple[str, str | None], datetime]) -> str:
    in_force = {measure for measure, _ in here}
    return next((word for measure, word in _STATES if measure in in_force), "open")


def _warnings(in_force: InForce) -> pl.DataFrame:
    rows = [
        {"warning_id": name, "issued_utc": one.issued_utc, "lat_deg": one.lat_deg, "lon_deg": one.lon_deg,
         "radius_m": one.radius_m}
        for name, one in in_force.warnings.items()
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=seat.WARNING_COLUMNS, orient="row")
