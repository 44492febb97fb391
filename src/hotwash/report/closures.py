"""How long it was closed: the states of each aerodrome as bars and sentences, what they add up to, the occasions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hotwash.course.closures import count_movements, is_closure_length
from hotwash.model.incident import Incident
from hotwash.report import clock
from hotwash.report.links import anchor
from hotwash.report.page_table import Cell, PageTable, cell, page_table, table_row
from hotwash.report.phrases import OCCASION_WORDS, STATE_WORDS, full_stop, join_words, say_number, say_span, sentence
from hotwash.report.statements import Library

_A_DAY_MIN = 1440.0
CLOSED_AND_OPEN = 2  # stages of a closure that had none
Row = dict[str, Any]


_CLOSINGS = "the first closing to the last reopening"


def say_closure(row: Row, library: Library) -> tuple[str, str]:
    """Return what the closures of an aerodrome add up to: one sentence, and what stands below it.

    row   of CLOSURES
    """
    where = library.place_name(row["subject_id"])
    what = {"airspace_closed": f"The airspace over {where}", "runway_closed": f"One runway of {where}"}
    verb = "restricted" if row["state"] == "restricted" else "closed"
    span, total, lost = (
        say_span(row[f"{name}_min_low"], row[f"{name}_min_high"]) for name in ("span", "closed", "lost")
    )
    small = []
    if row["stretches"] > 1:
        said = f"was {verb} {_times(row['stretches'])}" + (f", {total} in all" if total else "")
        ends = "the first restriction to the end of the last" if verb == "restricted" else _CLOSINGS
        small += [f"From {ends}: {span}."] if span else []
    else:
        said = f"was {verb} for {span}" if span else f"was {verb}; nobody tells for how long"
        small += [f"{sentence(verb)} in all: {total}."] if total and total != span else []
    if lost and lost != total and row["state"] == "closed":
        small.append(f"Operating time lost: {lost}.")
    if row["exceptions"]:
        small.append(_say_movements(row["exceptions"], library))
    number = library.occasion_name(row["occasion_id"])
    return f"{what.get(row['state'], where)} {said}{f' ({number})' if number else ''}.", " ".join(small)


def _say_movements(names: Iterable[str], library: Library) -> str:
    """Return how often something moved: a row may tell several movements, and each of them is one."""
    told = [count_movements(library.row(*name.split(":", 1))) for name in names]
    least = "" if all(is_exact for _, is_exact in told) else "at least "
    return f"{sentence(f'{least}{_times(sum(many for many, _ in told))}')}, something moved while it was closed."


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{say_number(number)} times")


def say_stretch(row: Row, at: ZoneInfo) -> str:
    """Return one stretch of a state as a sentence: "Closed from 9 Sep 2025 22:26 (20:26 UTC) until … ." """
    if row["text"]:
        return full_stop(row["text"])
    part = f" ({row['part']})" if row["part"] else ""
    begun = _bound(row["from_utc_low"], row["from_utc_high"], at)
    ended = _bound(row["to_utc_low"], row["to_utc_high"], at)
    return f"{STATE_WORDS[row['state']]}{part} from {begun} until {ended}."


def _bound(low: datetime | None, high: datetime | None, at: ZoneInfo) -> str:
    if low is None and high is None:
        return "a time that nobody tells"
    if low is None or high is None:
        return clock.between(low, high, at)
    return clock.local(low, at) if low == high else f"between {clock.local(low, at)} and {clock.local(high, at)}"


# What a row of CLOSURES is of, where it is not of the aerodrome itself.
_NOT_CLOSED = {
    "airspace_closed": "the airspace over it",
    "runway_closed": "one runway",
    "restricted": "restricted",
    "closed_to_traffic": "to traffic: the aerodrome or the airspace over it",
}


def closures_table(incident: Incident, library: Library) -> PageTable:
    """Return what the closures add up to, a row for each aerodrome and occasion; what still runs has its beginning."""
    columns = ("Aerodrome", "First closing to last reopening", "Closed in all", "Operating time lost", "Stages")
    several = {(row["subject_id"], row["state"]) for row in incident.closures.to_dicts() if row["occasion_id"]}
    rows, before, lengths = [], "", incident.durations.unique("name", maintain_order=True).to_dicts()
    for row in incident.closures.to_dicts():
        since = _running_since(row, incident, library)
        if not (since or has_length(row)):
            continue
        name = "" if row["subject_id"] == before and row["occasion_id"] else library.place_name(row["subject_id"])
        before = row["subject_id"]
        stretches = f"in {say_number(row['stretches'])} stretches" if row["stretches"] > 1 else ""
        named = next((one for one in lengths if is_length_of(one, row)), None)
        lengths = [one for one in lengths if one is not named]  # an id stands on the page once
        what = _NOT_CLOSED.get(row["state"], "")
        rows.append(
            table_row(
                cell(name, sentence(library.occasion_name(row["occasion_id"])), what),
                cell(*(() if _is_of_days(row, library) else _length(row, "span").lines), since, _own_name(named)),
                cell(*(line for line in (*_length(row, "closed").lines, stretches) if line)),
                _length(row, "lost"),
                cell(*_stages(row, several), *_exceptions(row, library)),
                anchor=anchor("durations", named["name"]) if named else "",
            )
        )
    return page_table(columns, rows, wide=columns[4:])


def _is_of_several(row: Row, library: Library) -> bool:
    return row["occasion_id"] is None and bool(library.occasions)


def _is_of_days(row: Row, library: Library) -> bool:
    """Tell whether a row adds up occasions over days: from the first to the last it was mostly open."""
    return _is_of_several(row, library) and (row["span_min_high"] or 0.0) > _A_DAY_MIN


def _own_name(interval: Row | None) -> str:
    """Return the name of the interval whose length a row shows too; empty where it asks for a closure by its words."""
    return interval["name"] if interval and not is_closure_length(interval["name"]) else ""


def closures_with_length(incident: Incident) -> list[Row]:
    """Return the rows of CLOSURES of which some length is known."""
    return [row for row in incident.closures.to_dicts() if has_length(row)]


def has_length(row: Row) -> bool:
    """Tell whether some length of a row of CLOSURES is known."""
    return any(say_span(row[f"{name}_min_low"], row[f"{name}_min_high"]) for name in ("span", "closed"))


def _running_since(row: Row, incident: Incident, library: Library) -> str:
    """Return since when the last stretch of a row of CLOSURES runs: no reopening of it is told; "" of another row."""
    own = [
        one
        for one in incident.states.to_dicts()
        if (one["subject_id"], one["state"]) == (row["subject_id"], row["state"])
        and row["occasion_id"] in (None, one["occasion_id"])
        and (one["from_utc_low"] or one["from_utc_high"]) is not None
    ]
    last = max(own, key=lambda one: one["from_utc_high"] or one["from_utc_low"], default=None)
    if last is None or last["to_utc_low"] is not None or last["to_utc_high"] is not None:
        return ""
    return f"since {library.say_between(last['from_utc_low'], last['from_utc_high'])}; no reopening is told"


def is_length_of(interval: Row, closure: Row) -> bool:
    """Tell whether an interval that the bundle asks for is the length of a closure, so that one row says both.

    interval, closure   rows of DURATIONS and CLOSURES
    """
    is_equal = closure["span_min_low"] == closure["span_min_high"] == interval["minutes"]
    return is_equal and not interval["groups"] and set(interval["rows"] or ()) <= set(closure["rows"] or ())


def _stages(row: Row, several: Collection[tuple[str, str]]) -> list[str]:
    """Return the stages of a closure; closed and open again are none, and those of several occasions are no course.

    several   the aerodromes and states that have a row for each occasion
    """
    stages = row["stages"] or ()
    is_of_all = row["occasion_id"] is None and (row["subject_id"], row["state"]) in several
    return [] if is_of_all or len(stages) <= CLOSED_AND_OPEN else [full_stop(stage) for stage in stages]


def _exceptions(row: Row, library: Library) -> list[str]:
    return [f"While closed: {library.evidence(ref).label}" for ref in row["exceptions"] or ()]


def _length(row: Row, name: str) -> Cell:
    return cell(say_span(row[f"{name}_min_low"], row[f"{name}_min_high"]))


def states_table(incident: Incident, library: Library) -> PageTable:
    """Return each stretch of a state, with its bounds and who tells them."""

    def one(row: Row) -> Any:
        rows = [*(row["from_rows"] or ()), *(row["to_rows"] or ())]
        return table_row(
            cell(library.place_name(row["subject_id"]), row["part"], library.occasion_name(row["occasion_id"])),
            STATE_WORDS[row["state"]],
            library.say_between(row["from_utc_low"], row["from_utc_high"]),
            library.say_between(row["to_utc_low"], row["to_utc_high"]),
            cell(
                join_words(_sayers(rows, library)),
                row["text"],
                "" if row["is_graded"] else "No source of reliability A or B tells both ends.",
            ),
        )

    columns = ("Aerodrome", "State", "From", "Until", "Told by")
    return page_table(columns, map(one, incident.states.to_dicts()), wide=columns[4:])


def _sayers(rows: Iterable[str], library: Library) -> list[str]:
    """Return who tells some events, each once."""
    found = (library.row(*ref.split(":", 1)) for ref in rows if ":" in ref)
    return list(dict.fromkeys(name for row in found if row for name in row["said_by"] or ()))


def say_states(incident: Incident, library: Library) -> tuple[str, ...]:
    """Return what is known of closures in sentences; where nothing adds up, the states themselves."""
    told = [" ".join(part for part in say_closure(row, library) if part) for row in incident.closures.to_dicts()]
    if told:
        return tuple(told)
    return tuple(
        f"{library.place_name(row['subject_id'])}: {say_stretch(row, library.zone)}"
        for row in incident.states.to_dicts()
        if row["state"] != "open"
    )


def occasions_table(incident: Incident, library: Library) -> PageTable:
    """Return the occasions by their numbers; those of another story last, without one."""

    def one(row: Row) -> Any:
        remark = "proposed by hotwash: the bundle named none" if row["is_proposed"] else ""
        remark = "belongs to another story: it enters no count and no answer" if row["is_related"] else remark
        return table_row(
            str(library.occasions.get(row["occasion_id"], "–")),
            cell(f"{OCCASION_WORDS[row['kind']]}{_of(row, library)}", row["text"], sentence(remark)),
            row["place"],
            library.say_between(row["utc_low"], row["utc_high"]) if row["utc_low"] or row["utc_high"] else "",
            anchor=anchor("occasions", row["occasion_id"]),
        )

    last = len(library.occasions) + 1
    rows = _occasions_to_list(incident, library)
    ordered = sorted(rows, key=lambda row: library.occasions.get(row["occasion_id"], last))
    return page_table(("No.", "Occasion", "Where", "When"), map(one, ordered), wide=("Occasion",))


def _occasions_to_list(incident: Incident, library: Library) -> Iterable[Row]:
    """Return the occasions worth a table: those that must be told apart, and those of another story."""
    rows = incident.bundle.occasions.to_dicts()
    return rows if library.occasions else [row for row in rows if row["is_related"]]


def _of(row: Row, library: Library) -> str:
    return f" of {library.place_name(row['subject_id'])}" if row["subject_id"] else ""
