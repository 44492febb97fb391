"""Rows of one name that an answer rests on, named once: a harbour at night, seen by its pilots."""

from __future__ import annotations

from laid_out import account, at, bundle, question

from hotwash.report.answers import answers_of
from hotwash.report.statements import Library, questions


def look(name, role):
    seen = {"saw_nothing": False, "seen": "A light", "explained_by": "unexplained", "known_utc": at(60)}
    return {"sighting_id": name, "role": role, "utc_low": at(5), "utc_high": at(9), "source_id": "S-RADIO", **seen}


def test_several_sightings_of_one_role_are_named_once_with_their_number():
    looks = [look("G1", "harbour pilot"), look("G2", "harbour pilot"), look("G3", "police")]
    found = account(bundle([question("presence")], sightings=looks))
    library = Library(found)
    shown = answers_of(found, library, questions(found, library))
    (row,) = [one for one in shown if one.rows]
    assert [one.label for one in row.rows] == ["harbour pilot (two)", "police"]
