"""The account, the faults of a bundle and the looks at a track, as tables for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from rich.markup import escape
from rich.table import Table

from hotwash.model.incident import Bundle, Incident
from hotwash.report import air_view
from hotwash.report.page_table import PageTable
from hotwash.report.phrases import VERDICT_GLYPHS, VERDICT_WORDS
from hotwash.report.statements import Library

STAY_COLUMNS = ("Track, zone", "Answer", "Entry, exit", "Depth")
AERODROME_COLUMNS = ("Aerodrome", "Closest approach", "Closed, object near", "Closed, none near", "Open, object near")
SENSOR_COLUMNS = ("Sensor", "Plots", "Detection probability", "In words")
ROWS_SHOWN = 40  # of each table; a screen holds no more
_COLOURS = {"supported": "green", "contradicted": "red", "not_testable": "yellow", "superseded": "dim"}


def account(incident: Incident) -> list[Any]:
    """Return what a terminal shows of an account: the title, the counts, the findings, what was left aside."""
    brief = incident.bundle.brief
    marks = [brief.marking, "EXERCISE" if brief.is_exercise else "", "SYNTHETIC" if brief.is_synthetic else ""]
    head = [f"[bold]{escape(brief.title)}[/]", escape(" · ".join(mark for mark in marks if mark))]
    if incident.as_of_utc:
        head.append(f"As known on {incident.as_of_utc:%Y-%m-%d %H:%M} UTC; {incident.left_out.height} rows left out.")
    parts = [*[line for line in head if line], _counts(incident), *_air(incident), *_findings(incident)]
    parts.append(_tally(incident))
    return parts


def _counts(incident: Incident) -> Table:
    table = Table(title="How many", title_justify="left", show_edge=False, pad_edge=False)
    for name in ("of", "most likely", "90 % interval", "why"):
        table.add_column(name, justify="left")
    for row in incident.counts.iter_rows(named=True):
        low, high = row["low_90"], row["high_90"]
        span = "?" if low is None else f"{low} or more" if high is None else f"{low} to {high}"
        likely = "?" if row["most_likely"] is None else str(row["most_likely"])
        table.add_row(row["unit"].replace("_", " "), likely, span, escape(row["why"] or ""))
    return table


def _air(incident: Incident) -> list[Any]:
    """Return the stays, the sensors and the number of remarks; nothing where there is no air picture."""
    found = air_view.build_air_view(incident, Library(incident))
    if not found.is_there:
        return []
    parts: list[Any] = [f"\n{' '.join(found.lead)}"] if found.lead else []
    parts += [_grid("Stays in zones", found.breaches, STAY_COLUMNS)] if found.stays else []
    parts += [_grid("Aerodromes", found.exposures, AERODROME_COLUMNS)] if found.exposures.rows else []
    parts += [_grid("Sensors", found.sensors, SENSOR_COLUMNS)] if found.sensors.rows else []
    remarks = ", ".join(f"{own.title.lower()} {own.total}" for own in found.remarks)
    return [*parts, f"[bold]Remarks:[/] {remarks}."] if remarks else parts


def _grid(title: str, rows: PageTable, columns: tuple[str, ...]) -> Table:
    """Return some columns of a table of the page; the first ROWS_SHOWN rows, and how many more there are."""
    more = len(rows.rows) - ROWS_SHOWN
    caption = f"{more} more rows stand in the account." if more > 0 else None
    table = Table(title=title, caption=caption, title_justify="left", show_edge=False, pad_edge=False)
    places = [rows.columns.index(name) for name in columns]
    for name in columns:
        table.add_column(name.lower(), overflow="fold")
    for line in rows.rows[:ROWS_SHOWN]:
        table.add_row(*(escape("\n".join(line.cells[place].lines)) for place in places))
    return table


def _findings(incident: Incident) -> list[Table]:
    claims = {row["claim_id"]: row for row in incident.bundle.claims.iter_rows(named=True)}
    questions = dict(incident.bundle.questions.select("question_id", "text").rows())
    tables: list[Table] = []
    for (question_id,), rows in incident.findings.group_by("question_id", maintain_order=True):
        table = Table(
            title=escape(questions.get(str(question_id), str(question_id))),
            title_justify="left",
            show_edge=False,
            pad_edge=False,
            expand=True,
        )
        table.add_column("claim", ratio=4)
        table.add_column("verdict", width=15)
        table.add_column("why", ratio=5)
        for row in rows.iter_rows(named=True):
            said = claims[row["claim_id"]]
            who = f"[dim]{escape(row['claim_id'])}[/] {escape(said['said_by'])}: {escape(said['summary'])}"
            table.add_row(who, _badge(row["verdict"]), escape(row["reason"]))
        tables.append(table)
    return tables


def _badge(verdict: str) -> str:
    return f"[{_COLOURS[verdict]}]{VERDICT_GLYPHS[verdict]} {VERDICT_WORDS[verdict].lower()}[/]"


def _tally(incident: Incident) -> str:
    found = dict(incident.findings.group_by("verdict").len().rows())
    said = [f"{found[verdict]} {VERDICT_WORDS[verdict].lower()}" for verdict in _COLOURS if verdict in found]
    rejects, repairs = incident.bundle.rejects.height, incident.bundle.repairs.height
    aside = f" {rejects} rows rejected, {repairs} words mended." if rejects or repairs else ""
    return f"\n[bold]{incident.findings.height} claims: {', '.join(said)}.[/]{aside}"


def faults(found: Bundle) -> list[Any]:
    """Return what a terminal shows of a bundle's faults."""
    files = ", ".join(f"{file.name} ({file.rows})" for file in found.files if file.rows)
    parts: list[Any] = [f"Rows taken: {escape(files)}."]
    if found.repairs.height:
        parts.append(_listed("Mended words", found.repairs, ("raw", "mended")))
    if found.rejects.height:
        parts.append(_listed("Rejected rows", found.rejects, ("column", "value", "reason", "advice")))
    parts.append(f"{found.rejects.height} rows rejected." if found.rejects.height else "No faults.")
    return parts


def _listed(title: str, rows: Any, columns: tuple[str, ...]) -> Table:
    table = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    table.add_column("where")
    for name in columns:
        table.add_column(name, overflow="fold")
    for row in rows.iter_rows(named=True):
        where = f"{row['file']}:{row['line']}" if row["line"] else row["file"]
        table.add_row(escape(where), *(escape(str(row[name] or "")) for name in columns))
    return table


def updates(looks: pl.DataFrame, begun_with: Sequence[int]) -> list[Any]:
    """Return what a terminal shows of one track, look by look.

    looks        UPDATES of one track
    begun_with   the detections that it had before its first look
    """
    table = Table(title=f"Track {looks['track_id'][0]}", title_justify="left", show_edge=False, pad_edge=False)
    for name, justify in (
        ("time UTC", "left"), ("sensor", "left"), ("status", "left"), ("there", "right"), ("took", "right"),
        ("sigmas", "right"), ("also near (sigmas)", "left"), ("straight", "right"), ("turning", "right"),
        ("hovering", "right"),
    ):  # fmt: skip
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for row in looks.iter_rows(named=True):
        table.add_row(*_look(row))
    begun = ", ".join(map(str, begun_with))
    head = [f"It began with detections {begun}, before its first row."] if begun else []
    return [table, *head, f"{looks.height} looks, {looks['detection_id'].count()} of them took a detection."]


def _look(row: Mapping[str, Any]) -> list[str]:
    near = zip(row["near_detection_ids"] or (), row["near_distances"] or (), strict=True)
    taken = "–" if row["detection_id"] is None else str(row["detection_id"])
    distance = "" if row["distance"] is None else f"{row['distance']:.1f}"
    beliefs = ("" if row[name] is None else f"{row[name]:.0%}" for name in ("straight", "turning", "hovering"))
    return [
        f"{row['time_utc']:%m-%d %H:%M:%S}.{row['time_utc'].microsecond // 1000:03d}", escape(row["sensor_id"]),
        row["status"], f"{row['existence']:.1%}", taken, distance,
        ", ".join(f"{one} ({far:.1f})" for one, far in near), *beliefs,
    ]  # fmt: skip
