"""The watches of the example centre: what their seeds give, whole, and true to the exercises of today."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import by_path
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from hotwash import resources
from hotwash.errors import ReadError
from hotwash.front.exercises import load_scenario
from hotwash.model import scenario as scenarios
from hotwash.model.recording import FOLDER_TABLES
from hotwash.work import example_recordings
from hotwash.work.loop import RECORDED_THREADS, Thread

MOST_BYTES = 3_700_000
LAST_DIGITS = 1e-6  # degrees, metres, metres a second: another machine may round a last digit the other way
ANEW = "run `uv run python scripts/build_example_centre.py` and commit"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return by_path.script("build_example_centre")


@pytest.mark.parametrize("thread", RECORDED_THREADS, ids=lambda one: one.exercise)
def test_a_shipped_recording_is_what_its_seed_gives(script: ModuleType, thread: Thread):
    seed = thread.seeds[-1]
    shipped = example_recordings.read_recording(load_scenario(thread.exercise), policy=thread.policy, seed=seed)
    made = script.record(thread, seed)
    assert made.scenario == shipped.scenario, ANEW
    for table in FOLDER_TABLES:
        ours, theirs = getattr(shipped, table.name), getattr(made, table.name)
        assert_frame_equal(ours, theirs, check_exact=False, rel_tol=0.0, abs_tol=LAST_DIGITS)


@pytest.mark.parametrize("thread", RECORDED_THREADS, ids=lambda one: one.exercise)
def test_every_shipped_recording_is_of_the_exercise_as_it_is_now(thread: Thread):
    """The name and version stand in each recording; a rule that was changed without a new version shows here."""
    now = load_scenario(thread.exercise)
    for seed in thread.seeds:
        held = example_recordings.read_recording(now, policy=thread.policy, seed=seed)
        carried = scenarios.parse(str(held.scenario), name="scenario.toml")
        assert (carried.name, carried.version, carried.seed) == (now.name, now.version, seed), ANEW
        assert carried.watch.rules == now.watch.rules, ANEW
        assert held.truth.height
        assert held.detections.height
        assert held.decisions.height


def test_the_recordings_are_small():
    folder = resources._examples() / resources.CENTRE / "recorded"
    assert sum(path.stat().st_size for path in Path(str(folder)).rglob("*") if path.is_file()) <= MOST_BYTES


def test_what_is_the_same_for_all_seeds_is_stored_once():
    _, frames = example_recordings._frames("watch-night")
    assert "seed" not in frames["zones"].columns
    assert "seed" not in frames["sensors"].columns
    assert frames["truth"]["seed"].n_unique() == 6


@pytest.mark.parametrize(
    ("change", "policy", "seed", "why"),
    [
        ({"version": "99"}, "rule-book", 101, r"version"),
        ({}, "hasty", 101, r"policy"),
        ({}, "rule-book", 7, r"seed"),
        ({"name": "watch-nowhere"}, "rule-book", 101, r"no prepared recording of this exercise"),
    ],
)
def test_another_exercise_version_policy_or_seed_is_refused(change: dict[str, str], policy: str, seed: int, why: str):
    scenario = replace(load_scenario("watch-night"), **change)
    with pytest.raises(ReadError, match=why):
        example_recordings.read_recording(scenario, policy=policy, seed=seed)


def test_a_file_that_was_exchanged_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    theirs = Path(str(resources._examples() / resources.CENTRE / "recorded" / "watch-airport"))
    ours = tmp_path / resources.CENTRE / "recorded" / "watch-airport"
    shutil.copytree(theirs, ours)
    (ours / "decisions.arrow.xz").write_bytes((ours / "events.arrow.xz").read_bytes())
    monkeypatch.setattr(resources, "_examples", lambda: tmp_path)
    example_recordings._frames.cache_clear()
    with pytest.raises(ReadError, match="not the ones that were made"):
        example_recordings.read_recording(load_scenario("watch-airport"), policy="rule-book", seed=201)
    example_recordings._frames.cache_clear()


def test_packing_loses_nothing_and_keeps_the_order_of_rows(script: ModuleType):
    thread = RECORDED_THREADS[0]
    seeds, scenario = thread.seeds[:2], load_scenario(thread.exercise)
    held = {seed: example_recordings.read_recording(scenario, policy=thread.policy, seed=seed) for seed in seeds}
    packed = script.pack(held)
    frame = pl.read_ipc(resources.unpack("truth.xz", packed["truth.arrow.xz"]))
    again = frame.filter(seed=seeds[0]).drop("seed").sort("time_utc", "object_id")
    assert again.equals(held[seeds[0]].truth.select(again.columns))
