"""A review that is said to repeat those with whom it disagrees is remarked, with the way out."""

from __future__ import annotations

import pytest
from remarked import remarks

SOURCES = [
    {"source_id": "S1", "publisher": "The paper", "reliability": "C"},
    {"source_id": "S-BOARD", "publisher": "Review board", "reliability": "A"},
]
WITNESS = {"claim_id": "C1", "said_by": "Ferryman", "value": "present", "known_utc": "2026-05-13T08:00"}
BOARD = {
    "claim_id": "C2", "said_by": "Review board", "value": "absent", "source_id": "S-BOARD", "derived_from": "Ferryman",
    "weighs": "", "known_utc": "2026-06-13T08:00", "said_utc_high": "2026-06-13T08:00",
}  # fmt: skip


def told(*claims: dict[str, str]) -> list[str]:
    rows = [{"derived_from": "", "weighs": ""} | claim for claim in claims]
    found = remarks(sources=SOURCES, claims=rows)
    return [place for kind, place, _ in found if kind == "repeats_otherwise"]


@pytest.mark.parametrize("named", ["Ferryman", "ferryman", "C1", "S1"])
def test_it_is_remarked_however_the_witness_is_named(named: str):
    assert told(WITNESS, BOARD | {"derived_from": named}) == ["claims C2"]


@pytest.mark.parametrize(
    "changed",
    [
        {"derived_from": "", "weighs": "Ferryman"},
        {"derived_from": "unknown"},
        {"value": "present"},
        {"source_id": "S1"},
        {"occasion_id": "", "question_id": "Q-STATUS", "value": "closed"},
    ],
    ids=["weighs", "unknown", "says the same", "a poor page misquotes", "another question"],
)
def test_nothing_is_remarked_of_who_weighs_agrees_or_misquotes(changed: dict[str, str]):
    assert told(WITNESS, BOARD | changed) == []


def test_a_number_is_remarked_where_both_are_told_flatly_in_one_unit():
    counted = {"question_id": "Q-DIV", "value": "4", "relation": "exactly"}
    board = BOARD | counted | {"value": "3"}
    assert told(WITNESS | counted, board) == ["claims C2"]
    assert told(WITNESS | counted, board | {"relation": "at_least"}) == []
