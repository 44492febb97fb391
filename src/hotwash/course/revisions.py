"""What a sayer told again: the later telling stands, the earlier one is its history and no evidence any more.

A later row revises an earlier one that has its name, or that it names in `supersedes`; and where one sayer tells two
things of one event that exclude each other, the one known later is taken to revise the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import polars as pl

from hotwash.course.changes import CHANGES, happens_once
from hotwash.course.states import Turn
from hotwash.course.tellings import Row, beginning_of, excludes
from hotwash.model import schema, tables
from hotwash.model.incident import Bundle
from hotwash.model.schema import TEXTS

_IDS = {"claims": "claim_id", "events": "event_id", "finds": "find_id", "sightings": "sighting_id"}


def revise(bundle: Bundle) -> tuple[Bundle, pl.DataFrame]:
    """Return the bundle with what was revised taken out of events, finds and sightings, and REVISIONS.

    bundle   as known at a date

    A claim that was replaced stays among the claims, where its verdict tells of it. Of several rows of one name the
    earlier ones are numbered: C1#1, C1#2, C1.
    """
    rows: list[dict[str, object]] = []
    frames: dict[str, pl.DataFrame] = {}
    later: dict[str, str] = {}
    for name, frame in (
        ("claims", bundle.claims),
        ("events", bundle.recording.events),
        ("finds", bundle.finds),
        ("sightings", bundle.sightings),
    ):
        named = _number_rows(frame, _IDS[name])
        replaced = _replaced(named, _IDS[name])
        by_id = {row[_IDS[name]]: row for row in named.iter_rows(named=True)} if replaced else {}
        rows += [revision(name, by_id[old], by_id[new]) for old, new in replaced.items()]
        later |= replaced if name in ("claims", "events") else {}
        frames[name] = named if name == "claims" else named.filter(~pl.col(_IDS[name]).is_in(list(replaced)))
    if later:
        frames |= {name: _mend_parts(frames[name], later) for name in ("claims", "events")}
    kept = replace(
        bundle,
        claims=frames["claims"],
        finds=frames["finds"],
        sightings=frames["sightings"],
        recording=replace(bundle.recording, events=frames["events"]),
    )
    return kept, schema.frame(tables.REVISIONS, rows)


def _number_rows(frame: pl.DataFrame, key: str) -> pl.DataFrame:
    """Return rows with names of their own: of several of one name the last known keeps it and supersedes the others."""
    if frame[key].n_unique() == frame.height:
        return frame
    order = frame.with_row_index("row_number").sort("known_utc", "row_number", nulls_last=False)
    names: dict[str, list[int]] = {}
    for place, name in order.select("row_number", key).iter_rows():
        names.setdefault(name, []).append(place)
    ids, links = frame[key].to_list(), [list(cell or ()) for cell in frame["supersedes"].to_list()]
    for name, places in names.items():
        for number, place in enumerate(places[:-1], start=1):
            ids[place] = f"{name}#{number}"
            following = places[number]
            links[following].append(f"{name}#{number}")
    cells = [cell or None for cell in links]
    first = {name: place for place, name in reversed(list(enumerate(frame[key].to_list())))}
    stands = [first[name] for name in frame[key].to_list()]  # a row revised stands where its first telling stood
    named = frame.with_columns(pl.Series(key, ids, dtype=pl.String), pl.Series("supersedes", cells, dtype=TEXTS))
    return named[pl.Series(stands).arg_sort()]


def _replaced(frame: pl.DataFrame, key: str) -> dict[str, str]:
    """Return which row was replaced by which, the one known last where there are several."""
    linked = frame.filter(pl.col("supersedes").is_not_null()).sort("known_utc", nulls_last=False, maintain_order=True)
    known = set(frame[key].to_list()) if linked.height else set()
    return {
        earlier: later
        for later, named in linked.select(key, "supersedes").iter_rows()
        for earlier in named
        if earlier in known
    }


def _mend_parts(frame: pl.DataFrame, later: Mapping[str, str]) -> pl.DataFrame:
    """Return rows whose `parts` name the tellings that stand in place of those that were replaced."""
    if not frame["parts"].is_not_null().any():
        return frame

    def standing(name: str) -> str:
        seen = {name}
        while name in later and later[name] not in seen:
            name = later[name]
            seen.add(name)
        return name

    cells = [None if cell is None else [standing(name) for name in cell] for cell in frame["parts"].to_list()]
    return frame.with_columns(pl.Series("parts", cells, dtype=TEXTS))


def revision(table: str, old: Row, new: Row, *, is_derived: bool = False) -> dict[str, object]:
    """Return a row of REVISIONS."""
    return {
        "table": table,
        "row_id": old[_IDS[table]],
        "replaced_by": new[_IDS[table]],
        "known_utc": old["known_utc"],
        "replaced_utc": new["known_utc"],
        "said_by": "; ".join(_names(old["said_by"])) or None,
        "text": _say_row(table, old),
        "is_derived": is_derived,
    }


def _names(said_by: Any) -> Sequence[str]:
    return [said_by] if isinstance(said_by, str) else list(said_by or ())


_TEXTS = {"claims": "summary", "events": "text", "finds": "what", "sightings": "seen"}


def _say_row(table: str, row: Row) -> str:
    """Return what a row told, in short: its time or value, and its text."""
    when = row.get("start_utc") or row.get("utc_low") or row.get("utc_high") if table == "events" else None
    first = f"{when:%Y-%m-%d %H:%M} UTC" if isinstance(when, datetime) else ""
    value = row.get("value")
    number = f"{value:g}" if isinstance(value, float) else str(value or "")
    return ". ".join(part.rstrip(".") for part in (first, number, str(row[_TEXTS[table]] or "")) if part) + "."


def find_same_sayer(
    events: Sequence[Row], turns: Iterable[Turn], occasions: Mapping[str, str]
) -> tuple[dict[str, str], list[dict[str, object]]]:
    """Return which event one sayer revised by telling the same event otherwise, {earlier: later}, and REMARKS rows.

    events     rows of EVENTS that stand
    turns      the changes of state that they tell: tellings of one change are of one event
    occasions  the occasion of each event, by event_id
    """
    rows = {row["event_id"]: row for row in events}
    groups = [[rows[one.name] for one in turn.tellings if _begins(rows[one.name], turn)] for turn in turns]
    once: dict[tuple[object, ...], list[Row]] = {}
    for row in events:
        place = occasions.get(row["event_id"], "")
        if happens_once(row["kind"]) and row["kind"] not in CHANGES:
            once.setdefault(("once", row["kind"], row["subject_id"], row["part"], place), []).append(row)
        if row["value"] is not None and not row["is_running"] and row["counted_utc"] is None:
            unit = row["unit"] or row["kind"]
            once.setdefault(("number", unit, row["subject_id"], row["part"], place), []).append(row)
    replaced: dict[str, str] = {}
    remarks: list[dict[str, object]] = []
    for key, group in [*((("turn",), group) for group in groups), *once.items()]:
        for old, new in _pairs(group, is_number=key[0] == "number"):
            if old["event_id"] not in replaced and new["event_id"] not in replaced:
                replaced[old["event_id"]] = new["event_id"]
                remarks.append(_remark(old, new))
    return replaced, remarks


def _begins(row: Row, turn: Turn) -> bool:
    """Tell whether a row tells a change by its own kind, not by the end that it states."""
    change = CHANGES.get(row["kind"])
    return change is not None and change.state == turn.state


def _pairs(group: Sequence[Row], *, is_number: bool) -> Iterable[tuple[Row, Row]]:
    """Yield (earlier, later) tellings by one sayer that exclude each other."""
    dated = sorted((row for row in group if row["known_utc"] is not None), key=lambda row: row["known_utc"])
    for place, old in enumerate(dated):
        for new in dated[place + 1 :]:
            if (
                new["known_utc"] > old["known_utc"]
                and _shares_sayer(old, new)
                and _excludes(old, new, is_number=is_number)
            ):
                yield old, new
                break


def _shares_sayer(old: Row, new: Row) -> bool:
    """Tell whether everybody who told the earlier telling told the later one."""
    first, second = ({" ".join(name.casefold().split()) for name in row["said_by"] or ()} for row in (old, new))
    return bool(first) and first <= second


def _excludes(old: Row, new: Row, *, is_number: bool) -> bool:
    one, other = beginning_of(old), beginning_of(new)
    if is_number:
        is_exact = (old["relation"] or "exactly") == (new["relation"] or "exactly") == "exactly"
        return is_exact and old["value"] != new["value"] and not excludes(one, other)
    return one.is_bounded and other.is_bounded and excludes(one, other)


def _remark(old: Row, new: Row) -> dict[str, object]:
    who = ", ".join(old["said_by"] or ())
    return {
        "kind": "revised",
        "table": "events",
        "row_id": old["event_id"],
        "text": f"{who} told {new['event_id']} later, and otherwise: {old['event_id']} is taken as revised by it.",
        "advice": f"Write {old['event_id']} into supersedes of {new['event_id']}; or give them different occasions.",
        "rows": [f"events:{new['event_id']}"],
    }
