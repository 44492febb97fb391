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
    assert found.conclusions["answer"].to_list() == [
        "There were 18 seals ashore, added up by Warden from North and South."
    ]
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


# ---------------------------------------------------------------- a share beside its total, a part that was replaced


FERRIES = question("count", "passengers")


def riders(name, value, **more):
    row = event("passengers_affected", low=0, high=200, value=value, by=more.pop("by", "Harbour"), **more)
    return {**row, "event_id": name}


EAST, WEST = riders("EAST", 420.0, subject_id="East"), riders("WEST", 95.0, subject_id="West")
BOTH = riders("BOTH", 515.0, parts=["EAST", "WEST"])
BLUE = riders("BLUE", 130.0, part="Blue Line", subject_id="East", by="Blue Line", source="S-POLICE")


def test_a_lines_share_added_to_the_total_is_counted_twice_and_the_right_total_is_not_blamed():
    for parts in (["BOTH", "BLUE"], ["EAST", "WEST", "BLUE"]):
        said = [claim(645, by="Paper", parts=parts, claim_id="C1"), claim(515, by="Harbour", claim_id="C2")]
        found = account(bundle([FERRIES], said, events=[EAST, WEST, BOTH, BLUE]))
        assert [row[:2] for row in found.bundle_remarks.select("kind", "row_id").rows()] == [("parts_overlap", "C1")]
        reason = found.findings.filter(claim_id="C1")["reason"][0]
        assert "130 of Blue Line (BLUE) are counted twice: by themselves, and within" in reason, parts


def test_a_share_is_no_part_of_another_place_nor_where_the_sum_says_that_they_are_apart():
    west = {**BLUE, "subject_id": "West"}
    for laid, more in ((west, {}), (BLUE, {"parts_disjoint": True})):
        said = claim(550, by="Paper", parts=["EAST", "BLUE"], **more)
        found = account(bundle([FERRIES], [said], events=[EAST, WEST, laid]))
        assert found.bundle_remarks.filter(kind="parts_overlap").is_empty()


def test_a_total_of_which_a_part_fell_is_what_its_parts_give_now():
    later = {**riders("EAST-2", 400.0, subject_id="East", supersedes="EAST"), "known_utc": at(3000)}
    found = account(bundle([FERRIES], [claim(515)], events=[EAST, WEST, BOTH, later]))
    assert found.conclusions["answer"].to_list() == [
        "495 passengers were affected, according to Harbour; Harbour told 515 before a part of it was replaced."
    ]
    assert found.findings["reason"].to_list() == ["The events give 495 passengers, not 515."]
    early = {**later, "known_utc": at(10)}  # the total was told when the part was 400: one of the three is wrong
    found = account(bundle([FERRIES], events=[{**EAST, "known_utc": at(5)}, WEST, BOTH, early]))
    assert found.conclusions["answer"][0].startswith("Between 495 and 515 passengers")


def test_a_sum_is_told_by_those_who_tell_its_parts_though_its_adder_has_it_from_nobody_knows_whom():
    west = {**WEST, "said_by": ["Blue Line"], "source_id": ["S-POLICE"]}
    both = {**BOTH, "said_by": ["Desk"], "source_id": ["S-RADIO"]}
    said = claim(515, by="Desk", source="S-RADIO", derived_from=["unknown"])
    row = account(bundle([FERRIES], [said], events=[EAST, west, both])).conclusions.row(0, named=True)
    assert row["answer"] == "515 passengers were affected, added up by Desk from Harbour and Blue Line."
    assert (row["standing"], row["how_sure"]) == ("likely", "told by one independent line only")


def test_an_operators_sum_is_no_number_of_all_where_others_are_told():
    def flights(name, kind, value, subject, **more):
        return {**event(kind, low=0, high=200, value=value, subject_id=subject, **more), "event_id": name}

    own = [flights("A", "flights_affected", 12.0, "LPPR"), flights("B", "flights_affected", 5.0, "LPFR")]
    own.append(flights("ALL", "flights_affected", 17.0, "Operator", parts=["A", "B"]))
    asked = question("count", "flights_affected")
    for others, answer in (
        ([], "17 flights were affected, according to Tower."),
        ([flights("C", "delay", 3.0, "LPCS")], "At least 17 flights were affected, according to Tower."),
    ):
        found = account(bundle([asked], [claim(20)], events=[*own, *others]))
        assert found.conclusions["answer"].to_list() == [answer]
        assert found.findings["verdict"][0] == ("compatible" if others else "contradicted")


def test_what_the_parts_of_a_running_number_add_up_to_is_said_though_it_is_not_weighed():
    first = {**riders("FIRST", 420.0), "is_running": True, "counted_utc": at(60)}
    said = claim(515, parts=["FIRST", "WEST"], is_running=True, counted_utc=at(100))
    found = account(bundle([FERRIES], [said], events=[first, WEST]))
    assert (
        "Its parts add up to 515, which is not weighed, since FIRST is told for a date." in found.findings["reason"][0]
    )
