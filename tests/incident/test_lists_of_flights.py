"""Flights entered one by one by several sayers, shares of a total, and numbers by an hour: a night on two islands."""

from __future__ import annotations

from laid_out import account, at, bundle, claim, event, question

GRADES = {"S-TOWER": "A", "S-NORD": "B", "S-SUND": "B", "S-GAZETTE": "C", "S-BOARD": "B"}
ASKED = question("count", "diversions", subject_id="EKRN")


def flight(name, by, source, minute=None):
    """Return one flight; without a minute, some time of the evening."""
    when = {"start": minute} if minute is not None else {"low": 20, "high": 200}
    row = event("diversion", **when, by=by, source=source, value=1.0, subject_id="EKRN", part=name)
    return {**row, "event_id": f"E-{by}-{name}"}


def total(value, by, source, **more):
    row = event("diversion", low=20, high=200, by=by, source=source, value=float(value), subject_id="EKRN", **more)
    return {**row, "event_id": f"E-{by}-{value}"}


def nord(*names):
    return [flight(name, "Nord Air", "S-NORD") for name in names]


def sund(*names):
    return [flight(name, "Sund", "S-SUND") for name in names]


def tower(*minutes):
    return [flight(f"T{minute}", "Tower", "S-TOWER", minute) for minute in minutes]


def told(*said, events):
    laid = account(bundle([ASKED], said, events=events, grades=GRADES))
    return laid.conclusions.filter(question_id="Q").row(0, named=True), laid.findings


def says(value, minute=None, *, by="Gazette", source="S-GAZETTE", **more):
    counted = {} if minute is None else {"counted_utc": at(minute)}
    return claim(value, by=by, source=source, said=900, claim_id=f"C-{by}", **counted, **more)


# ---------------------------------------------------------------- each sayer's own list


def test_a_list_is_each_sayers_own():
    row, _ = told(events=[*tower(25, 30, 35, 40), total(4, "Tower", "S-TOWER"), *nord("T25", "T30", "T35")])
    assert row["answer"] == "4 flights were diverted, according to Tower (Nord Air: at least 3)."
    assert row["lines"] == 1


def test_what_only_all_lists_tell_is_told_of_all():
    row, _ = told(events=[*nord("N1", "N2", "N3"), *sund("S1", "S2")])
    assert row["answer"] == (
        "At least 5 flights were diverted, listed one by one by Nord Air and Sund (Nord Air: at least 3; "
        "Sund: at least 2)."
    )


def test_lists_that_exceed_a_total_speak_against_it_together():
    row, _ = told(events=[*nord("N1", "N2", "N3"), *sund("S1", "S2"), total(4, "Board", "S-BOARD")])
    assert "4 according to Board" in row["answer"]
    assert "listed one by one by Nord Air and Sund" in row["answer"]
    assert row["standing"] == "disputed"


def test_a_list_that_admits_both_of_two_totals_stands_under_neither():
    events = [total(9, "Board", "S-BOARD"), total(8, "Tower", "S-TOWER"), *nord("N1", "N2")]
    row, findings = told(says(8), events=events)
    assert row["answer"] == ("Between 8 and 9 flights were diverted: 8 according to Tower and 9 according to Board.")
    assert row["lines"] == 2
    finding = findings.row(0, named=True)
    assert finding["reason"].startswith("Not testable: the events give 8 (Tower) and 9 (Board) diversions")
    assert finding["independent_lines"] == ["Board (S-BOARD)", "Tower (S-TOWER)"]


def test_a_list_that_only_admits_a_total_is_no_line_for_it():
    events = [total(8, "Tower", "S-TOWER"), *nord("N1", "N2")]
    _, findings = told(says(8), says(11, by="Board", source="S-BOARD"), events=events)
    lines = dict(findings.select("claim_id", "independent_lines").iter_rows())
    assert lines == {"C-Gazette": ["Tower (S-TOWER)"], "C-Board": ["Tower (S-TOWER)"]}


def test_two_who_repeat_one_another_are_one_line_beside_an_unknown_voice():
    copy = says(8, by="Board", source="S-BOARD", derived_from=["Tower"])
    unknown = says(8, derived_from=["unknown"])
    _, findings = told(copy, unknown, events=[total(8, "Tower", "S-TOWER"), total(8, "Board", "S-BOARD")])
    assert findings.filter(claim_id="C-Gazette")["verdict"].item() == "uncorroborated"


# ---------------------------------------------------------------- shares


def test_an_airlines_own_total_is_a_share_of_the_airports():
    row, _ = told(events=[total(9, "Tower", "S-TOWER"), total(5, "Nord Air", "S-NORD", part="Nord Air")])
    assert row["answer"] == "9 flights were diverted, according to Tower (Nord Air: 5 of them)."
    assert (row["standing"], row["lines"]) == ("likely", 1)


def test_a_share_that_exceeds_the_total_speaks_against_it():
    row, _ = told(events=[total(4, "Tower", "S-TOWER"), total(5, "Nord Air", "S-NORD", part="Nord Air")])
    assert row["standing"] != "settled"
    assert "5" in row["answer"] + (row["against"] or "")


# ---------------------------------------------------------------- a number at an hour


def test_a_timed_list_bounds_the_number_by_an_hour():
    for value, verdict in ((1, "contradicted"), (3, "compatible"), (5, "compatible")):
        _, findings = told(says(value, 37), events=tower(25, 30, 35, 60))
        row = findings.row(0, named=True)
        assert row["verdict"] == verdict
        assert row["reason"].startswith("The events give 3 or more diversions by 2026-03-12 20:37 UTC")


def test_a_total_less_the_flights_listed_later_bounds_it_from_above():
    events = [*tower(25, 30, 35, 60), total(4, "Board", "S-BOARD")]
    assert told(says(3, 37), events=events)[1]["verdict"].item() == "supported"
    assert told(says(4, 37), events=events)[1]["verdict"].item() == "contradicted"
    # A total smaller than its list is in dispute, and bounds nothing by what is listed later.
    assert told(says(3, 37), events=[*tower(25, 30, 35, 60), total(3, "Board", "S-BOARD")])[1]["verdict"].item() in (
        "compatible",
        "supported",
    )


# ---------------------------------------------------------------- sums of what others tell


def passengers(name, value, by, source, **more):
    row = event("passengers_affected", low=20, high=200, by=by, source=source, value=float(value), **more)
    return {**row, "event_id": name}


def test_a_sum_whose_parts_others_tell_is_told_by_them():
    asked = question("count", "passengers")
    said = claim(512, by="Board", source="S-BOARD", said=900)
    parts = [
        passengers("P-N", 300, "Nord Air", "S-NORD", subject_id="Nord Air"),
        passengers("P-S", 212, "Sund", "S-SUND", subject_id="Sund"),
    ]
    whole = passengers("P", 512, "Board", "S-BOARD", subject_id="EKRN", parts=["P-N", "P-S"])
    row = account(bundle([asked], [said], events=[*parts, whole], grades=GRADES)).findings.row(0, named=True)
    assert row["verdict"] == "supported"
    assert row["independent_lines"] == ["Nord Air (S-NORD)", "Sund (S-SUND)"]
    own = [parts[0], passengers("P-S", 212, "Board", "S-BOARD", subject_id="Sund")]
    row = account(bundle([asked], [said], events=[*own, whole], grades=GRADES)).findings.row(0, named=True)
    assert row["verdict"] == "uncorroborated"


def test_a_number_by_an_hour_is_what_independent_lists_and_totals_give():
    board = total(4, "Gazette", "S-GAZETTE")
    _, findings = told(says(3, 37), events=[*tower(25, 30, 35, 60), total(4, "Board", "S-BOARD"), board])
    assert findings["verdict"].item() == "supported"
    assert findings["reason"].item() == (
        "The events give 3 diversions by 2026-03-12 20:37 UTC, reported independently of the speaker."
    )


def test_a_running_total_of_all_closures_is_not_put_on_the_first():
    shut = [
        event("aerodrome_closed", 10, subject_id="EKRN"),
        event("aerodrome_reopened", 50, subject_id="EKRN"),
        event("aerodrome_closed", 400, subject_id="EKRN"),
        event("aerodrome_reopened", 430, subject_id="EKRN"),
    ]
    first = event("diversion", low=10, high=45, value=3.0, counted_utc=at(45), is_running=True, subject_id="EKRN")
    whole = event("diversion", low=10, high=430, value=7.0, subject_id="EKRN")
    occasions = [
        {"occasion_id": name, "kind": "closure", "subject_id": "EKRN", "utc_low": at(low), "utc_high": at(high)}
        for name, low, high in (("O1", 10, 50), ("O2", 400, 430))
    ]

    def occasion_of(*rows):
        laid = account(bundle([ASKED], events=[*shut, *rows], occasions=occasions, grades=GRADES))
        return laid.bundle.recording.events.filter(value=3.0)["occasion_id"].item()

    assert occasion_of({**first, "event_id": "R"}) == "O1"
    assert occasion_of({**first, "event_id": "R"}, {**whole, "event_id": "T"}) is None


def test_a_sum_of_sums_is_told_by_those_who_count():
    asked = question("count", "passengers")
    said = claim(600, by="Board", source="S-BOARD", said=900)
    rows = [
        passengers("P-N", 300, "Nord Air", "S-NORD", subject_id="Nord Air"),
        passengers("P-S", 212, "Sund", "S-SUND", subject_id="Sund"),
        passengers("P-T", 88, "Tower", "S-TOWER", subject_id="Others"),
        passengers("P-NS", 512, "Board", "S-BOARD", subject_id="Two airlines", parts=["P-N", "P-S"]),
        passengers("P", 600, "Board", "S-BOARD", subject_id="EKRN", parts=["P-NS", "P-T"]),
    ]
    row = account(bundle([asked], [said], events=rows, grades=GRADES)).findings.row(0, named=True)
    assert row["verdict"] == "supported"
    assert row["independent_lines"] == ["Nord Air (S-NORD)", "Sund (S-SUND)", "Tower (S-TOWER)"]
