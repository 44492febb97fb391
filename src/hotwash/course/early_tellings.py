"""Tellings that are older than what they tell: known, published, said or explained before it happened."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from hotwash.course.changes import CLOSINGS, REOPENINGS
from hotwash.course.dossier import (
    A_MINUTE,
    TIMETABLES,
    Dossier,
    DossierRow,
    is_bare_date,
    remark,
    say_gap,
    say_list,
    say_time,
    say_when,
)
from hotwash.model.words import NOTHING_EXPLAINS

Remark = dict[str, object]

_MOST_ROWS = 3  # so many rows of one source are remarked one by one; more are one remark on the source
_MOST_PAGES = 5  # so many pages without a time are remarked one by one; of more, one remark names all
_A_DAY = timedelta(days=1)
_LATE = timedelta(days=30)  # a sighting or a closing so long after the window belongs to another story
_MOST_OUTSIDE = 5  # so many rows are outside the window; of more, the window is what is wrong
# Words of what is still to come, in English, German, Polish and Ukrainian: they choose the advice, never the verdict.
_TO_COME = re.compile(
    r"\b(?:announce[ds]?|announcement|plans?|planned|schedul\w+|expect\w*|forecast\w*|foretold|will|intend\w*|upcoming"
    r"|due(?!\s+to)|is to|are to|to be held|angekündigt\w*|geplant\w*|voraussichtlich|vorgesehen"
    r"|zapowied\w+|zaplanowan\w+|planowan\w+|przewidywan\w+|ma się odbyć"
    r"|анонс\w+|оголошен\w+ на|заплан\w+|планує\w+|очікує\w+)\b",
    re.IGNORECASE,
)
# Questions whose answers may be older than the incident: how far a type flies, and times, which are dated themselves.
_ANY_TIME = ("range", "time")
_FORETOLD = "Until then it is no evidence."


# ---------------------------------------------------------------- known or published before it happened


def find_early_tellings(dossier: Dossier) -> Iterator[tuple[DossierRow, Remark]]:
    """Yield each telling of an event, a sighting or a find that is older than what it tells, with its remark."""
    for entry in dossier.all_entries:
        if not _may_be_early(entry):
            continue
        found = [one for rule in (_known_before, _published_before) if (one := rule(dossier, entry)) is not None]
        if found:
            yield (
                entry,
                found[-1] if found[0]["kind"] == "known_before" and _is_dated_page(dossier, entry) else found[0],
            )


def _may_be_early(entry: DossierRow) -> bool:
    return entry.is_fact and entry.low is not None and entry.row.get("kind") not in TIMETABLES


def _known_before(dossier: Dossier, entry: DossierRow) -> Remark | None:
    """Return the remark on a row that was known before its beginning; a claim's time is when it was said."""
    known, low = entry.row["known_utc"], entry.low
    if entry.table == "claims" or known is None or low is None or low - known < A_MINUTE:
        return None
    when = say_when(known, dossier.zone, dossier.source_zone(entry))
    gap, began = say_gap(low - known), say_time(low, dossier.zone)
    if entry.row.get("explained_by") not in (None, *NOTHING_EXPLAINS):
        text = f"The explanation was known {when}, {gap} before the sighting began at {began} ({dossier.zone.key})."
        advice = "An explanation cannot be older than what it explains: correct known_utc, or the time of the sighting."
        return remark("explained_before", entry, text, advice, column="known_utc")
    text = f"It was known {when}, {gap} before it happened at {began} ({dossier.zone.key})"
    if _TO_COME.search(entry.row.get("text") or ""):
        advice = "Set told_as to forecast, order or plan. When it has happened, tell it in a row of its own."
        return remark("forecast", entry, f"{text}: it is taken as a forecast.", advice, column="told_as")
    advice = "Correct known_utc or the time that it happened; is the zone of its source right? "
    advice += f"{_say_foretold(entry)} " if entry.table == "events" else ""
    return remark("known_before", entry, f"{text}.", advice + _FORETOLD, column="known_utc")


def _published_before(dossier: Dossier, entry: DossierRow) -> Remark | None:
    """Return the remark on a row none of whose sources was published late enough to tell it."""
    latest = _publication(dossier, entry)
    if latest is None or entry.low is None or entry.low - latest[0] < A_MINUTE:
        return None
    when, name = latest
    what = "said" if entry.table == "claims" else "found" if entry.table == "finds" else "happened"
    text = (
        f"Its source {name} was published {_say_published(dossier, name, when)}, {say_gap(entry.low - when)} before "
        f"it {'was ' if what != 'happened' else ''}{what} at {say_time(entry.low, dossier.zone)} ({dossier.zone.key})."
    )
    advice = (
        "Name the source that tells it, or correct published_utc; of a page that was changed later, give the time of "
    )
    advice += "the change. " + (f"{_say_foretold(entry)} " if "told_as" in entry.row else "")
    return remark("published_before", entry, text, advice + _FORETOLD, column="source_id", rows=[f"sources:{name}"])


def _say_foretold(entry: DossierRow) -> str:
    """Return what to enter for what was told before it came; what begins a measure may be a notice issued before."""
    if entry.row.get("kind") in CLOSINGS:
        return (
            "If it was ordered before it began, as by a NOTAM, set told_as to order; if it was foretold, to forecast."
        )
    return _IF_FORETOLD


def _is_dated_page(dossier: Dossier, entry: DossierRow) -> bool:
    """Tell whether of a row's last source only the day is known: then the page's date is the cause, not the row's."""
    latest = _publication(dossier, entry)
    return latest is not None and is_bare_date(latest[0], dossier.zone_of(latest[1]))


def _publication(dossier: Dossier, entry: DossierRow) -> tuple[datetime, str] | None:
    """Return when the last of a row's sources was published, and which one; None where one of them does not say."""
    dated: list[tuple[datetime, str]] = []
    if not dossier.published:
        return None
    for name in entry.sources:
        when = dossier.published.get(name)
        if when is None:  # not its known_utc: a log, or a collection that grows, tells what came after somebody knew it
            return None
        dated.append((when, name))
    return max(dated) if dated else None


def _say_published(dossier: Dossier, name: str, when: datetime) -> str:
    return say_when(when, dossier.zone, dossier.zone_of(name))


def group_by_source(found: list[tuple[DossierRow, Remark]]) -> Iterator[Remark]:
    """Yield remarks; where many rows are older than one source can be, one remark on the source instead."""
    of_source: dict[str, list[tuple[DossierRow, Remark]]] = defaultdict(list)
    for entry, one in found:
        rows = one["rows"]
        if one["kind"] == "published_before" and isinstance(rows, list):
            of_source[rows[0]].append((entry, one))
        else:
            yield one
    for place, some in of_source.items():
        if len(some) <= _MOST_ROWS:
            yield from (one for _, one in some)
            continue
        name = place.partition(":")[2]
        text = f"{len(some)} rows tell what came after {name} was published. Of {some[0][0].name}: {some[0][1]['text']}"
        advice = "Correct published_utc; of a page that was changed later, give the time of the change."
        yield remark(
            "published_before", ("sources", name), text, f"{advice} {_FORETOLD}", column="published_utc",
            rows=[entry.place for entry, _ in some],
        )  # fmt: skip


def find_early_ends(dossier: Dossier) -> Iterator[Remark]:
    """Yield a remark for each event whose end was told before it came; its beginning stays a fact."""
    for entry in dossier.entries["events"]:
        end, known = entry.row["end_utc"], entry.row["known_utc"]
        if not entry.is_fact or entry.row["kind"] in TIMETABLES or None in (end, known, entry.low):
            continue
        if entry.low - known < A_MINUTE <= end - known:
            when = say_when(known, dossier.zone, dossier.source_zone(entry))
            text = (
                f"It was known {when}, {say_gap(end - known)} before its end at {say_time(end, dossier.zone)} "
                f"({dossier.zone.key}): the end is a forecast."
            )
            advice = "Leave end_utc empty, and tell the end in a row of its own with the time that it became known."
            yield remark("forecast", entry, text, advice, column="end_utc")


def find_early_explanations(dossier: Dossier) -> Iterator[Remark]:
    """Yield a remark for each sighting that was explained before it was reported."""
    explained: Mapping[str, DossierRow] = {
        entry.row["sighting_id"]: entry
        for entry in dossier.entries["sightings"]
        if entry.row["explained_by"] not in (None, *NOTHING_EXPLAINS) and entry.row["known_utc"]
    }
    for entry in dossier.entries["sightings"]:
        known, earlier = entry.row["known_utc"], explained.get(entry.row["sighting_id"])
        if earlier is None or known is None or entry.row["explained_by"] is not None:
            continue
        gap = known - earlier.row["known_utc"]
        if gap >= A_MINUTE:
            own = dossier.source_zone(earlier)
            when, name = say_when(earlier.row["known_utc"], dossier.zone, own), entry.name
            text = (
                f"{earlier.name} explains the sighting and was known {when}, {say_gap(gap)} before {name} reports it "
                "without an explanation: the explanation is replaced."
            )
            advice = "Correct known_utc; or, where the explanation was withdrawn, write unexplained in explained_by."
            yield remark("explained_before", entry, text, advice, column="known_utc", rows=[earlier.place])


# ---------------------------------------------------------------- said before


def find_early_sayings(dossier: Dossier) -> Iterator[Remark]:
    """Yield a remark for each claim that was said before what it tells, or before the incident began."""
    for entry in dossier.entries["claims"]:
        said = [when for when in (entry.high, entry.row["known_utc"]) if when is not None]
        if entry.is_fact and said and not entry.is_related:
            rules = (_spoken_ahead, _before_window, _before_seen)
            yield from next(([one] for rule in rules if (one := rule(dossier, entry, min(said))) is not None), [])


def _spoken_ahead(dossier: Dossier, entry: DossierRow, said: datetime) -> Remark | None:
    """Return the remark on a claim that gives, or speaks of, a time after it was said."""
    question = dossier.questions[entry.row["question_id"]]
    told: list[tuple[str, datetime]] = []
    if question["kind"] == "time" and (value := _earliest(entry.row, question)) is not None:
        told.append(("value", value))
    told += [(name, entry.row[name]) for name in ("at_utc_low", "counted_utc") if entry.row[name] is not None]
    for column, when in told:
        if when - said >= A_MINUTE:
            own = dossier.source_zone(entry)
            verb = "gives" if column == "value" else "speaks of"
            text = (
                f"It was said {say_when(said, dossier.zone, own)} and {verb} a time {say_gap(when - said)} later: "
                f"{say_time(when, dossier.zone)} ({dossier.zone.key})."
            )
            advice = "Correct the times; is the zone of its source right? If it was foretold, set told_as to forecast."
            return remark("said_before", entry, text, advice, column=column)
    return None


def _earliest(row: Mapping[str, Any], question: Mapping[str, Any]) -> datetime | None:
    """Return the earliest time that the value of a claim leaves possible; None where it is open to the past."""
    if row["value"] is None or row["relation"] in ("at_most", "less_than"):
        return None
    try:
        value = datetime.fromisoformat(row["value"])
    except ValueError:
        return None
    return value - timedelta(minutes=question["about_amount"] or 0.0) if row["relation"] == "about" else value


def _before_window(dossier: Dossier, entry: DossierRow, said: datetime) -> Remark | None:
    question, brief = dossier.questions[entry.row["question_id"]], dossier.bundle.brief
    gap = brief.start_utc - said
    if question["kind"] in _ANY_TIME or entry.row["value"] in TIMETABLES or gap < A_MINUTE:
        return None
    own = dossier.source_zone(entry)
    text = (
        f"It was said {say_when(said, dossier.zone, own)}, {say_gap(gap)} before the incident's window begins at "
        f"{say_time(brief.start_utc, dossier.zone)} ({dossier.zone.key})."
    )
    if gap > _A_DAY:
        advice = "Correct the date; is the year right? A claim on another incident does not belong here."
        return remark("outside_window", entry, text, f"{advice} {_IF_FORETOLD}", column="said_utc_high")
    advice = "Correct the time, or let the window begin earlier (window_start_utc in incident.toml)."
    return remark("said_before", entry, text, f"{advice} {_IF_FORETOLD}", column="said_utc_high")


def _before_seen(dossier: Dossier, entry: DossierRow, said: datetime) -> Remark | None:
    """Return the remark on a claim that something was, or was not, there, made before anybody saw or found anything."""
    question = dossier.questions[entry.row["question_id"]]
    if question["kind"] != "presence" or dossier.bundle.recording.detections.height:
        return None
    first = dossier.first_sighting(entry.row["occasion_id"] or question["occasion_id"])
    if first is None or first.low is None or first.low - said < A_MINUTE:
        return None
    own, when = dossier.source_zone(entry), say_time(first.low, dossier.zone)
    text = (
        f"It was said {say_when(said, dossier.zone, own)}, {say_gap(first.low - said)} before the first sighting or "
        f"find that it could speak of ({first.name} at {when}, {dossier.zone.key})."
    )
    advice = "Correct the time; is the zone of its source right? If it speaks of something else, leave it out."
    return remark("said_before", entry, text, advice, column="said_utc_high", rows=[first.place])


_IF_FORETOLD = "If it was foretold, set told_as to forecast."


# ---------------------------------------------------------------- outside the window


def find_outside(dossier: Dossier) -> Iterator[Remark]:
    """Yield a remark for each event, sighting or find long before the window, or too long after it to belong to it."""
    found = [
        (entry, one)
        for table in ("events", "sightings", "finds")
        for entry in dossier.entries[table]
        if (one := _outside(dossier, entry)) is not None
    ]
    if len(found) <= _MOST_OUTSIDE:
        yield from (one for _, one in found)
        return
    text = f"{len(found)} rows lie outside the incident's window. Of {found[0][0].name}: {found[0][1]['text']}"
    advice = "Correct window_start_utc and window_end_utc, or the dates of the rows; is the year right?"
    place = ("incident.toml", "window_start_utc")
    yield remark("outside_window", place, text, advice, rows=[entry.place for entry, _ in found])


def _outside(dossier: Dossier, entry: DossierRow) -> Remark | None:
    row, brief = entry.row, dossier.bundle.brief
    if not entry.is_fact or entry.is_related or row.get("kind") in TIMETABLES:
        return None
    latest = row.get("end_utc") or entry.high or (None if entry.table == "events" else row["known_utc"])
    if latest is not None and brief.start_utc - latest > _A_DAY:
        gap, when, edge = brief.start_utc - latest, latest, "before the incident's window begins"
    elif entry.low is not None and entry.low - brief.end_utc > _LATE and _is_of_the_incident(entry):
        gap, when, edge = entry.low - brief.end_utc, entry.low, "after the incident's window ends"
    else:
        return None
    known = say_time(when, dossier.zone)
    text = f"It happened at {known} ({dossier.zone.key}), {say_gap(gap)} {edge}."
    advice = (
        "Correct the date; is the year right? If it belongs to another story, give it an occasion with is_related; "
    )
    return remark("outside_window", entry, text, f"{advice}otherwise let the window hold it.")


def _is_of_the_incident(entry: DossierRow) -> bool:
    """Tell whether a row can only be of the incident itself; statements, inquiries and finds come months later."""
    kind = entry.row.get("kind") or ""
    return entry.table == "sightings" or kind in (*CLOSINGS, *REOPENINGS)


# ---------------------------------------------------------------- known by the page's date alone


def find_page_dates(dossier: Dossier) -> Iterator[Remark]:
    """Yield a remark for each source of which only the day is known, on the day of what it alone tells."""
    found: dict[str, list[DossierRow]] = defaultdict(list)
    for entry in dossier.all_entries:
        if len(entry.sources) == 1 and _is_known_by_page(dossier, entry):
            found[entry.sources[0]].append(entry)
    advice = "Give published_utc with its time where the page prints one; and known_utc of the rows."
    if len(found) <= _MOST_PAGES:
        for name, entries in found.items():
            rows = say_list(list(dict.fromkeys(entry.name for entry in entries)))
            text = f"It is known by its page date alone; it is no witness of when {rows} became known."
            more = _OF_WHEN if any(entry.table == "claims" for entry in entries) else ""
            places = [entry.place for entry in entries]
            yield remark("page_date_only", ("sources", name), text, advice + more, column="published_utc", rows=places)
        return
    many = sum(map(len, found.values()))
    first, *others = found
    text = (
        f"{len(found)} sources ({say_list(list(found))}) are known by their page dates alone; they are no witnesses of "
        f"when {many} rows became known."
    )
    places = [f"sources:{name}" for name in others]
    yield remark("page_date_only", ("sources", first), text, advice, column="published_utc", rows=places)


_OF_WHEN = " Where it says of which time it speaks, fill at_utc_low and at_utc_high, or counted_utc."


def _is_known_by_page(dossier: Dossier, entry: DossierRow) -> bool:
    """Tell whether a row is known by a page of the day of what it tells, which may be older than that.

    Events and sightings with a clock time count, and claims of what was so when they were said.
    """
    source = dossier.sources.get(entry.sources[0])
    if source is None or not entry.is_fact or entry.is_replaced:
        return False
    published, known = source["published_utc"] or source["known_utc"], entry.row["known_utc"]
    zone = dossier.zone_of(entry.sources[0])
    if published is None or known != published or not is_bare_date(published, zone):
        return False
    if entry.table == "claims" and not _speaks_of_then(dossier, entry):
        return False
    if entry.table == "claims":
        brief = dossier.bundle.brief
        return bool(brief.start_utc < published and published - _A_DAY < brief.end_utc)
    start: datetime | None = entry.row.get("start_utc") or entry.low
    if start is None or is_bare_date(start, zone):
        return False
    return bool(published - _A_DAY < start < published)


def _speaks_of_then(dossier: Dossier, entry: DossierRow) -> bool:
    """Tell whether a claim speaks of the time when it was said: a state or a running number, without another time."""
    row = entry.row
    is_of_then = dossier.questions[row["question_id"]]["kind"] == "status" or bool(row["is_running"])
    return is_of_then and all(row[name] is None for name in ("at_utc_low", "at_utc_high", "counted_utc"))
