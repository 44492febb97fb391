"""Each statement with its verdict and what the verdict rests on, grouped by question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from hotwash.model.incident import Incident
from hotwash.model.questions import COUNT_UNITS, QUESTION_KINDS
from hotwash.model.words import TIME_RELATIONS
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
    count_noun,
    event_title,
    join_words,
    minutes,
    noun,
    plain,
    probability,
    shorten,
)

ORDER = ("supported", "contradicted", "not_testable", "superseded", "")
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
FULL_UP_TO = 6  # more rows of one table than this are named only, and their text is one link away
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row that a finding rests on."""

    name: str
    title: str
    text: str
    href: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exhibit:
    """The rows of one table that a finding rests on; where there are many, `is_brief` and texts are left out."""

    title: str
    items: tuple[Evidence, ...]
    is_brief: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """One claim as the page shows it. Empty text is nothing to say."""

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
    supersedes: str
    reliability: str
    credibility: str
    repeats: str
    source_id: str
    words: str
    note: str
    is_final: bool
    exhibits: tuple[Exhibit, ...]
    assumptions: tuple[str, ...]
    independent: tuple[str, ...]

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
    tally: tuple[tuple[str, int], ...]


class Library:
    """Rows of an incident by their names, for saying what a finding rests on. Built once for each page."""

    def __init__(self, incident: Incident) -> None:
        bundle = incident.bundle
        self.zone = clock.zone(bundle.brief.zone)
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

    def row(self, table: str, name: str) -> Row | None:
        return self.rows.get(table, {}).get(name)

    def source_name(self, source_id: str) -> str:
        """Return a source as "S01 TVN24"; its bare id where it is not listed."""
        row = self.row("sources", source_id)
        return f"{source_id} {shorten(row['publisher'], 60)}" if row else source_id

    def evidence(self, ref: str) -> Evidence:
        """Return one "table:id" as a reader can follow it; a reference that leads nowhere stays as it is."""
        table, _, name = ref.partition(":")
        row = self.row(table, name)
        if row is None:
            return Evidence(ref, "", "", "", ())
        title, text = self._describe_row(table, row)
        sources = row.get("source_id") or ()
        return Evidence(
            name if table not in ("counts", "durations") else title,
            title if table not in ("counts", "durations") else "",
            text,
            f"#{anchor(table, name)}",
            (sources,) if isinstance(sources, str) else tuple(sources),
        )

    def _describe_row(self, table: str, row: Row) -> tuple[str, str]:
        """Return what a row is called and what it says."""
        at = self.zone
        if table == "finds":
            return row["place"], row["what"] or ""
        if table == "events":
            when = clock.between(row["start_utc"] or row["utc_low"], row["start_utc"] or row["utc_high"], at)
            number = f", {plain(row['value'])}" if row["value"] is not None else ""
            return event_title(row["kind"]), f"{when}{number}. {row['text'] or ''}".strip()
        if table == "claims":
            return row["said_by"], f"{claim_value(row, at)}. {row['summary']}"
        if table == "tracks":
            return row["ident"] or "", f"{clock.exact(row['first_utc'], at)} to {clock.exact(row['last_utc'], at)}"
        if table == "breaches":
            when = f", {clock.exact(row['enter_utc'], at)}" if row["enter_utc"] else ""
            return (
                f"track {row['track_id']}",
                f"{row['zone_id']}{when}: {row['answer']}, {probability(row['probability'])}",
            )
        if table == "counts":
            return COUNT_UNITS[row["unit"]].title, row["why"] or ""
        fields = {
            "sightings": ("role", "seen"),
            "origins": ("origin", "basis"),
            "sources": ("publisher", "title"),
            "assumptions": ("text", ""),
            "durations": ("name", "why"),
        }
        title, text = fields[table]
        return str(row[title] or ""), str(row[text] or "") if text else ""


def questions(incident: Incident, library: Library) -> tuple[Question, ...]:
    """Return every question that has statements, in the order asked; unknown questions of claims come last."""
    findings = {row["claim_id"]: row for row in incident.findings.to_dicts()}
    claims = incident.bundle.claims.to_dicts()
    asked = [*library.questions, *sorted({row["question_id"] for row in claims} - set(library.questions))]
    found = []
    for question_id in asked:
        row: Row = library.questions.get(question_id) or {"text": question_id, "kind": "finding", "unit": None}
        own = sorted((claim for claim in claims if claim["question_id"] == question_id), key=_said_order)
        if own:
            statements = tuple(_statement(claim, findings.get(claim["claim_id"]), library) for claim in own)
            found.append(_question(question_id, row, statements))
    return tuple(found)


def tally_of(statements: Iterable[Statement]) -> tuple[tuple[str, int], ...]:
    """Return how many statements bear each verdict, in the usual order; verdicts that none bears are left out."""
    counted = Counter(item.verdict for item in statements)
    return tuple((verdict, counted[verdict]) for verdict in ORDER if counted[verdict])


def claim_value(claim: Row, at: ZoneInfo) -> str:
    """Return what a claim states, as words: "at least 8 crossings", "at most 700 km", "about 23:30"."""
    if claim["value"] is None:
        return "no value given"
    unit, relation = claim["unit"] or "", RELATION_WORDS[claim["relation"]]
    if claim["relation"] in TIME_RELATIONS and _as_time(claim["value"]) is not None:
        relation = f"{TIME_RELATIONS[claim['relation']]} "
    first = _value(claim["value"], unit, at)
    if claim["relation"] == "between" and claim["value_high"]:
        return f"{first} to {_value(claim['value_high'], unit, at)}{_noun(claim['value_high'], unit)}"
    return f"{relation}{first}{_noun(claim['value'], unit)}"


def _value(value: str, unit: str, at: ZoneInfo) -> str:
    when, count = _as_time(value), _as_number(value)
    if when is not None:
        return clock.local(when, at)
    if count is None:
        return VALUE_WORDS.get(value, value)
    return minutes(count) if unit == "min" else plain(count)


def _noun(value: str, unit: str) -> str:
    count = _as_number(value)
    if count is None or unit in ("", "min", "utc"):
        return ""
    return f" {noun(unit, count)}"


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


def _question(question_id: str, row: Row, statements: tuple[Statement, ...]) -> Question:
    kind = QUESTION_KINDS[row["kind"]]
    asks = f"{kind.asks} of {COUNT_UNITS[row['unit']].title.lower()}" if row["unit"] in COUNT_UNITS else kind.asks
    return Question(
        question_id,
        anchor("questions", question_id),
        row["text"],
        asks,
        kind.is_listed_only,
        statements,
        tally_of(statements),
    )


def _statement(claim: Row, finding: Row | None, library: Library) -> Statement:
    at = library.zone
    found = finding or {}
    verdict = found.get("verdict") or ""
    return Statement(
        claim_id=claim["claim_id"],
        anchor=anchor("claims", claim["claim_id"]),
        who=claim["said_by"] + (f", {claim['role']}" if claim["role"] else ""),
        when=clock.between(claim["said_utc_low"], claim["said_utc_high"], at),
        value=claim_value(claim, at),
        summary=claim["summary"],
        verdict=verdict,
        reason=found.get("reason") or "",
        probability=probability(found["probability"]) if found.get("probability") is not None else "",
        merits=(found.get("verdict_on_merits") or "") if verdict == "superseded" else "",
        superseded_by=found.get("superseded_by") or "",
        supersedes=claim["supersedes"] or "",
        reliability=RELIABILITY_WORDS.get(claim["source_reliability"] or "", ""),
        credibility=CREDIBILITY_WORDS.get(claim["credibility"] or "", ""),
        repeats=join_words(claim["derived_from"] or []),
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
            tuple(library.evidence(ref) for ref in own),
            len(own) > FULL_UP_TO,
        )
        for table, own in tables.items()
    )


def _assumption(name: str, library: Library) -> str:
    row = library.row("assumptions", name.removeprefix("assumptions:"))
    if row:
        return f"{row['assumption_id']}: {row['text']}"
    origin = library.row("origins", name.removeprefix("origins:"))
    return f"{origin['origin_id']}: departure from {origin['origin']}" if origin else name


def _line_of_evidence(name: str, library: Library) -> str:
    table, _, key = name.partition(":")
    if table == "sources" or library.row("sources", name):
        return library.source_name(key or name)
    row = library.row(table, key)
    return f"{key} {library.evidence(name).title}" if row else name


def _grouped(lines: Iterable[str]) -> tuple[str, ...]:
    """Return lines with one entry for each speaker: "police (S1)" and "police (S2)" become "police (S1, S2)"."""
    found: dict[str, list[str]] = {}
    for line in lines:
        speaker, bracket, source = line.rpartition(" (")
        key, value = (speaker, source.removesuffix(")")) if bracket and line.endswith(")") else (line, "")
        found.setdefault(key, []).append(value)
    return tuple(f"{who} ({', '.join(where)})" if any(where) else who for who, where in found.items())


def summary_of(tally: Sequence[tuple[str, int]]) -> str:
    """Return a tally as words: "3 supported, 2 contradicted"."""
    return ", ".join(f"{number} {VERDICT_WORDS[verdict].lower()}" for verdict, number in tally) or count_noun(
        0, "statement"
    )
