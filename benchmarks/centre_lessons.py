"""Measure a centre with many lessons: import of the exchange file, search, opening one, audit, doctor.

    python benchmarks/centre_lessons.py [--lessons 100000] [--json]

Lessons are made from a fixed seed: three alphabets, a vocabulary in which words are as unequal as in real text (Zipf),
190 words each, histories of two to four entries. Each search is asked once before the clock runs, then 20 times; the
median and the worst are told. Import is from a file on disk into an empty centre: read, looked through from end to
end, kept and indexed. "cpu" is what the processor worked, which other programs on the machine do not change much.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from hotwash.export import lessons_file as written
from hotwash.lessons import exchange, process
from hotwash.model.lesson import Evidence, Lesson, RemedialAction
from hotwash.store import audit, doctor, lessons, search
from hotwash.store import centre as centres
from hotwash.store.search import SearchQuery
from hotwash.work import lessons as work

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATIN = "ra dar wo ta mi on ze ten dro ne run way la su bel go per fi ro ka lo łó śći żą ręk dź nia czy ow skie"
CYRILLIC = "по пе ред жен ня ї ґр унт єв ро па ів"
STAGES = ("submit", "accept", "draft", "edit")
AGAIN = 20
BARS = {"search_ms": 50.0, "open_ms": 10.0, "import_per_s": 5000.0}


def vocabulary(rng: np.random.Generator, size: int = 20_000) -> list[str]:
    """Return made-up words of two to four syllables, of one script each."""
    latin, cyrillic = LATIN.split(), CYRILLIC.split()
    some = [(cyrillic if rng.random() < 0.3 else latin) for _ in range(size)]
    return ["".join(rng.choice(letters, rng.integers(2, 5))) for letters in some]


def made(rng: np.random.Generator, words: list[str], count: int) -> Lesson:
    """Return one lesson, two to four moves on."""
    draws = np.minimum(rng.zipf(1.15, 190), len(words)) - 1
    text = [words[at] for at in draws]
    event = NOON - timedelta(hours=int(rng.integers(0, 60_000)))
    sides: list[dict[str, Any]] = [
        {
            "title": " ".join(text[:8]), "observation": " ".join(text[8:70]), "event_utc": event, "place": text[0],
            "lat_deg": float(rng.uniform(49, 55)), "lon_deg": float(rng.uniform(14, 24)), "keywords": text[1:4],
        },
        {},
        {"evidence": [Evidence("finding", f"findings:F-{count}")]},
        {
            "discussion": " ".join(text[70:130]), "conclusion": " ".join(text[130:160]),
            "recommendation": " ".join(text[160:]), "action_body": f"Branch {count % 40}",
            "actions": [RemedialAction("1", text[5], owner=f"Branch {count % 40}", due=date(2026, 5, 1))],
        },
    ]  # fmt: skip
    lesson = process.new_lesson(f"L-{count:06d}")
    for kind, changes in zip(STAGES[: 2 + count % 3], sides, strict=False):
        role = "originator" if kind == "submit" else "lessons_manager"
        lesson = process.take_step(lesson, kind, by="P-1", role=role, why="made", when_utc=NOON, changes=changes)
    return lesson


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def asked(words: list[str]) -> dict[str, SearchQuery]:
    """Return the searches that are timed: from a rare word to the one that nearly every lesson holds."""
    return {
        "a rare word": SearchQuery(words[9_000]),
        "two usual words": SearchQuery(f"{words[60]} {words[90]}"),
        "the most frequent word": SearchQuery(words[0]),
        "a beginning": SearchQuery(f"{words[40][:4]}*"),
        "words, place, time and owner": SearchQuery(
            words[30], near=(52.0, 20.0, 100.0), from_utc=NOON - timedelta(days=900), owner="Branch 7", is_to_act=True
        ),
        "place and time alone": SearchQuery(near=(52.0, 20.0, 30.0), from_utc=NOON - timedelta(days=365)),
    }


def measure(count: int, folder: Path) -> dict[str, Any]:
    """Return what a centre of so many lessons costs."""
    rng = np.random.default_rng(20260301)
    words = vocabulary(rng)
    items = [exchange.lesson_item(made(rng, words, number)) for number in range(count)]
    file = written.write_json(
        folder / "lessons.json", exchange.document(items, centre_id="C-1", centre="Bench", made_utc=NOON, made_by="0")
    )
    del items
    with centres.create(folder / "centre", name="Bench", now_utc=NOON) as centre:
        began = time.process_time()
        import_s, _ = timed(lambda: work.import_(centre, file, now_utc=NOON))
        cpu_s = time.process_time() - began
        searches = {}
        for name, one in asked(words).items():
            search.search(centre, one)
            took = [timed(lambda one=one: search.search(centre, one))[0] * 1e3 for _ in range(AGAIN)]
            searches[name] = {"median_ms": round(statistics.median(took), 2), "worst_ms": round(max(took), 2)}
        ids = [f"L-{at:06d}" for at in rng.integers(0, count, 200)]
        opened = [timed(lambda one=one: lessons.get_lesson(centre, one))[0] * 1e3 for one in ids]
        due_s, _ = timed(lambda: lessons.due(centre, today=date(2026, 5, 20), owner="Branch 7"))
        audit_s, audited = timed(lambda: audit.audit(centre))
        doctor_s, findings = timed(lambda: doctor.examine(centre))
        size = (folder / "centre" / "centre.db").stat().st_size
    return {
        "lessons": count,
        "entries": audited.entries,
        "file_mb": round(file.stat().st_size / 1e6, 1),
        "database_mb": round(size / 1e6, 1),
        "import_s": round(import_s, 2),
        "import_per_s": round(count / import_s),
        "import_per_cpu_s": round(count / cpu_s),
        "searches": searches,
        "search_ms": max(one["worst_ms"] for one in searches.values()),
        "open_ms": round(statistics.median(opened), 2),
        "open_worst_ms": round(max(opened), 2),
        "due_ms": round(due_s * 1e3, 2),
        "audit_s": round(audit_s, 2),
        "doctor_s": round(doctor_s, 2),
        "findings": len(findings) + len(audited.faults),
    }


def run(count: int = 100_000) -> dict[str, Any]:
    """Return the part `lessons` of the benchmark of a centre."""
    with tempfile.TemporaryDirectory() as folder:
        return measure(count, Path(folder))


if __name__ == "__main__":
    reader = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    reader.add_argument("--lessons", type=int, default=100_000)
    reader.add_argument("--json", action="store_true")
    given = reader.parse_args()
    told = run(given.lessons)
    if given.json:
        print(json.dumps(told, indent=1))
    else:
        for name, value in told.items():
            print(f"{name:14} {value}")
