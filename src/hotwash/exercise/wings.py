"""The ways of drones that our own fixed wing flies, all of one exercise side by side: TRUTH."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from hotwash.exercise import ways as on_paths
from hotwash.model import schema, tables
from hotwash.model.scenario import Scenario
from hotwash.model.watch import Flier


def ways(fliers: Sequence[Flier], scenario: Scenario, *, seed: int, world: int) -> pl.DataFrame:
    """Return the ways of drones: TRUTH, by object and time."""
    found = [on_paths.way(replace(one, flown="path"), scenario, seed=seed, world=world) for one in fliers]
    return pl.concat([schema.empty(tables.TRUTH), *found])
