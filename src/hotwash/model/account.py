"""The tables that follow from a bundle: what an account holds. Each is declared once."""

from __future__ import annotations

from hotwash.model import words
from hotwash.model.schema import BOOL, F64, I64, TEXT, TEXTS, UTC, column, needed, table

COUNTS = table(
    "counts",
    "how many, in one unit; units are never mixed",
    needed("unit", TEXT, "what is counted: one of hotwash's units, or one that the bundle declares"),
    column("occasion_id", TEXT, "the occasion that is counted; null: all of them together"),
    column(
        "most_likely", I64, "the most likely number; null where the evidence bounds it from one side only", least=0.0
    ),
    column("low_90", I64, "lower end of the 90 % interval: fewer has a probability of at most 5 %", least=0.0),
    column("high_90", I64, "upper end of the 90 % interval; null where nothing bounds it from above", least=0.0),
    column("why", TEXT, "on what it rests, and why a number is missing"),
    column("mean", F64, "mean of the counted rows", least=0.0),
    column("counted_low_90", I64, "the 90 % interval of the rows themselves, lower end", least=0.0),
    column("counted_most_likely", I64, "the most likely number among the rows themselves", least=0.0),
    column("counted_high_90", I64, "the 90 % interval of the rows themselves, upper end", least=0.0),
    column("all_low", F64, "mean when every probability stands at its low value", least=0.0),
    column("all_high", F64, "mean when every probability stands at its high value", least=0.0),
    column("rows", TEXTS, "the rows counted"),
    key=("unit", "occasion_id"),
)

FINDINGS = table(
    "findings",
    "what the evidence says about one claim",
    needed("claim_id", TEXT, "the claim"),
    needed("question_id", TEXT, "its question"),
    needed("verdict", TEXT, "the verdict", one_of=words.VERDICTS),
    needed("reason", TEXT, "why, in one plain sentence"),
    column(
        "probability",
        F64,
        "probability of the claim under the evidence; null where none can be given",
        least=0.0,
        most=1.0,
    ),
    needed("rows", TEXTS, "the rows it rests on, as table:id; of more than 200 finds the count that lists them"),
    needed("assumptions", TEXTS, "the assumptions it depends on"),
    needed("independent_lines", TEXTS, "the lines of evidence that do not trace back to the speaker or the source"),
    column("superseded_by", TEXT, "the later claim of the same speaker"),
    column("verdict_on_merits", TEXT, "the verdict that a superseded claim would have had", one_of=words.VERDICTS),
    key=("claim_id",),
)

CONTRADICTIONS = table(
    "contradictions",
    "two different answers to one question: values that exclude one another, one number in two units, or words",
    needed("question_id", TEXT, "the question"),
    needed("claim_id", TEXT, "the earlier statement"),
    needed("other_claim_id", TEXT, "the later statement"),
    column("third_claim_id", TEXT, "of a start, an end and a length that do not fit: the third statement"),
    needed("said_by", TEXT, "who made the earlier"),
    needed("other_said_by", TEXT, "who made the later"),
    column("said_utc", UTC, "when the earlier was made, at the latest"),
    column("other_said_utc", UTC, "when the later was made, at the latest"),
    needed("value", TEXT, "what the earlier says"),
    needed("other_value", TEXT, "what the later says"),
    column("gap", F64, "how far apart they are at least, in the question's unit (minutes for times)", least=0.0),
    column("unit", TEXT, "unit of the gap"),
    needed("is_unit_drift", BOOL, "whether the two give the same number in different units"),
    needed("is_same_speaker", BOOL, "whether one speaker made both"),
    column("text", TEXT, "the contradiction, as a sentence"),
    key=("question_id", "claim_id", "other_claim_id"),
)

RANGES = table(
    "ranges",
    "one assumed origin and one find: how far apart",
    needed("origin_id", TEXT, "the assumed origin"),
    needed("find_id", TEXT, "the find"),
    needed("distance_km", F64, "geodesic distance: a lower bound of the path flown", least=0.0),
    needed("sigma_km", F64, "one standard deviation: both positions and the wind", least=0.0),
    needed("sigma_position_km", F64, "the share of the two positions", least=0.0),
    needed("wind_km", F64, "mean drift along the track under the wind assumption, positive with a tail wind"),
    needed("sigma_wind_km", F64, "the share of the wind", least=0.0),
    key=("origin_id", "find_id"),
)

PLACINGS = table(
    "placings",
    "one find and one zone of interest: on which side of the line it was",
    needed("find_id", TEXT, "the find"),
    needed("zone_id", TEXT, "the zone"),
    column("distance_m", F64, "distance to the line, positive inside; null where the drawing does not show it"),
    needed("sigma_m", F64, "one standard deviation: the position's and the line's together", least=0.0),
    column("probability", F64, "probability that it was inside", least=0.0, most=1.0),
    needed("answer", TEXT, "inside, outside or undecided", one_of=words.ANSWERS),
    key=("find_id", "zone_id"),
)

DURATIONS = table(
    "durations",
    "one interval between two events, of one occasion or of two, as far as the tellings that stand allow it",
    needed("name", TEXT, "what interval"),
    column("occasion_id", TEXT, "the occasion, where there are several"),
    column("minutes", F64, "from the stated start to the stated end [min]; null where they are not told exactly"),
    column("low", F64, "no shorter than [min]; null when open"),
    column("high", F64, "no longer than [min]; null when open"),
    column("groups", TEXTS, "where tellings disagree: what each group gives, and who tells it"),
    column("why", TEXT, "what is missing, or what other reports would give"),
    column("rows", TEXTS, "the events used"),
    column("from_occasion_id", TEXT, "the occasion of its start, where its ends are asked for on two occasions"),
    column("to_occasion_id", TEXT, "that of its end"),
    column("taken", TEXTS, "which events were taken where they name no occasion, or tell the change otherwise"),
    key=("name", "occasion_id", "from_occasion_id"),
)

STATES = table(
    "states",
    "one stretch of time in which an aerodrome, a part of it or the airspace over it was in one state",
    needed("subject_id", TEXT, "the aerodrome"),
    column("part", TEXT, "the runway or sector; null for the whole"),
    needed("state", TEXT, "the state", one_of=words.STATES),
    column("occasion_id", TEXT, "the occasion that it belongs to"),
    column("from_utc_low", UTC, "began no earlier than; null when open"),
    column("from_utc_high", UTC, "began no later than; null when open"),
    column("to_utc_low", UTC, "ended no earlier than; null when open"),
    column("to_utc_high", UTC, "ended no later than; null when open"),
    needed("is_graded", BOOL, "whether sources of reliability A or B tell both ends that are told"),
    column("text", TEXT, "the stretch as a sentence, with who tells otherwise"),
    column("from_rows", TEXTS, "the events that tell its beginning"),
    column("to_rows", TEXTS, "the events that tell its end"),
    key=("subject_id", "part", "state", "from_utc_low", "from_utc_high", "to_utc_low"),
)

CLOSURES = table(
    "closures",
    "what the states of one aerodrome add up to",
    needed("subject_id", TEXT, "the aerodrome"),
    column("occasion_id", TEXT, "the occasion; null: the whole incident"),
    needed(
        "state",
        TEXT,
        "the measure; closed_to_traffic: the aerodrome or the airspace over it, where both were closed",
        one_of=(*words.STATES, words.CLOSED_TO_TRAFFIC),
    ),
    needed("stretches", I64, "how many stretches of closure", least=0.0),
    column("span_min_low", F64, "from the first closing to the last reopening, no less than [min]"),
    column("span_min_high", F64, "from the first closing to the last reopening, no more than [min]; null when open"),
    column("closed_min_low", F64, "closed in all, no less than [min]"),
    column("closed_min_high", F64, "closed in all, no more than [min]; null when open"),
    column("lost_min_low", F64, "operating time lost: curfew and hours without planned traffic taken off [min]"),
    column("lost_min_high", F64, "operating time lost, no more than [min]; null when open"),
    column("stages", TEXTS, "what followed after the first measure, one sentence each, in order"),
    column("exceptions", TEXTS, "landings, departures and other movements while closed: events"),
    column("rows", TEXTS, "the events used"),
    key=("subject_id", "occasion_id", "state"),
)

REVISIONS = table(
    "revisions",
    "one telling that its own sayer replaced: it stays in the history and is no evidence any more",
    needed("table", TEXT, "its table"),
    needed("row_id", TEXT, "its name; of several rows of one name, with the number of the row: C1#1"),
    needed("replaced_by", TEXT, "the row that replaced it"),
    column("known_utc", UTC, "when the replaced row became known"),
    column("replaced_utc", UTC, "when the row that replaced it became known"),
    column("said_by", TEXT, "who told both"),
    column("text", TEXT, "what the replaced row told"),
    needed("is_derived", BOOL, "whether hotwash took it so, because one sayer told two things that exclude each other"),
    key=("table", "row_id"),
)

CONCLUSIONS = table(
    "conclusions",
    "the answer to one question, in one sentence, as far as the evidence allows",
    needed("question_id", TEXT, "the question"),
    needed("rank", I64, "its place among the answers, from 1: the incident's first questions first", least=1.0),
    needed("answer", TEXT, "the answer, as a sentence"),
    needed("standing", TEXT, "how it stands", one_of=words.STANDINGS_OF_ANSWERS),
    column("how_sure", TEXT, "how sure, as words"),
    column("probability", F64, "its probability, where one can be given", least=0.0, most=1.0),
    needed("lines", I64, "on how many independent lines", least=0.0),
    column("against", TEXT, "what speaks against it, as a sentence; null where nothing does"),
    column("discriminator", TEXT, "while it is open: the one observation that would separate the answers"),
    column("ask", TEXT, "who could have that observation"),
    column("rows", TEXTS, "the rows it rests on"),
    column("claims", TEXTS, "the claims on the question"),
    column("is_headline", BOOL, "whether it answers one of the incident's first questions"),
    key=("question_id",),
)

BUNDLE_REMARKS = table(
    "bundle_remarks",
    "one thing in a bundle that cannot be as it stands, or that was taken so and should be looked at",
    needed("kind", TEXT, "the sort of remark", one_of=words.BUNDLE_REMARK_KINDS),
    needed("table", TEXT, "the table of the row"),
    needed("row_id", TEXT, "the row"),
    column("column", TEXT, "the column, where one is meant"),
    needed("text", TEXT, "what was noticed, as a sentence"),
    needed("advice", TEXT, "what to do"),
    column("rows", TEXTS, "the other rows it rests on"),
)

REACHES = table(
    "reaches",
    "finds of kind uas that one claimed range allows from one assumed origin",
    needed("claim_id", TEXT, "the range claim"),
    needed("origin_id", TEXT, "the assumed origin"),
    needed("within", I64, "finds that the claim does not exclude", least=0.0),
    needed("undecided", I64, "finds within the uncertainty of the distance", least=0.0),
    needed("beyond", I64, "finds that lie farther away than claimed", least=0.0),
    key=("claim_id", "origin_id"),
)

BELIEFS = table(
    "beliefs",
    "one step in the beliefs on one question: who said what, in order of time",
    needed("question_id", TEXT, "the question"),
    needed("step", I64, "place in the order, from 1", least=1.0),
    needed("claim_id", TEXT, "the claim"),
    needed("said_by", TEXT, "who said it"),
    column("said_utc", UTC, "said at the latest"),
    needed("value", TEXT, "what was believed"),
    column("supersedes", TEXT, "the same speaker's earlier claim that it replaces"),
    needed("is_held", BOOL, "whether the speaker had not replaced it at the date of the account"),
    key=("question_id", "step"),
)

LEFT_OUT = table(
    "left_out",
    "one row that an account `as of` a date does not use",
    needed("table", TEXT, "its table"),
    needed("row_id", TEXT, "its name"),
    column("known_utc", UTC, "when it became known; null where that is unknown"),
    needed("why", TEXT, "known later, or no known_utc"),
)
