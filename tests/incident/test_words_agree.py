"""Who speaks of a cause, and whether they agree: a ski-jump floodlight above an alpine field."""

from __future__ import annotations

import pytest
from laid_out import account, bundle, claim, question

CAUSE = question("cause")
AGREE = "all who speak of it agree, and nobody else tells it; words are not weighed"


def said(value, by, **more):
    return claim(value, by=by, source=f"S-{by.upper()}", summary=f"{by}: it was the {value}.", **more)


@pytest.mark.parametrize(
    ("claims", "wanted"),
    [
        ([said("floodlight", "Police"), said("Floodlight", "Tower")], AGREE),
        ([said("floodlight", "Police"), said("drone", "Tower")], "told, not weighed"),
        ([said("floodlight", "Police"), said(None, "Tower")], "told, not weighed"),
        ([said("floodlight", "Police")], "told, not weighed"),
    ],
    ids=["agree", "differ", "one without a value", "one alone"],
)
def test_those_who_speak_of_a_cause_are_said_to_agree_where_their_values_do(claims, wanted):
    (row,) = account(bundle([CAUSE], claims)).conclusions.filter(question_id="Q").to_dicts()
    assert (row["standing"], row["how_sure"]) == ("open", wanted)
