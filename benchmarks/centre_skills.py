"""How long mastery and verify take: for `benchmarks/centre.py`, or alone."""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from hotwash.front.centres import verify as verify_centre
from hotwash.lessons.proof import verify
from hotwash.model.objective import Objective, Rule, Standard
from hotwash.skills.mastery import compute_masteries
from hotwash.store import attempts as kept
from hotwash.store import centre as centres
from hotwash.store import objectives

NOW = datetime(2026, 6, 1, tzinfo=UTC)
UTC_US = pl.Datetime("us", "UTC")


def trials(count: int, *, seed: int = 1) -> pl.DataFrame:
    """Return TRIALS of 2,000 people, 20 skills of 3 levels, over two years."""
    rng = np.random.default_rng(seed)
    drawn = pl.DataFrame(
        {
            "number": np.arange(count), "who": rng.integers(0, 2000, count), "what": rng.integers(0, 20, count),
            "level": rng.integers(1, 4, count), "minute": rng.integers(0, 2 * 365 * 1440, count),
            "outcome": rng.choice(["GO", "NO-GO", "NO OPPORTUNITY", "NO DATA"], count, p=[0.75, 0.2, 0.03, 0.02]),
            "is_test": rng.random(count) < 0.7,
        }
    )  # fmt: skip
    return drawn.select(
        pl.format("a{}", "number").alias("attempt_id"), subject_kind=pl.lit("person"),
        subject_id=pl.format("p{}", "who"), skill=pl.format("remote-pilot/s{}", "what"), level="level",
        ended_utc=pl.lit(NOW - timedelta(days=730), dtype=UTC_US) + pl.duration(minutes="minute"),
        is_test="is_test", outcome="outcome",
    )  # fmt: skip


def evidence(count: int, each: int, *, seed: int = 1) -> tuple[list[Objective], pl.DataFrame, pl.DataFrame]:
    """Return objectives, their ATTEMPTS and SCORES: so many objectives with so many attempts each, in two rounds."""
    rng = np.random.default_rng(seed)
    number, of = np.repeat(np.arange(count), each), np.tile(np.arange(each), count)
    later = of >= each // 2
    named = np.where(later, 200, 0)
    drawn = pl.DataFrame({"number": number, "of": of, "named": named, "value": rng.gamma(4.0, 150.0, count * each)})
    start = pl.lit(NOW - timedelta(days=400), dtype=UTC_US)
    ids = pl.format("o{}-{}", "number", "of")
    objective = pl.format("o{}", "number")
    attempts = drawn.select(
        attempt_id=ids, exercise=pl.format("e{}", pl.col("number") % 20), exercise_version=pl.lit("1"),
        seat=pl.lit("watch"), subject_kind=pl.lit("procedure"), subject_id=pl.lit("rule-book"),
        policy=pl.lit("rule-book"), seed="of", is_test=pl.lit(value=True), objective_id=objective,
        state=pl.lit("finished"), named_utc=start + pl.duration(days="named"),
        started_utc=start + pl.duration(days=pl.col("named") + 1, minutes="of"),
        ended_utc=start + pl.duration(days=pl.col("named") + 1, minutes=pl.col("of") + 1), setting=pl.lit("exercise"),
        recording=pl.lit(None, pl.String), recording_hash=pl.lit(None, pl.String),
        void_by=pl.lit(None, pl.String), void_why=pl.lit(None, pl.String), void_utc=pl.lit(None, UTC_US),
    )  # fmt: skip
    score = drawn.select(
        attempt_id=ids, seat=pl.lit("watch"), task=pl.lit(None, pl.String), measure=pl.lit("worst_s"), value="value",
        unit=pl.lit("s"), opportunity=pl.lit("yes"), result=pl.lit(None, pl.String),
    )  # fmt: skip
    objectives = [
        Objective(
            f"o{one}", f"L-{one}", "", "procedure", "", f"e{one % 20}", "1", "watch", "worst_s", "s",
            Standard("at_most", 900.0), Rule(of_subjects=15), attempts=tuple(f"o{one}-{at}" for at in range(each)),
            named_utc=NOW - timedelta(days=200),
        )
        for one in range(count)
    ]  # fmt: skip
    return objectives, attempts, score


def measured() -> dict[str, float]:
    """Return the seconds that each part took, by its name, with its limit beside it under `..._limit_s`."""
    given = trials(1_000_000)
    began = time.perf_counter()
    compute_masteries(given, NOW)
    mastery_s = time.perf_counter() - began
    asked = evidence(1000, 100)
    began = time.perf_counter()
    proofs = verify(*asked, when_utc=NOW)
    verify_s = time.perf_counter() - began
    with (
        tempfile.TemporaryDirectory() as folder,
        centres.create(Path(folder) / "c", name="Bench", now_utc=NOW) as centre,
    ):
        kept.add_many(centre, asked[1], asked[2])
        with centre.writing() as connection:
            for one in asked[0]:
                objectives.put_in(connection, one)
        began = time.perf_counter()
        verify_centre(centre, when_utc=NOW)
        from_store_s = time.perf_counter() - began
    decided = sum(one.result != "NOT ENOUGH EVIDENCE" for one in proofs)
    return {
        "mastery_s": mastery_s, "mastery_limit_s": 10.0, "verify_s": verify_s, "verify_limit_s": 2.0,
        "verify_from_store_s": from_store_s,
        "verify_decided": float(decided),
    }  # fmt: skip


if __name__ == "__main__":
    for name, value in measured().items():
        print(f"{name:20} {value:.2f}")
