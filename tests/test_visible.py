"""Text from data is shown, never obeyed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotwash.errors import ReadError
from hotwash.visible import MOST_QUOTED, escape_json, has_unseen, make_visible, on_one_line, quote

HOSTILE = (
    "\x1b",
    "\x07",
    "\x7f",
    "\x9b",
    "\u202e",
    "\u2066",
    "\u200b",
    "\u200f",
    "\ufeff",
    "\u2028",
    "\u061c",
    "\ud800",
)


@pytest.mark.parametrize("letter", HOSTILE)
def test_a_letter_that_would_be_obeyed_is_written_out(letter: str):
    shown = make_visible(f"a{letter}b")
    assert shown == f"a{letter.encode('unicode_escape').decode()}b"
    assert has_unseen(letter)
    assert not has_unseen(shown)


def test_words_of_any_language_stay_as_they_are():
    words = "Świdnik, Київ, Ελλάδα, العربية, עברית, 日本語, naïve\n\t½ ± 3 °"
    assert make_visible(words) == words


@given(st.text())
def test_what_is_shown_is_one_line_that_can_be_written(text: str):
    shown = on_one_line(text)
    shown.encode()
    assert len(shown.splitlines()) <= 1


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_json_says_the_same_and_drives_nothing(text: str):
    written = escape_json(json.dumps(text, ensure_ascii=False))
    assert json.loads(written) == text
    assert not has_unseen(written)


@pytest.mark.parametrize(
    "value", ["x" * 5000, ["x"] * 5000, 10**5000, {"a": "b" * 5000}], ids=["text", "list", "int", "dict"]
)
def test_a_message_repeats_no_more_than_120_letters_of_a_value(value: object):
    assert len(quote(value)) < MOST_QUOTED + 40


def test_an_error_never_sends_what_it_quotes():
    said = str(ReadError("\x1b[2Jx.toml", place="key \u202ea\nb", why="is\x9b31m"))
    assert said == "\\x1b[2Jx.toml, key \\u202ea\\nb: is\\x9b31m"
