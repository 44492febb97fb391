"""Who stands behind an answer: those who tell its value. A fjord, its ferry, a harbour master and a voice on a quay."""

from __future__ import annotations

import pytest
from laid_out import account, bundle, claim, clock, event, find, question

GRADES = {"S-LOG": "A", "S-HARBOUR": "B", "S-FERRY": "B", "S-AGENCY": "C", "S-HERALD": "D"}


def answer(asked, *said, events=(), **laid):
    laid_out = bundle([asked], said, events=events, grades=GRADES, **laid)
    return account(laid_out).conclusions.filter(question_id="Q").row(0, named=True)


def says(value, by, source, **more):
    return claim(value, by=by, source=source, claim_id=f"C-{by}", **more)


VOICE = says("present", "Man on the quay", "S-AGENCY")
HERALD = says("present", "Herald", "S-HERALD", derived_from=["C-Man on the quay"])
COUNTED = event("drones_counted", 8, value=2.0, by="Receiver", source="S-LOG")


# ---------------------------------------------------------------- a bound admits a value, and does not tell it


def test_a_bound_that_admits_a_height_makes_it_no_surer():
    low, flat = says(450, "Crew", "S-FERRY", relation="less_than"), says(300, "Master", "S-HARBOUR", relation="about")
    row = answer(question("height", "ft", about_fraction=0.1), flat | {"unit": "ft"}, low | {"unit": "ft"})
    assert row["answer"] == "It was at about 300 ft (91.4 m), according to Master (Crew: less than 450 ft (137 m))."
    assert (row["standing"], row["lines"]) == ("likely", 1)


def test_a_bound_that_admits_a_number_makes_it_no_surer():
    told = [
        event("diversion", 10, value=7.0, by="Log", source="S-LOG"),
        event("diversion", 11, value=3.0, relation="at_least", by="Ferry", source="S-FERRY"),
    ]
    row = answer(question("count", "diversions"), events=told)
    assert row["answer"] == "7 flights were diverted, according to Log (Ferry: at least 3)."
    assert (row["standing"], row["lines"]) == ("likely", 1)


def test_a_sharper_bound_of_a_voice_that_nobody_vouches_for_stays_open():
    voice = says(2, "Man on the quay", "S-AGENCY", relation="at_least")
    copy = says(2, "Herald", "S-HERALD", relation="at_least", derived_from=["C-Man on the quay"])
    police = says(1, "Harbour", "S-HARBOUR", relation="at_least")
    row = answer(question("count", "drones"), voice, copy, police)
    assert row["answer"].endswith("according to Man on the quay, whom Herald repeats (Harbour: at least 1).")
    assert row["standing"] == "open"


# ---------------------------------------------------------------- who brings the evidence of a presence


def test_a_presence_is_told_by_whoever_counted_it_and_not_by_a_voice_that_the_count_bears_out():
    row = answer(question("presence"), VOICE, HERALD, events=[COUNTED])
    assert row["answer"] == "There was a drone, according to Receiver."
    assert (row["standing"], row["lines"]) == ("likely", 1)


def test_a_second_voice_of_weight_settles_a_presence():
    row = answer(question("presence"), says("present", "Harbour", "S-HARBOUR"), events=[COUNTED])
    assert row["answer"] == "There was a drone, according to Receiver and Harbour."
    assert (row["standing"], row["lines"]) == ("settled", 2)


def test_a_voice_of_unknown_origin_is_no_second_one():
    unsure = says("present", "Harbour", "S-HARBOUR", derived_from=["unknown"])
    row = answer(question("presence"), unsure, events=[COUNTED])
    assert row["answer"] == "There was a drone, according to Receiver."
    assert (row["standing"], row["lines"]) == ("likely", 1)


# ---------------------------------------------------------------- on which matter somebody repeats


def test_that_a_presence_is_from_an_unknown_voice_says_nothing_of_the_speakers_own_numbers():
    asked = question("count", "passengers") | {"question_id": "Q"}
    other = question("presence") | {"question_id": "Q-THERE"}
    said = says("present", "Harbour", "S-HARBOUR", derived_from=["unknown"]) | {"question_id": "Q-THERE"}
    told = event("passengers_affected", 8, value=310.0, unit="passengers", by="Harbour", source="S-HARBOUR")
    laid = bundle([asked, other], [said], events=[told], grades=GRADES)
    row = account(laid).conclusions.filter(question_id="Q").row(0, named=True)
    assert (row["standing"], row["lines"]) == ("likely", 1)


def test_a_number_from_an_unknown_voice_stays_nobodys():
    asked = question("count", "passengers")
    said = says(310, "Harbour", "S-HARBOUR", derived_from=["unknown"], unit="passengers")
    told = event("passengers_affected", 8, value=310.0, unit="passengers", by="Harbour", source="S-HARBOUR")
    row = answer(asked, said, events=[told])
    assert (row["standing"], row["lines"]) == ("open", 0)


# ---------------------------------------------------------------- how sure a speaker is


@pytest.mark.parametrize("hedge", ["suspected", "very likely"])
def test_a_speakers_own_doubt_stands_in_the_sentence(hedge):
    row = answer(question("presence"), says("present", "Harbour", "S-HARBOUR", hedge=hedge))
    assert f"Harbour (“{hedge}”) says that there was a drone" in row["answer"]


def test_who_says_it_flatly_once_is_not_in_doubt():
    said = [says("present", "Harbour", "S-HARBOUR", hedge="suspected"), says("present", "Harbour", "S-LOG")]
    row = answer(question("presence"), *({**one, "claim_id": f"C{n}"} for n, one in enumerate(said)))
    assert "suspected" not in row["answer"]


# ---------------------------------------------------------------- what would settle it


def test_an_observation_that_the_analyst_knows_to_exist_is_named():
    asked = question("presence", settled_by="the quay's camera of 21:00 to 22:00, not yet viewed.")
    row = answer(asked, says("present", "Harbour", "S-HARBOUR"))
    assert row["discriminator"] == "the quay's camera of 21:00 to 22:00, not yet viewed"
    assert row["ask"] is None


# ---------------------------------------------------------------- one aerodrome alone


def test_of_one_aerodrome_alone_a_number_told_of_it_is_the_whole():
    parts = [{"occasion_id": name, "kind": "closure", "known_utc": event("x", 1)["known_utc"]} for name in ("N1", "N2")]
    told = [
        event("diversion", 10, value=4.0, subject_id="LOAA", occasion_id="N1", event_id="E1"),
        event("diversion", 900, value=3.0, subject_id="LOAA", occasion_id="N2", event_id="E2"),
        event("diversion", low=10, high=900, value=7.0, subject_id="LOAA", event_id="E3"),
    ]
    asked = question("count", "diversions")
    laid = {"events": told, "occasions": parts, "aerodromes": ("LOAA",)}
    assert answer(asked, **laid)["answer"] == answer(asked | {"subject_id": "LOAA"}, **laid)["answer"]


# ---------------------------------------------------------------- one occasion, and all of them


def nights(*names):
    return [{"occasion_id": name, "kind": "closure", "known_utc": event("x", 1)["known_utc"]} for name in names]


def on(night, value, by, source):
    return says(value, by, source) | {"question_id": f"Q-{night}"}


def test_what_one_occasion_shows_all_of_them_show():
    asked = [question("presence") | {"question_id": f"Q-{night}", "occasion_id": night} for night in ("N1", "N2")]
    said = [on("N1", "present", "Harbour", "S-HARBOUR"), on("N1", "present", "Ferry", "S-FERRY")]
    counted = event("drones_counted", 8, value=1.0, by="Receiver", source="S-LOG", occasion_id="N1")
    laid = bundle([question("presence"), *asked], said, events=[counted], occasions=nights("N1", "N2"), grades=GRADES)
    made = account(laid).conclusions
    one, all_, other = (made.filter(question_id=name).row(0, named=True) for name in ("Q-N1", "Q", "Q-N2"))
    assert (all_["standing"], all_["lines"]) == (one["standing"], one["lines"])
    assert all_["answer"] == f"{one['answer'].rstrip('.')} (“N1”)."
    assert "There was" not in other["answer"]


def test_a_denial_of_one_occasion_denies_nothing_of_all():
    asked = question("presence") | {"question_id": "Q-N1", "occasion_id": "N1"}
    said = [on("N1", "absent", "Harbour", "S-HARBOUR")]
    laid = bundle([question("presence"), asked], said, occasions=nights("N1", "N2"), grades=GRADES)
    assert "no drone" not in account(laid).conclusions.filter(question_id="Q").row(0, named=True)["answer"]


# ---------------------------------------------------------------- estimates, and who means the same


def metres(value, by, source, **more):
    return says(value, by, source, relation="about", unit="m", **more)


def test_estimates_whose_widths_only_touch_are_not_one():
    said = [metres(40, "Crew", "S-FERRY"), metres(74, "Inquiry", "S-HARBOUR"), metres(80, "Mate", "S-LOG")]
    row = answer(question("distance", "m", about_fraction=0.3), *said)
    assert row["answer"] == (
        "The distance was about 40 m (131 ft), according to Crew; or about 74 m (243 ft), according to Inquiry "
        "(Mate: about 80 m (262 ft))."
    )


def test_who_repeats_an_estimate_that_was_replaced_tells_none_beside_whatever_others_say():
    first = metres(20, "Crew", "S-FERRY", said=10) | {"claim_id": "C-1"}
    copy = says(20, "Guest", "S-AGENCY", unit="m", derived_from=["Crew"])
    later = metres(40, "Crew", "S-FERRY", said=900, supersedes=["C-1"])
    row = answer(question("distance", "m", about_fraction=0.1), first, copy, later, metres(70, "Mate", "S-LOG"))
    assert "Guest" not in row["answer"]
    assert row["against"] == "20 m (65.6 ft) according to Guest."


# ---------------------------------------------------------------- counts beside what was found


def test_a_count_stands_beside_a_find_that_one_person_judged():
    found = [find("F1", 0.98, by=["Harbour"], source=["S-HARBOUR"], assigned_by="Institute")]
    row = answer(question("presence"), events=[COUNTED], finds=found)
    assert row["answer"] == (
        "There was a drone: 1 find shows it with a probability of 98 %; 2 drones were counted, according to Receiver."
    )
    assert (row["standing"], row["lines"]) == ("settled", 2)


# ---------------------------------------------------------------- all explained, and denied


def test_where_all_is_explained_and_somebody_denies_it_nothing_shows_it():
    look = {
        "sighting_id": "G1",
        "role": "resident",
        "known_utc": event("x", 1)["known_utc"],
        "seen": "A light",
        "saw_nothing": False,
        "explained_by": "celestial",
        "said_by": "Resident",
        "source_id": "S-AGENCY",
    }
    row = answer(question("presence"), says("absent", "Harbour", "S-HARBOUR"), sightings=[look])
    assert row["answer"].startswith("Nothing shows that there was a drone: the only sighting is explained")
    assert row["answer"].endswith("; Harbour says that there was none.")
    assert row["standing"] == "likely"


# ---------------------------------------------------------------- how late


@pytest.mark.parametrize(("days", "said"), [(3, "3 days later"), (1, "1 day later")])
def test_between_two_days_that_are_told_without_an_hour_days_are_counted(days, said):
    asked = question("time", "utc", subject_id="backlog_cleared")
    first = 240 - 1440 * days  # midnight
    told_as = {"told_as": "forecast", "said": -9000, "relation": "between", "value_high": clock(first + 1439)}
    plan = says(clock(first), "Ferry", "S-FERRY", **told_as)
    told = event("backlog_cleared", low=240, high=240 + 1440, by="Ferry", source="S-FERRY")
    assert f"it came {said}" in answer(asked, plan, events=[told])["answer"]


def test_what_came_at_an_hour_that_only_its_latest_bound_tells_is_not_counted_in_days():
    asked = question("time", "utc", subject_id="backlog_cleared")
    plan = says(clock(300), "Ferry", "S-FERRY", told_as="forecast", said=-900)
    told = event("backlog_cleared", high=240, by="Ferry", source="S-FERRY")
    assert "it came at least 1 h earlier" in answer(asked, plan, events=[told])["answer"]


def test_whoever_adds_a_line_to_a_presence_is_named_though_the_verdict_rests_on_another_unit():
    crashed = event("crash_counted", 20, value=1.0, unit="crashed", by="Ferry", source="S-FERRY")
    row = answer(question("presence"), says("present", "Master", "S-HARBOUR"), events=[COUNTED, crashed])
    assert row["answer"] == (
        "There was a drone, according to Receiver and Master; 1 drone that came down was counted, according to Ferry."
    )
    assert row["lines"] == 3
    own = crashed | {"said_by": ["Receiver"], "source_id": ["S-LOG"]}
    row = answer(question("presence"), says("present", "Master", "S-HARBOUR"), events=[COUNTED, own])
    assert (row["answer"], row["lines"]) == ("There was a drone, according to Receiver and Master.", 2)
