"""The account as one HTML file that needs nothing else: no network, no font, no script from elsewhere."""

from __future__ import annotations

from markupsafe import Markup

from hotwash.report import air_drawings, finds_map, page_templates, state_bars, timeline_svg, view
from hotwash.report.charts import draw_count, draw_tally, scale_end
from hotwash.report.links import safe_url
from hotwash.report.sections import sections_of
from hotwash.report.view import AccountView

WIDE, NARROW = 760.0, 360.0
LONG = 1000.0


def render(account: AccountView, *, prints_annex: bool = False) -> str:
    """Return the account as HTML.

    prints_annex   whether its print holds the evidence too; a reader may choose otherwise on the page

    Rendering is pure: the same incident and the same time give the same text.
    """
    incident, air = account.incident, account.air
    sections = sections_of(account)
    states = account.timeline.states
    return page_templates.fill_template(
        "account.html",
        title=account.title,
        kind="Account of an airspace incident",
        marks=account.marks,
        banners=account.banners,
        contents=[(section.section_id, section.link) for section in sections],
        js=page_templates.markup("account.js"),
        view=account,
        main_part=[section for section in sections if not section.is_annex],
        annex=[section for section in sections if section.is_annex],
        prints_annex=prints_annex,
        drawings=draw_account(account),
        urls={row["source_id"]: safe_url(row["url"]) for row in incident.bundle.recording.sources.to_dicts()},
        charts=air_drawings.charts(incident, air) if air.is_there else air_drawings.Charts(),
        finds_legend=finds_map.finds_legend(incident, has_tracks=bool(air.drawn), rings=account.rings),
        tracks_legend=air_drawings.tracks_legend(incident, air.drawn) if air.is_there else [],
        timeline_legend=[*state_bars.states_legend(states), *timeline_svg.timeline_legend()],
        patterns=state_bars.state_patterns() if states else Markup(""),
        range_note=view.RANGE_NOTE,
        total=sum(number for _, number in account.tally),
        unweighed=sum(len(item.question.statements) for item in account.answers)
        - sum(number for _, number in account.tally),
    )


def draw_account(account: AccountView) -> dict[str, Markup]:
    """Return every drawing of the page by name; those that a phone cannot show small, for a desk and for a phone."""
    incident, line, tracks = account.incident, account.timeline, account.air.drawn
    found = {"tally": draw_tally(account.tally, name="tally")}
    for size, width, long in (("wide", WIDE, LONG), ("narrow", NARROW, NARROW)):
        found[f"map_{size}"] = finds_map.draw_finds(incident, width=width, name=f"map-{size}", tracks=tracks)
        found[f"time_{size}"] = timeline_svg.draw_window(line, width=long, name=f"time-{size}")
        found[f"later_{size}"] = timeline_svg.draw_later(line, width=long, name=f"later-{size}")
    found["origins"] = finds_map.draw_origins(incident, width=WIDE, name="origins")
    if account.air.is_there:
        found |= air_drawings.maps(incident, account.air, wide=WIDE, narrow=NARROW)
    end = scale_end([count.span for count in account.counts])
    for count in account.counts:
        title = f"{count.title}: {count.said}. {count.interval} {count.moves}".strip()
        found[count.name] = draw_count(count.span, end=end, title=title, name=f"drawn-{count.name}")
    return found
