"""The scenarios that travel in the package: flight/scenarios/*.toml, at least one for each lane, under the lane's name,
and watch/scenarios/*.toml."""

from __future__ import annotations

import difflib

from hotwash import resources
from hotwash.errors import ScenarioError
from hotwash.model.scenario import Scenario, parse

_FLIGHT = (
    *("free-flight", "wing-flight", "bperp", "open-position", "open-traverse", "open-orbit", "open-spiral"),
    *("open-sustain", "basic-flight", "abnormal-fix-lost", "abnormal-link-lost", "abnormal-gust-landing"),
    *("abnormal-battery-low", "abnormal-spoofed-drift"),
)
_WATCH = ("watch-night", "watch-airport")
_SHIPPED = (*_FLIGHT, *_WATCH)


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
    half = "watch" if name in _WATCH else "flight"
    return parse(resources.read(f"{half}/scenarios/{name}.toml").decode("utf-8"), name=f"{name}.toml")
