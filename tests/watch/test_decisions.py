"""What a watch seat may decide, and what is refused: before anything moves, with the thing, the place and a way out."""

from __future__ import annotations

import math

import pytest
from kept import START

from hotwash.errors import CommandError
from hotwash.watch.decisions import InForce, SeatKnowledge, apply_decisions
from hotwash.watch.seat import Decision

KNOWN = SeatKnowledge(
    tracks={"1": (52.0, 21.0), "2": (52.1, 21.1), "3": (52.2, 21.2)}, zones=["north", "sector"],
    aerodromes={"EPXX": (52.1, 21.0)}, sensors={"R1": (52.0, 21.0), "R2": None}, observers={"r1": (52.0, 21.0)},
    now_utc=START,
)  # fmt: skip


def held(*decisions: Decision) -> InForce:
    return apply_decisions(InForce(), decisions, KNOWN)[0]


def recorded(decision: Decision, *before: Decision) -> Decision:
    return apply_decisions(held(*before), [decision], KNOWN)[1][0]


DECLARE = Decision("declare_breach", track_id="1")
SUSPEND = Decision("recommend", place_id="EPXX", measure="suspend")
WARN = Decision("warn", warning_id="W", lat_deg=52.0, lon_deg=21.0, radius_m=5_000.0)
MERGE = Decision("merge", track_id="1", other_track_id="2")


def test_each_kind_of_decision_changes_what_is_in_force():
    after = held(Decision("classify", track_id="3", class_label="bird"), DECLARE, SUSPEND, WARN, MERGE)
    assert after.labels == {"3": "bird"}
    assert after.declared == {("1", "north")}
    assert set(after.measures["EPXX"]) == {("suspend", None)}
    assert after.warnings["W"].radius_m == 5_000.0
    assert after.hidden == {"2"}


def test_what_was_left_out_is_filled_in():
    assert recorded(DECLARE).zone_id == "north"
    at_track = recorded(Decision("warn", track_id="2", radius_m=100.0))
    assert (at_track.warning_id, at_track.lat_deg, at_track.lon_deg) == ("W1", 52.1, 21.1)
    assert recorded(Decision("ask", place_id="EPXX")).lat_deg == 52.1


def test_merged_tracks_part_again_and_dropped_ones_stay_away():
    assert held(MERGE, Decision("split", track_id="1", other_track_id="2")).hidden == set()
    assert held(Decision("drop", track_id="3")).hidden == {"3"}


def test_what_was_merged_before_follows_the_later_merge():
    after = held(MERGE, Decision("merge", track_id="3", other_track_id="1"))
    assert after.merged == {"2": "3", "1": "3"}


def test_a_breach_may_be_declared_again_once_it_was_revoked():
    assert held(DECLARE, Decision("revoke_breach", track_id="1"), DECLARE).declared


def test_resume_ends_all_that_is_held_or_one_part():
    parts = [Decision("recommend", place_id="EPXX", measure="restrict", part=part) for part in ("06L", "24R")]
    one = Decision("recommend", place_id="EPXX", measure="resume", part="06L")
    assert set(held(*parts, one).measures["EPXX"]) == {("restrict", "24R")}
    assert held(*parts, SUSPEND, Decision("recommend", place_id="EPXX", measure="resume")).measures["EPXX"] == {}


def test_a_sector_can_be_restricted_like_an_aerodrome():
    assert held(Decision("recommend", place_id="sector", measure="restrict")).measures["sector"]


REFUSED = {
    "an unknown track": (Decision("classify", track_id="9", class_label="bird"), (), "track_id 9"),
    "no track": (Decision("drop"), (), "which track"),
    "an unknown class": (Decision("classify", track_id="1", class_label="ufo"), (), "drone, aircraft"),
    "a second declaration": (DECLARE, (DECLARE,), "declared already"),
    "a revocation of nothing": (Decision("revoke_breach", track_id="1"), (), "no breach of north"),
    "an unknown zone": (Decision("declare_breach", track_id="1", zone_id="nroth"), (), "did you mean north"),
    "a merge with itself": (Decision("merge", track_id="1", other_track_id="1"), (), "with itself"),
    "a split of what was not merged": (Decision("split", track_id="1", other_track_id="2"), (), "nothing was"),
    "a dropped track": (DECLARE, (Decision("drop", track_id="1"),), "you dropped it"),
    "a merged track": (Decision("drop", track_id="2"), (MERGE,), "merged it into 1"),
    "a drop of a declared breach": (Decision("drop", track_id="1"), (DECLARE,), "revoke that first"),
    "resume where nothing is held": (Decision("recommend", place_id="EPXX", measure="resume"), (), "nothing is held"),
    "a measure in force": (SUSPEND, (SUSPEND,), "in force there since 20:00:00"),
    "an unknown place": (Decision("recommend", place_id="EPYY", measure="suspend"), (), "there are EPXX, north"),
    "an unknown measure": (Decision("recommend", place_id="EPXX", measure="close"), (), "inform_traffic"),
    "a part of a suspension": (
        Decision("recommend", place_id="EPXX", measure="suspend", part="06L"), (), "only restrict takes a part",
    ),
    "a warning without place": (Decision("warn", radius_m=10.0), (), "where?"),
    "a warning with half a place": (Decision("warn", lat_deg=1.0, radius_m=10.0), (), "give both"),
    "a place not on earth": (Decision("warn", lat_deg=91.0, lon_deg=0.0, radius_m=10.0), (), "no place on earth"),
    "a negative radius": (Decision("warn", track_id="1", radius_m=-1.0), (), "above 0"),
    "a radius that is no number": (Decision("warn", track_id="1", radius_m=math.nan), (), "no finite number"),
    "a radius without end": (Decision("warn", track_id="1", radius_m=math.inf), (), "no finite number"),
    "a warning named twice": (WARN, (WARN,), "used already"),
    "an unknown warning": (Decision("cancel_warning", warning_id="V"), (WARN,), "there are W"),
    "a warning made narrower": (Decision("widen_warning", warning_id="W", radius_m=10.0), (WARN,), "give more"),
    "a cancelled warning": (
        Decision("cancel_warning", warning_id="W"), (WARN, Decision("cancel_warning", warning_id="W")), "none",
    ),
    "asking an unknown place": (Decision("ask", place_id="R3"), (), "there are EPXX, r1, R1"),
    "asking a sensor that stands nowhere about nowhere": (Decision("ask", place_id="R2"), (), "where?"),
    "an empty note": (Decision("log", text="  "), (), "wants words"),
    "an endless note": (Decision("log", text="x" * 2_001), (), "cut it"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_it_refuses(case: str):
    decision, before, way_out = REFUSED[case]
    was = held(*before)
    kept = was.copy()
    with pytest.raises(CommandError, match=decision.kind) as refused:
        apply_decisions(was, [decision], KNOWN)
    assert way_out in str(refused.value)
    assert refused.value.thing == decision.kind
    assert refused.value.place
    assert was == kept


def test_one_refusal_refuses_the_whole_step():
    was = InForce()
    with pytest.raises(CommandError, match="decision 2 of 2"):
        apply_decisions(was, [SUSPEND, Decision("drop", track_id="9")], KNOWN)
    assert was == InForce()


@pytest.mark.parametrize("kind", ["engage", "jam", "fire", "intercept", ""])
def test_there_is_no_other_kind_of_decision(kind: str):
    with pytest.raises(CommandError, match="there is no such decision"):
        Decision(kind)


def test_a_track_may_be_named_by_its_number():
    assert Decision("drop", track_id=3).track_id == "3"  # type: ignore[arg-type]
