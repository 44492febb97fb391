"""Heights above ground and above sea level: a glider field at 900 m, where both were told."""

from __future__ import annotations

from laid_out import account, bundle, claim, question

HEIGHT = question("height", "m", about_fraction=0.1)


def said(value, by, ref=None, unit="m", **more):
    source = {"Tower": "S-TOWER", "Police": "S-POLICE", "Paper": "S-PAPER"}[by]
    return claim(value, by=by, source=source, unit=unit, value_ref=ref, claim_id=f"C-{by}", **more)


def told(*claims):
    """Return the answer and the verdicts, by claim."""
    found = account(bundle([HEIGHT], claims))
    assert found.contradictions.is_empty()
    (row,) = found.conclusions.filter(question_id="Q").to_dicts()
    return row, dict(found.findings.select("claim_id", "verdict").iter_rows()), found.findings


def test_heights_above_ground_and_above_sea_level_are_not_compared():
    row, verdicts, _ = told(said(300, "Tower", "AGL"), said(1200, "Police", "AMSL"))
    assert row["answer"] == (
        "It was at 300 m (984 ft) AGL, according to Tower; and 1\u202f200 m (3\u202f940 ft) AMSL, according to Police."
    )
    assert (row["standing"], row["against"]) == ("likely", None)
    assert set(verdicts.values()) == {"uncorroborated"}


def test_one_number_above_two_things_supports_nothing():
    _, verdicts, _ = told(said(1200, "Tower", "AGL"), said(1200, "Police", "AMSL"))
    assert set(verdicts.values()) == {"uncorroborated"}


def test_heights_above_one_thing_are_compared():
    row, verdicts, _ = told(said(300, "Tower", "AGL"), said(300, "Police", "AGL"))
    assert (row["answer"], row["standing"]) == (
        "It was at 300 m (984 ft) AGL, according to Police and Tower.",
        "settled",
    )
    assert set(verdicts.values()) == {"supported"}


def test_a_height_of_which_nobody_says_above_what_stands_apart():
    row, _, _ = told(said(300, "Tower", "AGL"), said(500, "Police"))
    assert row["answer"].endswith("; and 500 m (1\u202f640 ft) (above what is not told), according to Police.")
    assert row["standing"] == "likely"


def test_who_repeats_the_number_above_something_else_is_contradicted_by_whom_they_repeat():
    row, verdicts, findings = told(
        said(14000, "Police", "AMSL", unit="ft"), said(4200, "Paper", "AGL", derived_from=["Police"])
    )
    assert verdicts == {"C-Police": "uncorroborated", "C-Paper": "contradicted"}
    reason = findings.filter(claim_id="C-Paper")["reason"][0]
    assert reason == "It repeats Police, who tells the same number AMSL (C-Police)."
    assert row["answer"] == "It was at 14\u202f000 ft (4\u202f270 m) AMSL, according to Police."
    assert row["against"] == "4\u202f200 m (13\u202f800 ft) AGL according to Paper."


def test_who_converts_a_height_above_the_sea_into_one_above_ground_repeats_rightly():
    _, verdicts, _ = told(said(14000, "Police", "AMSL", unit="ft"), said(390, "Paper", "AGL", derived_from=["Police"]))
    assert verdicts["C-Paper"] == "uncorroborated"
