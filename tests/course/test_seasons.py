"""Summer time for standard time: what is remarked of a clock printed with the name of the other half of the year.

It is January 2026 in Berlin, an hour ahead of UTC, where nothing else is said; in May it is two hours ahead.
"""

from __future__ import annotations

from typing import Any

import pytest
from remarked import HEAD, bundle, remarks

from hotwash.course.orders import find_impossible_orders

WINTER = HEAD.replace("2026-05-12T16", "2026-01-12T16").replace("2026-05-13T06", "2026-01-13T06")
AUTUMN = HEAD.replace("2026-05-12T16", "2026-10-24T16").replace("2026-05-13T06", "2026-10-26T06")
AT_1926 = {"start_utc": "2026-01-12T19:26Z", "known_utc": "2026-01-14T12:00Z"}
IN_MAY = {"start_utc": "2026-05-12T18:26Z"}
IN_NEW_YORK = {"source_id": "S-NY", "zone": "America/New_York"}


def told(printed: str, head: str = WINTER, sources: list[dict[str, str]] | None = None, **event: str) -> list[str]:
    """Return what is remarked of one event with its time as printed."""
    found = remarks(head=head, sources=sources or [{}], events=[AT_1926 | event | {"printed_time": printed}])
    assert {kind for kind, _, _ in found} <= {"clocks_differ"}
    return [text for _, _, text in found]


CEST_IN_JANUARY = (
    "is summer time, but on 12 January 2026 the clocks in Europe/Berlin show CET: 20:26 CET is 19:26 UTC; as printed "
    "it would be 18:26 UTC."
)


@pytest.mark.parametrize("printed", ["20:26 CEST", "8:26 p.m. CEST", "20.26 Uhr MESZ", "20:26 German summer time"])
@pytest.mark.parametrize("taken", ["2026-01-12T19:26Z", "2026-01-12T18:26Z"], ids=["as meant", "as printed"])
def test_summer_time_printed_in_winter_is_remarked_whichever_way_the_row_was_read(printed: str, taken: str):
    (text,) = told(printed, start_utc=taken)
    assert text.endswith(CEST_IN_JANUARY)


@pytest.mark.parametrize(
    ("printed", "taken", "right"),
    [
        ("8:26 p.m. EDT", "2026-01-13T01:26Z", "America/New_York show EST: 20:26 EST is 01:26 UTC"),
        ("19:26 BST", "2026-01-12T19:26Z", "Europe/London show GMT: 19:26 GMT is 19:26 UTC"),
        ("21:26 EEST", "2026-01-12T19:26Z", "Europe/Kyiv show EET: 21:26 EET is 19:26 UTC"),
        ("11:26 am PDT", "2026-01-12T19:26Z", "America/Los_Angeles show PST: 11:26 PST is 19:26 UTC"),
    ],
)
def test_the_right_name_and_the_right_hour_are_told_wherever_the_clock_is(printed: str, taken: str, right: str):
    (text,) = told(printed, start_utc=taken)
    assert right in text


def test_in_the_south_summer_is_in_january():
    assert told("06:26 AEDT", start_utc="2026-01-12T19:26Z") == []
    (text,) = told("05:26 AEDT", head=HEAD, start_utc="2026-05-12T19:26Z", known_utc="2026-05-13T12:00Z")
    assert "show AEST: 05:26 AEST is 19:26 UTC" in text


def test_standard_time_printed_in_summer_is_remarked_where_the_place_has_both():
    (text,) = told("20:26 CET", head=HEAD, **IN_MAY, known_utc="2026-05-13T12:00Z")
    assert "is standard time, but on 12 May 2026 the clocks in Europe/Berlin show CEST: 20:26 CEST is 18:26 UTC" in text
    source = IN_NEW_YORK | {"publisher": "Times"}
    (text,) = told("2:26 p.m. EST", HEAD, [source], **IN_MAY, known_utc="2026-05-13T12:00Z", source_id="S-NY")
    assert "the clocks in America/New_York show EDT: 14:26 EDT is 18:26 UTC" in text


FITTING: dict[str, dict[str, Any]] = {
    "the name of the season": {"printed": "20:26 CET"},
    "no name": {"printed": "20:26"},
    "a time of UTC in summer": {"printed": "18:26 GMT", "head": HEAD, **IN_MAY, "known_utc": "2026-05-13T12:00Z"},
    "a standard name of a place that no source is in: some keep it all year": {
        "printed": "1:26 p.m. EST", "head": HEAD, **IN_MAY, "known_utc": "2026-05-13T12:00Z",
    },
    "the hour after the change, in which both are printed": {
        "printed": "03:10 CEST", "head": AUTUMN, "start_utc": "2026-10-25T01:10Z", "known_utc": "2026-10-26T12:00Z",
    },
    "winter time in winter": {"printed": "20:26 Winterzeit"},
}  # fmt: skip


@pytest.mark.parametrize("case", FITTING)
def test_nothing_is_remarked_of(case: str):
    assert told(**FITTING[case]) == []


def test_of_two_printed_clocks_the_season_is_the_one_cause():
    (text,) = told("2:26 p.m. EDT (20:26 local)")
    assert "show EST: 14:26 EST is 19:26 UTC" in text


def test_the_advice_tells_what_the_row_should_give():
    events = [AT_1926 | {"start_utc": "2026-01-12T18:26Z", "printed_time": "20:26 CEST"}]
    (row,) = find_impossible_orders(bundle(head=WINTER, events=events)).to_dicts()
    assert row["advice"] == (
        "Find out which is meant. If it is the clock of the place, the row should give 19:26 UTC; if it is the time as "
        "printed, say so in note."
    )
    assert row["column"] == "printed_time"


# ---------------------------------------------------------------- two tellings


def pair(first: str, second: str, **choices: Any) -> list[tuple[str, str, str]]:
    """Return what is remarked of two tellings of one closing, an hour apart."""
    one = {"event_id": "E1", **IN_MAY, "printed_time": first}
    other = {"event_id": "E2", "start_utc": "2026-05-12T19:26Z", "printed_time": second, "source_id": "S2"}
    return remarks(sources=[{}, {"source_id": "S2"}], events=[one, other], **choices)


def test_two_tellings_an_hour_apart_in_summer_and_in_standard_time_are_remarked():
    ((kind, where, text),) = pair("2:26 p.m. EDT", "2:26 p.m. EST")
    assert (kind, where) == ("clocks_differ", "events E1")
    assert "exactly 1 h apart, as EDT is from EST; on that day the clocks in America/New_York show EDT." in text


def test_a_telling_whose_season_is_remarked_is_not_remarked_again_beside_another():
    ((_, where, text),) = pair("20:26 CEST", "20:26 CET")
    assert where == "events E2"
    assert "20:26 CEST is 18:26 UTC" in text


def test_two_tellings_an_hour_apart_in_one_clock_are_left_alone():
    assert pair("20:26 CEST", "21:26 CEST") == []


def test_two_tellings_an_hour_apart_in_the_night_of_the_change_are_remarked():
    one = {"start_utc": "2026-10-25T05:26Z", "known_utc": "2026-10-26T12:00Z"}
    other = one | {"event_id": "E2", "start_utc": "2026-10-25T06:26Z", "source_id": "S2"}
    kyiv = AUTUMN.replace("Europe/Berlin", "Europe/Kyiv")
    sources = [{"source_id": name, "zone": "Europe/Kyiv"} for name in ("S1", "S2")]
    found = remarks(head=kyiv, sources=sources, events=[one, other])
    ((_, _, text),) = [one for one in found if one[0] == "clocks_differ"]
    assert "exactly 1 h apart, as the clocks in Europe/Kyiv were changed within a day of it." in text


# ---------------------------------------------------------------- a clock of another day than the day of speaking


def said_of_the_evening_before(printed: str, **more: str) -> list[str]:
    """Return what is remarked of a claim on Monday, in standard time, of a closing on Saturday, in summer time."""
    claim = {"question_id": "Q-WHEN", "value": "2026-10-24T19:10:00Z", "said_utc_low": "2026-10-26T08:40Z"}
    claim |= {"said_utc_high": "2026-10-26T08:40Z", "known_utc": "2026-10-26T12:00Z", "printed_time": printed, **more}
    found = remarks(head=AUTUMN, sources=[{}], claims=[claim])
    return [text for kind, _, text in found if kind == "clocks_differ"]


@pytest.mark.parametrize(
    "printed", ["21:10", "9.10 pm", "21:10 (19:10 UTC)", "21:10 CEST", "09:40", "09:40 (08:40 UTC)"]
)
def test_a_printed_clock_is_read_as_clocks_showed_it_on_the_day_of_which_it_speaks(printed: str):
    assert said_of_the_evening_before(printed) == []


def test_a_printed_clock_that_is_right_for_neither_day_is_read_by_the_day_of_which_it_speaks():
    (text,) = said_of_the_evening_before("20:10")
    assert text.startswith('The printed clock "20:10" is 18:10 UTC; the nearest time of the row is 19:10 UTC')


def test_a_state_is_spoken_of_in_the_clock_of_its_own_day():
    spoken_of = {"question_id": "Q-STATUS", "value": "closed", "at_utc_low": "2026-10-24T19:10Z"}
    assert said_of_the_evening_before("21:10", **spoken_of, at_utc_high="2026-10-24T19:30Z") == []
    (text,) = said_of_the_evening_before("20:10", **spoken_of, at_utc_high="2026-10-24T19:30Z")
    assert '"20:10" is 18:10 UTC' in text
