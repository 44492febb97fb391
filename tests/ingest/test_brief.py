"""incident.toml: a slip is refused with the key at fault and the way out."""

from __future__ import annotations

import pytest
from bundles import HEAD, read

from hotwash.errors import BundleError


def head(old: str = "", new: str = "") -> str:
    """Return the usual head with one thing changed; without `old`, with something before it."""
    assert old in HEAD
    return HEAD.replace(old, new, 1) if old else new + HEAD


QUESTION = '\n[[questions]]\nquestion_id = "Q-D"\ntext = "?"\n'
INTERVAL = '\n[[intervals]]\nname = "night"\nfrom = "a"\nto = "b"\n'


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (head('"hotwash-bundle/1"', '"hotwash-bundle/9"'), "format: is 'hotwash-bundle/9'; this version reads"),
        (head("title =", "title"), "is not valid TOML: .*line 2"),
        (head("", "a = " + "[" * 100_000), "brackets are nested more than 64 deep"),
        (head("", f"a = {'9' * 5000}\n"), "is not valid TOML"),
        (head("", 'zome = "Europe/Warsaw"\n'), "zome: is not a known key; did you mean zone?"),
        (head("", "xyzzy = 1\n"), "xyzzy: is not a known key; choose from format, title"),
        (head('"Lights over the river"', "7"), "title: must be text in quotation marks"),
        (head('"Lights over the river"', '" "'), "title: is missing"),
        (head("is_synthetic = true", 'is_synthetic = "yes"'), "is_synthetic: must be true or false"),
        (head('["EPWA", "EPLB"]', '"EPWA"'), "aerodromes: must be a list of texts"),
        (head('["EPWA", "EPLB"]', '["EPWA", "EPWA"]'), "aerodromes: 'EPWA' appears twice"),
        (head('["EPWA", "EPLB"]', '["EPWW"]'), "aerodromes, 'EPWW': no aerodrome of that code is known; did you mean"),
        (head("2025-09-09T20:00:00Z", "2025-09-09T20:00:00"), "window_start_utc: has no zone; write 2025-"),
        (head("2025-09-09T20:00:00Z", '"2025-09-31T20:00Z"'), "window_start_utc: there is no 31 September 2025"),
        (head("2025-09-09T20:00:00Z", "2025-09-31T20:00:00Z"), "is not valid TOML"),
        (head("2025-09-09T20:00:00Z", "2025"), "window_start_utc: is not a time"),
        (head("window_start_utc = 2025-09-09T20:00:00Z", ""), "window_start_utc: is missing"),
        (head("2025-09-09T20:00:00Z", "0001-01-01T00:00:00+02:00"), "window_start_utc: .* outside the calendar"),
        (head("2025-09-10T10:00:00Z", "2025-09-09T10:00:00Z"), "window_end_utc: the window ends before it begins"),
        (head("Europe/Warsaw", "Europe/Warschau"), "zone: unknown time zone 'Europe/Warschau'"),
        (head("Europe/Warsaw", "../../etc/passwd"), "zone: unknown time zone"),
        (head('"count"', '"counts"'), r"\[\[questions\]\] number 1, kind: .*did you mean 'count'?"),
        (head('"crossings"', '"crosings"'), "question Q-N: unit is 'crosings'; did you mean 'crossings'?"),
        (head('"Q-R"', '"Q-N"'), r"\[\[questions\]\] number 2: question_id 'Q-N' appears twice"),
        (head('question_id = "Q-R"', ""), r"\[\[questions\]\] number 2, question_id: .*every row needs it"),
        (head('kind = "range"', 'kind = "range"\nabuot_fraction = 0.1'), "did you mean about_fraction?"),
        (head('kind = "range"', 'kind = "range"\nabout_fraction = "a tenth"'), "about_fraction: must be a number"),
        (head('kind = "range"', 'kind = "range"\nabout_fraction = nan'), "about_fraction: 'nan' is not a number"),
        (head('kind = "range"', 'kind = "range"\nabout_fraction = true'), "about_fraction: must be a number"),
        (head('text = "How far can it fly?"', 'text = ["How"]'), "text: must be text"),
        (head('text = "How far can it fly?"', "text = 2025-09-09"), "text: must be text"),
        (head('kind = "range"', 'kind = "range"\nknown_utc = 2025-09-09T00:00:00'), "known_utc: has no zone"),
        (head("", "questions = 3\n").replace("[[questions]]", "[[assumptions]]"), "must be written as .*blocks"),
        (head("", 'occurrence = "night"\n'), r"occurrence: must be written as an \[occurrence\] block"),
        (HEAD + '[occurrence]\nutc_date = "2025-09-09"\n', r"\[occurrence\] utc_date: must be a date without"),
        (HEAD + '[occurrence]\nheadlien = "x"\n', r"\[occurrence\] headlien: .*did you mean headline?"),
        (HEAD + '[[intervals]]\nname = "x"\nfrom = "a"\n', r"\[\[intervals\]\] number 1, to: is missing"),
        (HEAD + INTERVAL + INTERVAL, "name 'night' appears twice"),
        (HEAD + QUESTION + 'kind = "duration"\nunit = "min"\nsubject_id = "day"\n', "add it under"),
        (HEAD + INTERVAL + QUESTION + 'kind = "duration"\nunit = "min"\nsubject_id = "nigth"\n', "mean 'night'?"),
    ],
)
def test_a_slip_is_refused_with_its_key(changed: str, says: str):
    with pytest.raises(BundleError, match=rf"^incident\.toml.*{says}"):
        read(head=changed)


def test_bytes_that_are_no_utf_8_are_refused():
    with pytest.raises(BundleError, match="save it as UTF-8"):
        read(head=HEAD.encode() + b"# \xb3")


def test_a_head_in_utf_16_with_line_ends_of_windows_is_read():
    assert read(head=HEAD.replace("\n", "\r\n").encode("utf-16")).brief.title == "Lights over the river"


def test_a_bare_date_says_when_a_question_became_known():
    found = read(head=head('kind = "range"', 'kind = "range"\nknown_utc = 2025-09-09'))
    assert found.questions["known_utc"][1].isoformat() == "2025-09-10T00:00:00+00:00"
