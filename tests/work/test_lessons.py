"""A centre with many lessons, small: what the benchmark measures holds together."""

from __future__ import annotations

import by_path


def test_a_centre_of_many_lessons_is_sound_and_its_searches_find():
    told = by_path.loaded(by_path.ROOT / "benchmarks" / "centre_lessons.py").run(60)
    assert (told["lessons"], told["entries"], told["findings"]) == (60, 180, 0)
    assert set(told["searches"]) >= {"a rare word", "the most frequent word"}
