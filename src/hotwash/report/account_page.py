"""The account as one HTML file that needs nothing else: no network, no font, no script from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from hotwash import resources
from hotwash.model.incident import Incident
from hotwash.report import air_drawings, finds_map, timeline, timeline_svg, view
from hotwash.report.charts import draw_count, draw_tally, scale_end
from hotwash.report.page_table import anchor, safe_url
from hotwash.report.phrases import OBJECT_WORDS, VERDICT_GLYPHS, VERDICT_MEANINGS, VERDICT_WORDS, printable, shorten
from hotwash.report.statements import Library
from hotwash.report.svg import el

WIDE, NARROW = 760.0, 360.0
LONG = 1000.0


def render(incident: Incident, *, made_utc: datetime, removed: Sequence[str] = ()) -> str:
    """Return the account as HTML.

    made_utc   when it is made; printed
    removed    what redaction took out, a line each

    Rendering is pure: the same incident and the same time give the same text.
    """
    library = Library(incident)
    account = view.build_view(incident, made_utc=made_utc, removed=removed, library=library)
    template = _environment().get_template("page.html")
    is_air = account.air.is_there
    return template.render(
        account=account,
        drawings=_drawings(incident, account),
        library=library,
        urls={row["source_id"]: safe_url(row["url"]) for row in incident.bundle.recording.sources.to_dicts()},
        kinds=_kinds(incident),
        charts=air_drawings.charts(incident, account.air) if is_air else air_drawings.Charts(),
        track_keys=air_drawings.keys(incident, account.air.drawn) if is_air else [],
        has_sightings=incident.bundle.sightings.height > 0,
        has_origins=incident.bundle.origins.height > 0,
        range_note=view.RANGE_NOTE,
        total=sum(number for _, number in account.tally),
    )


def _drawings(incident: Incident, account: view.AccountView) -> dict[str, Markup]:
    """Return every drawing of the page by name; each of the large ones for a desk and for a phone."""
    line, drawn = timeline.build_timeline(incident), account.air.drawn
    end = scale_end([count.span for count in account.counts])
    found = {
        "map_wide": finds_map.draw_finds(incident, width=WIDE, name="map-wide", tracks=drawn),
        "map_narrow": finds_map.draw_finds(incident, width=NARROW, name="map-narrow", tracks=drawn),
        "origins_wide": finds_map.draw_origins(incident, width=LONG, name="origins-wide"),
        "origins_narrow": finds_map.draw_origins(incident, width=NARROW, name="origins-narrow"),
        "time_wide": timeline_svg.draw_window(line, width=LONG, name="time-wide"),
        "time_narrow": timeline_svg.draw_window(line, width=NARROW, name="time-narrow"),
        "later_wide": timeline_svg.draw_later(line, width=LONG, name="later-wide"),
        "later_narrow": timeline_svg.draw_later(line, width=NARROW, name="later-narrow"),
        "tally": draw_tally(account.tally, name="tally"),
    }
    if account.air.is_there:
        found |= air_drawings.maps(incident, account.air, wide=WIDE, narrow=NARROW)
    for count in account.counts:
        title = f"{count.title}: {count.said}. {count.interval} {count.moves}".strip()
        found[f"count_{count.unit}"] = draw_count(count.span, end=end, title=title, name=f"count-{count.unit}")
    return found


def _kinds(incident: Incident) -> list[tuple[str, Markup]]:
    """Return the map's key: each kind of find that is there, counted and not."""
    counted = finds_map.likely_airframes(incident)
    there = {(row["object_kind"], row["find_id"] in counted) for row in incident.bundle.finds.to_dicts()}
    return [
        (
            f"{OBJECT_WORDS[kind]}, {'likely an airframe of its own' if is_counted else 'not, or not likely'}",
            el(
                "svg",
                finds_map.find_glyph(kind, is_counted=is_counted),
                viewBox="-8 -8 16 16",
                class_="key",
                aria_hidden="true",
            ),
        )
        for kind in OBJECT_WORDS
        for is_counted in (True, False)
        if (kind, is_counted) in there
    ]


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    made.globals |= {
        "words": VERDICT_WORDS,
        "glyphs": VERDICT_GLYPHS,
        "meanings": VERDICT_MEANINGS,
        "anchor": anchor,
        "css": Markup(_template("page.css")),  # noqa: S704 - our own file
        "air_css": Markup(_template("air.css")),  # noqa: S704 - our own file
        "js": Markup(_template("page.js")),  # noqa: S704 - our own file
    }
    made.filters |= {"css_string": css_string, "cut": shorten}
    return made


def _template(name: str) -> str:
    return resources.read(f"report/templates/{name}").decode()


def _shown(value: object) -> object:
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def css_string(text: str) -> Markup:
    """Return text as a CSS string in which nothing but plain letters, digits and spaces stands unescaped."""
    flat = " ".join(printable(text).split())
    said = re.sub(r"[^A-Za-z0-9 ]", lambda found: f"\\{ord(found.group()):x} ", flat)
    return Markup(f'"{said}"')  # noqa: S704 - every letter that could end the string or the sheet is escaped
