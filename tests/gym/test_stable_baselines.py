"""Stable-Baselines3 finds nothing to object to; it runs where it is installed: `nox -s agents`."""

from __future__ import annotations

import pytest
from flown_scenarios import scenario

from hotwash.gym import PilotEnv

checker = pytest.importorskip("stable_baselines3.common.env_checker")


def test_it_keeps_the_contract_without_a_warning():
    checker.check_env(PilotEnv(scenario()), warn=True)
