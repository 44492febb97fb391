"""[occurrence] in incident.toml: every slip is named with its key, all of them at once."""

from __future__ import annotations

from datetime import date

import pytest
from bundles import HEAD, read

from hotwash.errors import BundleError
from hotwash.model.occurrence import AircraftInvolved, Occurrence


def block(lines: str) -> Occurrence:
    return read(head=f"{HEAD}\n[occurrence]\n{lines}\n").brief.occurrence


def test_a_block_of_the_first_version_is_read_as_before():
    lines = 'headline = "Lights"\nstate_area = "Poland"\nutc_date = 2025-09-09\ncategory = "UAS"\nfile_number = "7/25"'
    assert block(lines) == Occurrence(
        headline="Lights", state_area="Poland", utc_date=date(2025, 9, 9), category=("UAS",), file_number="7/25"
    )


def test_a_field_that_repeats_takes_one_text_or_a_list():
    assert block('category = ["SEC", " OTHR ", ""]').category == ("SEC", "OTHR")
    assert block('category = "SEC"').category == ("SEC",)
    assert block('category = ""').category == ()


def test_each_aircraft_is_a_block():
    found = block(
        '[[occurrence.aircraft]]\nregistration = "SP-LRA"\n[[occurrence.aircraft]]\nmake_model = "unknown"\n'
        'fatal_on_board = 0\nserious_on_board = "unknown"'
    )
    assert found.aircraft == (
        AircraftInvolved(registration="SP-LRA"),
        AircraftInvolved(make_model="unknown", fatal_on_board=0, serious_on_board="unknown"),
    )


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("headline = 7", r"\[occurrence\] headline: must be text in quotation marks$"),
        ('headlien = "x"', r"\[occurrence\] headlien: is not a known key; did you mean headline\?$"),
        (
            "xyzzy = 1",
            r"\[occurrence\] xyzzy: is not a known key; choose from headline, responsible_entity, file_number",
        ),
        ('registration = "x"', r"registration: is not a known key; it belongs under \[\[occurrence\.aircraft\]\]$"),
        ("utc_date = 2025-09-09T00:00:00Z", r"utc_date: must be a date without quotation marks: 2025-09-09$"),
        ("category = 7", r'category: must be a text, or a list of texts: \["SEC", "OTHR"\]$'),
        ('category = ["SEC", 7]', r"category: must be a text, or a list of texts"),
        ('category = ["SEC", "SEC"]', r"category: names a value twice; keep one of them$"),
        ('weather_relevant = "Yes"', r"weather_relevant: is 'Yes'; did you mean 'yes'\?$"),
        ('weather_relevant = "fog"', r"weather_relevant: is 'fog'; use one of yes, no, unknown$"),
        ("fatal_on_ground = -1", r'fatal_on_ground: must be a whole number of 0 or more, or "unknown"$'),
        ("fatal_on_ground = true", r"fatal_on_ground: must be a whole number"),
        ("fatal_on_ground = 1.5", r"fatal_on_ground: must be a whole number"),
        ('fatal_on_ground = "none"', r"fatal_on_ground: must be a whole number"),
        ("aircraft = 3", r"\[occurrence\] aircraft: must be written as \[\[occurrence\.aircraft\]\] blocks$"),
        ("[occurrence.aircraft]", r"aircraft: must be written as \[\[occurrence\.aircraft\]\] blocks$"),
        (
            '[[occurrence.aircraft]]\n[[occurrence.aircraft]]\nregistraton = "x"',
            r"\[\[occurrence\.aircraft\]\] number 2, registraton: is not a known key; did you mean registration\?$",
        ),
        ('[[occurrence.aircraft]]\nlocation = "x"', r"location: is not a known key; it belongs under \[occurrence\]$"),
    ],
)
def test_a_slip_is_refused_with_its_key_and_the_way_out(lines: str, says: str):
    with pytest.raises(BundleError, match=says):
        block(lines)


def test_all_slips_of_the_block_are_named_at_once():
    with pytest.raises(BundleError) as refused:
        block('headlien = "x"\nutc_date = "9 September"\n[[occurrence.aircraft]]\ncall_sign = 7')
    assert str(refused.value) == (
        "incident.toml, [[occurrence.aircraft]] number 1, call_sign: must be text in quotation marks\n"
        "incident.toml, [occurrence] headlien: is not a known key; did you mean headline?\n"
        "incident.toml, [occurrence] utc_date: must be a date without quotation marks: 2025-09-09"
    )
