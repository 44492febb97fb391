"""What a notebook shows of an incident, a recording and proofs: fragments of HTML that need nothing else.

Each function returns one `div` with its style inside; everything that people wrote is escaped, and drawings are inline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl
from markupsafe import Markup

from hotwash.model import tables
from hotwash.model.incident import Brief, Bundle, Incident
from hotwash.model.proof import NOT_PEOPLE, Proof
from hotwash.model.recording import Recording
from hotwash.model.schema import conform, empty
from hotwash.report import air_drawings, clock, finds_map, page_templates, track_map
from hotwash.report.charts import draw_histogram
from hotwash.report.flights import MOST_DRAWN, flights
from hotwash.report.lessons_page import results_table, say_passes
from hotwash.report.links import anchor
from hotwash.report.page_table import PageTable, cell, number_cell, page_table, table_row
from hotwash.report.phrases import count_noun, say_amount, say_bounds, say_measure, sentence
from hotwash.report.proof_strip import ProofStrip, draw_strip
from hotwash.report.view import build_view

MAP_WIDTH = 760.0
MOST_ROWS = 200  # of one table: more make a notebook slow to open
BARS = 60  # of the drawing of detections over time
_EARLIEST = datetime.min.replace(tzinfo=UTC)


def show_incident(incident: Incident) -> str:
    """Return an incident: its first answers, counts, findings and the map of finds or of tracks."""
    view = build_view(incident, made_utc=_EARLIEST)
    tracks = view.air.drawn
    drawing = finds_map.draw_finds(incident, width=MAP_WIDTH, name=_id("map", view.title), tracks=tracks)
    legend = finds_map.finds_legend(incident, has_tracks=bool(tracks), rings=view.rings)
    if not drawing and tracks:
        drawing = track_map.draw_tracks(incident, tracks, width=MAP_WIDTH, name=_id("tracks", view.title))
        legend = air_drawings.tracks_legend(incident, tracks)
    statements = [item for answer in view.answers for item in answer.question.statements]
    answers = page_table(
        ("Question", "Answer", "How sure"),
        (
            table_row(one.question.text, cell(one.text), cell(one.word, one.sure, one.against))
            for one in view.further
            if one.text
        ),
        wide=("Answer",),
    )
    findings = page_table(
        ("Verdict", "Who", "Statement", "Reason"),
        (
            table_row(f"{one.glyph} {one.word}", cell(one.who, one.when), cell(one.value, one.summary), one.reason)
            for one in statements[:MOST_ROWS]
        ),
        wide=("Reason",),
    )
    counts = page_table(
        ("Count", "Number", "Interval"),
        (table_row(one.title, one.said, cell(one.interval, one.why)) for one in view.counts),
    )
    return page_templates.fill_template(
        "fragment.html",
        title=view.title,
        marks=view.marks,
        lines=[view.period],
        headline=view.headline,
        drawings=[(drawing, legend)] if drawing else [],
        tables=[
            *([("Answers", answers)] if answers.rows else []),
            *([("Closures", _without_links(view.closures))] if view.closures.rows else []),
            *([("Counts", counts)] if counts.rows else []),
            *([(_say_shown("Findings", len(statements)), findings)] if statements else []),
        ],
    )


def show_recording(recording: Recording, *, tracks: pl.DataFrame | None = None) -> str:
    """Return what a recording holds: sensors, detections over time, and a map of its tracks or its true flights.

    tracks   TRACKS made of it; without them the map shows `truth`, where the recording has any
    """
    detections = recording.detections
    times = detections["time_utc"].drop_nulls()
    span = [f"{clock.stamp(times.min())} to {clock.stamp(times.max())}"] if len(times) else []  # type: ignore[arg-type]
    names = ("detections", "truth", "events", "controls", "decisions", "sightings", "marks", "sources")
    held = [(name, getattr(recording, name).height) for name in names]
    parts = [f"{name} {height:,}".replace(",", "\u202f") for name, height in held if height]
    counted = dict(detections.group_by("sensor_id").len().rows())
    sensors = page_table(
        ("Sensor", "Kind", "Detections"),
        (
            table_row(
                row["sensor_id"], row["kind"].replace("_", " "), number_cell(str(counted.get(row["sensor_id"], 0)))
            )
            for row in recording.sensors.to_dicts()
        ),
        nothing="No sensors.",
    )
    return page_templates.fill_template(
        "fragment.html",
        title="Recording",
        marks=(),
        lines=[*span, sentence(", ".join(parts)) + "." if parts else "The recording is empty."],
        headline=(),
        drawings=[*_over_time(times), *_map_of(recording, tracks)],
        tables=[("Sensors", sensors)],
    )


def show_proofs(proofs: Sequence[Proof], *, strips: Mapping[str, ProofStrip] = MappingProxyType({})) -> str:
    """Return what objectives came to: a table, and a drawing of the attempts of each procedure.

    strips   results of an objective's attempts, by its id; of procedures only
    """
    numbers = page_table(
        ("Objective", "Measure", "Standard met", "Real event", "Why"),
        (
            table_row(
                one.title,
                say_measure(one.measure),
                say_passes(one) if one.passes is not None else "not shown",
                say_amount(one.reference, one.unit) + say_bounds(one.reference_low, one.reference_high, one.unit)
                if one.reference is not None
                else "",
                one.why,
            )
            for one in proofs
        ),
        nothing="No objective was asked.",
        wide=("Why",),
    )
    drawn = [
        (draw_strip(strip, title=one.title, name=anchor("notebook", one.objective_id)), [(Markup(""), one.title)])
        for one in proofs
        if one.subject == "procedure" and (strip := strips.get(one.objective_id)) is not None and strip.values
    ]
    held = sum(one.holds for one in proofs)
    has_procedure = any(one.subject == "procedure" for one in proofs)
    return page_templates.fill_template(
        "fragment.html",
        title=f"{held} of {count_noun(len(proofs), 'objective')} {'holds' if held == 1 else 'hold'}",
        marks=(),
        lines=[f"Procedures: {NOT_PEOPLE}."] if has_procedure else [],
        headline=(),
        drawings=drawn,
        tables=[("Results", _without_links(results_table(proofs, {}))), ("Numbers", numbers)],
    )


def _id(stem: str, title: str) -> str:
    """Return an id for a drawing that two incidents in one notebook do not share."""
    return anchor(f"notebook-{stem}", title)[:60]


def _say_shown(title: str, number: int) -> str:
    return title if number <= MOST_ROWS else f"{title} (the first {MOST_ROWS} of {number})"


def _without_links(table: PageTable) -> PageTable:
    """Return a table whose cells lead nowhere: a fragment has no other part of the page beside it."""
    rows = (table_row(*(cell(*one.lines) for one in line.cells), flag=line.flag) for line in table.rows)
    return page_table(table.columns, rows, nothing=table.nothing, wide=table.wide)


def _over_time(times: pl.Series) -> list[tuple[Markup, list[tuple[Markup, str]]]]:
    """Return the drawing of how many detections fell into each part of the time; none where there are too few."""
    if len(times) < 2 or times.min() == times.max():
        return []
    seconds = times.dt.epoch("us").to_numpy() / 1e6
    counts, edges = np.histogram(seconds, bins=BARS)
    ends = (clock.stamp(times.min()), clock.stamp(times.max()))  # type: ignore[arg-type]
    drawn = draw_histogram(counts.tolist(), ends=ends, title="Detections over time", name="notebook-detections")
    return [(drawn, [(Markup(""), f"Detections; one bar is {say_amount(round(edges[1] - edges[0], 1), 's')}")])]


def _map_of(recording: Recording, tracks: pl.DataFrame | None) -> list[tuple[Markup, list[tuple[Markup, str]]]]:
    """Return the map of tracks, or of the true flights where there are no tracks; none where there is neither."""
    shown = tracks if tracks is not None else _truth_as_tracks(recording.truth)
    incident = _bare_incident(recording, shown)
    found = flights(incident)[:MOST_DRAWN]
    if not found:
        return []
    name = "notebook-tracks" if tracks is not None else "notebook-truth"
    drawn = track_map.draw_tracks(incident, found, width=MAP_WIDTH, name=name)
    said = [] if tracks is not None else [(Markup(""), "True flights, as simulated")]
    return [(drawn, [*said, *air_drawings.tracks_legend(incident, found)])]


def _truth_as_tracks(truth: pl.DataFrame) -> pl.DataFrame:
    """Return true flights as TRACKS, so that one map draws both."""
    placed = truth.drop_nulls(["lat_deg", "lon_deg"])
    return conform(
        placed.select(
            pl.col("object_id").rank("dense").cast(pl.Int64).alias("track_id"),
            "time_utc",
            "lat_deg",
            "lon_deg",
            "v_east_mps",
            "v_north_mps",
            pl.lit("confirmed").alias("status"),
            pl.col("object_id").cast(pl.String).alias("ident"),
        ),
        tables.TRACKS,
    )


def _bare_incident(recording: Recording, tracks: pl.DataFrame) -> Incident:
    """Return an incident of which nothing is known but a recording and its tracks: what the maps are drawn from."""
    brief = Brief(title="Recording", start_utc=_EARLIEST, end_utc=_EARLIEST, zone="UTC")
    handed_in = ("questions", "claims", "finds", "sightings", "origins", "assumptions")
    found = ("counts", "findings", "contradictions", "beliefs", "ranges", "placings", "reaches", "durations")
    nothing: dict[str, Any] = {name: empty(tables.TABLES[name]) for name in (*handed_in, *found, "left_out")}
    return Incident(
        bundle=Bundle(brief=brief, recording=recording, **{name: nothing.pop(name) for name in handed_in}),
        zones=recording.zones,
        aerodromes=recording.aerodromes,
        tracks=tracks,
        **nothing,
    )
