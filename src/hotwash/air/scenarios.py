"""The scenarios that travel in the package: flight/scenarios/*.toml, at least one for each lane, under the lane's name,
and watch/scenarios/*.toml."""

from __future__ import annotations

from hotwash import resources
from hotwash.errors import ScenarioError
from hotwash.model.scenario import Scenario, parse
from hotwash.model.words import suggest

FLIGHTS = (
    *("free-flight", "wing-flight", "bperp", "open-position", "open-traverse", "open-orbit", "open-spiral"),
    *("open-sustain", "basic-flight", "abnormal-fix-lost", "abnormal-link-lost", "abnormal-gust-landing"),
    *("abnormal-battery-low", "abnormal-spoofed-drift"),
)
WATCHES = ("watch-night", "watch-airport")
SHIPPED = (*FLIGHTS, *WATCHES)


def read_scenario(name: str) -> Scenario:
    """Return a shipped scenario.

    raises   ScenarioError when none has this name, with the nearest that there is
    """
    if name not in SHIPPED:
        raise ScenarioError(name, why=f"no scenario of that name is shipped; {suggest(name, SHIPPED)}")
    half = "watch" if name in WATCHES else "flight"
    return parse(resources.read(f"{half}/scenarios/{name}.toml").decode("utf-8"), name=f"{name}.toml")
