"""Measure how often mastery and difficulty are right, on simulated people of known ability; write docs/accuracy.md.

uv run python scripts/measure_skills.py
"""

from __future__ import annotations

from pathlib import Path

import girth
import numpy as np
import polars as pl
from openskill.models import PlackettLuce
from scipy.stats import binom

from hotwash.model.mastery import ASKED
from hotwash.model.shares import lower_bound
from hotwash.skills.difficulty import estimate_scale
from hotwash.skills.mastery import DEFAULT_WINDOW, table_of_bounds

PAGE = Path(__file__).resolve().parents[1] / "docs" / "accuracy.md"
BEGIN, END = "<!-- skills: begin -->", "<!-- skills: end -->"
SHARES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
CAREERS, TESTS, SEED = 20_000, 30, 1
WORLDS = ((50, 8, 1.0), (100, 12, 0.7), (400, 12, 0.7), (100, 30, 0.3))
TIMES = 40


def bounds() -> list[str]:
    rows = [f"| {of} | {passes} | {held:.3f} | {below:.3f} |" for of, passes, held, below in table_of_bounds()]
    return [
        "| test attempts | passes that are enough | their bound | one pass fewer |",
        "| --- | --- | --- | --- |",
        *rows,
    ]


def held(share: float, trials: int) -> float:
    """Return how often the bound is no higher than the true share: exact, from the binomial distribution."""
    return sum(float(binom.pmf(k, trials, share)) for k in range(trials + 1) if lower_bound(k, trials) <= share)


def mastered_by(share: float) -> tuple[float, float, float]:
    """Return how often somebody reads mastered: after six attempts, after fifteen, and ever within thirty."""
    at = [sum(float(binom.pmf(k, n, share)) for k in range(n + 1) if lower_bound(k, n) >= ASKED) for n in (6, 15)]
    passed = np.random.default_rng(SEED).random((CAREERS, TESTS)) < share
    ever = np.zeros(CAREERS, bool)
    for end in range(5, TESTS + 1):
        window = passed[:, max(0, end - DEFAULT_WINDOW.attempts) : end]
        enough = np.array([lower_bound(k, window.shape[1]) >= ASKED for k in range(window.shape[1] + 1)])
        ever |= enough[window.sum(axis=1)]
    return at[0], at[1], float(ever.mean())


def shares() -> list[str]:
    rows = []
    for share in SHARES:
        six, fifteen, ever = mastered_by(share)
        covers = " | ".join(f"{held(share, n):.2f}" for n in (6, 15))
        rows.append(f"| {share:g} | {covers} | {six:.2f} | {fifteen:.2f} | {ever:.2f} |")
    head = "| true share | bound holds, 6 | bound holds, 15 | mastered after 6 | after 15 | ever within 30 |"
    return [head, "| --- | --- | --- | --- | --- | --- |", *rows]


def world(people: int, tasks: int, share: float, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, pl.DataFrame]:
    rng = np.random.default_rng(seed)
    able, hard = rng.normal(0.0, 1.0, people), rng.normal(0.0, 1.0, tasks)
    passed = rng.random((people, tasks)) < 1.0 / (1.0 + np.exp(hard - able[:, None]))
    who, what = np.nonzero(rng.random((people, tasks)) < share)
    rows = pl.DataFrame(
        {
            "subject": [f"p{one:04d}" for one in who],
            "task": [f"t{one:02d}" for one in what],
            "outcome": np.where(passed[who, what], "GO", "NO-GO"),
        }
    )
    return able, hard, passed, rows


def recovered(people: int, tasks: int, share: float) -> str:
    hards, ables, off = [], [], []
    for seed in range(TIMES):
        able, hard, _, rows = world(people, tasks, share, seed)
        found = estimate_scale(rows)
        for name, one in found.difficulties.items():
            true = hard[int(name[1:])]
            hards.append(one.interval[0] <= true <= one.interval[1])
            off.append(one.value - true)
        ables += [one.interval[0] <= able[int(who[1:])] <= one.interval[1] for who, one in found.abilities.items()]
    rmse = float(np.sqrt(np.mean(np.square(off))))
    return f"| {people} | {tasks} | {share:.0%} | {np.mean(hards):.2f} | {rmse:.2f} | {np.mean(ables):.2f} |"


def beside() -> str:
    """Return how far we are from girth, and how we agree with openskill on the order of tasks."""
    apart, like, truly = [], [], []
    for seed in range(10):
        _, hard, passed, rows = world(200, 10, 1.0, seed)
        ours = np.array([one.value for one in estimate_scale(rows).difficulties.values()])
        theirs = girth.onepl_mml(passed.T.astype(int))
        other = theirs["Difficulty"] * theirs["Discrimination"]
        apart.append(np.abs((ours - ours.mean()) - (other - other.mean())).max())
        model = PlackettLuce()
        tasks = [model.rating() for _ in hard]
        for person in range(len(passed)):
            own = model.rating()
            for task in range(len(hard)):
                pair = [[own], [tasks[task]]] if passed[person, task] else [[tasks[task]], [own]]
                after = model.rate(pair)
                own, tasks[task] = (row[0] for row in (after if passed[person, task] else after[::-1]))
        rated = np.array([one.mu for one in tasks])
        like.append(np.corrcoef(ours, rated)[0, 1])
        truly.append((np.corrcoef(ours, hard)[0, 1], np.corrcoef(rated, hard)[0, 1]))
    ours_true, theirs_true = np.mean(truly, axis=0)
    return (
        f"Beside girth 0.8 (`onepl_mml`, 10 worlds of 200 people and 10 tasks) no difficulty is further than "
        f"{max(apart):.3f} away. With openskill's Plackett-Luce ratings of the same attempts the correlation is "
        f"{min(like):.2f} to {max(like):.2f}; with the truth ours is {ours_true:.3f} on average, openskill's "
        f"{theirs_true:.3f}, since it takes attempts one by one."
    )


def text() -> str:
    head = "| people | tasks | tried | difficulty in its 90 % interval | error, rms | ability in its 90 % interval |"
    lines = [
        BEGIN, "", *bounds(), "",
        f"How often that is right, for somebody who passes a given share of such tests (exact; the last column by "
        f"{CAREERS:,} careers of {TESTS} tests, seed {SEED}):", "", *shares(), "",
        f"Difficulties and abilities on the logistic scale, {TIMES} worlds a row, seeds 0 to {TIMES - 1}, abilities "
        "and difficulties normal with a standard deviation of 1:", "",
        head, "| --- | --- | --- | --- | --- | --- |", *(recovered(*one) for one in WORLDS), "", beside(), "", END,
    ]  # fmt: skip
    return "\n".join(lines)


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    PAGE.write_text(before + text() + rest.partition(END)[2], encoding="utf-8")
    print(text())
