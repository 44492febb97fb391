"""Measure whether outcome and decision score order the policies of a watch as docs/accuracy.md says an expert would.

    uv run python scripts/measure_watch_policies.py [--exercise watch-night] [--seeds 101:140] [--json FILE]

Prints the mean of each figure by policy, and each pair of the
expected order that the mean contradicts.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from hotwash.front.watches import load_watch, play_watch, score_watch, start_watch
from hotwash.score.watch import WatchScore
from hotwash.watch.policies.catalogue import watch_policy

POLICIES = ("rule-book", "cautious", "hasty", "alarmist", "random", "none")
FIGURES = {
    "border": ("seat_misses", "false_breaches"),
    "traffic": ("exposed_movements", "held_movements_not_needed"),
    "ground": ("warned_without_need",),  # nobody counts people in watch-night: km² min take their place
    "warning": ("median_first_detectable_to_warning",),  # and who was not warned in need is told by the time it took
}
# Of each figure, who is expected to come before whom: docs/accuracy.md, written before anything was measured.
EXPECTED = {
    "border": (
        *(("rule-book", other) for other in POLICIES[1:]), ("cautious", "hasty"), ("hasty", "alarmist"),
    ),
    "traffic": (("rule-book", "none"), ("rule-book", "cautious"), ("rule-book", "alarmist")),
    "ground": (("rule-book", "alarmist"),),
    "warning": (("rule-book", "none"),),
}  # fmt: skip
SIDES = {"outcome": "", "decision score": "_known"}


def figures(measured: WatchScore) -> dict[str, float]:
    """Return the figures of one watch, by side and name; what had no opportunity adds nothing."""
    return {
        f"{side}, {name}": sum(measured.value(f"{one}{suffix}") or 0.0 for one in measures)
        for side, suffix in SIDES.items()
        for name, measures in FIGURES.items()
    }


def measure(exercise: str, seeds: range) -> dict[str, dict[str, float]]:
    """Return the mean of each figure over the seeds, by policy."""
    scenario, _ = load_watch(exercise)
    played = start_watch(scenario)  # a seed is staged and tracked once, for all policies
    found: dict[str, list[dict[str, float]]] = {policy: [] for policy in POLICIES}
    for seed in seeds:
        for policy in POLICIES:
            play_watch(played, watch_policy(policy, scenario), seed=seed)
            found[policy].append(figures(score_watch(played, policy).measured))
        print(f"seed {seed}", flush=True)
    return {
        policy: {name: sum(one[name] for one in some) / len(some) for name in some[0]} for policy, some in found.items()
    }


def main() -> None:
    """Measure, and print the table."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--exercise", default="watch-night")
    reader.add_argument("--seeds", default="101:140", metavar="A:B")
    reader.add_argument("--json", type=Path, metavar="FILE")
    given = reader.parse_args()
    first, last = map(int, given.seeds.split(":"))
    means = measure(given.exercise, range(first, last + 1))
    for name in next(iter(means.values())):
        side, figure = name.split(", ")
        ordered = sorted(POLICIES, key=lambda policy: means[policy][name])
        print(f"| {figure} | {side} | {', '.join(f'{one} {means[one][name]:,.1f}' for one in ordered)} |")
        for before, after in EXPECTED[figure]:
            if not means[before][name] < means[after][name]:
                print(f"    NOT AS EXPECTED: {before} before {after}")
    if given.json:
        given.json.write_text(json.dumps(means, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
