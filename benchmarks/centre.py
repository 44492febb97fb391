"""Measure what a centre does all day, a part at a time.

uv run python benchmarks/centre.py --part watch      one simulated hour of a watch against real time: watching.py
"""

from __future__ import annotations

import argparse
import json


def main() -> None:
    """Measure one part and print it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--part", choices=["watch"], default="watch")
    asked.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    given = asked.parse_args()
    import watching

    found = watching.measured()
    if given.json:
        print(json.dumps(found))
    else:
        watching.tell(found)


if __name__ == "__main__":
    main()
