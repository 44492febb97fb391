"""A bundle to an incident: the account as data.

tracks × zones ─▶ breaches, exposures, what tracks show ─┐
bundle ─cut_at_date─▶ known ┬▶ counts ◀──────────────────┴─────────┐
                           ├▶ origins × finds ─▶ ranges, reaches ──┤
                           ├▶ events ─▶ durations ─────────────────┼▶ Incident
                           └▶ claims ─▶ findings, contradictions, beliefs ┘
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from hotwash.claims import across, bounds, contrast, counting, durations, evidence, planned_ends, ranges, weigh
from hotwash.claims.numbers import related_occasions
from hotwash.course.closures import closure_length
from hotwash.course.remarks import survey_bundle
from hotwash.incident.conclusions import conclude
from hotwash.incident.cut_at_date import cut_at_date
from hotwash.incident.places import placings
from hotwash.incident.track_evidence import TrackEvidence, survey_tracks
from hotwash.model import schema, tables
from hotwash.model.incident import Bundle, Incident
from hotwash.model.recording import Recording

Tracker = Callable[[Recording], TrackEvidence | None]


def _no_tracks(_: Recording) -> None:
    """Make no tracks."""


def reconstruct(
    bundle: Bundle,
    *,
    zones: pl.DataFrame,
    aerodromes: pl.DataFrame,
    as_of_utc: datetime | None = None,
    track: Tracker = _no_tracks,
) -> Incident:
    """Return the account of a bundle.

    bundle       as `ingest.bundle.read` gives it
    zones        ZONES: the borders and other zones that the account speaks of
    aerodromes   AERODROMES
    as_of_utc    the date of belief; None takes all that is known
    track        makes tracks of what was recorded and known by that date; None where there is nothing to track
    """
    known, left_out = cut_at_date(bundle, as_of_utc)
    course, bundle_remarks = survey_bundle(known, as_of_utc=as_of_utc)
    stated = replace(course.bundle, assumptions=_with_defaults(known.assumptions))
    survey = survey_tracks(track(stated.recording), course.evidence.recording, zones, aerodromes)
    if survey.track_counts:
        stated = replace(stated, assumptions=_with(stated.assumptions, evidence.METHOD_OF_TRACKS))
    reach = ranges.measure_reach(stated.origins, stated.finds, stated.assumptions)
    facts = course.evidence.recording.events
    plans = [*planned_ends.plans_for(stated.brief.intervals, course.plans), *course.order_ends]
    spans = durations.durations(
        stated.brief.intervals,
        [*facts.iter_rows(named=True), *plans],
        stated.recording.sources,
        turns=course.turns,
        zone=ZoneInfo(stated.brief.zone),
    )
    spans = pl.concat([spans, _closure_lengths(stated.questions, course.closures, course.states)])
    weighed = replace(stated, recording=course.evidence.recording)
    claims = bounds.bound_claims(weighed)
    related = list(related_occasions(stated.occasions))
    is_elsewhere = pl.col("occasion_id").is_in(related).fill_null(value=False)
    own = claims.filter(~is_elsewhere) if related else claims
    # Before the findings, which fill more memory: what is let go of here is used again there.
    contradictions = pl.concat([contrast.contradictions(own), across.contradictions_across(own, stated)])
    counts = counting.counts(weighed, claims, track_counts=survey.track_counts, turns=course.turns)
    findings = weigh.findings(
        claims,
        evidence.Evidence(
            weighed,
            reach,
            spans,
            track_counts=survey.track_counts,
            turns=course.turns,
            stretches=course.stretches,
            closures=course.closures,
            claims=claims,
            plans=tuple(plans),
            orders=course.orders,
            events_elsewhere=frozenset(stated.recording.events.filter(is_elsewhere)["event_id"].to_list()),
        ),
    )
    return Incident(
        bundle=stated,
        zones=zones,
        aerodromes=aerodromes,
        bounded_claims=claims,
        counts=counts,
        findings=findings,
        contradictions=contradictions,
        beliefs=contrast.beliefs(own),
        ranges=ranges.range_rows(reach),
        placings=placings(stated.finds, zones),
        reaches=ranges.reach_rows(reach, claims.filter(kind="range")),
        durations=spans,
        left_out=left_out,
        as_of_utc=as_of_utc,
        tracks=survey.tracks,
        breaches=survey.breaches,
        exposures=survey.exposures,
        health=survey.health,
        remarks=survey.remarks,
        states=course.states,
        closures=course.closures,
        revisions=course.revisions,
        bundle_remarks=bundle_remarks,
        conclusions=conclude(
            weighed,
            bounded_claims=claims,
            findings=findings,
            counts=counts,
            durations=spans,
            states=course.states,
            closures=course.closures,
            contradictions=contradictions,
            aerodromes=aerodromes,
            turns=course.turns,
            told=stated.recording.events,
            orders=course.orders,
        ),
    )


def _closure_lengths(questions: pl.DataFrame, closures: pl.DataFrame, states: pl.DataFrame) -> pl.DataFrame:
    """Return the lengths of closures that questions ask for by name, as DURATIONS."""
    stretches = states.to_dicts()
    rows = {
        (row["subject_id"], row["occasion_id"]): found
        for row in questions.filter(kind="duration").iter_rows(named=True)
        if (found := closure_length(row["subject_id"] or "", closures, stretches, occasion=row["occasion_id"]))
        is not None
    }
    return schema.frame(tables.DURATIONS, [dict(row) for row in rows.values()])


def _with_defaults(assumptions: pl.DataFrame) -> pl.DataFrame:
    """Return the bundle's assumptions with hotwash's own beside them, so that every one used is named."""
    rows: list[dict[str, object]] = [
        {
            "assumption_id": ranges.WIND,
            "text": "Mean wind along the route was 0 ± 30 km/h (hotwash default).",
            "value": ranges.DEFAULT_WIND_KMH,
            "sigma": ranges.DEFAULT_WIND_SIGMA_KMH,
            "unit": "km/h",
        },
        {
            "assumption_id": ranges.SPEED,
            "text": "Cruising speed through the air was 180 km/h (hotwash default).",
            "value": ranges.DEFAULT_SPEED_KMH,
            "unit": "km/h",
        },
    ]
    return _with(_add_missing(assumptions, rows), evidence.METHOD)


def _with(assumptions: pl.DataFrame, texts: Mapping[str, str]) -> pl.DataFrame:
    return _add_missing(assumptions, [{"assumption_id": name, "text": text} for name, text in texts.items()])


def _add_missing(assumptions: pl.DataFrame, rows: list[dict[str, object]]) -> pl.DataFrame:
    """Return assumptions with ours beside them, where the bundle does not state them itself."""
    stated = set(assumptions["assumption_id"].to_list())
    own = [row for row in rows if row["assumption_id"] not in stated]
    return pl.concat([assumptions, schema.frame(tables.ASSUMPTIONS, [*own])])
