"""Measure an account: how long weighing takes, how much memory, how fast the program starts, how big it is.

    uv run python benchmarks/account.py            everything but the cold start
    uv run python benchmarks/account.py --cold     also a cold `uv run hotwash demo` from an empty cache (network)

Method. The bundles are made up in memory from a fixed seed (benchmarks/bundles.py): 10,000 claims of every kind of
question by 300 speakers in 400 sources, 2,000 finds told by some 600 distinct lines, 50 origins, 400 events. Reading is
not measured. Each bundle is weighed in a process of its own, so that its peak of memory (ru_maxrss) is its own and
holds the interpreter, the libraries and the bundle as well; the parts are timed in a second pass. Commands
are timed from outside, as the median of five runs. Sizes are what importlib.metadata lists of each installed package.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bundles import MIX, many, month
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
RUNS = 5
CASES = {
    "mix": "every kind of question",
    "worst": "every count has a speaker of its own who also reported finds",
    "month": "1,000 claims, 300 events of 40 occasions",
}


def peak_mb() -> float:
    """Return the greatest resident memory of this process so far; Linux tells it in kilobytes, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def weigh_one(case: str) -> dict[str, Any]:
    """Weigh one bundle in this process: whole first, then part by part."""
    from hotwash.claims import across, bounds, contrast, counting, durations, evidence, ranges, weigh
    from hotwash.course.remarks import survey_bundle
    from hotwash.incident.cut_at_date import cut_at_date
    from hotwash.incident.places import placings
    from hotwash.incident.reconstruct import reconstruct
    from hotwash.ingest import aerodromes, zones

    area, fields = zones.collect_zones(("PL-land",), own=None), aerodromes.aerodrome_table(())
    laid = month() if case == "month" else many(is_worst=case == "worst")
    before = peak_mb()
    start = time.perf_counter()
    incident = reconstruct(laid, zones=area, aerodromes=fields)
    whole_s, peak = time.perf_counter() - start, peak_mb()
    parts: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        found = work()
        parts[name] = time.perf_counter() - began
        return found

    cut = timed("what was known", lambda: cut_at_date(laid, None))[0]
    course = timed("course of events, remarks", lambda: survey_bundle(cut))[0]
    known = course.evidence
    events, sources = known.recording.events, known.recording.sources
    facts = list(events.iter_rows(named=True))
    zone = ZoneInfo(known.brief.zone)
    reach = timed("origins × finds", lambda: ranges.measure_reach(known.origins, known.finds, known.assumptions))
    spans = timed(
        "durations", lambda: durations.durations(known.brief.intervals, facts, sources, turns=course.turns, zone=zone)
    )
    claims = timed("bounds of claims", lambda: bounds.bound_claims(known))
    held = timed(
        "evidence and lines",
        lambda: evidence.Evidence(known, reach, spans, turns=course.turns, stretches=course.stretches, claims=claims),
    )
    timed("findings", lambda: weigh.findings(claims, held))
    timed("contradictions", lambda: (contrast.contradictions(claims), across.contradictions_across(claims, known)))
    timed("beliefs", lambda: contrast.beliefs(claims))
    timed("counts", lambda: counting.counts(known, claims))
    timed("range tables", lambda: (ranges.range_rows(reach), ranges.reach_rows(reach, claims.filter(kind="range"))))
    timed("places against the border", lambda: placings(known.finds, area))
    verdicts = dict(incident.findings.group_by("verdict").len().sort("verdict").rows())
    return {
        "whole_s": whole_s,
        "before_mb": before,
        "peak_mb": peak,
        "parts": parts,
        "verdicts": verdicts,
        "contradictions": incident.contradictions.height,
        "distinct lines": len(held.assessed_finds.lines.lines),
    }


def weighed(case: str) -> dict[str, Any]:
    """Weigh one bundle in a process of its own."""
    asked = [sys.executable, str(Path(__file__).resolve()), "--weigh", case]
    found: dict[str, Any] = json.loads(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)
    return found


def median_s(command: list[str], prepare: Callable[[], list[str]] = list) -> float:
    """Return the median time of five runs of a command; `prepare` gives more arguments for each run."""
    times = []
    for _ in range(RUNS):
        asked = [*command, *prepare()]
        start = time.perf_counter()
        subprocess.run(asked, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def base_packages() -> Iterator[tuple[str, str, int]]:
    """Yield name, version and bytes of hotwash and of everything that its base installation brings."""
    waiting, met = ["hotwash"], set()
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in met:
            continue
        met.add(name)
        try:
            package = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # a dependency of other systems only
        files = [Path(str(package.locate_file(file))) for file in package.files or ()]
        size = sum(file.stat().st_size for file in files if file.is_file() and "__pycache__" not in file.parts)
        if name == "hotwash":  # an editable installation lists none of the package's own files
            size = sum(
                file.stat().st_size for file in (ROOT / "src").rglob("*") if file.is_file() and file.suffix != ".pyc"
            )
        yield name, package.version, size
        needs = [Requirement(need) for need in package.requires or ()]
        waiting += [need.name for need in needs if need.marker is None or need.marker.evaluate({"extra": ""})]


def cold_s() -> tuple[float, float]:
    """Return the time of `uv run hotwash demo` in a fresh clone with an empty cache, and of a second one."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "hotwash"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        left = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
        settings = {**left, "UV_CACHE_DIR": str(Path(folder) / "cache")}
        times = []
        for run in ("first", "second"):
            asked = ["uv", "run", "hotwash", "demo", "--out", str(Path(folder) / run)]
            start = time.perf_counter()
            subprocess.run(asked, check=True, capture_output=True, cwd=clone, env=settings)
            times.append(time.perf_counter() - start)
        return times[0], times[1]


def table(heading: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Print a Markdown table."""
    widths = [max(len(row[k]) for row in (heading, *rows)) for k in range(len(heading))]
    for row in (heading, tuple("-" * width for width in widths), *rows):
        print(f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |")
    print()


def main() -> None:
    print((__doc__ or "").partition("Method. ")[2])
    print("Claims in a hundred:", ", ".join(f"{share} {what}" for what, share in MIX.items()), "\n")
    found = {case: weighed(case) for case in CASES}
    rows = [("the whole account", *(f"{found[case]['whole_s']:.2f} s" for case in CASES))]
    rows += [(part, *(f"{found[case]['parts'][part]:.2f} s" for case in CASES)) for part in found["mix"]["parts"]]
    rows += [("memory before", *(f"{found[case]['before_mb']:.0f} MB" for case in CASES))]
    rows += [("memory at its peak", *(f"{found[case]['peak_mb']:.0f} MB" for case in CASES))]
    rows += [("distinct lines of finds", *(f"{found[case]['distinct lines']:,}" for case in CASES))]
    rows += [("contradictions listed", *(f"{found[case]['contradictions']:,}" for case in CASES))]
    for verdict in ("supported", "contradicted", "uncorroborated", "compatible", "not_testable", "not_weighed"):
        rows.append((verdict, *(f"{found[case]['verdicts'].get(verdict, 0):,}" for case in CASES)))
    table(("weighing", *CASES.values()), rows)

    program = shutil.which("hotwash", path=str(Path(sys.executable).parent)) or "hotwash"
    with tempfile.TemporaryDirectory() as folder:
        fresh = iter(range(RUNS))
        demo = median_s([program, "demo"], lambda: ["--out", str(Path(folder) / f"night-{next(fresh)}")])
    commands = [
        ("hotwash --help", f"{median_s([program, '--help']):.2f} s"),
        ("hotwash demo (a night weighed, flights flown, watches scored, lessons proved)", f"{demo:.2f} s"),
    ]
    if "--cold" in sys.argv:
        first, second = cold_s()
        commands += [("uv run hotwash demo, empty cache", f"{first:.1f} s"), ("… and again", f"{second:.1f} s")]
    table(("command", "median of five"), commands)

    sizes = sorted(base_packages(), key=lambda row: -row[2])
    shown = [(name, version, f"{size / 1e6:.1f} MB") for name, version, size in sizes]
    table(("package", "version", "installed"), [*shown, ("all", "", f"{sum(row[2] for row in sizes) / 1e6:.1f} MB")])


if __name__ == "__main__":
    if "--weigh" in sys.argv:
        print(json.dumps(weigh_one(sys.argv[-1])))
    else:
        main()
