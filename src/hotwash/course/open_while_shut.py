"""Measures that end while another still shuts the place: a runway reported open while the aerodrome is closed.

aerodrome  ├──────── closed ────────┤
runway        ├─ closed ─┤ reported open: and yet nothing could land
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from hotwash.course.changes import AERODROME, AIRSPACE, CHANGES, OPEN, RUNWAY
from hotwash.course.dossier import A_MINUTE, remark, say_time
from hotwash.course.tellings import Row

# Which states still shut a place when the measure of a layer ends. A runway that stays closed shuts no aerodrome:
# nobody tells whether it has another.
_STILL_SHUTS = {
    RUNWAY: ("closed", "airspace_closed"),
    AIRSPACE: ("closed", "runway_closed"),
    AERODROME: ("airspace_closed",),
}
_LAYERS = {change.state: change.layer for change in CHANGES.values() if change.state != OPEN}
_ADVICE = (
    "Look which is right: correct the times, or tell when the other measure ended too. If both are right, nothing is "
    "to be done: it was open when the last of them had ended."
)
_LIFTED = "restriction_lifted"
_ADVICE_LIFTED = (
    "If a restriction of the airspace was lifted, write airspace_reopened; if the aerodrome opened in part, "
    "aerodrome_partly_reopened; if it opened, aerodrome_reopened."
)


def find_open_while_shut(states: Sequence[Row], events: Sequence[Row], zone: ZoneInfo) -> Iterator[dict[str, object]]:
    """Yield a remark for each measure that ends surely while another shuts the same place, and began before that end.

    states   rows of STATES
    events   rows of EVENTS that stand as facts
    """
    by_name = {f"events:{row['event_id']}": row for row in events}
    for one in states:
        layer = _LAYERS[one["state"]]
        if None in (one["to_utc_low"], one["to_utc_high"]) or not _is_ended_by_itself(one, layer, by_name):
            continue
        for other in states:
            is_other = other["subject_id"] == one["subject_id"] and other["state"] in _STILL_SHUTS.get(layer, ())
            if is_other and _holds_at_end(other, one):
                yield _open_while_shut(one, other, by_name, zone)
    yield from _lifted_while_closed(states, by_name, zone)


def _is_ended_by_itself(one: Row, layer: str, events: Mapping[str, Row]) -> bool:
    """Tell whether the end of a stretch is told of its own layer: what opens all opens a runway with it."""
    ends = [events[name] for name in one["to_rows"] if name in events]
    return any(CHANGES[row["kind"]].layer == layer if row["kind"] in CHANGES else True for row in ends)


def _holds_at_end(other: Row, one: Row) -> bool:
    """Tell whether a stretch surely lasted when another ended, a minute before and after."""
    begin, end = other["from_utc_high"], other["to_utc_low"]
    return bool(
        begin is not None
        and end is not None
        and begin + A_MINUTE <= one["to_utc_low"]
        and one["to_utc_high"] + A_MINUTE <= end
    )


def _open_while_shut(one: Row, other: Row, events: Mapping[str, Row], zone: ZoneInfo) -> dict[str, object]:
    when, end = say_time(one["to_utc_low"], zone), say_time(other["to_utc_low"], zone)
    what = _name(one)
    text = (
        f"{what[:1].upper()}{what[1:]} is reported open from {when}, while {_name(other)} is told to be closed until "
        f"{end} ({zone.key})."
    )
    name = next(name for name in one["to_rows"] if name in events)
    place = tuple(name.split(":", 1))
    rows = list(dict.fromkeys([*(other["from_rows"] or ()), *(other["to_rows"] or ())]))
    return remark("state_order", (place[0], place[1]), text, _ADVICE, column="start_utc", rows=rows)


def _lifted_while_closed(
    states: Sequence[Row], events: Mapping[str, Row], zone: ZoneInfo
) -> Iterator[dict[str, object]]:
    """Yield a remark for each lifting of a restriction that is taken as the reopening of what was closed."""
    for one in states:
        names = [name for name in one["to_rows"] or () if name in events] if one["state"] == "closed" else []
        lifted = [name for name in names if events[name]["kind"] == _LIFTED]
        if not lifted:
            continue
        row = events[lifted[0]]
        when = "" if row["start_utc"] is None else f" at {say_time(row['start_utc'], zone)} ({zone.key})"
        text = f"A restriction was lifted{when} while {_name(one)} was closed: it is taken as its reopening."
        place = tuple(lifted[0].split(":", 1))
        rows = list(one["from_rows"] or ())
        yield remark("state_order", (place[0], place[1]), text, _ADVICE_LIFTED, column="kind", rows=rows)


def _name(one: Row) -> str:
    """Return what a state is of: "LPPR", "the airspace over LPPR", "runway 17/35 of LPPR"."""
    subject = one["subject_id"]
    if one["state"] == "airspace_closed":
        return f"the airspace over {subject}"
    if one["state"] == "runway_closed":
        part = (one["part"] or "").replace("_", " ").removeprefix("runway ").removeprefix("Runway ")
        return f"runway {part} of {subject}" if part else f"a runway of {subject}"
    return str(subject)
