"""The course of events of a bundle, put together: what stands, on which occasion, in which state.

bundle, cut at a date ─▶ revisions ─▶ facts ─▶ stretches ─▶ occasions ─▶ questions and intervals ─▶ Course
                                        ▲                       │
                                        └── one sayer, told twice ◀┘
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

import polars as pl

from hotwash.course import revisions
from hotwash.course.closures import closure_rows, explain_untold_length
from hotwash.course.dossier import remark
from hotwash.course.looks import place_looks
from hotwash.course.occasions import Occasions, assign_occasions
from hotwash.course.open_while_shut import find_open_while_shut
from hotwash.course.orders_in_force import find_orders_in_force
from hotwash.course.overlaps import is_possible_only, overlap_of
from hotwash.course.refuted_ends import find_refuted_ends
from hotwash.course.resolve import resolve_intervals, resolve_questions
from hotwash.course.states import Stretch, Turn, find_stretches, state_rows
from hotwash.course.tellings import Row, graded_sources, is_graded
from hotwash.model import schema, tables
from hotwash.model.incident import Bundle


@dataclass(frozen=True)
class Course:
    """What was told of the course of events, as far as it stands.

    bundle        revised tellings taken out; events, questions and intervals with their occasion; forecasts marked
    evidence      the same bundle with only those events that may be evidence: facts of this incident
    stretches     the states of aerodromes, in order
    turns         the turn that each event tells, by event_id
    plans         rows of EVENTS that their sayers tell as plans or forecasts of this incident
    orders        rows of EVENTS that were told as orders or plans, also those that were replaced or cancelled since
    remarks       BUNDLE_REMARKS: what was taken so
    """

    bundle: Bundle
    evidence: Bundle
    stretches: tuple[Stretch, ...]
    turns: Mapping[str, int]
    revisions: pl.DataFrame
    states: pl.DataFrame
    closures: pl.DataFrame
    remarks: pl.DataFrame
    plans: tuple[Row, ...] = ()
    orders: tuple[Row, ...] = ()
    order_ends: tuple[Row, ...] = ()


def survey_course(
    bundle: Bundle,
    *,
    impossible: Collection[tuple[str, str]] = (),
    shifted: Mapping[str, str] = MappingProxyType({}),
    as_of_utc: datetime | None = None,
) -> Course:
    """Return the course of events of a bundle.

    bundle       as known at a date
    impossible   (table, row_id) of tellings that cannot be facts: known before what they tell
    shifted      events that may tell another one in another clock, with that one, by event_id: no change of their own
    as_of_utc    the date of belief; None takes all that is known
    """
    zone = ZoneInfo(bundle.brief.zone)
    graded = graded_sources(bundle.recording.sources.iter_rows(named=True))
    standing, revised = revisions.revise(bundle)
    events = _mark_forecasts(standing.recording.events, "events", impossible)
    claims = _mark_forecasts(standing.claims, "claims", impossible)
    related = _related(bundle)
    facts = [
        row
        for row in events.iter_rows(named=True)
        if (row["told_as"] or "fact") == "fact" and row["occasion_id"] not in related
    ]
    orders = find_orders_in_force(bundle.recording.events, facts, related=related, as_of_utc=as_of_utc)
    facts += [dict(row) for row in orders.facts]
    events, revised = _keep_orders(events, revised, bundle.recording.events, orders.names)
    stretches, occasions = _survey(facts, bundle.occasions, graded, zone, shifted, ends=orders.ends)
    replaced, remarks = revisions.find_same_sayer(facts, _turns(stretches), occasions.of_event)
    if replaced:
        by_id = {row["event_id"]: row for row in facts}
        derived = [
            revisions.revision("events", by_id[old], by_id[new], is_derived=True) for old, new in replaced.items()
        ]
        revised = pl.concat([revised, schema.frame(tables.REVISIONS, derived)])
        facts = [row for row in facts if row["event_id"] not in replaced]
        events = events.filter(~pl.col("event_id").is_in(list(replaced)))
        stretches, occasions = _survey(facts, bundle.occasions, graded, zone, shifted, ends=orders.ends)
    stretches = [replace(one, occasion=_occasion_of(one, occasions)) for one in stretches]
    facts = [{**row, "occasion_id": occasions.of_event.get(row["event_id"])} for row in facts]
    events = _with_occasions(events, occasions.of_event)
    questions, about_questions = resolve_questions(
        bundle.questions, facts, occasions.frame, bundle.aerodromes, claims=bundle.claims
    )
    intervals, about_intervals = resolve_intervals(bundle.brief.intervals, facts, occasions.frame)
    finds, about_finds = place_looks(standing.finds, occasions.frame, bundle.aerodromes, table="finds")
    sightings, about_sightings = place_looks(standing.sightings, occasions.frame, bundle.aerodromes, table="sightings")
    whole = replace(
        standing,
        finds=finds,
        sightings=sightings,
        brief=replace(bundle.brief, intervals=intervals),
        recording=replace(standing.recording, events=events),
        claims=claims,
        questions=questions,
        occasions=occasions.frame,
    )
    closures = closure_rows(stretches, facts)
    about_lengths = [
        *_untold_lengths(questions, closures),
        *find_refuted_ends(state_rows(stretches).to_dicts(), facts, zone),
        *find_open_while_shut(state_rows(stretches).to_dicts(), facts, zone),
    ]
    refused = _refused_sums(facts, bundle, related)
    fact_rows = schema.frame(tables.EVENTS, [row for row in facts if row["event_id"] not in refused])
    return Course(
        bundle=whole,
        evidence=replace(whole, recording=replace(whole.recording, events=fact_rows)),
        stretches=tuple(stretches),
        turns=_turns_by_event(stretches, shifted),
        revisions=revised,
        states=state_rows(stretches),
        closures=closures,
        remarks=schema.frame(
            tables.BUNDLE_REMARKS,
            [
                *occasions.remarks,
                *remarks,
                *about_questions,
                *about_lengths,
                *about_intervals,
                *about_finds,
                *about_sightings,
            ],
        ),
        plans=tuple(
            row
            for row in standing.recording.events.filter(pl.col("told_as").is_in(["plan", "forecast"])).to_dicts()
            if row["occasion_id"] not in related
        ),
        order_ends=tuple({**row, "occasion_id": occasions.of_event.get(row["event_id"])} for row in orders.lengths),
        orders=tuple(
            row
            for row in bundle.recording.events.filter(pl.col("told_as").is_in(["order", "plan"])).to_dicts()
            if row["occasion_id"] not in related
        ),
    )


def _untold_lengths(questions: pl.DataFrame, closures: pl.DataFrame) -> Iterator[dict[str, object]]:
    """Yield a remark for each question of an aerodrome's closures of which a runway alone is told to be closed."""
    for row in questions.filter(kind="duration").iter_rows(named=True):
        if (untold := explain_untold_length(row["subject_id"] or "", closures)) is not None:
            text = f"It cannot be answered: {untold[0]}."
            advice = f"{untold[1][:1].upper()}{untold[1][1:]}."
            entry = ("questions", row["question_id"])
            yield remark("length_untold", entry, text, advice, column="subject_id")


def _survey(
    facts: Sequence[Row],
    declared: pl.DataFrame,
    graded: frozenset[str],
    zone: ZoneInfo,
    shifted: Collection[str],
    *,
    ends: Sequence[Row],
) -> tuple[list[Stretch], Occasions]:
    changing = [*(row for row in facts if row["event_id"] not in shifted), *ends]
    stretches = find_stretches((row, is_graded(row, graded)) for row in changing)
    return stretches, assign_occasions(facts, declared, stretches, zone=zone)


def _keep_orders(
    events: pl.DataFrame, revised: pl.DataFrame, told: pl.DataFrame, names: Collection[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return events and REVISIONS with the orders that took effect: what replaced them later did not unsay them.

    told   EVENTS with the rows that were replaced
    """
    missing = set(names) - set(events["event_id"].to_list())
    if not missing:
        return events, revised
    last = told.sort("known_utc", nulls_last=False, maintain_order=True).unique("event_id", keep="last")
    kept = last.filter(pl.col("event_id").is_in(list(missing))).sort("event_id")
    is_order = (pl.col("table") == "events") & pl.col("row_id").is_in(list(missing))
    return pl.concat([events, kept]), revised.filter(~is_order)


def _turns(stretches: Sequence[Stretch]) -> list[Turn]:
    """Return the changes between stretches, each once."""
    ends = [turn for one in stretches for turn in (one.start, one.stop) if turn is not None]
    return list(dict.fromkeys(ends))


def _turns_by_event(stretches: Sequence[Stretch], shifted: Mapping[str, str]) -> Mapping[str, int]:
    """Return the change that each event tells; one in another clock tells the change of which it is a telling."""
    turns = {name: place for place, turn in enumerate(_turns(stretches)) for name in turn.names}
    return turns | {weak: turns[strong] for weak, strong in shifted.items() if strong in turns}


def _occasion_of(stretch: Stretch, occasions: Occasions) -> str:
    named = [occasions.of_event[name] for name in stretch.names if name in occasions.of_event]
    return stretch.occasion or (named[0] if named else "")


def _related(bundle: Bundle) -> frozenset[str]:
    """Return the occasions that belong to another story."""
    return frozenset(
        bundle.occasions.filter(pl.col("is_related").fill_null(pl.lit(value=False)))["occasion_id"].to_list()
    )


def _refused_sums(facts: Sequence[Row], bundle: Bundle, related: Collection[str]) -> frozenset[str]:
    """Return the totals that are no evidence: they count something twice, or what belongs to another story."""
    sums = [row for row in facts if row["parts"]]
    if not sums:
        return frozenset()
    rows, units = {row["event_id"]: row for row in facts}, bundle.brief.count_units
    overlaps = {row["event_id"]: overlap_of(row, rows, units) for row in sums}
    return frozenset(
        row["event_id"]
        for row in sums
        if _adds_another_story(row, bundle, related)
        or (overlaps[row["event_id"]] and not is_possible_only(overlaps[row["event_id"]]))
    )


def _adds_another_story(row: Row, bundle: Bundle, related: Collection[str]) -> bool:
    """Tell whether a total counts what belongs to another story: it is told, but it is no number of this one."""
    if not row["parts"] or not related:
        return False
    own = bundle.recording.events.filter(pl.col("event_id").is_in(row["parts"]))["occasion_id"].to_list()
    return any(name in related for name in own)


def _mark_forecasts(frame: pl.DataFrame, table: str, impossible: Collection[tuple[str, str]]) -> pl.DataFrame:
    """Return rows of which those that cannot be facts are marked as forecasts."""
    names = [name for where, name in impossible if where == table]
    if not names:
        return frame
    is_one = pl.col(f"{table[:-1]}_id").is_in(names) & (pl.col("told_as").fill_null("fact") == "fact")
    return frame.with_columns(told_as=pl.when(is_one).then(pl.lit("forecast")).otherwise("told_as"))


def _with_occasions(events: pl.DataFrame, of_event: Mapping[str, str]) -> pl.DataFrame:
    if not of_event:
        return events
    given = pl.col("event_id").replace_strict(dict(of_event), default=None, return_dtype=pl.String)
    return events.with_columns(occasion_id=pl.coalesce("occasion_id", given))
