"""Each statement with its verdict and what the verdict rests on, grouped by question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from hotwash.claims.clock_words import is_whole_days
from hotwash.claims.on_statements import FORECASTS
from hotwash.course.local_times import say_time_of_day
from hotwash.model.incident import Incident
from hotwash.model.questions import COUNT_UNITS, QUESTION_KINDS, CountUnit
from hotwash.model.words import CLOSURES_OF, TIME_RELATIONS
from hotwash.report import clock
from hotwash.report.flights import summaries, tracks_to_list
from hotwash.report.links import anchor
from hotwash.report.phrases import (
    CREDIBILITY_WORDS,
    RELATION_WORDS,
    RELIABILITY_WORDS,
    VALUE_WORDS,
    VERDICT_GLYPHS,
    VERDICT_WORDS,
    event_title,
    full_stop,
    join_words,
    minutes,
    noun,
    plain,
    probability,
    shorten,
)

# In the order of the page; free words and intent (`not_weighed`) enter no tally, nor does what nobody weighed.
TALLIED = ("supported", "contradicted", "uncorroborated", "compatible", "not_testable", "superseded")
TABLE_TITLES = {
    "finds": "Finds",
    "events": "Events",
    "claims": "Statements",
    "sightings": "Sightings",
    "origins": "Assumed origins",
    "sources": "Sources",
    "assumptions": "Assumptions",
    "tracks": "Tracks",
    "breaches": "Breaches",
    "counts": "Counts",
    "ranges": "Distances",
    "durations": "Intervals",
}
KEYS = {
    "finds": "find_id",
    "events": "event_id",
    "claims": "claim_id",
    "sightings": "sighting_id",
    "origins": "origin_id",
    "sources": "source_id",
    "assumptions": "assumption_id",
    "counts": "unit",
    "durations": "name",
}
FULL_UP_TO = 6  # more rows of one table than this bear their ids only: their names are one link away
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row that something rests on: its id, what a reader calls it, and its place on the page."""

    name: str
    title: str
    href: str

    @property
    def label(self) -> str:
        return self.title or self.name


@dataclass(frozen=True, slots=True)
class Exhibit:
    """The rows of one table that a finding rests on; where there are many, `is_brief` and they bear their ids."""

    title: str
    items: tuple[Evidence, ...]
    is_brief: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """One claim as the page shows it. Empty text is nothing to say.

    rows_as, lines_as   the statement above under which the very same rows, or lines, stand; they are not said again
    """

    claim_id: str
    anchor: str
    who: str
    when: str
    value: str
    summary: str
    verdict: str
    reason: str
    probability: str
    merits: str
    superseded_by: str
    supersedes: tuple[str, ...]
    reliability: str
    credibility: str
    repeats: str
    weighs: str
    source_id: str
    words: str
    note: str
    is_final: bool
    exhibits: tuple[Exhibit, ...]
    assumptions: tuple[Evidence, ...]
    independent: tuple[str, ...]
    rows_as: Evidence | None = None
    lines_as: Evidence | None = None

    @property
    def word(self) -> str:
        return VERDICT_WORDS[self.verdict]

    @property
    def glyph(self) -> str:
        return VERDICT_GLYPHS[self.verdict]

    @property
    def merits_word(self) -> str:
        return VERDICT_WORDS[self.merits] if self.merits else ""


@dataclass(frozen=True, slots=True)
class Question:
    question_id: str
    anchor: str
    text: str
    asks: str
    is_intent: bool
    statements: tuple[Statement, ...]


class Library:
    """Rows of an incident by their names, for saying what a finding rests on. Built once for each page."""

    def __init__(self, incident: Incident) -> None:
        bundle = incident.bundle
        self.zone = clock.zone(bundle.brief.zone)
        self.year = bundle.brief.start_utc.astimezone(self.zone).year
        self.zones = {row["source_id"]: row["zone"] for row in bundle.recording.sources.iter_rows(named=True)}
        self.abroad = clock.zones_of(self.zones.values())
        self.units = bundle.brief.count_units
        self.aerodromes = dict(incident.aerodromes.select("aerodrome_id", "name").rows())
        self.occasions = number_occasions(bundle.occasions)
        self.other_stories = set(bundle.occasions.filter("is_related")["occasion_id"])
        frames: dict[str, pl.DataFrame] = {
            "finds": bundle.finds,
            "events": bundle.recording.events,
            "claims": bundle.claims,
            "sightings": bundle.sightings,
            "origins": bundle.origins,
            "sources": bundle.recording.sources,
            "assumptions": bundle.assumptions,
            "counts": incident.counts,
            "durations": incident.durations,
        }
        self.rows: dict[str, dict[str, Row]] = {
            table: {row[KEYS[table]]: row for row in frame.to_dicts()} for table, frame in frames.items()
        }
        self.summaries = summaries(incident.tracks, incident.breaches)
        if incident.tracks.height or incident.breaches.height:
            listed_ones = tracks_to_list(self.summaries).to_dicts()
            self.rows["tracks"] = {str(row["track_id"]): row for row in listed_ones}
            self.rows["breaches"] = {str(row["breach_id"]): row for row in incident.breaches.to_dicts()}
        self.questions = {row["question_id"]: row for row in bundle.questions.to_dicts()}

    def retell(self, text: str) -> str:
        """Return a sentence of the account with its times as the page says them."""
        return clock.retell(text, self.zone, year=self.year)

    def row(self, table: str, name: str) -> Row | None:
        return self.rows.get(table, {}).get(name)

    def zones_abroad(self, row: Row | None = None) -> tuple[ZoneInfo, ...]:
        """Return the zones that bare dates may be of: those of the sources of a row first, then of all sources."""
        named = (row["source_id"] if row else None) or ()
        own = clock.zones_of(self.zones.get(name) for name in ([named] if isinstance(named, str) else named))
        return (*own, *self.abroad)

    def say_between(self, low: datetime | None, high: datetime | None, row: Row | None = None) -> str:
        """Return two bounds as words; a bare date of a source elsewhere bears its place: "3 May 2026 (Tokyo date)".

        row   whose bounds they are
        """
        return clock.between(low, high, self.zone, abroad=self.zones_abroad(row))

    def say_value(self, claim: Row) -> str:
        """Return what a claim states, as words: "at least 8 crossings"."""
        return claim_value(claim, self.zone, units=self.units, abroad=self.zones_abroad(claim))

    def source_name(self, source_id: str) -> str:
        """Return a source as "S01 TVN24"; its bare id where it is not listed."""
        row = self.row("sources", source_id)
        return f"{source_id} {shorten(row['publisher'], 60)}" if row else source_id

    def reliability(self, source_id: str) -> str:
        """Return how reliable a source is, A to F; empty where it is not rated."""
        row = self.row("sources", source_id)
        return (row["reliability"] or "") if row else ""

    def evidence(self, ref: str) -> Evidence:
        """Return one "table:id" as a reader can follow it; a reference that leads nowhere stays as it is."""
        table, _, name = ref.partition(":")
        row = self.row(table, name)
        if row is None:
            return Evidence(ref, "", "")
        place = {"counts": "#counts", "durations": "#closures"}.get(table) or f"#{anchor(table, name)}"
        return Evidence(name, self._title(table, row), place)

    def occasion_name(self, occasion_id: str | None) -> str:
        """Return an occasion as "occasion 2"; empty where there are not several to tell apart."""
        number = self.occasions.get(occasion_id or "")
        return f"occasion {number}" if number else ""

    def question_text(self, question_id: str) -> str:
        """Return a question as it is asked; on closures that no question asks about, in our words."""
        asked = self.questions.get(question_id)
        if asked:
            return str(asked["text"])
        subject = question_id.removeprefix(CLOSURES_OF)
        return question_id if subject == question_id else f"When was {self.place_name(subject)} closed?"

    def place_name(self, subject: str) -> str:
        """Return an aerodrome as "Lublin Airport (EPLB)"; anything else by its own name."""
        name = self.aerodromes.get(subject)
        return f"{name} ({subject})" if name else subject

    def _title(self, table: str, row: Row) -> str:
        """Return what a reader calls a row."""
        if table == "events":
            when, sayers = row["start_utc"], row["said_by"] or ()
            which = say_time_of_day(when, self.zone) if when else join_words(sayers[:1])
            number = self.occasions.get(row["occasion_id"] or "")
            return event_title(row["kind"]) + (f" ({number})" if number else "") + (f", {which}" if which else "")
        if table == "tracks":
            return f"track {row['track_id']}" + (f" ({row['ident']})" if row["ident"] else "")
        if table == "breaches":
            return f"track {row['track_id']} in {row['zone_id']}: {row['answer']}, {probability(row['probability'])}"
        if table == "counts":
            return self.units[row["unit"]].title if row["unit"] in self.units else row["unit"]
        column = {"finds": "place", "claims": "said_by", "sightings": "role", "origins": "origin"}.get(table)
        column = column or {"sources": "publisher", "assumptions": "text", "durations": "name"}[table]
        return shorten(row[column] or "", 80)


def number_occasions(occasions: pl.DataFrame) -> dict[str, int]:
    """Return a number for each occasion, in order of time.

    None where nothing is to be told apart: where hotwash proposed one occasion for each aerodrome. What belongs to
    another story bears no number.
    """
    own = occasions.filter(~pl.col("is_related").fill_null(value=False)).sort("utc_low", nulls_last=True)
    is_repeated = own.select("kind", "subject_id").is_duplicated().any()
    is_named = own.height > 1 and not own["is_proposed"].fill_null(value=False).all()
    return {name: place for place, name in enumerate(own["occasion_id"], start=1)} if is_repeated or is_named else {}


def questions(incident: Incident, library: Library) -> tuple[Question, ...]:
    """Return every question, in the order asked; unknown questions of claims come last."""
    findings = {row["claim_id"]: row for row in incident.findings.to_dicts()}
    claims = incident.bundle.claims.to_dicts()
    asked = [*library.questions, *sorted({row["question_id"] for row in claims} - set(library.questions))]
    found = []
    for question_id in asked:
        row: Row = library.questions.get(question_id) or {"text": question_id, "kind": "finding", "unit": None}
        own = order_replacements(sorted((one for one in claims if one["question_id"] == question_id), key=_said_order))
        statements = tuple(_statement(claim, findings.get(claim["claim_id"]), library) for claim in own)
        found.append(_question(question_id, row, tuple(said_once(statements)), library))
    return tuple(found)


def said_once(statements: Iterable[Statement]) -> Iterable[Statement]:
    """Yield statements; long lists of rows or lines that stand under an earlier one are named there only."""
    rows: dict[tuple[str, ...], Evidence] = {}
    lines: dict[tuple[str, ...], Evidence] = {}
    for item in statements:
        place = Evidence(item.claim_id, f"“{item.value}”, {item.who}", f"#{item.anchor}")
        own = tuple(row.name for exhibit in item.exhibits for row in exhibit.items)
        rows_as = rows.setdefault(own, place) if len(own) > FULL_UP_TO else place
        lines_as = lines.setdefault(item.independent, place) if len(item.independent) > FULL_UP_TO // 2 else place
        yield replace(
            item,
            rows_as=rows_as if rows_as is not place else None,
            lines_as=lines_as if lines_as is not place else None,
        )


def order_replacements(rows: Sequence[Row]) -> list[Row]:
    """Return rows of claims in their order, except that one which replaced another stands below it."""
    own = {row["claim_id"]: row for row in rows}
    placed: dict[str, Row] = {}
    waiting: set[str] = set()

    def place(row: Row) -> None:
        name, earlier = row["claim_id"], row["supersedes"] or ()
        if name in placed or name in waiting:  # a circle of replacements keeps its order
            return
        waiting.add(name)
        for other in (earlier,) if isinstance(earlier, str) else earlier:
            if other in own:
                place(own[other])
        placed[name] = row

    for row in rows:
        place(row)
    return list(placed.values())


def tally_of(statements: Iterable[Statement]) -> tuple[tuple[str, int], ...]:
    """Return how many statements bear each verdict, in the usual order; verdicts that none bears are left out."""
    counted = Counter(item.verdict for item in statements)
    return tuple((verdict, counted[verdict]) for verdict in TALLIED if counted[verdict])


def claim_value(
    claim: Row, at: ZoneInfo, *, units: Mapping[str, CountUnit] = COUNT_UNITS, abroad: Sequence[ZoneInfo] = ()
) -> str:
    """Return what a claim states, as words: "at least 8 crossings", "at most 700 km", "about 23:30", "on 3 May 2026".

    units    the units of counts that its bundle may use
    abroad   other zones that a bare date may be of
    """
    if claim["value"] is None:
        return "no value given"
    unit, relation = claim["unit"] or "", RELATION_WORDS[claim["relation"]]
    if claim["relation"] in TIME_RELATIONS and _as_time(claim["value"]) is not None:
        relation = f"{TIME_RELATIONS[claim['relation']]} "
    first = _value(claim["value"], unit, at)
    if claim["relation"] == "between" and claim["value_high"]:
        times = _as_time(claim["value"]), _as_time(claim["value_high"])
        if times[0] is not None and times[1] is not None and is_whole_days(times[0], times[1]):
            return f"on {clock.between(*times, at, abroad=abroad)}"
        return f"{first} to {_value(claim['value_high'], unit, at)}{_noun(claim['value_high'], unit, units)}"
    marks = f" {claim['value_ref']}" if claim.get("value_ref") else ""
    marks += " so far" if claim.get("is_running") else ""
    marks += f" ({told_as})" if (told_as := claim.get("told_as")) in FORECASTS else ""
    return f"{relation}{first}{_noun(claim['value'], unit, units)}{marks}"


def _value(value: str, unit: str, at: ZoneInfo) -> str:
    when, count = _as_time(value), _as_number(value)
    if when is not None:
        return clock.local(when, at)
    if count is None:
        return VALUE_WORDS.get(value, value)
    return minutes(count) if unit == "min" else plain(count)


def _noun(value: str, unit: str, units: Mapping[str, CountUnit]) -> str:
    count = _as_number(value)
    if count is None or unit in ("", "min", "utc"):
        return ""
    return f" {noun(unit, count, units=units)}"


def _as_number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def _as_time(value: str) -> datetime | None:
    if len(value) < 16 or value[4:5] != "-":
        return None
    try:
        when = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        return None
    return when if when.tzinfo is not None else None


def _said_order(claim: Row) -> tuple[bool, str, str]:
    when = claim["said_utc_high"] or claim["said_utc_low"]
    return when is None, when.isoformat() if when else "", claim["claim_id"]


def _question(question_id: str, row: Row, statements: tuple[Statement, ...], library: Library) -> Question:
    kind, unit = QUESTION_KINDS[row["kind"]], library.units.get(row["unit"] or "")
    asks = f"{kind.asks} of {unit.title[:1].lower()}{unit.title[1:]}" if unit else kind.asks
    return Question(question_id, anchor("questions", question_id), row["text"], asks, kind.is_listed_only, statements)


def _statement(claim: Row, finding: Row | None, library: Library) -> Statement:
    found = finding or {}
    verdict = found.get("verdict") or ""
    return Statement(
        claim_id=claim["claim_id"],
        anchor=anchor("claims", claim["claim_id"]),
        who=claim["said_by"] + (f", {claim['role']}" if claim["role"] else ""),
        when=library.say_between(claim["said_utc_low"], claim["said_utc_high"], claim),
        value=library.say_value(claim),
        summary=full_stop(claim["summary"]),
        verdict=verdict,
        reason=library.retell(found.get("reason") or ""),
        probability=probability(found["probability"]) if found.get("probability") is not None else "",
        merits=(found.get("verdict_on_merits") or "") if verdict == "superseded" else "",
        superseded_by=found.get("superseded_by") or "",
        supersedes=tuple(claim["supersedes"] or ()),
        reliability=RELIABILITY_WORDS.get(claim["source_reliability"] or library.reliability(claim["source_id"]), ""),
        credibility=CREDIBILITY_WORDS.get(claim["credibility"] or "", ""),
        repeats=join_words(claim["derived_from"] or []),
        weighs=join_words(claim["weighs"] or []),
        source_id=claim["source_id"],
        words=_words(claim),
        note=claim["note"] or "",
        is_final=bool(claim["is_final"]),
        exhibits=_exhibits(found.get("rows") or (), library),
        assumptions=tuple(_assumption(item, library) for item in found.get("assumptions") or ()),
        independent=_grouped(_line_of_evidence(item, library) for item in found.get("independent_lines") or ()),
    )


def _words(claim: Row) -> str:
    if claim["words_start"] is None or claim["words_end"] is None:
        return ""
    return f"characters {claim['words_start']} to {claim['words_end']} of its text"


def _exhibits(refs: Sequence[str], library: Library) -> tuple[Exhibit, ...]:
    tables: dict[str, list[str]] = {}
    for ref in refs:
        table = ref.partition(":")[0] if ":" in ref else ""
        tables.setdefault(table, []).append(ref)
    return tuple(
        Exhibit(
            f"{TABLE_TITLES.get(table, 'Rows')} ({len(own)})",
            _named_once([library.evidence(ref) for ref in own]),
            len(own) > FULL_UP_TO,
        )
        for table, own in tables.items()
    )


def _named_once(rows: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return rows of which those that a reader would call the same stand once, with their number: "caller (3)"."""
    same: dict[str, list[Evidence]] = {}
    for row in rows:
        same.setdefault(row.title or row.name, []).append(row)
    first = [(of_one[0], len(of_one)) for of_one in same.values()]
    return tuple(row if many == 1 else replace(row, title=f"{row.label} ({many})") for row, many in first)


def _assumption(name: str, library: Library) -> Evidence:
    table, _, key = name.rpartition(":")
    for place in (table,) if table else ("assumptions", "origins"):
        if library.row(place, key):
            return library.evidence(f"{place}:{key}")
    return Evidence(name, "", "")


def _line_of_evidence(name: str, library: Library) -> str:
    table, _, key = name.partition(":")
    if table == "sources" or library.row("sources", name):
        return library.source_name(key or name)
    row = library.row(table, key)
    return library.evidence(name).label if row else name


def _grouped(lines: Iterable[str]) -> tuple[str, ...]:
    """Return lines with one entry for each speaker: "police (S1)" and "police (S2)" become "police (S1, S2)"."""
    found: dict[str, list[str]] = {}
    for line in lines:
        speaker, bracket, source = line.rpartition(" (")
        key, value = (speaker, source.removesuffix(")")) if bracket and line.endswith(")") else (line, "")
        found.setdefault(key, []).append(value)
    return tuple(f"{who} ({', '.join(where)})" if any(where) else who for who, where in found.items())
