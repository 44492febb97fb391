"""Who settles an answer: two independent lines, neither of which its grade calls unreliable. A lake and its ferry."""

from __future__ import annotations

import pytest
from laid_out import account, at, bundle, claim, clock, event, find, question

from hotwash.model.incident import Interval

GRADES = {"S-FERRY": "A", "S-GUARD": "B", "S-BLOG": "D", "S-FORUM": "E", "S-RUMOUR": "F", "S-HERALD": "C"}
POOR = ("S-BLOG", "S-FORUM", "S-RUMOUR")


def told(kind, minute, source, **more):
    name = f"{kind}-{source}"
    return event(kind, minute, by=source.removeprefix("S-").title(), source=source, event_id=name, **more)


def answer(asked, *said, **laid):
    return account(bundle([asked], said, grades=GRADES, **laid)).conclusions.filter(question_id="Q").row(0, named=True)


def closing(source):
    return [
        told(f"aerodrome_{what}", minute, source, subject_id="LOAA")
        for what, minute in (("closed", 5), ("reopened", 65))
    ]


LAID = {
    "time": (
        question("time", "utc", subject_id="first_hum"),
        lambda source: {"events": [told("first_hum", 8, name) for name in ("S-FERRY", source)]},
    ),
    "count": (
        question("count", "diversions"),
        lambda source: {"events": [told("diversion", 8, name, value=7.0) for name in ("S-FERRY", source)]},
    ),
    "status": (
        question("status", subject_id="LOAA"),
        lambda source: {"events": [*closing("S-FERRY"), *closing(source)]},
    ),
    "duration": (
        question("duration", "min", subject_id="hum"),
        lambda source: {
            "intervals": [Interval("hum", "first_hum", "last_hum")],
            "events": [
                told(kind, m, name)
                for kind, m in (("first_hum", 8), ("last_hum", 40))
                for name in ("S-FERRY", source)
            ],
        },
    ),
    "presence": (
        question("presence"),
        lambda source: {
            "finds": [find(name, 0.97, by=[name], source=[name], assigned_by=name) for name in ("S-FERRY", source)],
        },
    ),
    "height": (
        question("height", "ft"),
        lambda source: {
            "said": [claim(400, unit="ft", by=name, source=name, claim_id=name) for name in ("S-FERRY", source)],
        },
    ),
}  # fmt: skip


def of(kind, source):
    asked, lay = LAID[kind]
    laid = lay(source)
    return answer(asked, *laid.pop("said", ()), **laid)


# Of events and of what they add up to, only tellings of reliability A or B enter the answer at all.
DECIDED = ("time", "count", "duration")


@pytest.mark.parametrize("kind", LAID)
@pytest.mark.parametrize("source", POOR)
def test_a_second_line_that_is_unreliable_settles_nothing(kind, source):
    row = of(kind, source)
    which = "independent" if kind in DECIDED else "reliable"
    assert (row["standing"], row["lines"], row["how_sure"]) == ("likely", 1, f"told by one {which} line only")


@pytest.mark.parametrize("kind", LAID)
def test_a_second_line_of_a_usually_reliable_source_settles_it(kind):
    row = of(kind, "S-GUARD")
    assert (row["standing"], row["lines"]) == ("settled", 2)


@pytest.mark.parametrize("kind", ["status", "presence"])
def test_a_second_line_of_a_fairly_reliable_source_settles_what_another_decides(kind):
    assert of(kind, "S-HERALD")["standing"] == "settled"


def test_who_is_unreliable_and_says_what_the_evidence_supports_settles_nothing():
    asked = question("time", "utc", subject_id="first_hum")
    said = claim(clock(8), by="Forum", source="S-FORUM")
    row = answer(asked, said, events=[told("first_hum", 8, "S-FERRY")])
    assert (row["standing"], row["how_sure"]) == ("likely", "told by one reliable line only")
    row = answer(asked, {**said, "said_by": "Guard", "source_id": "S-GUARD"}, events=[told("first_hum", 8, "S-FERRY")])
    assert row["standing"] == "settled"


@pytest.mark.parametrize("grade", ["D", "E", "F"])
def test_the_denial_of_an_interested_party_settles_nothing_in_whoevers_record_it_stands(grade):
    asked = question("presence", subject_id="HULL")
    denial = claim("absent", by="Skipper", source="S-GUARD", source_reliability=grade)
    found = {"finds": [find("HULL", 0.01, by="Ferry", source="S-FERRY", assigned_by="Ferry")]}
    assert answer(asked, denial, **found)["standing"] == "likely"
    assert answer(asked, {**denial, "source_reliability": None}, **found)["standing"] == "settled"


def test_two_unreliable_lines_leave_it_open():
    asked = question("time", "utc", subject_id="horn")
    nights = [
        {"occasion_id": name, "kind": "other", "utc_low": at(m), "utc_high": at(m + 50)}
        for name, m in (("N1", 0), ("N2", 900))
    ]
    rows = [
        {**told("horn", minute, source, occasion_id=night), "event_id": f"{source}-{night}"}
        for night, minute in (("N1", 8), ("N2", 910))
        for source in ("S-BLOG", "S-FORUM")
    ]
    row = answer(asked, events=rows, occasions=nights)
    assert (row["standing"], row["how_sure"]) == (
        "open",
        "told by 2 independent lines, and by no source better than reliability D",
    )


def test_a_change_that_came_many_times_says_one_more_time_of_the_one_left():
    asked = question("time", "utc", subject_id="aerodrome_closed", event_subject_id="LOAA")
    turns = [
        told(f"aerodrome_{what}", minute + 40 * number, "S-FERRY", subject_id="LOAA", occasion_id="N")
        for number in range(7)
        for what, minute in (("closed", 0), ("reopened", 20))
    ]
    rows = [{**row, "event_id": f"E{number}"} for number, row in enumerate(turns)]
    row = answer(asked, events=rows, occasions=[{"occasion_id": "N", "kind": "closure"}])
    assert row["answer"].endswith("according to Ferry, and again one more time.")
    assert "1 more times" not in row["answer"]
