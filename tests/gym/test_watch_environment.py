"""The environment of a watch seat keeps Gymnasium's contract, and plays what the exercise plays."""

from __future__ import annotations

from pathlib import Path

import gymnasium
import kept
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

import hotwash.gym
from hotwash.front.exercises import replay
from hotwash.gym import WatchEnv
from hotwash.gym import watch_fields as f
from hotwash.model.recording import FOLDER_TABLES, Recording

QUIET = "ignore:.*"  # the checker talks through warnings; what is wrong it raises
KINDS = [one.name for one in f.KINDS]


def env(**more: object) -> WatchEnv:
    return WatchEnv(kept.scenario(), given=kept.staged(), **more)  # type: ignore[arg-type]


def action(kind: str, row: int = 0, argument: int = 0) -> np.ndarray:
    return np.array([KINDS.index(kind), row, argument])


def same(one: Recording, other: Recording) -> bool:
    frames = [table.name for table in FOLDER_TABLES]
    return one.scenario == other.scenario and all(getattr(one, name).equals(getattr(other, name)) for name in frames)


@pytest.mark.filterwarnings(QUIET)
def test_it_keeps_gymnasiums_contract():
    check_env(env(render_mode="ansi"), skip_render_check=False)


@pytest.mark.filterwarnings(QUIET)
def test_it_is_made_by_its_name():
    made = gymnasium.make(hotwash.gym.WATCH_NAME, exercise=kept.scenario(), given=kept.staged())
    made.reset(seed=1)
    assert made.step(made.action_space.sample())[0] in made.observation_space


def test_one_seed_and_the_same_actions_give_one_recording_which_plays_again():
    recordings = []
    for _ in range(2):
        watch = env(record=True)
        watch.reset(seed=7)
        watch.action_space.seed(3)
        for _ in range(80):
            seen, *_ = watch.step(watch.action_space.sample())
            assert seen in watch.observation_space
        recordings.append(watch.recording())
    assert same(*recordings)
    assert same(recordings[0], replay(recordings[0]))


def test_every_kind_of_action_can_be_taken():
    watch = env(record=True)
    watch.reset(seed=1)
    asked = [
        action("classify", 0, 0), action("merge", 0, 1), action("split"), action("declare_breach"),
        action("revoke_breach"), action("recommend", 0, 4), action("recommend", 0, 5), action("warn_at_track", 0, 1),
        action("widen_warning", 0, 4), action("cancel_warning"), action("ask"), action("ask_sensor"), action("drop"),
        action("nothing"),
    ]  # fmt: skip
    told = [watch.step(one)[4]["refused"] for one in asked]
    assert told == [""] * len(asked)
    assert watch.recording().decisions.height == len(asked) - 1


def test_what_cannot_be_done_does_nothing_and_costs_a_little():
    watch, idle = env(record=True), env()
    watch.reset(seed=1), idle.reset(seed=1)
    _, reward, _, _, told = watch.step(action("cancel_warning", 7))
    assert "there are 0" in told["refused"]
    assert reward == pytest.approx(idle.step(action("nothing"))[1] - 0.01)
    assert watch.recording().decisions.height == 0


def test_a_right_declaration_earns_and_a_wrong_one_costs():
    def earned(steps: int) -> float:
        watch = env()
        watch.reset(seed=1)
        for _ in range(steps):
            watch.step(action("nothing"))
        row = next(at for at, one in enumerate(watch.table_rows("tracks")) if one["speed_mps"] < 60.0)
        return watch.step(action("declare_breach", row))[1]

    assert earned(2) < -0.9  # the drone is outside yet
    assert earned(80) > 0.9


def test_the_watch_ends_at_its_time_limit():
    watch = env()
    watch.reset(seed=1)
    told = [watch.step(action("nothing"))[2:4] for _ in range(120)]
    assert told[:-1] == [(False, False)] * 119
    assert told[-1] == (False, True)


@pytest.mark.parametrize("declared", [f.TRACK, f.REPORT, f.AERODROME, f.WARNING, f.CLOCK, f.KINDS])
def test_every_number_stands_in_the_manual(declared: tuple[f.Field, ...]):
    manual = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "gym.md").read_text(encoding="utf-8")
    for at, field in enumerate(declared):
        assert f"| {at} | `{field.name}` | {field.meaning} |" in manual
