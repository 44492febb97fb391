"""One rule for ids, wherever they come in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotwash.model.ids import fault_of_id, file_stem


@pytest.mark.parametrize("good", ["L-WARN-SOONER", "watch-night.2", "Übung 7", "p_1", "7", "x" * 120, "COMET", "nul-1"])
def test_a_plain_id_is_taken(good: str):
    assert fault_of_id(good) == ""
    assert file_stem(good) == good


@pytest.mark.parametrize(
    "bad",
    ["", " ", "../x", "/etc/x", "a\\b", "C:x", "a\nb", "a\tb", "a\u2028b", "a\u202eb", "a\u200bb", "a\x1b", "a\x85b",
     "CON", "nul.txt", "com1", "LPT9 .log", " a", "a ", "a.", ".a", "-a", "x" * 121, "a?", "a*", "\ud800"],
)  # fmt: skip
def test_what_is_no_name_everywhere_is_no_id(bad: str):
    assert fault_of_id(bad)


@given(st.text())
def test_a_file_named_after_any_id_stays_in_its_folder(text: str):
    stem = file_stem(text)
    assert not fault_of_id(stem)
    assert "/" not in stem
