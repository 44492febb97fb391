"""A lesson on one A4 page, as HTML: markings, text, actions, proof; nothing is loaded from the network."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from html import escape

from hotwash.lessons import process
from hotwash.model.lesson import Lesson
from hotwash.visible import make_visible

# Letters that fit the page at each size of type, measured with Chromium's printing; smaller cannot be read.
_SIZES = ((11.0, 1700), (10.0, 2300), (9.0, 3000), (8.0, 4100), (7.0, 5400))
_PARTS = ("observation", "discussion", "conclusion", "recommendation")
_LINE = 95  # letters: the space that a row of the table of actions takes, however short its text
_MOST_ROWS = 8

_STYLE = """
@page { size: A4; margin: 14mm 18mm }
html { font: %(size).1fpt/1.35 "Noto Sans", "DejaVu Sans", "Liberation Sans", Arial, sans-serif; color: #111 }
body { margin: 0 auto; max-width: 174mm }
.marking { text-align: center; font-weight: 700; letter-spacing: .06em; border: 1px solid #111; padding: .2em }
h1 { font-size: 1.45em; line-height: 1.2; margin: .6em 0 .3em } h2 { font-size: 1em; margin: .7em 0 .1em }
p { margin: 0; white-space: pre-line; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100%%; font-size: .9em; margin-top: .2em }
td, th { text-align: left; vertical-align: top; border-bottom: 1px solid #bbb; padding: .1em .5em .1em 0;
  overflow-wrap: anywhere }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .05em 1em; font-size: .9em; margin: .3em 0 }
dt { color: #555 } dd { margin: 0; overflow-wrap: anywhere } .warn { font-weight: 700 } footer { margin-top: .8em }
small { color: #555 }
"""


def _escape(text: str) -> str:
    return escape(make_visible(text))


def page(lesson: Lesson, *, now_utc: datetime) -> str:
    """Return a lesson as one HTML page that prints on one side of A4.

    now_utc   when it is printed

    The type becomes smaller as the text grows, down to 7 points. A longer text is cut, and the page says so: the full
    text is in the centre. The page shows the function that reported, never the reporter.
    """
    size, most = next(((size, most) for size, most in _SIZES if _letters(lesson) <= most), _SIZES[-1])
    marking = _escape(
        " · ".join(part for part in (lesson.classification, lesson.releasability) if part) or "NO MARKING"
    )
    body = "\n".join(_body(_cut(lesson, most), now_utc))
    return (
        f'<!doctype html>\n<html lang="{_escape(lesson.language or "en")}"><head><meta charset="utf-8">'
        f"<title>{_escape(lesson.title)}</title><style>{_STYLE % {'size': size}}</style></head><body>\n"
        f'<div class="marking">{marking}</div>\n{body}\n<div class="marking">{marking}</div>\n</body></html>\n'
    )


def _letters(lesson: Lesson) -> int:
    texts: int = sum(max(len(getattr(lesson, part)), _LINE * getattr(lesson, part).count("\n")) for part in _PARTS)
    rows = lesson.actions[:_MOST_ROWS]
    return texts + 2 * len(lesson.title) + sum(_LINE + len(row.text) + len(row.owner) for row in rows)


def _cut(lesson: Lesson, most: int) -> dict[str, str]:
    """Return the four texts, each with its share of the space."""
    rows = lesson.actions[:_MOST_ROWS]
    beside = 2 * min(len(lesson.title), 300) + sum(_LINE + min(len(row.text), 200) for row in rows)
    room = max(most - beside, 400)
    texts = {part: getattr(lesson, part) for part in _PARTS}
    letters = sum(map(len, texts.values()))
    if _letters(lesson) > most:
        share = min(1.0, room / max(letters, 1))
        texts = {part: _shortened(text, int(len(text) * share)) for part, text in texts.items()}
    actions = "\n".join(_action(row) for row in rows)
    more = len(lesson.actions) - len(rows)
    actions += f"<tr><td colspan=4>… and {more} more</td></tr>" if more else ""
    return texts | {"title": _shortened(lesson.title, 300), "actions": actions} | _facts(lesson)


def _shortened(text: str, letters: int) -> str:
    if len(text) <= letters:
        return text
    return f"{' '.join(text[:letters].split())} … [{len(text) - letters:,} more letters in the centre]"


def _action(row: object) -> str:
    cells = [getattr(row, "text", ""), getattr(row, "owner", ""), getattr(row, "due", None), getattr(row, "state", "")]
    texts = [_shortened(str(cell), 200) if cell else "–" for cell in cells]
    return "<tr>" + "".join(f"<td>{_escape(text)}</td>" for text in texts) + "</tr>"


def _facts(lesson: Lesson) -> dict[str, str]:
    """Return the short facts, as the rows of a list."""
    event = f"{lesson.event_utc:%Y-%m-%d %H:%M}Z" if lesson.event_utc else ""
    proof = [name for entry in lesson.history for name in entry.rests_on if entry.kind == "validate"]
    rows = {
        "Stage": process.STAGES[lesson.stage].label if lesson.stage in process.STAGES else lesson.stage,
        "Event": ", ".join(part for part in (lesson.event, event, lesson.place) if part),
        "Reported by": ", ".join(part for part in (lesson.originator, lesson.unit) if part),
        "Manager": lesson.manager,
        "Action body": lesson.action_body,
        "Evidence": "; ".join(one.ref for one in lesson.evidence),
        "Validated by": "; ".join(proof),
        "Keywords": ", ".join(lesson.keywords),
    }
    lines = (f"<dt>{name}</dt><dd>{_escape(_shortened(text, 220))}</dd>" for name, text in rows.items() if text)
    return {"facts": "".join(lines), "is_warned": "yes" if process.is_independent(lesson) is False else "",
            "lesson_id": lesson.lesson_id}  # fmt: skip


def _body(parts: dict[str, str], now_utc: datetime) -> Iterator[str]:
    yield f"<h1>{_escape(parts['title'])}</h1><dl>{parts['facts']}</dl>"
    if parts["is_warned"]:
        yield '<p class="warn">Validation: not independent. Nobody else in the centre could do it.</p>'
    for part in _PARTS:
        if parts[part]:
            yield f"<h2>{part.capitalize()}</h2><p>{_escape(parts[part])}</p>"
    if parts["actions"]:
        head = "<tr><th>Action</th><th>Owner</th><th>Due</th><th>State</th></tr>"
        yield f"<h2>Remedial actions</h2><table>{head}{parts['actions']}</table>"
    yield f"<footer><small>{_escape(parts['lesson_id'])} · printed {now_utc:%Y-%m-%d %H:%M}Z · hotwash</small></footer>"
