"""Words of the command line that were renamed keep working for a version, and a note tells the new ones."""

from __future__ import annotations

from hotwash.cli.renamed import with_current_words


def test_a_renamed_option_is_taken_with_a_note():
    words, notes = with_current_words(["attempt", "bperp", "--beside", "2", "--seeds=1:2"])
    assert words == ["attempt", "bperp", "--jobs", "2", "--seeds=1:2"]
    assert notes == ["--beside is now --jobs; the old word works until the next version."]


def test_a_renamed_option_may_hold_its_value_behind_an_equals_sign():
    words, _ = with_current_words(["validate", "L-1", "--field=event.json"])
    assert words == ["validate", "L-1", "--real-event=event.json"]


def test_a_renamed_command_is_taken_with_a_note():
    words, notes = with_current_words(["objective", "name", "warn-sooner", "--subject", "procedure:name"])
    assert words == ["objective", "plan", "warn-sooner", "--subject", "procedure:name"]
    assert notes == ["objective name is now objective plan; the old word works until the next version."]


def test_the_same_words_of_other_commands_stay():
    words = ["objective", "show", "name"]
    assert with_current_words(words) == (words, [])
