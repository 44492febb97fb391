"""The account as a reader gets it, before it becomes a page, text or data: all say the same because all print this."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotwash.model.incident import Incident
from hotwash.model.questions import ALWAYS_COUNTED
from hotwash.report import account_tables, clock, closures, finds_map
from hotwash.report.air_view import AirView, build_air_view
from hotwash.report.answers import Answer, answers_of, asks, questions_without_answer
from hotwash.report.charts import Span
from hotwash.report.disagreements import Disagreement, disagreements
from hotwash.report.filing import filing_facts
from hotwash.report.headline import NO_NUMBER, Headline, headline, say_count, say_interval
from hotwash.report.links import anchor
from hotwash.report.page_table import Fact, PageTable
from hotwash.report.phrases import count_noun, full_stop, join_words, mean, plain, say_line
from hotwash.report.statements import Library, Question, questions, tally_of
from hotwash.report.timeline import Timeline, build_timeline
from hotwash.version import __version__

Row = dict[str, Any]

METHOD = (
    "A statement is supported when its probability under independent evidence is at least 0.90, and contradicted when "
    "it is 0.05 or less. It is uncorroborated when nobody independent tells it and nothing speaks against it; "
    "compatible when independent evidence admits it and other answers as well; not testable when something is missing, "
    "which the reason names. Free words and intent are listed and not weighed.",
    "A statement is never supported by rows that trace back to its own speaker or its own source. The independent "
    "lines under each finding are those that remain.",
    "A later telling of a sayer replaces that sayer's earlier one, which stays in the history and is no evidence. A "
    "telling by somebody else, or in another unit, never replaces: the two contradict each other or stand side by "
    "side. A replaced statement keeps the verdict on its merits.",
    "Forecasts, orders and plans are not facts. Disagreement is shown as disagreement and never averaged.",
    "Crossings, airframes, finds and objects brought down are four separate counts. Finds give a lower limit for "
    "airframes only: they say nothing of what was never found or flew back.",
    "Each count from finds is a distribution over the probabilities judged for each row. The 90 % interval leaves at "
    "most 5 % on either side. The second bar shows how the mean moves when every judgement is at its lowest or its "
    "highest.",
    "The two letters of the Admiralty code are given separately and never multiplied: A to F for the source, 1 "
    "to 6 for the statement. F and 6 mean that it cannot be judged, not that it is worst.",
    "Distances are geodesics on the WGS 84 ellipsoid. A zone's line, its source and its precision are stated where the "
    "zone is used; the coasts and other borders of the maps are Natural Earth's and decide nothing.",
    "Intent is never judged.",
)
RANGE_NOTE = (
    "Every origin is an assumption; none is known.",
    "The straight line is the shortest path that can have been flown.",
    "“Within” means that the claimed range does not exclude the find. It never means that the find came from there.",
)


@dataclass(frozen=True, slots=True)
class CountCard:
    """One unit: what is said of it, its drawing, how the mean moves with the judgements."""

    name: str
    title: str
    said: str
    interval: str
    moves: str
    why: str
    rows: str
    span: Span


@dataclass(frozen=True, slots=True)
class ReachCell:
    """One cell of the range table: finds not excluded, within the uncertainty, and beyond."""

    within: int
    undecided: int
    beyond: int

    @property
    def total(self) -> int:
        return self.within + self.undecided + self.beyond


@dataclass(frozen=True, slots=True)
class Matrix:
    """Assumed origins by claimed ranges; a cell may be missing."""

    claims: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[ReachCell | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class Appendix:
    """One part of the last section: a table, or lines where there is none."""

    anchor: str
    title: str
    table: PageTable | None = None
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account in words, made once: page, text, data and terminal all print this."""

    incident: Incident
    library: Library
    timeline: Timeline
    title: str
    marking: str
    releasable_to: str
    banners: tuple[str, ...]
    lead: str
    period: str
    as_of: str
    left_out: str
    facts: tuple[Fact, ...]
    headline: tuple[Headline, ...]
    answers: tuple[Answer, ...]
    unanswered: tuple[str, ...]
    intent: tuple[Question, ...]
    tally: tuple[tuple[str, int], ...]
    closed: tuple[str, ...]
    closures: PageTable
    states: PageTable
    occasions: PageTable
    counts: tuple[CountCard, ...]
    occasion_counts: PageTable
    matrix: Matrix
    distances: PageTable
    durations: PageTable
    chains: tuple[tuple[str, PageTable], ...]
    revisions: PageTable
    contradictions: tuple[Disagreement, ...]
    past_contradictions: tuple[Disagreement, ...]
    asks: PageTable
    bundle_remarks: PageTable
    assumptions: PageTable
    sightings: PageTable
    finds: PageTable
    events: PageTable
    sources: PageTable
    removed: tuple[str, ...]
    method: tuple[str, ...]
    zone_lines: tuple[str, ...]
    appendices: tuple[Appendix, ...]
    made: str
    rings: str
    air: AirView
    made_utc: datetime

    @property
    def marks(self) -> tuple[str, ...]:
        """The marking and what else every page must bear."""
        releasable = f"Releasable to {self.releasable_to}" if self.releasable_to else ""
        return tuple(mark for mark in (self.marking, releasable, *self.banners) if mark)

    @property
    def first(self) -> tuple[Answer, ...]:
        """The answers to the incident's first questions."""
        return tuple(item for item in self.answers if item.is_headline)

    @property
    def further(self) -> tuple[Answer, ...]:
        """The answers to all other questions, with those on which nothing was concluded."""
        return tuple(item for item in self.answers if not item.is_headline)


def build_view(incident: Incident, *, made_utc: datetime, removed: Sequence[str] = ()) -> AccountView:
    """Return the account in words.

    made_utc   when the account is made
    removed    what redaction took out, a line each; printed as it is
    """
    brief, library = incident.bundle.brief, Library(incident)
    at, line = library.zone, build_timeline(incident, library)
    asked = questions(incident, library)
    judged = tuple(item for item in asked if not item.is_intent)
    answers = answers_of(incident, library, asked)
    order = [item.question.question_id for item in answers]
    air = build_air_view(incident, library)
    return AccountView(
        incident=incident,
        library=library,
        timeline=line,
        title=brief.title,
        marking=brief.marking or "NO MARKING SET",
        releasable_to=brief.releasable_to,
        banners=(*(("EXERCISE",) if brief.is_exercise else ()), *(("SYNTHETIC",) if brief.is_synthetic else ())),
        lead=_lead(brief.occurrence.headline, is_as_of=incident.as_of_utc is not None),
        period=clock.between(brief.start_utc, brief.end_utc, at),
        as_of=clock.as_of(incident.as_of_utc, at) if incident.as_of_utc else "",
        left_out=f"{count_noun(incident.left_out.height, 'row')} left out",
        facts=tuple(_facts(incident)),
        headline=headline(incident, answers, library),
        answers=answers,
        unanswered=questions_without_answer(incident, judged),
        intent=tuple(item for item in asked if item.is_intent and item.statements),
        tally=tally_of(item for question in judged for item in question.statements),
        closed=closures.say_states(incident, library),
        closures=closures.closures_table(incident, library),
        states=closures.states_table(incident, library),
        occasions=closures.occasions_table(incident, library),
        counts=tuple(_count(row, library) for row in _ordered_counts(incident)),
        occasion_counts=account_tables.occasion_counts(incident, library),
        matrix=_matrix(incident, library),
        distances=account_tables.distances(incident, library),
        durations=account_tables.durations(incident, library),
        chains=account_tables.chains(incident, library),
        revisions=account_tables.revisions(incident, library),
        contradictions=disagreements(incident, library, first=order, replaced=False),
        past_contradictions=disagreements(incident, library, first=order, replaced=True),
        asks=asks(incident, library),
        bundle_remarks=account_tables.bundle_remarks(incident, library),
        assumptions=account_tables.assumptions(incident, library),
        sightings=account_tables.sightings(incident, library),
        finds=account_tables.finds(incident, library),
        events=account_tables.events(line.in_order, incident, library),
        sources=account_tables.sources(incident, library),
        removed=tuple(removed),
        method=(*METHOD, *air.method),
        zone_lines=tuple(map(say_line, incident.zones.to_dicts())),
        appendices=tuple(_appendices(incident, removed, library)),
        made=f"Made by hotwash {__version__}, {clock.stamp(made_utc)}.",
        rings=_rings(incident),
        air=air,
        made_utc=made_utc,
    )


def _appendices(incident: Incident, removed: Sequence[str], library: Library) -> Iterable[Appendix]:
    if incident.as_of_utc is not None or incident.left_out.height:
        yield Appendix("left-out", "Rows left out", account_tables.omissions(incident, library))
    if removed:
        yield Appendix("removed", "Removed by redaction", lines=tuple(removed))
    if incident.bundle.rejects.height:
        yield Appendix("rejects", "Rejected rows", account_tables.rejects(incident))
    if incident.bundle.repairs.height:
        yield Appendix("repairs", "Corrected text", account_tables.repairs(incident))
    if incident.bundle.files:
        yield Appendix("files", "Files used", account_tables.files(incident))


def _facts(incident: Incident) -> Iterable[Fact]:
    brief = incident.bundle.brief
    zones = {row["zone_id"]: row["name"] for row in incident.zones.select("zone_id", "name").to_dicts()}
    ports = {row["aerodrome_id"]: row["name"] for row in incident.aerodromes.select("aerodrome_id", "name").to_dicts()}
    facts = (
        ("Zones of interest", join_words([zones.get(name, name) for name in brief.zones_of_interest])),
        ("Aerodromes", join_words([f"{name} {ports[name]}" if name in ports else name for name in brief.aerodromes])),
    )
    yield from filing_facts(brief.occurrence)
    yield from (Fact(name, text) for name, text in facts if text)


def _ordered_counts(incident: Incident) -> list[Row]:
    """Return the counts of all occasions together that have a number, the four that are mixed up most often first."""
    order = {unit: place for place, unit in enumerate(ALWAYS_COUNTED)}
    rows = [row for row in incident.counts.to_dicts() if row["occasion_id"] is None and say_count(row) != NO_NUMBER]
    return sorted(rows, key=lambda row: (order.get(row["unit"], len(order)), row["unit"]))


def _count(row: Row, library: Library) -> CountCard:
    moves = ""
    if row["all_low"] is not None and row["all_high"] is not None and row["all_low"] != row["all_high"]:
        low, high = mean(row["all_low"]), mean(row["all_high"])
        stated = f"Mean {mean(row['mean'])}; " if row["mean"] is not None else "Mean "
        moves = f"{stated}{low} with every judgement at its lowest, {high} at its highest."
    itself = ""
    if row["counted_most_likely"] is not None and row["counted_most_likely"] != row["most_likely"]:
        ends = (row["counted_low_90"], row["counted_high_90"])
        between = f" ({plain(ends[0])} to {plain(ends[1])})" if None not in ends else ""
        itself = f"Among the rows counted, most likely {plain(row['counted_most_likely'])}{between}. "
    unit = library.units.get(row["unit"])
    return CountCard(
        name=anchor("counts", row["unit"]),
        title=unit.title if unit else row["unit"],
        said=say_count(row, units=library.units),
        interval=say_interval(row),
        moves=itself + moves,
        why=library.retell(row["why"] or ""),
        rows=count_noun(len(row["rows"]), "row") + " counted" if row["rows"] else "",
        span=Span(row["low_90"], row["most_likely"], row["high_90"], row["all_low"], row["all_high"]),
    )


def _lead(headline: str, *, is_as_of: bool) -> str:
    """Return the headline of the occurrence; it bears no date, so an account as of an hour says that it is today's."""
    mark = " (as the bundle says today)" if headline and is_as_of else ""
    return full_stop(f"{headline.rstrip(' .')}{mark}" if mark else headline)


def _matrix(incident: Incident, library: Library) -> Matrix:
    """Return the table of reaches; claims of one value with equal cells share a column."""
    origins = {row["origin_id"]: row["origin"] for row in incident.bundle.origins.to_dicts()}
    cells: dict[str, dict[str, ReachCell]] = {}
    for row in incident.reaches.to_dicts():
        cells.setdefault(row["claim_id"], {})[row["origin_id"]] = ReachCell(
            row["within"], row["undecided"], row["beyond"]
        )
    columns: dict[tuple[str, tuple[tuple[str, ReachCell], ...]], list[str]] = {}
    for claim_id, own in cells.items():
        claim = library.row("claims", claim_id)
        value = library.say_value(claim) if claim else claim_id
        columns.setdefault((value, tuple(sorted(own.items(), key=lambda item: item[0]))), []).append(claim_id)
    ordered = sorted(
        columns.items(),
        key=lambda item: (
            item[0][0] == "no value given",
            -sum(reach.within + reach.undecided for _, reach in item[0][1]),
        ),
    )
    used = [name for name in origins if any(name in own for own in cells.values())]
    rows = tuple((f"{name} {origins[name]}", tuple(dict(own).get(name) for (_, own), _ in ordered)) for name in used)
    return Matrix(tuple((value, ", ".join(names)) for (value, _), names in ordered), rows)


def _rings(incident: Incident) -> str:
    brief = incident.bundle.brief
    origin = incident.bundle.origins.to_dicts()
    name = next((row["origin"] for row in origin if row["origin_id"] == brief.ring_origin), "")
    values = finds_map.ring_values(incident)
    if not name or not values:
        return ""
    return (
        f"Rings: the claimed ranges, {join_words([plain(value) for value in values])} km, around {brief.ring_origin} "
        f"({name}), an assumed origin."
    )
