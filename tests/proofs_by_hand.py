"""Three proofs made by hand: of a procedure that holds, of persons not yet tried, of a procedure that does not hold."""

from __future__ import annotations

from dataclasses import replace

from hotwash.model.proof import DOES_NOT_HOLD, HOLDS, NOT_ENOUGH, Proof

HELD = Proof(
    "warned", "L-1", "The rule book warns in time", "1", "procedure", "exercise", "night", "1", "worst_s", "s", HOLDS,
    6, 6, 0.8056, 0.8, 6, "6 of 6 runs met it.", reference=27_000.0, reference_high=27_300.0,
    rows=("attempts:a1",),
)  # fmt: skip
BY_PEOPLE = replace(
    HELD, objective_id="warned-persons", title="Officers warn in time", subject="person", result=NOT_ENOUGH,
    passes=0, trials=0, lower_90=None, why="No attempt was planned and flown for it.", rows=(),
)  # fmt: skip
FAILED = replace(
    HELD, objective_id="open", lesson_id="L-2", title="It opens in time", result=DOES_NOT_HOLD, passes=1, lower_90=0.05,
    why="1 of 6 runs met it.", reference=None, reference_high=None,
)  # fmt: skip
