"""A history cannot be changed unseen; what only another place can tell is told by a head that is kept there."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moves import REPORTER, come_to

from hotwash.errors import LessonError
from hotwash.lessons import history, json_values


def entries(stage: str = "learned") -> list[dict[str, Any]]:
    return [dict(json_values.plain(entry)) for entry in come_to(stage).history]


def test_a_history_that_nobody_touched_holds():
    assert history.faults("L-1", entries()) == ()


def test_the_hash_is_sha_256_over_canonical_json():
    (entry,) = entries("submitted")
    told = {name: value for name, value in entry.items() if name != "sha256"} | {"lesson_id": "L-1"}
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert entry["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert entry["before"] == "0" * 64


@given(at=st.integers(0, 9), name=st.sampled_from(sorted(set(entries("submitted")[0]) - {"number"})))
def test_any_change_of_any_field_is_found(at: int, name: str):
    spoilt = entries()
    value = spoilt[at][name]
    spoilt[at][name] = [*value, "x"] if isinstance(value, list) else f"{value}x"
    assert history.faults("L-1", spoilt)


@given(at=st.integers(0, 8))
def test_a_dropped_entry_is_found(at: int):
    spoilt = entries()
    del spoilt[at]
    assert history.faults("L-1", spoilt)


@given(at=st.integers(0, 9), to=st.integers(0, 9), renumber=st.booleans())
def test_entries_in_another_order_are_found(at: int, to: int, renumber: bool):
    spoilt = entries()
    spoilt.insert(to, spoilt.pop(at))
    if renumber:
        spoilt = [entry | {"number": number} for number, entry in enumerate(spoilt)]
    assert bool(history.faults("L-1", spoilt)) == (at != to)


@given(at=st.integers(0, 9), seal=st.booleans())
def test_an_inserted_entry_is_found_even_with_a_hash_of_its_own(at: int, seal: bool):
    spoilt = entries()
    extra = spoilt[at] | {"why": "put in"}
    if seal:
        extra["sha256"] = history.hash_entry("L-1", extra)
    spoilt.insert(at, extra)
    spoilt = [entry | {"number": number} for number, entry in enumerate(spoilt)]
    assert history.faults("L-1", spoilt)


def test_a_history_cannot_be_passed_to_another_lesson():
    assert history.faults("L-2", entries())


def test_an_end_that_was_cut_off_is_found_by_a_head_from_another_place():
    whole = entries()
    head = {"number": 9, "sha256": whole[9]["sha256"]}
    assert history.find_missing_entry("L-1", whole, **head) is None
    assert not history.faults("L-1", whole[:7])
    found = history.find_missing_entry("L-1", whole[:7], **head)
    assert found is not None
    assert found.why == "it had 10 entries earlier and now has 7: its end was cut off"


def test_a_history_that_was_made_anew_is_found_by_a_head_from_another_place():
    found = history.find_missing_entry("L-1", entries(), number=9, sha256="f" * 64)
    assert found is not None
    assert "rewritten" in found.why


def test_no_entry_holds_the_reporter():
    text = json_values.canonical([json_values.plain(entry) for entry in come_to("learned").history])
    assert REPORTER not in text


@pytest.mark.parametrize("changes", [{"originator_id": "P-1"}, {"lesson_id": "L-2"}])
def test_no_entry_can_set_what_is_kept_apart(changes: dict[str, str]):
    with pytest.raises(LessonError, match="cannot be set"):
        history.check_changes(changes, thing="lesson")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@settings(deadline=None)
@given(JSON)
def test_canonical_json_is_the_same_after_a_round(value: Any):
    text = json_values.canonical(value)
    assert json_values.canonical(json.loads(text)) == text


def test_a_number_that_json_lacks_is_refused():
    with pytest.raises(LessonError, match="finite"):
        json_values.canonical(float("nan"))
