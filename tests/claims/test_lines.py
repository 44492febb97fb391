"""Independent lines: who repeats whom, and that nobody is supported by their own word."""

from __future__ import annotations

from itertools import product
from math import prod

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from laid_out import account, at, bundle, claim, event, find, question

from hotwash.claims.lines import UNKNOWN, Ancestry, Line, fold
from hotwash.model import schema, tables
from hotwash.model.incident import Interval

NAMES = ("ministry", "police", "paper", "unknown")
SOURCES = ("S1", "S2", "S3")


def is_independent(line, claim):
    """Tell whether a line traces back neither to the claim's speaker, nor to whom they repeat, nor to their source."""
    return (
        UNKNOWN not in line.voices
        and line.source_id != claim.source_id
        and fold(claim.sayer) not in line.voices
        and not (line.voices & (claim.voices - {UNKNOWN}))
    )


def ancestry(*claims):
    rows = [{**claim(1), "claim_id": f"C{n}", **row} for n, row in enumerate(claims)]
    return Ancestry(schema.frame(tables.CLAIMS, rows))


def said(by, *derived, source="S1", **more):
    return {"said_by": by, "source_id": source, "derived_from": list(derived), **more}


def test_another_speaker_in_another_source_is_independent():
    found = ancestry(said("ministry"))
    assert is_independent(found.line("police", "S2"), found.of_claim("C0"))


@pytest.mark.parametrize(("by", "source"), [("ministry", "S2"), ("police", "S1"), (" MINISTRY  ", "S2")])
def test_the_speaker_and_the_source_of_a_claim_are_not_independent_of_it(by, source):
    found = ancestry(said("Ministry"))
    assert not is_independent(found.line(by, source), found.of_claim("C0"))


def test_names_are_compared_without_regard_to_case_and_spaces():
    assert fold("  Ministry of   the INTERIOR ") == fold("ministry of the interior")


def test_a_line_that_repeats_the_speaker_is_not_independent():
    found = ancestry(said("ministry"), said("paper", "Ministry", source="S2"))
    assert not is_independent(found.line("paper", "S2"), found.of_claim("C0"))


def test_a_claim_is_not_supported_by_the_voice_that_it_repeats():
    found = ancestry(said("paper", "police"))
    assert not is_independent(found.line("police", "S2"), found.of_claim("C0"))


def test_two_that_repeat_one_voice_are_not_independent_of_each_other():
    found = ancestry(said("paper", "agency"), said("radio", "agency", source="S2"))
    assert not is_independent(found.line("radio", "S2"), found.of_claim("C0"))


def test_repetition_is_followed_through_claims():
    found = ancestry(said("ministry"), said("agency", "C0", source="S2"), said("paper", "C1", source="S3"))
    assert found.of_claim("C2").voices == {"paper", "agency", "ministry"}


def test_repetition_is_followed_through_speakers_on_the_same_question():
    # The paper names the agency; that the agency had it from the ministry stands in the agency's own claim.
    found = ancestry(said("agency", "ministry", source="S2"), said("paper", "agency", source="S3"))
    assert found.of_claim("C1").voices == {"paper", "agency", "ministry"}


def test_what_a_speaker_repeats_on_another_question_is_another_matter():
    found = ancestry(said("agency", "ministry", source="S2", question_id="Q2"), said("paper", "agency", source="S3"))
    assert found.of_claim("C1").voices == {"paper", "agency"}


def test_a_circle_of_repetition_ends():
    found = ancestry(said("a", "C1"), said("b", "C0", source="S2"))
    assert found.of_claim("C0").voices == found.of_claim("C1").voices == {"a", "b"}


def test_a_chain_of_two_thousand_repetitions_is_followed_to_its_end():
    links = [said("first"), *(said(f"teller {n}", f"C{n - 1}", question_id=f"Q{n}") for n in range(1, 2000))]
    found = Ancestry(schema.frame(tables.CLAIMS, [{**claim(1), "claim_id": f"C{n}", **r} for n, r in enumerate(links)]))
    assert "first" in found.of_claim("C1999").voices


def test_an_unknown_voice_makes_nobody_an_independent_line():
    found = ancestry(said("ministry"), said("paper", "Unknown", source="S2"))
    assert not is_independent(found.line("paper", "S2"), found.of_claim("C0"))


def test_a_claim_from_an_unknown_voice_may_still_be_supported_by_others():
    found = ancestry(said("paper", "unknown"))
    assert is_independent(found.line("police", "S2"), found.of_claim("C0"))


def test_sayers_and_sources_are_paired_in_order():
    rows = ancestry(said("x")).of_rows([{"said_by": ["a", "b"], "source_id": ["S1", "S2", "S3"]}])
    assert rows.words == ("a (S1)", "b (S2)", "b (S3)")


def test_a_row_that_names_only_its_source_has_the_source_as_its_voice():
    rows = ancestry(said("x")).of_rows([{"said_by": None, "source_id": "S1"}, {"said_by": [], "source_id": []}])
    assert [(line.sayer, line.source_id) for line in rows.lines] == [("S1", "S1")]


LINES = st.builds(
    lambda sayer, source, voices: Line(sayer, source, frozenset({fold(sayer), *voices})),
    st.sampled_from(NAMES),
    st.sampled_from(SOURCES),
    st.sets(st.sampled_from(NAMES)),
)
TOLD = st.lists(
    st.fixed_dictionaries(
        {
            "said_by": st.lists(st.sampled_from(NAMES), max_size=3),
            "source_id": st.lists(st.sampled_from(SOURCES), max_size=3),
        }
    ),
    max_size=6,
)


@given(TOLD, LINES)
def test_lines_found_at_once_are_those_found_one_by_one(rows, against):
    found = ancestry(said("paper", "police"), said("ministry", source="S2")).of_rows(rows)
    one_by_one = [
        any(
            is_independent(found.lines[line], against)
            for owner, line in zip(found.owner, found.line, strict=True)
            if owner == n
        )
        for n in range(len(rows))
    ]
    assert found.independent_of(against).tolist() == one_by_one


# ---------------------------------------------------------------- no support on one's own word, computed naively

PEOPLE = ("ministry", "Police", "paper ", "mayor")
DERIVED = st.lists(st.sampled_from((*PEOPLE, "unknown", "C0", "C1")), max_size=2)
CHANCES = st.sampled_from((0.0, 0.3, 0.9, 0.97, 1.0))


@st.composite
def laid(draw):
    kinds = draw(st.sampled_from(("finds", "airframes", "crossings")))
    claims = [
        claim(
            draw(st.integers(0, 5)),
            draw(st.sampled_from(("exactly", "at_least", "at_most", "more_than", "less_than"))),
            by=draw(st.sampled_from(PEOPLE)),
            source=draw(st.sampled_from(SOURCES)),
            derived_from=draw(DERIVED),
            said=draw(st.sampled_from((30.0, 300.0))),
        )
        for _ in range(draw(st.integers(2, 4)))
    ]
    finds = [
        find(
            f"F{n}",
            draw(CHANCES),
            by=draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2)),
            source=draw(st.lists(st.sampled_from(SOURCES), min_size=1, max_size=2)),
            assigned_by=draw(st.sampled_from(("Assessor", "ministry"))),
            found_utc_high=draw(st.sampled_from((None, at(10), at(100)))),
        )
        for n in range(draw(st.integers(0, 6)))
    ]
    crossed = [{"assumption_id": "A-CROSSED", "text": "Each crossed."}]
    return bundle([question("count", kinds)], claims, finds=finds, assumptions=crossed)


def voices_of(row, claims):
    """Follow repetition step by step until nothing new is found."""
    found, names, grown = {fold(row["said_by"])}, set(row["derived_from"] or ()), True
    while grown:
        before = (len(found), len(names))
        for other in claims:
            if other["claim_id"] in names or fold(other["said_by"]) in {fold(name) for name in names}:
                found.add(fold(other["said_by"]))
                names |= set(other["derived_from"] or ())
        found |= {fold(name) for name in names if name not in {other["claim_id"] for other in claims}}
        grown = before != (len(found), len(names))
    return found


def own_lines(sayer, source, claims):
    told = [row for row in claims if fold(row["said_by"]) == fold(sayer) and row["source_id"] == source]
    return {fold(sayer)}.union(*(voices_of(row, claims) for row in told)) if told else {fold(sayer)}


def is_free(row, said_claim, claims):
    mine = voices_of(said_claim, claims)
    if fold(row["assigned_by"]) in mine - {"unknown"}:
        return False
    sayers, sources = row["said_by"], row["source_id"]
    for n in range(max(len(sayers), len(sources))):
        sayer, source = sayers[min(n, len(sayers) - 1)], sources[min(n, len(sources) - 1)]
        theirs = own_lines(sayer, source, claims)
        if source != said_claim["source_id"] and "unknown" not in theirs and not theirs & (mine - {"unknown"}):
            return True
    return False


def holds(number, said_claim):
    value = int(said_claim["value"])
    return {
        "exactly": number == value,
        "at_least": number >= value,
        "at_most": number <= value,
        "more_than": number > value,
        "less_than": number < value,
    }[said_claim["relation"]]


@given(laid())
@settings(max_examples=150, deadline=None)
def test_every_supported_count_holds_with_0_90_on_independent_finds_alone(incident):
    claims, finds = incident.claims.to_dicts(), incident.finds.to_dicts()
    for finding in account(incident).findings.to_dicts():
        if (finding["verdict_on_merits"] or finding["verdict"]) != "supported":
            continue
        said_claim = next(row for row in claims if row["claim_id"] == finding["claim_id"])
        free = [row for row in finds if is_free(row, said_claim, claims)]
        chances = [row["probability_find"] for row in free]
        total = sum(
            prod(p if hit else 1.0 - p for p, hit in zip(chances, outcome, strict=True))
            for outcome in product((0, 1), repeat=len(chances))
            if holds(sum(outcome), said_claim)
        )
        assert finding["independent_lines"], "at least one line is independent"
        assert total >= 0.90 - 1e-9
        assert finding["probability"] <= total + 1e-9


@pytest.mark.parametrize("kind", ["status", "time", "duration"])
def test_no_event_that_only_the_speaker_tells_supports_a_claim(kind):
    told = [
        event("aerodrome_closed", 60.0, subject_id="EPAA", by="Speaker", source="S-RADIO"),
        event("aerodrome_reopened", 90.0, subject_id="EPAA", by="Speaker", source="S-RADIO"),
    ]
    subject = {"status": "EPAA", "time": "aerodrome_closed", "duration": "closure"}[kind]
    value = {"status": "closed", "time": "2026-03-12T21:00:00Z", "duration": "30"}[kind]
    spans = [Interval("closure", "aerodrome_closed", "aerodrome_reopened")]
    laid_out = bundle([question(kind, subject_id=subject)], [claim(value, said=75)], events=told, intervals=spans)
    assert account(laid_out).findings["verdict"].to_list() == ["uncorroborated"]
    theirs = bundle(
        [question(kind, subject_id=subject)], [claim(value, by="Other", said=75)], events=told, intervals=spans
    )
    assert account(theirs).findings["verdict"].to_list() == ["supported"]


def test_the_lines_of_a_finding_are_listed_in_order():
    rows = [find("F1", 1.0, by=["Zoe", "Amy"], source=["S1", "S2"], assigned_by=None)]
    found = account(bundle([question("count", "airframes")], [claim(1, "at_least")], finds=rows)).findings
    assert found["independent_lines"].to_list() == [["Amy (S2)", "Zoe (S1)"]]
    assert found.schema["independent_lines"] == pl.List(pl.String())
