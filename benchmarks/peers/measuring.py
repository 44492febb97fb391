"""What the peers' programs share: it runs in their interpreters, so it knows nothing of hotwash."""

import json
import time


def best_s(call, seconds):
    """Return the shortest time of one call, over so many seconds and at least three calls."""
    call()
    found, end, calls = float("inf"), time.perf_counter() + seconds, 0
    while calls < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        call()
        found, calls = min(found, time.perf_counter() - start), calls + 1
    return found


def say(what, worlds, per_s):
    """Print one row for the table: physics steps a second of so many worlds."""
    print(json.dumps({"what": what, "worlds": worlds, "per_s": per_s}), flush=True)
