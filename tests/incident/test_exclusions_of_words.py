"""Two statements in free words that exclude one another: which stands higher, and what was only foretold."""

from __future__ import annotations

from laid_out import account, bundle, claim, question

GRADES = {"S-PORT": "B", "S-BLOG": "D"}


def answer(*said):
    return (
        account(bundle([question("finding")], said, grades=GRADES))
        .conclusions.filter(question_id="Q")
        .row(0, named=True)
    )


def port(summary, **more):
    return claim(None, by="Port office", source="S-PORT", claim_id="C-PORT", summary=summary, **more)


def blog(summary, **more):
    return claim(None, by="Blog", source="S-BLOG", claim_id="C-BLOG", summary=summary, excludes="C-PORT", **more)


def test_what_a_better_page_has_from_nobody_knows_whom_stands_no_higher():
    row = answer(port("The mast was switched off"), blog("The mast was on"))
    assert row["against"].endswith("and Port office stands higher (reliability B against reliability D).")
    row = answer(port("The mast was switched off", derived_from=["unknown"]), blog("The mast was on"))
    assert row["against"] == "Blog and Port office cannot both be right."
    assert row["standing"] == "disputed"


def test_a_forecast_that_did_not_come_is_no_dispute():
    row = answer(port("The mast will be off by Friday", told_as="forecast"), blog("The mast was on all week"))
    assert row["against"] == "What Port office told as forecast did not come, according to Blog."
    assert row["standing"] == "open"
