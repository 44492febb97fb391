"""What the assessment of a find says of a claimed identity; free words and intent, which are not weighed."""

from __future__ import annotations

import pytest
from laid_out import claim, find, finds, judged, question


def identity(value, chance, kind="uas", **more):
    laid = [find("F1", chance, object_kind=kind, **more)]
    return judged(question("identity", subject_id="F1"), claim(value), finds=laid)


@pytest.mark.parametrize(
    ("value", "chance", "kind", "wanted"),
    [
        ("uas", 0.90, "uas", "supported"),
        ("uas", 0.89, "uas", "compatible"),
        ("missile_part", 0.95, "uas", "contradicted"),
        ("missile_part", 0.94, "uas", "compatible"),
        ("uas", 0.05, "missile_part", "contradicted"),
        ("missile_part", 0.02, "missile_part", "supported"),
        ("model_aircraft", 0.02, "missile_part", "compatible"),
        ("unknown", 0.99, "uas", "compatible"),
    ],
)
def test_an_identity_is_held_against_the_assessment_of_the_find(value, chance, kind, wanted):
    assert identity(value, chance, kind)["verdict"] == wanted


def test_a_uas_of_another_night_is_still_a_uas():
    # probability_find is of that night: 0.02 may doubt the night alone, since the find is taken for a uas.
    assert identity("uas", 0.02, "uas")["verdict"] == "compatible"


def test_a_kind_other_than_uas_is_supported_only_under_a_named_assumption():
    assert identity("missile_part", 0.02, "missile_part")["assumptions"] == ["M-NAMED-KIND"]


def test_an_identity_is_not_supported_by_the_speaker_who_assessed_it():
    assert identity("uas", 1.0, assigned_by="Speaker")["verdict"] == "uncorroborated"


def test_a_find_without_probability_and_a_find_that_is_not_there_decide_nothing():
    assert "no probability" in identity("uas", None)["reason"]
    row = judged(question("identity", subject_id="F9"), claim("uas"))
    assert (row["verdict"], row["reason"]) == ("not_testable", "Not testable: F9 is not a find of this account.")


@pytest.mark.parametrize("kind", ["cause", "finding", "identity"])
def test_free_words_are_listed_not_computed(kind):
    row = judged(question(kind, subject_id="F1"), claim("it lost its way"), finds=finds(1.0))
    assert (row["verdict"], row["probability"]) == ("not_weighed", None)


def test_intent_is_never_judged():
    row = judged(question("intent"), claim("deliberate"), finds=finds(1.0, 1.0))
    assert (row["verdict"], row["reason"]) == (
        "not_weighed",
        "Intent is never judged; each statement is listed with its speaker.",
    )
