"""The scenarios that travel in the package: scenarios/*.toml, at least one for each lane, under the lane's name, and
those of the watch."""

from __future__ import annotations

import difflib

from hotwash import resources
from hotwash.errors import ScenarioError
from hotwash.model.scenario import Scenario, parse

_SHIPPED = (
    *("free-flight", "wing-flight", "bperp", "open-position", "open-traverse", "open-orbit", "open-spiral"),
    *("open-sustain", "basic-flight", "abnormal-fix-lost", "abnormal-link-lost", "abnormal-gust-landing"),
    *("abnormal-battery-low", "abnormal-spoofed-drift", "watch-night", "watch-airport"),
)


def shipped() -> tuple[str, ...]:
    """Return the names of the scenarios that travel in the package."""
    return _SHIPPED


def load(name: str) -> Scenario:
    """Return a shipped scenario.

    raises   ScenarioError when none has this name, with the nearest that there is
    """
    if name not in _SHIPPED:
        near = difflib.get_close_matches(name, _SHIPPED, n=1, cutoff=0.5)
        way_out = f"did you mean {near[0]}?" if near else f"there are {', '.join(_SHIPPED)}"
        raise ScenarioError(name, why=f"no scenario of that name is shipped; {way_out}")
    return parse(resources.read(f"exercise/scenarios/{name}.toml").decode("utf-8"), name=f"{name}.toml")
