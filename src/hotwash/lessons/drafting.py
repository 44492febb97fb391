"""Draft an observation from a row of an account: what happened, when, where, and the evidence for it.

The text is the account's own, with its bounds. The account does not know what was expected, so the draft leaves a
place for that, and `lint` asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

Row = Mapping[str, Any]

EXPECTED = "Expected: (say here what was expected)."


@dataclass(frozen=True, slots=True)
class Table:
    """How rows of one table become observations.

    key     the column that identifies a row
    kind    the kind of evidence
    says    gives the text of a row, one or two sentences
    when    the columns of its time; the first known one counts
    place   the column of its place name
    """

    key: str
    kind: str
    says: Callable[[Row], str]
    when: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What the account says about the incident as a whole."""

    title: str
    start_utc: datetime | None
    marking: str
    releasable_to: str


def describe_row(table: str, row: Row) -> str:
    """Return the text of a row of an account.

    table    one of TABLES
    """
    return TABLES[table].says(row)


def draft_observation(table: str, row: Row, *, about: About, ref: str, sha256: str) -> dict[str, object]:
    """Return the fields of an observation with a row of an account as its evidence.

    table    one of TABLES
    ref      reference of the row; sha256: of its account
    """
    form, text = TABLES[table], describe_row(table, row)
    when = next((row[name] for name in form.when if row.get(name) is not None), about.start_utc)
    draft: dict[str, object] = {
        "title": _headline(text), "observation": f"{text} {EXPECTED}", "event": about.title, "event_utc": when,
        "classification": about.marking, "releasability": about.releasable_to,
        "evidence": [{"kind": form.kind, "ref": ref, "sha256": sha256, "text": text}],
    }  # fmt: skip
    if form.place and row.get(form.place):
        draft["place"] = str(row[form.place])
    if row.get("lat_deg") is not None and row.get("lon_deg") is not None:
        draft |= {"lat_deg": float(row["lat_deg"]), "lon_deg": float(row["lon_deg"])}
    return draft


def _headline(text: str) -> str:
    """Return the first sentence, cut at a word if it is too long."""
    first = text.split(". ")[0].rstrip(".")
    return first if len(first) <= _HEAD_LETTERS else first[:_HEAD_LETTERS].rsplit(" ", 1)[0] + " …"


_HEAD_LETTERS = 100


def _amount(value: float | None, low: float | None, high: float | None, unit: str = "") -> str:
    """Return a number with its bounds: "105 min (100 to 110)", "at least 14", "not known"."""
    if value is None:
        return _bounded(low, high, unit)
    if low == high == value or (low is None and high is None):
        return f"{value:g}{unit}"
    return f"{value:g}{unit} ({'open' if low is None else f'{low:g}'} to {'open' if high is None else f'{high:g}'})"


def _bounded(low: float | None, high: float | None, unit: str) -> str:
    if low is not None and high is not None:
        return f"{low:g} to {high:g}{unit}"
    if low is None and high is None:
        return "not known"
    return f"at least {low:g}{unit}" if high is None else f"at most {high:g}{unit}"


def _duration(row: Row) -> str:
    name = row["name"]
    return f"{name[:1].upper()}{name[1:]}: {_amount(row['minutes'], row['low'], row['high'], ' min')}.{_why(row)}"


def _why(row: Row) -> str:
    return f" {row['why']}" if row.get("why") else ""


def _count(row: Row) -> str:
    unit = row["unit"].replace("_", " ").capitalize()
    return f"{unit}: {_amount(row['most_likely'], row['low_90'], row['high_90'])}.{_why(row)}"


def _finding(row: Row) -> str:
    sure = f", probability {row['probability']:.2f}" if row["probability"] is not None else ""
    words = f"{row['said_by']} said: {row['summary']}. " if row.get("summary") else ""
    return f"{words}The statement {row['claim_id']} is {row['verdict'].replace('_', ' ')}{sure}. {row['reason']}"


def _find(row: Row) -> str:
    return f"Found near {row['place']}{_time(row['found_utc_high'], ', by ')}. {row['what'] or ''}".strip()


def _event(row: Row) -> str:
    when = _time(next((row[name] for name in _EVENT_TIMES if row[name] is not None), None), ", ")
    about = f" {row['subject_id']}" if row["subject_id"] else ""
    return f"{row['kind'].replace('_', ' ').capitalize()}{about}{when}. {row['text'] or ''}".strip()


_EVENT_TIMES = ("start_utc", "utc_low", "utc_high")


def _sighting(row: Row) -> str:
    who, when = row["role"] or "somebody", _time(row["utc_low"], ", ")
    return f"{who[:1].upper()}{who[1:]}, {row['place']}{when}. {row['seen'] or ''}".strip()


def _claim(row: Row) -> str:
    return f"{row['said_by']} said: {row['summary']}."


def _breach(row: Row) -> str:
    when = _time(row["enter_utc"], ", in at ") + _time(row["exit_utc"], ", out at ")
    answer = f"{row['answer']}, probability {row['probability']:.2f}"
    return f"Track {row['track_id']} and {row['zone_id']}: {answer}{when}."


def _exposure(row: Row) -> str:
    closed = "; ".join(f"{words} {row[name]:.0f} min" for name, words in _MINUTES.items() if row.get(name) is not None)
    near = f"nearest {row['nearest_m'] / 1000:.1f} km" if row["nearest_m"] is not None else "nothing near"
    return f"{row['aerodrome_id']}: {near}{'; ' if closed else ''}{closed}."


_MINUTES = {
    "open_near_min": "open with something near", "closed_near_min": "closed with something near",
    "closed_clear_min": "closed with nothing near",
}  # fmt: skip


def _time(when: datetime | None, before: str) -> str:
    """Return a time to the minute, rounded, in UTC; nothing where it is unknown."""
    return f"{before}{when.astimezone(UTC) + timedelta(seconds=30):%Y-%m-%d %H:%MZ}" if when is not None else ""


TABLES: Mapping[str, Table] = {
    "durations": Table("name", "account", _duration),
    "counts": Table("unit", "account", _count),
    "exposures": Table("aerodrome_id", "account", _exposure, ("first_near_utc",), "aerodrome_id"),
    "breaches": Table("breach_id", "account", _breach, ("enter_utc",)),
    "findings": Table("claim_id", "finding", _finding),
    "claims": Table("claim_id", "finding", _claim, ("said_utc_low", "said_utc_high")),
    "finds": Table("find_id", "finding", _find, ("found_utc_low", "found_utc_high"), "place"),
    "events": Table("event_id", "event", _event, _EVENT_TIMES, "subject_id"),
    "sightings": Table("sighting_id", "finding", _sighting, ("utc_low", "utc_high"), "place"),
}
