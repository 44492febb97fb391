"""Write docs/reference/process.md and docs/images/process.svg from the one table of the lessons process.

    python scripts/draw_process.py

A test compares the committed files with what this writes, so a move without its place in both fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from hotwash.lessons import process

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE = DOCS / "reference" / "process.md"
PICTURE = DOCS / "images" / "process.svg"

# Where each stage stands: column and row. The way to a lesson learned goes down the middle.
PLACES = {
    "submitted": (1, 0), "rejected": (0, 0), "observation": (1, 1), "noted": (0, 1), "best_practice": (2, 1),
    "draft": (1, 2), "not_endorsed": (0, 2), "dead_end": (2, 3), "endorsed": (1, 3), "tasked": (1, 4),
    "returned": (0, 4), "implemented": (1, 5), "validated": (1, 6), "reopened": (2, 6), "learned": (1, 7),
    "cancelled": (0, 6), "superseded": (0, 7),
}  # fmt: skip
WIDE, HIGH, ACROSS, DOWN, EDGE = 190, 34, 270, 78, 16
APART = 5  # two arrows that go back and forth lie so far to the side of their middle


def centre(stage: str) -> tuple[float, float]:
    column, row = PLACES[stage]
    return EDGE + WIDE / 2 + column * ACROSS, EDGE + HIGH / 2 + row * DOWN


def border(of: str, to: str) -> tuple[float, float]:
    """Return where the straight way from one stage's middle to another's leaves its box."""
    (x0, y0), (x1, y1) = centre(of), centre(to)
    dx, dy = x1 - x0, y1 - y0
    share = min(WIDE / 2 / abs(dx) if dx else 9.0, HIGH / 2 / abs(dy) if dy else 9.0)
    return x0 + dx * share, y0 + dy * share


def arrow(of: str, to: str, kind: str) -> Iterator[str]:
    (x0, y0), (x1, y1) = border(of, to), border(to, of)
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
    aside = APART if any(to in step.before and step.after == of for step in process.STEPS) else 0
    sx, sy = -(y1 - y0) / length * aside, (x1 - x0) / length * aside
    yield f'<path d="M{x0 + sx:.1f} {y0 + sy:.1f}L{x1 + sx:.1f} {y1 + sy:.1f}" marker-end="url(#to)"/>'
    at = 0.5 if abs(x1 - x0) < ACROSS else 0.62
    x, y = x0 + (x1 - x0) * at + 2 * sx, y0 + (y1 - y0) * at + 2 * sy - (4 if abs(x1 - x0) > 1 else -4)
    anchor, x = ("start", x + 6) if abs(x1 - x0) < 1 else ("middle", x)
    yield f'<text class="move" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{kind}</text>'


def arrows() -> Iterator[tuple[str, str, str]]:
    """Yield each move that is drawn: from, to, name. Those that lead from anywhere are told in words."""
    for step in process.STEPS:
        if step.after and not process.STAGES[step.after].is_end:
            yield from ((of, step.after, step.kind) for of in step.before if of)


def drawing() -> str:
    """Return the picture as SVG, readable on a light and on a dark page."""
    width, height = 2 * EDGE + WIDE + 2 * ACROSS, 2 * EDGE + HIGH + 7 * DOWN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"',
        ' font-family="sans-serif" font-size="13">',
        "<style>rect{fill:#fff;stroke:#455a64}.end rect{stroke-dasharray:4 3}.goal rect{stroke-width:3}"
        "path{stroke:#455a64;fill:none}.move{font-size:11px;fill:#37474f}</style>",
        '<defs><marker id="to" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto">'
        '<path d="M0 0L8 4L0 8z" style="fill:#455a64;stroke:none"/></marker></defs>',
        f'<rect width="{width}" height="{height}" style="stroke:none"/>',
    ]
    for name, stage in process.STAGES.items():
        x, y = centre(name)
        kind = "end" if stage.is_end else "goal" if name == "learned" else "stage"
        box = f'<rect x="{x - WIDE / 2}" y="{y - HIGH / 2}" width="{WIDE}" height="{HIGH}" rx="5"/>'
        label = f'<text x="{x}" y="{y + 4.5}" text-anchor="middle">{escape(stage.label)}</text>'
        parts.append(f'<g class="{kind}">{box}{label}</g>')
    for of, to, kind in arrows():
        parts += arrow(of, to, kind)
    x, y = centre("cancelled")
    parts.append(
        f'<text class="move" x="{x}" y="{y - 26}" text-anchor="middle">from any stage: cancel, supersede</text>'
    )
    return "\n".join([*parts, "</svg>"]) + "\n"


def names(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def came_from(step: process.Step) -> str:
    living = {name for name, stage in process.STAGES.items() if not stage.is_end}
    if set(step.before) == living:
        return "any that is not an end"
    if set(step.before) == living - {"submitted"}:
        return "any but `submitted` that is not an end"
    return "any" if set(step.before) == set(process.STAGES) else names(tuple(one for one in step.before if one)) or "–"


def page() -> str:
    """Return docs/reference/process.md."""
    lines = [
        "# The lessons process",
        "",
        "<!-- Written by scripts/draw_process.py from the code; change the code and run it again. -->",
        "",
        "A lesson goes from stage to stage by the moves below and by no other. Each move is an entry of its history:",
        "who, when, in which role, why, and what it rests on. `hotwash lessons move` makes one.",
        "",
        "![Stages and moves](../images/process.svg)",
        "",
        "## Stages",
        "",
        "| stage | shown as | what it means |",
        "| --- | --- | --- |",
        *(f"| `{one.name}` | {one.label} | {one.meaning} |" for one in process.STAGES.values()),
        "",
        "## Moves",
        "",
        "| move | from | to | by | what it does | what must be there |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for step in process.STEPS:
        after = f"`{step.after}`" if step.after else "the same"
        needs = "; ".join(process.NEEDS[need][0] for need in step.needs)
        lines.append(
            f"| `{step.kind}` | {came_from(step)} | {after} | {names(step.roles)} | {step.meaning} | {needs} |"
        )
    lines += [
        "",
        "Once a lesson is endorsed, its title and its four texts stay as they are: a new lesson supersedes it. A move",
        "needs a reason and a person. Who reported stands in the history as `originator`; who that is, is kept apart.",
        "",
        "## Roles",
        "",
        "| role | who |",
        "| --- | --- |",
        *(f"| `{name}` | {meaning} |" for name, meaning in process.ROLES.items()),
        "",
        "The validator is neither the originator nor anybody who owns an action, owned one once, or reported actions",
        "done. A centre is too small for that when everybody in its list of people is one of them; only then is such a",
        "person let through, and the history, the command and the printed page say **not independent**.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    PICTURE.write_text(drawing(), encoding="utf-8")
    print(f"{PAGE.name}, {PICTURE.name}: {len(process.STEPS)} moves")
