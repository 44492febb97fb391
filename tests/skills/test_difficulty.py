"""Difficulties and abilities: recovered from people of known ability, and beside girth and openskill."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from hotwash.skills.difficulty import chance, elo, estimate_scale, information

MANY = 400


def simulated(seed: int, *, people: int = MANY, tasks: int = 10, share: float = 1.0):
    """Return abilities, difficulties, the matrix of passes and the rows of those who tried."""
    rng = np.random.default_rng(seed)
    able, hard = rng.normal(0.0, 1.0, people), np.sort(rng.normal(0.0, 1.0, tasks))
    passed = rng.random((people, tasks)) < 1.0 / (1.0 + np.exp(hard - able[:, None]))
    who, what = np.nonzero(rng.random((people, tasks)) < share)
    rows = pl.DataFrame(
        {
            "subject": [f"p{one:04d}" for one in who], "task": [f"t{one:02d}" for one in what],
            "outcome": np.where(passed[who, what], "GO", "NO-GO"),
        }
    )  # fmt: skip
    return able, hard, passed, rows


def test_difficulties_are_those_of_girth():
    girth = pytest.importorskip("girth")
    _, _, passed, rows = simulated(1)
    ours = np.array([one.value for one in estimate_scale(rows).difficulties.values()])
    theirs = girth.onepl_mml(passed.T.astype(int))
    on_our_scale = theirs["Difficulty"] * theirs["Discrimination"]  # girth holds the spread of abilities at 1
    spread = estimate_scale(rows).spread
    np.testing.assert_allclose(ours - ours.mean(), on_our_scale - on_our_scale.mean(), atol=0.05)
    assert float(np.mean(theirs["Discrimination"])) == pytest.approx(spread, abs=0.05)


def test_nine_in_ten_intervals_hold_the_difficulty_and_the_ability():
    held: list[bool] = []
    of_people: list[bool] = []
    for seed in range(12):
        able, hard, _, rows = simulated(seed, people=100, share=0.7)
        found = estimate_scale(rows)
        held += [one.interval[0] <= true <= one.interval[1]
                 for one, true in zip(found.difficulties.values(), hard, strict=True)]  # fmt: skip
        true_of = {f"p{number:04d}": one for number, one in enumerate(able)}
        of_people += [one.interval[0] <= true_of[who] <= one.interval[1] for who, one in found.abilities.items()]
    assert 0.85 <= np.mean(held) <= 0.97  # 120 of them: two standard errors are 0.055
    assert 0.87 <= np.mean(of_people) <= 0.93  # 1,200: 0.017


def test_the_order_of_tasks_is_that_of_openskill_and_of_the_truth():
    models = pytest.importorskip("openskill.models")
    _, hard, passed, rows = simulated(3, people=200)
    model = models.PlackettLuce()
    tasks = [model.rating() for _ in hard]
    ratings: dict[str, float] = {}
    for person in range(len(passed)):
        own = model.rating()
        for task in range(len(hard)):
            won = bool(passed[person, task])
            teams = [[own], [tasks[task]]] if won else [[tasks[task]], [own]]
            after = model.rate(teams)
            own, tasks[task] = (after[0][0], after[1][0]) if won else (after[1][0], after[0][0])
            ratings = elo(ratings, f"p{person}", f"t{task:02d}", is_pass=won)
    by_openskill = np.array([one.mu for one in tasks])
    by_elo = np.array([ratings[f"task:t{one:02d}"] for one in range(len(hard))])
    by_all = np.array([one.value for one in estimate_scale(rows).difficulties.values()])
    assert np.corrcoef(by_all, hard)[0, 1] > 0.98
    for found in (by_all, by_elo):  # those that take attempts one by one keep the noise of the last ones
        assert np.corrcoef(found, by_openskill)[0, 1] > 0.85


def test_a_task_that_all_passed_stays_on_the_scale():
    rows = pl.DataFrame({"subject": ["a", "b", "c"], "task": ["t"] * 3, "outcome": ["GO"] * 3})
    found = estimate_scale(rows).difficulties["t"]
    assert -10.0 < found.value < 0.0
    assert found.sigma > 1.0


def test_only_passes_and_misses_are_taken():
    rows = pl.DataFrame({"subject": ["a"], "task": ["t"], "outcome": ["NO DATA"]})
    assert estimate_scale(rows).difficulties == {}


def test_elo_moves_by_the_surprise_and_gives_what_it_takes():
    after = elo({"subject:p": 2.0}, "p", "t", is_pass=False)
    assert after["subject:p"] - 2.0 == pytest.approx(-after["task:t"])
    assert after["task:t"] > 0.3


def test_most_is_told_where_chances_are_even():
    assert information(0.7, 0.7) == 0.25
    assert information(0.0, 2.0) < information(0.0, 1.0) < 0.25
    assert chance(1.0, 0.0) == pytest.approx(1 / (1 + np.exp(-1)))
