"""Values as HTML fragments for a notebook: escaped, without scripts, and readable where styles are taken out.

A drawing is an image of its own, so that its names and styles do not meet those of the page around it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from typing import Any

import polars as pl
from markupsafe import Markup

from hotwash.errors import ReadError
from hotwash.front.drawings import draw_score
from hotwash.report.svg import el

Cells = Sequence[object]
_MOST_ROWS = 40


def fragment_of(value: object) -> str | None:
    """Return a value as a fragment; None for one that is not shown so."""
    show = _SHOWN.get(type(value).__name__)
    return None if show is None else str(el("div", *show(value)))


def _incident(incident: Any) -> Iterable[Markup]:
    brief = incident.bundle.brief
    yield el("h3", brief.title)
    yield from _marks(brief.marking, "SYNTHETIC" * brief.is_synthetic, "EXERCISE" * brief.is_exercise)
    when = f"{brief.start_utc:%Y-%m-%d %H:%M} to {brief.end_utc:%Y-%m-%d %H:%M} UTC"
    known = (
        "all that is known" if incident.as_of_utc is None else f"as known by {incident.as_of_utc:%Y-%m-%d %H:%M} UTC"
    )
    yield el("p", f"{when}; {known}.")
    counts = incident.counts.select("unit", "most_likely", "low_90", "high_90")
    yield _table(("count", "most likely", "90 % from", "to"), counts.rows(), "How many")
    verdicts = incident.findings["verdict"].value_counts(sort=True)
    yield _table(("verdict", "statements"), verdicts.rows(), "What was stated")
    if incident.tracks.height:
        tracks = incident.tracks["track_id"].n_unique()
        yield el("p", f"{tracks} tracks, {incident.breaches.height} stays in zones.")


def _recording(recording: Any) -> Iterable[Markup]:
    yield el("h3", "Recording")
    named = {one.name: getattr(recording, one.name) for one in fields(recording)}
    frames = {name: frame for name, frame in named.items() if isinstance(frame, pl.DataFrame) and frame.height}
    rows = [(name, f"{frame.height:,}", *_span(frame)) for name, frame in frames.items()]
    yield _table(("table", "rows", "from [UTC]", "to [UTC]"), rows, "What it holds")
    yield el("p", "It carries its scenario." if recording.scenario else "It carries no scenario.")


def _span(frame: pl.DataFrame) -> tuple[object, object]:
    if "time_utc" not in frame.columns:
        return None, None
    ends = frame.select(first=pl.col("time_utc").min(), last=pl.col("time_utc").max())
    first, last = ends.select(pl.all().dt.strftime("%Y-%m-%d %H:%M:%S")).row(0)
    return first, last


def _proofs(found: Any) -> Iterable[Markup]:
    yield el("h3", f"Which lessons hold, {found.when_utc:%Y-%m-%d %H:%M} UTC")
    yield from _proof_table(found.proofs)


def _proof_table(proofs: Iterable[Any]) -> Iterable[Markup]:
    rows = [(one.lesson_id, one.title, one.result, one.passes, one.trials, one.why) for one in proofs]
    yield _table(("lesson", "objective", "result", "passes", "of", "why"), rows, "Objectives")


def _flight_score(measured: Any) -> Iterable[Markup]:
    whole = f"{measured.points:g} of {measured.possible:g} points in {measured.seconds:.1f} s: {measured.result}"
    yield el("h3", whole)
    yield el("p", f"{measured.why} This is {measured.notice}.")
    rows = [(one.task.name, one.result, f"{one.points:g} of {one.possible:g}", one.why) for one in measured.tasks]
    yield _table(("task", "result", "points", "why"), rows, "Tasks")
    yield from _drawing(measured, "The path flown on the plan of the lane")


def _watch_score(measured: Any) -> Iterable[Markup]:
    yield el("h3", measured.title)
    yield from _marks(measured.marked)
    yield el("p", f"{measured.seconds / 60.0:.1f} minutes. This is {measured.notice}.")
    yield from _drawing(measured, "The watch as lines in time")
    yield _table(("measure", "by what happened", "by what could be known"), measured.table, "Measures")


def _result(done: Any) -> Iterable[Markup]:
    """Yield a flight or a watch: who did what, and its score."""
    name = done.scenario.title or done.scenario.name
    yield el("p", f"{name}, by {done.policy}, seed {done.seed}.")
    yield from _SHOWN[type(done.measured).__name__](done.measured)


def _breaches(found: Any) -> Iterable[Markup]:
    whom = ("all", "unidentified")
    rows = [
        (one.zone_id, one.unit, whom[one.is_unidentified_only], one.most_likely, one.low_90, one.high_90)
        for one in found.counts
    ]
    yield _table(("zone", "count", "of", "most likely", "90 % from", "to"), rows, f"{found.breaches.height} stays")


def _evaluation(found: Any) -> Iterable[Markup]:
    yield _table(("measure", "found", "what it is"), found.rows, found.headline)
    yield from (el("p", note) for note in found.notes)


def _tracks(found: Any) -> Iterable[Markup]:
    tracks = found.tracks["track_id"].n_unique()
    yield el(
        "p", f"{found.detections_used:,} detections gave {tracks:,} tracks; {found.rejects.height:,} rows rejected."
    )
    yield from (el("p", text) for text in found.remarks["text"])


_SHOWN: dict[str, Callable[[Any], Iterable[Markup]]] = {  # by name: to know a type, its room would have to be loaded
    "BreachResult": _breaches,
    "EvaluationResult": _evaluation,
    "FlightResult": _result,
    "Incident": _incident,
    "FlightScore": _flight_score,
    "Proof": lambda proof: _proof_table([proof]),
    "Recording": _recording,
    "TrackingResult": _tracks,
    "VerificationResult": _proofs,
    "WatchScore": _watch_score,
    "WatchResult": _result,
}


def _marks(*marks: str) -> Iterable[Markup]:
    return (el("p", el("strong", mark)) for mark in marks if mark)


def _drawing(measured: Any, title: str) -> Iterable[Markup]:
    try:
        content = b64encode(draw_score(measured).encode()).decode("ascii")
    except ReadError:  # a flight without a lane has no plan
        return
    yield el("img", src=f"data:image/svg+xml;base64,{content}", alt=title, style="max-width: 100%")


def _table(head: Sequence[str], rows: Iterable[Cells], title: str) -> Markup:
    lines = [el("tr", *(el("td", "–" if cell is None else str(cell)) for cell in row)) for row in rows]
    rest = len(lines) - _MOST_ROWS
    more = [el("tr", el("td", f"and {rest} more rows", colspan=len(head)))] if rest > 0 else []
    top = el("thead", el("tr", *(el("th", name) for name in head)))
    return el("table", el("caption", title), top, el("tbody", *lines[:_MOST_ROWS], *more))
