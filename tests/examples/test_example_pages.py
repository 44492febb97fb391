"""Each example becomes a page, with whatever its recording makes the sensors' health say."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

import hotwash
from hotwash.report import account_page
from hotwash.report.view import build_view

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.mark.parametrize("name", ["airport-2026", "closures-2026", "poland-2025"])
def test_the_page_of_an_example_is_drawn(name: str):
    incident = hotwash.reconstruct(hotwash.read_bundle(EXAMPLES / name))
    page = account_page.render(build_view(incident, made_utc=datetime(2026, 12, 1, tzinfo=UTC)))
    assert page.rstrip().endswith("</html>")
    spots = incident.remarks.filter(kind="hot_spot")
    assert all(radius_m >= 100.0 for radius_m in spots["radius_m"])
