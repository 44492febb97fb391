"""Values as HTML fragments for a notebook: escaped, without scripts, and readable where styles are taken out.

A drawing is an image of its own, so that its names and styles do not meet those of the page around it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from markupsafe import Markup

from hotwash.errors import ReadError
from hotwash.front.drawings import draw_score
from hotwash.report import notebook
from hotwash.report.svg import el

Cells = Sequence[object]
_MOST_ROWS = 40


def fragment_of(value: object) -> str | None:
    """Return a value as a fragment; None for one that is not shown so."""
    name = type(value).__name__
    if name in _FRAGMENTS:
        return _FRAGMENTS[name](value)
    return str(el("div", *_PARTS[name](value))) if name in _PARTS else None


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
    yield from _PARTS[type(done.measured).__name__](done.measured)


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


# By name: to know a type, its room would have to be loaded.
_FRAGMENTS: dict[str, Callable[[Any], str]] = {
    "Incident": notebook.show_incident,
    "Proof": lambda proof: notebook.show_proofs([proof]),
    "Recording": notebook.show_recording,
    "VerificationResult": lambda verification: notebook.show_proofs(verification.proofs),
}
_PARTS: dict[str, Callable[[Any], Iterable[Markup]]] = {
    "BreachResult": _breaches,
    "EvaluationResult": _evaluation,
    "FlightResult": _result,
    "FlightScore": _flight_score,
    "TrackingResult": _tracks,
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
