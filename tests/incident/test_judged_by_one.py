"""One who examines is one line, however many report the find: wreckage near an invented field in Latvia."""

from __future__ import annotations

from laid_out import account, bundle, claim, find, question

PRESENCE = question("presence", text="Was there a drone?")
PAPERS = {"by": ["Daily", "Weekly", "Radio"], "source": ["S-PAPER", "S-UNGRADED", "S-RADIO"]}


def answer(asked, *said, **laid):
    return account(bundle([asked], said, **laid)).conclusions.filter(question_id="Q").row(0, named=True)


def test_three_who_report_a_find_make_one_judgement_no_surer():
    row = answer(PRESENCE, finds=[find("F1", 0.97, assigned_by="Laboratory", **PAPERS)])
    assert (row["standing"], row["lines"]) == ("likely", 1)
    assert row["how_sure"] == "it rests on the judgement of one alone: Laboratory"


def test_two_finds_judged_by_one_are_one_line_and_by_two_are_two():
    near = {"by": "Warden", "source": "S-TOWER"}
    same = [find("F1", 0.95, assigned_by="Laboratory"), find("F2", 0.95, assigned_by="Laboratory", **near)]
    assert [answer(PRESENCE, finds=same)[name] for name in ("standing", "lines")] == ["likely", 1]
    two = [same[0], find("F2", 0.95, assigned_by="Coroner", **near)]
    assert [answer(PRESENCE, finds=two)[name] for name in ("standing", "lines")] == ["settled", 2]


def test_a_count_by_finds_rests_on_their_judge_and_a_claim_of_the_judge_is_no_second_line():
    rows = [find(f"F{place}", 0.99, assigned_by="Laboratory", **PAPERS) for place in range(3)]
    row = answer(question("count", "finds"), finds=rows)
    assert (row["answer"], row["lines"], row["standing"]) == ("There were 3 finds.", 1, "likely")
    said = claim("present", by="Laboratory", source="S-POLICE")
    assert answer(PRESENCE, said, finds=rows)["lines"] == 1


def test_the_lines_of_a_verdict_name_who_judged():
    rows = [find("F1", 0.97, assigned_by="Laboratory", **PAPERS)]
    found = account(bundle([PRESENCE], [claim("present")], finds=rows)).findings.row(0, named=True)
    assert (found["verdict"], found["independent_lines"]) == ("supported", ["Laboratory"])
    own = claim("present", by="Laboratory")
    assert account(bundle([PRESENCE], [own], finds=rows)).findings["verdict"].to_list() == ["uncorroborated"]
