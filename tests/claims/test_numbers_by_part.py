"""Numbers of different parts of one night: a ferry port that counts buses and cars by quay, and by direction."""

from __future__ import annotations

from laid_out import account, bundle, claim, event, question


def number(value, part, name, *, by="Tower", source="S-TOWER", **more):
    times = {"low": 0, "high": 300} | {key: more.pop(key) for key in ("low", "high") if key in more}
    row = event("crossings_counted", by=by, source=source, **times)
    return {
        **row,
        "event_id": name,
        "unit": "crossings",
        "value": float(value),
        "part": part,
        "is_running": False,
        **more,
    }


def told(*events, claims=()):
    found = account(bundle([question("count", "crossings")], claims, events=events))
    (row,) = found.conclusions.filter(question_id="Q").to_dicts()
    return found, row


def test_numbers_of_two_parts_bound_the_whole_from_below():
    found, row = told(number(4, "north", "E1"), number(9, "south", "E2"))
    assert row["answer"].startswith("The border was crossed at least 13 times, according to Tower")
    assert row["answer"].endswith("; they are told in parts.")
    assert "revised" not in found.bundle_remarks["kind"].to_list()


def test_a_later_number_of_another_part_revises_nothing_and_of_the_same_part_does():
    first = number(4, "north", "E1")
    later = {"known_utc": first["known_utc"].replace(hour=23)}
    apart, _ = told(first, number(9, "south", "E2", **later))
    again, row = told(first, number(9, "north", "E2", **later))
    assert "revised" not in apart.bundle_remarks["kind"].to_list()
    assert "revised" in again.bundle_remarks["kind"].to_list()
    assert "9 times" in row["answer"]


def test_a_part_is_no_rival_of_a_total_and_an_impossible_one_is():
    whole = number(13, None, "E0", by="Police", source="S-POLICE")
    _, row = told(whole, number(9, "south", "E2"))
    assert row["answer"].startswith("The border was crossed 13 times, according to Police")
    assert row["standing"] != "disputed"
    _, row = told(whole, number(6, "north", "E1"), number(9, "south", "E2"))
    assert row["standing"] == "disputed"


def test_two_sayers_who_name_parts_differently_are_not_added():
    _, row = told(number(4, "north", "E1"), number(4, "quay 1", "E2", by="Police", source="S-POLICE"))
    assert "at least 4 times" in row["answer"]


def test_a_claimed_total_of_the_parts_is_possible():
    said = claim(13, by="Speaker", source="S-PAPER", unit="crossings")
    found, _ = told(number(4, "north", "E1"), number(9, "south", "E2"), claims=[said])
    assert found.findings["verdict"].to_list() == ["compatible"]
    less = account(
        bundle(
            [question("count", "crossings")],
            [{**said, "value": "9"}],
            events=[number(4, "north", "E1"), number(9, "south", "E2")],
        )
    )
    assert less.findings["verdict"].to_list() == ["contradicted"]
