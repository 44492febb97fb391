"""Sums that count something twice, and sums beside their own parts: seals on two shores, bicycles, a lock's barges."""

from __future__ import annotations

from laid_out import account, at, bundle, claim, event, question

from hotwash.model.questions import CountUnit

SEALS = CountUnit(name="seals", title="Seals ashore", nouns=("seal ashore", "seals ashore"))
ASKED = question("count", "seals")


def told(name, value, subject=None, **more):
    row = event("seals_counted", low=0, high=200, value=value, unit="seals", subject_id=subject, **more)
    return {**row, "event_id": name}


def made(*said, **laid):
    return account(bundle([ASKED], said, own_units=(SEALS,), **laid))


# Both shores count the pup on the sandbank: 12 + 1 and 7 + 1, and 12 + 7 + 1 = 20 in all.
PUP = told("PUP", 1.0, part="pup", by=["North", "South"], source=["S-TOWER", "S-POLICE"])
NORTH = [told("N1", 12.0, "north", part="herd", by="North"), told("N", 13.0, "north", by="North", parts=["N1", "PUP"])]
SOUTH = [told("S1", 7.0, "south", part="herd", by="South", source="S-POLICE")]
SOUTH += [told("S", 8.0, "south", by="South", source="S-POLICE", parts=["S1", "PUP"])]
ALL = told("ALL", 20.0, by="Warden", source="S-RADIO", parts=["N1", "S1", "PUP"])
PAPER = claim(21, by="Paper", source="S-PAPER", parts=["N", "S"])


def test_a_sum_that_counts_one_seal_twice_is_contradicted_and_the_reason_says_why():
    row = made(PAPER, events=[PUP, *NORTH, *SOUTH, ALL]).findings.row(0, named=True)
    assert row["verdict"] == "contradicted"
    assert row["reason"].startswith("The events give 20 seals ashore, not 21")
    assert row["reason"].endswith("Its parts overlap: PUP is counted twice: as a part of N, and as a part of S.")


def test_a_sum_that_overlaps_is_no_evidence_whoever_tells_it():
    wrong = told("WRONG", 21.0, by="Mayor", source="S-RADIO", parts=["N", "S"])
    found = made(claim(21), events=[PUP, *NORTH, *SOUTH, wrong])
    assert found.findings["verdict"][0] != "supported"
    assert not any("events:WRONG" in row for row in found.findings["rows"].to_list())
    assert found.conclusions["answer"].to_list() == [
        "Seals ashore, north: 13; south: 8; in all 21, which only Speaker tells."
    ]


def test_a_declared_sum_with_a_name_of_its_own_is_not_added_to_its_parts():
    north, south = told("N", 11.0, "north", by="North"), told("S", 7.0, "south", by="South", source="S-POLICE")
    both = told("BOTH", 18.0, "both shores", by="Warden", source="S-RADIO", parts=["N", "S"])
    found = made(claim(18, by="Paper", source="S-PAPER"), events=[north, south, both])
    assert found.conclusions["answer"].to_list() == ["There were 18 seals ashore, according to Warden."]
    assert (found.findings["verdict"][0], found.findings["reason"][0]) == (
        "supported",
        "The events give 18 seals ashore, reported independently of the speaker.",
    )


def test_a_shore_that_the_sum_leaves_out_still_stands_beside_it():
    rows = [told("N", 11.0, "north"), told("S", 7.0, "south", source="S-POLICE"), told("W", 3.0, "west")]
    both = told("BOTH", 18.0, "both shores", by="Warden", source="S-RADIO", parts=["N", "S"])
    row = made(claim(40), events=[*rows, both]).findings.row(0, named=True)
    assert row["reason"] == "The events give 18 to 21 seals ashore, not 40."


# ---------------------------------------------------------------- one running number


BICYCLES = question("count", "diversions", subject_id="EPAA")
STEPS = [(2.0, 60, True), (7.0, 120, True), (11.0, 180, True), (16.0, 240, True), (18.0, 300, False)]
CHAIN = [
    {
        **event("diversion", low=0, high=minute, value=many, subject_id="EPAA", by="Office", known_utc=at(minute)),
        "event_id": f"B{place}",
        "counted_utc": at(minute) if runs else None,
        "is_running": runs,
    }
    for place, (many, minute, runs) in enumerate(STEPS, start=1)
]


def test_the_steps_of_a_running_number_are_no_parts_and_its_last_one_is_not_accused():
    said = [
        claim(18, by="Office", source="S-TOWER", claim_id="C1"),
        claim(54, by="Paper", source="S-PAPER", claim_id="C2", parts=["B1", "B2", "B3", "B4", "B5"]),
    ]
    found = account(bundle([BICYCLES], said, events=CHAIN))
    assert found.bundle_remarks.select("kind", "row_id", "text").rows() == [
        (
            "parts_overlap",
            "C2",
            "B1, B2, B3, B4 and B5 are steps of one running number of Office: each is within the next.",
        )
    ]
    assert found.findings.filter(claim_id="C2")["verdict"][0] == "contradicted"


def test_running_numbers_of_two_offices_are_two_parts():
    rows = [{**CHAIN[0], "said_by": ["East"], "part": "east"}, {**CHAIN[1], "said_by": ["West"], "part": "west"}]
    found = account(bundle([BICYCLES], [claim(9, parts=["B1", "B2"])], events=rows))
    assert found.bundle_remarks.filter(kind="parts_overlap").is_empty()


# ---------------------------------------------------------------- told as another unit


HIKERS = CountUnit(name="hikers", title="Hikers", nouns=("hiker", "hikers"))
NIGHTS = [
    {**event("nights_slept", low=0, high=60 * n, value=many, unit="nights_in_hut"), "event_id": f"H{n}", "part": f"{n}"}
    for n, many in ((1, 30.0), (2, 20.0))
]
HUT = CountUnit(name="nights_in_hut", title="Nights in the hut", nouns=("night in the hut", "nights in the hut"))


def test_beds_told_as_people_are_remarked_and_contradicted_by_the_number_of_people():
    people = {**event("hikers_counted", low=0, high=200, value=35.0, unit="hikers"), "event_id": "P"}
    said = claim(50, by="Paper", source="S-PAPER", parts=["H1", "H2"])
    found = account(bundle([question("count", "hikers")], [said], events=[*NIGHTS, people], own_units=(HIKERS, HUT)))
    assert found.bundle_remarks.select("kind", "text").rows() == [
        ("units_added", "30 nights in the hut and 20 nights in the hut are added as 50 hikers.")
    ]
    row = found.findings.row(0, named=True)
    assert (row["verdict"], row["reason"]) == (
        "contradicted",
        "The events give 35 hikers, not 50. "
        "Its parts add up to 50 nights in the hut, which are not the same as 50 hikers.",
    )


def test_parts_of_different_days_are_remarked_with_what_was_told_by_the_last():
    def step(name, who, day, many):
        row = event("diversion", low=0, high=day * 1440, value=many, by=who, subject_id=who)
        more = {"event_id": name, "counted_utc": at(day * 1440), "is_running": True, "known_utc": at(day * 1440)}
        return {**row, **more}

    laid = [step("E1", "East", 1, 8.0), step("E2", "East", 2, 11.0), step("W2", "West", 2, 6.0)]
    said = claim(14, by="Minister", said=2 * 1440, is_running=True, parts=["E1", "W2"])
    found = account(bundle([question("count", "diversions")], [said], events=laid))
    assert found.bundle_remarks.filter(kind="parts_of_other_days")["text"].to_list() == [
        "Its parts stand for different days: E1 for 13 March 2026 and W2 for 14 March 2026. "
        "By the last of them E2 was told, 11 diversions."
    ]
    same = claim(17, by="Minister", said=2 * 1440, is_running=True, parts=["E2", "W2"])
    alike = account(bundle([question("count", "diversions")], [same], events=laid))
    assert alike.bundle_remarks.filter(kind="parts_of_other_days").is_empty()
