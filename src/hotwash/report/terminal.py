"""The account, the faults of a bundle and the looks at a track, as tables for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from rich.markup import escape
from rich.table import Table

from hotwash.model.incident import Bundle, Incident
from hotwash.report.air_view import AirView
from hotwash.report.page_table import PageTable
from hotwash.report.phrases import VERDICT_GLYPHS, VERDICT_WORDS, count_noun
from hotwash.report.view import AccountView

STAY_COLUMNS = ("Track, zone", "Answer", "Entry, exit", "Depth")
AERODROME_COLUMNS = ("Aerodrome", "Closest approach", "Closed, object near", "Closed, none near", "Open, object near")
SENSOR_COLUMNS = ("Sensor", "Plots", "Detection probability", "In words")
BRIEF_UNITS = ("crossings", "airframes", "finds", "brought_down")  # the four that are mixed up most often
ROWS_SHOWN = 40  # of each table; a screen holds no more
_COLOURS = {"supported": "green", "contradicted": "red", "not_testable": "yellow", "superseded": "dim"}


def account(view: AccountView) -> list[Any]:
    """Return what a terminal shows of an account: the title, the counts, the findings, what was rejected."""
    head = [f"[bold]{escape(view.title)}[/]", escape(" · ".join(view.marks))]
    if view.as_of:
        head.append(f"As of {escape(view.as_of)}; {view.left_out}.")
    return [*head, _counts(view.incident), *_air(view.air), *_findings(view.incident), _tally(view)]


def missing_fields(fields: pl.DataFrame) -> str:
    """Return how many of the mandatory fields of an occurrence report are empty, from OCCURRENCE_FIELDS."""
    needed = fields.filter(pl.col("value").is_not_null() | pl.col("is_missing"))
    of_aircraft = pl.when(entity="Aircraft").then("instance")  # elsewhere an instance is one of several values
    mandatory = needed.select("field", of_aircraft).unique().height
    missing = fields["is_missing"].sum()
    if not missing:
        return "Occurrence report: all mandatory fields are filled (occurrence.csv)."
    are = "is" if missing == 1 else "are"
    return f"Occurrence report: {missing} of {mandatory} mandatory fields {are} empty; occurrence.csv lists them."


def brief(incident: Incident) -> list[str]:
    """Return what is known at a glance, in lines of plain text: what it is, the four counts, the verdicts."""
    mark = incident.bundle.brief.marking
    rows = {row["unit"]: row for row in incident.counts.to_dicts()}
    counts = [
        f"  {unit.replace('_', ' '):14}{_span(rows[unit]):13}{_likely(rows[unit])}".rstrip()
        for unit in BRIEF_UNITS
        if unit in rows
    ]
    return [f"{incident.bundle.brief.title}{f' ({mark})' if mark else ''}", *counts, f"  {_verdicts(incident)}"]


def _span(row: Mapping[str, Any]) -> str:
    low, high = row["low_90"], row["high_90"]
    return "?" if low is None else f"{low} or more" if high is None else f"{low} to {high}"


def _likely(row: Mapping[str, Any]) -> str:
    return "" if row["most_likely"] is None else f"most likely {row['most_likely']}"


def _counts(incident: Incident) -> Table:
    table = Table(title="How many", title_justify="left", show_edge=False, pad_edge=False)
    for name in ("of", "most likely", "90 % interval", "why"):
        table.add_column(name, justify="left")
    for row in incident.counts.iter_rows(named=True):
        likely = "?" if row["most_likely"] is None else str(row["most_likely"])
        table.add_row(row["unit"].replace("_", " "), likely, _span(row), escape(row["why"] or ""))
    return table


def _air(air: AirView) -> list[Any]:
    """Return the stays, the sensors and the number of remarks; nothing where there is no air picture."""
    parts: list[Any] = [f"\n{' '.join(air.lead)}"] if air.lead else []
    parts += [_table("Stays in zones", air.breaches, STAY_COLUMNS)] if air.stays else []
    parts += [_table("Aerodromes", air.exposures, AERODROME_COLUMNS)] if air.exposures.rows else []
    parts += [_table("Sensors", air.sensors, SENSOR_COLUMNS)] if air.sensors.rows else []
    remarks = ", ".join(f"{own.title.lower()} {own.total}" for own in air.remarks)
    return [*parts, f"[bold]Remarks:[/] {remarks}."] if remarks else parts


def _table(title: str, rows: PageTable, columns: tuple[str, ...]) -> Table:
    """Return some columns of a table of the page; the first ROWS_SHOWN rows, and how many more there are."""
    more = len(rows.rows) - ROWS_SHOWN
    caption = f"{count_noun(more, 'more row')} in the account." if more > 0 else None
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


def _tally(view: AccountView) -> str:
    rejects, repairs = view.incident.bundle.rejects.height, view.incident.bundle.repairs.height
    faults_said = f" {count_noun(rejects, 'row')} rejected, {count_noun(repairs, 'text')} corrected."
    return f"\n[bold]{_verdicts(view.incident)}[/]{faults_said if rejects or repairs else ''}"


def _verdicts(incident: Incident) -> str:
    found = dict(incident.findings.group_by("verdict").len().rows())
    said = [f"{found[verdict]} {VERDICT_WORDS[verdict].lower()}" for verdict in _COLOURS if verdict in found]
    return f"{count_noun(incident.findings.height, 'claim')}: {', '.join(said)}."


def faults(found: Bundle, remarks: pl.DataFrame) -> list[Any]:
    """Return what a terminal shows of a bundle's faults, and of the remarks on it: BUNDLE_REMARKS."""
    files = ", ".join(f"{file.name} ({file.rows})" for file in found.files if file.rows)
    parts: list[Any] = [f"Rows read: {escape(files)}." if files else "No rows yet."]
    if found.repairs.height:
        parts.append(_fault_table("Corrected text", found.repairs, ("raw", "mended")))
    if found.rejects.height:
        parts.append(_fault_table("Rejected rows", found.rejects, ("column", "value", "reason", "advice")))
    if remarks.height:
        parts.append(_remark_table(remarks))
    parts.append(_outcome(found.rejects.height, remarks.height))
    return parts


def _outcome(rejected: int, remarked: int) -> str:
    if not rejected:
        return f"No row was rejected; {count_noun(remarked, 'remark')}." if remarked else "No faults and no remarks."
    more = f"; {count_noun(remarked, 'remark')}" if remarked else ""
    return f"{count_noun(rejected, 'row')} rejected{more}."


def _remark_table(remarks: pl.DataFrame) -> Table:
    table = Table(title="Remarks", title_justify="left", show_edge=False, pad_edge=False)
    for name in ("where", "column", "what was noticed", "what to do"):
        table.add_column(name, overflow="fold")
    for row in remarks.iter_rows(named=True):
        where = f"{row['table']} {row['row_id']}"
        table.add_row(*(escape(str(cell or "")) for cell in (where, row["column"], row["text"], row["advice"])))
    return table


def _fault_table(title: str, rows: Any, columns: tuple[str, ...]) -> Table:
    table = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    table.add_column("where")
    for name in columns:
        table.add_column(name, overflow="fold")
    for row in rows.iter_rows(named=True):
        line = f":{row['line']}" if row["line"] else ""
        where = f"{row['file']} {row['cell']}" if row["cell"] else f"{row['file']}{line}"
        table.add_row(escape(where), *(escape(str(row[name] or "")) for name in columns))
    return table


def updates(looks: pl.DataFrame, begun_with: Sequence[int]) -> list[Any]:
    """Return what a terminal shows of one track, look by look.

    looks        UPDATES of one track
    begun_with   the detections that it had before its first look
    """
    table = Table(title=f"Track {looks['track_id'][0]}", title_justify="left", show_edge=False, pad_edge=False)
    for name in ("time UTC", "sensor", "status"):
        table.add_column(name)
    for name in ("existence", "detection", "distance (sigma)"):
        table.add_column(name, justify="right")
    table.add_column("others near (sigma)")
    for name in ("straight", "turning", "hovering"):
        table.add_column(name, justify="right")
    for row in looks.iter_rows(named=True):
        table.add_row(*_look(row))
    begun = ", ".join(map(str, begun_with))
    head = (
        [f"The track began with {'detection' if len(begun_with) == 1 else 'detections'} {begun}, before its first row."]
        if begun
        else []
    )
    return [
        table,
        *head,
        f"{count_noun(looks.height, 'look')}, {looks['detection_id'].count()} of them with a detection.",
    ]


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
