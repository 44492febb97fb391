"""Elements of a drawing as text. Everything that goes in is escaped here, and only here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from markupsafe import Markup, escape

from hotwash.visible import make_visible

NARROWEST = 0.36  # of the letters' height: what the narrowest letter takes
Attribute = str | float | int | None


def el(tag: str, *children: str | Markup, **attributes: Attribute) -> Markup:
    """Return one element; `_` in an attribute's name stands for `-`, one at its end is dropped, None leaves it out.

    children   text is escaped, Markup is kept
    """
    said = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(_attribute_text(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    inner = "".join(escape(child if isinstance(child, Markup) else make_visible(child)) for child in children)
    # Joined as plain text: every part was escaped just above, and Markup.format takes ten times as long.
    return Markup(f"<{tag}{said}>{inner}</{tag}>" if inner else f"<{tag}{said}/>")  # noqa: S704


def _attribute_text(value: str | float) -> str:
    return make_visible(value) if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


def drawing(
    children: Iterable[Markup],
    *,
    width: float,
    height: float,
    title: str,
    about: str,
    name: str,
    class_: str = "",
    has_links: bool = False,
) -> Markup:
    """Return a whole drawing with a title and a description for those who cannot see it.

    name        the stem of its ids, unique on the page
    has_links   whether something in it can be followed: then its parts are read out, not only its title
    """
    return el(
        "svg",
        el("title", title or "Drawing", id=f"{name}-title"),
        el("desc", about or title or "Drawing", id=f"{name}-desc"),
        *children,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_attribute_text(width)} {_attribute_text(height)}",
        class_=class_ or None,
        role="group" if has_links else "img",
        aria_labelledby=f"{name}-title {name}-desc",
    )


def text(x: float, y: float, said: str, class_: str = "", *, anchor: str = "start") -> Markup:
    """Return a line of text whose baseline starts, or ends, or is centred, at x, y."""
    return el("text", said, x=x, y=y, class_=class_ or None, text_anchor=None if anchor == "start" else anchor)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    return el("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def path(points: Sequence[tuple[float, float]], class_: str, *, closed: bool = False) -> Markup:
    """Return a path through points; fewer than two draw nothing."""
    if len(points) < 2:
        return Markup("")
    return el("path", d=track(points, closed=closed), class_=class_)


def track(points: Sequence[tuple[float, float]], *, closed: bool = False) -> str:
    """Return the `d` of a path through points, to a tenth, each relative to the one before: half as long as absolute.

    Points that fall together are left out, and so are the spaces that a sign or a point makes needless.
    """
    tenths = [(round(x * 10), round(y * 10)) for x, y in points]
    (x0, y0), steps = tenths[0], []
    for x, y in tenths[1:]:
        if (x, y) != (x0, y0):
            steps += [_short(x - x0), _short(y - y0)]
            x0, y0 = x, y
    begin = _joined([_short(tenths[0][0]), _short(tenths[0][1])])
    return f"M{begin}" + (f"l{_joined(steps or ['0', '0'])}" if len(tenths) > 1 else "") + ("Z" if closed else "")


def _short(tenths: int) -> str:
    """Return a number of tenths without needless zeros: 7 is ".7", -12 is "-1.2", 30 is "3"."""
    ones, rest = divmod(abs(tenths), 10)
    said = f"{ones or ''}{f'.{rest}' if rest else ''}" or "0"
    return f"-{said}" if tenths < 0 else said


def _joined(numbers: Sequence[str]) -> str:
    said = [numbers[0]]
    for before, number in pairwise(numbers):
        said.append(number if number[0] == "-" or (number[0] == "." and "." in before) else f" {number}")
    return "".join(said)


def legend_key(glyph: Markup) -> Markup:
    """Return a small drawing of one glyph, for a legend; the words beside it say what it is."""
    return el("svg", glyph, viewBox="-8 -8 16 16", class_="key", aria_hidden="true")


def width_of(said: str, size: float, *, bold: bool = False) -> float:
    """Return about how wide a text is drawn, a little too wide rather than too narrow.

    size   height of the letters' square, in the drawing's units

    Letters are sorted into narrow, wide and others; the shares hold for DejaVu Sans, the widest of the usual faces.
    """
    narrow, wide = "iljI.,:;'|()[] ", "mwMW@%–—…"
    ems = (
        NARROWEST if letter in narrow else 0.98 if letter in wide else 0.74 if letter.isupper() else 0.62
        for letter in said
    )
    return sum(ems) * size * (1.1 if bold else 1.0)
