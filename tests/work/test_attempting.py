"""Attempts in a centre: named first, written down before they begin, and counted whatever becomes of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hotwash.errors import CentreError, ObjectiveError, ReadError
from hotwash.front.centres import load_curriculum, measure_skills, verify
from hotwash.model import schema, tables
from hotwash.model.objective import Objective, Rule, Standard
from hotwash.model.recording import Recording
from hotwash.store import attempts, centre, objectives
from hotwash.store.centre import Centre
from hotwash.work import attempting
from hotwash.work.attempting import AttemptRequest, PlayResult, Subject, seeds_of, subject_of

NOW = datetime(2026, 5, 1, tzinfo=UTC)
AUTOPILOT = Subject("procedure", "autopilot")
HOME = Objective(
    "home", "L-1", "It comes home", "procedure", "", "abnormal-battery-low", "2", "pilot", "points", "points",
    Standard("at_least", 8.0), Rule(of_subjects=6, share=0.5),
)  # fmt: skip
ASKED = AttemptRequest("abnormal-battery-low", AUTOPILOT, "autopilot", (1, 2, 3, 4, 5, 6), "home")


class Clock:
    """A clock that goes on a minute each time it is looked at."""

    def __init__(self) -> None:
        self.time_utc = NOW

    def __call__(self) -> datetime:
        self.time_utc += timedelta(minutes=1)
        return self.time_utc


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Centre]:
    with centre.create(tmp_path / "centre", name="school", now_utc=NOW) as made:
        objectives.put_objective(made, HOME)
        yield made


@pytest.fixture
def ten_points(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Nothing is flown: every seed gets ten points, but 13 breaks off."""
    flown: list[int] = []

    def played(_: AttemptRequest, __: object, seed: int) -> PlayResult:
        flown.append(seed)
        if seed == 13:
            raise KeyboardInterrupt
        row = {"attempt_id": "x", "seat": "pilot", "measure": "points", "value": 10.0, "unit": "points", "result": "GO"}
        return PlayResult(Recording(), schema.frame(tables.SCORES, [row]))

    monkeypatch.setattr(attempting, "_play", played)
    return flown


def named(opened: Centre, seeds: str = "1:6") -> tuple[str, ...]:
    return attempting.plan_attempts(
        opened, "home", subject=AUTOPILOT, policy="autopilot", seeds=seeds_of(seeds), now_utc=NOW
    )[1]  # fmt: skip


def tried(opened: Centre, asked: AttemptRequest = ASKED) -> tuple[attempting.AttemptResult, ...]:
    return attempting.attempt(opened, asked, clock=Clock())


def test_what_was_named_and_flown_holds(opened: Centre, ten_points: list[int]):
    named(opened)
    done = tried(opened)
    assert [one.attempt_id for one in done] == [f"home-autopilot-{seed}" for seed in range(1, 7)]
    found = verify(opened, when_utc=NOW + timedelta(days=1))
    assert (found.proofs[0].result, found.exit_code) == ("HOLDS", 0)
    assert found.flat()["lessons"][0]["lesson_id"] == "L-1"


def test_scores_and_recording_are_kept_under_the_attempt(opened: Centre, ten_points: list[int]):
    named(opened)
    tried(opened, replace(ASKED, seeds=(1,)))
    row = attempts.attempts(opened).row(0, named=True)
    assert (row["state"], row["policy"], row["recording"]) == ("finished", "autopilot", "recordings/home-autopilot-1")
    assert (opened.folder / row["recording"]).is_dir()
    score = attempts.scores(opened).row(0, named=True)
    assert (score["attempt_id"], score["subject_id"], score["exercise_version"]) == (
        "home-autopilot-1", "autopilot", "2",
    )  # fmt: skip


def test_a_flight_that_is_broken_off_is_abandoned_and_a_miss(opened: Centre, ten_points: list[int]):
    named(opened, "8:13")
    with pytest.raises(KeyboardInterrupt):
        tried(opened, replace(ASKED, seeds=tuple(range(8, 14))))
    assert attempts.attempts(opened)["state"].to_list()[-1] == "abandoned"
    found = verify(opened, when_utc=NOW + timedelta(days=1))
    assert (found.proofs[0].result, found.exit_code) == ("DOES NOT HOLD", 1)


def test_it_is_written_down_as_started_before_it_begins(
    opened: Centre, ten_points: list[int], monkeypatch: pytest.MonkeyPatch
):
    named(opened)
    seen: list[str] = []

    def played(*_: object) -> PlayResult:
        seen.append(attempts.attempts(opened)["state"].to_list()[0])
        raise ReadError("lane", why="is gone")

    monkeypatch.setattr(attempting, "_play", played)
    with pytest.raises(ReadError):
        tried(opened)
    assert seen == ["started"]


def test_what_was_not_named_is_not_flown_for_an_objective(opened: Centre, ten_points: list[int]):
    named(opened, "1:3")
    with pytest.raises(ObjectiveError, match=r"seed 4.*plan attempts before they are flown"):
        tried(opened)
    assert not ten_points


def test_a_named_attempt_is_flown_once(opened: Centre, ten_points: list[int]):
    named(opened)
    tried(opened)
    with pytest.raises(CentreError, match="is finished already"):
        tried(opened)


def test_a_seed_is_named_once_for_an_objective(opened: Centre):
    named(opened)
    with pytest.raises(ObjectiveError, match=r"seed 6.*each attempt needs a new seed"):
        named(opened, "6:9")


def test_another_version_of_the_exercise_is_refused_before_it_is_flown(opened: Centre, ten_points: list[int]):
    objectives.put_objective(opened, replace(HOME, exercise_version="1"))
    with pytest.raises(ObjectiveError, match="the version is part of the evidence"):
        tried(opened)


def test_a_policy_sits_in_no_persons_place(opened: Centre):
    with pytest.raises(ReadError, match="no person's place"):
        tried(opened, replace(ASKED, subject=Subject("person", "p1"), objective_id=""))
    objectives.put_objective(opened, replace(HOME, subject="person", role="pilot"))
    with pytest.raises(ObjectiveError, match="never count for people"):
        named(opened)


def test_without_an_objective_attempts_are_practice_unless_they_are_tests(opened: Centre, ten_points: list[int]):
    tried(opened, replace(ASKED, objective_id="", seeds=(1, 2)))
    tried(opened, replace(ASKED, objective_id="", seeds=(3, 4), is_test=True))
    assert attempts.attempts(opened)["is_test"].to_list() == [False, False, True, True]
    course = load_curriculum("remote-pilot")
    found = measure_skills(opened, course, when_utc=NOW + timedelta(days=1))
    assert found.select("skill", "passes", "trials", "standing").rows() == [
        ("remote-pilot/battery-low", 2, 2, "provisional")
    ]


def test_an_attempt_is_void_with_a_reason_and_the_reason_is_told(opened: Centre, ten_points: list[int]):
    named(opened, "1:7")
    tried(opened, replace(ASKED, seeds=seeds_of("1:7")))
    attempting.void(opened, "home-autopilot-7", by="i7", why="the wind was set wrongly", now_utc=NOW)
    proof = verify(opened, when_utc=NOW + timedelta(days=1)).proofs[0]
    assert (proof.result, proof.trials) == ("HOLDS", 6)
    assert "void: the wind was set wrongly" in proof.why


@pytest.mark.parametrize("text", ["pilot:p1", "person:", "person:a/b", "p1"])
def test_a_subject_that_cannot_be_is_refused(text: str):
    with pytest.raises(ReadError, match="KIND:ID"):
        subject_of(text)


@pytest.mark.parametrize("text", ["", "a:b", "5:2", "-1:3", "0:99999"])
def test_seeds_that_cannot_be_are_refused(text: str):
    with pytest.raises(ReadError):
        seeds_of(text)


def test_seeds_are_given_with_both_ends():
    assert seeds_of("3:5") == (3, 4, 5)
    assert seeds_of("7") == (7,)


def test_the_autopilot_really_flies_and_what_is_kept_scores_the_same_again(opened: Centre):
    from hotwash.work import scoring

    (done,) = tried(opened, replace(ASKED, objective_id="", seeds=(1,)))
    again = scoring.score_folder(opened.folder / done.recording)
    assert (again.measured.points, again.measured.result) == (done.value, done.result)


def test_a_watch_without_an_objective_tells_how_long_it_took_to_declare(
    opened: Centre, monkeypatch: pytest.MonkeyPatch
):
    """A watch has no points, and "points no data" told nothing."""
    row = {"attempt_id": "x", "seat": "watch", "measure": "worst_first_detectable_to_declared", "unit": "s"}
    asked = AttemptRequest("watch-night", Subject("procedure", "hasty"), "hasty", (1,))
    for more, wanted in (({"value": 60.0}, (60.0, "")), ({"result": "NO OPPORTUNITY"}, (None, "NO OPPORTUNITY"))):
        scores = schema.frame(tables.SCORES, [row | more])
        monkeypatch.setattr(attempting, "_play", lambda *_, scores=scores: PlayResult(Recording(), scores))
        (done,) = tried(opened, asked)
        assert (done.measure, done.value, done.result) == (row["measure"], *wanted)
