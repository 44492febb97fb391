"""What the answers to an incident's questions are made from, looked up by question; and the form of an answer."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import polars as pl

from hotwash.claims.assessed import evidence_name, is_examined, judge_of, judging_row
from hotwash.claims.clock_words import Clock, make_clock, zones_of
from hotwash.claims.lines import UNKNOWN, Ancestry, Line, ancestry_of, count_independent, fold
from hotwash.claims.numbers import NumberTellings, number_tellings, related_occasions
from hotwash.claims.words import join_names, join_words
from hotwash.course.tellings import GRADES_THAT_DECIDE, graded_sources
from hotwash.incident.grades import POOR_GRADES, poor_speakers, without_poor
from hotwash.model.incident import Bundle
from hotwash.model.questions import CountUnit

Row = Mapping[str, Any]

UNTOLD = "nobody has answered it"
UNFOUNDED = "told, and by no independent line"
ONE_RELIABLE = "told by one reliable line only"
UNVOUCHED = "told by a voice that nobody vouches for, and on one page alone"
OPEN, LIKELY, SETTLED, DISPUTED, NOT_ASKED = "open", "likely", "settled", "disputed", "not_asked"
ENOUGH_LINES = 2  # of graded sources that agree: what one source alone tells is told, not supported
_MOST_CLAUSES = 4
_DISTURBED = ("restricted", "runway_closed", "airspace_closed", "closed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to one question, before it is ranked. Fields as in CONCLUSIONS.

    lines       how many independent lines it rests on
    how_sure    where the words that follow from standing and lines do not fit
    missing     what is missing, as `discriminators` knows it
    is_present  of a presence: whether it says that something was there
    """

    text: str
    standing: str
    lines: int = 0
    how_sure: str = ""
    probability: float | None = None
    against: str = ""
    rows: tuple[str, ...] = ()
    missing: str = ""
    is_present: bool = False


# Columns of claims that no answer is taken from: ten thousand rows without them take half the memory.
_UNREAD = ("role", "credibility", "type_label", "printed_time", "is_final", "words_start", "words_end", "note")


@dataclass(frozen=True)
class Case:
    """The account so far, indexed once for all questions. Frames are of the tables that bear their names.

    turns     the change of state that each event tells, by event_id
    told      EVENTS with the forecasts, orders and plans; the bundle's own by default
    orders    rows of EVENTS told as orders or plans, also those that were replaced or cancelled since
    by_role   the bodies of each role that was asked for, as `discriminators` tells them
    """

    bundle: Bundle
    claims: pl.DataFrame
    findings: pl.DataFrame
    counts: pl.DataFrame
    durations: pl.DataFrame
    states: pl.DataFrame
    closures: pl.DataFrame
    contradictions: pl.DataFrame
    aerodromes: pl.DataFrame
    turns: Mapping[str, int] = field(default_factory=dict)
    told: pl.DataFrame | None = None
    orders: tuple[Row, ...] = ()
    by_role: dict[str, Sequence[str]] = field(default_factory=dict)
    _lines: dict[tuple[str, ...], int] = field(default_factory=dict)
    _numbers: dict[tuple[str, tuple[float, float], str | None], NumberTellings] = field(default_factory=dict)

    @cached_property
    def units(self) -> Mapping[str, CountUnit]:
        return self.bundle.brief.count_units

    @cached_property
    def clock(self) -> Clock:
        brief = self.bundle.brief
        changed = [row for row in self.state_rows if row["state"] in _DISTURBED and row["subject_id"] in self.own]
        sides = ("from_utc_low", "from_utc_high", "to_utc_low", "to_utc_high")
        moments = [row[side] for row in changed for side in sides if row[side] is not None]
        abroad = zones_of(self.bundle.recording.sources["zone"])
        return make_clock(brief.zone, brief.start_utc, brief.end_utc, moments, abroad=abroad)

    @cached_property
    def other_stories(self) -> frozenset[str]:
        """Occasions that belong to another story."""
        return related_occasions(self.bundle.occasions)

    @cached_property
    def events(self) -> list[Row]:
        """Events that are told as facts; those of another story are left out."""
        return [row for row in self.bundle.recording.events.to_dicts() if self.is_fact(row)]

    @cached_property
    def announcements(self) -> list[Row]:
        """Forecasts, orders and plans among the events: what was to come, not what came."""
        rows = (self.bundle.recording.events if self.told is None else self.told).to_dicts()
        return [
            row for row in rows if row["told_as"] not in (None, "fact") and row["occasion_id"] not in self.other_stories
        ]

    def planned_elsewhere(self, occasion_id: str | None) -> list[Row]:
        """Return the forecasts, orders and plans of one other story that stand: what was to come of it."""
        rows = (self.bundle.recording.events if self.told is None else self.told).to_dicts()
        return [row for row in rows if row["told_as"] not in (None, "fact") and row["occasion_id"] == occasion_id]

    @cached_property
    def finds(self) -> list[Row]:
        return [row for row in self.bundle.finds.to_dicts() if row["occasion_id"] not in self.other_stories]

    @cached_property
    def sightings(self) -> list[Row]:
        return [row for row in self.bundle.sightings.to_dicts() if row["occasion_id"] not in self.other_stories]

    @cached_property
    def examined_names(self) -> frozenset[str]:
        """The sightings that somebody examined, as findings list them."""
        return frozenset(evidence_name(row) for row in self.sightings if is_examined(row))

    @cached_property
    def state_rows(self) -> list[Row]:
        return [row for row in self.states.to_dicts() if row["occasion_id"] not in self.other_stories]

    @cached_property
    def closure_rows(self) -> list[Row]:
        return [row for row in self.closures.to_dicts() if row["occasion_id"] not in self.other_stories]

    @cached_property
    def count_rows(self) -> Mapping[tuple[str, str | None], Row]:
        return {(row["unit"], row["occasion_id"]): row for row in self.counts.to_dicts()}

    @cached_property
    def own(self) -> frozenset[str]:
        """The aerodromes of the brief, or all that have a state where it names none."""
        return frozenset(self.bundle.brief.aerodromes or self.states["subject_id"].to_list())

    @cached_property
    def _events_by_row(self) -> Mapping[str, Row]:
        plans = {f"events:{row['event_id']}": row for row in self.announcements}
        return plans | {f"events:{row['event_id']}": row for row in self.bundle.recording.events.to_dicts()}

    @cached_property
    def _statements(self) -> Mapping[str, list[Row]]:
        # Without their lists: those of ten thousand claims would fill a gigabyte.
        plain = self.findings.select("claim_id", "verdict", "probability", "superseded_by")
        findings = {row["claim_id"]: row for row in plain.iter_rows(named=True)}
        found: dict[str, list[Row]] = {}
        for row in self.claims.drop(_UNREAD, strict=False).iter_rows(named=True):
            judged = findings.get(row["claim_id"], {})
            said = row["said_utc_high"] or row["said_utc_low"] or row["known_utc"]
            statement = row | {
                "verdict": judged.get("verdict", "not_weighed"),
                "probability": judged.get("probability"),
                "superseded_by": judged.get("superseded_by"),
                "said_utc": said,
            }
            found.setdefault(row["question_id"], []).append(statement)
        never = datetime.min.replace(tzinfo=UTC)
        for rows in found.values():
            rows.sort(key=lambda row: (row["said_utc"] or never, row["claim_id"]))
        return found

    def statements(self, question: Row) -> list[Row]:
        """Return the claims on a question in the order said, each with its verdict; those of another story left out."""
        is_other = question["occasion_id"] in self.other_stories
        rows = self._statements.get(question["question_id"], [])
        return [row for row in rows if is_other or row["occasion_id"] not in self.other_stories]

    def has_other_story(self, question: Row) -> bool:
        """Tell whether what was said on a question is of occasions that belong to another story."""
        rows = self._statements.get(question["question_id"], [])
        return any(row["occasion_id"] in self.other_stories for row in rows)

    def evidence_of(self, items: Sequence[Row]) -> tuple[str, ...]:
        """Return the rows that the verdicts on some claims rest on, each once."""
        return self._distinct(items, "rows")

    def lines_of(self, items: Sequence[Row]) -> tuple[str, ...]:
        """Return the independent lines of the verdicts on some claims, in words, each once."""
        return self._distinct(items, "independent_lines")

    def _distinct(self, items: Sequence[Row], column: str) -> tuple[str, ...]:
        names = [item["claim_id"] for item in items]
        if not names:
            return ()
        own = self.findings.filter(pl.col("claim_id").is_in(names)).select(pl.col(column).explode().drop_nulls())
        return tuple(own.to_series().unique(maintain_order=True).to_list())

    def standing(self, question: Row) -> list[Row]:
        """Return the claims on a question that their speakers have not replaced, facts only."""
        rows = self.statements(question)
        return [row for row in rows if row["verdict"] != "superseded" and row["told_as"] in (None, "fact")]

    def latest_statements(self, question: Row) -> list[Row]:
        """Return the claims on a question that their speakers have not replaced: forecasts, orders and plans too."""
        return [row for row in self.statements(question) if row["verdict"] != "superseded"]

    def say_ignorance(self, rows: Sequence[Row], *, what: str) -> str:
        """Return who says that something is not known, as a clause that follows; "" where nobody does.

        rows   claims; what: what is not known, "the number"
        """
        who = [name for item in rows if item["value"] == "not_known" for name in self.sayers(item)]
        return f"; that {what} is not known is said by {join_words(list(dict.fromkeys(who)))}" if who else ""

    def replaced_statements(self, question: Row) -> list[Row]:
        """Return the claims on a question that their speakers have replaced since."""
        return [row for row in self.statements(question) if row["verdict"] == "superseded"]

    def is_fact(self, row: Row) -> bool:
        """Tell whether a row tells a fact of this incident."""
        return row["told_as"] in (None, "fact") and row["occasion_id"] not in self.other_stories

    def number_tellings(self, unit: str, about: tuple[float, float], part: str | None = None) -> NumberTellings:
        """Return the events that tell how many of one unit, or of a part; many questions ask the same.

        about   what "about" means: a share of the number, and an amount
        """
        key = (unit, about, part)
        if key not in self._numbers:
            self._numbers[key] = number_tellings(self.bundle, unit, about=about, part=part)
        return self._numbers[key]

    def is_graded(self, row: Row) -> bool:
        """Tell whether a row, of one source or of several, has one of reliability A or B; a poor speaker has none."""
        own = row.get("source_reliability")
        if own in POOR_GRADES:
            return False
        return own in GRADES_THAT_DECIDE or any(name in self._graded for name in _as_names(row["source_id"]))

    @cached_property
    def _graded(self) -> frozenset[str]:
        return graded_sources(self.bundle.recording.sources.iter_rows(named=True))

    @cached_property
    def sources(self) -> Mapping[str, Row]:
        """Rows of SOURCES by name."""
        return {row["source_id"]: row for row in self.bundle.recording.sources.iter_rows(named=True)}

    @cached_property
    def _publishers(self) -> Mapping[str, str]:
        return dict(self.bundle.recording.sources.select("source_id", "publisher").iter_rows())

    def is_unvouched(self, row: Row) -> bool:
        """Tell whether nothing but one page of reliability C stands for the sayer of a row.

        Poorer pages make nothing likely anyway. The sayer is not its publisher, speaks in no other source of the
        bundle, and is graded by nobody A to E.
        """
        sources, sayers = _as_names(row["source_id"]), _as_names(row["said_by"])
        if len(sources) != 1 or not sayers or row.get("source_reliability") in ("A", "B", "C", "D", "E"):
            return False
        if self._reliability.get(sources[0]) != "C":
            return False
        own = fold(self._publishers.get(sources[0]) or "")
        return all(fold(name) != own and self._pages_of.get(fold(name), set()) <= {sources[0]} for name in sayers)

    def is_nobodys(self, rows: Sequence[Row]) -> bool:
        """Tell whether only voices that nobody vouches for, and those who repeat them, stand behind some rows."""
        return any(self.is_unvouched(row) for row in rows) and not self._somebodys(rows)

    def somebodys(self, rows: Sequence[Row]) -> list[Row]:
        """Return the rows for which somebody stands whose name tells a reader something; all where there are none."""
        return self._somebodys(rows) or list(rows)

    def _somebodys(self, rows: Sequence[Row]) -> list[Row]:
        """Return rows without voices that nobody vouches for, those who repeat them, and those of unknown origin."""
        nobodys = {fold(name) for row in rows if self.is_unvouched(row) for name in self.sayers(row)} | {UNKNOWN}
        return [
            row
            for row in rows
            if not self.is_unvouched(row)
            and not ("claim_id" in row and self.ancestry.of_claim(row["claim_id"]).voices & nobodys)
        ]

    @cached_property
    def _pages_of(self) -> Mapping[str, set[str]]:
        """The sources in which each sayer speaks, and those that it publishes; its grade, where it has one, is one."""
        found: dict[str, set[str]] = {}
        bundle = self.bundle
        for table in (bundle.recording.events, bundle.finds, bundle.claims, bundle.sightings):
            for names, sources in table.select("said_by", "source_id").iter_rows():
                for name in _as_names(names):
                    found.setdefault(fold(name), set()).update(_as_names(sources))
        for source, publisher in self._publishers.items():
            found.setdefault(fold(publisher or ""), set()).add(source)
        graded = bundle.claims.filter(pl.col("source_reliability").is_in(["A", "B", "C", "D", "E"]))
        for name in graded["said_by"]:
            found.setdefault(fold(name), set()).add("graded")
        return found

    @cached_property
    def ancestry(self) -> Ancestry:
        return ancestry_of(self.bundle)

    def sayers(self, row: Row) -> tuple[str, ...]:
        """Return who says a row: its sayers, or the publishers of its sources where it names nobody."""
        sources = [self._publishers.get(name, name) for name in _as_names(row["source_id"])]
        return tuple(dict.fromkeys(_as_names(row["said_by"]) or sources))

    def event_of(self, name: str) -> Row | None:
        """Return the event that a row of evidence names: "events:E1"."""
        return self._events_by_row.get(name)

    def grades_of(self, names: Iterable[str]) -> frozenset[str]:
        """Return the reliability of the best source of each row of events and claims; "" where one is not rated."""
        rows = [self._claims_by_row.get(name) or self.event_of(name) for name in names]
        return frozenset(self.grade_of(row) for row in rows if row is not None)

    def grade_of(self, row: Row) -> str:
        """Return the reliability of the best source of a row, "A" to "F"; "" where none is rated.

        A speaker graded D to F makes a statement no better by the page that quotes it: a denial in a court's record is
        the word of whoever denies.
        """
        own = row.get("source_reliability") or ""
        if own in POOR_GRADES:
            return own
        grades = [self._reliability.get(name) or "" for name in _as_names(row["source_id"])]
        return min([own, *grades], key=lambda grade: grade or "~")

    @cached_property
    def _reliability(self) -> Mapping[str, str | None]:
        return dict(self.bundle.recording.sources.select("source_id", "reliability").iter_rows())

    @cached_property
    def _claims_by_row(self) -> Mapping[str, Row]:
        return {f"claims:{row['claim_id']}": row for rows in self._statements.values() for row in rows}

    def rows_by_name(self, names: Iterable[str]) -> list[Row]:
        """Return the claims, finds and events that rows of evidence name."""
        found = [self._claims_by_row.get(name) or self.find_or_event(name) for name in names]
        return [row for row in found if row is not None]

    def find_or_event(self, name: str) -> Row | None:
        """Return the find or the event that a row of evidence names: "finds:F1"."""
        return self._finds_by_row.get(name) or self.event_of(name)

    def sole_judge(self, names: Iterable[str]) -> str | None:
        """Return the one person on whose judgement all of some rows rest; None where there is another, or none."""
        rows = [self._finds_by_row.get(name) or self._examined_by_row.get(name) for name in names]
        judges = {None if row is None else row["assigned_by"] for row in rows}
        return judges.pop() if len(judges) == 1 else None

    @cached_property
    def _examined_by_row(self) -> Mapping[str, Row]:
        return {evidence_name(row): row for row in self.sightings if is_examined(row)}

    @cached_property
    def _finds_by_row(self) -> Mapping[str, Row]:
        return {f"finds:{row['find_id']}": row for row in self.finds}

    def lines_behind(self, rows: Sequence[Row], *, every: bool = False) -> int:
        """Return on how many independent lines some rows rest: two that share a voice or a source are one.

        every   whether poor lines count beside others, as they do where nothing is settled: who speaks of it at all

        Else those of reliability D to F count only where there are no others: they settle no answer. What was
        assessed rests on whoever judged it, however many report it, and is as good as the best source of the row.
        """
        lines = self._graded_lines(rows)
        return count_independent([line for line, _ in lines] if every else without_poor(lines))

    def has_poor_line(self, rows: Sequence[Row]) -> bool:
        """Tell whether some rows rest on a line of reliability D to F beside a better one."""
        grades = {grade in POOR_GRADES for _, grade in self._graded_lines(rows)}
        return len(grades) > 1

    def _graded_lines(self, rows: Sequence[Row]) -> list[tuple[Line, str]]:
        """Return the lines of some rows, each with the reliability of its source; "" where it is not rated."""
        lines = [(self.ancestry.of_claim(row["claim_id"]), self.grade_of(row)) for row in rows if "claim_id" in row]
        others = [row for row in rows if "claim_id" not in row]
        judged = [judging_row(row) for row in others]
        known = [self.grade_of(row) if one is not row else "" for row, one in zip(others, judged, strict=True)]
        of = self.ancestry.of_rows(judged)
        pairs = zip(of.owner.tolist(), of.line.tolist(), strict=True)
        told = dict.fromkeys((of.lines[line], known[owner]) for owner, line in pairs)
        return [*lines, *((line, grade or self._reliability.get(line.source_id) or "") for line, grade in told)]

    def lines_in_words(self, names: Iterable[str]) -> int:
        """Return the same for lines as findings name them: "prosecutor (S12)"."""
        pairs = [name.removesuffix(")").rpartition(" (") for name in sorted(set(names))]
        lines = [
            (
                self.ancestry.line(sayer or source, source if sayer else ""),
                self._poor_speakers.get((fold(sayer), source)) or self._reliability.get(source) or "",
            )
            for sayer, _, source in pairs
        ]
        return count_independent(without_poor(lines))

    @cached_property
    def _poor_speakers(self) -> Mapping[tuple[str, str], str]:
        return poor_speakers(self._claims_by_row.values())

    def lines_of_rows(self, names: tuple[str, ...]) -> int:
        """Return on how many independent lines finds and events rest, by their rows of evidence; asked again, known."""
        if names not in self._lines:
            rows = [row for row in map(self.find_or_event, names) if row is not None]
            # Thousands of finds have few different lines: one row of each tells as much.
            distinct = {
                judge_of(row) or (tuple(row["said_by"] or ()), tuple(row["source_id"] or ())): row for row in rows
            }
            self._lines[names] = self.lines_behind([*distinct.values()])
        return self._lines[names]

    def lines_of_names(self, names: Iterable[str]) -> int:
        """Return the same for rows of evidence named "events:E1"."""
        return self.lines_behind([row for row in map(self.event_of, dict.fromkeys(names)) if row is not None])

    def name_of(self, subject: str | None) -> str:
        """Return a subject by name: "Hannover (EDDV)"."""
        names = self._aerodrome_names
        if subject is None:
            return "the aerodrome"
        return f"{names[subject]} ({subject})" if subject in names else subject

    @cached_property
    def _aerodrome_names(self) -> Mapping[str, str]:
        return dict(self.aerodromes.select("aerodrome_id", "name").iter_rows())

    def occasion_name(self, occasion_id: str | None) -> str:
        """Return what an occasion is called: its text, or its name."""
        text = (self._occasion_texts.get(occasion_id or "") or "").strip().rstrip(" .;")
        return text or occasion_id or "no occasion named"

    @cached_property
    def _occasion_texts(self) -> Mapping[str, str | None]:
        return dict(self.bundle.occasions.select("occasion_id", "text").iter_rows())

    def roles_of(self, name: str) -> frozenset[str]:
        """Return the roles in which somebody speaks in claims or sightings; none where no row tells one."""
        return self._roles.get(name, frozenset())

    @cached_property
    def _roles(self) -> Mapping[str, frozenset[str]]:
        pairs = [
            (name, role)
            for table in (self.bundle.claims, self.bundle.sightings)
            for names, role in table.select("said_by", "role").iter_rows()
            if role
            for name in _as_names(names)
        ]
        return {name: frozenset(role for who, role in pairs if who == name) for name, _ in pairs}

    @cached_property
    def bodies(self) -> tuple[str, ...]:
        """Everybody who says anything in the bundle, each once."""
        bundle = self.bundle
        tables = (bundle.recording.events, bundle.finds, bundle.claims)
        said = [names for table in tables for names in table["said_by"].to_list()]
        return tuple(dict.fromkeys(name for names in said for name in _as_names(names)))


def _as_names(names: str | Sequence[str] | None) -> Sequence[str]:
    return [names] if isinstance(names, str) else names or ()


def according_to(names: Iterable[str], *, alone: bool = False) -> str:
    """Return who says so: "according to Tower and Airport"."""
    several = list(dict.fromkeys(names))
    if not several:
        return "according to somebody who is not named"
    return f"according to {join_names(several)}{' alone' if alone and len(several) == 1 else ''}"


def join_most(parts: Sequence[str], *, last: str = "and") -> str:
    """Return clauses as a list; of many, some and how many others there are."""
    shown = list(parts[:_MOST_CLAUSES])
    left = len(parts) - len(shown)
    rest = [f"{left} other answer{'s' if left > 1 else ''}"] if left else []
    return join_clauses([*shown, *rest], last=last)


def join_clauses(said: Sequence[str], *, last: str = "and") -> str:
    """Return clauses as a list, apart by semicolons where one of them says who repeats whom."""
    return "; ".join(said) if any(", whom " in clause for clause in said) else join_words(said, last=last)


def is_finite(value: float | None) -> bool:
    """Tell whether a bound is there and is no infinity."""
    return value is not None and math.isfinite(value)
