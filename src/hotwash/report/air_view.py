"""The air picture in words: what was tracked, who came in and how sure that is, how each sensor did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from hotwash.course.local_times import say_time_of_day
from hotwash.geo.zones import PLAINLY_INSIDE, PLAINLY_OUTSIDE, Zone, signed_distance_m
from hotwash.model.incident import Incident
from hotwash.report import clock, sensor_health
from hotwash.report.account_tables import say_coordinates
from hotwash.report.flights import (
    LONGEST_IDENT,
    MOST_DRAWN,
    MOST_LISTED,
    Flight,
    flights,
    nearest_first,
    tracks_to_list,
    zones_by_id,
)
from hotwash.report.links import anchor
from hotwash.report.motion import motion_rules
from hotwash.report.page_table import Cell, Fact, PageTable, cell, number_cell, page_table, table_row
from hotwash.report.phrases import (
    count_noun,
    join_words,
    plain,
    probability,
    round_to_sigma,
    say_line,
    say_seconds,
    sentence,
    shorten,
)
from hotwash.report.sensor_health import Remarks
from hotwash.report.statements import Library

ANSWER_WORDS = {"inside": "Inside", "undecided": "Undecided", "outside": "Outside"}
ANSWER_GLYPHS = {"inside": "●", "undecided": "◐", "outside": "○"}
ROWS_BEFORE, ROWS_AFTER = 2, 3  # of the track around an entry: enough to see it come from one side and go to the other
MOST_EVIDENCE = 80  # stays whose rows the page holds; each takes about 2 kB
MOST_NAMED = 6  # rows that an exposure names; all are in account.json
METHOD = (
    "A track is drawn solid where detections updated it, and dashed where it was continued without one for long enough "
    "to be seen. A step of more than four times the usual step of the track is a gap and is left blank.",
    "An entry, a depth and a probability combine two errors: that of the track across the line and that of the line "
    "itself, both assumed normal. The error of the border is common to all tracks, so neighbouring answers are not "
    "independent.",
    f"The answer is inside at a probability of {PLAINLY_INSIDE} or more, outside at {PLAINLY_OUTSIDE} or less, and "
    "undecided between, or where a height that matters is not known.",
    "What a motion is compatible with is judged from speed over ground alone, against the wide limits listed here. It "
    "is not a classification, and a track is not a count of aircraft.",
)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stay:
    """One breach as a reader gets it: the row, and the evidence that it opens."""

    anchor: str
    track_id: int
    track: str
    zone: str
    answer: str
    probability: str
    entry: str
    exit: str
    depth: str
    duration: str
    near: str
    facts: tuple[Fact, ...]
    rows: PageTable

    @property
    def word(self) -> str:
        return ANSWER_WORDS[self.answer]

    @property
    def glyph(self) -> str:
        return ANSWER_GLYPHS[self.answer]


@dataclass(frozen=True, slots=True)
class AirView:
    """Everything that the account says of the air picture; `is_there` is false where there is none at all."""

    is_there: bool
    lead: tuple[str, ...]
    drawn: tuple[Flight, ...]
    tracks: PageTable
    stays: tuple[Stay, ...]
    breaches: PageTable
    exposures: PageTable
    sensors: PageTable
    remarks: tuple[Remarks, ...]
    method: tuple[str, ...]


def build_air_view(incident: Incident, library: Library) -> AirView:
    """Return the air picture in words; with no track, breach, exposure, health or remark there is nothing to say."""
    frames = (incident.tracks, incident.breaches, incident.exposures, incident.health, incident.remarks)
    found = nearest_first(flights(incident), incident)
    summaries = library.summaries
    stays = tuple(_stays(incident, found, summaries, library))
    return AirView(
        is_there=any(frame.height for frame in frames),
        lead=tuple(_lead(incident, found, summaries)),
        drawn=tuple(found[:MOST_DRAWN]),
        tracks=_tracks(summaries, library),
        stays=stays,
        breaches=_listed(stays),
        exposures=_exposures(incident, library),
        sensors=sensor_health.sensors(incident),
        remarks=sensor_health.remarks(incident, library),
        method=(*METHOD, *motion_rules()) if incident.tracks.height else (),
    )


def _lead(incident: Incident, found: Sequence[Flight], summaries: pl.DataFrame) -> Iterable[str]:
    """Yield what the map shows and what it does not."""
    if not summaries.height:
        return
    known, unsure = sum(1 for flight in found if flight.ident), summaries.height - len(found)
    yield (
        f"{count_noun(len(found), 'track')} confirmed: {known} identified, {len(found) - known} not. "
        "A track is a history of estimates, not an aircraft."
    )
    if unsure:
        yield f"{count_noun(unsure, 'more track')} never became certain enough to be drawn."
    if len(found) > MOST_DRAWN:
        first = "those with a stay first, then those nearest to the first zone of interest"
        rest = count_noun(len(found) - MOST_DRAWN, "more is", "more are")
        yield f"The map shows {MOST_DRAWN}, {first}; {rest} not drawn."
    if len(found) > MOST_LISTED:
        yield f"The table lists {MOST_LISTED}; account.json holds all of them."
    answers = dict(incident.breaches.group_by("answer").len().rows())
    if answers:
        said = join_words([f"{answers[word]} {word}" for word in ANSWER_WORDS if word in answers])
        yield f"{count_noun(incident.breaches.height, 'stay')} in a zone: {said}."


def _tracks(summaries: pl.DataFrame, library: Library) -> PageTable:
    def one(item: Row) -> Any:
        chance = probability(item["greatest_existence"]) if item["greatest_existence"] is not None else ""
        label = item["class_label"]
        sure = f" ({probability(item['class_confidence'])})" if label and item["class_confidence"] is not None else ""
        return table_row(
            Cell((str(item["track_id"]), *_ident(item["ident"])), is_number=True),
            cell(clock.exact(item["first_utc"], library.zone), f"to {clock.exact(item['last_utc'], library.zone)}"),
            number_cell(f"{item['rows']} ({item['updates']} updated)"),
            number_cell(chance) if chance else "",
            cell(f"{label}{sure}" if label else "", sentence(item["motion"] or "")),
            number_cell(str(item["breaches"])) if item["breaches"] else "",
            anchor=anchor("tracks", str(item["track_id"])),
        )

    columns = ("Track", "From, to", "Rows", "Probability that it exists, at most", "What it may be", "Stays")
    rows = map(one, tracks_to_list(summaries).to_dicts())
    return page_table(columns, rows, nothing="No track was confirmed.", wide=columns[4:5])


def _ident(ident: str | None) -> tuple[str, ...]:
    return (shorten(ident, LONGEST_IDENT),) if ident else ()


# ---------------------------------------------------------------- stays


def _stays(incident: Incident, found: Sequence[Flight], summaries: pl.DataFrame, library: Library) -> Iterable[Stay]:
    order = {word: index for index, word in enumerate(ANSWER_WORDS)}
    tracked = {flight.track_id: flight for flight in found}
    rows = sorted(incident.breaches.to_dicts(), key=lambda item: (order[item["answer"]], _when(item, tracked)))
    zones = zones_by_id(incident)
    motions = dict(summaries.select("track_id", "motion").rows())
    sensors = _sensors_of(incident)
    for place, item in enumerate(rows):
        flight, zone = tracked.get(item["track_id"]), zones.get(item["zone_id"])
        near = _around(flight, item) if flight and place < MOST_EVIDENCE else None
        evidence = (
            _rows(near, zone, sensors, library) if near is not None else page_table((), (), nothing=_no_rows(flight))
        )
        facts = _facts(item, zone, motions.get(item["track_id"]), incident, library)
        yield _stay(item, flight, zone, facts, evidence, incident, library)


def _when(item: Row, tracked: Mapping[int, Flight]) -> tuple[float, int]:
    """Return what stays are ordered by: the entry; the track's begin where it was there already."""
    flight = tracked.get(item["track_id"])
    moment = item["enter_utc"] or (flight.first_utc if flight else item["exit_utc"])
    return (moment.timestamp() if moment else 0.0, item["breach_id"])


def _no_rows(flight: Flight | None) -> str:
    return "Its rows are in tracks.parquet." if flight else "The account has no confirmed row of this track."


def _stay(
    item: Row,
    flight: Flight | None,
    zone: Zone | None,
    facts: Iterable[Fact],
    evidence: PageTable,
    incident: Incident,
    library: Library,
) -> Stay:
    return Stay(
        anchor=anchor("breaches", str(item["breach_id"])),
        track_id=item["track_id"],
        track=f"Track {flight.name if flight else item['track_id']}",
        zone=zone.name if zone else item["zone_id"],
        answer=item["answer"],
        probability=probability(item["probability"]),
        entry=_entry_said(item, library),
        exit=_exit_said(item, library),
        depth=_depth_said(item),
        duration=say_seconds(item["duration_s"]) if item["duration_s"] is not None else "",
        near=say_nearest(item["nearest_aerodrome"], item["nearest_m"], incident),
        facts=tuple(facts),
        rows=evidence,
    )


def _entry_said(item: Row, library: Library) -> str:
    if item["enter_utc"] is None:
        if item["answer"] == "inside" or item["exit_utc"] is not None:
            return "already inside when the track begins"
        return "not entered" if item["answer"] == "outside" else "time of entry not known"
    sigma = item["enter_sigma_s"]
    return clock.exact(item["enter_utc"], library.zone) + (f" ± {_short(sigma)} s" if sigma is not None else "")


def _exit_said(item: Row, library: Library) -> str:
    if item["exit_utc"] is None:
        has_stayed = item["answer"] == "inside" or item["enter_utc"] is not None
        return "still inside when the track ends" if has_stayed else ""
    return clock.exact(item["exit_utc"], library.zone)


def _short(value: float) -> str:
    return plain(round(value, 1) if value < 10.0 else round(value))


def _depth_said(item: Row) -> str:
    if item["depth_m"] is None:
        return ""
    if item["depth_sigma_m"] is None:
        return say_metres(item["depth_m"])
    scale, unit = (1000.0, "km") if item["depth_m"] >= 10_000.0 else (1.0, "m")
    value, sigma = round_to_sigma(item["depth_m"] / scale, item["depth_sigma_m"] / scale)
    return f"{value} ± {sigma} {unit}"


def say_metres(value_m: float) -> str:
    """Return a distance as a reader says it: 850 is "850 m", 12340 is "12.3 km"."""
    return f"{plain(round(value_m))} m" if value_m < 10_000.0 else f"{plain(round(value_m / 1000.0, 1))} km"


def say_nearest(aerodrome_id: str | None, nearest_m: float | None, incident: Incident) -> str:
    """Return an aerodrome with the distance to it: "EPLB Lublin, 12.3 km"; empty where none is named."""
    if not aerodrome_id:
        return ""
    names = dict(incident.aerodromes.select("aerodrome_id", "name").rows())
    said = f"{aerodrome_id} {names.get(aerodrome_id, '')}".strip()
    return said + (f", {say_metres(nearest_m)}" if nearest_m is not None else "")


def _facts(item: Row, zone: Zone | None, motion: str | None, incident: Incident, library: Library) -> Iterable[Fact]:
    """Yield what a stay rests on besides the rows of its track."""
    if item["enter_lat_deg"] is not None and item["enter_lon_deg"] is not None:
        where = {"lat_deg": item["enter_lat_deg"], "lon_deg": item["enter_lon_deg"], "sigma_position_km": 0.01}
        yield Fact("Entry at", say_coordinates(where))
    if item["nearest_aerodrome"]:
        when = f", {clock.exact(item['nearest_utc'], library.zone)}" if item["nearest_utc"] else ""
        yield Fact("Nearest", say_nearest(item["nearest_aerodrome"], item["nearest_m"], incident) + when)
    if motion:
        yield Fact("Motion", sentence(motion))
    lines = [say_line(zone) for zone in incident.zones.to_dicts() if zone["zone_id"] == item["zone_id"]]
    yield Fact("Line", lines[0] if lines else f"{item['zone_id']}: the line is not in this account")
    about = {item["zone_id"], "tracks", "breaches", f"tracks:{item['track_id']}", f"breaches:{item['breach_id']}"}
    assumed = incident.bundle.assumptions.filter(pl.col("subject_id").is_in(list(about))).to_dicts()
    both = "both errors are normal; the line is straight over a few sigma"
    yield Fact("Assumed", "; ".join([both, *(f"{each['assumption_id']}: {each['text']}" for each in assumed)]))


def _around(flight: Flight, item: Row) -> pl.DataFrame:
    """Return the rows of a track around the entry of a stay; around its first row inside where it was there already."""
    moment = item["enter_utc"] or item["exit_utc"] or item["nearest_utc"] or flight.first_utc
    at = int(np.searchsorted(flight.time_s, moment.timestamp()))
    first = max(min(at - ROWS_BEFORE, flight.rows.height - ROWS_BEFORE - ROWS_AFTER), 0)
    return flight.rows.slice(first, ROWS_BEFORE + ROWS_AFTER)


def _rows(near: pl.DataFrame, zone: Zone | None, sensors: dict[int, str], library: Library) -> PageTable:
    """Return rows of a track with their distance to the line and the detection that each used."""
    away = signed_distance_m(near["lat_deg"].to_numpy(), near["lon_deg"].to_numpy(), zone) if zone else None

    def one(place: int, item: Row) -> Any:
        distance = _side_said(float(away[place])) if away is not None else ""
        used = item["detection_id"]
        sensor = f"{used}, {sensors.get(used, 'sensor not known')}" if used is not None else "none"
        here, utc = item["time_utc"].astimezone(library.zone), item["time_utc"]
        times = (say_time_of_day(utc, library.zone, form="%H:%M:%S"), f"{utc:%H:%M:%S} UTC" if here.utcoffset() else "")
        return table_row(cell(*times), number_cell(distance), sensor, number_cell(item["status"]))

    columns = ("Time, UTC", "To the line", "Detection, sensor", "Status")
    return page_table(columns, (one(place, item) for place, item in enumerate(near.to_dicts())))


def _side_said(distance_m: float) -> str:
    if not np.isfinite(distance_m):
        return "not known"
    return f"{say_metres(abs(distance_m))} {'inside' if distance_m >= 0.0 else 'outside'}"


def _sensors_of(incident: Incident) -> dict[int, str]:
    """Return the sensor of each detection that a track used near a stay; of all others nobody asks."""
    asked = set(incident.breaches["track_id"].to_list())
    used = incident.tracks.filter(pl.col("track_id").is_in(list(asked)))["detection_id"].drop_nulls()
    found = incident.bundle.recording.detections.select("detection_id", "sensor_id")
    return dict(found.filter(pl.col("detection_id").is_in(used.implode())).rows())


def _listed(stays: Sequence[Stay]) -> PageTable:
    """Return the stays as a plain table, for Markdown."""

    def one(item: Stay) -> Any:
        return table_row(
            cell(item.track, item.zone),
            cell(f"{item.word}, {item.probability}"),
            cell(f"in: {item.entry}", f"out: {item.exit}" if item.exit else ""),
            number_cell(item.depth) if item.depth else "",
            number_cell(item.duration) if item.duration else "",
            cell(item.near),
            cell(*(f"{each.name}: {each.text}" for each in item.facts if each.name in ("Motion", "Line"))),
        )

    columns = ("Track, zone", "Answer", "Entry, exit", "Depth", "Duration", "Nearest aerodrome", "Based on")
    return page_table(columns, map(one, stays), nothing="No track came into a zone of interest.")


# ---------------------------------------------------------------- aerodromes


def _exposures(incident: Incident, library: Library) -> PageTable:
    names = dict(incident.aerodromes.select("aerodrome_id", "name").rows())

    def one(item: Row) -> Any:
        track = f"track {item['nearest_track_id']}" if item["nearest_track_id"] is not None else ""
        when = clock.exact(item["nearest_utc"], library.zone) if item["nearest_utc"] else ""
        return table_row(
            cell(item["aerodrome_id"], names.get(item["aerodrome_id"]), f"near: within {say_metres(item['radius_m'])}"),
            clock.exact(item["first_near_utc"], library.zone) if item["first_near_utc"] else "none came near",
            cell(say_metres(item["nearest_m"]) if item["nearest_m"] is not None else "", when, track),
            _minutes(item["closed_near_min"]),
            _minutes(item["closed_clear_min"]),
            _minutes(item["open_near_min"]),
            number_cell(
                plain(round(item["movements_exposed"], 1)) if item["movements_exposed"] is not None else "not known"
            ),
            cell(join_words([_named(ref) for ref in item["rows"][:MOST_NAMED]]), _rest(item["rows"])),
            anchor=anchor("exposures", item["aerodrome_id"]),
        )

    columns = (
        "Aerodrome",
        "First object near",
        "Closest approach",
        "Closed, object near",
        "Closed, none near",
        "Open, object near",
        "Movements exposed",
        "Based on",
    )
    return page_table(
        columns, map(one, incident.exposures.to_dicts()), nothing="No aerodrome was compared with the tracks."
    )


def _named(ref: str) -> str:
    """Return a reference as a reader says it: "tracks:1" is "track 1", "events:E06" is "E06"."""
    table, _, name = ref.partition(":")
    return f"track {name}" if table == "tracks" else name or ref


def _rest(rows: Sequence[str]) -> str:
    more = len(rows) - MOST_NAMED
    return f"and {count_noun(more, 'more row')}" if more > 0 else ""


def _minutes(value: float | None) -> Cell:
    return number_cell(say_seconds(60.0 * value) if value is not None else "not known")
