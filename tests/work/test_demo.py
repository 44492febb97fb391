"""The demo's folder: where it goes, what it may replace, and how far it says that it is."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from hotwash.errors import WriteError
from hotwash.store.folders import hash_of
from hotwash.work import demo
from hotwash.work.demo import Step

NOW = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def finished(folder: Path) -> Path:
    """A folder as a demo leaves it."""
    folder.mkdir()
    (folder / "account.html").write_text("known")
    (folder / ".finished").write_text(hash_of(folder))
    return folder


def test_the_account_goes_to_a_folder_here_with_the_invented_bundles_beside_it(here: Path):
    told: list[Step] = []
    shown = demo.weigh_example(now_utc=NOW, progress=told.append)
    assert shown.page == Path("hotwash-demo/account.html")
    assert (here / "hotwash-demo" / "account.html").is_file()
    for name in ("airport-2026", "closures-2026"):
        assert (here / "hotwash-demo" / name / "incident.toml").is_file()
    assert [(one.number, one.of) for one in told] == [(1, 1)]


def test_an_earlier_demo_that_nobody_changed_is_replaced(here: Path):
    finished(here / "hotwash-demo")
    assert demo.choose_folder(None) == Path("hotwash-demo")
    assert not (here / "hotwash-demo").exists()


@pytest.mark.parametrize("change", ["changed", "added", "taken out", "not finished"])
def test_an_earlier_demo_in_which_somebody_worked_stays_and_the_next_name_is_taken(here: Path, change: str):
    folder = finished(here / "hotwash-demo")
    if change == "changed":
        (folder / "account.html").write_text("known better")
    if change == "added":
        (folder / "mine.txt").write_text("mine")
    if change == "taken out":
        (folder / "account.html").unlink()
    if change == "not finished":
        (folder / ".finished").unlink()
    held = {path.name for path in folder.iterdir()}
    assert demo.choose_folder(None) == Path("hotwash-demo-2")
    assert {path.name for path in folder.iterdir()} == held


def test_a_file_or_a_link_of_that_name_is_left_alone(here: Path):
    (here / "hotwash-demo").write_text("mine")
    (here / "hotwash-demo-2").symlink_to(finished(here / "elsewhere"))
    assert demo.choose_folder(None) == Path("hotwash-demo-3")
    assert (here / "elsewhere" / "account.html").is_file()


def test_an_empty_folder_is_filled(here: Path):
    (here / "hotwash-demo").mkdir()
    assert demo.choose_folder(None) == Path("hotwash-demo")


def test_a_folder_that_was_named_is_never_replaced(here: Path):
    with pytest.raises(WriteError, match="is not empty"):
        demo.choose_folder(finished(here / "named"))


def test_the_time_left_goes_down_from_step_to_step():
    told: list[Step] = []
    steps = demo._Steps(told.append)
    for at, doing in enumerate(demo._PLAN):
        steps.begin(at, doing)
    steps.go_on("half", 0.5)
    left = [one.seconds_left for one in told]
    assert left[0] is None
    assert left[1:] == sorted((one for one in left[1:] if one is not None), reverse=True)
    assert {one.of for one in told} == {len(demo._PLAN)}
