"""Conclusions of whatever rows there are: sentences that a reader can print, and quickly."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import by_hand
import concluding
from concluding import at, claim, conclusions, event, find, number, question, sighting, state
from hypothesis import given, settings
from hypothesis import strategies as st

from hotwash.claims import bounds
from hotwash.incident.conclusions import ANSWERERS, conclude
from hotwash.model import tables, words
from hotwash.model.incident import Incident
from hotwash.model.questions import COUNT_UNITS, QUESTION_KINDS
from hotwash.model.schema import drift

IN_GOOD_TIME_S = 0.3
SPEAKERS = ("Tower", "Police", "Airport", "Newspaper")
TIMES = ("18:30", "20:26", "20:30", "23:59", "00:20", "04:10")
UNITS = tuple(COUNT_UNITS)

# What no sentence may hold: a word of the code, a missing value, one thing in the plural.
CODE_WORD = re.compile(r"\b(?!E-|C-|S-)[a-z]+_[a-z_]+\b")
MISSING = re.compile(r"\b(None(?! of| was| is)|nan|inf|null)\b|\{|\}")
ONE_OF_MANY = re.compile(
    r"(?<![\d\u202f.,–])\b1 (flights|finds|airframes|crossings|sightings|statements|observers|times)\b"
)

SUBJECTS = {"time": "aerodrome_closed", "duration": "closure of EDDV", "status": "EDDV", "identity": "F0"}
KINDS = ("aerodrome_closed", "aerodrome_reopened", "landing")

speakers = st.sampled_from(SPEAKERS)
times = st.sampled_from(TIMES)
verdicts = st.sampled_from(words.VERDICTS)
relations = st.sampled_from(words.RELATIONS)


def value_of(kind: str) -> st.SearchStrategy[str | None]:
    """Return values that a claim of a kind may hold."""
    if kind == "time":
        return times.map(lambda text: f"{at(text):%Y-%m-%dT%H:%M:%SZ}")
    if kind == "count":
        return st.one_of(st.integers(0, 60).map(str), st.sampled_from(tuple(words.NUMBER_WORDS)))
    if kind in ("range", "duration"):
        return st.one_of(st.none(), st.integers(0, 800).map(str))
    answers = tuple(QUESTION_KINDS[kind].answers) or (*words.OBJECT_KINDS, "it was the wind", "a kite")
    return st.sampled_from(answers)


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Draw questions of every kind and a few rows of every table."""
    kinds = draw(st.lists(st.sampled_from(tuple(QUESTION_KINDS)), min_size=1, max_size=4))
    asked, claims = [], []
    for place, kind in enumerate(kinds):
        subject = SUBJECTS.get(kind)
        unit = draw(st.sampled_from(UNITS)) if kind == "count" else (QUESTION_KINDS[kind].units or (None,))[0]
        asked.append(question(kind, question_id=f"Q{place}", subject_id=subject, unit=unit))
        for n in range(draw(st.integers(0, 4))):
            value, relation = draw(value_of(kind)), draw(relations) if QUESTION_KINDS[kind].is_number else "exactly"
            row = claim(value, draw(speakers), draw(verdicts), claim_id=f"C{place}{n}", question_id=f"Q{place}")
            row |= {"relation": relation, "value_high": value if relation == "between" else None, "unit": unit}
            claims.append(row | {"derived_from": draw(st.sampled_from([[], ["Police"], ["unknown"]]))})
    told = [
        event(draw(st.sampled_from(KINDS)), draw(st.none() | times), draw(speakers), event_id=f"E{n}")
        for n in range(draw(st.integers(0, 4)))
    ]
    told += [
        number(
            draw(st.sampled_from(("diversion", "cancellation", "costs_eur"))),
            draw(st.integers(0, 60)),
            draw(speakers),
            event_id=f"N{n}",
            relation=draw(st.none() | relations.filter(lambda word: word != "between")),
            is_running=draw(st.booleans()),
            subject_id=draw(st.sampled_from((None, "EDDV", "EDDW"))),
        )
        for n in range(draw(st.integers(0, 4)))
    ]
    states = [
        state(
            draw(st.sampled_from(words.STATES)),
            draw(st.none() | times),
            draw(st.none() | times),
            part=draw(st.sampled_from((None, "09L"))),
        )
        for _ in range(draw(st.integers(0, 4)))
    ]
    sightings = [
        sighting(str(n), explained=draw(st.none() | st.sampled_from(words.EXPLANATIONS)), nothing=draw(st.booleans()))
        for n in range(draw(st.integers(0, 4)))
    ]
    finds = [
        find(f"F{n}", draw(st.none() | st.floats(0.0, 1.0)), draw(st.sampled_from(words.OBJECT_KINDS)))
        for n in range(draw(st.integers(0, 2)))
    ]
    low, width = draw(st.none() | st.integers(0, 20)), draw(st.integers(0, 9))
    counts = [
        {
            "unit": unit,
            "low_90": low,
            "high_90": None if low is None else low + width,
            "mean": draw(st.none() | st.just(3.0)),
            "rows": [],
        }
        for unit in draw(st.sets(st.sampled_from(UNITS), max_size=3))
    ]
    lengths = [None, *map(float, (0, 1, 85, 1500))]
    length = {name: draw(st.sampled_from(lengths)) for name in ("minutes", "low", "high")}
    durations = [{"name": "closure of EDDV", "rows": [], **length}]
    rows = {"claims": claims, "events": told, "states": states, "sightings": sightings, "finds": finds}
    hours = draw(st.sampled_from((14.0, 60.0)))
    return asked, {**rows, "counts": counts, "durations": durations, "hours": hours}


@settings(max_examples=60, deadline=None)
@given(cases())
def test_any_case_has_conclusions_whose_sentences_can_be_printed(case: tuple[list[dict[str, Any]], dict[str, Any]]):
    asked, rows = case
    found = conclusions(*asked, **rows)
    assert drift(found, tables.CONCLUSIONS) == []
    assert {row["question_id"] for row in asked} <= set(found["question_id"].to_list())
    assert sorted(found["rank"].to_list()) == list(range(1, found.height + 1))
    for row in found.to_dicts():
        for text in filter(None, (row["answer"], row["against"])):
            assert is_printable(text), text
            assert text.endswith("."), text
        assert all(is_printable(row[name] or "") for name in ("how_sure", "discriminator", "ask"))
        assert (row["discriminator"] is None) == (row["ask"] is None)
        assert row["ask"] != ""
        assert row["standing"] in words.STANDINGS_OF_ANSWERS


def is_printable(text: str) -> bool:
    bad = CODE_WORD.search(text) or MISSING.search(text) or ONE_OF_MANY.search(text)
    return not bad and "  " not in text and ".." not in text


def concluded(incident: Incident) -> Any:
    """Return CONCLUSIONS of an incident."""
    bundle = incident.bundle
    return conclude(
        bundle,
        bounded_claims=bounds.bound_claims(bundle),
        findings=incident.findings,
        counts=incident.counts,
        durations=incident.durations,
        states=incident.states,
        closures=incident.closures,
        contradictions=incident.contradictions,
        aerodromes=incident.aerodromes,
    )


def test_the_incident_made_by_hand_has_one_conclusion_a_question():
    incident = by_hand.incident()
    found = concluded(incident)
    assert sorted(found["question_id"].to_list()) == sorted(incident.bundle.questions["question_id"].to_list())
    assert all(is_printable(text) for text in found["answer"].to_list())


def test_every_kind_of_question_has_one_answerer():
    assert sorted(ANSWERERS) == sorted(QUESTION_KINDS)


def test_a_thousand_claims_on_sixty_questions_are_concluded_in_good_time():
    kinds = tuple(QUESTION_KINDS)
    asked = [
        question(kinds[n % len(kinds)], question_id=f"Q{n}", unit="diversions", subject_id="aerodrome_closed")
        for n in range(60)
    ]
    value = {"time": "2026-05-12T18:26:00Z", "status": "closed", "presence": "present"}
    claims = [
        claim(
            value.get(kinds[n % 60 % len(kinds)], str(n % 40)),
            f"Speaker {n % 90}",
            question_id=f"Q{n % 60}",
            claim_id=f"C{n}",
            source_id=f"S{n % 50}",
        )
        for n in range(1000)
    ]
    occasions = [{"occasion_id": f"O{n}", "kind": "closure"} for n in range(40)]
    events = [
        event(
            "aerodrome_closed",
            "20:26",
            f"Speaker {n % 90}",
            event_id=f"E{n}",
            occasion_id=f"O{n % 40}",
            value=float(n % 7),
            start_utc=at("20:26") + timedelta(minutes=n),
        )
        for n in range(300)
    ]
    states = [state("closed", "20:26", "21:00", occasion_id=f"O{n}") for n in range(40)]
    conclusions(*asked[:1])  # loading is not counted
    case = {"claims": claims, "events": events, "occasions": occasions, "states": states}
    seconds = []
    for _ in range(3):
        rows = concluding.tables_of(*asked, **case)
        began = time.process_time()
        assert conclude(**rows).height == 61
        seconds.append(time.process_time() - began)
    assert min(seconds) < IN_GOOD_TIME_S
