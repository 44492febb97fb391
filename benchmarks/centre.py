"""Measure what a centre does all day, beside the bars it was built to.

uv run python benchmarks/centre.py [--part watch|lessons|skills] [--json]

watch     one simulated hour of a watch with 50 tracks against real time: watching.py
lessons   100,000 lessons: import of the exchange file, search, opening one: centre_lessons.py
skills    1,000,000 attempts to mastery; verify of 1,000 objectives on 100,000 attempts: centre_skills.py

No other program is known that does this work, so the ratios are to the bars.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import Any

PARTS = ("watch", "lessons", "skills")
# part, measure, what it is, bar, whether more is better
BARS = (
    ("watch", "times_real", "a watch, times real time, best", 500.0, True),
    ("watch", "times_real_median", "a watch, times real time, median", 500.0, True),
    ("lessons", "import_per_s", "lessons imported a second", 5000.0, True),
    ("lessons", "search_ms", "search, slowest of six kinds [ms]", 50.0, False),
    ("lessons", "open_worst_ms", "open a lesson, slowest [ms]", 10.0, False),
    ("skills", "mastery_s", "mastery of 1,000,000 attempts [s]", 10.0, False),
    ("skills", "verify_s", "verify, frames at hand [s]", 2.0, False),
    ("skills", "verify_from_store_s", "verify, read from the centre [s]", 2.0, False),
)


def _measured(part: str) -> dict[str, Any]:
    if part == "watch":
        import watching

        return watching.measured()
    if part == "lessons":
        import centre_lessons

        return centre_lessons.run()
    import centre_skills

    return centre_skills.measured()


def table(found: dict[str, dict[str, Any]], say: Callable[[str], None]) -> None:
    """Print each measure beside its bar; above 1 the bar is met."""
    say(f"{'what':36} {'measured':>12} {'bar':>10} {'ratio':>7}")
    for part, name, what, bar, is_more in BARS:
        if part in found:
            value = float(found[part][name])
            ratio = value / bar if is_more else bar / value
            say(f"{what:36} {value:12,.2f} {bar:10,.0f} {ratio:7.2f}")


def main() -> None:
    """Measure one part or all, and print them."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--part", choices=PARTS, action="append")
    asked.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    given = asked.parse_args()
    found = {part: _measured(part) for part in given.part or PARTS}
    if given.json:
        print(json.dumps(found))
    else:
        table(found, print)


if __name__ == "__main__":
    main()
