"""The account, the faults of a bundle and the looks at a track, as tables for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

import polars as pl
from rich.markup import escape
from rich.table import Table

from hotwash.model.incident import Bundle
from hotwash.report.air_view import AirView
from hotwash.report.headline import Headline
from hotwash.report.page_table import PageTable
from hotwash.report.phrases import VERDICT_WORDS, count_noun
from hotwash.report.statements import Question
from hotwash.report.track_summary import summarise_track
from hotwash.report.view import AccountView
from hotwash.visible import make_visible

STAY_COLUMNS = ("Track, zone", "Answer", "Entry, exit", "Depth")
AERODROME_COLUMNS = ("Aerodrome", "Closest approach", "Closed, object near", "Closed, none near", "Open, object near")
SENSOR_COLUMNS = ("Sensor", "Plots", "Detection probability", "In words")
ROWS_SHOWN = 40  # of each table; a screen holds no more
BRIEF_LINES = 25  # of a brief account: one screen
WIDE = 80  # columns of a terminal
INDENT = "    "
_COLOURS = {
    "supported": "green",
    "contradicted": "red",
    "uncorroborated": "cyan",
    "compatible": "blue",
    "not_testable": "yellow",
    "superseded": "dim",
    "not_weighed": "dim",
    "": "dim",
}


def account(view: AccountView, *, is_full: bool = False) -> list[Any]:
    """Return what a terminal shows of an account: the title, the first answers, what was closed, what was rejected.

    is_full   all answers and tables too
    """
    head = [f"[bold]{_safe(view.title)}[/]", _safe(" · ".join(view.marks))]
    if view.as_of:
        head.append(f"As of {_safe(view.as_of)}; {view.left_out}.")
    parts: list[Any] = [*head, *(f"\n{line}" for item in view.headline for line in (_headline(item),))]
    if view.first and view.closed:
        parts.append("\n" + "\n".join(map(_safe, view.closed)))
    if is_full:
        parts += _everything(view)
    elif view.air.lead:
        parts.append(f"\n{_safe(' '.join(view.air.lead))}")
    return [*parts, *_last(view, is_full=is_full)]


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


def brief(view: AccountView, *, most_lines: int = BRIEF_LINES) -> list[str]:
    """Return the answers to the first questions in lines of plain text, no more than `most_lines`."""
    mark = f" ({view.marks[0]})" if view.incident.bundle.brief.marking else ""
    lines = [safe_line(f"{view.title}{mark}")]
    lines += [f"As of {safe_line(view.as_of)}."] if view.as_of else []
    large = [wrap(safe_line(item.large), WIDE) for item in view.headline]
    small = [
        wrap(safe_line(item.small), WIDE, initial_indent=INDENT, subsequent_indent=INDENT) for item in view.headline
    ]
    room = most_lines - len(lines)
    for place in reversed(range(len(small))):  # no sentence is cut: what stands below the last answers goes first
        if sum(map(len, (*large, *small))) > room:
            small[place] = []
    left = len(large)
    while sum(map(len, large[:left])) + (left < len(large)) > room:
        left -= 1
    lines += [line for both in list(zip(large, small, strict=True))[:left] for part in both for line in part]
    more = len(large) - left
    return [*lines, f"{count_noun(more, 'more answer')} in the account."] if more else lines


def _headline(item: Headline) -> str:
    small = f"\n  {_safe(item.small)}" if item.small else ""
    return f"[bold]{_safe(item.large)}[/]{small}"


def _everything(view: AccountView) -> list[Any]:
    """Return all other answers, the tables of the main part, the air picture and each statement with its verdict."""
    parts: list[Any] = ["\n[bold]Further questions[/]"] if view.further and view.headline else []
    for item in view.further:
        said = f" {_safe(item.text)} {_safe(item.small)}".rstrip() if item.text else ""
        parts.append(f"[bold]{_safe(item.question.text)}[/]{said}")
    tables = (
        ("States", view.states),
        ("Closures", view.closures),
        ("Occasions", view.occasions),
        ("How long", view.durations),
        ("Remarks on the bundle", view.bundle_remarks),
    )
    parts += [_table(title, rows, rows.columns) for title, rows in tables if rows.rows]
    parts += [_counts(view)] if view.counts else []
    by_occasion = view.occasion_counts
    parts += [_table("On each occasion", by_occasion, by_occasion.columns)] if by_occasion.rows else []
    parts += _air(view.air)
    parts += [_table(one.question, one.table, one.table.columns) for one in view.contradictions]
    parts += [_table("What to ask whom", view.asks, view.asks.columns)] if view.asks.rows else []
    return [*parts, *_findings(view)]


def _last(view: AccountView, *, is_full: bool) -> list[str]:
    """Return the last lines: how the statements fare, what was rejected, where the rest is."""
    bundle, remarks = view.incident.bundle, view.bundle_remarks.rows
    said = [f"\n[bold]{_safe(say_tally(view.tally))}[/]"] if view.tally else []
    if bundle.rejects.height or bundle.repairs.height:
        rejects, repairs = count_noun(bundle.rejects.height, "row"), count_noun(bundle.repairs.height, "text")
        said.append(f"{rejects} rejected, {repairs} corrected.")
    if remarks and not is_full:
        said.append(f"{count_noun(len(remarks), 'remark')} on the bundle: hotwash check explains them.")
    return said


def say_tally(tally: Sequence[tuple[str, int]]) -> str:
    """Return how the statements fare: "9 statements: 4 supported, 5 uncorroborated."."""
    total = sum(number for _, number in tally)
    verdicts = ", ".join(f"{number} {VERDICT_WORDS[verdict].lower()}" for verdict, number in tally)
    return f"{count_noun(total, 'statement')}: {verdicts}." if total else ""


def safe_line(text: str) -> str:
    """Return a text on one line without control characters, so that data never drives a terminal."""
    return " ".join(make_visible(text).split())


def _safe(text: str) -> str:
    """Return a text as rich takes it: without control characters but line ends, its brackets no markup."""
    return escape(make_visible(text))


def _cell(lines: Sequence[str]) -> str:
    return "\n".join(_safe(safe_line(line)) for line in lines)


def _counts(view: AccountView) -> Table:
    table = Table(title="How many", title_justify="left", show_edge=False, pad_edge=False)
    for name in ("of", "number", "why"):
        table.add_column(name, justify="left", overflow="fold")
    for one in view.counts:
        table.add_row(*map(_safe, (one.title, one.said, " ".join(part for part in (one.interval, one.why) if part))))
    return table


def _air(air: AirView) -> list[Any]:
    """Return the stays, the sensors and the number of remarks; nothing where there is no air picture."""
    parts: list[Any] = [f"\n{_safe(' '.join(air.lead))}"] if air.lead else []
    parts += [_table("Stays in zones", air.breaches, STAY_COLUMNS)] if air.stays else []
    parts += [_table("Aerodromes", air.exposures, AERODROME_COLUMNS)] if air.exposures.rows else []
    parts += [_table("Sensors", air.sensors, SENSOR_COLUMNS)] if air.sensors.rows else []
    remarks = ", ".join(f"{own.title.lower()} {own.total}" for own in air.remarks)
    return [*parts, f"[bold]Remarks on the tracks:[/] {_safe(remarks)}."] if remarks else parts


def _table(title: str, rows: PageTable, columns: tuple[str, ...]) -> Table:
    """Return some columns of a table of the page; the first ROWS_SHOWN rows, and how many more there are."""
    more = len(rows.rows) - ROWS_SHOWN
    caption = f"{count_noun(more, 'more row')} in the account." if more > 0 else None
    table = Table(title=_safe(title), caption=caption, title_justify="left", show_edge=False, pad_edge=False)
    places = [rows.columns.index(name) for name in columns]
    for name in columns:
        table.add_column(name.lower(), overflow="fold")
    for line in rows.rows[:ROWS_SHOWN]:
        table.add_row(*(_cell(line.cells[place].lines) for place in places))
    return table


def _findings(view: AccountView) -> list[Table]:
    return [_statements(item.question) for item in view.answers if item.question.statements]


def _statements(question: Question) -> Table:
    """Return the statements on one question, each with its verdict and the reason."""
    table = Table(title=_safe(question.text), title_justify="left", show_edge=False, pad_edge=False, expand=True)
    table.add_column("statement", ratio=4)
    table.add_column("verdict", width=16)
    table.add_column("why", ratio=5)
    for one in question.statements:
        verdict = f"[{_COLOURS[one.verdict]}]{one.glyph} {one.word.lower()}[/]"
        said = f"{_safe(safe_line(one.who))}, {_safe(one.when)}: {_safe(safe_line(one.value))}"
        table.add_row(said, verdict, _safe(safe_line(one.reason or one.summary)))
    return table


def faults(found: Bundle, remarks: pl.DataFrame) -> list[Any]:
    """Return what a terminal shows of a bundle's faults, and of the remarks on it: BUNDLE_REMARKS."""
    files = ", ".join(f"{file.name} ({file.rows})" for file in found.files if file.rows)
    parts: list[Any] = [f"Rows read: {_safe(files)}." if files else "No rows yet."]
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
        table.add_row(_safe(where), *(_safe(str(row[name] or "")) for name in columns))
    return table


def updates(looks: pl.DataFrame, begun_with: Sequence[int]) -> list[Any]:
    """Return what a terminal shows of one track: a summary, then look by look.

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
    return [*summarise_track(looks, begun_with), "", table]


def _look(row: Mapping[str, Any]) -> list[str]:
    near = zip(row["near_detection_ids"] or (), row["near_distances"] or (), strict=True)
    taken = "–" if row["detection_id"] is None else str(row["detection_id"])
    distance = "" if row["distance"] is None else f"{row['distance']:.1f}"
    beliefs = ("" if row[name] is None else f"{row[name]:.0%}" for name in ("straight", "turning", "hovering"))
    return [
        f"{row['time_utc']:%m-%d %H:%M:%S}.{row['time_utc'].microsecond // 1000:03d}", _safe(row["sensor_id"]),
        row["status"], f"{row['existence']:.1%}", taken, distance,
        ", ".join(f"{one} ({far:.1f})" for one, far in near), *beliefs,
    ]  # fmt: skip
