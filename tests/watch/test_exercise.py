"""A watch exercise shows what could be known, takes what is decided, and plays again from the decisions alone."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import timedelta

import kept
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotwash.errors import CommandError, RuleError, ScenarioError
from hotwash.front.exercises import replay
from hotwash.front.watches import play_watch
from hotwash.model import schema, tables
from hotwash.model.recording import FOLDER_TABLES, Recording
from hotwash.model.words import WATCH_POLICIES
from hotwash.watch.exercise import WatchExercise
from hotwash.watch.policies import rules
from hotwash.watch.policies.catalogue import watch_policy
from hotwash.watch.seat import Decision, WatchCommand, WatchView


def exercise(staged: Recording | None = None, extra: str = "") -> WatchExercise:
    found = WatchExercise(kept.scenario(extra), record=True, given=staged or kept.staged())
    assert found is not None
    return found


def played(policy: str, seed: int = 1) -> WatchExercise:
    watch = exercise()
    play_watch(watch, watch_policy(policy, watch.scenario, rule_text=kept.RULES), seed=seed)
    return watch


def after(watch: WatchExercise, seconds: float, *decisions: Decision) -> WatchView:
    view = watch.step({"watch": WatchCommand(decisions)})["watch"]
    while watch.time_s < seconds:
        view = watch.step({"watch": WatchCommand()})["watch"]
    return view


def begun() -> WatchExercise:
    watch = exercise()
    watch.reset(1)
    return watch


def same(one: Recording, other: Recording) -> bool:
    frames = [table.name for table in FOLDER_TABLES]
    return one.scenario == other.scenario and all(getattr(one, name).equals(getattr(other, name)) for name in frames)


# ---------------------------------------------------------------- what is seen


def test_the_picture_begins_with_what_the_sensors_told_before_the_watch():
    view = exercise().reset(1)["watch"]
    assert view.time_s == 0.0
    assert view.tracks.height == 2
    assert view.plots["time_utc"].min() < kept.START


def test_nothing_of_the_truth_is_seen():
    watch = begun()
    view = after(watch, 300.0)
    told = [view.plots, view.tracks, view.sensors, view.reports, view.aerodromes, view.events]
    names = {name for frame in told for name in frame.columns}
    assert not names & {"object_id", "truth", "about", "explained_by"}
    assert not any("drone-1" in str(row) for frame in told for row in frame.rows())


def test_no_row_is_shown_before_it_could_be_known():
    watch = begun()
    for _ in range(60):
        view = watch.step({"watch": WatchCommand()})["watch"]
        assert view.tracks["time_utc"].max() <= view.time_utc
        assert view.plots["time_utc"].max() <= view.time_utc
        assert (view.reports["known_utc"] <= view.time_utc).all()


def test_what_comes_later_changes_nothing_that_was_shown():
    whole = kept.staged()
    cut = replace(whole, detections=whole.detections.filter(pl.col("time_utc") <= kept.at(200.0)))
    seen = []
    for staged in (whole, cut):
        watch = exercise(staged)
        watch.reset(1)
        seen.append([after(watch, float(time_s)).tracks for time_s in range(10, 190, 20)])
    assert all(one.equals(other) for one, other in zip(*seen, strict=True))


def test_the_drone_is_seen_to_come_in():
    watch = begun()
    before, later = after(watch, 200.0), after(watch, 400.0)
    drone = pl.col("speed_mps") < 60.0
    assert before.tracks.filter(drone)["answer"].to_list() == ["outside"]
    assert later.tracks.filter(drone & (pl.col("status") == "confirmed"))["answer"].to_list() == ["inside"]


def test_reports_come_when_they_are_known_and_messages_once():
    watch = begun()
    assert after(watch, 55.0).notes == ()
    assert after(watch, 60.0).notes == ("The duty officer asks how things stand.",)
    assert after(watch, 195.0).reports.height == 0
    assert after(watch, 200.0).reports["report_id"].to_list() == ["r1"]


def test_a_sensor_that_says_nothing_is_shown_as_silent():
    whole = kept.staged()
    gone = replace(whole, detections=whole.detections.filter(pl.col("time_utc") <= kept.at(100.0)))
    watch = exercise(gone)
    watch.reset(1)
    assert after(watch, 100.0).sensors["is_silent"].to_list() == [False]
    last = after(watch, 200.0)
    assert last.sensors["is_silent"].to_list() == [True]
    assert last.tracks.height == 0


# ---------------------------------------------------------------- what is decided


def test_decisions_show_in_the_next_view():
    watch = begun()
    view = after(
        watch, 5.0, Decision("classify", track_id="2", class_label="drone"), Decision("declare_breach", track_id="2"),
        Decision("recommend", place_id="EPXX", measure="hold_arrivals"), Decision("warn", track_id="2", radius_m=900.0),
    )  # fmt: skip
    row = view.tracks.filter(track_id=2).row(0, named=True)
    assert (row["label"], row["is_declared"]) == ("drone", True)
    assert (view.aerodromes["state"][0], view.aerodromes["held"].to_list()) == ("held", [["hold_arrivals"]])
    assert view.warnings["radius_m"].to_list() == [900.0]
    assert view.decided == 4


def test_what_is_dropped_or_merged_is_no_longer_shown():
    watch = begun()
    assert after(watch, 5.0, Decision("merge", track_id="1", other_track_id="2")).tracks["track_id"].to_list() == [1]
    assert after(watch, 10.0, Decision("drop", track_id="1")).tracks.height == 0


def test_a_refused_step_moves_nothing():
    watch = begun()
    with pytest.raises(CommandError, match="track_id 99"):
        watch.step({"watch": WatchCommand.of(Decision("drop", track_id="1"), Decision("drop", track_id="99"))})
    assert watch.time_s == 0.0
    assert watch.recording().decisions.height == 0


def test_an_observer_answers_after_a_while_and_a_sensor_names_its_tracks():
    watch = begun()
    asked = Decision("ask", place_id="R1", track_id="2"), Decision("ask", place_id="EPXX")
    assert after(watch, 25.0, *asked).reports.height == 0
    view = after(watch, 30.0)
    assert view.reports["report_id"].to_list() == ["answer-0", "answer-1"]
    assert view.reports["is_answer"].all()
    assert view.reports["text"][0] == "R1 follows 2 there"
    assert view.reports["saw_nothing"][1]  # nothing flies near the field yet
    assert watch.recording().sightings.height == 3


def test_commands_for_another_seat_or_before_the_start_are_refused():
    with pytest.raises(CommandError, match="reset"):
        exercise().step({"watch": WatchCommand()})
    with pytest.raises(CommandError, match="seat watch"):
        begun().step({"pilot": WatchCommand()})


def test_an_unknown_zone_is_refused():
    from hotwash.model.scenario import parse

    text = kept.SCENARIO.replace("[watch]", '[watch]\nzone_id = "south"')
    with pytest.raises(ScenarioError, match="there are north"):
        WatchExercise(parse(text, name="a.toml"), given=kept.staged())


# ---------------------------------------------------------------- what is kept


@pytest.mark.parametrize("policy", WATCH_POLICIES)
def test_one_seed_gives_one_recording_and_the_decisions_alone_give_it_again(policy: str):
    recording = played(policy).recording()
    assert schema.drift(recording.decisions, tables.DECISIONS) == []
    assert same(recording, played(policy).recording())
    assert same(recording, replay(recording))


def test_a_watch_that_was_left_says_so_and_plays_again():
    watch = begun()
    after(watch, 100.0, Decision("log", text="I leave."))
    watch.abandon()
    recording = watch.recording()
    ends = recording.events.filter(kind="watch_abandoned")
    assert ends["start_utc"].to_list() == [kept.START + timedelta(seconds=100)]
    assert same(recording, replay(recording))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 3), st.integers(0, 5)), max_size=8))
def test_any_decisions_are_taken_or_refused_and_play_again(asked: list[tuple[int, int, int]]):
    watch = begun()
    for kind, track, word in asked:
        one = Decision(
            kind=("classify", "merge", "split", "drop", "declare_breach", "revoke_breach", "recommend", "warn",
                  "widen_warning", "cancel_warning", "ask", "log")[kind],
            track_id=str(track), other_track_id=str(word), class_label="bird", place_id=("EPXX", "R1")[word % 2],
            measure=("suspend", "resume")[word % 2], warning_id=f"W{word}", radius_m=100.0 * word, text="x" * word,
        )  # fmt: skip
        with contextlib.suppress(CommandError):
            watch.step({"watch": WatchCommand.of(one)})
    watch.abandon()
    assert same(watch.recording(), replay(watch.recording()))


# ---------------------------------------------------------------- policies


def kinds(policy: str) -> list[str]:
    return played(policy).recording().decisions["kind"].to_list()


def test_the_rule_book_does_what_its_file_says_and_says_on_what_it_rests():
    decisions = played("rule-book").recording().decisions
    assert decisions["kind"].to_list() == ["recommend", "declare_breach", "classify", "warn"]
    assert decisions["rests_on"][1].to_list() == ["rules:declare", "tracks:2"]


def test_the_rule_book_reopens_once_all_is_clear():
    text = kept.RULES.replace("threats_within_m = 8000", "threats_within_m = 2500")
    watch = exercise()
    play_watch(watch, watch_policy("rule-book", watch.scenario, rule_text=text), seed=1)
    measures = watch.recording().decisions.filter(kind="recommend")["measure"].to_list()
    assert measures == ["suspend", "resume"]


def test_the_cautious_close_at_the_first_sign_and_never_reopen():
    found = played("cautious").recording().decisions
    assert found.filter(kind="recommend")["measure"].to_list() == ["suspend"]
    assert found.filter(kind="recommend")["time_utc"][0] == kept.START


def test_the_hasty_take_everything_for_a_drone():
    found = played("hasty").recording().decisions.filter(kind="classify")
    assert set(found["class_label"]) == {"drone"}
    assert found.height >= 2


def test_random_differs_by_seed_and_is_never_refused():
    assert not played("random", 1).recording().decisions.equals(played("random", 2).recording().decisions)


def test_nobody_decides_nothing():
    assert kinds("none") == []


def test_a_rule_book_without_rules_says_how_to_write_them():
    with pytest.raises(RuleError, match="no rules of its own") as refused:
        watch_policy("rule-book", kept.scenario())
    assert rules.HOW in str(refused.value)


RULE = '[[rules]]\nname = "a"\non = "track"\nif = {{ {} }}\ndo = "{}"\n{}\n'
BAD = {
    "no rules": ("", "there are none"),
    "no TOML": ("[[rules", "is not valid TOML"),
    "an unknown condition": (RULE.format("probability_insid_least = 0.5", "drop", ""), "did you mean probability_insi"),
    "an unknown word": (RULE.format('labels = ["dron"]', "drop", ""), "did you mean drone"),
    "a text for a number": (RULE.format('existence_least = "high"', "drop", ""), "not a number"),
    "a number below 0": (RULE.format("existence_least = -1", "drop", ""), "0 or more"),
    "a number for a flag": (RULE.format("has_ident = 1", "drop", ""), "true or false"),
    "what is not protective": (RULE.format("", "engage", ""), "no protective decision"),
    "what is not of a track": (RULE.format("", "cancel_warning", ""), "there are classify"),
    "a class that is missing": (RULE.format("", "classify", ""), "classify needs it"),
    "an unknown measure": (RULE.format("", "recommend", 'measure = "clse"'), "there are inform_traffic"),
    "a name that stands twice": (RULE.format("", "drop", "") * 2, "stands twice"),
    "an unknown key": (RULE.format("", "drop", "colour = 1"), "there are name, on"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_rules_are_refused_with_a_way_out(case: str):
    text, way_out = BAD[case]
    with pytest.raises(RuleError, match=r"ours\.toml") as refused:
        rules.parse(text.replace("{{", "{").replace("}}", "}"), name="ours.toml")
    assert way_out in str(refused.value)
