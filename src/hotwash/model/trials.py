"""The tables of exercises as evidence: decisions of a watch seat, attempts, trials and masteries.

Read them through `tables`, which holds all tables of hotwash.
"""

from __future__ import annotations

from hotwash.model import words
from hotwash.model.columns import position
from hotwash.model.schema import BOOL, F64, I64, TEXT, TEXTS, UTC, column, needed, table

DECISIONS = table(
    "decisions",
    "one thing that a watch seat decided, at the moment it did",
    needed("decision_id", I64, "number of the decision in its recording, in the order given", least=0.0),
    needed("seat", TEXT, "the seat"),
    needed("time_utc", UTC, "when it was given, by the exercise's clock"),
    needed("kind", TEXT, "what was decided", one_of=words.DECISION_KINDS),
    column("track_id", TEXT, "the track it concerns, as the seat's picture named it"),
    column("other_track_id", TEXT, "for merge: the track that is the same object; for split: the new track"),
    column("class_label", TEXT, "for classify: the class of the track", one_of=words.WATCH_CLASSES),
    column("zone_id", TEXT, "for declare_breach and revoke_breach: the zone"),
    column("place_id", TEXT, "for recommend: the aerodrome or sector; for ask: the sensor or observer"),
    column("measure", TEXT, "for recommend: what is recommended", one_of=words.TRAFFIC_MEASURES),
    column("part", TEXT, "for restrict: the runway or sector; null is the whole place"),
    column("warning_id", TEXT, "for warn, widen_warning and cancel_warning: name of the warning"),
    *position("the centre of the area of the warning or question"),
    column("radius_m", F64, "radius of that area", least=0.0),
    column("text", TEXT, "the note, or why"),
    column("rests_on", TEXTS, "the reasons: rules, tracks, reports, by name"),
    key=("decision_id",),
)

ATTEMPTS = table(
    "attempts",
    "one attempt of one subject at one exercise: planned, under way or ended",
    needed("attempt_id", TEXT, "name of the attempt, unique"),
    needed("exercise", TEXT, "name of the exercise"),
    needed("exercise_version", TEXT, "its version: part of the evidence"),
    needed("seat", TEXT, "the seat"),
    needed("subject_kind", TEXT, "who was tried", one_of=words.SUBJECT_KINDS),
    needed("subject_id", TEXT, "random id of the person or crew; the name of a procedure's rule book or autopilot"),
    column("policy", TEXT, "the program in the seat; null where a person sat there"),
    column("seed", I64, "seed it is flown with; null where there is none"),
    needed("is_test", BOOL, "whether it counts; practice never does"),
    column("objective_id", TEXT, "the objective that named it as counted before it was flown"),
    needed("state", TEXT, "how far it came; an abandoned one is a NO-GO", one_of=words.ATTEMPT_STATES),
    column("named_utc", UTC, "when it was named as counted"),
    column("started_utc", UTC, "when it began, in real time"),
    column("ended_utc", UTC, "when it ended, in real time"),
    needed("setting", TEXT, "where the evidence comes from", one_of=words.SETTINGS),
    column("recording", TEXT, "folder of its recording, relative to the centre's folder"),
    column("recording_hash", TEXT, "SHA-256 over the recording's files"),
    column("void_by", TEXT, "random id of the instructor who declared it void"),
    column("void_why", TEXT, "the reason; an attempt is never void without one"),
    column("void_utc", UTC, "when it was declared void; null in centres of earlier versions: before it ended"),
    key=("attempt_id",),
)

TRIALS = table(
    "trials",
    "one attempt as a trial of one skill at one level",
    needed("attempt_id", TEXT, "the attempt"),
    needed("subject_kind", TEXT, "who was tried", one_of=words.SUBJECT_KINDS),
    needed("subject_id", TEXT, "random id of the person or crew; the name of a procedure"),
    needed("skill", TEXT, "the skill"),
    needed("level", I64, "its level, at that level's stated difficulty", least=1.0),
    needed("ended_utc", UTC, "when the attempt ended"),
    needed("is_test", BOOL, "whether it counts; practice never does"),
    needed("outcome", TEXT, "its result; only GO and NO-GO are trials of the skill", one_of=words.RESULTS),
    key=("attempt_id", "skill", "level"),
)

MASTERIES = table(
    "masteries",
    "what one subject has shown of one skill at one level, on one date",
    needed("subject_kind", TEXT, "who was tried", one_of=words.SUBJECT_KINDS),
    needed("subject_id", TEXT, "random id of the person or crew; the name of a procedure"),
    needed("skill", TEXT, "the skill"),
    needed("level", I64, "its level", least=1.0),
    needed("passes", I64, "test attempts in the window that were GO", least=0.0),
    needed("trials", I64, "test attempts in the window that were GO or NO-GO", least=0.0),
    column("estimate", F64, "mean of the share of passes, Jeffreys prior; null without a trial", least=0.0, most=1.0),
    column("lower_90", F64, "its one-sided lower bound at 90 %; null without a trial", least=0.0, most=1.0),
    needed("standing", TEXT, "the resulting standing", one_of=words.STANDINGS),
    column("tested_utc", UTC, "end of the newest attempt that counts"),
    column("practised_utc", UTC, "end of the newest attempt of any kind, practice too"),
    needed("rows", TEXTS, "the attempts that count, oldest first"),
    key=("subject_kind", "subject_id", "skill", "level"),
)

MASTERY_LOG = table(
    "mastery_log",
    "one attempt, and what it changed in what its subject has shown",
    needed("attempt_id", TEXT, "the attempt"),
    needed("subject_kind", TEXT, "who was tried", one_of=words.SUBJECT_KINDS),
    needed("subject_id", TEXT, "random id of the person or crew; the name of a procedure"),
    needed("skill", TEXT, "the skill"),
    needed("level", I64, "its level", least=1.0),
    needed("ended_utc", UTC, "when the attempt ended"),
    needed("outcome", TEXT, "its result", one_of=words.RESULTS),
    needed("is_counted", BOOL, "whether it is in the window; practice, no opportunity and no data never are"),
    needed("why", TEXT, "why it does not count; empty where it does"),
    key=("attempt_id", "skill", "level"),
)
