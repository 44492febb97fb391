"""Measure what it costs to show a share, and how often a smaller share is ever called shown; write docs/accuracy.md.

uv run python scripts/measure_proof.py
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

import numpy as np
import polars as pl

from hotwash.lessons.proof import verify
from hotwash.model import anytime, schema, tables
from hotwash.model.objective import Objective, Rule, Standard
from hotwash.model.proof import HOLDS, Proof
from hotwash.model.schema import UTC as UTC_US

PAGE = Path(__file__).resolve().parents[1] / "docs" / "accuracy.md"
BEGIN, END = "<!-- proof: begin -->", "<!-- proof: end -->"
SHARES, ROUNDS, MISSES = (0.5, 0.6, 0.7, 0.8, 0.9), (1, 2, 3), (0, 1, 2, 3)
HISTORIES, ATTEMPTS, SEED = 500, 200, 1
WITHIN = (30, 60, 200)
TRUE_SHARES = (0.7, 0.79)
REQUIRED = 0.8
HABITS = {  # how many are named at once; how long before (or after) the last of them ends the next are named
    "one at a time": (1, 30),
    "six at a time": (6, 30),
    "fifteen at a time": (15, 30),
    "six at a time, the next before the last of them ends": (6, -30),
    "sixty at a time": (60, 30),
}
START = datetime(2026, 1, 1, tzinfo=UTC)


def costs() -> list[str]:
    """Return how many subjects it takes, a row for each share and round."""
    head = "| share | round | " + " | ".join(f"{n} missed" for n in MISSES) + " |"
    rows = [
        f"| {share:g} | {number} | "
        + " | ".join(str(anytime.fewest_trials(share, misses=n, at_level=anytime.level(number))) for n in MISSES)
        + " |"
        for share in SHARES
        for number in ROUNDS
    ]
    return [head, "| --- | --- |" + " --- |" * len(MISSES), *rows]


def evidence(true_share: float, at_once: int, after_s: int) -> tuple[list[Objective], pl.DataFrame, pl.DataFrame]:
    """Return objectives with ATTEMPTS and SCORES whose runs pass with a probability, named some at once."""
    number = np.repeat(np.arange(HISTORIES), ATTEMPTS)
    of = np.tile(np.arange(ATTEMPTS), HISTORIES)
    batch = of // at_once
    length_s = 120 * at_once + after_s  # from one naming to the next
    named = batch * length_s
    passed = np.random.default_rng(SEED).random(len(of)) < true_share
    drawn = pl.DataFrame({"number": number, "of": of, "named": named, "begins": named + 120 * (of % at_once) + 60,
                          "value": np.where(passed, 1.0, 0.0)})  # fmt: skip
    start = pl.lit(START, dtype=UTC_US)
    ids, subject = pl.format("o{}-{}", "number", "of"), pl.lit("rule-book")
    attempts = drawn.select(
        attempt_id=ids, exercise=pl.lit("e"), exercise_version=pl.lit("1"), seat=pl.lit("watch"),
        subject_kind=pl.lit("procedure"), subject_id=subject, policy=subject, seed="of", is_test=pl.lit(value=True),
        objective_id=pl.format("o{}", "number"), state=pl.lit("finished"), setting=pl.lit("exercise"),
        named_utc=start + pl.duration(seconds="named"), started_utc=start + pl.duration(seconds="begins"),
        ended_utc=start + pl.duration(seconds=pl.col("begins") + 60),
    )  # fmt: skip
    scores = drawn.select(attempt_id=ids, seat=pl.lit("watch"), measure=pl.lit("m"), value="value", unit=pl.lit("s"),
                          opportunity=pl.lit("yes"))  # fmt: skip
    objectives = [
        Objective(f"o{one}", f"L-{one}", "", "procedure", "", "e", "1", "watch", "m", "s", Standard("at_least", 1.0),
                  Rule(of_subjects=6, share=REQUIRED))
        for one in range(HISTORIES)
    ]  # fmt: skip
    frames = (_full(attempts, tables.ATTEMPTS), _full(scores, tables.SCORES))
    return objectives, *frames


def _full(frame: pl.DataFrame, table: schema.Table) -> pl.DataFrame:
    missing = [pl.lit(None, one.dtype).alias(one.name) for one in table.columns if one.name not in frame.columns]
    return schema.conform(frame.with_columns(missing), table)


def tried_until_it_held(proof: Proof) -> int:
    """Return how many attempts were named until a round first held; more than all where none did."""
    named = accumulate(one.trials + one.waiting for one in proof.rounds)
    return next((n for n, one in zip(named, proof.rounds, strict=True) if one.result == HOLDS), ATTEMPTS + 1)


def errors() -> list[str]:
    head = "| true share | habit | " + " | ".join(f"within {n}" for n in WITHIN) + " |"
    rows = []
    for true_share in TRUE_SHARES:
        for habit, (at_once, after_s) in HABITS.items():
            proofs = verify(*evidence(true_share, at_once, after_s), when_utc=START + timedelta(days=300))
            tried = np.array([tried_until_it_held(one) for one in proofs])
            ever = " | ".join(f"{np.mean(tried <= n):.3f}" for n in WITHIN)
            rows.append(f"| {true_share:g} | {habit} | {ever} |")
    return [head, "| --- | --- |" + " --- |" * len(WITHIN), *rows]


def text() -> str:
    lines = [
        BEGIN, "", "How many subjects it takes to show a share:", "", *costs(), "",
        f"How often a smaller share is *ever* called {REQUIRED:g} ({HISTORIES} histories of {ATTEMPTS} attempts a row, "
        f"seed {SEED}, evaluated after every attempt; a new round is begun whenever one is decided):",
        "", *errors(), "", END,
    ]  # fmt: skip
    return "\n".join(lines)


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    PAGE.write_text(before + text() + rest.partition(END)[2], encoding="utf-8")
    print(text())
