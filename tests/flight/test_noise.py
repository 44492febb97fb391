"""Random numbers of an exercise: published vectors of the generator, true normals, and no world that minds another."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from scipy.special import ndtri

from hotwash.flight.layout import LINK_NOISE, NOISES
from hotwash.flight.noise import kernels

QUANTILE_TO = 1.0e-6
LOG_TO = 1.0e-9  # a quantile to 1e-6 needs no more
FIVE_SIGMA = 5.0

# Random123 1.14, tests/kat_vectors, philox4x32 with 10 rounds: counter, key, words.
PUBLISHED = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def words(text: str) -> np.ndarray:
    return np.array([[int(word, 16)] for word in text.split()], np.uint64)


def drawn(worlds: int, *, lanes: int, step: int, seed: int = 1) -> np.ndarray:
    """Return noise (worlds, NOISES) drawn in blocks of `lanes`; world w has the key seed * 1000 + w."""
    blocks = worlds // lanes
    keys = (np.arange(worlds, dtype=np.uint64) + np.uint64(seed * 1000)).reshape(blocks, lanes)
    noise = np.zeros((blocks, NOISES, lanes))
    kernels.fill(noise, keys, np.full((blocks, lanes), step, np.int64), 0, blocks)
    return noise.transpose(0, 2, 1).reshape(worlds, NOISES)


@pytest.mark.parametrize(("counter", "key", "wanted"), PUBLISHED)
def test_the_generator_gives_the_words_that_its_authors_published(counter: str, key: str, wanted: str):
    found = np.zeros((4, 1), np.uint64)
    kernels.philox(found, words(counter), words(key))
    assert found.tolist() == words(wanted).tolist()


def test_normals_are_the_quantiles_of_their_shares():
    shares = np.concatenate([np.logspace(-10, -0.31, 500), 1.0 - np.logspace(-8, -0.31, 500)])
    found = np.empty(shares.size)
    kernels.normals(shares, found, np.empty((4, shares.size)))
    assert np.abs(found - ndtri(shares)).max() < QUANTILE_TO


def test_logarithms_are_those_of_the_library():
    values = np.concatenate([np.logspace(-12, 12, 997), [0.5, 1.0, 1.5, 2.0]])
    found = np.empty(values.size)
    kernels.logs(values, found, np.empty((2, values.size)))
    assert np.allclose(found, np.log(values), rtol=LOG_TO, atol=LOG_TO)


def test_what_is_drawn_has_the_moments_of_its_kind_and_no_field_follows_another():
    rows = np.concatenate([drawn(1024, lanes=32, step=step) for step in range(40)])
    scale = FIVE_SIGMA / np.sqrt(len(rows))
    normal = np.delete(rows, LINK_NOISE, axis=1)
    uniform = rows[:, LINK_NOISE]
    assert np.abs(normal.mean(axis=0)).max() < scale
    assert np.abs(normal.var(axis=0) - 1.0).max() < scale * np.sqrt(2.0)
    assert np.abs((normal**4).mean(axis=0) - 3.0).max() < scale * np.sqrt(96.0)
    assert abs(uniform.mean() - 0.5) < scale * np.sqrt(1.0 / 12.0)
    assert uniform.min() > 0.0
    assert uniform.max() < 1.0
    together = np.corrcoef(rows.T) - np.eye(NOISES)
    assert np.abs(together).max() < scale


def test_a_world_draws_the_same_alone_and_among_many():
    many = drawn(64, lanes=32, step=9)
    alone = np.concatenate([drawn(64, lanes=1, step=9)])
    assert np.array_equal(many, alone)


def test_another_step_or_key_draws_other_numbers():
    here = drawn(32, lanes=32, step=3)
    assert not np.any(here == drawn(32, lanes=32, step=4))
    assert not np.any(here == drawn(32, lanes=32, step=3, seed=2))


def test_only_the_blocks_that_were_asked_for_are_drawn():
    noise = np.zeros((3, NOISES, 4))
    kernels.fill(noise, np.zeros((3, 4), np.uint64), np.zeros((3, 4), np.int64), 1, 2)
    assert not noise[[0, 2]].any()
    assert noise[1].all()


PLAIN = """
import numpy as np
from hotwash.flight.noise import kernels
noise = np.zeros((1, 8, 4))
kernels.fill(noise, np.arange(4, dtype=np.uint64).reshape(1, 4), np.full((1, 4), 5, np.int64), 0, 1)
print(noise.tobytes().hex())
"""


def test_the_numbers_are_the_same_plain_as_compiled():
    found = {
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", PLAIN],
            check=True,
            env={**os.environ, "NUMBA_DISABLE_JIT": off},
            capture_output=True,
            text=True,
        ).stdout
        for off in ("0", "1")
    }
    assert len(found) == 1
