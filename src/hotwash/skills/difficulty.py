"""Difficulty of tasks and ability of subjects: the one-parameter logistic model, from all attempts at once or by Elo.

    P(pass) = 1 / (1 + exp(difficulty - ability)),   abilities normal around 0

It only chooses and compares tasks; `mastery` alone decides whether a skill is shown.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotwash.model.outcomes import GO, NO_GO

FloatArray = NDArray[np.float64]

_NODES = 31  # of the Gauss-Hermite rule over abilities; 21 give the same to 1e-4
_ROUNDS = 500
_ENOUGH = 1e-6
_WIDEST = 3.0  # standard deviation of difficulties, a priori: keeps a task that all passed from going to infinity
ELO_STEP = 0.4


@dataclass(frozen=True, slots=True)
class Estimate:
    """A place on the scale, with its standard deviation and the two-sided interval at 90 %."""

    value: float
    sigma: float
    trials: int

    @property
    def interval(self) -> tuple[float, float]:
        half = NormalDist().inv_cdf(0.95) * self.sigma
        return self.value - half, self.value + half


@dataclass(frozen=True, slots=True)
class Scale:
    """Tasks and subjects on one scale. `spread` is the standard deviation of abilities."""

    difficulties: Mapping[str, Estimate]
    abilities: Mapping[str, Estimate]
    spread: float


def estimate_scale(tried: pl.DataFrame) -> Scale:
    """Return difficulties and abilities from whole attempts: marginal maximum likelihood, by expectation-maximisation.

    tried     columns subject, task, outcome; rows other than GO and NO-GO are left out. Repeated attempts of one
              subject at one task are treated as independent, and learning between them is not modelled
    returns   difficulties with standard errors from the cross products of the subjects' scores, abilities as posterior
              means; without rows an empty scale

    Source: Bock and Aitkin 1981, Psychometrika 46, 443-459.
    """
    rows = tried.filter(pl.col("outcome").is_in([GO, NO_GO]))
    if rows.is_empty():
        return Scale({}, {}, 1.0)
    subjects, tasks = rows["subject"].unique().sort(), rows["task"].unique().sort()
    who, what = (_places(rows[name], among) for name, among in (("subject", subjects), ("task", tasks)))
    passed = np.zeros((len(subjects), len(tasks)))
    total = np.zeros_like(passed)
    np.add.at(total, (who, what), 1.0)
    np.add.at(passed, (who, what), (rows["outcome"] == GO).to_numpy().astype(float))
    nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    difficulty, spread = _fit_difficulties(passed, total, nodes, weights)
    posterior = _posterior(passed, total, difficulty, spread * nodes, weights)
    mean = posterior @ (spread * nodes)
    around = np.sqrt(np.maximum(posterior @ (spread * nodes) ** 2 - mean**2, 0.0))
    sigma = _standard_errors(passed, total, difficulty, spread * nodes, posterior)
    many, each = total.sum(axis=0).astype(int), total.sum(axis=1).astype(int)
    return Scale(
        {str(one): Estimate(float(difficulty[at]), float(sigma[at]), int(many[at])) for at, one in enumerate(tasks)},
        {str(one): Estimate(float(mean[at]), float(around[at]), int(each[at])) for at, one in enumerate(subjects)},
        float(spread),
    )


def elo(
    ratings: Mapping[str, float], subject: str, task: str, *, is_pass: bool, step: float = ELO_STEP
) -> dict[str, float]:
    """Return ratings after one attempt: the subject gains what the task loses, more for an unexpected outcome.

    ratings   before; a subject or task that is not in it begins at 0
    step      for a completely unexpected outcome

    For attempts that arrive one by one, in place of `estimate_scale`.
    Source: Elo 1978; Pelanek 2016, Computers & Education 98.
    """
    able, hard = ratings.get(f"subject:{subject}", 0.0), ratings.get(f"task:{task}", 0.0)
    surprise = float(is_pass) - chance(able, hard)
    return {**ratings, f"subject:{subject}": able + step * surprise, f"task:{task}": hard - step * surprise}


def chance(ability: float, difficulty: float) -> float:
    """Return the probability of a pass."""
    return 1.0 / (1.0 + math.exp(difficulty - ability))


def information(ability: float, difficulty: float) -> float:
    """Return how much one attempt reveals about an ability: 1/4 where chances are even, less where they are uneven.

    Source: Fisher information of the one-parameter logistic model.
    """
    p = chance(ability, difficulty)
    return p * (1.0 - p)


def _places(values: pl.Series, among: pl.Series) -> NDArray[np.int64]:
    return np.searchsorted(among.to_numpy(), values.to_numpy()).astype(np.int64)


def _fit_difficulties(
    passed: FloatArray, total: FloatArray, nodes: FloatArray, weights: FloatArray
) -> tuple[FloatArray, float]:
    """Return difficulties (tasks,) and the spread of abilities."""
    share = (passed.sum(axis=0) + 0.5) / (total.sum(axis=0) + 1.0)
    difficulty, spread = -np.log(share / (1.0 - share)), 1.0
    for _ in range(_ROUNDS):
        at = spread * nodes
        posterior = _posterior(passed, total, difficulty, at, weights)
        expected = posterior.T @ total  # (nodes, tasks): attempts at each ability
        p = 1.0 / (1.0 + np.exp(difficulty[None, :] - at[:, None]))
        slope = passed.sum(axis=0) - (expected * p).sum(axis=0) + difficulty / _WIDEST**2
        bend = (expected * p * (1.0 - p)).sum(axis=0) + 1.0 / _WIDEST**2
        moved = difficulty - np.clip(slope / bend, -1.0, 1.0)
        wider = math.sqrt(float((posterior @ at**2).mean()))
        is_done = np.max(np.abs(moved - difficulty)) < _ENOUGH and abs(wider - spread) < _ENOUGH
        difficulty, spread = moved, max(wider, 0.05)
        if is_done:
            break
    return difficulty, spread


def _posterior(
    passed: FloatArray, total: FloatArray, difficulty: FloatArray, at: FloatArray, weights: FloatArray
) -> FloatArray:
    """Return (subjects, nodes): how probable each ability is."""
    apart = at[:, None] - difficulty[None, :]
    log_p, log_q = -np.logaddexp(0.0, -apart), -np.logaddexp(0.0, apart)
    likely = passed @ log_p.T + (total - passed) @ log_q.T + np.log(weights)[None, :]
    likely -= likely.max(axis=1, keepdims=True)
    density = np.exp(likely)
    return np.asarray(density / density.sum(axis=1, keepdims=True), dtype=np.float64)


def _standard_errors(
    passed: FloatArray, total: FloatArray, difficulty: FloatArray, at: FloatArray, posterior: FloatArray
) -> FloatArray:
    """Return standard errors of the difficulties (tasks,)."""
    p = 1.0 / (1.0 + np.exp(difficulty[None, :] - at[:, None]))
    scores = total * (posterior @ p) - passed  # (subjects, tasks): slopes of each subject's likelihood
    information = scores.T @ scores + np.eye(len(difficulty)) / _WIDEST**2
    return np.sqrt(np.diag(np.linalg.inv(information)))
