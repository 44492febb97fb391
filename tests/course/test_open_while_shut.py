"""Measures that end in an odd order: what is reported open while something else still shuts the place."""

from __future__ import annotations

import pytest
from laid_out import account, bundle, event


def remarked(*rows):
    told = account(bundle(events=[event(kind, when, subject_id="EPAA", **more) for kind, when, more in rows]))
    return [row["text"] for row in told.bundle_remarks.filter(kind="state_order").to_dicts()]


def measure(layer, begin, end, **more):
    return (f"{layer}_closed", begin, more), (f"{layer}_reopened", end, more)


RUNWAY = {"part": "15/33"}


@pytest.mark.parametrize(
    ("inner", "outer", "said"),
    [
        (
            measure("runway", 10, 40, **RUNWAY),
            measure("aerodrome", 0, 90),
            "is reported open from 20:40 on 12 March 2026, while EPAA is told to be closed until 21:30",
        ),
        (measure("runway", 10, 40), measure("airspace", 0, 90), "A runway of EPAA is reported open"),
        (measure("airspace", 10, 40), measure("runway", 0, 90, **RUNWAY), "while runway 15/33 of EPAA is told"),
        (measure("airspace", 10, 40), measure("aerodrome", 0, 90), "The airspace over EPAA is reported open"),
        (measure("aerodrome", 0, 40), measure("airspace", 20, 90), "while the airspace over EPAA is told to be closed"),
    ],
)
def test_what_ends_while_another_measure_shuts_the_place_is_remarked(inner, outer, said):
    (text,) = remarked(*inner, *outer)
    assert said in text


@pytest.mark.parametrize(
    "rows",
    [
        (*measure("runway", 0, 90, **RUNWAY), *measure("aerodrome", 10, 40)),  # it may have another runway
        (*measure("runway", 0, 40, **RUNWAY), *measure("runway", 10, 90, part="07/25")),
        (*measure("airspace", 0, 40), *measure("aerodrome", 0, 40)),
        (*measure("airspace", 0, 40), *measure("aerodrome", 50, 90)),
        (("runway_closed", 10, RUNWAY), *measure("aerodrome", 0, 40)),  # it opened with all of it
        (*measure("airspace", 0, 40), ("aerodrome_closed", 10, {})),  # nobody tells until when
    ],
)
def test_other_orders_are_left_alone(rows):
    assert remarked(*rows) == []


def test_a_restriction_lifted_while_all_is_closed_is_remarked_for_it_is_taken_as_the_reopening():
    (text,) = remarked(("aerodrome_closed", 0, {}), ("restriction_lifted", 40, {}))
    assert text == (
        "A restriction was lifted at 20:40 on 12 March 2026 (UTC) while EPAA was closed: it is taken as its reopening."
    )
    assert remarked(("aerodrome_restricted", 0, {}), ("restriction_lifted", 40, {})) == []
