"""What the head and the main part say: each sentence on every branch, nothing from an empty table, nothing twice."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import by_hand
import polars as pl
import pytest
from rich.console import Console
from rich.text import Text

from hotwash.model import tables
from hotwash.model.incident import Incident
from hotwash.model.questions import CountUnit
from hotwash.model.schema import frame
from hotwash.model.words import STANDINGS_OF_ANSWERS, STATES, VERDICTS
from hotwash.report import account_page, closures, markdown, phrases, terminal
from hotwash.report.answers import say_settling, say_sure
from hotwash.report.headline import say_duration
from hotwash.report.links import anchor
from hotwash.report.sections import sections_of
from hotwash.report.statements import claim_value, number_occasions
from hotwash.report.view import AccountView, build_view

CLAIM = {"relation": "exactly", "value": "15", "unit": "diversions", "is_running": None, "value_high": None}


def view(incident: Incident) -> AccountView:
    return build_view(incident, made_utc=by_hand.MADE)


@pytest.fixture(scope="module")
def whole() -> AccountView:
    return view(by_hand.answered())


@pytest.fixture(scope="module")
def html(whole: AccountView) -> str:
    return account_page.render(whole)


@pytest.fixture(scope="module")
def text(whole: AccountView) -> str:
    return markdown.render(whole)


def plain_text(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def part(html: str, section: str) -> str:
    """Return the words of one section of the page."""
    begun = html.index(f'<section id="{section}"')
    return plain_text(html[begun : html.index("\n<section id=", begun + 1)])


# ---------------------------------------------------------------- sentences


SURE: list[tuple[dict[str, Any], str]] = [
    ({"standing": "settled", "lines": 2}, "Settled, on two independent lines."),
    ({"standing": "likely", "lines": 1, "probability": 0.93}, "Likely (93 %), on one independent line."),
    (
        {"standing": "likely", "lines": 3, "how_sure": "probable"},
        "Probable. The answer rests on three independent lines.",
    ),
    ({"standing": "disputed", "lines": 0}, "Disputed, on no independent line."),
    ({"standing": "open", "lines": 0, "how_sure": "nobody independent tells it"}, "Nobody independent tells it."),
    (
        {"standing": "likely", "lines": 8, "how_sure": "bounded from one side only", "probability": 0.9999},
        "Bounded from one side only (over 99 %). The answer rests on eight independent lines.",
    ),
    ({"standing": "open", "lines": 1, "how_sure": "told, not weighed"}, "Told, not weighed."),
    ({"standing": "settled", "lines": 2, "how_sure": "two independent lines agree"}, "Two independent lines agree."),
    (
        {"standing": "likely", "lines": 2, "how_sure": "likely, 93 %", "probability": 0.93},
        "Likely, 93 %. The answer rests on two independent lines.",
    ),
    ({"standing": "not_asked", "lines": 0}, ""),
]


@pytest.mark.parametrize(("row", "said"), SURE)
def test_how_sure_an_answer_is_stands_with_its_independent_lines(row: dict[str, Any], said: str):
    assert say_sure({"how_sure": None, "probability": None} | row) == said


@pytest.mark.parametrize(
    ("discriminator", "ask", "said"),
    [
        (None, "the tower", ""),
        ("The radar plots.", None, "It would be settled by the radar plots."),
        ("the tower's log", "the tower.", "It would be settled by the tower's log. Ask the tower."),
        ("ATIS of that hour", "the tower", "It would be settled by ATIS of that hour. Ask the tower."),
    ],
)
def test_what_would_settle_an_answer_is_said_with_whom_to_ask(discriminator, ask, said):
    assert say_settling({"discriminator": discriminator, "ask": ask}) == said


def closure(**changes: Any) -> dict[str, Any]:
    lengths = {f"{name}_min_{end}": None for name in ("span", "closed", "lost") for end in ("low", "high")}
    row = {"subject_id": "EPLB", "occasion_id": None, "state": "closed", "stretches": 1, "exceptions": []}
    return row | lengths | changes


@pytest.mark.parametrize(
    ("row", "large", "small"),
    [
        (closure(), "Lublin (EPLB) was closed; nobody tells for how long.", ""),
        (closure(span_min_low=85.0, span_min_high=85.0), "Lublin (EPLB) was closed for 1 h 25 min.", ""),
        (closure(span_min_low=50.0, span_min_high=55.0), "Lublin (EPLB) was closed for 50 to 55 min.", ""),
        (closure(span_min_low=50.0, span_min_high=70.0), "Lublin (EPLB) was closed for 50 min to 1 h 10 min.", ""),
        (closure(span_min_low=60.0), "Lublin (EPLB) was closed for at least 1 h.", ""),
        (closure(span_min_low=0.0), "Lublin (EPLB) was closed; nobody tells for how long.", ""),
        (closure(span_min_high=60.0), "Lublin (EPLB) was closed for at most 1 h.", ""),
        (
            closure(state="airspace_closed", span_min_low=60.0),
            "The airspace over Lublin (EPLB) was closed for at least 1 h.",
            "",
        ),
        (
            closure(stretches=2, span_min_low=180.0, span_min_high=180.0, closed_min_low=90.0, closed_min_high=90.0),
            "Lublin (EPLB) was closed twice, 1 h 30 min in all.",
            "From the first closing to the last reopening: 3 h.",
        ),
        (closure(stretches=3), "Lublin (EPLB) was closed three times.", ""),
        (
            closure(
                span_min_low=60.0, span_min_high=60.0, closed_min_low=60.0, closed_min_high=60.0,
                lost_min_low=20.0, lost_min_high=20.0, exceptions=["events:E05"],
            ),
            "Lublin (EPLB) was closed for 1 h.",
            "Operating time lost: 20 min. Once, something moved while it was closed.",
        ),
        (
            closure(subject_id="XXXX", exceptions=["events:E04", "events:E05"]),
            "XXXX was closed; nobody tells for how long.",
            "Twice, something moved while it was closed.",
        ),
    ],
)  # fmt: skip
def test_a_closure_is_one_sentence(whole: AccountView, row, large, small):
    assert closures.say_closure(row, whole.library) == (large, small)


def test_a_closure_of_several_names_its_occasion(whole: AccountView):
    assert closures.say_closure(closure(occasion_id="EPWA-2"), whole.library)[0].endswith("(occasion 2).")


def stretch(**changes: Any) -> dict[str, Any]:
    bounds = dict.fromkeys(("from_utc_low", "from_utc_high", "to_utc_low", "to_utc_high"))
    return {"state": "closed", "part": None, "text": None} | bounds | changes


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (stretch(text="closed until 00:18"), "Closed until 00:18."),
        (
            stretch(
                from_utc_low=by_hand.at(2),
                from_utc_high=by_hand.at(2),
                to_utc_low=by_hand.at(3),
                to_utc_high=by_hand.at(4),
            ),
            "Closed from 10 Sep 2025 00:00 (9 Sep 22:00 UTC) until between 10 Sep 2025 01:00 (9 Sep 23:00 UTC) and "
            "10 Sep 2025 02:00 (00:00 UTC).",
        ),
        (
            stretch(state="runway_closed", part="11/29", from_utc_high=by_hand.at(4)),
            "Runway closed (11/29) from before 10 Sep 2025 02:00 (00:00 UTC) until a time that nobody tells.",
        ),
        (
            stretch(state="curfew", to_utc_low=by_hand.at(4)),
            "Curfew from a time that nobody tells until after 10 Sep 2025 02:00 (00:00 UTC).",
        ),
    ],
)
def test_a_stretch_of_a_state_is_one_sentence(whole: AccountView, row, said):
    assert closures.say_stretch(row, whole.library.zone) == said


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ({}, "15 diversions"),
        ({"is_running": True}, "15 diversions so far"),
        ({"value": "not_known", "unit": None}, "number not known"),
        ({"value": "none_confirmed", "unit": None}, "none confirmed"),
        ({"value": "1", "unit": "buses"}, "1 bus"),
        ({"relation": "between", "value_high": "17"}, "15 to 17 diversions"),
    ],
)
def test_a_number_is_said_with_its_unit_and_whether_it_runs(claim, said):
    units = {**phrases.COUNT_UNITS, "buses": CountUnit(name="buses", title="Buses", nouns=("bus", "buses"))}
    assert claim_value(CLAIM | claim, by_hand.MADE.tzinfo, units=units) == said


DAY_IN_TOKYO = {"value": "2025-09-09T15:00:00Z", "value_high": "2025-09-10T15:00:00Z"}


def test_a_claimed_day_of_another_place_bears_its_name():
    claim = CLAIM | {"relation": "between", "unit": "utc"} | DAY_IN_TOKYO
    assert (
        claim_value(claim, ZoneInfo("Europe/Warsaw"), abroad=[ZoneInfo("Asia/Tokyo")]) == "on 10 Sep 2025 (Tokyo date)"
    )


def test_the_page_says_whose_date_a_bare_date_of_a_source_abroad_is():
    incident = by_hand.answered()
    sources, claims = incident.bundle.recording.sources, incident.bundle.claims
    low, high = (datetime.fromisoformat(value) for value in DAY_IN_TOKYO.values())
    bundle = replace(
        incident.bundle,
        recording=replace(incident.bundle.recording, sources=sources.with_columns(zone=pl.lit("Asia/Tokyo"))),
        claims=claims.with_columns(said_utc_low=pl.lit(low), said_utc_high=pl.lit(high)),
    )
    page = account_page.render(view(replace(incident, bundle=bundle)))
    assert "10 Sep 2025 (Tokyo date)" in plain_text(page)


def test_a_length_below_zero_keeps_its_sign():
    row = {"minutes": -29.0, "low": -29.0, "high": -29.0}
    assert say_duration(row) == ("−29 min", "")


@pytest.mark.parametrize(("number", "said"), [(0, "no"), (1, "one"), (12, "twelve"), (13, "13"), (-1, "−1")])
def test_small_numbers_are_words(number: int, said: str):
    assert phrases.say_number(number) == said


@pytest.mark.parametrize(("text", "said"), [("", ""), ("a log", "A log."), ("Why?", "Why?"), ("Done. ", "Done.")])
def test_a_sentence_ends_with_a_full_stop(text: str, said: str):
    assert phrases.full_stop(text) == said


def test_every_closed_word_that_an_account_prints_has_its_words():
    assert set(phrases.VERDICT_WORDS) - {""} == set(VERDICTS)
    assert set(phrases.STANDING_WORDS) == set(STANDINGS_OF_ANSWERS)
    assert set(phrases.STATE_WORDS) == set(STATES)
    assert set(phrases.OCCASION_WORDS) == set(tables.OCCASIONS["kind"].one_of)
    assert set(phrases.OBJECT_WORDS) == set(tables.FINDS["object_kind"].one_of)


# ---------------------------------------------------------------- the head


def test_the_head_answers_the_first_questions_in_their_order(whole: AccountView, html: str, text: str):
    assert [item.large for item in whole.headline] == [
        "Only the airspace over Chopin was closed.",
        "How often the border was crossed cannot be told.",
    ]
    assert whole.headline[0].small == (
        "Likely. The answer rests on two independent lines. Against it: The Prime Minister said that the airport was "
        "closed. It would be settled by the log of Chopin airport. Ask Chopin airport."
    )
    for said in (html, text):
        assert said.index("Only the airspace over Chopin") < said.index("How often the border was crossed cannot")


def test_without_conclusions_the_head_says_what_is_known_of_closures_and_counts():
    known = view(by_hand.answered(conclusions=by_hand.conclusions().clear()))
    assert [item.large for item in known.headline] == [
        "Warsaw Chopin (EPWA) was closed twice, 2 h 18 min to 2 h 30 min in all.",
        "The airspace over Lublin (EPLB) was closed for at least 3 h.",
        "First violation to first public warning: 7 h 30 min.",
        "Airframes inside: at least 14.",
        "Brought down: 1 to 5.",
        "Finds: 15 to 19.",
    ]


def test_a_question_that_nobody_answered_is_named_and_has_no_section_of_its_own():
    alone = by_hand.with_bundle(claims=by_hand.incident().bundle.claims.filter(pl.col("question_id") != "Q-CLOSED"))
    found = view(replace(alone, conclusions=by_hand.conclusions()))
    assert found.unanswered == ("How long did Chopin stand still?",)
    assert "Asked, and answered by nobody: How long did Chopin stand still?" in account_page.render(found)
    assert "Asked, and answered by nobody: How long did Chopin stand still?" in markdown.render(found)


def test_an_answer_on_closures_that_no_question_asks_about_has_a_question_of_its_own():
    row = {"question_id": "closures:EPLB", "rank": 1, "answer": "Lublin was closed.", "standing": "likely", "lines": 1}
    found = view(by_hand.answered(conclusions=frame(tables.CONCLUSIONS, [row | {"is_headline": True}])))
    assert [item.question.text for item in found.first] == ["When was Lublin (EPLB) closed?"]
    assert "When was Lublin (EPLB) closed?" in account_page.render(found)


def test_a_bundle_that_names_no_first_questions_has_six_at_the_head_and_one_that_does_has_all_it_names():
    rows = [
        {"question_id": f"closures:A{n}", "rank": n, "answer": f"A{n}.", "standing": "likely", "lines": 1}
        | {"is_headline": True}
        for n in range(1, 10)
    ]
    concluded = frame(tables.CONCLUSIONS, rows)
    assert len(view(by_hand.answered(conclusions=concluded)).first) == 6
    named = replace(by_hand.BRIEF, headline=("Q-EPWA",))
    bundle = replace(by_hand.answered().bundle, brief=named)
    assert len(view(by_hand.answered(conclusions=concluded, bundle=bundle)).first) == 9


def test_the_list_of_what_to_ask_names_three_questions_and_counts_the_rest():
    rows = [
        {"question_id": name, "rank": rank, "answer": "Open.", "standing": "open", "lines": 0, "is_headline": False}
        | {"discriminator": "the log", "ask": "the tower"}
        for rank, (name, *_) in enumerate(by_hand.QUESTIONS[:5], start=1)
    ]
    (row,) = view(by_hand.answered(conclusions=frame(tables.CONCLUSIONS, rows))).asks.rows
    assert row.cells[2].text == (
        "How many border crossings were there? How many airframes came in? "
        "How far can they have flown at most? and two more"
    )


def test_an_answer_stands_once_on_the_page(html: str):
    assert html.count("How often the border was crossed cannot be told.") == 1


def test_further_questions_name_their_standing_and_leave_what_would_settle_them_to_the_list(html: str):
    known = part(html, "known")
    assert (
        "What range they had is disputed. Disputed The statements exclude one another. The answer rests on one" in known
    )
    assert "the tank of a find" not in known
    assert "The tank of a find." in part(html, "asks")


# ---------------------------------------------------------------- the main part


def test_only_sections_with_something_to_say_are_there(whole: AccountView):
    names = [section.section_id for section in sections_of(whole)]
    assert names == [
        *("known", "map", "timeline", "closures", "counts", "contradictions", "asks"),
        *("beliefs", "revisions", "remarks", "range", "states", "events", "finds", "sightings"),
        *("assumptions", "sources", "method"),
    ]
    assert [section.section_id for section in sections_of(whole) if section.is_annex] == names[7:]


def test_what_to_ask_is_a_list_by_whom(whole: AccountView):
    rows = [[cell.text for cell in row.cells] for row in whole.asks.rows]
    assert rows == [
        ["Chopin airport", "The log of Chopin airport.", "Was Chopin airport closed?"],
        ["The Operational Command", "The radar plots of that night.", "How many border crossings were there?"],
        ["", "The tank of a find.", "How far can they have flown at most?"],
    ]


def contradiction(one: str, other: str, **more: Any) -> dict[str, Any]:
    return {
        "question_id": "Q-CROSS", "claim_id": one, "other_claim_id": other, "said_by": "police",
        "other_said_by": "army", "value": one, "other_value": other, "is_unit_drift": False, "is_same_speaker": False,
    } | more  # fmt: skip


def pairs(*rows: dict[str, Any]) -> AccountView:
    return view(by_hand.answered(contradictions=frame(tables.CONTRADICTIONS, list(rows))))


def test_a_contradiction_with_a_replaced_statement_stands_in_the_annex_alone():
    found = pairs(contradiction("C02", "C06"), contradiction("C06", "C08"))
    (here,), (past,) = found.contradictions, found.past_contradictions
    assert "10 crossings" not in str(here.table)
    assert "10 crossings" in str(past.table)


def test_one_pair_is_one_contradiction_whoever_comes_first():
    found = pairs(contradiction("C06", "C08"), contradiction("C08", "C06"))
    (here,) = found.contradictions
    assert [[cell.lines for cell in row.cells] for row in here.table.rows] == [
        [("at least 14 crossings",), ("police, 10 Sep 2025 10:00 to 10:12 (08:00 to 08:12 UTC)",), ("16 crossings",)],
        [("16 crossings",), ("army, 10 Sep 2025 10:00 to 10:12 (08:00 to 08:12 UTC)",), ("at least 14 crossings",)],
    ]


def test_contradictions_on_the_first_questions_come_first():
    found = pairs(contradiction("C30", "C31", question_id="Q-RANGE"), contradiction("C06", "C08"))
    assert [one.question for one in found.contradictions] == [
        "How many border crossings were there?",
        "How far can they have flown at most?",
    ]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"gap": 2.0, "unit": "crossings"}, ("16 crossings (2 crossings apart at least)",)),
        ({"is_unit_drift": True, "gap": 0.0}, ("16 crossings", "⚑ One number in two units")),
        ({"is_same_speaker": True}, ("16 crossings", "One speaker said both and withdrew neither")),
    ],
)
def test_what_a_statement_excludes_is_said_with_why(more, said):
    (here,) = pairs(contradiction("C06", "C08", **more)).contradictions
    assert here.table.rows[0].cells[2].lines == said


def test_the_tally_leaves_out_what_is_not_weighed(whole: AccountView, html: str, text: str):
    assert sum(number for _, number in whole.tally) == 29  # of 32: one without a finding, two on intent
    assert {verdict for verdict, _ in whole.tally} == set(VERDICTS) - {"not_weighed"}
    assert not re.search(r"\d+ of \d+ statements", plain_text(html) + text)


def test_occasions_are_numbered_where_one_aerodrome_has_several(whole: AccountView):
    assert whole.library.occasions == {"EPWA-1": 1, "EPWA-2": 2}
    assert [[cell.text for cell in row.cells] for row in whole.occasions.rows] == [
        ["1", "Closure of Warsaw Chopin (EPWA)", "", "10 Sep 2025 00:30 to 03:00 (22:30 to 01:00 UTC)"],
        [
            "2",
            "Closure of Warsaw Chopin (EPWA); A second closure.; Proposed by hotwash: the bundle named none",
            "",
            "10 Sep 2025 05:00 to 06:00 (03:00 to 04:00 UTC)",
        ],
        ["–", "Sighting; Lights elsewhere.; Belongs to another story: it enters no count and no answer", "", ""],
    ]


def test_an_event_of_another_story_or_no_fact_says_so_on_the_timeline():
    told = by_hand.incident().bundle.recording.events.with_columns(
        occasion_id=pl.when(event_id="E04").then(pl.lit("O-OTHER")).when(event_id="E05").then(pl.lit("EPWA-2")),
        told_as=pl.when(event_id="E08").then(pl.lit("forecast")).otherwise(pl.lit("fact")),
        value=pl.when(event_id="E08").then(50.0),
        relation=pl.when(event_id="E08").then(pl.lit("about")),
        unit=pl.when(event_id="E08").then(pl.lit("diversions")),
    )
    bundle = by_hand.answered().bundle
    recording = replace(bundle.recording, events=told)
    found = view(by_hand.answered(bundle=replace(bundle, recording=recording)))
    moments = {item.row_id: item for item in found.timeline.moments}
    assert moments["E04"].label == "Airspace closed · EPWA · another story"
    assert moments["E05"].label == "Airspace reopened · EPWA (2)"
    assert moments["E08"].label == "Public warning · forecast"
    assert moments["E08"].said == "[about 50 diversions] police"
    assert "Public warning · forecast" in account_page.render(found)
    assert markdown.render(found).count("Public warning · forecast") == 1


def test_one_proposed_occasion_for_each_aerodrome_is_not_numbered():
    rows = [
        {"occasion_id": f"{port}-1", "kind": "closure", "subject_id": port, "is_proposed": True} for port in ("A", "B")
    ]
    assert number_occasions(frame(tables.OCCASIONS, rows)) == {}
    named = [row | {"is_proposed": None} for row in rows]
    assert number_occasions(frame(tables.OCCASIONS, named)) == {"A-1": 1, "B-1": 2}


def test_a_belief_that_replaced_another_stands_below_it():
    claims = by_hand.incident().bundle.claims.with_columns(
        said_utc_high=pl.when(claim_id="C04").then(by_hand.at(1)).otherwise("said_utc_high"),
        said_utc_low=pl.when(claim_id="C04").then(by_hand.at(1)).otherwise("said_utc_low"),
    )
    found = view(by_hand.with_bundle(claims=claims))
    (own,) = (item.question.statements for item in found.answers if item.question.question_id == "Q-CROSS")
    order = [item.claim_id for item in own]
    assert order.index("C02") < order.index("C04")


def test_what_was_replaced_is_listed_with_what_replaced_it_and_no_statement_twice(whole: AccountView):
    rows = [[cell.text for cell in row.cells] for row in whole.revisions.rows]
    assert rows[0][0] == "Closed at 22:30.; police"
    assert rows[0][2].startswith("Airspace closed")
    assert rows[0][3] == "Taken so by hotwash: one sayer told two things that exclude each other."
    assert rows[1][2] == "Czosnówka"
    assert len(rows) == 2


def test_a_remark_on_the_bundle_says_what_where_and_what_to_do(whole: AccountView):
    (row,) = whole.bundle_remarks.rows
    assert [cell.text for cell in row.cells] == [
        "E04 was known before it happened.",
        "events, E04, column known_utc",
        "Write told_as = forecast.",
    ]
    assert row.cells[1].href == "#events-E04"


def test_a_row_of_evidence_is_printed_once(html: str):
    words = plain_text(re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL))
    for said in ("What lay at Czosnówka.", "Event 4.", "Where drones were found", "Mean wind was 0 ± 30 km/h."):
        assert words.count(said) == 1


def test_a_long_list_of_evidence_is_named_under_the_first_statement_alone(html: str):
    assert "Rests on the same rows as “at least 10 crossings”, Prime Minister" in part(html, "known")


def test_the_annex_is_not_printed_unless_asked_for(whole: AccountView):
    assert 'id="print-annex">' in account_page.render(whole)
    assert 'id="print-annex" checked>' in account_page.render(whole, prints_annex=True)


# ---------------------------------------------------------------- the terminal


def printed(found: AccountView, *, is_full: bool = False) -> str:
    out = io.StringIO()
    console = Console(width=120, file=out, highlight=False)
    for one in terminal.account(found, is_full=is_full):
        console.print(Text.from_markup(one) if isinstance(one, str) else one)
    return out.getvalue()


def test_the_terminal_says_the_first_answers_and_what_was_closed(whole: AccountView):
    said = " ".join(printed(whole).split())
    for sentence in (
        "UNCLASSIFIED · Releasable to public",
        "Only the airspace over Chopin was closed. Likely. The answer rests on two independent lines.",
        "Warsaw Chopin (EPWA) was closed twice, 2 h 18 min to 2 h 30 min in all.",
        "29 statements: ",
        "1 row rejected, 1 text corrected.",
        "1 remark on the bundle: hotwash check explains them.",
    ):
        assert sentence in said
    assert "Statement C02" not in said
    assert "┃" not in said


def test_the_terminal_prints_every_answer_and_table_when_asked(whole: AccountView):
    said = " ".join(printed(whole, is_full=True).split())
    for sentence in (
        "Further questions",
        "States",
        "Closures",
        "Occasions",
        "How long",
        "How many",
        "What to ask whom",
        "Remarks on the bundle",
        "uncorroborated",
        "The finds bound the number from below only.",
    ):
        assert sentence in said


def test_states_are_said_in_the_terminal_where_nothing_adds_up():
    said = " ".join(printed(view(by_hand.answered(closures=by_hand.closures().clear()))).split())
    assert "Warsaw Chopin (EPWA): Closed until between 00:18 and 00:30." in said


@pytest.mark.parametrize("most", [2, 3, 6, 9, 25])
def test_a_brief_account_fits_and_cuts_no_sentence(most: int):
    found = view(by_hand.answered(conclusions=by_hand.conclusions(headlines=6)))
    lines = terminal.brief(found, most_lines=most)
    assert len(lines) <= most
    assert lines[0] == "Drones over Poland, night of 9-10 September 2025 (UNCLASSIFIED)"
    assert max(map(len, lines[1:])) <= terminal.WIDE
    assert lines[-1].endswith(".")


def test_a_brief_account_says_how_many_answers_it_left_out():
    found = view(by_hand.answered(conclusions=by_hand.conclusions(headlines=6)))
    assert terminal.brief(found, most_lines=4)[-1] == "4 more answers in the account."


def test_text_from_data_never_drives_the_terminal():
    driving = "\x1b]0;x\x07\x9b31mRED [bold]loud[/]"
    found = view(by_hand.with_text(driving))
    said = printed(found, is_full=True) + "\n".join(terminal.brief(found))
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", said)
    assert "[bold]loud[/]" in said


def test_page_text_and_terminal_give_the_same_answers(whole: AccountView, html: str, text: str):
    for said in (plain_text(html), text, " ".join(printed(whole, is_full=True).split())):
        for row in whole.answers:
            assert row.text in said


# ---------------------------------------------------------------- many closures


def closed_twice() -> Incident:
    """Return an incident of two closures, numbered, each with its own number of diversions."""
    named = {"subject_id": "EPWA", "state": "closed", "stretches": 1, "stages": ["closed", "open again"]}
    lengths = {f"{name}_min_{end}": 60.0 for name in ("span", "closed", "lost") for end in ("low", "high")}
    once = [named | lengths | {"occasion_id": f"EPWA-{n}", "rows": ["events:E04", "events:E05"]} for n in (1, 2)]
    both = named | lengths | {"stretches": 2, "stages": ["closed", "open", "closed"], "exceptions": ["events:E05"]}
    intervals = [
        {"name": "the first closure", "minutes": 60.0, "rows": ["events:E04", "events:E05"], "occasion_id": "EPWA-1"},
        {"name": "alarm to closing", "minutes": 60.0, "rows": ["events:E01", "events:E04"]},
    ]
    counts = [{"unit": "diversions", "occasion_id": f"EPWA-{n}", "low_90": n, "high_90": n, "rows": []} for n in (1, 2)]
    return by_hand.answered(
        closures=frame(tables.CLOSURES, [both, *once]),
        durations=frame(tables.DURATIONS, intervals),
        counts=frame(tables.COUNTS, [*counts, {"unit": "finds", "rows": []}]),
    )


def test_each_closure_of_one_aerodrome_is_a_row_under_it():
    rows = [[cell.text for cell in row.cells] for row in view(closed_twice()).closures.rows]
    assert [row[0] for row in rows] == ["Warsaw Chopin (EPWA)", "Occasion 1", "Occasion 2"]
    assert rows[0][1:] == ["1 h", "1 h; in two stretches", "1 h", "While closed: Airspace reopened, 07:30"]


def test_an_interval_that_is_the_length_of_a_closure_is_said_once():
    found = view(closed_twice())
    assert [row.cells[0].text for row in found.durations.rows] == ["Alarm to closing"]
    assert found.closures.rows[1].anchor == anchor("durations", "the first closure")


def test_numbers_of_single_occasions_stand_in_one_row_for_each_unit():
    found = view(closed_twice())
    assert [[cell.text for cell in row.cells] for row in found.occasion_counts.rows] == [
        ["Flights diverted", "occasion 1: 1 diversion; occasion 2: 2 diversions"]
    ]
    assert found.counts == ()
    for said in (account_page.render(found), markdown.render(found), printed(found, is_full=True)):
        assert "occasion 1: 1 diversion; occasion 2: 2 diversions" in said


def test_a_closure_that_still_runs_has_its_row_with_its_beginning():
    running = {"subject_id": "EPWA", "state": "closed", "occasion_id": "EPWA-2", "stretches": 1}
    least = {f"{name}_min_low": 0.0 for name in ("span", "closed", "lost")}  # no less than nothing: no length
    begun = datetime(2025, 9, 10, 4, 5, tzinfo=UTC)
    runs = {"from_utc_low": begun, "from_utc_high": begun, "from_rows": ["events:E04"], "is_graded": True}
    one = {"subject_id": "EPWA", "state": "closed", "occasion_id": "EPWA-2"} | runs
    found = view(
        by_hand.answered(
            closures=frame(tables.CLOSURES, [running | least | {"rows": ["events:E04"]}]),
            states=frame(tables.STATES, [one]),
        )
    )
    ((_, span, *_),) = [[cell.text for cell in row.cells] for row in found.closures.rows]
    assert span == "since 10 Sep 2025 06:05 (04:05 UTC); no reopening is told"


def test_an_aerodrome_has_its_whole_name_once_and_then_its_code():
    incident = by_hand.answered()
    code, name = incident.aerodromes.select("aerodrome_id", "name").row(0)
    whole = f"{name} ({code})"
    repeated = incident.conclusions.with_columns(answer=pl.lit(f"{whole} was closed"), against=pl.lit(f"open: {whole}"))
    made = build_view(replace(incident, conclusions=repeated), made_utc=by_hand.MADE)
    said = [text for answer in made.answers for text in (answer.text, answer.against) if text]
    assert said[:2] == [f"{whole} was closed.", f"Against it: Open: {code}."]
    assert set(said[2:]) <= {f"{code} was closed.", f"Against it: Open: {code}."}
