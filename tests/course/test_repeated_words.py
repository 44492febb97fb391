"""Statements that are repeated: misquoted words, heights told again by who has corrected them, many words."""

from __future__ import annotations

import pytest
from laid_out import account, bundle, claim, question

GRADES = {"S-TOWER": "A", "S-AGENCY": "C", "S-PAPER": "C", "S-RADIO": "C"}


def made(asked, *said):
    return account(bundle([asked], said, grades=GRADES))


def answer(asked, *said):
    return made(asked, *said).conclusions.filter(question_id="Q").row(0, named=True)["answer"]


def finding(asked, name, *said):
    return made(asked, *said).findings.filter(claim_id=name).row(0, named=True)


# ---------------------------------------------------------------- words


@pytest.mark.parametrize("origin", ["Agency", "C1", "S-AGENCY"])
def test_who_makes_a_denial_of_what_cannot_be_told_is_contradicted_by_the_one_whom_they_repeat(origin: str):
    row = finding(
        question("presence"),
        "C2",
        claim("cannot_tell", by="Agency", source="S-AGENCY", claim_id="C1"),
        claim("absent", by="Paper", source="S-PAPER", claim_id="C2", derived_from=[origin]),
    )
    assert row["verdict"] != "supported"
    assert row["reason"].endswith("It repeats Agency, who says otherwise (C1).")


def test_who_repeats_a_word_as_it_was_said_is_not_reproached():
    row = finding(
        question("presence"),
        "C2",
        claim("cannot_tell", by="Agency", source="S-AGENCY", claim_id="C1"),
        claim("cannot_tell", by="Paper", source="S-PAPER", claim_id="C2", derived_from=["Agency"]),
    )
    assert "says otherwise" not in row["reason"]


# ---------------------------------------------------------------- heights


def test_who_repeats_a_height_that_its_speaker_has_said_anew_since_is_no_witness():
    said = answer(
        question("height", "m", about_fraction=0.1),
        claim(300, relation="about", by="Crew", source="S-TOWER", claim_id="C1"),
        claim(300, relation="about", by="Agency", source="S-AGENCY", claim_id="C2", derived_from=["Crew"]),
        claim(300, by="Agency", source="S-AGENCY", claim_id="C3", derived_from=["Crew"], supersedes=["C2"]),
        claim(300, relation="about", by="Paper", source="S-PAPER", claim_id="C4", derived_from=["C2"]),
    )
    assert said.endswith("according to Crew, whom Agency and Paper repeat.")


# ---------------------------------------------------------------- many words


def word(text, number, source="S-PAPER", **more):
    names = {"by": f"Body {number}", "claim_id": f"C{number}", "said": number, "summary": text}
    return claim(text, source=source, **{**names, **more})


def test_of_many_statements_those_of_better_sources_are_not_left_out():
    log = word("Departures were not stopped", 0, "S-TOWER", by="Tower")
    text = answer(question("finding"), log, *(word(f"Word {n}", n) for n in range(1, 6)))
    assert text == (
        "Tower: Departures were not stopped; Body 3: Word 3; Body 4: Word 4; Body 5: Word 5; 2 more statements below."
    )


def test_of_many_statements_those_that_exclude_one_another_are_all_said():
    first = word("Word 1", 1, excludes=["C3"])
    text = answer(question("finding"), first, *(word(f"Word {n}", n, "S-TOWER") for n in range(2, 7)))
    assert text == "Body 1: Word 1; Body 3: Word 3; Body 5: Word 5; Body 6: Word 6; 2 more statements below."
