"""The compiled core: the same plain as compiled, and its assignment against every permutation."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from recordings import crossing, radars

from hotwash.track import kernels, tracking

SAME_TO = 1.0e-6  # the compiled code may add in another order
PLAIN = """
import sys
import polars as pl
from hotwash.model import schema, tables
from hotwash.track import tracking
read = lambda name, table: schema.conform(pl.read_parquet(sys.argv[1] + "/" + name + ".parquet"), table)
found = tracking.track_causal(read("detections", tables.DETECTIONS), read("sensors", tables.SENSORS))
found.tracks.write_parquet(sys.argv[1] + "/tracks.parquet")
"""


def test_the_core_says_the_same_plain_as_compiled(tmp_path: Path):
    detections, sensors = crossing(scans=25, false_per_scan=6), radars(1)
    detections.write_parquet(tmp_path / "detections.parquet")
    sensors.write_parquet(tmp_path / "sensors.parquet")
    subprocess.run(
        [sys.executable, "-c", PLAIN, str(tmp_path)], check=True, env={**os.environ, "NUMBA_DISABLE_JIT": "1"}
    )
    plain = pl.read_parquet(tmp_path / "tracks.parquet")
    compiled = tracking.track_causal(detections, sensors).tracks
    exact = ["track_id", "time_utc", "status", "detection_id", "ident"]
    assert plain.height > 30
    assert plain.select(exact).equals(compiled.select(exact))
    numbers = [name for name, dtype in plain.schema.items() if dtype == pl.Float64]
    for name in numbers:
        found, wanted = compiled[name].fill_null(0.0).to_numpy(), plain[name].fill_null(0.0).to_numpy()
        assert np.allclose(found, wanted, rtol=SAME_TO, atol=SAME_TO), name


def test_the_core_is_compiled_for_one_kind_of_arrays_only():
    tracking.track_causal(crossing(scans=6), radars(1))
    tracking.track_causal(crossing(scans=6).clear(), radars(2))
    assert len(kernels.run.signatures) == 1


SCORES = st.integers(1, 5).flatmap(
    lambda n: st.integers(n, 6).flatmap(
        lambda m: st.lists(st.lists(st.floats(-20.0, 20.0), min_size=m, max_size=m), min_size=n, max_size=n)
    )
)


@given(SCORES)
def test_no_assignment_has_a_greater_sum(rows: list[list[float]]):
    score = np.array(rows)
    n, m = score.shape
    chosen = kernels.assign(score)
    assert len(set(chosen.tolist())) == n
    best = max(sum(score[i, c] for i, c in enumerate(columns)) for columns in itertools.permutations(range(m), n))
    assert score[np.arange(n), chosen].sum() >= best - 1.0e-9
