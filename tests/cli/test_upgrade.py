"""`hotwash upgrade`: what a person sees of it."""

from __future__ import annotations

NIGHTS = [
    ("E1", "aerodrome_closed", "2025-09-09T20:00Z"),
    ("E2", "aerodrome_reopened", "2025-09-09T22:00Z"),
    ("E3", "aerodrome_closed", "2025-09-10T01:00Z"),
    ("E4", "aerodrome_reopened", "2025-09-10T07:00Z"),
]


def test_it_says_what_it_took_from_the_rows_and_where_it_wrote(hotwash, write):
    events = [{"event_id": name, "kind": kind, "start_utc": when, "subject_id": "EPLB"} for name, kind, when in NIGHTS]
    source = write(sources=[{"reliability": "B"}], events=events)
    done = hotwash("upgrade", source, "--out", source.parent / "new")
    assert done.code == 0
    assert "EPLB was closed 2 times" in " ".join(done.out.split())
    assert "hotwash check" in done.out
    again = hotwash("upgrade", source, "--out", source.parent / "new")
    assert (again.code, "holds files already" in again.err) == (2, True)
