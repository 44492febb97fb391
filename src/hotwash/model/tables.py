"""All tables of hotwash, each declared once (some in `air` and `trials`): columns, types, units and meanings.

Names end in their unit. Angles are degrees, true north is 0, east is 90. Heights always say which:
`hae` above the WGS 84 ellipsoid, `amsl` above mean sea level, `agl` above ground. Times are UTC to the
microsecond. Unknown is null, never NaN. `known_utc` is when something became known, as distinct from when it happened.
"""

from __future__ import annotations

from hotwash.model import words
from hotwash.model.account import BELIEFS as BELIEFS
from hotwash.model.account import BUNDLE_REMARKS as BUNDLE_REMARKS
from hotwash.model.account import CLOSURES as CLOSURES
from hotwash.model.account import CONCLUSIONS as CONCLUSIONS
from hotwash.model.account import CONTRADICTIONS as CONTRADICTIONS
from hotwash.model.account import COUNTS as COUNTS
from hotwash.model.account import DURATIONS as DURATIONS
from hotwash.model.account import FINDINGS as FINDINGS
from hotwash.model.account import LEFT_OUT as LEFT_OUT
from hotwash.model.account import PLACINGS as PLACINGS
from hotwash.model.account import RANGES as RANGES
from hotwash.model.account import REACHES as REACHES
from hotwash.model.account import REVISIONS as REVISIONS
from hotwash.model.account import STATES as STATES
from hotwash.model.air import BREACHES as BREACHES
from hotwash.model.air import CONTROLS as CONTROLS
from hotwash.model.air import DETECTIONS as DETECTIONS
from hotwash.model.air import EXPOSURES as EXPOSURES
from hotwash.model.air import HEALTH as HEALTH
from hotwash.model.air import REMARKS as REMARKS
from hotwash.model.air import SENSORS as SENSORS
from hotwash.model.air import TRACK_SUMMARIES as TRACK_SUMMARIES
from hotwash.model.air import TRACKS as TRACKS
from hotwash.model.air import TRUTH as TRUTH
from hotwash.model.air import UPDATES as UPDATES
from hotwash.model.columns import (
    KNOWN,
    LED_TO,
    OCCASION,
    PRINTED,
    SAYERS,
    SOURCE,
    SOURCES_OF_ROW,
    SUPERSEDES,
    TOLD_AS_COLUMN,
    mandatory_position,
    number_columns,
    position,
)
from hotwash.model.occurrence import OCCURRENCE_FIELDS as OCCURRENCE_FIELDS
from hotwash.model.questions import QUESTION_KINDS
from hotwash.model.schema import BOOL, BYTES, F64, I64, NUMBERS, TEXT, TEXTS, UTC, Column, Table, column, needed, table
from hotwash.model.trials import ATTEMPTS as ATTEMPTS
from hotwash.model.trials import DECISIONS as DECISIONS
from hotwash.model.trials import MASTERIES as MASTERIES
from hotwash.model.trials import MASTERY_LOG as MASTERY_LOG
from hotwash.model.trials import TRIALS as TRIALS


def _probability(unit: str, meaning: str) -> tuple[Column, Column, Column]:
    name = f"probability_{unit}"
    return (
        column(name, F64, f"probability that this row {meaning}, of that night", least=0.0, most=1.0),
        column(f"{name}_low", F64, f"the lowest value of {name} that its assigner would defend", least=0.0, most=1.0),
        column(f"{name}_high", F64, f"the highest value of {name} that its assigner would defend", least=0.0, most=1.0),
    )


# ---------------------------------------------------------------- what was said and found

SOURCES = table(
    "sources",
    "one place where something is written or recorded",
    needed("source_id", TEXT, "name of the source, unique"),
    needed("publisher", TEXT, "who published it"),
    column("title", TEXT, "its title, in our own words where we may not copy it"),
    column("url", TEXT, "where it can be found"),
    column("published_utc", UTC, "when it was published"),
    KNOWN,
    column("zone", TEXT, "time zone of its times without a zone: an IANA name"),
    column("language", TEXT, "language as a two-letter code"),
    column("kind", TEXT, "what it is: official, press, agency, recording, observation, assessment"),
    column(
        "reliability",
        TEXT,
        "Admiralty code of the source: A reliable to E unreliable, F cannot be judged",
        one_of=words.RELIABILITIES,
    ),
    column("read_as", TEXT, "how we read it: read, second_hand, not_read"),
    column("sha256", TEXT, "hash of the file that we read, where we have it"),
    column("note", TEXT, "what a reader should know about it"),
    key=("source_id",),
)

QUESTIONS = table(
    "questions",
    "one question that statements answer",
    needed("question_id", TEXT, "name of the question, unique"),
    needed("text", TEXT, "the question, as a sentence"),
    needed("kind", TEXT, "the kind of answer", one_of=tuple(QUESTION_KINDS)),
    column("unit", TEXT, "unit of its answers: km, min, utc or what is counted"),
    column("subject_id", TEXT, "what it is about: a find, sighting, aerodrome, kind of event, name of an interval"),
    column("event_subject_id", TEXT, "of a time: what the event happened to, an aerodrome for instance; null: any"),
    column(
        "part",
        TEXT,
        "the part that is asked about: a runway, of a number an airline or a direction; null: any, the whole",
    ),
    OCCASION,
    column("type_label", TEXT, "the type that a range is claimed for; null for all finds of kind uas"),
    column("about_fraction", F64, "what `about` means: this share of the value either way", least=0.0),
    column("about_amount", F64, "what `about` means: this much either way, in the unit (minutes for times)", least=0.0),
    column("settled_by", TEXT, "the observation that would settle it, where one is known to exist, and who has it"),
    column(
        "settled_by_known_utc", UTC, "when that observation became known; null: with the question. A date is all of it"
    ),
    KNOWN,
    key=("question_id",),
)

CLAIMS = table(
    "claims",
    "one statement that someone made on one question",
    needed("claim_id", TEXT, "name of the claim, unique"),
    needed("question_id", TEXT, "the question it answers"),
    needed("said_by", TEXT, "who said it: a function or body"),
    column("role", TEXT, "in what capacity"),
    column("person", TEXT, "the person's name as written in said_by, where it names one; redaction replaces it"),
    column("said_utc_low", UTC, "said no earlier than; null when open"),
    column("said_utc_high", UTC, "said no later than; null when open"),
    KNOWN,
    needed("relation", TEXT, "how the value binds", one_of=words.RELATIONS),
    column("value", TEXT, "the value: a number, a time with its zone, or a word of the question's kind"),
    column("value_high", TEXT, "the upper value of `between`"),
    column("unit", TEXT, "unit of the value as the speaker used it; empty when the value is a word"),
    needed("summary", TEXT, "what was said, in our own words"),
    needed("source_id", TEXT, "where it is written"),
    column(
        "derived_from",
        TEXTS,
        "whom it repeats: speakers or claims, separated by ;; empty for own knowledge, `unknown` allowed",
    ),
    column(
        "weighs",
        TEXTS,
        "whose material it weighed: speakers or claims, separated by ;; it is no witness beside them, and may find "
        "otherwise; `unknown` allowed",
    ),
    column(
        "source_reliability",
        TEXT,
        "Admiralty code of the source, A to F; F cannot be judged",
        one_of=words.RELIABILITIES,
    ),
    column(
        "credibility", TEXT, "Admiralty code of the statement, 1 to 6; 6 cannot be judged", one_of=words.CREDIBILITIES
    ),
    SUPERSEDES,
    column("excludes", TEXTS, "claims that cannot be true together with this one, by the analyst, separated by ;"),
    OCCASION,
    TOLD_AS_COLUMN,
    column("at_utc_low", UTC, "the time it speaks of, no earlier than; null: when it was said"),
    column("at_utc_high", UTC, "the time it speaks of, no later than; null: when it was said"),
    column("is_throughout", BOOL, 'of a status: whether it is said of all of that time: "closed all evening"'),
    column(
        "part",
        TEXT,
        "the part that it speaks of: a runway, of a number an airline or a direction; null: that of its question",
    ),
    column(
        "value_ref",
        TEXT,
        "of a height: above what it is told; AGL: the ground, AMSL: mean sea level; null: not told",
        one_of=words.HEIGHT_REFERENCES,
    ),
    column("hedge", TEXT, 'how sure the speaker is, in the speaker\'s own words: "suspected", "very likely"'),
    *number_columns("its"),
    PRINTED,
    column("is_final", BOOL, "whether the speaker called it final"),
    column("words_start", I64, "where its words begin in the source's text, in characters", least=0.0),
    column("words_end", I64, "where its words end", least=0.0),
    column("note", TEXT, "what a reader should know about it"),
    key=("claim_id", "known_utc"),
)

BOUNDED_CLAIMS = table(
    "bounded_claims",
    "one claim with what its relation and value leave possible; its unit is the one in which it is weighed",
    *CLAIMS.columns,
    column("kind", TEXT, "what sort of answer its question wants", one_of=tuple(QUESTION_KINDS)),
    column("subject_id", TEXT, "what its question is about"),
    column("type_label", TEXT, "the type that its question is about"),
    column("said_unit", TEXT, "the unit in which it was said, where that is stated"),
    column("low", F64, "least value it leaves possible; minutes since 1970 for times, −∞ where open"),
    column("high", F64, "greatest value it leaves possible; ∞ where open"),
    column("stands_utc_low", UTC, "the time of its number, or of which its status speaks, at the earliest"),
    column("stands_utc_high", UTC, "the same, at the latest; null for a final number, and where no time matters"),
    key=("claim_id",),
)

EVENTS = table(
    "events",
    "one event as one source reports it",
    needed("event_id", TEXT, "name of the event, unique"),
    needed("kind", TEXT, "what happened, as one word: first_violation, aerodrome_closed, public_warning …"),
    column("start_utc", UTC, "when it happened or began, as stated; null where only bounds are known"),
    column("end_utc", UTC, "when it ended; null for an instant or where unknown"),
    column("utc_low", UTC, "no earlier than; null when open"),
    column("utc_high", UTC, 'no later than ("before 04:00"); null when open'),
    KNOWN,
    column("subject_id", TEXT, "what it happened to: an aerodrome, a find, a person id, a track"),
    *position("the event"),
    column("radius_m", F64, "how far around it holds", least=0.0),
    column("value", F64, "its number, where it has one: how many, how much"),
    column("value_high", F64, "the upper value of `between`"),
    column("unit", TEXT, "what the number counts: a unit of counts; null: what the kind tells"),
    column("relation", TEXT, "how the number binds; null is exactly", one_of=words.RELATIONS),
    *number_columns("its"),
    column(
        "part",
        TEXT,
        "the part that it happened to, or that its number counts: a runway, a sector, an airline; null: none named",
    ),
    column("text", TEXT, "what happened, in our own words"),
    OCCASION,
    TOLD_AS_COLUMN,
    SUPERSEDES,
    LED_TO,
    PRINTED,
    SAYERS,
    SOURCES_OF_ROW,
    key=("event_id", "known_utc"),
)

FINDS = table(
    "finds",
    "one find as assessed from known_utc on; the latest row of a find_id counts, earlier ones are its history",
    needed("find_id", TEXT, "name of the find"),
    needed("place", TEXT, "where it was, by name"),
    column("region", TEXT, "region or voivodeship"),
    *position("the find"),
    column("sigma_position_km", F64, "one standard deviation of the position", least=0.0),
    column("found_utc_low", UTC, "found no earlier than"),
    column("found_utc_high", UTC, "found no later than"),
    KNOWN,
    needed("object_kind", TEXT, "what it is assessed to be", one_of=words.OBJECT_KINDS),
    column("type_label", TEXT, "type, where it was named"),
    *_probability("find", "is a piece of an uncrewed aircraft"),
    *_probability("airframe", "is an airframe that no other row counts"),
    *_probability("brought_down", "is an airframe that was brought down, counted by no other row"),
    column("assigned_by", TEXT, "who assigned the probabilities"),
    column("assigned_why", TEXT, "why these"),
    column("what", TEXT, "what was found, in our own words"),
    OCCASION,
    SUPERSEDES,
    SAYERS,
    SOURCES_OF_ROW,
    column("is_private_place", BOOL, "whether the exact position is a private place, cut by redaction"),
    key=("find_id", "known_utc"),
)

SIGHTINGS = table(
    "sightings",
    "one look at the sky by one observer, and what was seen; nothing is an answer too",
    needed("sighting_id", TEXT, "name of the sighting, unique"),
    needed("role", TEXT, "who looked, by role: tower, pilot, police, resident"),
    column("place", TEXT, "where the observer stood, by name"),
    *position("the observer"),
    column("sigma_position_km", F64, "one standard deviation of the observer's position", least=0.0),
    column("utc_low", UTC, "looked from, or no earlier than"),
    column("utc_high", UTC, "looked until, or no later than"),
    KNOWN,
    column("azimuth_deg", F64, "direction from true north", least=0.0, most=360.0),
    column("elevation_deg", F64, "angle above the horizontal", least=-90.0, most=90.0),
    column("distance_m", F64, "stated distance", least=0.0),
    column("height_agl_m", F64, "stated height above ground", least=0.0),
    column("seen", TEXT, "what was seen, in our own words"),
    needed("saw_nothing", BOOL, "looked and saw nothing"),
    column(
        "after_alarm", BOOL, "whether the observer already knew of an alarm, so that the sighting is not independent"
    ),
    column(
        "explained_by",
        TEXT,
        "what explains it; `unexplained` after a search, `confirmed` where others saw it too; null: nobody has looked",
        one_of=words.EXPLANATIONS,
    ),
    column("explained_why", TEXT, "on what grounds"),
    *_probability("uas", "shows an uncrewed aircraft"),
    column("assigned_by", TEXT, "who examined it and assigned the probability"),
    column("assigned_why", TEXT, "on what it rests: video analysis, radar replay"),
    column("object_kind", TEXT, "what the observer took it for, where that was said", one_of=words.OBJECT_KINDS),
    OCCASION,
    SUPERSEDES,
    LED_TO,
    PRINTED,
    column("note", TEXT, "what a reader should know about it"),
    column("said_by", TEXT, "person id or body that reports it"),
    SOURCE,
    key=("sighting_id", "known_utc"),
)

OCCASIONS = table(
    "occasions",
    "one occasion: something that happened once, of which several rows may tell; the third closure is not the first",
    needed("occasion_id", TEXT, "name of the occasion, unique"),
    needed("kind", TEXT, "what sort of occasion", one_of=words.OCCASION_KINDS),
    column("subject_id", TEXT, "what it happened to: an aerodrome, a find, a place"),
    column("place", TEXT, "where, by name"),
    column("utc_low", UTC, "no earlier than; null: as its tellings say"),
    column("utc_high", UTC, "no later than; null: as its tellings say"),
    column("text", TEXT, "what it was, in our own words"),
    column("is_related", BOOL, "whether it belongs to another story; then it enters no count and no answer"),
    column("is_proposed", BOOL, "whether hotwash proposed it, because the bundle named none"),
    KNOWN,
    key=("occasion_id",),
)

ORIGINS = table(
    "origins",
    "one assumed place of departure; every row is shown as an assumption",
    needed("origin_id", TEXT, "name of the origin, unique"),
    needed("origin", TEXT, "what place it is"),
    *mandatory_position("the origin"),
    needed("sigma_position_km", F64, "one standard deviation of the position", least=0.0),
    column("basis", TEXT, "its basis"),
    KNOWN,
    SOURCE,
    key=("origin_id",),
)

ASSUMPTIONS = table(
    "assumptions",
    "one assumption, stated so that it can be named and changed",
    needed("assumption_id", TEXT, "name of the assumption, unique"),
    needed("text", TEXT, "what is assumed, as a sentence"),
    column("value", F64, "its number, where it has one"),
    column("sigma", F64, "one standard deviation of the number", least=0.0),
    column("unit", TEXT, "unit of the number"),
    column("subject_id", TEXT, "what it is about: a type label, an origin"),
    KNOWN,
    key=("assumption_id",),
)

# ---------------------------------------------------------------- where

ZONES = table(
    "zones",
    "one volume of airspace",
    needed("zone_id", TEXT, "name of the zone, unique"),
    needed("name", TEXT, "its name"),
    needed(
        "kind", TEXT, "kind of zone; land border, state airspace and FIR are different kinds", one_of=words.ZONE_KINDS
    ),
    column("floor_m", F64, "lower limit; null is the ground"),
    column("ceiling_m", F64, "upper limit; null is unlimited"),
    column(
        "floor_ref",
        TEXT,
        "what the lower limit is measured from; FL is pressure altitude in metres, UNK a limit that is not known",
        one_of=words.HEIGHT_REFS,
    ),
    column("ceiling_ref", TEXT, "what the upper limit is measured from; UNL is none", one_of=words.HEIGHT_REFS),
    needed("line_sigma_m", F64, "one standard deviation of the line on the ground", least=0.0),
    needed("source", TEXT, "whose line it is"),
    column("clip_box", NUMBERS, "west, south, east, north of the box that cut the drawing; null when it was not cut"),
    needed("geometry", BYTES, "polygon in longitude and latitude, WGS 84, as well-known binary"),
    key=("zone_id",),
)

AERODROMES = table(
    "aerodromes",
    "one aerodrome",
    needed("aerodrome_id", TEXT, "ICAO location indicator"),
    column("iata", TEXT, "IATA code"),
    needed("name", TEXT, "its name"),
    *mandatory_position("the reference point"),
    column("elevation_amsl_m", F64, "elevation of the reference point"),
    column("zone", TEXT, "its time zone: an IANA name"),
    column("country", TEXT, "two-letter code"),
    key=("aerodrome_id",),
)

POPULATION = table(
    "population",
    "how many people live in one cell, for judging warnings",
    needed("cell_id", TEXT, "name of the cell"),
    *mandatory_position("its centre"),
    needed("people", F64, "how many people", least=0.0),
    key=("cell_id",),
)

# ---------------------------------------------------------------- what follows from it

SCORES = table(
    "scores",
    "one measure of one seat in one recording",
    needed("attempt_id", TEXT, "the attempt"),
    needed("seat", TEXT, "the seat"),
    column("task", TEXT, "the task within the exercise"),
    needed("measure", TEXT, "what is measured"),
    column("value", F64, "the value; null when there is none"),
    column("unit", TEXT, "its unit"),
    column("sigma", F64, "one standard deviation", least=0.0),
    column("clock_s", F64, "simulated time when it was taken"),
    column("opportunity", TEXT, "whether the occasion for the measure arose", one_of=words.OPPORTUNITIES),
    column("result", TEXT, "outcome against the standard", one_of=words.RESULTS),
    column("seed", I64, "seed of the attempt"),
    column("exercise", TEXT, "name of the exercise"),
    column("exercise_version", TEXT, "its version: part of the evidence"),
    column("subject_kind", TEXT, "who was tried", one_of=words.SUBJECT_KINDS),
    column("subject_id", TEXT, "random id of the person, crew or procedure"),
    column("marked_by", TEXT, "machine, or the instructor's id"),
    key=("attempt_id", "seat", "task", "measure"),
)

MARKS = table(
    "marks",
    "one mark that an instructor gave in addition to the automatic result, which it never replaces",
    needed("mark_id", I64, "number of the mark in its recording", least=0.0),
    needed("attempt_id", TEXT, "the attempt"),
    needed("marked_by", TEXT, "random id of the instructor"),
    needed("marked_utc", UTC, "when it was given"),
    column("task", TEXT, "the task within the exercise; null for the attempt as a whole"),
    column("result", TEXT, "what the instructor saw", one_of=words.RESULTS),
    column("error_class", TEXT, "class of an error counted here", one_of=words.ERROR_CLASSES),
    column("is_void", BOOL, "whether the attempt does not count; the comment gives the reason"),
    column("comment", TEXT, "in the instructor's words"),
    key=("mark_id",),
)

REJECTS = table(
    "rejects",
    "one rejected row, in full",
    needed("file", TEXT, "its file"),
    column("line", I64, "its line, counted from 1 with the header", least=0.0),
    column("cell", TEXT, "of a workbook: its sheet and cell, as claims!D7"),
    column("column", TEXT, "the column at fault"),
    column("value", TEXT, "its value, cut at 200 characters"),
    needed("reason", TEXT, "what is wrong"),
    needed("advice", TEXT, "what would help"),
    column("row", TEXT, "the row as JSON, cells cut at 2,000 characters"),
)

REPAIRS = table(
    "repairs",
    "one corrected text, with the original",
    needed("file", TEXT, "its file"),
    column("line", I64, "its line", least=0.0),
    column("cell", TEXT, "of a workbook: its sheet and cell"),
    column("column", TEXT, "its column"),
    needed("raw", TEXT, "the original text"),
    needed("mended", TEXT, "the corrected text"),
)

TABLES: dict[str, Table] = {item.name: item for item in tuple(globals().values()) if isinstance(item, Table)}
