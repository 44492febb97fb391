"""Values that came through the front show themselves in a notebook: escaped, and without a script."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree

import polars as pl
import pytest
from flown_scenarios import scenario
from recordings import crossing, radars

import hotwash
from hotwash.front.centres import VerificationResult
from hotwash.model.incident import Incident
from hotwash.model.proof import Proof

PROOF = Proof(
    "warned", "L-1", "Warned <in time>", "1", "procedure", "exercise", "watch-night", "1", "points", "points", "HOLDS",
    6, 6, 0.83, 0.8, 6, "all <b>of</b> them",
)  # fmt: skip


@pytest.fixture(scope="module")
def incident() -> Incident:
    return hotwash.reconstruct(hotwash.read_bundle("poland-2025"))


def shown(value: object) -> str:
    """Return what a notebook shows of a value, once it is found to be well-formed and without a script."""
    html: str = value._repr_html_()  # type: ignore[attr-defined]
    assert {one.tag for one in ElementTree.fromstring(html).iter()} <= {
        *("div", "h3", "p", "strong", "img", "table", "caption", "thead", "tbody", "tr", "th", "td")
    }
    return html


def test_an_incident_shows_its_headline_counts_and_map(incident: Incident):
    html = incident._repr_html_()
    for text in ("Drones over Poland, night of 9-10 September 2025", "Contradicted", 'class="map"'):
        assert text in html


def test_what_somebody_wrote_is_never_taken_for_a_tag(incident: Incident):
    brief = replace(incident.bundle.brief, title="<script>alert(1)</script>")
    html = replace(incident, bundle=replace(incident.bundle, brief=brief))._repr_html_()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script" not in html


def test_a_recording_shows_its_sensors_and_detections():
    html = hotwash.Recording(detections=crossing(scans=5), sensors=radars(1))._repr_html_()
    assert "Detections over time" in html
    assert "truth" not in html


def test_a_flight_and_its_score_show_the_tasks_and_the_path():
    flight = hotwash.fly(scenario(pass_points=3.0), seed=1)
    html = shown(flight)
    assert "by autopilot, seed 1." in html
    assert "3 of 3 points" in html
    assert 'src="data:image/svg+xml;base64,' in shown(flight.measured)


def test_proofs_show_what_holds_and_why():
    for value in (PROOF, VerificationResult((PROOF,), datetime(2026, 5, 1, tzinfo=UTC))):
        html = value._repr_html_()
        assert "HOLDS" in html
        assert "all &lt;b&gt;of&lt;/b&gt; them" in html


def test_tracks_and_breaches_show_their_numbers():
    tracked = hotwash.track_detections(crossing(scans=40), radars(1))
    assert f"76 detections gave {tracked.tracks['track_id'].n_unique()} tracks" in shown(tracked)
    assert "<td>crossings</td>" in shown(hotwash.find_breaches(tracked.tracks, "PL-land"))
    assert "GOSPA" in shown(hotwash.evaluate_tracks(tracked.tracks, truth_of(tracked.tracks)))


def truth_of(tracks: pl.DataFrame) -> pl.DataFrame:
    return tracks.select("time_utc", pl.col("track_id").cast(pl.String).alias("object_id"), "lat_deg", "lon_deg")


def test_without_the_front_a_value_is_shown_as_plain_text():
    asked = "from hotwash.model.recording import Recording; print(Recording()._repr_html_())"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert said == "None\n"


def test_a_value_at_a_prompt_takes_a_line_or_two(incident: Incident):
    """A flight filled 47,000 characters."""
    for value in (incident, incident.bundle.recording, hotwash.fly(scenario(), seed=1)):
        assert 20 < len(repr(value)) < 2_000
